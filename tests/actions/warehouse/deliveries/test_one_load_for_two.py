"""A load is one count, whoever scans: what was received before it is counted in, a colleague joins it, what ended short
stays until somebody says why.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import undoing
from retcli.actions.insight import today
from retcli.actions.shop import staff
from retcli.actions.warehouse.bench import bench_deliveries, scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.deliveries import counts, handovers
from retcli.actions.warehouse.strangers import leaving
from retcli.errors import RetcliError, WrongCommand
from retcli.rules.lifecycles import Role
from retcli.transaction import opened
from retcli.views.warehouse.deliveries import DeliveryEnded, DeliveryLeft, DeliveryView
from tests.shopfloor import WAREHOUSE, Books
from tests.warehouse import Terminal, returning

ORDERS = [f"28500000000000007{n}1" for n in range(3)]
FIRST, SECOND, THIRD = "YT9000000000001", "YT9000000000002", "YT9000000000003"
STRANGER, BOXES = "SF1620041173366", ("JDVA0123456789-1-2-", "JDVA0123456789-2-2-")
LI = "小李"


class Gun(Terminal):
    """A second gun, in a colleague's hands."""

    def __init__(self, books: Books, who: str) -> None:
        super().__init__(books)
        self.who = who

    def scan(self, *codes: str, at: float | None = None) -> list[Any]:
        return [self.books.do(scanning.scan, self.bench, code, at, by=self.who) for code in codes]


@pytest.fixture
def door(books: Books, tmp_path: Path) -> Terminal:
    """A door at which three returns are awaited, and two people scan."""
    books.hire()
    books.do(staff.add, LI, Role.WAREHOUSE)
    books.product("TS-L")
    for order, waybill in zip(ORDERS, (FIRST, SECOND, THIRD), strict=True):
        returning(books, order, ("TS-L", 1, 900), waybill=waybill)
    return Terminal(books)


def begin(door: Terminal, announced: int, company: str = "圆通", by: str = WAREHOUSE) -> str:
    """Begins a delivery at the bench; what is said."""
    with opened(door.books.asked(by)) as shop:
        return bench_deliveries.begin(shop, door.bench, announced, company).sentence()


def join(gun: Terminal, ref: str, by: str) -> str:
    """Goes on with a delivery by its number at the bench; what is said."""
    with opened(gun.books.asked(by)) as shop:
        return bench_deliveries.join(shop, gun.bench, ref).sentence()


def only(books: Books) -> DeliveryView:
    """The one delivery of the books."""
    (delivery,) = books.do(counts.deliveries).deliveries
    return delivery


# -- received before the load ---------------------------------------------------------------------


def test_what_was_received_a_moment_before_is_counted_in_once_and_said(door: Terminal) -> None:
    """Two boxes were scanned before anybody said that a load of three came: each counts when it is read again."""
    door.codes(FIRST, STRANGER)
    begin(door, 3, "")
    again = [door.code(code) for code in (FIRST, FIRST, STRANGER, SECOND)]
    assert [only(door.books).scanned, again[0].outcome, again[1].outcome] == [3, "received", "duplicate"]
    assert "counted into this delivery now" in again[0].message
    assert "not counted once more" in again[1].message
    assert (only(door.books).difference, len(only(door.books).parcels)) == ("", 3)
    door.books.check()


def test_what_was_received_long_before_or_is_another_carriers_is_asked_about(door: Terminal) -> None:
    """A box of the morning may be of another driver's load, and one of SF is hardly of YTO's: RCMDYES counts it in."""
    door.code(FIRST)
    door.books.later(hours=2)
    door.code(STRANGER)
    begin(door, 2)
    for code in (FIRST, STRANGER):
        asked = door.code(code)
        assert (asked.outcome, asked.to_confirm) == ("stop", True)
        before = only(door.books).scanned
        assert door.code("RCMDYES").outcome == "received"
        assert only(door.books).scanned == before + 1
    door.books.check()


def test_another_code_leaves_the_asked_one_out(door: Terminal) -> None:
    door.code(FIRST)
    door.books.later(hours=2)
    begin(door, 2)
    door.codes(FIRST, SECOND)
    assert only(door.books).scanned == 1


def test_what_another_load_counts_is_counted_in_no_second_one(door: Terminal) -> None:
    begin(door, 1)
    door.codes(FIRST, "RCMDEND")
    begin(door, 2, "")
    view = door.code(FIRST)
    assert (view.outcome, "DH20261109-0001" in view.message) == ("duplicate", True)
    assert [each.scanned for each in door.books.do(counts.deliveries).deliveries] == [0, 1]


