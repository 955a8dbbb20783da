"""The shop's warranty on a product."""

from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from retcli.rules.zone import SHANGHAI


def warranty_ends(signed_at: datetime, months: int) -> datetime:
    """The exclusive end of a warranty in UTC: 24:00 in Shanghai of the day that has the signature day's number `months`
    later, or of that month's last day (民法典 §202; `docs/rules.md` §1.3, §7).
    """
    day = signed_at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + relativedelta(months=months) + timedelta(days=1)).astimezone(UTC)
