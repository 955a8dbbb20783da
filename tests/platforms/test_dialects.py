"""The other Chinese platforms' files: each read whole and to the fen, each header its own, nothing ever shifted."""

import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fixtures.platform_sheets import platform_sheets
from fixtures.platforms import Sheet, headers
from fixtures.reports import write_rows
from retcli.errors import NeedsPerson
from retcli.platforms import DIALECTS, pdd
from retcli.reading.dialect import Dialect, Fault, Row, bare_name
from retcli.rules.money.channels import ABROAD
from retcli.rules.names import PLATFORMS
from tests.knownfiles import read
from tests.shopfloor import FIXTURES

OF_LINE = frozenset(
    [
        "line",
        "title",
        "price",
        "quantity",
        "sku",
        "outer_sku",
        "variant",
        "bundle",
        "stated",
        "line_refunded_amount",
        "line_status",
        "platform_line",
    ]
)
CHINESE = PLATFORMS.keys() - ABROAD - {"taobao"}
MINE = {d.name: d for d in DIALECTS if d.platform in CHINESE and d.holds in {"orders", "items", "sales", "refunds"}}


@cache
def sheets() -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in platform_sheets()}


def dialect_of(sheet: str) -> str:
    """``pdd.order`` of ``pdd.order.old``."""
    return ".".join(sheet.split(".")[:2])


def told(rows: Sequence[Row | Fault]) -> dict[str, Any]:
    """The rows in the form of fixtures/expected: orders with their lines, or refunds. Rows of an order agree on it."""
    orders: dict[str, Any] = {}
    refunds: dict[str, Any] = {}
    for row in rows:
        assert isinstance(row, Row), row
        values = dict(row.values)
        if "refund" in values:
            number = values.pop("refund")
            assert number not in refunds
            refunds[number] = values
            continue
        line = {name: values.pop(name) for name in OF_LINE & set(values)}
        order = orders.setdefault(values.pop("order"), {**values, "lines": []})
        assert {**values, "lines": 0} == {**order, "lines": 0}
        order["lines"] += [line] if line else []
    for order in orders.values():
        if not order["lines"]:
            del order["lines"]
    return {"orders": orders} if orders else {"refunds": refunds}


