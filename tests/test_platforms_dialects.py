"""The other Chinese platforms' files: each read whole and to the fen, each header its own, nothing ever shifted."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fixtures.make import write_all
from fixtures.platform_sheets import platform_sheets
from fixtures.platforms import Sheet, headers
from fixtures.reports import write_rows
from retcli.errors import NeedsPerson
from retcli.platforms import DIALECTS, alibaba, cells, douyin, erp, jd, kuaishou, meaning, pdd, wxshop, xhs, youzan
from retcli.platforms.cells import Unreadable
from retcli.platforms.dialect import Dialect, Fault, Row
from retcli.platforms.reader import read
from retcli.platforms.reasons import REASON_WORDS, reason, reasons
from retcli.rules.reasons import REASONS
from tests.shopfloor import FIXTURES

OF_LINE = frozenset(
    "line title price quantity sku outer_sku variant bundle stated line_status platform_line".split()
)
MODULES = (pdd, douyin, jd, kuaishou, wxshop, xhs, alibaba, youzan, erp)
MINE = {dialect.name: dialect for dialect in DIALECTS if not dialect.name.startswith(("taobao.", "products"))}


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
    write_all(tmp_path)
    for sheet in sheets().values():
        for place in (f"exports/{sheet.path}", f"expected/{sheet.name}.json"):
            assert (tmp_path / place).read_bytes() == (FIXTURES / place).read_bytes(), place
