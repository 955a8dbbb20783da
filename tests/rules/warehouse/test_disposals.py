"""Who scraps alone, and what takes a second person."""

import pytest

from retcli.rules.warehouse.causes import Cause
from retcli.rules.warehouse.disposals import Alone, Limits, needs_another

LIMITS, NOTHING = Limits(pieces=10, amount=30000), Alone(0, 0)


@pytest.mark.parametrize(
    ("kind", "pieces", "cost", "alone", "waits"),
    [
        (Cause.SCRAPPED, 10, 1000, NOTHING, False),
        (Cause.SCRAPPED, 11, 1000, NOTHING, True),
        (Cause.SCRAPPED, 3, 10000, NOTHING, False),  # 3 × 100.00 = 300.00：正好在限内
        (Cause.SCRAPPED, 3, 10001, NOTHING, True),
        (Cause.SCRAPPED, 10, None, NOTHING, False),  # 成本不知道：只看件数
        (Cause.SCRAPPED, 6, 1000, Alone(5, 5000), True),  # 当天已经自己报废 5 件：拆开报也算在一起
        (Cause.SCRAPPED, 1, 5001, Alone(1, 25000), True),
        (Cause.MARKED_DOWN, 500, 10000, NOTHING, False),
        (Cause.TO_SUPPLIER, 500, 10000, NOTHING, False),
    ],
)
def test_scrapped_beyond_the_limit_of_a_day_waits(
    kind: Cause, pieces: int, cost: int | None, alone: Alone, waits: bool
) -> None:
    assert needs_another(kind, pieces, cost, alone, LIMITS) is waits
