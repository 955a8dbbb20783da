"""An order that went out in several parcels: each of its waybills is kept, none is lost by a later file, and each is
followed, scanned and waited for as the order's own.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fixtures import Order, report_rows
from fixtures.reports import Row
from retcli.actions.casefile import lookup
from retcli.actions.casefile.judgement import awaits_intercepted, came_back_undelivered
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.cases import decisions
from retcli.actions.shop import orders
from retcli.actions.warehouse import code_facts, interceptions, parcel_candidates, stalled_parcels
from retcli.models import OrderWaybill
from retcli.rules.lifecycles import Kind
from retcli.rules.zone import SHANGHAI
from retcli.transaction import opened
from tests.reports import ITEMS, ORDERS, REQUESTED, Folder, asked_back, changed, counts, sold, take, take_one, unsent
from tests.shopfloor import Books
from tests.warehouse import Table

NUMBER = "2850000000000000100"
FIRST, SECOND, THIRD = "773187945217235", "YT9876543210123", "SF1234567890123"
SHEET: Row = ["运单号", "快递公司", "时间", "物流状态", "地点", "轨迹"]


def sent(*waybills: str, **facts: Any) -> Order:
    """The order with its waybills in one cell, as the platform writes them."""
    return sold(NUMBER, ("TS-L", 1, 5000), ("TS-M", 1, 3000), waybill=";No:".join(waybills), **facts)


def kept(books: Books) -> tuple[str, list[str]]:
    """The order's own waybill, and the further ones."""
    further = [row[0] for row in books.rows("SELECT waybill FROM order_waybills ORDER BY waybill")]
    return books.value("SELECT waybill FROM orders"), further


def movements(folder: Folder, *events: tuple[str, str, str]) -> Path:
    """A sheet of (waybill, day of November, status)."""
    rows: list[Row] = [
        [waybill, "", f"2026-11-{day} 10:00:00", status, "金华", status] for waybill, day, status in events
    ]
    return folder.rows([SHEET, *rows], encoding="utf-8")


# -- what files say ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["orders", "items"])
def test_an_order_has_every_waybill_of_its_cell(books: Books, folder: Folder, first: str) -> None:
    paths = folder.both(sent(FIRST, SECOND, THIRD))
    for path in paths if first == "orders" else paths[::-1]:
        take(books, path)
    assert kept(books) == (FIRST, [THIRD, SECOND])
    assert books.value("SELECT COUNT(*) FROM waiting_waybills") == 0
    again = take_one(books, folder.orders(sent(FIRST, SECOND, THIRD), sold("2850000000000000200", ("A", 1, 1))))
    assert counts(again) == (2, 1, 0, 1, 0), "the row again changes nothing"
    books.check()


def test_a_later_row_adds_waybills_and_takes_none_away(books: Books, folder: Folder) -> None:
    take(books, *folder.both(sent(FIRST)))
    more = take_one(books, folder.orders(sent(FIRST, SECOND)))
    assert counts(more) == (1, 0, 1, 0, 0)
    assert kept(books) == (FIRST, [SECOND])
    fewer = take_one(books, folder.orders(sent(FIRST, freight=0), name="later.csv"))
    assert kept(books) == (FIRST, [SECOND])
    assert fewer.unchanged == fewer.rows
    take(books, folder.orders(sent(THIRD)))
    assert kept(books) == (THIRD, [FIRST, SECOND])
    books.check()


def test_waybills_wait_with_their_order(books: Books, folder: Folder) -> None:
    take(books, folder.orders(sent(FIRST, SECOND)))
    assert counts(take_one(books, folder.orders(sent(FIRST, SECOND, THIRD)))) == (1, 0, 1, 0, 0)
    take(books, folder.orders(sent("773187945217243")))
    take(books, folder.items(sent()))
    assert kept(books) == ("773187945217243", [FIRST, THIRD, SECOND])
    books.check()


def test_what_waits_under_the_same_waybill_is_unchanged(books: Books, folder: Folder) -> None:
    """Half of its lines are there: the order waits, with the waybill that the item report names too."""
    heads = changed(list(report_rows([sent(FIRST)], ORDERS, ".csv")), 1, {"宝贝总数量": "3"})
    rows = list(report_rows([sent(FIRST)], ITEMS, ".csv"))
    take(books, folder.rows(heads), folder.rows(rows))
    assert books.value("SELECT COUNT(*) FROM orders") == 0
    another = list(report_rows([sold("2850000000000000200", ("A", 1, 1))], ITEMS, ".csv"))
    assert counts(take_one(books, folder.rows([*rows, another[1]]))) == (3, 1, 0, 2, 0)


