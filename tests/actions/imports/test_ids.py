"""Every id that a file holds is found again by what a scanner sends or a person types."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.imports import intake, refund_cases
from retcli.actions.shop import orders
from retcli.actions.warehouse import parcels
from retcli.database import engine
from retcli.errors import NeedsPerson, RetcliError, WrongCommand
from retcli.models.tracking import Movement
from retcli.platforms import DIALECTS, douyin
from retcli.reading import cells
from retcli.reading.containers import tables
from retcli.reading.dialect import Dialect, Match, Row
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop
from retcli.transaction import opened
from tests import knownfiles
from tests.reports import settle
from tests.shopfloor import FIXTURES, Books

FULL_WIDTH = {ord(ch): chr(ord(ch) + 0xFEE0) for ch in map(chr, range(0x21, 0x7F))}
HELD = frozenset({"orders", "items", "sales", "refunds", "movements", "products"})
"""What files hold whose ids people look up; the entries of a statement are compared, not looked up."""
READS = (cells.identifier, cells.waybill, cells.first_waybill, cells.codes, douyin.express_number)
LABELLED = ("No:", "No.", "单号：", "运单号:", "快递单号: ", "ＮＯ：")


def _order(shop: Shop, typed: str) -> bool:
    return bool(orders.find(shop, typed).orders)


def _case(shop: Shop, typed: str) -> bool:
    try:
        return bool(lookup.case_of(shop, typed).number)
    except RetcliError:
        return False


def _parcel(shop: Shop, typed: str) -> bool:
    try:
        return bool(parcels.parcel_of(shop, typed).number)
    except RetcliError:
        return False


def _movement(shop: Shop, typed: str) -> bool:
    query = sa.select(sa.func.count(col(Movement.id))).where(col(Movement.waybill) == normalised(typed))
    return bool(shop.session.scalar(query))


def _article(shop: Shop, typed: str) -> bool:
    return parcels.sku_of(shop, normalised(typed)) is not None


LOOK_UPS: dict[tuple[str, str], Callable[[Shop, str], bool]] = {
    **{(holds, "order"): _order for holds in ("orders", "items", "sales", "refunds")},
    **{(holds, "line"): _order for holds in ("items", "sales", "refunds")},
    **{(holds, "waybill"): _order for holds in ("orders", "items", "sales")},
    **{(holds, "platform_order"): _order for holds in ("orders", "sales", "refunds")},
    ("sales", "platform_line"): _order,
    ("refunds", "refund"): _case,
    ("refunds", "waybill"): _parcel,
    ("movements", "waybill"): _movement,
    ("products", "barcodes"): _article,
    ("products", "carton_codes"): _article,
    ("products", "sku"): _article,
}
"""How what stands in a column is looked up, by what a file holds and our word for the column."""
CODES = frozenset({"sku", "outer_sku"})
"""Codes of articles beside an order: the product sheet names the articles that are looked up."""


def id_columns(dialect: Dialect) -> Iterator[str]:
    """Our words for the columns of a kind of file that hold ids."""
    for field in dialect.fields:
        if field.read in READS and not (dialect.holds != "products" and field.name in CODES):
            yield field.name


COLUMNS = [(dialect, name) for dialect in DIALECTS if dialect.holds in HELD for name in id_columns(dialect)]


NOT_KEPT = {
    ("wdt.order", "platform_line"): "the books know the line by the ERP's number",
    ("jst.order", "platform_order"): "the books know the order by the ERP's number",
    ("jst.aftersale", "platform_order"): "the books know the order by the ERP's number",
    ("amazon.fba_returns", "order"): "the orders of Amazon come from no report that is known",
    ("amazon.fba_returns", "refund"): "a return waits for its order",
}
"""Columns whose ids are in no packaged file's orders, or in none of the books' tables, and why."""
NEVER_FILLED = {
    ("kuaishou.aftersale", "waybill"),
    ("jst.aftersale", "waybill"),
    ("shopee.return", "waybill"),
    ("products", "carton_codes"),
}
"""Columns that no packaged file has filled in a row that can be taken; they are read as the others are."""


@dataclass(frozen=True)
class Held:
    """What a packaged file of a dialect holds in the columns of ids, by the row, as a person reads it there."""

    dialect: Dialect
    path: Path
    ids: dict[str, dict[int, str]]


def _files() -> Iterator[Path]:
    for path in sorted((FIXTURES / "exports").rglob("*")):
        if path.is_file() and "broken" not in path.parts:
            yield path


def _rewritten(path: Path, folder: Path) -> Iterator[Held]:
    """The tables of a packaged file as text files in a folder, with a label before each waybill, as Taobao's own
    export has it, and small letters in the names of Shopify's orders.
    """
    try:
        found = knownfiles.readings(path)
    except NeedsPerson:
        return
    by_name = {table.name: table for table in tables(path)}
    for reading in found:
        if reading.dialect.holds in HELD:
            table = by_name.get(reading.table) or next(iter(by_name.values()))
            yield _written([list(row) for row in table.rows()], reading.match, folder)


def _written(rows: list[list[str]], match: Match, folder: Path) -> Held:
    names = [name for name in id_columns(match.dialect) if name in match.columns]
    top = next(at for at, row in enumerate(rows) if tuple(row) == match.header)
    for number, row in enumerate(rows[top + 1 :]):
        for name in names:
            if match.columns[name] < len(row):
                row[match.columns[name]] = _relabelled(name, row[match.columns[name]], number)
    written = folder / f"{len(list(folder.iterdir())):03d}.csv"
    with written.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    understood = {row.number for row in knownfiles.read(written).rows if isinstance(row, Row)}
    ids = {
        name: {
            number: cells.word(row[match.columns[name]])
            for number, row in enumerate(rows, 1)
            if number in understood and match.columns[name] < len(row)
        }
        for name in names
    }
    return Held(match.dialect, written, ids)


def _relabelled(name: str, cell: str, number: int) -> str:
    if name == "waybill" and cells.word(cell)[:4].isalnum():
        return LABELLED[number % len(LABELLED)] + cells.plain(cell)
    return cell.replace("#", "#glow") if name == "order" else cell


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[tuple[Books, list[Held]]]:
    """Books with every packaged file in them, and what those files hold."""
    folder = tmp_path_factory.mktemp("ids")
    books = Books(str(folder / "shop.db"))
    Path(books.database).write_bytes(template.read_bytes())
    night = folder / "night"
    night.mkdir()
    held = [each for path in _files() for each in _rewritten(path, night)]
    intake.take_in(books.asked(), [settle(night)])
    yield books, held
    engine.engine(books.database).dispose()


def taken(books: Books, held: Held, name: str) -> list[str]:
    """The ids of a column in the rows that the books took, each once."""
    refused = books.rows(
        "SELECT f.row FROM import_faults f JOIN imports i ON i.id = f.import_id WHERE i.name = :name",
        name=held.path.name,
    )
    ids = held.ids.get(name, {})
    texts = (text for number, text in ids.items() if text and (number,) not in refused)
    return list(dict.fromkeys(each for text in texts for each in _typed(held.dialect, name, text)))


def _typed(dialect: Dialect, name: str, text: str) -> list[str]:
    """What a person types of a cell: each barcode, Douyin's waybill without its carrier, a number without ``.0``."""
    if name == "barcodes":
        return text.split()
    if name == "waybill" and dialect.name == "douyin.order":
        return [text.partition("-")[0]]
    return [text.removesuffix(".0")]


