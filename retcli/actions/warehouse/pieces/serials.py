"""Serial numbers of single pieces that came back: written on the finding of the piece, reversed with it, and looked up
again, since a piece with a serial comes back once.
"""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse.pieces import contents
from retcli.errors import Refused, WrongCommand
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Parcel, ParcelCase
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.serials import CameBack

_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9./:_-]{2,39}")


def serial_of(typed: str) -> str:
    """A serial number in its comparable form: capitals, without blanks; "" where it is none."""
    serial = folded(typed)
    return serial if _SERIAL.fullmatch(serial) else ""


def parse(typed: str) -> str:
    """A serial number as somebody typed it in a command. Raises WrongCommand for what is none."""
    serial = serial_of(typed)
    if not serial:
        raise WrongCommand(_("{text} is no serial number").format(text=typed), "--serial SN12345678")
    return serial


def came_back(shop: Shop, serial: str, but: int | None = None) -> CameBack | None:
    """Where a serial number came back first, by the findings that stand, without one of them (`but`, its id); None
    where it did not yet.
    """
    taken_back = sa.select(col(Inspection.reverses_id)).where(col(Inspection.reverses_id).is_not(None))
    query = sa.select(Inspection).where(col(Inspection.serial) == serial, col(Inspection.id).not_in(taken_back))
    first = shop.session.scalars(query.where(col(Inspection.id) != (but or 0)).order_by(col(Inspection.id))).first()
    if first is None:
        return None
    parcel = shop.session.get_one(Parcel, first.parcel_id)
    return CameBack(serial, first.sku, first.at, _cases(shop, first), parcel.number)


def _cases(shop: Shop, finding: Inspection) -> tuple[str, ...]:
    """The number of the case for which a finding counts, else those of its parcel."""
    of_line = sa.select(col(Case.number)).join(CaseLine, col(CaseLine.case_id) == col(Case.id))
    case = shop.session.scalar(of_line.where(col(CaseLine.id) == finding.case_line_id))
    if case is not None:
        return (case,)
    served = sa.select(col(Case.number)).join(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
    return tuple(
        shop.session.scalars(served.where(col(ParcelCase.parcel_id) == finding.parcel_id).order_by(col(Case.id)))
    )


def refuse_again(shop: Shop, serial: str, because: str, but: int | None = None) -> None:
    """Raises Refused for a serial number that came back before, unless somebody says why it comes back again."""
    before = came_back(shop, serial, but)
    if before is not None and not because:
        hint = _("Was it sent out again since? Say so: {option}").format(option="--because TEXT")
        raise Refused(before.sentence(), hint, parcel=before.parcel)


def single(shop: Shop, parcel: Parcel, sku: str, grade: str = "") -> Inspection | None:
    """The newest finding of a single piece of a product in a parcel that has no serial number yet, of a `grade` where
    one is named; None for none.
    """
    alone = (each for each in contents.findings(shop, parcel, sku) if each.quantity == 1 and not each.serial)
    return next((each for each in alone if grade in {"", each.grade}), None)


def write(shop: Shop, parcel: Parcel, finding: Inspection, serial: str, because: str = "") -> None:
    """Writes the serial number of a piece ("" to take it off) on its finding: that is reversed and written anew as it
    was, since findings are append-only.
    """
    facts = {
        name: getattr(finding, name)
        for name in ("parcel_id", "case_line_id", "sku", "grade", "disposition", "by", "at")
    }
    taken_back = Inspection(**facts | {"by": shop.operator.name, "at": shop.now}, quantity=-1, reverses_id=finding.id)
    anew = Inspection(**facts, quantity=1, serial=serial or None, missing=finding.missing)
    shop.add(taken_back)
    shop.add(anew)
    why = {"because": because} if because else {}
    was = finding.serial or ""
    shop.record(parcel.number, "serial", finding=anew.id, sku=finding.sku, was=was, now=serial, **why)


def of_parcel(shop: Shop, parcel: Parcel) -> dict[str, Sequence[str]]:
    """The serial numbers that were read in a parcel, by product, in the order in which they were."""
    serials: dict[str, list[str]] = {}
    for finding in reversed(contents.findings(shop, parcel)):
        if finding.serial:
            serials.setdefault(finding.sku, []).append(finding.serial)
    return dict(serials)