def test_boxes_of_one_parcel_are_counted_in_one_by_one(door: Terminal) -> None:
    door.codes(*BOXES)
    begin(door, 2, "")
    door.codes(BOXES[1], BOXES[0], BOXES[1])
    assert only(door.books).scanned == 2
    door.books.check()


def test_counting_in_is_taken_back(door: Terminal) -> None:
    door.code(FIRST)
    begin(door, 2)
    door.code(FIRST)
    assert door.code("RCMDUNDO").outcome == "undone"
    assert (only(door.books).scanned, door.books.value("SELECT state FROM parcels WHERE waybill = :w", w=FIRST)) == (
        0,
        "received",
    )
    door.code(FIRST)
    assert only(door.books).scanned == 1
    door.books.check()


# -- the offer ------------------------------------------------------------------------------------


def test_the_command_offers_an_open_load_also_after_other_codes(door: Terminal) -> None:
    begin(door, 3)
    door.code(FIRST)
    door.bench = Bench()
    door.codes(STRANGER, "", "", "")
    offered = door.code("RCMDDELIVERY")
    assert "DH20261109-0001" in offered.message and "RCMDYES" in offered.message
    door.code("RCMDYES")
    assert (only(door.books).scanned, door.bench.delivery > 0) == (1, True)
    door.code(SECOND)
    assert only(door.books).scanned == 2


# -- two people -----------------------------------------------------------------------------------


def test_a_colleague_joins_and_both_count_into_one_load(door: Terminal) -> None:
    """Three said: one scanned here, one there, the third by both. Three, and each parcel once."""
    begin(door, 3)
    other = Gun(door.books, LI)
    assert WAREHOUSE in join(other, "DH20261109-0001", LI)
    door.code(FIRST)
    other.code(SECOND)
    assert other.code(FIRST).outcome == "duplicate"
    door.code(THIRD)
    assert other.code(THIRD).outcome == "duplicate"
    assert (only(door.books).scanned, len(set(only(door.books).parcels))) == (3, 3)
    assert isinstance(other.code("RCMDEND").result, DeliveryEnded), "it fits: whoever says so ends it"
    assert only(door.books).state == "counted"
    door.books.check()


def test_who_joined_leaves_and_the_load_stays_open(door: Terminal) -> None:
    begin(door, 3)
    other = Gun(door.books, LI)
    join(other, "DH20261109-0001", LI)
    other.code(FIRST)
    left = other.code("RCMDEND")
    assert isinstance(left.result, DeliveryLeft) and "1 of 3" in left.message
    assert (only(door.books).state, other.bench.delivery) == ("counting", 0)
    door.codes(SECOND, THIRD)
    assert isinstance(door.code("RCMDEND").result, DeliveryEnded)
    assert only(door.books).difference == ""


def test_a_load_that_was_ended_elsewhere_takes_nothing_in_unasked(door: Terminal) -> None:
    """The other one still holds a box when the load is ended: nothing is booked until that goes on."""
    begin(door, 2)
    other = Gun(door.books, LI)
    join(other, "DH20261109-0001", LI)
    door.codes(FIRST, "RCMDEND")
    stopped = other.code(SECOND)
    assert (stopped.outcome, WAREHOUSE in stopped.message) == ("stop", True)
    assert door.books.value("SELECT state FROM parcels WHERE waybill = :w", w=SECOND) == "expected"
    assert other.code("RCMDYES").outcome == "received"
    assert (only(door.books).scanned, only(door.books).state) == (2, "counting")
    door.books.check()


def test_an_open_load_of_a_colleague_is_offered_to_who_has_nothing_open(door: Terminal) -> None:
    begin(door, 3)
    other = Gun(door.books, LI)
    with opened(door.books.asked(LI), writes=False) as shop:
        offered = bench_deliveries.offer_of_others(shop, other.bench)
    assert offered is not None and WAREHOUSE in offered.sentence()
    other.codes("RCMDYES", FIRST)
    assert only(door.books).scanned == 1


# -- what ended short -----------------------------------------------------------------------------


def short_by_two(door: Terminal) -> None:
    begin(door, 3)
    door.codes(FIRST, "RCMDEND")