@pytest.mark.parametrize("name", list(sheets()))
def test_every_file_says_what_the_shop_knows(name: str) -> None:
    expected = json.loads((FIXTURES / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    reading = read(FIXTURES / "exports" / sheets()[name].path)
    assert reading.dialect.name == dialect_of(name)
    assert told(list(reading.rows)) == expected


def test_every_dialect_has_its_file() -> None:
    assert {dialect_of(name) for name in sheets()} == set(MINE)


def test_the_files_are_made_the_same_each_time(tmp_path: Path) -> None:
    for sheet in platform_sheets():
        sheet.write(tmp_path)
        for place in (f"exports/{sheet.path}", f"expected/{sheet.name}.json"):
            assert (tmp_path / place).read_bytes() == (FIXTURES / place).read_bytes(), place


OWNER = {
    "jd.order.2016": "jd.order",
    "jd.order.2026_partial": "jd.order",
    "jd.aftersale.2019": "jd.aftersale",
    "jd.aftersale.2026": "jd.aftersale",
    "pdd.order.27": "pdd.order",
    "pdd.order.all_optional": "pdd.order",
    "douyin.order.75": "douyin.order",
    "douyin.order.74": "douyin.order",
    "douyin.aftersale.50": "douyin.aftersale",
    "kuaishou.order": "kuaishou.order",
    "wxshop.order": "wxshop.order",
    "wxshop.aftersale_partial": "wxshop.aftersale",
    "xhs.order": "xhs.order",
    "xhs.aftersale_partial": "xhs.aftersale",
    "1688.order.49": "1688.order",
    "youzan.order.2026": "youzan.order",
    "youzan.item": "youzan.item",
    "erp.wdt.order": "wdt.order",
    "erp.jst.order_cost": "jst.order",
    "erp.jst.aftersale_partial": "jst.aftersale",
}
"""Whose each layout is; the others belong to no dialect of this page."""


def kind_of(folder: Path, header: Sequence[str], encoding: str = "utf-8") -> str:
    """The dialect that a file with this header is recognised as, empty where it is refused."""
    path = folder / "x.csv"
    write_rows([header], path, encoding=encoding)
    try:
        return read(path).dialect.name
    except NeedsPerson:
        return ""


@pytest.mark.parametrize("layout", list(headers()))
def test_every_layout_is_its_own_kind_and_no_other(tmp_path: Path, layout: str) -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        found = kind_of(tmp_path, headers()[layout], encoding)
        assert found == OWNER[layout] if layout in OWNER else found not in MINE, encoding


@pytest.mark.parametrize("layout", ["pdd.order.old", "jd.order.2018_extra"])
def test_a_list_of_columns_without_the_orders_number_is_no_file(tmp_path: Path, layout: str) -> None:
    assert kind_of(tmp_path, headers()[layout]) == ""


@pytest.mark.parametrize("layout", list(OWNER))
def test_without_any_one_column_a_header_is_its_own_kind_or_none(tmp_path: Path, layout: str) -> None:
    columns = headers()[layout]
    for name in columns:
        less = [column for column in columns if column != name]
        renamed = [f"{column}(新)" if column == name else column for column in columns]
        assert kind_of(tmp_path, less) in {OWNER[layout], ""}, name
        assert kind_of(tmp_path, renamed) == kind_of(tmp_path, less), name


@pytest.mark.parametrize("number", ["订单号", "订单编号"])
def test_pinduoduos_list_is_known_by_its_two_numbers(tmp_path: Path, number: str) -> None:
    assert kind_of(tmp_path, ["售后编号", number]) == "pdd.aftersale"
    assert kind_of(tmp_path, ["售后编号", number, "用户实付金额(元)", "商品数量(件)", "支付时间"]) == "pdd.aftersale"


def test_kuaishous_list_is_known_by_its_four_columns(tmp_path: Path) -> None:
    known = ["店铺", "售后单号", "订单编号", "退款金额", "售后状态"]
    assert kind_of(tmp_path, known) == "kuaishou.aftersale"
    assert kind_of(tmp_path, [*known, "SKU编码", "退换货物流单号"]) == "wxshop.aftersale"


MADE_OF = {
    "goods": {"price", "amount"},
    "payable": {"stated", "paid"},
    "balance": {"paid"},
    "given": {"stated", "amount"},
    "freight": {"stated"},
    "postage": {"amount"},
    "tax": {"amount"},
    "review": {"status"},
    "parcels": {"seller_remark"},
    **{name: {"address"} for name in ("province", "city", "district", "street")},
}
"""Words that are made of several columns."""


def words_of(dialect: Dialect, column: str) -> set[str]:
    """The words that hang on a column."""
    names = {field.name for field in dialect.fields if bare_name(column) in map(bare_name, field.headers)}
    return names.union(*(MADE_OF.get(name, set()) for name in names))


def needed_by(dialect: Dialect, header: Sequence[str], column: str) -> bool:
    """Whether the file cannot be read without the column."""
    left = {bare_name(name) for name in header if name != column}
    return any(field.required and not left & set(map(bare_name, field.headers)) for field in dialect.fields)


def without_words(says: dict[str, Any], words: set[str]) -> dict[str, Any]:
    """What a file says, but for some words."""
    ((kind, each),) = says.items()

    def fewer(facts: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in facts.items() if name not in words}
        return kept | ({"lines": [fewer(line) for line in facts["lines"]]} if "lines" in facts else {})

    return {kind: {number: fewer(facts) for number, facts in each.items()}}


def header_place(sheet: Sheet) -> int:
    """Where the header stands: below JD's group titles, else first."""
    return 1 if sheet.name == "jd.aftersale" else 0


def changed(folder: Path, rows: Sequence[Sequence[Any]]) -> Path:
    path = folder / "x.csv"
    write_rows(rows, path, encoding="utf-8")
    return path


def read_places(sheet: Sheet) -> list[int]:
    """The columns that the sheet's dialect reads something from."""
    header, dialect = sheet.rows[header_place(sheet)], MINE[dialect_of(sheet.name)]
    return [place for place, column in enumerate(header) if words_of(dialect, str(column))]


def test_what_nobody_reads_may_be_gone(tmp_path: Path) -> None:
    for sheet in sheets().values():
        kept = read_places(sheet)
        path = changed(tmp_path, [[row[place] for place in kept] for row in sheet.rows])
        assert told(list(read(path).rows)) == sheet.says, sheet.name


@pytest.mark.parametrize("name", list(sheets()))
def test_a_column_that_is_gone_takes_only_its_own_words_with_it(tmp_path: Path, name: str) -> None:
    sheet, dialect = sheets()[name], MINE[dialect_of(name)]
    header = [str(column) for column in sheet.rows[header_place(sheet)]]
    for place in read_places(sheet):
        column = header[place]
        path = changed(tmp_path, [[*row[:place], *row[place + 1 :]] for row in sheet.rows])
        if needed_by(dialect, header, column):
            with pytest.raises(NeedsPerson):
                read(path)
            continue
        rows = list(read(path).rows)
        words = words_of(dialect, column)
        if name.startswith("jd.order") and words & {"balance", "payable"}:
            assert all(isinstance(row, Fault) and row.order for row in rows)
        else:
            assert without_words(told(rows), words) == without_words(sheet.says, words), column


@pytest.mark.parametrize("name", list(sheets()))
def test_columns_in_another_order_say_the_same(tmp_path: Path, name: str) -> None:
    sheet, chance = sheets()[name], random.Random(name)
    for _turn in range(5):
        order = list(range(len(sheet.rows[header_place(sheet)])))
        one, other = chance.sample(order, 2)
        order[one], order[other] = order[other], order[one]
        assert told(list(read(changed(tmp_path, [[row[at] for at in order] for row in sheet.rows])).rows)) == sheet.says


@pytest.mark.parametrize("seed", range(40))
def test_a_seller_of_pinduoduo_ticks_what_he_likes(tmp_path: Path, seed: int) -> None:
    """Any columns beside number, pieces, amount and a time."""
    sheet = sheets()["pdd.order.all_optional"]
    chance = random.Random(seed)
    core = {"订单号", "商品数量(件)", "用户实付金额(元)", chance.choice(["支付时间", "订单成交时间"])}
    ticked = [at for at, name in enumerate(sheet.rows[0]) if name in core or chance.random() < 0.4]
    chance.shuffle(ticked)
    reading = read(changed(tmp_path, [[row[at] for at in ticked] for row in sheet.rows]))
    left_out = {str(name) for at, name in enumerate(sheet.rows[0]) if at not in ticked} - {"支付时间", "订单成交时间"}
    words = set().union(*(words_of(pdd.ORDERS, name) for name in left_out))
    assert reading.dialect.name == "pdd.order"
    assert without_words(told(list(reading.rows)), words) == without_words(sheet.says, words)


def test_the_short_jd_list_is_refused_row_by_row(tmp_path: Path) -> None:
    columns = headers()["jd.order.2026_partial"]
    row = [
        "298001299709",
        "1000",
        "保温杯",
        "1",
        "79.00",
        "完成",
        "CUP-500",
        "2026-11-01 09:00:00",
        "2026-11-01 09:01:00",
    ]
    (found,) = read(changed(tmp_path, [columns, row])).rows
    assert isinstance(found, Fault)
    assert "应付金额" in found.problem


def test_a_long_file_whose_values_end_with_tabs_is_told_by_its_commas(tmp_path: Path) -> None:
    """As many tabs as values, and one comma less in each row."""
    header, *rows = sheets()["pdd.order"].rows
    assert len(list(read(changed(tmp_path, [header, *rows, *rows])).rows)) == 2 * len(rows)
