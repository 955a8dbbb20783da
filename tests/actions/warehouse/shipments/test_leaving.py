"""发出去的货要出库：盘过点的款，登记运单的同时扣库存；没盘过的照旧；撤回就放回去。"""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.cases import changes, decisions, undoing
from retcli.actions.warehouse import parcels, stock_orders, stock_shown
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.database import engine
from retcli.errors import Refused
from retcli.models import Order
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.warehouse import Table, stock

ONE, TWO, THREE = "2850000000000000051", "2850000000000000052", "2850000000000000053"
BACK, OUT, AGAIN = "YT5260493176849", "SF1620041173377", "SF1620041173388"


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku, price=5990)
    return books


def count(books: Books, sku: str, pieces: int) -> None:
    """Somebody counts the shelf, and the number is posted."""
    books.later(minutes=1)
    books.do(takes.count, sku, pieces, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)
    books.later(minutes=1)


def resend(books: Books, number: str = ONE, sku: str = "CUP", pieces: int = 1) -> str:
    """A case whose goods are to be sent again; its number."""
    books.order(number, (sku, pieces, 5990 * pieces))
    case = books.do(decisions.open_case, number, kind=Kind.RESEND, reason="L_LOST").number
    books.do(decisions.approve, case, by=MANAGER)
    return case


def row(books: Books, sku: str = "CUP") -> dict[str, Any]:
    """What is told of a product."""
    (told,) = books.do(stock_shown.show, sku).document()["stock"]
    return told  # type: ignore[no-any-return]


def sale(books: Books, sku: str = "CUP") -> tuple[int, int | None, int]:
    """Pieces in the sellable stock, those that can be sold, those that are kept."""
    told = row(books, sku)
    return told["sellable"], told["for_sale"], told["reserved"]


def test_a_counted_piece_leaves_with_its_waybill(shop: Books) -> None:
    """盘 5 件：同意补发占 1（可售 4），发出后库存 4、占用 0、可售 4。"""
    count(shop, "CUP", 5)
    case = resend(shop)
    assert sale(shop) == (5, 4, 1)
    shop.do(decisions.ship, case, waybill=OUT, carrier="顺丰速运", by=WAREHOUSE)
    assert sale(shop) == (4, 4, 0)
    assert shop.rows("SELECT source, target, quantity, cause FROM stock_moves ORDER BY id DESC LIMIT 1") == [
        ("sellable", "", 1, "shipped")
    ]
    box = shop.rows("SELECT state, waybill, carrier, shipped_by FROM shipments")
    assert box == [("shipped", OUT, "顺丰速运", WAREHOUSE)]
    shop.check()


def test_what_nobody_counts_leaves_as_before(shop: Books) -> None:
    """没盘过点：照发，不扣库存，可售还是“不知道”。"""
    case = resend(shop)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    assert stock(shop) == {}
    assert shop.rows("SELECT reserved, taken FROM replacements") == [(0, 0)]
    shop.check()


def test_a_count_after_it_knows_of_no_sending_before(shop: Books) -> None:
    """发走 1 件没扣（没盘过），之后盘 5 件：可售 5。"""
    case = resend(shop)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    count(shop, "CUP", 5)
    assert sale(shop) == (5, 5, 0)


def test_the_last_piece_is_promised_once(shop: Books) -> None:
    """只剩 1 件：先同意的占住，后同意的发不了，说明有哪些办法。"""
    count(shop, "CUP", 1)
    first, second = resend(shop, ONE), resend(shop, TWO)
    assert sale(shop) == (1, 0, 1)
    with pytest.raises(Refused, match="0 pieces can be promised, 1 are to be sent") as refused:
        shop.do(decisions.ship, second, waybill=OUT, by=WAREHOUSE)
    assert refused.value.hint is not None
    assert "retcli stock count CUP --pieces N" in refused.value.hint
    assert f"retcli case change {second} --kind refund-only --because TEXT" in refused.value.hint
    shop.do(decisions.ship, first, waybill=AGAIN, by=WAREHOUSE)
    assert sale(shop) == (0, 0, 0)
    shop.check()


@pytest.mark.parametrize("end", ["withdraw", "reject", "change"])
def test_what_is_called_off_keeps_nothing(shop: Books, end: str) -> None:
    count(shop, "CUP", 1)
    case = resend(shop)
    if end == "withdraw":
        shop.do(decisions.withdraw, case, by=MANAGER)
    elif end == "reject":
        shop.do(decisions.reject, case, because="买家不要了", by=MANAGER)
    else:
        shop.do(changes.change, case, kind=Kind.REFUND_ONLY, because="买家要钱", by=MANAGER)
    assert sale(shop) == (1, 1, 0)
    shop.check()


