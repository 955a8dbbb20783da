"""When the stock of a product needs a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from retcli.rules.warehouse.sellable import Sellable


class Alarm(StrEnum):
    """What is wrong with the stock of a product."""

    PILED_UP = "piled_up"  # too many defective pieces
    LIES_LONG = "lies_long"  # defective pieces that nobody disposed of for days
    RUNS_OUT = "runs_out"  # no more can be sold than the safety stock
    NOT_COUNTED = "not_counted"  # pieces that can be sold, nobody knows how many


@dataclass(frozen=True)
class Limits:
    """How many defective pieces of a product may lie there, and how many that can be sold must."""

    defective: int
    safety: int


def alarms(
    defective: int, came_lately: int, in_stock: int, for_sale: Sellable | None, limits: Limits
) -> Iterator[tuple[Alarm, int]]:
    """The alarms of a product, each with the pieces that it is about. Of its `defective` pieces so many came within the
    days for which they may lie; what leaves first came first. `in_stock` are sellable pieces in the books, of which
    nobody knows how many can be sold where they were never counted.
    """
    if defective > limits.defective:
        yield Alarm.PILED_UP, defective
    elif defective > came_lately:
        yield Alarm.LIES_LONG, defective - came_lately
    if for_sale is None and in_stock:
        yield Alarm.NOT_COUNTED, in_stock
    if for_sale is not None and for_sale.pieces <= limits.safety:
        yield Alarm.RUNS_OUT, for_sale.pieces
