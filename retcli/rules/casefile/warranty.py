"""The shop's warranty on a product."""

from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from retcli.rules.zone import SHANGHAI


def warranty_ends(signed_at: datetime, months: int) -> datetime:
    """The exclusive end of a warranty in UTC: so many months from the day of signature in Shanghai, that day's number
    again or the month's last, 24:00 (`docs/rules.md` §1.3, §7).
    """
    day = signed_at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + relativedelta(months=months) + timedelta(days=1)).astimezone(UTC)
