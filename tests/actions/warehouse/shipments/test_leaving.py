"""发出去的货要出库：盘过点的款，登记运单的同时扣库存；没盘过的照旧；撤回就放回去。"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, changes, decisions, undoing
from retcli.actions.imports.merging import Source
from retcli.actions.imports.refunds import refund_status
from retcli.actions.warehouse import parcels, stock_orders, stock_shown
from retcli.actions.warehouse.shipments import sent_goods
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.database import engine
from retcli.database.staging.stages import StagedRow
from retcli.errors import Refused, WrongCommand
from retcli.models import Case, Order
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.actions.warehouse.test_stalled_parcels import movements
from tests.shopfloor import MANAGER, NOON, WAREHOUSE, Books
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


def moves(books: Books) -> list[tuple[str, int]]:
    """The moves of stock that name goods sent for a case."""
    query = "SELECT cause, quantity FROM stock_moves WHERE cause IN ('shipped', 'unshipped') ORDER BY id"
    return [(str(cause), int(pieces)) for cause, pieces in books.rows(query)]


def test_noted_by_mistake_it_is_still_to_be_sent(shop: Books) -> None:
    """其实没发：件回到可售并照旧占用；哪怕这期间又卖掉一件，许过的还是这一单的。"""
    count(shop, "CUP", 1)
    case = resend(shop)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    shop.order(THREE, ("CUP", 1, 5990))
    with opened(shop.asked()) as at_work:
        at_work.session.scalars(sa.select(Order).where(Order.number == THREE)).one().shipped_at = shop.at  # type: ignore[arg-type]
    shop.later(minutes=1)
    view = shop.do(sent_goods.take_sending_back, case, by=WAREHOUSE)
    assert (view.stage, moves(shop)) == ("to_ship", [("shipped", 1), ("unshipped", 1)])
    assert sale(shop) == (1, -1, 1)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    assert sale(shop) == (0, -1, 0)
    shop.check()


def test_another_waybill_moves_no_stock(shop: Books) -> None:
    """单号登错：改单号，库存一件不动；只剩的一件早被卖掉也照改。"""
    count(shop, "CUP", 1)
    case = resend(shop)
    shop.do(decisions.ship, case, waybill=OUT, carrier="顺丰速运", by=WAREHOUSE)
    shop.order(THREE, ("CUP", 1, 5990))
    with opened(shop.asked()) as at_work:
        at_work.session.scalars(sa.select(Order).where(Order.number == THREE)).one().shipped_at = shop.at  # type: ignore[arg-type]
    shop.later(minutes=1)
    shop.do(sent_goods.correct_waybill, case, waybill=AGAIN, by=WAREHOUSE)
    (goods,) = shop.do(case_cards.show, case, by=MANAGER).goods_moving.sent_for
    number = shop.value("SELECT number FROM shipments")
    assert (goods.state, goods.carrier, goods.waybill, goods.shipment) == ("shipped", "顺丰速运", AGAIN, number)
    assert moves(shop) == [("shipped", 1)]
    assert shop.rows("SELECT state, waybill, shipped_by FROM shipments") == [("shipped", AGAIN, WAREHOUSE)]
    with pytest.raises(WrongCommand, match="is written down already"):
        shop.do(sent_goods.correct_waybill, case, waybill=AGAIN, by=WAREHOUSE)
    shop.check()


def test_what_the_carrier_reported_of_is_not_taken_back(shop: Books, tmp_path: Path) -> None:
    """快递轨迹里有这个单号了：不能撤回，也不能改单号。"""
    count(shop, "CUP", 1)
    case = resend(shop)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    movements(shop, tmp_path, (OUT, NOON, "运输中"))
    for take_back in (
        lambda: shop.do(sent_goods.take_sending_back, case, by=WAREHOUSE),
        lambda: shop.do(sent_goods.correct_waybill, case, waybill=AGAIN, by=WAREHOUSE),
        lambda: shop.do(undoing.undo, by=WAREHOUSE),
    ):
        with pytest.raises(Refused, match="The carrier has the goods"):
            take_back()
    assert sale(shop) == (0, 0, 0)


@pytest.mark.parametrize(("status", "states"), [("replacement_sent", "shipped"), ("succeeded", "delivered")])
def test_by_the_platforms_word_it_leaves_too(shop: Books, status: str, states: str) -> None:
    """平台说已发（或换货成功）：占着的那一件出库，不再占用。"""
    count(shop, "CUP", 2)
    case = resend(shop)
    with opened(shop.asked()) as work:
        row = work.session.scalars(sa.select(Case)).one()
        refund_status.follow(work, Source(1, "", ""), StagedRow(1, "", "", {"amount": 0}), row, status)
    assert (sale(shop), moves(shop)) == ((1, 1, 0), [("shipped", 1)])
    assert shop.rows("SELECT r.state, s.state FROM replacements r JOIN shipments s ON s.id = r.shipment_id") == [
        (states, states)
    ]
    shop.check()
    assert case


def test_who_agrees_hears_that_nothing_is_kept(shop: Books) -> None:
    count(shop, "CUP", 1)
    resend(shop, ONE)
    shop.order(TWO, ("CUP", 1, 5990))
    case = shop.do(decisions.open_case, TWO, kind=Kind.RESEND, reason="L_LOST").number
    assert shop.do(decisions.approve, case, by=MANAGER).about == "too few in stock, nothing is kept: CUP"
    shop.do(decisions.withdraw, case, by=MANAGER)


def test_only_a_shop_that_counts_hears_of_what_is_not_counted(shop: Books) -> None:
    first, second = resend(shop, ONE, "MUG"), resend(shop, TWO, "MUG")
    assert shop.do(decisions.ship, first, waybill=OUT, by=WAREHOUSE).about == ""
    count(shop, "CUP", 1)
    told = shop.do(decisions.ship, second, waybill=AGAIN, by=WAREHOUSE).about
    assert told == "the stock stays as it is, never counted: MUG"


def test_what_left_before_boxes_were_written_down(shop: Books) -> None:
    """升级前发出的：没有发货单，没扣过库存；撤回后照常再发，这回出库。"""
    case = resend(shop)
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    with engine.engine(shop.database).begin() as connection:
        connection.execute(sa.text("UPDATE replacements SET shipment_id = NULL"))
    count(shop, "CUP", 2)
    shop.do(sent_goods.correct_waybill, case, waybill=AGAIN, by=WAREHOUSE)
    shop.do(sent_goods.take_sending_back, case, by=WAREHOUSE)
    assert (sale(shop), moves(shop)) == ((2, 2, 0), [])
    shop.do(decisions.ship, case, waybill=OUT, by=WAREHOUSE)
    assert (sale(shop), moves(shop)) == ((1, 1, 0), [("shipped", 1)])


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
    ("statement", "why"),
    [
        ("UPDATE replacements SET reserved = 1", "reserved beyond the stock"),
        ("UPDATE stock_balances SET quantity = 0 WHERE bucket = 'sellable'", "reserved beyond the stock"),
        ("UPDATE replacements SET reserved = 2 WHERE reserved = 1", "reserved"),
        ("UPDATE replacements SET state = 'cancelled' WHERE reserved = 1", "only what is still to be sent"),
        ("UPDATE replacements SET taken = 2", "taken: no more than is sent"),
        ("UPDATE shipments SET waybill = 'SF1'", "another order left under this waybill"),
    ],
)
def test_the_database_itself_keeps_promises(shop: Books, statement: str, why: str) -> None:
    """盘到 1 件，两单都要：占给先同意的；两个发货单各有各的单号。"""
    count(shop, "CUP", 1)
    resend(shop, ONE), resend(shop, TWO)
    for number, waybill in ((THREE, OUT), ("2850000000000000054", AGAIN)):
        shop.do(decisions.ship, resend(shop, number, "MUG"), waybill=waybill, by=WAREHOUSE)
    with (
        pytest.raises(sa.exc.DBAPIError, match=why),
        engine.engine(shop.database).begin() as connection,
    ):
        connection.execute(sa.text(statement))
