"""Takes back what was done with the pieces of a parcel: counted, graded, held, graded anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse.pieces import contents, stock
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Inspection, Parcel
from retcli.models.acts import Act
from retcli.rules.lifecycles import PARCEL, Bucket, Grade, ParcelState
from retcli.rules.warehouse.causes import Cause
from retcli.shop import Shop
from retcli.views.warehouse.undone_scans import HELD, UndonePieces

STEPS = ("count", "grade", "take_back_grade")
"""Actions of the events that tell what was done with pieces."""
Step = Mapping[str, Any]


def steps_of(events: Sequence[Mapping[str, Any]], parcel: str) -> list[Step]:
    """What some events say was done with the pieces of a parcel, in its order."""
    mine = (event for event in events if event["subject"] == parcel and event["action"] in STEPS)
    return [{"action": event["action"], **event["payload"]} for event in mine]


def pieces_of(act: Act) -> dict[str, int]:
    """The pieces by product that an act was about; empty where it was about none."""
    pieces: dict[str, int] = {}
    for step in acts.what(act).get("steps", ()):
        if step["action"] != "take_back_grade":
            pieces[step["sku"]] = max(pieces.get(step["sku"], 0), step["pieces"])
    return pieces


def taken_of(act: Act) -> tuple[UndonePieces, ...]:
    """The pieces that an act was about, by product and grade, as they are told of when it is taken back."""
    did = acts.what(act)
    if act.kind == "serial":
        return (UndonePieces(did["sku"], 1, serial=did["now"]),)
    steps = did.get("steps", ())
    before = {step["sku"]: str(step["grade"]) for step in steps if step["action"] == "take_back_grade"}
    graded: dict[tuple[str, str], int] = {}
    for step in steps:
        if step["action"] == "grade":
            name = step["sku"], HELD if "held_as" in step else str(step["grade"])
            graded[name] = graded.get(name, 0) + step["pieces"]
    for sku in dict.fromkeys(step["sku"] for step in steps):
        counted = sum(step["pieces"] for step in steps if step["action"] == "count" and step["sku"] == sku)
        only = counted - sum(pieces for (other, _grade), pieces in graded.items() if other == sku)
        graded |= {(sku, ""): only} if only > 0 else {}
    return tuple(UndonePieces(sku, n, grade, before.get(sku, "")) for (sku, grade), n in graded.items())


def take_back(shop: Shop, parcel: Parcel, steps: Sequence[Step]) -> None:
    """Reverses what was done with pieces, the last of it first, also in stock. Raises Refused where they were graded
    anew since, or are no longer where they went.
    """
    for step in reversed(steps):
        _BACK[step["action"]](shop, parcel, step)
    if parcel.state == ParcelState.INSPECTED and not contents.findings(shop, parcel):
        shop.move(parcel, parcel.number, PARCEL, "uninspect")


def _uncount(shop: Shop, parcel: Parcel, step: Step) -> None:
    """Takes back that pieces were counted. Raises Refused where not so many of them wait without a grade."""
    sku, pieces = step["sku"], step["pieces"]
    contents.take_from_tally(shop, parcel, sku, pieces)
    stock.move(shop, sku, Bucket.PENDING, stock.OUTSIDE, pieces, parcel, cause=Cause.UNCOUNTED)
    shop.record(parcel.number, "uncount", sku=sku, pieces=pieces)


def _ungrade(shop: Shop, parcel: Parcel, step: Step) -> None:
    """Reverses the newest findings that are as the step left them, until so many pieces wait for their grade again."""
    left, held = step["pieces"], "held_as" in step
    for finding in contents.findings(shop, parcel, step["sku"], for_nobody=held):
        taken = min(left, finding.quantity) if (finding.grade, finding.disposition) == _found(step) else 0
        if taken:
            contents.reverse(shop, parcel, finding, taken)
            left -= taken
    if left:
        message = _("{parcel}: the pieces of {sku} were graded anew after it")
        raise Refused(message.format(parcel=parcel.number, sku=step["sku"]), f"retcli parcel match {parcel.number}")
    if held:
        shop.record(parcel.number, "free", sku=step["sku"], held_as=step["held_as"], pieces=step["pieces"])


def _found(step: Step) -> tuple[str, str]:
    return step["grade"], step["to"]


def _grade_again(shop: Shop, parcel: Parcel, step: Step) -> None:
    """Gives pieces the grade again that was taken back of them."""
    grade, place, serial = Grade(step["grade"]), Bucket(step["from"]), step.get("serial", "")
    before = shop.session.get_one(Inspection, step["finding"]).missing if "finding" in step else None
    item = contents.GradedPieces(step["sku"], step["pieces"], grade, place, serial, missing=before or "")
    contents.grade(shop, parcel, item, for_nobody=step.get("for_nobody", False))


_BACK = {"count": _uncount, "grade": _ungrade, "take_back_grade": _grade_again}
