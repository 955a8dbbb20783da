"""After-sales lists as platforms and spreadsheets write their cells: wrapped, with signs, with a dash for nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from retcli.reading.dialect import Row
from tests.knownfiles import read
from tests.shopfloor import FIXTURES

EXPORTS = FIXTURES / "exports"
LISTS = (
    "退款报表_1.xlsx", "jd/服务单导出.xlsx", "jd/服务单导出_2019.xlsx",
    "pdd/0f3e5d7a9b1c2e4f6a8b0c2d4e6f8a0b_20261112200000.xlsx", "douyin/售后单导出.xlsx", "wxshop/售后单.xlsx",
    "xhs/售后单.xlsx", "kuaishou/售后单.xlsx",
)  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:00")
MONEY = re.compile(r"-?\d+\.\d\d")
WAYS: dict[str, Callable[[str], str]] = {
    "a tab behind each": lambda cell: f"{cell}\t",
    "an apostrophe": lambda cell: f"'{cell}" if cell else "",
    "a formula": lambda cell: f'="{cell}"' if cell else "",
    "a backtick": lambda cell: f"`{cell}" if cell else "",
    "a yuan sign": lambda cell: f"￥{cell}" if MONEY.fullmatch(cell) else cell,
    "元": lambda cell: f"{cell}元" if MONEY.fullmatch(cell) else cell,
    "times of a spreadsheet": lambda cell: cell[:16].replace("-", "/") if TIME.fullmatch(cell) else cell,
    "parts of a second": lambda cell: f"{cell}.0" if TIME.fullmatch(cell) else cell,
    "a dash for nothing": lambda cell: cell or "-",
    "two dashes for nothing": lambda cell: cell or "--",
    "null for nothing": lambda cell: cell or "null",
}


def table(path: Path) -> list[list[str]]:
    """The cells of a list from its header on, numbers without the point that a workbook gives them."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    cells = [[re.sub(r"^(\d+)\.0$", r"\1", str(cell)) for cell in row] for row in rows]
    return cells[next(place for place, row in enumerate(cells) if any("单号" in c or "编号" in c for c in row)) :]


def meanings(path: Path) -> list[dict[str, Any]]:
    """What each row of a list says in our words, none of them refused."""
    rows = list(read(path).rows)
    assert all(isinstance(row, Row) for row in rows)
    return [row.values for row in rows if isinstance(row, Row)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", LISTS)
def test_a_cell_means_the_same_however_it_is_written(tmp_path: Path, name: str, way: str) -> None:
    head, *rows = table(EXPORTS / name)
    path = tmp_path / "written.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *([WAYS[way](cell) for cell in row] for row in rows)])
    assert meanings(path) == meanings(EXPORTS / name)


@pytest.mark.parametrize("name", LISTS)
def test_a_refund_s_number_in_powers_of_ten_is_refused(tmp_path: Path, name: str) -> None:
    head, first, *_others = table(EXPORTS / name)
    column = next(
        place for place, title in enumerate(head) if title in {"退款编号", "服务单号", "售后编号", "售后单号"}
    )
    first[column] = "5.61E+17"
    path = tmp_path / "written.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, first])
    (fault,) = read(path).rows
    assert "destroyed this number" in str(fault)


def test_what_douyin_closed_ended_when_it_was_closed() -> None:
    """Its list has a column of its own for that, and leaves the time of finishing empty."""
    head, *rows = table(EXPORTS / "douyin/售后单导出.xlsx")
    (closed,) = [row for row in rows if row[head.index("售后状态")] == "售后关闭"]
    assert closed[head.index("售后完结时间")] == "-"
    assert TIME.fullmatch(closed[head.index("售后关闭时间")])
    (values,) = [each for each in meanings(EXPORTS / "douyin/售后单导出.xlsx") if each["status"] == "closed"]
    assert values["finished_at"]
