"""A driver's load is counted against the driver's number, by scans that nobody took back; what differs is listed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from retcli.actions.cases import undoing
from retcli.actions.insight import today
from retcli.actions.warehouse.bench import bench_deliveries
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.deliveries import counts, handovers, waiting
from retcli.errors import Refused
from retcli.models.acts import Act
from retcli.transaction import opened
from retcli.views.warehouse.deliveries import DeliveryEnded, DeliveryView
from tests.actions.warehouse.test_stalled_parcels import movements
from tests.shopfloor import NOON, WAREHOUSE, Books
from tests.warehouse import Terminal, returning

ORDERS = [f"28500000000000007{n}1" for n in range(3)]
FIRST, SECOND, OTHER_CARRIERS = "YT9000000000001", "YT9000000000002", "SF9000000000003"
STRANGER, BOXES = "SF1620041173366", ("JDVA0123456789-1-2-", "JDVA0123456789-2-2-")
EITHER = "9612345678908"
HOUR = timedelta(hours=1)


@pytest.fixture
def door(books: Books, tmp_path: Path) -> Terminal:
    """A door at which three returns are awaited, of which the carriers say that they handed two over five and four
    hours ago.
    """
    books.hire()
    books.product("TS-L")
    for order, waybill in zip(ORDERS, (FIRST, SECOND, OTHER_CARRIERS), strict=True):
        returning(books, order, ("TS-L", 1, 900), waybill=waybill)
    movements(books, tmp_path, (SECOND, NOON - 5 * HOUR, "签收"), (OTHER_CARRIERS, NOON - 4 * HOUR, "签收"))
    return Terminal(books)


def begin(door: Terminal, announced: int, company: str = "圆通") -> str:
    """Begins a delivery at the bench; what is said."""
    with opened(door.books.asked(WAREHOUSE)) as shop:
        return bench_deliveries.begin(shop, door.bench, announced, company).sentence()


def only(books: Books) -> DeliveryView:
    """The one delivery of the books."""
    (delivery,) = books.do(counts.deliveries).deliveries
    return delivery


def told(door: Terminal, code: str) -> str:
    """What stands before the sign after a code."""
    prompt = door.code(code).prompt
    return prompt.sentence() if prompt else ""


def test_each_waybill_counts_once_and_what_differs_is_listed_at_the_end(door: Terminal) -> None:
    """Seven said; one awaited, read twice, one that nobody knows, two boxes of one parcel: four. Three are short, and
    the carrier's word names one of them: the other that was signed for is another carrier's.
    """
    begin(door, 7)
    assert [told(door, code).split()[1] for code in (FIRST, FIRST, STRANGER, *BOXES)] == [
        "1/7",
        "1/7",
        "2/7",
        "3/7",
        "4/7",
    ]
    assert door.bench.awaits == "", "nothing is asked about the stranger now"
    end = door.code("RCMDEND")
    assert isinstance(end.result, DeliveryEnded)
    assert (end.sound, end.exit_code) == ("look", 3)
    delivery = only(door.books)
    assert (delivery.announced, delivery.scanned, delivery.short, delivery.surplus) == (7, 4, 3, 0)
    assert (delivery.strangers, delivery.unopened, delivery.state) == (2, 3, "short")
    assert [row.waybill for row in delivery.missing] == [SECOND]
    assert SECOND in end.message and OTHER_CARRIERS not in end.message
    door.books.check()


def test_a_double_is_said_and_not_counted(door: Terminal) -> None:
    begin(door, 2)
    door.code(FIRST)
    again = door.code(FIRST)
    assert (again.outcome, "not counted once more" in again.message) == ("duplicate", True)
    assert only(door.books).scanned == 1


def test_another_carriers_parcel_in_the_load_is_named(door: Terminal) -> None:
    """Two said and two scanned, one of them of another carrier: it may hide a missing one, so it is no fit."""
    begin(door, 2)
    door.codes(FIRST, STRANGER)
    end = door.code("RCMDEND")
    (other,) = only(door.books).others
    assert (other.carrier, end.sound, end.exit_code) == ("顺丰", "look", 3)
    assert other.parcel in end.message


def test_as_many_as_the_driver_says(door: Terminal) -> None:
    begin(door, 2)
    door.codes(FIRST, "YT5260493176849")
    end = door.code("RCMDEND")
    assert (end.sound, end.exit_code) == ("done", 0)
    assert (only(door.books).difference, only(door.books).missing) == ("", ())
    assert door.bench.delivery == 0


def test_more_than_the_driver_says(door: Terminal) -> None:
    begin(door, 1)
    door.codes(FIRST, STRANGER)
    assert "1 too many" in door.code("RCMDEND").message
    assert only(door.books).surplus == 1


def test_without_a_carrier_all_that_are_handed_over_by_word_are_named(door: Terminal) -> None:
    begin(door, 3, "")
    door.code(FIRST)
    door.code("RCMDEND")
    assert [row.waybill for row in only(door.books).missing] == [OTHER_CARRIERS, SECOND], "the latest word first"


def test_what_goes_back_with_the_driver_is_none_of_ours_and_none_missing(door: Terminal) -> None:
    begin(door, 2)
    door.codes(FIRST, STRANGER, "RCMDREJECT")
    delivery = only(door.books)
    assert (delivery.scanned, delivery.turned_away, delivery.difference) == (1, 1, "")


def test_what_is_taken_back_counts_no_more(door: Terminal) -> None:
    begin(door, 7)
    door.codes(FIRST, *BOXES)
    assert told(door, "RCMDUNDO").split()[1] == "2/7"
    door.codes("RCMDUNDO", "RCMDYES")
    assert only(door.books).scanned == 1
    door.code(BOXES[0])
    assert only(door.books).scanned == 2
    door.books.check()


def test_the_command_asks_for_the_number_and_corrects_it(door: Terminal) -> None:
    assert "next line" in told(door, "RCMDDELIVERY")
    assert told(door, "60 圆通").split()[1] == "0/60"
    assert only(door.books).carrier == "圆通"
    door.codes(FIRST, "RCMDDELIVERY", "16")
    assert (only(door.books).announced, only(door.books).carrier) == (16, "圆通")
    door.code("RCMDUNDO")
    assert only(door.books).announced == 60
    door.books.check()


@pytest.mark.parametrize("typed", ["0", STRANGER, "many", "60 60", "12345"])
def test_what_is_no_number_of_parcels_begins_nothing(door: Terminal, typed: str) -> None:
    door.code("RCMDDELIVERY")
    view = door.code(typed)
    assert (view.outcome, view.sound) == ("unknown", "stop")
    assert door.books.do(counts.deliveries).deliveries == ()


def test_a_delivery_begun_by_mistake_is_called_off(door: Terminal) -> None:
    begin(door, 60)
    door.code("RCMDUNDO")
    assert (only(door.books).state, door.bench.delivery) == ("called_off", 0)
    door.books.check()


def test_a_delivery_with_parcels_in_it_is_not_called_off(door: Terminal) -> None:
    begin(door, 60)
    door.code(FIRST)
    begun = door.books.value("SELECT id FROM acts WHERE kind = 'begin_delivery'")
    with opened(door.books.asked(WAREHOUSE)) as shop, pytest.raises(Refused, match="1 parcels were scanned"):
        handovers.take_back(shop, shop.session.get_one(Act, begun))


def test_an_end_too_early_is_taken_back(door: Terminal) -> None:
    begin(door, 3)
    door.codes(FIRST, "RCMDEND")
    door.books.do(undoing.undo, by=WAREHOUSE)
    assert only(door.books).state == "counting"
    assert begin(door, 3).startswith("delivery DH") and door.bench.delivery
    door.code(STRANGER)
    assert only(door.books).scanned == 2
    door.books.check()


def test_after_a_crash_it_is_offered_again_and_goes_on(door: Terminal) -> None:
    begin(door, 3)
    session = door.bench.session
    door.codes(FIRST, STRANGER)
    door.bench = Bench()
    with opened(door.books.asked(WAREHOUSE), writes=False) as shop:
        offered = bench_deliveries.offer(shop, door.bench)
    assert offered is not None and "2 of 3" in offered.sentence()
    assert told(door, "RCMDYES").split()[1] == "2/3"
    assert (door.bench.session, door.bench.mode) == (session, "receiving")
    door.code(BOXES[0])
    assert only(door.books).difference == ""


def test_another_code_leaves_it_open_and_counts_for_nothing(door: Terminal) -> None:
    begin(door, 3)
    door.bench = Bench()
    with opened(door.books.asked(WAREHOUSE), writes=False) as shop:
        bench_deliveries.offer(shop, door.bench)
    door.code(FIRST)
    assert (only(door.books).scanned, only(door.books).state) == (0, "counting")
    assert door.books.do(today.today).deliveries == 1


def test_the_same_one_typed_again_goes_on_and_another_is_refused(door: Terminal) -> None:
    begin(door, 60)
    assert "goes on" in begin(door, 60)
    with pytest.raises(Refused, match="is not ended: 0 of 60"):
        begin(door, 61)


def test_a_number_of_an_unknown_carrier_counts_though_the_parcel_before_it_waits_for_pieces(door: Terminal) -> None:
    begin(door, 3)
    assert [view.outcome for view in door.codes(FIRST, "ZTX0123456789")] == ["received", "unclaimed"]
    assert only(door.books).scanned == 2


def test_what_may_be_a_barcode_counts_once_it_is_read_twice(door: Terminal) -> None:
    """``9612345678908`` is shaped as a waybill of the post, and its last digit is right as a barcode's."""
    begin(door, 3)
    assert [view.outcome for view in door.codes(FIRST, EITHER, EITHER)] == ["received", "unknown", "unclaimed"]
    assert only(door.books).scanned == 2


def test_today_tells_what_is_here_and_not_opened_and_what_was_never_scanned(door: Terminal) -> None:
    begin(door, 7)
    door.codes(FIRST, STRANGER, "RCMDEND")
    door.books.later(hours=26)
    view = door.books.do(today.today)
    assert (view.unopened.parcels, view.unopened.age(view.at)) == (2, "1 d")
    assert (view.never_scanned.parcels, view.never_scanned.age(view.at)) == (2, "1 d")
    assert view.deliveries == 0
    door.bench = Bench()
    door.codes(FIRST, "TS-L")
    assert door.books.do(today.today).unopened.parcels == 1
    assert [parcel.full_waybill for parcel in door.books.do(waiting.list_unopened).parcels] == [STRANGER]
    assert [row.waybill for row in door.books.do(waiting.list_never_scanned).parcels] == [SECOND, OTHER_CARRIERS]


def test_a_parcel_written_down_by_mistake_is_none(door: Terminal) -> None:
    from retcli.actions.warehouse.strangers import leaving

    begin(door, 2)
    door.codes(FIRST, STRANGER)
    door.books.do(leaving.void, STRANGER, because="扫错了")
    assert only(door.books).scanned == 1
    door.books.check()
