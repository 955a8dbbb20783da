"""盘点机的文件、ERP 的库存表：什么分隔符、什么编码、xlsx 都行；读不懂的行说清第几行，其余照收。"""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from retcli.actions.cases import undoing
from retcli.actions.warehouse.stocktakes import counted_files, posting, takes
from retcli.errors import NeedsPerson, Refused
from retcli.views.warehouse.stocktakes import StocktakeView
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books
from tests.warehouse import stock

PENS = "6901234567892"


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    books.product("CUP")
    books.product("PEN", barcode=PENS)
    return books


def counted(view: StocktakeView) -> dict[str, int | None]:
    return {line.sku: line.counted for line in view.lines}


def take(shop: Books, path: Path, content: bytes | str, encoding: str = "utf-8", by: str = WAREHOUSE) -> StocktakeView:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return shop.do(counted_files.count_file, path, by=by)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "|", "\t"])
def test_whatever_parts_the_columns_and_however_it_is_written(
    shop: Books, tmp_path: Path, sign: str, encoding: str
) -> None:
    lines = [["商家编码", "数量"], ["CUP", "12"], [PENS, "3"]]
    text = "".join(sign.join(line) + "\r\n" for line in lines)
    assert counted(take(shop, tmp_path / "盘点.txt", text, encoding)) == {"CUP": 12, "PEN": 3}


def test_a_handhelds_bare_columns_are_summed(shop: Books, tmp_path: Path) -> None:
    view = take(shop, tmp_path / "a.txt", "CUP,12,2026-11-09 10:00\nCUP,1\n6901234567892,3\n")
    assert counted(view) == {"CUP": 13, "PEN": 3}


def test_an_erps_list_with_many_columns(shop: Books, tmp_path: Path) -> None:
    """旺店通、聚水潭导出的库存表：列很多，按列名认；可用库存优先于库存。"""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["库存查询"], ["货品名称", "商家编码", "库存数量", "可用库存", "仓库"],
                ["杯子", "CUP", 20, 17, "主仓"], ["笔", "PEN", 0, 0, "主仓"]):  # fmt: skip
        sheet.append(row)
    path = tmp_path / "库存.xlsx"
    book.save(path)
    assert counted(shop.do(counted_files.count_file, path, by=WAREHOUSE)) == {"CUP": 17, "PEN": 0}
    shop.do(posting.post, by=MANAGER)
    assert stock(shop) == {("CUP", "sellable"): 17}
    shop.check()


def test_what_cannot_be_taken_is_named_and_the_rest_counts(shop: Books, tmp_path: Path) -> None:
    text = "商家编码,数量,盘点时间\nCUP,5,\nNOPE,3,\nPEN,三,\n,4,\nPEN,2,昨天\n"
    text += "PEN,2,2031-01-01 08:00\nPEN,1,2026-11-09 09:00\n"
    view = take(shop, tmp_path / "a.csv", text)
    assert counted(view) == {"CUP": 5, "PEN": 1}
    assert [(fault.line, fault.text) for fault in view.faults] == [
        (3, "NOPE"), (4, "三"), (5, "4"), (6, "昨天"), (7, "PEN"),
    ]  # fmt: skip
    assert (view.exit_code, len(view.complaints)) == (3, 5)


def test_the_same_file_twice_is_refused_and_taken_again_after_undo(shop: Books, tmp_path: Path) -> None:
    take(shop, tmp_path / "a.csv", "商家编码,数量\nCUP,5\n")
    with pytest.raises(Refused, match="already"):
        take(shop, tmp_path / "另存.csv", "商家编码,数量\nCUP,5\n")
    shop.do(undoing.undo, by=WAREHOUSE)
    assert counted(take(shop, tmp_path / "另存.csv", "商家编码,数量\nCUP,5\n")) == {"CUP": 5}


def test_the_recount_of_another_person_takes_only_what_is_to_be_counted_again(shop: Books, tmp_path: Path) -> None:
    """头一次没有可比的，都入账；第二次差太多，换人再交一份：只收要复盘的。"""
    take(shop, tmp_path / "a.csv", "商家编码,数量\nCUP,5\nPEN,5\n")
    shop.do(posting.post, by=MANAGER)
    shop.later(hours=1)
    take(shop, tmp_path / "b.csv", "商家编码,数量\nCUP,50\nPEN,5\n")
    shop.do(posting.post, by=MANAGER)
    view = take(shop, tmp_path / "b.csv", "商家编码,数量\nCUP,50\nPEN,5\n", by=AGENT)
    assert [line.state for line in view.lines] == ["counted", "posted"]
    shop.do(posting.post, by=MANAGER)
    assert stock(shop) == {("CUP", "sellable"): 50, ("PEN", "sellable"): 5}


@pytest.mark.parametrize("text", ["姓名,电话\n张三,139\n", "只有一列\nCUP\n"])
def test_a_file_of_another_kind_is_refused(shop: Books, tmp_path: Path, text: str) -> None:
    with pytest.raises(NeedsPerson, match="No columns"):
        take(shop, tmp_path / "a.csv", text)
    assert shop.rows("SELECT id FROM stocktakes") == []


def test_a_time_in_the_file_is_when_it_was_counted(shop: Books, tmp_path: Path) -> None:
    take(shop, tmp_path / "a.csv", "商家编码,数量,盘点时间\nCUP,5,2026-11-09 09:00\n")
    shop.do(posting.post, by=MANAGER)
    assert shop.rows("SELECT quantity FROM stock_counts") == [(5,)]
    assert shop.do(takes.show).lines[0].book == 0
    moved = shop.rows("SELECT at FROM stock_moves")[0][0]
    assert str(moved).startswith("2026-11-09 01:00")
