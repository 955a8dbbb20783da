"""The time zone of the shop, in which its days begin and end."""

from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China's one zone, +08:00 without summer time since 1991 (`docs/rules.md` §7). A fixed zone needs no time zone
database, which Windows lacks.
"""


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