def test_what_ended_short_says_how_to_go_on_and_stays_in_today_for_ever(door: Terminal) -> None:
    begin(door, 3)
    told = [door.code(code) for code in (FIRST, "RCMDEND")][1].message
    assert "retcli scan --delivery DH20261109-0001" in told
    assert "retcli parcel settle DH20261109-0001 --because" in told
    assert (only(door.books).state, door.books.do(today.today).short_deliveries) == ("short", 1)
    door.books.later(days=40)
    assert (only(door.books).short, door.books.do(today.today).short_deliveries) == (2, 1)


def test_the_missing_come_later(door: Terminal) -> None:
    """The driver brings the other two in the afternoon: the load goes on by its number, and fits."""
    short_by_two(door)
    door.books.later(hours=5)
    join(door, "DH20261109-0001", WAREHOUSE)
    door.codes(SECOND, THIRD, "RCMDEND")
    assert (only(door.books).difference, only(door.books).state) == ("", "counted")
    assert door.books.do(today.today).short_deliveries == 0
    door.books.check()


def test_who_has_it_go_on_ends_it(door: Terminal) -> None:
    """Who began it has gone home; a colleague takes the rest in, of which one is still missing."""
    short_by_two(door)
    other = Gun(door.books, LI)
    join(other, "DH20261109-0001", LI)
    other.code(SECOND)
    assert isinstance(other.code("RCMDEND").result, DeliveryEnded)
    assert (only(door.books).state, only(door.books).short) == ("short", 1)


def test_somebody_writes_why(door: Terminal) -> None:
    short_by_two(door)
    with pytest.raises(WrongCommand):
        door.books.do(handovers.settle, "DH20261109-0001", because=" ", by=WAREHOUSE)
    view = door.books.do(handovers.settle, "DH20261109-0001", because="司机数错了", by=WAREHOUSE)
    assert (view.deliveries[0].state, view.deliveries[0].settled_because) == ("settled", "司机数错了")
    assert door.books.do(today.today).short_deliveries == 0
    door.books.do(undoing.undo, by=WAREHOUSE)
    assert (only(door.books).state, only(door.books).settled_because) == ("short", "")
    door.books.check()


def test_a_telephone_number_in_the_reason_is_not_shown(door: Terminal) -> None:
    """The reason is of no order, so that no name can be known in it; a number is."""
    short_by_two(door)
    view = door.books.do(handovers.settle, "0001", because="问了 13987654321，司机数错了", by=WAREHOUSE)
    assert "13987654321" not in view.deliveries[0].settled_because
    assert "司机数错了" in view.deliveries[0].settled_because


def test_what_is_settled_goes_on_when_the_missing_come_after_all(door: Terminal) -> None:
    short_by_two(door)
    door.books.do(handovers.settle, "DH20261109-0001", because="司机数错了", by=WAREHOUSE)
    join(door, "DH20261109-0001", WAREHOUSE)
    door.codes(SECOND, THIRD, "RCMDEND")
    assert (only(door.books).state, only(door.books).settled_because) == ("counted", "")
    door.books.check()


def test_a_load_that_nobody_ends_is_settled_too(door: Terminal) -> None:
    """Who began it has gone home."""
    begin(door, 3)
    door.code(FIRST)
    door.books.do(handovers.settle, "0001", because="明天再数", by=LI)
    assert only(door.books).state == "settled"
    door.books.check()


def test_only_what_is_short_is_settled(door: Terminal) -> None:
    begin(door, 1)
    door.codes(FIRST, "RCMDEND")
    with pytest.raises(RetcliError, match="nothing is missing"):
        door.books.do(handovers.settle, "DH20261109-0001", because="x", by=WAREHOUSE)


def test_a_parcel_taken_back_makes_an_ended_load_short(door: Terminal) -> None:
    """Two of two; one of them was written down by mistake: one is missing after all."""
    begin(door, 2)
    door.codes(FIRST, STRANGER, "RCMDEND")
    assert only(door.books).state == "counted"
    door.books.do(leaving.void, STRANGER, because="扫错了", by=WAREHOUSE)
    assert (only(door.books).state, only(door.books).short) == ("short", 1)
    door.books.later(minutes=1)
    door.books.do(undoing.undo, by=WAREHOUSE)
    assert (only(door.books).state, only(door.books).short) == ("counted", 0)
    door.books.check()


def test_the_newest_counts_stay_listed(door: Terminal) -> None:
    begin(door, 1)
    door.codes(FIRST, "RCMDEND")
    door.books.later(days=8)
    assert door.books.do(counts.deliveries).deliveries == ()
    assert timedelta(days=7) == counts.LISTED