def test_a_waybill_that_only_the_item_report_names_is_the_orders(books: Books, folder: Folder) -> None:
    rows = list(report_rows([sent()], ITEMS, ".csv"))
    rows = changed(changed(rows, 1, {"物流单号": f"No:{FIRST}"}), 2, {"物流单号": f"No:{SECOND},No:{THIRD}"})
    take(books, folder.orders(unsent(sent())), folder.rows(rows))
    assert {kept(books)[0], *kept(books)[1]} == {FIRST, SECOND, THIRD}
    with opened(books.asked(), writes=False) as shop:
        for waybill in (FIRST, SECOND, THIRD):
            assert [row["number"] for row in orders.find(shop, waybill).orders] == [NUMBER]
    books.check()


def sent_apart(*times: str) -> list[Row]:
    """The item report of the order, each line with its own parcel and time of sending, or without one."""
    rows = list(report_rows([sent()], ITEMS, ".csv"))
    for place, (waybill, at) in enumerate(zip((FIRST, SECOND), times, strict=True), 1):
        rows = changed(rows, place, {"物流单号": f"No:{waybill}", "物流公司": "中通快递", "发货时间": at})
    return rows


def times_of_sending(books: Books) -> dict[str, str]:
    """When each parcel of the only order was sent, by its waybill, as day and hour in UTC."""
    rows = books.rows("SELECT waybill, shipped_at FROM orders UNION SELECT waybill, shipped_at FROM order_waybills")
    return {waybill: str(at)[8:13] if at else "" for waybill, at in rows}


@pytest.mark.parametrize("first", ["orders", "items"])
def test_the_item_report_says_when_each_parcel_was_sent(books: Books, folder: Folder, first: str) -> None:
    """Of Taobao's reports it alone has the time; the order was sent when its first parcel was."""
    paths = folder.orders(unsent(sent())), folder.rows(sent_apart("2026-11-05 18:00:00", "2026-11-03 18:00:00"))
    take(books, *(paths if first == "orders" else paths[::-1]))
    assert times_of_sending(books) == {FIRST: "05 10", SECOND: "03 10"}
    assert kept(books)[0] == SECOND
    assert {*kept(books)[1]} - {SECOND} == {FIRST}
    again = take_one(books, folder.rows([*sent_apart("2026-11-05 18:00:00", "2026-11-03 18:00:00")], name="again.csv"))
    assert (again.added, again.changed) == (0, 0)
    books.check()


def test_a_time_of_sending_that_comes_later_is_taken(books: Books, folder: Folder) -> None:
    take(books, folder.orders(unsent(sent())), folder.rows(sent_apart("", ""), name="before.csv"))
    assert times_of_sending(books) == {FIRST: "", SECOND: ""}
    later = take_one(books, folder.rows(sent_apart("2026-11-03 18:00:00", "2026-11-05 18:00:00"), name="after.csv"))
    assert (later.added, later.changed) == (0, 2)
    assert times_of_sending(books) == {FIRST: "03 10", SECOND: "05 10"}
    take(books, folder.rows(sent_apart("", ""), name="another.csv"))
    assert times_of_sending(books) == {FIRST: "03 10", SECOND: "05 10"}, "what was told is kept"
    books.check()


@pytest.mark.parametrize(("name", "then"), [("宝贝20261108120000.csv", "06 10"), ("宝贝20261106120000.csv", "05 10")])
def test_the_newest_file_says_when_a_further_parcel_was_sent(
    books: Books, folder: Folder, name: str, then: str
) -> None:
    """Another time for the same parcel is taken from the newest file; an older one that comes late changes nothing."""
    take(books, folder.orders(unsent(sent())))
    first = sent_apart("2026-11-03 18:00:00", "2026-11-05 18:00:00")
    take(books, folder.rows(first, name="宝贝20261107120000.csv"))
    other = take_one(books, folder.rows(sent_apart("2026-11-03 18:00:00", "2026-11-06 18:00:00"), name=name))
    assert (other.added, other.changed > 0) == (0, then == "06 10")
    assert times_of_sending(books) == {FIRST: "03 10", SECOND: then}
    books.check()


