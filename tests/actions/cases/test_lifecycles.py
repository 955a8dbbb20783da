"""Every move from every status, on real rows: allowed ones end as the table says, all others change nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session, SQLModel

from retcli.database import engine
from retcli.errors import Refused
from retcli.models import Case, Delivery, Offer, Order, Parcel, Payout, PlatformAction, Replacement, Shipment
from retcli.models.register import BadReview, Escalation
from retcli.models.stock import StockOrder, Stocktake
from retcli.rules.lifecycles import LIFECYCLES, Decision, Filing, Kind, Lifecycle
from retcli.shop import Shop
from retcli.transaction import opened
from tests.shopfloor import NOON, OWNER, Books

ORDER = "2850000000000000009"


@dataclass(frozen=True)
class Made:
    """A row in its status, and under which name it is known."""

    table: type[SQLModel]
    id: int
    subject: str


def a_case(shop: Shop, *, decision: str = Decision.APPROVED, filing: str = Filing.OPEN) -> Case:
    order = Order(platform="taobao", number=ORDER, paid=10000, paid_at=NOON)
    shop.add(order)
    case = Case(
        number=shop.number("RC"),
        order_id=order.id or 0,
        platform="taobao",
        kind=Kind.EXCHANGE,
        decision=decision,
        filing=filing,
        reason_stated="SZ_FIT",
        applied_at=NOON,
        opened_at=NOON,
    )
    shop.add(case)
    return case


def decision_in(shop: Shop, status: str) -> Any:
    return a_case(shop, decision=status)


def filing_in(shop: Shop, status: str) -> Any:
    return a_case(shop, filing=status)


def payout_in(shop: Shop, status: str) -> Any:
    case = a_case(shop)
    return shop.add(
        Payout(
            number="P-1",
            request="one",
            case_id=case.id or 0,
            order_id=case.order_id,
            kind="refund",
            method="original",
            minor=6667,
            state=status,
            decided_by=OWNER,
            decided_at=NOON,
        )
    )


def parcel_in(shop: Shop, status: str) -> Any:
    return shop.add(Parcel(number="PK-1", waybill="YT5260493176849", state=status))


def delivery_in(shop: Shop, status: str) -> Any:
    return shop.add(Delivery(number="DH-1", announced=60, state=status, begun_by=OWNER, begun_at=NOON))


def replacement_in(shop: Shop, status: str) -> Any:
    return shop.add(Replacement(case_id=a_case(shop).id or 0, sku="TS-M", quantity=1, state=status))


def platform_action_in(shop: Shop, status: str) -> Any:
    case = a_case(shop)
    return shop.add(PlatformAction(case_id=case.id or 0, action="agree_return", state=status, created_at=NOON))


def offer_in(shop: Shop, status: str) -> Any:
    case = a_case(shop)
    return shop.add(Offer(case_id=case.id or 0, rung="coupon", amount=500, state=status, by=OWNER, at=NOON))


def shipment_in(shop: Shop, status: str) -> Any:
    case = a_case(shop)
    box: dict[str, Any] = {"number": "RS-1", "order_id": case.order_id, "case_id": case.id, "by": OWNER, "at": NOON}
    return shop.add(Shipment(**box, state=status))


def escalation_in(shop: Shop, status: str) -> Any:
    said: dict[str, Any] = {"kind": "intervention", "due_at": NOON, "by": OWNER, "opened_at": NOON}
    return shop.add(Escalation(case_id=a_case(shop).id or 0, state=status, **said))


def bad_review_in(shop: Shop, status: str) -> Any:
    return shop.add(BadReview(order_id=a_case(shop).order_id, state=status, by=OWNER, opened_at=NOON))


def stocktake_in(shop: Shop, status: str) -> Any:
    return shop.add(Stocktake(number="ST1", bucket="sellable", state=status, by=OWNER, opened_at=NOON))


def stock_order_in(shop: Shop, status: str) -> Any:
    order = StockOrder(number="SO1", kind="moved", sku="TS-L", pieces=1, source="repair", target="defective",
                       because="x", state=status, by=OWNER, at=NOON)  # fmt: skip
    return shop.add(order)


ROWS: dict[str, Callable[[Shop, str], Any]] = {
    "decision": decision_in,
    "filing": filing_in,
    "payout": payout_in,
    "parcel": parcel_in,
    "delivery": delivery_in,
    "replacement": replacement_in,
    "shipment": shipment_in,
    "platform_action": platform_action_in,
    "offer": offer_in,
    "escalation": escalation_in,
    "bad_review": bad_review_in,
    "stocktake": stocktake_in,
    "stock_order": stock_order_in,
}
PAIRS = [
    pytest.param(cycle, status, move, id=f"{axis}: {status} {move}")
    for axis, cycle in LIFECYCLES.items()
    for status in cycle.statuses
    for move in cycle.all_moves
]


def made(books: Books, cycle: Lifecycle, status: str) -> Made:
    """A row of the axis, as if it had come to this status."""
    with opened(books.asked()) as shop:
        row = ROWS[cycle.axis](shop, status)
        return Made(type(row), row.id, f"{cycle.axis}/{row.id}")


def row_of(books: Books, it: Made) -> Any:
    """The row as it stands in the books, not tied to any piece of work."""
    with Session(engine.reading(books.database), expire_on_commit=False) as session:
        row = session.get_one(it.table, it.id)
        session.expunge(row)
        return row


def move(books: Books, it: Made, cycle: Lifecycle, name: str) -> None:
    with opened(books.asked()) as shop:
        shop.move(shop.session.get_one(it.table, it.id), it.subject, cycle, name)


def events(books: Books) -> list[Any]:
    """What was done; that a row was written stands beside it, as for every other one."""
    return books.rows("SELECT subject, action, operator, payload FROM events WHERE action <> 'facts' ORDER BY seq")


def status_of(row: Any, cycle: Lifecycle) -> tuple[str, int]:
    return str(getattr(row, cycle.axis, None) or row.state), row.version


def unchanged(books: Books, it: Made, cycle: Lifecycle, name: str) -> None:
    """The move is refused, and afterwards the row and the history are what they were."""
    row, history = row_of(books, it), events(books)
    with pytest.raises(Refused, match=r"nobody can|not the time") as refusal:
        move(books, it, cycle, name)
    assert refusal.value.where["subject"] == it.subject
    assert (row_of(books, it).model_dump(), events(books)) == (row.model_dump(), history)


def moved(books: Books, it: Made, cycle: Lifecycle, name: str, then: str) -> None:
    """The move leads where the table says: one version on, one event more, and nothing else of the row changed."""
    row, history = row_of(books, it), events(books)
    was, version = status_of(row, cycle)
    move(books, it, cycle, name)
    now = row_of(books, it)
    assert status_of(now, cycle) == (then, version + 1)
    column = cycle.axis if hasattr(row, cycle.axis) else "state"
    assert now.model_dump(exclude={column, "version"}) == row.model_dump(exclude={column, "version"})
    before, *added = [events(books)[: len(history)], *events(books)[len(history) :]]
    payload = f'{{"axis":"{cycle.axis}","now":"{then}","was":"{was}"}}'
    assert before == history
    assert [tuple(event) for event in added] == [(it.subject, name, OWNER, payload)]


@pytest.mark.parametrize(("cycle", "status", "name"), PAIRS)
def test_every_move_from_every_status(sqlite_books: Books, cycle: Lifecycle, status: str, name: str) -> None:
    it = made(sqlite_books, cycle, status)
    then = cycle.after(status, name)
    if then is None:
        unchanged(sqlite_books, it, cycle, name)
    else:
        moved(sqlite_books, it, cycle, name, then)


@pytest.mark.parametrize("cycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())
def test_a_move_nobody_knows_is_refused(sqlite_books: Books, cycle: Lifecycle) -> None:
    unchanged(sqlite_books, made(sqlite_books, cycle, cycle.start), cycle, "teleport")


def stale(books: Books, cycle: Lifecycle) -> None:
    """Two people look at the same row; who moves second is told to look again, and changes nothing."""
    it = made(books, cycle, cycle.start)
    name = cycle.steps[0].move
    seen = row_of(books, it)
    move(books, it, cycle, name)
    row, history = row_of(books, it), events(books)
    with pytest.raises(Refused, match="changed by somebody else"), opened(books.asked()) as shop:
        shop.move(seen, it.subject, cycle, name)
    assert (row_of(books, it).model_dump(), events(books)) == (row.model_dump(), history)


def outdated(books: Books, cycle: Lifecycle) -> None:
    """The status came back to what it was, but the row is another one than was looked at."""
    it = made(books, cycle, cycle.start)
    seen = row_of(books, it)
    seen.version -= 1
    history = events(books)
    with pytest.raises(Refused, match="changed by somebody else"), opened(books.asked()) as shop:
        shop.move(seen, it.subject, cycle, cycle.steps[0].move)
    assert (status_of(row_of(books, it), cycle), events(books)) == ((cycle.start, 1), history)


@pytest.mark.parametrize("cycle", LIFECYCLES.values(), ids=LIFECYCLES.keys())
@pytest.mark.parametrize("late", [stale, outdated])
def test_who_comes_second_is_refused(
    sqlite_books: Books, cycle: Lifecycle, late: Callable[[Books, Lifecycle], None]
) -> None:
    late(sqlite_books, cycle)


def test_a_move_that_is_not_saved_leaves_no_event(sqlite_books: Books) -> None:
    """Whatever goes wrong later in the same piece of work takes the move back with it."""
    cycle = LIFECYCLES["decision"]
    it = made(sqlite_books, cycle, cycle.start)
    history = events(sqlite_books)
    with pytest.raises(RuntimeError, match="power"), opened(sqlite_books.asked()) as shop:
        shop.move(shop.session.get_one(it.table, it.id), it.subject, cycle, "approve")
        raise RuntimeError("power cut")
    assert (status_of(row_of(sqlite_books, it), cycle), events(sqlite_books)) == ((cycle.start, 1), history)


def test_a_sample_of_it_on_postgresql(postgres_books: Books) -> None:
    cycle = LIFECYCLES["payout"]
    it = made(postgres_books, cycle, "sent")
    unchanged(postgres_books, it, cycle, "send")
    moved(postgres_books, it, cycle, "lose", "unknown")
    moved(postgres_books, it, cycle, "confirm", "confirmed")
    stale(postgres_books, LIFECYCLES["parcel"])