def spellings(written: str) -> Iterator[str]:
    """What a scanner sends and a person types for an id."""
    yield written
    yield written.lower()
    yield written.upper().translate(FULL_WIDTH)
    yield f" {written[:5]} {written[5:]}\t\r\n"
    yield f"单号：{written}"
    yield f"No: {written}"
    if written.startswith("JD"):
        yield f"{written}-1-1-"


@pytest.mark.parametrize(("dialect", "name"), COLUMNS, ids=[f"{d.name}-{name}" for d, name in COLUMNS])
def test_what_a_file_holds_is_found_by_what_is_typed(
    shelf: tuple[Books, list[Held]], dialect: Dialect, name: str
) -> None:
    if (dialect.name, name) in NOT_KEPT:
        return
    look_up = LOOK_UPS[dialect.holds, name]
    books, everything = shelf
    written = [each for held in everything if held.dialect.name == dialect.name for each in taken(books, held, name)]
    assert written or (dialect.name, name) in NEVER_FILLED, "no packaged file has the column filled"
    with opened(books.asked(), writes=False) as shop:
        for each in islice(written, 40):
            lost = [typed for typed in spellings(each) if not look_up(shop, typed)]
            assert not lost, each


WAYBILLS = [field for dialect in DIALECTS for field in dialect.fields if field.name == "waybill"]


@pytest.mark.parametrize("label", LABELLED)
def test_every_column_of_waybills_is_read_without_the_label(label: str) -> None:
    for field in WAYBILLS:
        after = "-申通快递" if field.read is douyin.express_number else ""
        assert field.read(f"{label}773187945217235{after}") == "773187945217235", field


def test_a_waybill_that_a_spreadsheet_destroyed_is_refused_with_its_label_too() -> None:
    for read in (cells.waybill, cells.first_waybill):
        for label in LABELLED:
            with pytest.raises(cells.Unreadable):
                read(f"{label}7.73188E+14")


def test_a_label_without_a_number_is_no_waybill() -> None:
    assert [cells.waybill(cell) for cell in ("No:", "单号：", "No:null", "null", "-")] == [""] * 5


def test_a_refund_names_its_order_in_another_spelling(books: Books) -> None:
    books.order("#glow3424", ("TS-L", 1, 1000))
    with opened(books.asked(), writes=False) as shop:
        for named in ("#GLOW3424", "glow3424", "#glow3424", "#glow34241"):
            order = refund_cases.order_of(shop, "taobao", named)
            assert order is not None, named
            assert order.number == "#glow3424", "as the platform writes it"


def test_of_two_orders_that_differ_in_small_letters_none_is_guessed(books: Books) -> None:
    books.order("E20261109a", ("TS-L", 1, 1000))
    books.order("E20261109A", ("TS-L", 1, 1000))
    with opened(books.asked(), writes=False) as shop:
        found = [refund_cases.order_of(shop, "taobao", n) for n in ("E20261109a", "E20261109A", "e20261109a")]
        assert [order is None for order in found] == [False, False, True]
        with pytest.raises(WrongCommand):
            lookup.order_of(shop, "e20261109a")