def test_a_single_parcel_of_taobao_that_never_moves_stalls(books: Books, folder: Folder) -> None:
    """Another parcel of the same carrier is spoken of, so that its movements are known to be imported."""
    on_its_way: dict[str, Any] = {"carrier": "中通快递", "confirmed_at": None, "status": "卖家已发货，等待买家确认"}
    silent = sent(FIRST, shipped_at=datetime(2026, 11, 3, 18), **on_its_way)
    moving = sold("2850000000000000200", ("TS-M", 1, 3000), waybill=THIRD, **on_its_way)
    take(books, *folder.both(silent, moving), movements(folder, (THIRD, "09", "运输中")))
    found = books.do(stalled_parcels.stalled).parcels
    assert [(row.waybill, row.wrong) for row in found] == [(FIRST, "never_moved")]


TIKTOK = (
    "Order ID", "Order Status", "SKU ID", "Seller SKU", "Product Name", "Quantity", "SKU Unit Original Price",
    "SKU Subtotal After Discount", "Shipping Fee After Discount", "Order Amount", "Created Time", "Paid Time",
    "Tracking ID", "Shipping Provider Name", "Currency",
)  # fmt: skip


@pytest.mark.parametrize(
    ("named", "own", "further"),
    [((FIRST, SECOND), FIRST, [FIRST, SECOND]), ((SECOND, ""), SECOND, []), (("", SECOND), SECOND, [SECOND])],
)
def test_rows_of_one_order_may_name_different_waybills(
    books: Books, folder: Folder, named: tuple[str, str], own: str, further: list[str]
) -> None:
    rows: list[Row] = [
        [
            "577000000000000001", "Shipped", f"17200000000000000{place}", f"TS-{place}", "Shirt", "1", "10.00",
            "10.00", "0.00", "20.00", "02/11/2026 10:00:00", "02/11/2026 10:05:00", waybill, "J&T", "USD",
        ]
        for place, waybill in enumerate(named)
    ]  # fmt: skip
    assert take_one(books, folder.rows([list(TIKTOK), *rows], encoding="utf-8")).added == 2
    assert kept(books)[0] == own
    assert {own, *kept(books)[1]} == {own, *further}
    books.check()


def test_an_order_on_two_rows_that_differ_only_by_their_waybill(books: Books, folder: Folder) -> None:
    one, two = (list(report_rows([sent(waybill)], ORDERS, ".csv")) for waybill in (FIRST, SECOND))
    take(books, folder.rows([*one, two[1]]), folder.items(sent()))
    assert {kept(books)[0], *kept(books)[1]} == {FIRST, SECOND}


def test_a_destroyed_one_of_several_is_named(sqlite_books: Books, folder: Folder) -> None:
    file = take_one(sqlite_books, folder.orders(sent(FIRST, "7.73188E+14")))
    assert [(fault.column.strip(), fault.text) for fault in file.faults] == [("物流单号", "No:7.73188E+14")]


# -- who follows them -------------------------------------------------------------------------------------------------


def test_the_order_shows_all_of_them(books: Books, folder: Folder) -> None:
    take(books, *folder.both(sent(FIRST, SECOND, THIRD)))
    shown = books.do(orders.show, SECOND)
    assert shown.document()["waybill"] == FIRST
    assert shown.document()["waybills"] == [FIRST, THIRD, SECOND]
    assert ("Sent", f"顺丰速运 {FIRST}, {THIRD}, {SECOND}") in shown.rows()


def test_the_last_signature_of_several_parcels_counts(books: Books, folder: Folder) -> None:
    take(books, *folder.both(sent(FIRST, SECOND)))
    signed = "SELECT signed_by, signed_at FROM orders"
    take(books, movements(folder, (FIRST, "03", "已签收"), (SECOND, "04", "运输中")))
    assert books.value(signed) == "confirmed", "one is on its way still"
    take(books, movements(folder, (SECOND, "06", "已签收")))
    ((by, at),) = books.rows(signed)
    at = datetime.fromisoformat(f"{at}+00:00") if isinstance(at, str) else at
    assert (by, at) == ("carrier", datetime(2026, 11, 6, 10, tzinfo=SHANGHAI))
    books.check()


