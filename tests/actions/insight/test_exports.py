"""Both workbooks of a shop's autumn: their numbers, that all adds up to the notes, and what never stands in them."""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from retcli import language
from retcli.actions.casefile.lookup import case_of
from retcli.actions.casefile.waivers import overrule
from retcli.actions.cases import decisions
from retcli.actions.imports import intake
from retcli.actions.insight import exports
from retcli.actions.insight.month import reconciliation
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection
from retcli.database import engine
from retcli.errors import NotFound, RetcliError
from retcli.rules.money.reconciliation import Control
from retcli.transaction import opened
from retcli.views.insight.exports import ExportView, SheetRows
from retcli.views.screen import Terminal
from tests.reports import EXPORTS
from tests.shopfloor import AGENT, MANAGER, Books, shanghai

DECEMBER = shanghai("2026-12-01 09:00")
AUTUMN = (date(2026, 7, 1), date(2026, 11, 30))
CASE = "RC20261109-00{}".format
PHONE = "13812345678"


def live_through_november(books: Books) -> None:
    """Two refund reports, and between them decisions, payouts, goods, a reversal, and mistakes."""
    files = [EXPORTS / name for name in ("订单报表.csv", "宝贝报表.xlsx", "商品资料.xlsx", "退款报表_1.xlsx")]
    books.at = shanghai("2026-11-09 09:00")
    intake.take_in(books.asked(), files)
    books.hire()
    books.at = shanghai("2026-11-10 11:00")
    books.do(inspection.inspect, "YT5260493176849", [inspection.parse_item("HUM-01=1:A")], reason="Q_FUNC")
    books.do(inspection.inspect, "YT1252110038258", [inspection.parse_item("TS01-BK-XL=1:C")])
    books.do(payouts.refund, CASE(24))
    books.do(payouts.refund, CASE(29))
    books.do(payouts.freight_back, CASE(29), 1000)
    books.do(decisions.approve, CASE(38), amount=1200)
    books.do(decisions.approve, CASE(39), by=AGENT)
    books.do(decisions.approve, CASE(31), amount=10000, waive=["goods_back", "evidence"], because="谈妥")
    books.do(payouts.refund, CASE(28), waive=["goods_first"], because="老客户")
    compensate(books)
    books.at = shanghai("2026-11-12 12:00")
    intake.take_in(books.asked(), [EXPORTS / "退款报表_2.xlsx"])
    books.at = DECEMBER


def compensate(books: Books) -> None:
    """A coupon, points, and cash that a second person let go and a third took back; a coupon that stays due."""
    with opened(books.asked(MANAGER)) as shop:  # on top of a whole refund
        overrule(shop, case_of(shop, CASE(24)), "beyond_price", "补差", beyond=3500)
    given = [
        books.do(payouts.compensate, CASE(29), coupon=500, because=f"=道歉，电话{PHONE}"),
        books.do(payouts.compensate, CASE(29), points=300, because="+积分"),
        books.do(payouts.compensate, CASE(24), cash=3500, because="补差", by=AGENT),
    ]
    books.do(payout_steps.countersign, given[2].number, by=MANAGER)
    for payout in given:
        books.do(payout_steps.step, payout.number, "confirm")
    books.later(hours=22)
    books.do(payout_steps.reverse, given[2].number, because="重复打款")
    books.do(payouts.compensate, CASE(28), coupon=800)


@dataclass
class Autumn:
    """A shop after November with both workbooks written."""

    books: Books
    folder: Path
    money: ExportView
    why: ExportView

    def sheet(self, name: str) -> list[dict[str, Any]]:
        """The rows of a sheet of either workbook by heading, the total row last."""
        for view in (self.money, self.why):
            book: Any = openpyxl.load_workbook(view.file)
            if name in book.sheetnames and name != "Notes":
                rows = [[cell.value for cell in row] for row in book[name].iter_rows(max_col=len(_titles(book[name])))]
                named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
                return [row for row in named if sum(value is not None for value in row.values()) > 1]
        raise KeyError(name)

    def notes(self, view: ExportView) -> dict[str, tuple[Any, Any]]:
        """Count and amount of each line of the notes."""
        rows = openpyxl.load_workbook(view.file)["Notes"].iter_rows(min_row=2, values_only=True)
        return {str(row[0]): (row[1], row[2]) for row in rows}


