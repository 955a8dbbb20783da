"""Where the shop lives."""

from datetime import timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China's one zone: +08:00 without summer time since 1991 (`docs/rules.md` §7)."""