def test_undone_it_is_back_and_kept_again(shop: Books) -> None:
    count(shop, "CUP", 2)
    case = resend(shop, pieces=1)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    shop.do(undoing.undo, by=WAREHOUSE)
    assert sale(shop) == (2, 1, 1)
    assert shop.rows("SELECT state, waybill FROM shipments") == [("prepared", "")]
    shop.do(decisions.ship, case, waybill=AGAIN, by=WAREHOUSE)
    assert sale(shop) == (1, 1, 0)
    assert shop.rows("SELECT state, waybill FROM shipments") == [("shipped", AGAIN)]
    shop.check()


def test_ordinary_sales_since_the_count_cannot_be_promised_too(shop: Books) -> None:
    """盘 2 件，之后卖出 2 件：库存账上还有 2，可是一件也不能再许出去。"""
    count(shop, "CUP", 2)
    shop.order(THREE, ("CUP", 2, 11980))
    with opened(shop.asked()) as at_work:
        at_work.session.scalars(sa.select(Order)).one().shipped_at = shop.at
    shop.later(minutes=1)
    case = resend(shop)
    assert sale(shop) == (2, 0, 0)
    with pytest.raises(Refused, match="can be promised"):
        shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)


def test_kept_pieces_are_not_moved_away_by_choice_but_a_count_is_the_truth(shop: Books) -> None:
    """占用 2 件：不能挪走、不能处理；盘点只剩 1 件是事实，后许的先让。"""
    count(shop, "CUP", 2)
    first, second = resend(shop, ONE), resend(shop, TWO)
    with pytest.raises(Refused, match="2 of 2 pieces are kept"):
        shop.do(stock_orders.move, "CUP", 1, source="sellable", target="defective", because="破了", by=WAREHOUSE)
    count(shop, "CUP", 1)
    assert sale(shop) == (1, 0, 1)
    shop.do(decisions.ship, first, waybill=OUT, by=WAREHOUSE)
    with pytest.raises(Refused, match="can be promised"):
        shop.do(decisions.ship, second, waybill=AGAIN, by=WAREHOUSE)
    shop.check()


@pytest.mark.parametrize("moved", [False, True])
def test_a_repaired_piece_leaves_where_it_lies(shop: Books, *, moved: bool) -> None:
    """维修的那一件发还买家：离开残次（或挪去的维修）库存，不动可售。"""
    count(shop, "CUP", 3)
    shop.order(ONE, ("CUP", 1, 5990))
    case = shop.do(decisions.open_case, ONE, kind=Kind.REPAIR, reason="Q_FUNC").number
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(parcels.expect_by_hand, case, BACK)
    Table(shop).scan(BACK, "RCMDC", "CUP", "RCMDEND")
    if moved:
        shop.do(stock_orders.move, "CUP", 1, source="defective", target="repair", because="送修", by=WAREHOUSE)
    shop.do(decisions.ship, case, waybill=OUT, by=MANAGER)
    assert stock(shop) == {("CUP", "sellable"): 3}
    shop.check()


def test_one_waybill_is_one_order(shop: Books) -> None:
    first, second = resend(shop, ONE), resend(shop, TWO)
    shop.do(decisions.ship, first, waybill=OUT, by=WAREHOUSE)
    with pytest.raises(Refused, match=f"under which order {ONE} was sent"):
        shop.do(decisions.ship, second, waybill=f"no: {OUT.lower()}", by=WAREHOUSE)


def test_it_comes_back_by_its_parcel(shop: Books) -> None:
    """被拒收退回：发货单标退回；件先待检，判良品后回到可售。"""
    count(shop, "CUP", 2)
    case = resend(shop)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    Table(shop).scan(OUT, "RCMDA", "CUP", "RCMDEND")
    assert shop.rows("SELECT state FROM shipments") == [("came_back",)]
    assert sale(shop) == (2, 2, 0)
    shop.do(decisions.ship, case, waybill=AGAIN, by=WAREHOUSE)
    assert shop.rows("SELECT state, waybill FROM shipments ORDER BY id") == [("came_back", OUT), ("shipped", AGAIN)]
    assert sale(shop) == (1, 1, 0)
    shop.check()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE replacements SET reserved = 2 WHERE state = 'due'",
        "UPDATE replacements SET taken = 2",
        "UPDATE stock_balances SET quantity = 0 WHERE bucket = 'sellable'",
        "UPDATE replacements SET state = 'cancelled'",
    ],
)
def test_the_database_itself_keeps_promises(shop: Books, statement: str) -> None:
    count(shop, "CUP", 1)
    resend(shop)
    with (
        pytest.raises(sa.exc.DBAPIError, match=r"reserved|taken"),
        engine.engine(shop.database).begin() as connection,
    ):
        connection.execute(sa.text(statement))
