"""When the stock of a product needs somebody."""

from datetime import UTC, datetime

import pytest

from retcli.rules.warehouse.sellable import Sellable
from retcli.rules.warehouse.stock_alarms import Alarm, Limits, alarms

LIMITS = Limits(defective=20, safety=3)
SUNDAY = datetime(2026, 11, 8, tzinfo=UTC)


def left(pieces: int) -> Sellable:
    return Sellable(pieces, SUNDAY)


@pytest.mark.parametrize(
    ("defective", "lately", "in_stock", "for_sale", "right"),
    [
        (0, 0, 10, left(10), []),
        (20, 20, 10, left(4), []),  # 正好在限内
        (21, 21, 10, left(10), [(Alarm.PILED_UP, 21)]),
        (5, 2, 10, left(10), [(Alarm.LIES_LONG, 3)]),  # 5 件里 2 件是这几天来的：3 件放久了
        (5, 9, 10, left(10), []),  # 来过 9 件，处置了 4 件：先来的先走
        (0, 0, 10, left(3), [(Alarm.RUNS_OUT, 3)]),
        (0, 0, 10, left(-1), [(Alarm.RUNS_OUT, -1)]),
        (0, 0, 2, None, [(Alarm.NOT_COUNTED, 2)]),
        (0, 0, 0, None, []),  # 没有货，也没盘过：不用管
        (30, 0, 2, None, [(Alarm.PILED_UP, 30), (Alarm.NOT_COUNTED, 2)]),
    ],
)
def test_alarms(
    defective: int, lately: int, in_stock: int, for_sale: Sellable | None, right: list[tuple[Alarm, int]]
) -> None:
    assert list(alarms(defective, lately, in_stock, for_sale, LIMITS)) == right
