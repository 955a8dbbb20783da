"""Every id that a file holds is found again by what a scanner sends or a person types."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.imports import intake
from retcli.actions.imports.refunds import refund_cases
from retcli.actions.shop import orders
from retcli.actions.warehouse import article_codes, code_facts, parcels
from retcli.database import engine
from retcli.errors import NeedsPerson, RetcliError, WrongCommand
from retcli.models.tracking import Movement
from retcli.platforms import DIALECTS, douyin
from retcli.reading import cells, waybills
from retcli.reading.containers import tables
from retcli.reading.dialect import Dialect, Match, Row
from retcli.rules.warehouse.ids import normalised
from retcli.shop import Shop
from retcli.transaction import opened
from tests import knownfiles
from tests.lengths import length, sweep
from tests.reports import settle
from tests.shopfloor import FIXTURES, Books

FULL_WIDTH = {ord(ch): chr(ord(ch) + 0xFEE0) for ch in map(chr, range(0x21, 0x7F))}
IDS = length(10, 40)
"""How many ids of a column are looked up in each spelling, chosen by chance, the same at each run."""
HELD = frozenset({"orders", "items", "sales", "refunds", "movements", "products"})
"""What files hold whose ids people look up; the entries of a statement are compared, not looked up."""
READS = (cells.identifier, waybills.all_waybills, cells.codes, douyin.express_numbers)
LABELLED = ("No:", "No.", "单号：", "运单号:", "快递单号: ", "ＮＯ：")
APART = (";", ",", "，", "；", "、", "|", "/", "\n", "\t", " ", "; ", " / ", "。", "+", "&", "\\", "和", "·", "－")
"""What back-ends write between the waybills of an order."""
FURTHER = (("YT", 13), ("77", 13), ("SF", 13), ("JT", 13))
"""How waybills of some carriers begin, and how many digits they have behind it."""


def _order(shop: Shop, typed: str) -> bool:
    return bool(orders.find(shop, typed).orders)


def _sent(shop: Shop, typed: str) -> bool:
    """By a person's look-up and by the scan's, which find the same orders."""
    scanned = {order.number for order in code_facts.facts(shop, typed, None).sent}
    return {row["number"] for row in orders.find(shop, typed).orders} == scanned != set()


def _case(shop: Shop, typed: str) -> bool:
    try:
        return bool(lookup.case_of(shop, typed).number)
    except RetcliError:
        return False


def _parcel(shop: Shop, typed: str) -> bool:
    try:
        number = parcels.parcel_of(shop, typed).number
    except RetcliError:
        return False
    return code_facts.facts(shop, typed, None).known.parcel == number


def _movement(shop: Shop, typed: str) -> bool:
    query = sa.select(sa.func.count(col(Movement.id))).where(col(Movement.waybill) == normalised(typed))
    return bool(shop.session.scalar(query))


def _article(shop: Shop, typed: str) -> bool:
    return article_codes.sku_of(shop, normalised(typed)) is not None


LOOK_UPS: dict[tuple[str, str], Callable[[Shop, str], bool]] = {
    **{(holds, "order"): _order for holds in ("orders", "items", "sales", "refunds")},
    **{(holds, "line"): _order for holds in ("items", "sales", "refunds")},
    **{(holds, "waybill"): _sent for holds in ("orders", "items", "sales")},
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
    """What a packaged file of a dialect holds in the columns of ids, by the row, as a person reads it there; of the
    cells with waybills, each of the numbers.
    """

    dialect: Dialect
    path: Path
    ids: dict[str, dict[int, list[str]]]


def _files() -> Iterator[Path]:
    for path in sorted((FIXTURES / "exports").rglob("*")):
        if path.is_file() and "broken" not in path.parts:
            yield path


def _rewritten(path: Path, folder: Path) -> Iterator[Held]:
    """The tables of a packaged file as text files in a folder, with one, two or three waybills in each cell of them and
    a label before each, as back-ends write them, and small letters in the names of Shopify's orders.
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
    file = len(list(folder.iterdir()))
    ids: dict[str, dict[int, list[str]]] = {name: {} for name in names}
    for number, row in enumerate(rows[top + 1 :], top + 2):
        for name in names:
            place = match.columns[name]
            if place < len(row):
                row[place], ids[name][number] = _respelled(match.dialect, name, row[place], file * 10_000 + number)
    written = folder / f"{file:03d}.csv"
    with written.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    understood = {row.number for row in knownfiles.read(written).rows if isinstance(row, Row)}
    taken_in = {
        name: {number: each for number, each in of_rows.items() if number in understood}
        for name, of_rows in ids.items()
    }
    return Held(match.dialect, written, taken_in)


def _respelled(dialect: Dialect, name: str, cell: str, number: int) -> tuple[str, list[str]]:
    """A cell as another back-end might write it, and what a person types of it."""
    bare = cells.plain(cell).removeprefix("No:")
    if name == "waybill" and cells.word(bare)[:4].isalnum():
        return _with_more(dialect, bare, number)
    cell = cell.replace("#", "#glow") if name == "order" else cell
    text = cells.word(cell)
    typed = text.split() if name == "barcodes" else [text.removesuffix(".0")]
    return cell, [each for each in typed if each]