def _titles(page: Any) -> list[str]:
    return [cell.value for cell in page[1] if cell.value]


@pytest.fixture(scope="module")
def autumn(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Autumn]:
    """The shop on SQLite: made once for all tests here, which only read it."""
    language.use(language.ENGLISH)  # another module may have left another one
    folder = tmp_path_factory.mktemp("autumn")
    shutil.copyfile(template, folder / "shop.db")
    books = Books(str(folder / "shop.db"))
    live_through_november(books)
    money = books.do(exports.reconciliation, "2026-11", folder)
    yield Autumn(books, folder, money, books.do(exports.reasons, *AUTUMN, folder))
    engine.engine(books.database).dispose()


def total(rows: list[dict[str, Any]], title: str) -> float:
    """The sum of a column, computed again from its rows without the total row, which must say the same."""
    found = round(sum(row[title] or 0 for row in rows[:-1]), 4)
    assert round(rows[-1][title], 4) == found
    return found


def test_the_files_bear_the_period_and_the_moment(autumn: Autumn) -> None:
    assert autumn.money.file.name == "reconciliation_2026-11_20261201-0900.xlsx"
    assert autumn.why.file.name == "reasons_2026-07-01_2026-11-30_20261201-0900.xlsx"
    names = [
        "Notes",
        "Summary",
        "Details",
        "Differences",
        "Compensation",
        "Goods in",
        "Transfers",
        "Owed",
        "By order files",
    ]
    assert [sheet.name for sheet in autumn.money.sheets] == names
    names = ["Notes", "Shares of reasons", "Trend", "Refund rates", "Products", "Reasons by product"]
    assert [sheet.name for sheet in autumn.why.sheets] == names


def test_november_in_numbers(autumn: Autumn) -> None:
    notes = autumn.notes(autumn.money)
    assert {
        name: notes[name] for name in ("Paid by us", "Refunded by the platform", "Matched", "Difference in all")
    } == {
        "Paid by us": (18, 1176.15),
        "Refunded by the platform": (13, 1171.15),
        "Matched": (2, 137.23),
        "Difference in all": (None, -921.92),
    }, "what the platform paid beside 100.00 and 12.00 of ours, and 196.90 that nobody let go, stands as its own"
    assert notes["of which compensation"] == (5, 20), (
        "5.00, and the price cut of 12.00 that the platform paid with 15.00"
    )
    assert notes["Points given"] == (300, None)
    assert notes["Other payouts not out yet"] == (2, 18)


def test_the_notes_are_what_the_sheets_add_up_to(autumn: Autumn) -> None:
    notes = autumn.notes(autumn.money)
    details, gaps = autumn.sheet("Details"), autumn.sheet("Differences")
    assert (sum(row["In all"] is not None for row in details[:-1]), total(details, "In all")) == notes["Paid by us"]
    parts = ("Goods refunded", "Freight refunded", "Way back repaid", "Compensation paid")
    assert round(sum(total(details, title) for title in parts), 2) == notes["Paid by us"][1]
    assert total(details, "Points") == total(autumn.sheet("Compensation"), "Points") == notes["Points given"][0]
    assert total(autumn.sheet("Compensation"), "Amount") == notes["of which compensation"][1]
    assert total(autumn.sheet("Summary"), "Amount") == notes["Paid by us"][1]
    assert total(autumn.sheet("Summary"), "Payouts") == notes["Paid by us"][0], "one count; points are no money"
    assert total(autumn.sheet("Summary"), "Payouts of points") == notes["Payouts of points"][0] == 1
    assert total(gaps, "Difference") == total(details, "Difference") == notes["Difference in all"][1]
    for sheet in (details, gaps):
        assert total(sheet, "Platform refunded") == notes["Refunded by the platform"][1]
    assert total(gaps, "Decided by us") == notes["Decided by us and booked"][1]
    assert total(gaps, "Unmatched, ours") == notes["Our payouts + unmatched at the end"][1]
    assert total(gaps, "Unmatched, platform") == notes["Platform refunds + unmatched at the end"][1]
    assert total(autumn.sheet("Goods in"), "Pieces") == notes["Pieces in"][0] == 2
    for written in (*autumn.money.sheets[1:], *autumn.why.sheets[1:]):
        assert len(autumn.sheet(written.name)) - 1 == written.rows


