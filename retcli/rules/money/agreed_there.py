"""Who agreed to a refund on the platform that nobody here had agreed to, by the platform's own list."""

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """Whose agreement it was."""

    PERSON = "person"
    PLATFORM = "platform"
    AT_ONCE = "at_once"
    TIME_OUT = "time_out"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AgreedThere:
    """Whose agreement it was, with the shop's operator on the platform where it was a person's."""

    by: By
    operator: str = ""


def agreed_there(
    *, way: str, reviewed_by: str, refunded_by: str, at_once: str, stepped_in: bool, against: str = ""
) -> AgreedThere:
    """Who agreed, by the fields of a platform's list. `way` is how it refunded (``timeout``, ``system``), `at_once`
    says whether it answered at once (``yes``), `stepped_in` whether it intervened; `against` is our own decision
    against it (``rejected``, ``withdrawn``, empty for none). UNKNOWN where nothing tells.
    """
    # An answer at once (极速退款) may name an operator of the shop as well, though nobody there decided; and what was
    # turned down here was agreed to by nobody of ours, whoever is named.
    if at_once == "yes":
        return AgreedThere(By.AT_ONCE)
    if stepped_in:
        return AgreedThere(By.PLATFORM)
    if against:
        return AgreedThere(By.REFUSED if against == "rejected" else By.WITHDRAWN)
    if operator := reviewed_by or refunded_by:
        return AgreedThere(By.PERSON, operator)
    # ``system`` is what platforms write when they refund by themselves; a time-out may hide in it
    return AgreedThere({"timeout": By.TIME_OUT, "system": By.PLATFORM}.get(way, By.UNKNOWN))