def test_a_parcel_of_which_no_carrier_says_anything_holds_no_signature_back(books: Books, folder: Folder) -> None:
    take(books, *folder.both(sent(FIRST)), folder.orders(sent(SECOND)))
    take(books, movements(folder, (SECOND, "03", "已签收")))
    assert books.value("SELECT signed_by FROM orders") == "carrier"


def test_a_row_of_movements_may_name_several_waybills(books: Books, folder: Folder) -> None:
    take(books, *folder.both(sent(FIRST, SECOND)))
    file = take_one(books, movements(folder, (f"{FIRST}、{SECOND}", "03", "已签收")))
    assert counts(file) == (1, 1, 0, 0, 0)
    assert books.value("SELECT COUNT(*) FROM movements") == 2
    assert books.value("SELECT signed_by FROM orders") == "carrier"


def test_each_parcel_stalls_by_itself(books: Books, folder: Folder) -> None:
    books.order(NUMBER, ("TS-L", 1, 900), signed_at=None)
    with opened(books.asked()) as shop:
        shop.add(OrderWaybill(order_id=1, waybill=SECOND))
    own = books.value("SELECT waybill FROM orders")
    take(books, movements(folder, (own, "08", "运输中"), (SECOND, "03", "运输中")))
    found = books.do(stalled_parcels.stalled).parcels
    assert [(row.waybill, row.order) for row in found] == [(SECOND, NUMBER)]


def test_a_further_parcel_that_comes_back_is_known_as_the_orders(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(sent(FIRST, SECOND)))
    with opened(books.asked(), writes=False) as shop:
        for typed in (f"No:{SECOND}", SECOND.lower(), f"]C1{SECOND}"):
            assert [order.number for order in code_facts.facts(shop, typed, None).sent] == [NUMBER]
    parcel = Table(books).scan(SECOND, SECOND)[1].parcel  # the buyer had it: an old label is read twice
    assert [found.order for found in books.do(parcel_candidates.candidates, parcel).candidates] == [NUMBER]


def test_all_parcels_of_an_order_are_intercepted(books: Books, folder: Folder) -> None:
    books.hire()
    under_way = sent(FIRST, SECOND, confirmed_at=None, status="卖家已发货，等待买家确认")
    take(books, *folder.both(under_way))
    case = books.do(decisions.open_case, SECOND, kind=Kind.REFUND_ONLY, reason="B_MIND")
    assert SECOND in books.do(interceptions.intercept, case.number).hint
    assert {row[0] for row in books.rows("SELECT waybill FROM parcels")} == {FIRST, SECOND}
    Table(books).scan(FIRST)
    assert (awaited(books), back(books)) == (True, False), "the other one is on its way still"
    table = Table(books)
    table.scan(SECOND)
    assert (awaited(books), back(books)) == (True, False), "nobody looked into them yet"
    table.scan(FIRST, "RCMDA", "TS-L", SECOND, "RCMDA", "TS-M")
    assert (awaited(books), back(books)) == (False, True)


def awaited(books: Books) -> bool:
    with opened(books.asked(), writes=False) as shop:
        return awaits_intercepted(dossier_of(shop, lookup.case_of(shop, NUMBER)))


def back(books: Books) -> bool:
    with opened(books.asked(), writes=False) as shop:
        return came_back_undelivered(dossier_of(shop, lookup.case_of(shop, NUMBER)))


# -- what the buyer sends back ----------------------------------------------------------------------------------------


def test_a_refund_with_several_waybills_waits_for_each_parcel(books: Books, folder: Folder) -> None:
    books.hire()
    order = sent(FIRST)
    refund = asked_back(
        "90000000001", order, 5000, status=REQUESTED, waybill=f"No:{SECOND};No:{THIRD}", carrier="圆通；顺丰"
    )
    take(books, *folder.both(order), folder.refunds(refund))
    rows = books.rows("SELECT waybill, carrier, state FROM parcels ORDER BY waybill")
    assert [tuple(row) for row in rows] == [(THIRD, "顺丰", "expected"), (SECOND, "圆通", "expected")]
    assert books.value("SELECT COUNT(*) FROM parcel_cases") == 2
    again = asked_back("90000000001", order, 5000, status=REQUESTED, waybill=f"{SECOND},{THIRD}", note="x")
    take(books, folder.refunds(again))
    assert books.value("SELECT COUNT(*) FROM parcels") == 2
    assert [view.outcome for view in Table(books).scan(THIRD, "RCMDNEXT", SECOND)][::2] == ["received", "received"]
    books.check()