def test_opening_and_new_are_matched_and_closing(autumn: Autumn) -> None:
    notes, closing = autumn.notes(autumn.money), None
    for month in ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"):
        with opened(autumn.books.asked(), writes=False) as shop:
            (block,) = reconciliation.month_of_books(shop, month).blocks
            control = block.control
        assert all(side.holds for side in control.values())
        opening = {side: of.opening for side, of in control.items()}
        assert closing is None or opening == closing
        closing = {side: of.closing for side, of in control.items()}
        if month == "2026-11":
            for side, label in (("ours", "Our payouts"), ("platform", "Platform refunds")):
                assert _said(notes, label) == _booked(control[side])


def _said(notes: dict[str, tuple[Any, Any]], label: str) -> list[tuple[int, float]]:
    texts = ("unmatched at the start", "+ new in the month", "= matched in the month", "+ unmatched at the end")
    return [notes[f"{label} {text}"] for text in texts]


def _booked(control: Control) -> list[tuple[int, float]]:
    four = (control.opening, control.new, control.matched, control.closing)
    return [(count, minor / 100) for count, minor in four]


def test_every_difference_is_named(autumn: Autumn) -> None:
    found: dict[str, list[tuple[str, float]]] = {}
    for row in autumn.sheet("Differences")[:-1]:
        found.setdefault(row["Class"].split()[0], []).append(((row["Case no."] or "")[-4:], row["Difference"]))
        assert row["What to do"]
    assert found["D3"] == [("0031", -9), ("0038", -3)]
    assert "D7" not in found
    assert found["not"] == [("0028", 0)]  # not yet paid, carried over
    assert found["matched"] == [("", 0)], "two refunds that agree, in one row"
    owed = {
        row["Case no."][-4:]: row["Paid for them"] for row in autumn.sheet("Differences")[:-1] if row["Paid for them"]
    }
    d2 = {
        "0022": 139,
        "0025": 91.87,
        "0027": 73,
        "0030": 58.24,
        "0032": 59.9,
        "0034": 63.76,
        "0035": 118.25,
        "0039": 196.9,
        "0001": 109,
    }
    assert dict(found["D2"]) == {case: -money for case, money in d2.items()}
    assert set(owed) == {"0022", "0027", "0030", "0032", "0034", "0035"}, "beside their class, not once more"
    assert len(autumn.sheet("Differences")[:-1]) == sum(len(rows) for rows in found.values())


def test_a_row_of_the_details_tells_how_it_came_about(autumn: Autumn) -> None:
    rows = {row["Request no."] or row["Case no."]: row for row in autumn.sheet("Details")[:-1]}
    own = rows["RC20261109-0029-1"]
    assert (own["Platform refund no."], own["SKU"], own["Pieces"]) == ("260000257807079611", "TS01-BK-XL", 1)
    assert (own["In all"], own["Platform refunded"], own["Matching"], own["Difference"]) == (58.23, 58.23, "matched", 0)
    assert own["Refund succeeded on"] == datetime(2026, 11, 10, 10, 30)
    assert "paid for 3 174.70; 1 of 3 pieces, rounded over the whole line 58.23" in own["How it came about"]
    second = rows["taobao:260000376249522750"]
    assert (
        "1 of 3 refunded before -58.23; 1 of 3 pieces, rounded over the whole line 58.24" in second["How it came about"]
    )
    back = rows["RC20261109-0024-2-R"]
    assert (back["In all"], back["Compensation paid"], back["Matching"]) == (-35, -35, "not a platform refund")
    assert re.fullmatch(r"Takes back PO20261110-\d{4}: 重复打款", back["How it came about"])
    alone = {row["Case no."][-4:]: row["Platform refunded"] for row in rows.values() if row["In all"] is None}
    assert "0039" not in alone
    there = [row for key, row in rows.items() if key.startswith("taobao:") and row["Case no."].endswith("0039")]
    assert [row["In all"] for row in there] == [196.9], "the platform paid what waited for a second person here"
    points = rows["RC20261109-0029-4"]
    assert (points["Points"], points["In all"], points["Currency"]) == (300, None, None)


