"""Parcels that do not move on: sent and never taken in, stopped, delivered to us and not scanned; and only where the
carrier's movements are known.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from retcli.actions.cases import decisions
from retcli.actions.insight import today
from retcli.actions.warehouse import parcels, stalled_parcels
from retcli.rules.lifecycles import Kind
from retcli.rules.warehouse.stalling import Stall, Travel, stall
from tests.reports import take
from tests.shopfloor import NOON, Books

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("sent", "last", "signed", "back", "wrong"),
    [
        (23 * HOUR, None, False, False, None),
        (24 * HOUR, None, False, False, Stall.NEVER_MOVED),
        (31 * DAY, None, False, False, None),
        (5 * DAY, 71 * HOUR, False, False, None),
        (5 * DAY, 72 * HOUR, False, False, Stall.STOPPED),
        (5 * DAY, 72 * HOUR, True, False, None),
        (None, 4 * HOUR, True, True, Stall.NOT_SCANNED),
        (None, None, False, True, None),
        (None, 80 * HOUR, False, True, Stall.STOPPED),
    ],
)
def test_what_stalls(
    sent: timedelta | None, last: timedelta | None, signed: bool, back: bool, wrong: Stall | None
) -> None:
    began, told = (None if length is None else NOON - length for length in (sent, last))
    travel = Travel(began, told, signed)
    assert stall(travel, NOON, first=24 * HOUR, stalled=72 * HOUR, coming_back=back) == wrong


def movements(books: Books, folder: Path, *rows: tuple[str, datetime, str]) -> None:
    path = folder / "物流轨迹.csv"
    lines = [f"{waybill},顺丰速运,{at:%Y-%m-%d %H:%M:%S},{status},在路上" for waybill, at, status in rows]
    path.write_text("\n".join(["运单号,快递公司,时间,状态,轨迹", *lines]) + "\n", encoding="utf-8")
    assert take(books, path).exit_code == 0


def test_a_shop_that_imports_no_movements_hears_nothing(books: Books) -> None:
    books.order("2850000000000000011", ("TS-L", 1, 900), signed_at=None, carrier="顺丰速运")
    assert books.do(stalled_parcels.stalled).parcels == ()
    assert books.do(today.today).stalled == 0


def test_what_stalls_on_its_way_out_and_back(books: Books, tmp_path: Path) -> None:
    """One stopped four days ago, one never taken in, one moving, one signed for; a return that nobody scanned."""
    numbers = [f"285000000000000002{n}" for n in range(4)]
    for number in numbers[:3]:
        books.order(number, ("TS-L", 1, 900), signed_at=None, carrier="顺丰速运")
    books.order(numbers[3], ("TS-L", 1, 900), carrier="顺丰速运")
    case = books.do(decisions.open_case, numbers[3], kind=Kind.RETURN, reason="B_7D")
    books.do(decisions.approve, case.number)
    books.do(parcels.expect_by_hand, case.number, "SF9990000000001", "顺丰速运")
    waybills = [f"SF{number[-12:].zfill(12)}" for number in numbers]
    movements(
        books,
        tmp_path,
        (waybills[0], NOON - 4 * DAY, "运输中"),
        (waybills[2], NOON - 2 * HOUR, "运输中"),
        ("SF9990000000001", NOON - 5 * HOUR, "签收"),
    )
    found = {
        row.waybill: (row.wrong, row.order, row.case, row.hours) for row in books.do(stalled_parcels.stalled).parcels
    }
    assert found == {
        waybills[0]: ("stopped", numbers[0], "", 96),
        waybills[1]: ("never_moved", numbers[1], "", 168),
        "SF9990000000001": ("not_scanned", numbers[3], case.number, 5),
    }
    assert books.do(today.today).stalled == 3


def test_a_waybill_that_a_buyer_made_up_never_moves(books: Books, tmp_path: Path) -> None:
    """Named a day ago, of a carrier whose other parcels are seen moving; another carrier's says nothing."""
    numbers = [f"285000000000000003{n}" for n in range(3)]
    told = [("YT9990000000001", "圆通速递"), ("SF9990000000002", "顺丰速运"), ("SF9990000000003", "顺丰速运")]
    for number, (waybill, carrier) in zip(numbers, told, strict=True):
        books.order(number, ("TS-L", 1, 900))
        case = books.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D")
        books.do(decisions.approve, case.number)
        books.do(parcels.expect_by_hand, case.number, waybill, carrier)
    movements(books, tmp_path, ("SF9990000000002", NOON - HOUR, "运输中"))
    assert books.do(stalled_parcels.stalled).parcels == (), "it may not have been handed over yet"
    later = Books(books.database, NOON + 25 * HOUR)
    found = {row.waybill: (row.wrong, row.hours) for row in later.do(stalled_parcels.stalled).parcels}
    assert found == {"SF9990000000003": ("never_moved", 25)}
