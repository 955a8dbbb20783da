"""库存报警和导出：每条报警都有该敲的命令；导出的编码是文本，没盘过的不写。"""

from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from retcli.actions.insight import today
from retcli.actions.warehouse import stock_alerts, stock_orders, stock_sheet
from retcli.actions.warehouse.pieces import stock as stocks
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.errors import Refused
from retcli.models import Product
from retcli.rules.warehouse.causes import Cause
from retcli.transaction import opened
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE, Books


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    for sku in ("0012", "CUP", "=PEN"):
        books.product(sku)
    return books


def came(books: Books, sku: str, bucket: str, pieces: int) -> None:
    with opened(books.asked()) as shop:
        stocks.move(shop, sku, stocks.OUTSIDE, bucket, pieces, None, cause=Cause.COUNTED)


def counted(books: Books, **pieces: int) -> None:
    for sku, n in pieces.items():
        books.do(takes.count, sku, n, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)


def test_what_piles_up_lies_long_runs_out_or_was_never_counted(shop: Books) -> None:
    """CUP 残次 21 件；0012 残次 2 件放了 8 天、可售只剩 3 件；=PEN 没盘过。"""
    came(shop, "0012", "defective", 2)
    shop.later(days=8)
    came(shop, "CUP", "defective", 21)
    came(shop, "=PEN", "sellable", 4)
    counted(shop, **{"0012": 3, "CUP": 9})
    view = shop.do(stock_alerts.alerts, by=WAREHOUSE)
    assert [(alert.alarm, alert.sku, alert.pieces) for alert in view.alerts] == [
        ("piled_up", "CUP", 21), ("lies_long", "0012", 2), ("runs_out", "0012", 3), ("not_counted", "=PEN", 4),
    ]  # fmt: skip
    assert view.alerts[0].command == "retcli stock dispose CUP --pieces 21 --as supplier --because TEXT"
    with pytest.raises(Refused):
        shop.do(stock_alerts.alerts, by=FINANCE)


def test_a_disposal_that_waits_is_named_too(shop: Books) -> None:
    came(shop, "CUP", "defective", 15)
    number = shop.do(stock_orders.dispose, "CUP", 15, way="scrap", because="x", by=WAREHOUSE).number
    view = shop.do(stock_alerts.alerts, by=WAREHOUSE)
    assert ([order.number for order in view.waiting], view.alerts) == ([number], ())


@pytest.mark.parametrize(
    ("system", "headings"),
    [("wdt", ["商家编码", "数量"]), ("jst", ["商品编码", "数量"]), ("taobao", ["商家编码", "数量"])],
)
def test_the_sheet_has_exact_codes_and_only_what_is_known(
    shop: Books, tmp_path: Path, system: str, headings: list[str]
) -> None:
    """0012 的零不能丢，=PEN 不能变公式；CUP 没盘过，不写。"""
    came(shop, "CUP", "sellable", 4)
    counted(shop, **{"0012": 7, "=PEN": 0})
    view = shop.do(stock_sheet.export, system, tmp_path / "库存", by=WAREHOUSE)
    assert (view.rows, view.unknown, view.below, view.exit_code) == (2, 1, 0, 3)
    sheet = openpyxl.load_workbook(view.file).worksheets[0]
    rows = [[cell.value for cell in row[:2]] for row in sheet.iter_rows()]
    assert rows == [headings, ["0012", 7], ["=PEN", 0]]
    assert [row[0].data_type for row in sheet.iter_rows(min_row=2)] == ["s", "s"]


def test_nothing_counted_writes_nothing(shop: Books, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nobody knows"):
        shop.do(stock_sheet.export, "wdt", tmp_path / "x.xlsx", by=OWNER)
    assert list(tmp_path.glob("*.xlsx")) == []


def pressing(shop: Books) -> int:
    with opened(shop.asked(WAREHOUSE), writes=False) as books:
        return stock_alerts.pressing(books)


def test_today_counts_what_piles_up_what_waits_and_what_a_safety_stock_was_set_for(shop: Books, tmp_path: Path) -> None:
    """CUP 可售 9，商品表写安全库存 9：算一项。0012 可售 3，没单独设：不催。"""
    counted(shop, **{"0012": 3, "CUP": 9})
    assert pressing(shop) == 0
    with opened(shop.asked()) as books:
        books.session.execute(sa.update(Product).where(Product.sku == "CUP").values(safety_stock=9))  # type: ignore[arg-type]
    assert pressing(shop) == 1
    came(shop, "CUP", "defective", 21)
    came(shop, "=PEN", "defective", 1)
    assert pressing(shop) == 1
    shop.later(days=8)
    assert pressing(shop) == 2
    shop.do(stock_orders.dispose, "CUP", 15, way="scrap", because="x", by=WAREHOUSE)
    assert pressing(shop) == 3
    with opened(shop.asked()) as books:
        books.session.execute(sa.update(Product).where(Product.sku == "CUP").values(safety_stock=8))  # type: ignore[arg-type]
    limits = [alert.alarm for alert in shop.do(stock_alerts.alerts, by=WAREHOUSE).alerts if alert.sku == "CUP"]
    assert limits == ["piled_up"]


def test_stock_presses_only_who_is_in_charge_of_goods(shop: Books) -> None:
    came(shop, "CUP", "defective", 21)
    pressed = [shop.do(today.today, by=who).stock for who in (WAREHOUSE, MANAGER, OWNER, AGENT, FINANCE)]
    assert pressed == [1, 1, 1, 0, 0]