def test_goods_in_stand_at_cost(autumn: Autumn) -> None:
    rows = autumn.sheet("Goods in")
    assert [(row["SKU"], row["Grade"], row["Went to"], row["At cost"]) for row in rows[:-1]] == [
        ("HUM-01", "A as new", "sellable", 33),
        ("TS01-BK-XL", "C defective", "defective", 22),
    ]


def test_no_personal_data_no_formula_and_ids_as_text(autumn: Autumn) -> None:
    people = autumn.books.rows("SELECT buyer, receiver, phone, address FROM orders")
    known = {text for row in people for text in row if text and len(text) > 1}
    for view in (autumn.money, autumn.why):
        with zipfile.ZipFile(view.file) as archive:
            inside = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
        everything = "".join(inside.values())
        assert not re.search(r"<f\b|t=\"e\"", "".join(text for name, text in inside.items() if "worksheets" in name))
        assert PHONE not in everything
        strings = re.findall(r"<t[^>]*>([^<]*)</t>", everything)
        assert not known & set(strings)
        assert not [text for text in strings if any(person in text for person in known if len(person) > 2)]
    page = openpyxl.load_workbook(autumn.money.file)["Details"]
    assert {(page.cell(2, place).data_type, page.cell(2, place).number_format) for place in (1, 2)} == {("s", "@")}


def test_shares_of_reasons_make_a_hundred_percent(autumn: Autumn) -> None:
    rows = autumn.sheet("Shares of reasons")
    for title in ("Share of cases", "Share of pieces", "Share of money"):
        assert total(rows, title) == 1
    notes = autumn.notes(autumn.why)
    assert (total(rows, "Cases"), total(rows, "Pieces")) == (notes["Cases"][0], notes["Pieces"][0]) == (35, 38)
    assert total(rows, "Refunded") == notes["Refunded"][1] == total(autumn.sheet("Trend"), "Refunded")
    assert [row["Cases"] for row in rows[:-1]] == sorted((row["Cases"] for row in rows[:-1]), reverse=True)
    assert notes["Withdrawn, left out"] == (5, None)
    assert notes["Orders paid"] == (289, None)


def test_the_verified_reason_counts(autumn: Autumn) -> None:
    stated, verified = autumn.books.rows(
        f"SELECT reason_stated, reason_verified FROM cases WHERE number = '{CASE(24)}'"
    )[0]
    assert (stated, verified) == ("Q_CRAFT", "Q_FUNC")
    row = next(row for row in autumn.sheet("Details") if row["Case no."] == CASE(24))
    assert row["Reason that counts"] == "does not work"


def test_the_trend_and_the_products(autumn: Autumn) -> None:
    trend = autumn.sheet("Trend")
    months = ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    assert [row["Applied for in"] for row in trend[:-1]] == months
    rates = autumn.sheet("Refund rates")
    assert [row["Maturity"] for row in rates[:-1]] == ["mature"] * 4 + ["not mature yet"]
    assert not set(rates[0]) & {"Cases", "Returns"}, "orders are one base, cases another"
    october = rates[3]
    assert october["at least"] < october["Refund rate of orders paid"] < october["at most"]
    assert october["Refund rate of orders paid"] == round(october["of them refunded"] / october["Orders paid"], 4)
    first, *rest = autumn.sheet("Products")[:-1]
    most = next(row for row in (first, *rest) if row["Sample"] == "too few")
    assert (most["SKU"], most["Pieces"]) == ("TS01-BK-XL", 4), "the most pieces, but of few sold"
    too_few = [row["Sample"] == "too few" for row in (first, *rest)]
    assert too_few == sorted(too_few), "rates of fewer than 30 come last"
    assert first["Return rate by pieces"] == round(first["of them returned"] / first["Pieces sold"], 4)
    assert total(autumn.sheet("Products"), "Pieces") == total(autumn.sheet("Reasons by product"), "Pieces") == 38


