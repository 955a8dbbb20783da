"""The pieces of a parcel that leaves the door go out of the stock with it, and lie as before where it had not left."""

from collections.abc import Mapping, Sequence
from typing import Any

from retcli.actions.warehouse.pieces import contents, stock
from retcli.models import Inspection, Parcel
from retcli.rules.lifecycles import PARCEL, Bucket
from retcli.rules.warehouse.causes import Cause
from retcli.shop import Shop

Step = Mapping[str, Any]
"""Pieces of a product (``sku``, ``pieces``) that were only counted, or had a ``grade`` and where they went (``to``),
perhaps with the ``serial`` of a single one, and the ``finding`` (its row) that said so.
"""


def take_out(shop: Shop, parcel: Parcel, cause: Cause) -> list[Step]:
    """Takes all pieces of a parcel out of the stock from where they lie, for the `cause` that it leaves; what they
    were. Raises Refused where some are no longer there.
    """
    waiting = contents.tallies(shop, parcel, waiting=True)
    steps: list[Step] = [{"action": "count", "sku": sku, "pieces": n} for sku, n in waiting.items()]
    for finding in contents.findings(shop, parcel):
        grade = {"grade": finding.grade, "to": finding.disposition, "finding": finding.id}
        serial = {"serial": finding.serial} if finding.serial else {}
        steps.append({"action": "grade", "sku": finding.sku, "pieces": finding.quantity, **grade, **serial})
        contents.write_reversal(shop, parcel, finding, finding.quantity)
    for step in steps:
        contents.take_from_tally(shop, parcel, step["sku"], step["pieces"])
        way = _place(step), stock.OUTSIDE
        stock.move(shop, step["sku"], *way, step["pieces"], parcel, cause=cause)
        shop.record(parcel.number, "leave", **_facts(step))
    return steps


def put_back(shop: Shop, parcel: Parcel, steps: Sequence[Step]) -> None:
    """Has the pieces lie in a parcel again as they were when it left."""
    for step in steps:
        contents.add_to_tally(shop, parcel, step["sku"], step["pieces"])
        if step["action"] == "grade":
            _find(shop, parcel, step)
        stock.move(shop, step["sku"], stock.OUTSIDE, _place(step), step["pieces"], parcel, cause=Cause.HERE_AGAIN)
        shop.record(parcel.number, "here_again", **_facts(step))
    if contents.findings(shop, parcel):
        shop.move(parcel, parcel.number, PARCEL, "inspect")


def _find(shop: Shop, parcel: Parcel, step: Step) -> None:
    """Writes what was found of some pieces as it was; they count for no case."""
    contents.count_inspected(shop, parcel, step["sku"], step["pieces"])
    was = shop.session.get(Inspection, step.get("finding", 0))
    shop.add(
        Inspection(parcel_id=parcel.id or 0, sku=step["sku"], quantity=step["pieces"], grade=step["grade"],
                   disposition=step["to"], by=shop.operator.name, at=shop.now, serial=step.get("serial"),
                   missing=was.missing if was else None)
    )  # fmt: skip


def _place(step: Step) -> str:
    return str(step.get("to", Bucket.PENDING))


def _facts(step: Step) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name != "action"}
