"""Orders in several parcels, each of which its own carrier follows: signed for once each of them is, and none of those
that are silent or lost is hidden by another one's signature.
"""

from pathlib import Path
from typing import Any

import pytest

from fixtures.model import Order
from fixtures.reports import Row
from retcli.actions.casefile import lookup
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.cases import decisions
from retcli.actions.insight import today
from retcli.actions.shop import orders
from retcli.actions.warehouse import stalled_parcels
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.reports import Folder, sold, take
from tests.shopfloor import Books
from tests.warehouse import Table

NUMBER = "2850000000000000100"
CUP, LID = "SF0220481613112", "YT0220481613113"
SHEET: Row = ["运单号", "快递公司", "时间", "物流状态", "地点", "轨迹"]
ON_ITS_WAY: dict[str, Any] = {"confirmed_at": None, "status": "卖家已发货，等待买家确认"}


def order(**facts: Any) -> Order:
    """An order of a cup and a lid, in a parcel each."""
    known = {"waybill": f"{CUP};No:{LID}", "carrier": "顺丰速运;圆通速递"} | ON_ITS_WAY
    return sold(NUMBER, ("CUP", 1, 5000), ("LID", 1, 1000), **(known | facts))


def told(folder: Folder, *events: tuple[str, str, str]) -> Path:
    """A sheet of (waybill, day of November, status)."""
    rows: list[Row] = [
        [waybill, "", f"2026-11-{day} 11:00:00", status, "杭州", status] for waybill, day, status in events
    ]
    return folder.rows([SHEET, *rows], encoding="utf-8")


def stalls(books: Books) -> dict[str, str]:
    return {row.waybill: row.wrong for row in books.do(stalled_parcels.stalled).parcels}


@pytest.mark.parametrize("first", ["orders", "movements"])
def test_a_silent_parcel_keeps_its_order_unsigned(books: Books, folder: Folder, first: str) -> None:
    """顺丰签收了，圆通一条轨迹也没有：还没签收，七天不起算。"""
    files = [*folder.both(order()), told(folder, (CUP, "05", "已签收"))]
    for path in files if first == "orders" else reversed(files):
        take(books, path)
    assert books.value("SELECT signed_at FROM orders") is None
    take(books, told(folder, (LID, "06", "已签收")))
    assert str(books.value("SELECT signed_at FROM orders")).startswith("2026-11-06 03:00:00")
    books.check()


def test_a_second_parcel_that_a_later_file_names_takes_the_signature_back(books: Books, folder: Folder) -> None:
    take(books, *folder.both(order(waybill=CUP, carrier="顺丰速运")), told(folder, (CUP, "05", "已签收")))
    assert books.value("SELECT signed_by FROM orders") == "carrier"
    take(books, folder.orders(order()))
    assert books.rows("SELECT signed_at, signed_by FROM orders") == [(None, "")]


def test_the_platforms_own_word_leads_where_a_carrier_is_silent(books: Books, folder: Folder) -> None:
    done = order(confirmed_at=sold(NUMBER, ("A", 1, 1)).confirmed_at, status="交易成功")
    take(books, *folder.both(done), told(folder, (CUP, "03", "已签收")))
    assert books.value("SELECT signed_by FROM orders") == "carrier"


@pytest.mark.parametrize(
    ("second", "lost"), [([], False), ([(LID, "06", "丢失")], True), ([(LID, "06", "运输中")], False)]
)
def test_an_order_is_lost_once_every_parcel_is(
    books: Books, folder: Folder, second: list[tuple[str, str, str]], lost: bool
) -> None:
    books.hire()
    take(books, *folder.both(order()), told(folder, (CUP, "05", "丢失"), *second))
    case = books.do(decisions.open_case, LID, kind=Kind.REFUND_ONLY, reason="L_LOST").number
    with opened(books.asked(), writes=False) as shop:
        held = dossier_of(shop, lookup.case_of(shop, case))
        assert (held.order.id in held.together.lost) == lost


def test_a_signed_parcel_hides_neither_the_silent_nor_the_lost_one(books: Books, folder: Folder) -> None:
    take(books, *folder.both(order()), told(folder, (CUP, "05", "已签收")))
    assert stalls(books) == {LID: "never_moved"}
    take(books, told(folder, (LID, "09", "丢失")))
    assert stalls(books) == {LID: "carrier_lost"}, "at once, whatever else was signed for"
    assert books.do(today.today).stalled == 1


def test_what_moves_needs_no_time_of_sending_to_stall(books: Books, folder: Folder) -> None:
    take(books, *folder.both(order(waybill=CUP, carrier="顺丰速运", shipped_at=None)))
    take(books, told(folder, (CUP, "03", "运输中")))
    assert stalls(books) == {CUP: "stopped"}


def test_a_refused_parcel_is_of_its_own_carrier(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(order()))
    Table(books).scan(CUP, "RCMDNEXT", LID)
    carriers = [tuple(row) for row in books.rows("SELECT waybill, carrier FROM parcels ORDER BY waybill")]
    assert carriers == [(CUP, "顺丰速运"), (LID, "圆通速递")]


@pytest.mark.parametrize(
    ("carrier", "shown"),
    [
        ("顺丰速运;圆通速递", f"顺丰速运 {CUP}; 圆通速递 {LID}"),
        ("申通快递;申通快递", f"申通快递 {CUP}, {LID}"),
        ("申通快递", f"申通快递 {CUP}, {LID}"),
    ],
)
def test_each_waybill_stands_with_its_carrier_once(books: Books, folder: Folder, carrier: str, shown: str) -> None:
    take(books, *folder.both(order(carrier=carrier)))
    assert ("Sent", shown) in books.do(orders.show, NUMBER).rows()
