"""Two hundred parcels that nobody announced, of which it is known whose they are, through real books: the first
candidate is mostly right, and none goes to a wrong case by itself.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.cases import decisions
from retcli.actions.warehouse import parcel_candidates, parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.pieces import awaited_pieces
from retcli.actions.warehouse.strangers import labels, read_labels
from retcli.models import Order, OrderLine
from retcli.rules.lifecycles import Kind
from retcli.shop import Shop
from retcli.transaction import opened
from tests.lengths import LONG, length, sweep
from tests.rules.warehouse.test_two_hundred import SKUS, Buyer, Stranger, buyers, strangers
from tests.shopfloor import NOON, Books

SEEDS = (20261130, 7, 4711)


def sell(shop: Shop, buyer: Buyer) -> None:
    """A buyer's order with a line for each article, which arrived a month ago."""
    order = Order(
        platform="taobao", number=buyer.order, paid=1000 * len(buyer.goods), status="done", buyer=f"b{buyer.place}",
        receiver=f"收{buyer.place}", phone_tail=buyer.tail, address=f"中国{buyer.city}市某区", waybill=buyer.waybill,
        carrier=buyer.carrier, paid_at=NOON - timedelta(days=40), ordered_at=NOON - timedelta(days=40),
        shipped_at=NOON - timedelta(days=39), signed_at=NOON - timedelta(days=36), signed_by="confirmed",
    )  # fmt: skip
    shop.add(order)
    for place, (sku, pieces) in enumerate(sorted(buyer.goods.items()), 1):
        shop.add(OrderLine(order_id=order.id or 0, number=f"{buyer.order}{place}", position=place, sku=sku, title=sku,
                           quantity=pieces, price=1000 // pieces, stated=1000, cash=1000))  # fmt: skip


def ask_back(shop: Shop, buyer: Buyer) -> None:
    """All of it is to come back, agreed to so many days ago: of every third buyer by a case for each line, as Taobao
    has it; of one who sent all of it already, that is here.
    """
    apart = [[f"{sku}={pieces}"] for sku, pieces in sorted(buyer.goods.items())]
    for lines in apart if buyer.place % 3 == 0 else [[line for each in apart for line in each]]:
        view = decisions.open_case(shop, buyer.order, kind=Kind.RETURN, reason="Q_FUNC", lines=lines)
        decisions.approve(shop, view.number, waive=["window"], because="好")
        case = lookup.case_of(shop, view.number)
        case.decided_at = shop.now - timedelta(days=buyer.days)
        if buyer.complete:
            waybill = f"YT90{buyer.place:05d}{view.number[-4:]}00"
            parcels.expect_by_hand(shop, case.number, waybill)
            receive(shop, waybill, Counter({line.split("=")[0]: int(line.split("=")[1]) for line in lines}))
    shop.session.flush()


def receive(shop: Shop, waybill: str, goods: Counter[str], said: read_labels.Said = read_labels.Said()) -> str:  # noqa: B008
    """A parcel is scanned, its label written down, its pieces counted, and it leaves the table; its number."""
    bench = Bench()
    number = scanning.scan(shop, bench, waybill).parcel
    if said != read_labels.Said():
        labels.note(shop, parcels.numbered(shop, number), said)
    for sku in sorted(goods.elements()):
        scanning.scan(shop, bench, sku)
    scanning.scan(shop, bench, "RCMDNEXT")
    return number


def judge(shop: Shop, stranger: Stranger) -> tuple[str, set[str]]:
    """The order of the first candidate of a parcel ("" for none), and the orders to whose cases it went by itself."""
    said = read_labels.Said(phone_tail=stranger.tail, city=stranger.city, old_waybill=stranger.old)
    number = receive(shop, f"SF16200411{stranger.place:05d}", stranger.goods, said)
    parcel = parcels.numbered(shop, number)
    ids = {case.order_id for case in awaited_pieces.cases_of(shop, parcel)}
    went = set(shop.session.scalars(sa.select(col(Order.number)).where(col(Order.id).in_(ids))))
    first = next(iter(parcel_candidates.fitting(shop, parcel)), None)
    return next(iter(went)) if went else first.order if first else "", went


def each_once(made: list[Stranger], people: list[Buyer]) -> None:
    """Nobody sends the same goods back twice: of two buyers alike the second parcel is of the one who sent none yet."""
    sent = set[int]()
    for each in made:
        if each.of and each.of.place in sent:
            each.of = people[each.place]
        sent |= {each.of.place} if each.of else set()


def concerned(made: list[Stranger], people: list[Buyer]) -> list[Buyer]:
    """The buyers whose parcels some are, or who look like it: by their box, their telephone, or the same goods."""
    boxes, tails = {each.old for each in made}, {each.tail for each in made}
    alike = [each for each in people if each.waybill in boxes or each.tail in tails]
    owners = {each.of.place for each in made if each.of} | {each.place for each in alike}
    return [each for each in people if each.place in owners]


@sweep
@pytest.mark.parametrize("seed", SEEDS if LONG else SEEDS[:1])
def test_the_first_candidate_is_right_and_none_goes_wrong_by_itself(sqlite_books: Books, seed: int) -> None:
    books, rng, seen = sqlite_books, random.Random(seed), Counter[str]()
    for sku in SKUS:
        books.product(sku)
    people = buyers(rng)
    made = strangers(rng, people)[:: length(4, 1)]
    each_once(made, people)
    if not LONG:
        people = concerned(made, people)
    with opened(books.asked()) as shop:
        for buyer in people:
            sell(shop, buyer)
        for buyer in people:
            ask_back(shop, buyer)
    for stranger in made:
        with opened(books.asked()) as shop:
            first, went = judge(shop, stranger)
        whose = stranger.of.order if stranger.of else ""
        seen["whose"] += bool(whose)
        seen["first"] += bool(whose) and first == whose
        seen["alone"] += bool(went)
        seen["wrong"] += bool(went - {whose})
        seen["apart"] += bool(went) and stranger.of is not None and stranger.of.place % 3 == 0
    assert seen["wrong"] == 0, seen
    assert seen["first"] >= 0.9 * seen["whose"], seen
    assert seen["alone"] >= 0.3 * len(made) and seen["apart"] >= 0.07 * len(made), seen
