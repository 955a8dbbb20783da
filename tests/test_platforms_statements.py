"""Statements and exports from abroad: every file read as its shop meant it, and none that is not complete."""

import json
from functools import cache
from typing import Any

import pytest

from fixtures.make import SMALL_SEED
from fixtures.sheets import Sheet
from fixtures.shopmaker import make_shop
from fixtures.statements import sheets
from retcli.platforms import DIALECTS
from retcli.platforms.dialect import Fault, Row
from retcli.platforms.reader import Reading, read
from tests.shopfloor import FIXTURES

EXPORTS, EXPECTED = FIXTURES / "exports", FIXTURES / "expected"


@cache
def made() -> tuple[Sheet, ...]:
    return tuple(sheets(make_shop(SMALL_SEED, orders=12, refunds=6)))


READ = [pytest.param(sheet, id=sheet.path) for sheet in made() if sheet.meant is not None]
REFUSED = [pytest.param(sheet, id=sheet.path) for sheet in made() if sheet.meant is None]


def kind_of(layout: str) -> str:
    """The dialect of a layout: the longest name that it begins with."""
    special = {"wechat.trade.refund.old": "wechat.trade.refund", "taobao.wechat_bill.v1": "taobao.wechat_bill"}
    names = [
        each.name for each in DIALECTS if layout == each.name or layout.startswith((f"{each.name}.", f"{each.name}_"))
    ]
    return special.get(layout) or max(names, key=len)


def meaning(reading: Reading) -> list[dict[str, Any]]:
    """What the rows say; none may be a fault."""
    found = list(reading.rows)
    assert [row for row in found if isinstance(row, Fault)] == []
    return [row.values for row in found if isinstance(row, Row)]


def told(sheet: Sheet) -> list[dict[str, Any]]:
    """What the shop meant by a file, worked out when it was made."""
    rows: list[dict[str, Any]] = json.loads((EXPECTED / f"{sheet.layout}.json").read_text("utf-8"))
    return rows


@pytest.mark.parametrize("sheet", READ)
def test_every_file_says_what_the_shop_meant(sheet: Sheet) -> None:
    reading = read(EXPORTS / sheet.path)
    assert reading.dialect.name == kind_of(sheet.layout)
    assert meaning(reading) == told(sheet)
    assert len(told(sheet)) >= 2
