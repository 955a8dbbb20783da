"""A parcel that came without a case: its number, its label, its shelf, how it leaves, and all of it undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.cases import decisions, undoing
from retcli.actions.warehouse import detaching, inspection, parcels
from retcli.actions.warehouse.strangers import cards, labels, leaving, shelves
from retcli.database import engine, versions
from retcli.errors import NotFound, Refused, RetcliError, WrongCommand
from retcli.rules.lifecycles import Kind
from retcli.views.warehouse.undone_scans import undone
from tests.shopfloor import FINANCE, WAREHOUSE, Books
from tests.warehouse import Table, attached, returning, stock

STRANGER, BACK, OTHER = "SF1620041173366", "YT9000000000022", "SF1620041173399"
ORDER = "2850000000000000061"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("TS-L", "CUP"):
        books.product(sku)
    return Table(books)


def undo(books: Books) -> None:
    books.do(undoing.undo, by=WAREHOUSE)


def state(books: Books) -> str:
    return str(books.value("SELECT state FROM parcels WHERE waybill = :waybill", waybill=STRANGER))


def test_each_has_its_plain_number_and_is_found_by_it(table: Table) -> None:
    books = table.books
    first, second = (view.parcel for view in table.scan(STRANGER, OTHER))
    assert books.rows("SELECT number, stranger FROM parcels ORDER BY id") == [(first, 1), (second, 2)]
    for typed in ("无主-002", "无主2", "ru002", "unclaimed-002"):
        assert books.do(cards.show, typed).parcel.number == second
    assert table.scan("无主-001")[0].parcel == first
    with pytest.raises(NotFound):
        books.do(cards.show, "无主-003")
    case = returning(books, ORDER, ("TS-L", 1, 5490), waybill="")
    books.do(parcels.match, "无主-001", case)
    assert books.do(cards.show, "无主-001").parcel.cases == (case,), "it keeps its number"


def test_a_parcel_with_a_case_has_none_until_it_is_taken_off(table: Table) -> None:
    books = table.books
    case = returning(books, ORDER, ("TS-L", 1, 5490), waybill=BACK)
    number = table.scan(BACK, "RCMDA", "TS-L")[0].parcel
    assert books.value("SELECT stranger FROM parcels") is None
    assert stock(books) == {("TS-L", "sellable"): 1}
    books.do(detaching.detach, number, because="不是他的", by=WAREHOUSE)
    assert (books.value("SELECT stranger FROM parcels"), stock(books)) == (1, {("TS-L", "unclaimed"): 1})
    undo(books)
    assert (attached(books), stock(books)) == ([(BACK, case)], {("TS-L", "sellable"): 1})
    books.check()


def test_its_pieces_are_in_no_stock_of_goods_until_somebody_claims_it(table: Table) -> None:
    """三件：两件良品、一件还没验；归单前全在无主，归单后各归各位，多的一件暂扣。"""
    books = table.books
    number = table.scan(STRANGER, "RCMDA", "TS-L", "TS-L", "RCMDPENDING", "CUP")[0].parcel
    assert stock(books) == {("TS-L", "unclaimed"): 2, ("CUP", "unclaimed"): 1}
    case = returning(books, ORDER, ("TS-L", 1, 5490), ("CUP", 1, 900), waybill="")
    books.do(parcels.match, number, case, by=WAREHOUSE)
    claimed = {("TS-L", "sellable"): 1, ("TS-L", "held"): 1, ("CUP", "pending"): 1}
    assert stock(books) == claimed
    undo(books)
    assert stock(books) == {("TS-L", "unclaimed"): 2, ("CUP", "unclaimed"): 1}
    books.do(parcels.match, number, case, by=WAREHOUSE)
    assert stock(books) == claimed
    books.check()


def test_what_its_label_says_is_corrected_and_the_earlier_reading_stays(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    books.do(labels.label, number, sender=" 王小明 ", phone_tail="138****5678", by=WAREHOUSE)
    books.do(labels.label, number, phone_tail="5679", old_waybill="yt9000000000099", city="杭州", by=WAREHOUSE)
    card = books.do(cards.show, number)
    assert card.label is not None
    label = card.label
    assert (label.sender, label.phone_tail, label.old_waybill, label.city) == (
        "王*",
        "5679",
        "YT9000000000099",
        "杭州",
    )
    assert [(each.phone_tail, each.city) for each in card.earlier] == [("5678", "")]
    assert [line.action for line in card.history] == ["open", "label", "label"]
    with pytest.raises(Refused, match="already"):
        books.do(labels.label, number, city="杭州", by=WAREHOUSE)
    undo(books)
    card = books.do(cards.show, number)
    assert card.label is not None
    assert (card.label.sender, card.label.phone_tail, card.label.city) == ("王*", "5678", "")
    assert len(card.earlier) == 2
    books.check()


def test_no_event_tells_who_sent_it(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    books.do(labels.label, number, sender="王小明", phone_tail="5678", city="杭州", by=WAREHOUSE)
    told = "".join(row[0] for row in books.rows("SELECT payload FROM events"))
    assert not [text for text in ("王小明", "5678", "杭州") if text in told]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "stands on the label"),
        ({"phone_tail": "12"}, "last four digits"),
        ({"phone_tail": "五六七八"}, "last four digits"),
        ({"old_waybill": "13800005678"}, "phone number"),
        ({"old_waybill": "RCMDA"}, "command"),
        ({"sender": "浙江省" * 20}, "too long"),
    ],
)
def test_what_stands_on_no_label_is_refused(table: Table, said: dict[str, Any], words: str) -> None:
    number = table.scan(STRANGER)[0].parcel
    with pytest.raises(RetcliError, match=words):
        table.books.do(labels.label, number, by=WAREHOUSE, **said)


def test_it_is_put_on_a_shelf(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    books.do(shelves.shelve, number, "a-03", by=WAREHOUSE)
    assert books.do(shelves.shelve, number, "Ｂ－01", by=WAREHOUSE).shelf == "B-01"
    undo(books)
    assert books.do(cards.show, number).parcel.shelf == "A-03"
    with pytest.raises(WrongCommand):
        books.do(shelves.shelve, number, "A/03", by=WAREHOUSE)
    books.check()


def leave(books: Books, number: str, way: str, **how: Any) -> None:
    if way == "send_back":
        books.do(leaving.send_back, number, waybill="SF1620041173377", because="没人认", by=WAREHOUSE, **how)
    else:
        books.do(leaving.dispose, number, because="三十天没人认", by=WAREHOUSE, **how)


@pytest.mark.parametrize("way", ["send_back", "dispose"])
def test_its_pieces_leave_with_it_and_come_back_when_that_is_undone(table: Table, way: str) -> None:
    books = table.books
    number = table.scan(STRANGER, "RCMDA", "TS-L", "RCMDC", "TS-L", "RCMDPENDING", "CUP")[0].parcel
    before = books.rows("SELECT sku, counted, inspected FROM parcel_counts ORDER BY sku")
    leave(books, number, way)
    gone = "sent_back" if way == "send_back" else "disposed"
    assert (state(books), stock(books)) == (gone, {})
    card = books.do(cards.show, number)
    assert card.parcel.contents == ()
    held = sorted((each["sku"], each["pieces"], each["grade"]) for each in card.held)
    assert held == [("CUP", 1, ""), ("TS-L", 1, "A"), ("TS-L", 1, "C")]
    assert card.returned[1] == ("SF1620041173377" if way == "send_back" else "")
    assert card.because
    assert not books.do(parcels.list_parcels, unclaimed=True).parcels
    books.check()
    undo(books)
    assert (state(books), stock(books)) == ("inspected", {("TS-L", "unclaimed"): 2, ("CUP", "unclaimed"): 1})
    assert books.rows("SELECT sku, counted, inspected FROM parcel_counts ORDER BY sku") == before
    case = returning(books, ORDER, ("TS-L", 2, 5490), ("CUP", 1, 900), waybill="")
    books.do(parcels.match, number, case)
    assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", "defective"): 1, ("CUP", "pending"): 1}
    books.check()


@pytest.mark.parametrize("way", ["send_back", "dispose"])
def test_a_parcel_with_a_case_is_taken_off_first(table: Table, way: str) -> None:
    returning(table.books, ORDER, ("TS-L", 1, 5490), waybill=BACK)
    number = table.scan(BACK)[0].parcel
    with pytest.raises(Refused, match="taken off first") as refused:
        leave(table.books, number, way)
    assert refused.value.hint == f"retcli parcel detach {number} --because TEXT"


@pytest.mark.parametrize("way", ["send_back", "dispose"])
def test_our_own_goods_are_neither_sent_to_a_sender_nor_disposed_of(table: Table, way: str) -> None:
    books = table.books
    books.order(ORDER, ("TS-L", 1, 5490), signed_at=None)
    own = books.value("SELECT waybill FROM orders")
    number = table.scan(own)[0].parcel
    with pytest.raises(Refused, match="its goods are ours"):
        leave(books, number, way)


@pytest.mark.parametrize("way", ["send_back", "dispose"])
def test_pieces_of_earlier_books_that_may_be_sold_are_put_aside_first(table: Table, way: str) -> None:
    """老账里的无主件，良品已进可售：先改判暂扣，再退回。"""
    books = table.books
    number = table.scan(STRANGER, "RCMDA", "TS-L")[0].parcel
    as_before(books)
    assert stock(books) == {("TS-L", "sellable"): 1}
    with pytest.raises(Refused, match="may be sold") as refused:
        leave(books, number, way)
    assert refused.value.hint == f"retcli parcel inspect {number} --item TS-L=1:X --regrade"
    books.do(inspection.inspect, number, [inspection.parse_item("TS-L=1:X")], regrade=True, by=WAREHOUSE)
    leave(books, number, way)
    assert stock(books) == {}
    books.check()


def as_before(books: Books, bucket: str = "sellable") -> None:
    """Has the piece in the parcel lie in the bucket where an earlier program put it."""
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text("UPDATE parcels SET apart = (1 = 0)"))
        connection.execute(sa.text("UPDATE stock_balances SET quantity = 0 WHERE bucket = 'unclaimed'"))
        put = sa.text("INSERT INTO stock_balances (sku, bucket, quantity) VALUES ('TS-L', :bucket, 1)")
        connection.execute(put, {"bucket": bucket})
        moved = sa.text(
            'INSERT INTO stock_moves (sku, source, target, quantity, parcel_id, "by", at, cause)'
            " SELECT sku, 'unclaimed', :bucket, 1, parcel_id, \"by\", at, 'untold' FROM stock_moves"
        )
        connection.execute(moved, {"bucket": bucket})
    books.tell()


def test_one_written_down_by_mistake_is_taken_out(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    with pytest.raises(WrongCommand):
        books.do(leaving.void, number, because=" ", by=WAREHOUSE)
    books.do(leaving.void, number, because="扫成了快递柜的码", by=WAREHOUSE)
    assert state(books) == "void"
    assert not books.do(parcels.list_parcels, unclaimed=True).parcels
    undo(books)
    assert state(books) == "received"
    assert books.value("SELECT received_by FROM parcels") == WAREHOUSE
    table.scan(STRANGER, "TS-L")
    with pytest.raises(Refused, match="1 pieces were counted"):
        books.do(leaving.void, number, because="扫错", by=WAREHOUSE)
    books.check()


def test_what_is_gone_is_gone(table: Table) -> None:
    """已退回的不再验货、归单、上架；单号再扫，停下来问。"""
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    leave(books, number, "send_back")
    case = returning(books, ORDER, ("TS-L", 1, 5490), waybill="")
    doings: list[Callable[[], object]] = [
        lambda: books.do(parcels.match, number, case),
        lambda: books.do(parcels.match, number, case, because="就是他的"),
        lambda: books.do(shelves.shelve, number, "A-03"),
        lambda: books.do(labels.label, number, city="杭州"),
        lambda: books.do(leaving.dispose, number, because="扔"),
        lambda: books.do(leaving.void, number, because="错"),
        lambda: books.do(inspection.inspect, number, [inspection.parse_item("TS-L=1:A")]),
    ]
    for doing in doings:
        with pytest.raises(Refused):
            doing()
    table.bench.parcel = ""
    views = table.scan(STRANGER, "TS-L")
    assert [view.outcome for view in views] == ["stop", "unknown"]
    assert "SF1620041173377" in views[0].message
    assert (state(books), stock(books)) == ("sent_back", {})
    books.check()


def test_finance_looks_and_does_not_touch(table: Table) -> None:
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    assert books.do(cards.show, number, by=FINANCE).parcel.number == number
    with pytest.raises(Refused, match="may not"):
        books.do(shelves.shelve, number, "A-03", by=FINANCE)


def test_books_of_before_have_their_strangers_numbered(table: Table) -> None:
    books = table.books
    table.scan(STRANGER, OTHER)
    assert versions.HEAD >= "0038"
    assert books.rows("SELECT last FROM counters WHERE series = 'stranger'") == [(2,)]


def test_the_sender_is_not_read_in_the_words_about_the_parcel(table: Table) -> None:
    """没人认的包裹退回去：理由里写了寄件人的名字，看的人读不到。"""
    books = table.books
    number = table.scan(STRANGER)[0].parcel
    books.do(labels.label, number, sender="欧阳诗涵", by=WAREHOUSE)
    books.do(leaving.dispose, number, because="欧阳诗涵说不要了，电话 13987654321", by=WAREHOUSE)
    because = books.do(cards.show, number).because
    assert "说不要了" in because
    assert "诗涵" not in because
    assert "13987654321" not in because


def test_the_bench_says_where_its_pieces_are_put(table: Table) -> None:
    """戴手套的人照屏幕放：无主件的货放到无主件那里，不是可售。"""
    said = [view.message for view in table.scan(STRANGER, "RCMDA", "TS-L")]
    assert said[1].endswith("to parcel without a case")
    assert "to parcel without a case" in said[2]
    assert stock(table.books) == {("TS-L", "unclaimed"): 1}


@pytest.mark.parametrize(("way", "told"), [("send_back", "sent back"), ("dispose", "disposed of")])
def test_undo_says_that_the_parcel_is_here_again(table: Table, way: str, told: str) -> None:
    books = table.books
    number = table.scan(STRANGER, "RCMDA", "TS-L")[0].parcel
    leave(books, number, way)
    said = books.do(undoing.undo, by=WAREHOUSE)
    assert told in undone(said.act, said.undone_pieces)


def test_a_case_takes_no_parcel_that_has_not_come(table: Table) -> None:
    """还没到的退件是别人的：开单时不能顺手挂上。"""
    books = table.books
    returning(books, ORDER, ("TS-L", 1, 5490), waybill=BACK)
    other = books.order("2850000000000000062", ("CUP", 1, 5990))
    with pytest.raises(Refused, match="not here"):
        books.do(decisions.open_case, other, kind=Kind.RETURN, reason="B_7D", parcel=BACK)
    assert books.value("SELECT COUNT(*) FROM cases") == 1