def _with_more(dialect: Dialect, cell: str, number: int) -> tuple[str, list[str]]:
    """One to three waybills in a cell, all but the first numbers that stand nowhere else."""
    label, apart = LABELLED[number % len(LABELLED)], APART[number % len(APART)]
    new = [f"{first}{number * 10 + place:0{digits}d}" for place, (first, digits) in enumerate(FURTHER)]
    if dialect.name == "douyin.order":
        first = [parcel.partition("-")[0] for parcel in cell.split(";")]
        more = [f"{each}-申通快递,数据线x2" for each in new[: number % 3]]
        return ";".join([f"{label}{cell}", *more]), [*first, *new[: number % 3]]
    numbers = [cell, *new[: number % 3]]
    return apart.join(f"{label}{each}" for each in numbers), numbers


Shelf = tuple[Books, list[Held]]


@pytest.fixture(scope="session")
def shelves() -> Iterator[dict[str, Shelf]]:
    """The books that are filled already, by their database: a process that took over tests of another one comes back
    to them.
    """
    filled = dict[str, Shelf]()
    yield filled
    for books, _held in filled.values():
        engine.engine(books.database).dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shelf(request: pytest.FixtureRequest, shelves: dict[str, Shelf], tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Books with every packaged file in them, and what those files hold."""
    if request.param in shelves:
        return shelves[request.param]
    folder = tmp_path_factory.mktemp("ids")
    if request.param == "sqlite":
        books = Books(str(folder / "shop.db"))
        Path(books.database).write_bytes(request.getfixturevalue("template").read_bytes())
    else:
        books = Books(request.getfixturevalue("postgres").create("books1"))
    night = folder / "night"
    night.mkdir()
    held = [each for path in _files() for each in _rewritten(path, night)]
    intake.take_in(books.asked(), [settle(night)])
    shelves[request.param] = books, held
    return shelves[request.param]


def taken(books: Books, held: Held, name: str) -> list[str]:
    """The ids of a column in the rows that the books took, each once."""
    refused = books.rows(
        "SELECT f.row FROM import_faults f JOIN imports i ON i.id = f.import_id WHERE i.name = :name",
        name=held.path.name,
    )
    ids = held.ids.get(name, {})
    kept = (typed for number, typed in ids.items() if (number,) not in refused)
    return list(dict.fromkeys(each for typed in kept for each in typed))


def spellings(written: str) -> Iterator[str]:
    """What a scanner sends and a person types for an id."""
    yield written
    yield written.lower()
    yield written.upper().translate(FULL_WIDTH)
    yield f" {written[:5]} {written[5:]}\t\r\n"
    yield f"单号：{written}"
    yield f"No: {written}"
    yield f"]C1{written}"
    if written.startswith("JD"):
        yield f"{written}-1-1-"


@sweep
@pytest.mark.parametrize(("dialect", "name"), COLUMNS, ids=[f"{d.name}-{name}" for d, name in COLUMNS])
def test_what_a_file_holds_is_found_by_what_is_typed(shelf: Shelf, dialect: Dialect, name: str) -> None:
    if (dialect.name, name) in NOT_KEPT:
        return
    look_up = LOOK_UPS[dialect.holds, name]
    books, everything = shelf
    written = [each for held in everything if held.dialect.name == dialect.name for each in taken(books, held, name)]
    assert written or (dialect.name, name) in NEVER_FILLED, "no packaged file has the column filled"
    with opened(books.asked(), writes=False) as shop:
        for each in random.Random(20261109).sample(written, min(IDS, len(written))):
            lost = [typed for typed in spellings(each) if not look_up(shop, typed)]
            assert not lost, each


def test_cells_with_several_waybills_are_among_them(shelf: Shelf) -> None:
    several = {
        held.dialect.name for held in shelf[1] if any(len(typed) == 3 for typed in held.ids.get("waybill", {}).values())
    }
    assert several >= {dialect.name for dialect, name in COLUMNS if name == "waybill"} - {
        dialect for dialect, name in NEVER_FILLED if name == "waybill"
    }


WAYBILLS = [field for dialect in DIALECTS for field in dialect.fields if field.name == "waybill"]


@pytest.mark.parametrize("label", LABELLED)
def test_every_column_of_waybills_is_read_without_the_label(label: str) -> None:
    for field in WAYBILLS:
        after = "-申通快递" if field.read is douyin.express_numbers else ""
        assert field.read(f"{label}773187945217235{after}") == "773187945217235", field


def test_a_waybill_that_a_spreadsheet_destroyed_is_refused_with_its_label_too() -> None:
    for read in (waybills.waybill, waybills.all_waybills, douyin.express_numbers):
        for label in LABELLED:
            with pytest.raises(cells.Unreadable):
                read(f"{label}7.73188E+14")


def test_a_label_without_a_number_is_no_waybill() -> None:
    assert [waybills.waybill(cell) for cell in ("No:", "单号：", "No:null", "null", "-")] == [""] * 5


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