def test_charts_are_native(autumn: Autumn) -> None:
    book: Any = openpyxl.load_workbook(autumn.why.file)
    drawn = {page.title: [type(chart).__name__ for chart in page._charts] for page in book if page._charts}
    assert drawn == {"Shares of reasons": ["BarChart"], "Trend": ["LineChart"],
                     "Refund rates": ["LineChart"], "Products": ["BarChart"]}  # fmt: skip
    (line,) = book["Refund rates"]._charts[0].series
    assert [point.idx for point in line.dPt] == [4], "November is not mature: its point is hollow"


def test_the_document_and_what_is_drawn(autumn: Autumn, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(json.dumps(autumn.money.document()))
    assert document["sheets"][2] == {"name": "Details", "rows": 19}
    assert document["totals"]["paid"] == [{"currency": "CNY", "minor": 117615, "text": "1176.15"}]
    assert document["totals"]["points"] == {"points": 300}
    assert document["control"]["CNY"]["ours"]["opening"]["count"] == 0
    autumn.money.draw(Terminal())
    shown = capsys.readouterr().out
    assert str(autumn.money.file) in shown
    assert "Paid by us: 1176.15" in shown


def test_exports_are_noted_in_the_chain_of_events(autumn: Autumn) -> None:
    noted = autumn.books.rows("SELECT action, payload FROM events WHERE subject = 'export' ORDER BY seq")
    assert [action for action, _payload in noted] == ["reconciliation", "reasons"]
    assert json.loads(noted[0][1])["money"] == [["CNY", 117615, 117115, -92192]], "the last is the difference"
    autumn.books.check()


def test_again_writes_beside_and_says_so(autumn: Autumn, tmp_path: Path) -> None:
    for name in ("mine.xlsx", "mine (2).xlsx"):
        with opened(autumn.books.asked(), writes=False) as shop:
            view = exports.reconciliation(shop, "2026-11", tmp_path / "mine")
        assert view.file == tmp_path / name
    assert view.remarks == ("mine.xlsx is there already, so it was left alone",)
    with opened(autumn.books.asked(), writes=False) as shop, pytest.raises(NotFound):
        exports.reconciliation(shop, "2026-11", tmp_path / "none" / "mine.xlsx")


def test_the_folder_is_the_current_one_unless_said(
    sqlite_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    view = sqlite_books.do(exports.reconciliation, "2026-11", None)
    assert view.file.parent == tmp_path
    assert SheetRows("Details", 0) in view.sheets
    assert SheetRows("Shares of reasons", 0) in sqlite_books.do(exports.reasons, *AUTUMN, None).sheets


def test_sheets_that_do_not_add_up_are_refused(autumn: Autumn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciliation, "movements", lambda *_: [])
    with opened(autumn.books.asked(), writes=False) as shop, pytest.raises(RetcliError, match="does not add up"):
        exports.reconciliation(shop, "2026-11", tmp_path)
    assert list(tmp_path.glob("*.xlsx")) == []


def test_postgresql_says_the_same(autumn: Autumn, postgres_books: Books, tmp_path: Path) -> None:
    live_through_november(postgres_books)
    money = postgres_books.do(exports.reconciliation, "2026-11", tmp_path)
    why = postgres_books.do(exports.reasons, *AUTUMN, tmp_path)
    for mine, theirs in ((money, autumn.money), (why, autumn.why)):
        assert mine.document() | {"file": ""} == theirs.document() | {"file": ""}
        left, right = openpyxl.load_workbook(mine.file), openpyxl.load_workbook(theirs.file)
        for page in left:
            assert _without_chain(page) == _without_chain(right[page.title])


def _without_chain(page: Any) -> list[Any]:
    """The rows of a sheet but the one that names the last event: each of two books has a history of its own."""
    return [row for row in page.values if row[0] != "Last event of the books"]
