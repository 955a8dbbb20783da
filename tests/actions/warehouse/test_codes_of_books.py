"""Every code that the books hold is found by what a scanner sends of it, and means the same in every spelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retcli.actions.money import payouts
from retcli.actions.warehouse import inspection, parcels, stock_shown
from retcli.actions.warehouse.bench import explained_scans
from retcli.actions.warehouse.code_facts import Code, code_of
from retcli.errors import Refused, WrongCommand
from retcli.rules.warehouse.codes import Meaning
from retcli.transaction import opened
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Table, attached, returning, stock

M = Meaning
ONE, TWO, THREE = "2850000000000000081", "2850000000000000082", "2850000000000000083"
BACK, OURS, HAT_OR_PARCEL = "YT5260493176849", f"SF{TWO[-12:]}", "4312345678902"
BARCODE, SHARED, CARTON = "6901234567892", "6909999999996", "16901234567899"
FULL_WIDTH = {ord(ch): chr(ord(ch) + 0xFEE0) for ch in map(chr, range(0x21, 0x7F))}


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("TS-L", barcode=BARCODE)
    return Table(books)


def read(books: Books, typed: str) -> Code:
    with opened(books.asked(), writes=False) as shop:
        return code_of(shop, typed)


@pytest.mark.parametrize(
    "typed",
    [
        f"MMM={{'k1':'755WF','k4':'T4','k5':'{BACK}','k7':'8a3b3a07'}}",
        f"https://www.yto.net.cn/q.html?mailNo={BACK.lower()}&from=qr",
        f"*{BACK}*", f"j{BACK}", f"{BACK}{BACK}", f"\x1d]C0{BACK}\r\n", f"原单：{BACK}", f"{BACK},1,2026-11-09 10:31",
    ],
)  # fmt: skip
def test_a_parcel_is_received_by_whatever_its_label_says(table: Table, typed: str) -> None:
    case = returning(table.books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    view = table.scan(typed)[0]
    assert (view.outcome, view.code, view.case) == ("received", BACK, case)
    assert table.books.value("SELECT COUNT(*) FROM parcels") == 1
    table.books.check()


def test_a_parcel_that_nobody_announced_is_kept_under_the_number_alone(table: Table) -> None:
    """二维码里只有顺丰单号认得出：登记的运单号就是它，不是整段网址；没有字母的号码不从网址里猜。"""
    said = table.outcomes("https://sf.cn/t?n=SF1888888888888&v=2", "https://x.cn/t?n=75599999999990")
    assert said == ["unclaimed", "unknown"]
    assert [tuple(row) for row in table.books.rows("SELECT waybill, carrier FROM parcels")] == [
        ("SF1888888888888", "顺丰")
    ]


def test_a_line_of_a_handheld_counts_its_pieces(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 3, 16470), waybill=BACK)
    said = table.scan(f"{BACK},1", "RCMDA", f"{BARCODE},2,10:31:05", "ts-l;1")
    assert [view.outcome for view in said] == ["received", "command", "inspected", "inspected"]
    assert stock(table.books) == {("TS-L", "sellable"): 3}
    table.books.check()


def test_a_code_of_a_piece_and_of_a_parcel_is_asked_about(table: Table) -> None:
    """桌上等着帽子，扫到的码既是帽子的条码，又是另一个退件的运单号：停下来问，输哪个算哪个。"""
    books = table.books
    books.product("HAT-01", barcode=HAT_OR_PARCEL)
    returning(books, ONE, ("HAT-01", 1, 5490), waybill=BACK)
    books.do(parcels.expect_by_hand, returning(books, THREE, ("TS-L", 1, 5490), waybill=""), "SF1620041173366")
    with opened(books.asked()) as shop:
        other = parcels.parcel_of(shop, "SF1620041173366")
        other.waybill, number = HAT_OR_PARCEL, other.number
    said = table.scan(BACK, "RCMDA", HAT_OR_PARCEL, "HAT-01")
    assert [view.outcome for view in said] == ["received", "command", "stop", "inspected"]
    assert "HAT-01" in said[2].message
    assert number in said[2].message
    assert stock(books) == {("HAT-01", "sellable"): 1}
    again = table.scan("RCMDNEXT", HAT_OR_PARCEL)[1]
    assert again.outcome == "received"
    assert "an article's code" in again.message
    books.check()


def test_the_end_of_a_telephone_number_names_the_cases_and_books_nothing(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="", phone_tail="5678")
    books.order(TWO, ("TS-L", 1, 5490), phone_tail="5678")
    said = table.scan("SF1888888888888", "TS-L", "５６７８", case)
    assert [view.outcome for view in said] == ["unclaimed", "counted", "unknown", "received"]
    assert case in said[2].message
    assert attached(books) == [("SF1888888888888", case)]
    assert read(books, "0000").read.meaning == M.NOTHING


def test_a_number_of_one_case_and_of_another_s_order_is_asked_about(table: Table) -> None:
    books = table.books
    first, second = (returning(books, each, ("TS-L", 1, 5490), waybill="") for each in (ONE, TWO))
    with opened(books.asked()) as shop:
        shop.session.connection().exec_driver_sql(
            f"UPDATE cases SET platform_number = '{TWO}' WHERE number = '{first}'"
        )
    code = read(books, TWO)
    assert (code.read.meaning, set(code.read.cases)) == (M.SLIPS, {first, second})


def test_commands_name_parcels_and_articles_as_the_loop_does(table: Table) -> None:
    books = table.books
    books.product("TS-M", barcode=SHARED)
    books.product("TS-M-NEW", barcode=SHARED)
    case = returning(books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    number = table.scan(BACK)[0].parcel
    with opened(books.asked(), writes=False) as shop:
        for ref in (number.replace("-", ""), f"https://x.cn/?mail={BACK}", f"*{BACK}*", case, ONE):
            assert parcels.parcel_of(shop, ref).number == number
    books.do(inspection.inspect, number.replace("-", ""), [inspection.parse_item(f"({'01'})0{BARCODE}=1:A")])
    assert stock(books) == {("TS-L", "sellable"): 1}
    for typed in ("TS-L", "ts-l", BARCODE, f"]E0{BARCODE}", f"*{BARCODE}*"):
        with opened(books.asked(), writes=False) as shop:
            assert [row["sku"] for row in stock_shown.show(shop, typed).document()["stock"]] == ["TS-L"]
    with opened(books.asked(), writes=False) as shop, pytest.raises(WrongCommand, match="several articles"):
        stock_shown.show(shop, SHARED)
    with pytest.raises(Refused, match="is a command"):
        books.do(parcels.expect_by_hand, case, "RCMDA", sure=True)


def test_pieces_are_named_by_the_number_of_their_line_as_well(table: Table) -> None:
    """子订单号在收件台上是单号；在 --item 里说的是那一行的货。"""
    books = table.books
    returning(books, ONE, ("TS-L", 1, 5490), ("", 1, 2000), waybill=BACK)
    first, unnamed = (row[0] for row in books.rows("SELECT number FROM order_lines ORDER BY id"))
    said = table.scan(BACK, first)
    assert [view.outcome for view in said] == ["received", "duplicate"]
    assert "article" not in said[1].message
    books.do(inspection.inspect, BACK, [inspection.parse_item(f"{number}=1:A") for number in (first, unnamed)])
    assert stock(books) == {("TS-L", "sellable"): 1, (unnamed, "sellable"): 1}
    books.check()


def test_explaining_changes_nothing_and_says_what_a_scan_does(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    before = books.rows("SELECT seq FROM events")
    told = books.do(explained_scans.explain, f"*{BACK.lower()}*", by=WAREHOUSE, dry_run=True)
    assert (told.read.meaning, told.now.outcome, told.now.case) == (M.PARCEL, "received", case)
    assert [answer.names for answer in told.answers] == [(told.read.parcel,)]
    piece = books.do(explained_scans.explain, BARCODE, BACK, by=WAREHOUSE, dry_run=True)
    assert (piece.read.article.sku, piece.now.outcome, piece.on_table) == ("TS-L", "counted", told.read.parcel)
    assert books.rows("SELECT seq FROM events") == before
    assert books.value("SELECT state FROM parcels") == "expected"


# -- every code of a whole shop ---------------------------------------------------------------------------------------

HELD = {
    "parcels.waybill": {M.PARCEL},
    "parcels.number": {M.PARCEL},
    "orders.waybill": {M.PARCEL, M.REFUSED},
    "order_waybills.waybill": {M.PARCEL, M.REFUSED},
    "orders.number": {M.SLIP, M.SLIPS, M.ORDER},
    "order_lines.number": {M.SLIP, M.SLIPS, M.ORDER},
    "cases.number": {M.SLIP, M.SLIPS},
    "cases.platform_number": {M.SLIP, M.SLIPS},
    "products.sku": {M.ARTICLE, M.ARTICLES},
    "barcodes.code": {M.ARTICLE, M.ARTICLES},
}
AROUND = [
    "{}",
    " {}\t",
    "\x1d{}",
    "{}\r\n",
    "]C0{}",
    "\ufeff{}",
    "*{}*",
    "{};",
    "单号：{}",
    "{},1",
    "https://x.cn/t?no={}",
]


@pytest.fixture(scope="module")
def shop_codes(stocked: Path) -> tuple[Books, list[tuple[str, str]]]:
    """The books of a whole shop, and every code in them with the column that holds it."""
    books = Books(str(stocked))
    codes = []
    for name in HELD:
        table, column = name.split(".")
        codes += [(name, text) for (text,) in books.rows(f"SELECT DISTINCT {column} FROM {table}") if text]
    return books, codes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_every_code_of_a_shop_is_found_by_what_a_scanner_sends(
    shop_codes: tuple[Books, list[tuple[str, str]]], data: st.DataObject
) -> None:
    books, codes = shop_codes
    column, text = data.draw(st.sampled_from(codes))
    around = data.draw(st.sampled_from(AROUND[:-1] if len(text) < 6 or not text.isascii() else AROUND))
    written = text.lower() if data.draw(st.booleans()) else text
    typed = around.format(written)
    typed = typed.translate(FULL_WIDTH) if data.draw(st.booleans()) else typed
    assert read(books, typed).read.meaning in HELD[column], typed


def test_what_the_books_know_is_not_called_unknown(table: Table) -> None:
    """认得出是哪张单、哪个商品、哪笔打款的码不叫“不认识”；点到的件照常有它的词。"""
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    slip, piece, nowhere = table.scan(case, BARCODE, "R949005")
    assert [view.heading for view in (slip, piece, nowhere)] == ["nothing booked", "nothing booked", "not known here"]
    counted = table.scan(BACK, "RCMDA", BARCODE)[2]
    assert counted.heading == "inspected"
    books.do(payouts.refund, case)
    payout = str(books.value("SELECT number FROM payouts"))
    paid = table.scan("RCMDNEXT", payout)[1]
    assert (paid.heading, case in paid.message) == ("nothing booked", True)
    with opened(books.asked()) as shop:
        assert (payout, code_of(shop, payout).read.meaning) == (payout, M.PAYOUT)
