"""Who agreed to a refund on the platform that nobody had agreed to here."""

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """Whose agreement it was."""

    PERSON = "person"
    PLATFORM = "platform"
    TIME_OUT = "time_out"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AgreedThere:
    """Whose agreement it was, with the shop's operator there where it was a person's."""

    by: By
    operator: str = ""


def agreed_there(
    *, way: str, reviewed_by: str, refunded_by: str, at_once: str, stepped_in: bool, against: str = ""
) -> AgreedThere:
    """Who agreed, by the platform's list: the platform where it answered at once or stepped in, else nobody of ours
    where it had been turned down here (`against`: ``rejected``, ``withdrawn``), else the operator of the shop that it
    names, else its deadline where it names that, the platform where it refunded by itself (which may be a time-out
    too), else nobody knows.
    """
    if at_once == "yes" or stepped_in:
        return AgreedThere(By.PLATFORM)
    if against:
        return AgreedThere(By.REFUSED if against == "rejected" else By.WITHDRAWN)
    if operator := reviewed_by or refunded_by:
        return AgreedThere(By.PERSON, operator)
    return AgreedThere({"timeout": By.TIME_OUT, "system": By.PLATFORM}.get(way, By.UNKNOWN))
