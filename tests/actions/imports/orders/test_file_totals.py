"""What by a platform's order file had gone back is explained only by refunds that left before the file was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retcli.actions.books import check as checking
from retcli.actions.casefile.went_back import WENT_BACK
from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import orders
from retcli.errors import Overdrawn
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.rules.zone import SHANGHAI
from tests.actions.imports.orders.test_rereading import old
from tests.actions.insight.month.test_order_file_refunds import exported, orders_of, sent
from tests.actions.orderfile.test_refunded_on_platform import after
from tests.database.test_schema import attempt
from tests.reports import REQUESTED, Folder, asked_back, sold, take, take_one
from tests.shopfloor import AGENT, MANAGER, Books
from tests.workbooks import workbook

SHOPIFY = "#glow1"
TAOBAO = sold("2850000000000000330", ("A", 1, 5500))


def file_of(books: Books, folder: Folder, refunded: int, *, at: datetime | None = None, paid: int = 5500) -> Path:
    """The export of one Shopify order of which so many cents went back, made now or at another time."""
    facts = {"Name": SHOPIFY, "Total": f"{paid / 100:.2f}", "Refunded Amount": f"{refunded / 100:.2f}"}
    folder.made += 1
    facts["Notes"] = str(folder.made)
    moment = f"{(at or books.at).astimezone(SHANGHAI):%Y%m%d%H%M%S}"
    return exported(folder.path / f"{folder.made:03d}_{moment}.csv", facts)


def told(books: Books, folder: Folder, refunded: int, **options: Any) -> None:
    """The file is taken in; then time passes."""
    assert take_one(books, file_of(books, folder, refunded, **options)).exit_code == 0
    books.later(minutes=10)


def paid(books: Books, amount: int) -> None:
    """A refund from here that left; then time passes."""
    sent(books, SHOPIFY, amount)
    books.later(minutes=10)


def unbooked(books: Books, number: str = SHOPIFY) -> int:
    """What went back there and no refund here explains, in minor units."""
    return int(books.do(orders.show, number).document()["unbooked"]["minor"])


def refundable(books: Books, number: str = SHOPIFY) -> int:
    """What the only line may still give back, in minor units."""
    (line,) = books.do(orders.show, number).document()["lines"]
    return int(line["refundable"]["minor"])


def refused_by_the_database(books: Books, minor: int) -> None:
    """One more part of the last payout, of so many minor units, is refused."""
    part = "INSERT INTO payout_parts (payout_id, order_id, line_id, purpose, minor)"
    last = f"SELECT payout_id, order_id, line_id, purpose, {minor} FROM payout_parts ORDER BY id DESC LIMIT 1"
    with pytest.raises(sa.exc.DBAPIError, match="overdrawn: refunded there"):
        attempt(books, f"{part} {last}")


# -- the whole way ----------------------------------------------------------------------------------------------------


def test_what_we_pay_after_the_file_opens_nothing_anew(books: Books, folder: Folder) -> None:
    """40.00 of 55.00 went back there, then the other 15.00 from here: not a cent is open."""
    told(books, folder, 4000)
    assert (unbooked(books), refundable(books)) == (4000, 1500)
    paid(books, 1500)
    assert (unbooked(books), refundable(books)) == (4000, 0)
    case = books.do(decisions.open_case, SHOPIFY, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=1)
    with pytest.raises(Overdrawn):
        books.do(decisions.approve, case.number)
    refused_by_the_database(books, 1)
    assert orders_of(workbook(books)) == [(SHOPIFY, Money(4000, "USD"), Money(0, "USD"), Money(4000, "USD"))]
    told(books, folder, 4000)
    assert (unbooked(books), refundable(books)) == (4000, 0), "the same file again tells nothing new"
    told(books, folder, 5500)
    assert (unbooked(books), refundable(books)) == (4000, 0), "a newer one counts ours too"
    books.check()


def test_what_we_paid_before_the_file_is_a_part_of_it(books: Books, folder: Folder) -> None:
    """15.00 of 55.00 from here, then the file says 40.00: 25.00 of them are not ours, and 15.00 are open."""
    told(books, folder, 0)
    paid(books, 1500)
    told(books, folder, 4000)
    assert (unbooked(books), refundable(books)) == (2500, 1500)
    refused_by_the_database(books, 1501)
    paid(books, 1500)
    assert (unbooked(books), refundable(books)) == (2500, 0)
    refused_by_the_database(books, 1)
    books.check()


def test_a_cent_more_there_does_not_make_all_of_ours_a_part_of_it(books: Books, folder: Folder) -> None:
    """40.00 there, 15.00 from here, then 41.00 there: 40.00 are not ours; 14.00 more would be 69.00 of 55.00."""
    told(books, folder, 4000)
    paid(books, 1500)
    told(books, folder, 4100)
    assert (unbooked(books), refundable(books)) == (4000, 0)
    refused_by_the_database(books, 1)


def test_an_older_file_that_comes_later_tells_what_had_gone_back_by_then(books: Books, folder: Folder) -> None:
    """Ours of 10.00 between two files of 40.00; the newer one is taken in first, by which ours may be a part of it."""
    told(books, folder, 0)
    before = books.at
    books.later(minutes=10)
    paid(books, 1000)
    told(books, folder, 4000)
    assert (unbooked(books), refundable(books)) == (3000, 1500)
    told(books, folder, 4000, at=before)
    assert (unbooked(books), refundable(books)) == (4000, 500)
    refused_by_the_database(books, 501)


def test_a_file_that_names_a_later_time_was_made_when_it_came_in(books: Books, folder: Folder) -> None:
    told(books, folder, 4000, at=books.at + timedelta(days=2))
    paid(books, 1500)
    assert (unbooked(books), refundable(books)) == (4000, 0)


def asked_there(books: Books, folder: Folder, amount: int) -> str:
    """The case of a refund that the buyer asks for on Taobao, agreed to by the original route."""
    refund = asked_back("900000000000000001", TAOBAO, amount, kind="仅退款", status=REQUESTED)
    assert take_one(books, folder.refunds(refund)).refused == 0
    number: str = books.value("SELECT number FROM cases")
    return number


def test_the_original_route_after_the_file_is_no_part_of_it_either(books: Books, folder: Folder) -> None:
    """Taobao says 40.00 of 55.00; ours of 15.00 leaves by the platform; then its file says 55.00."""
    books.hire()
    take(books, *folder.both(after(TAOBAO, 4000)))
    books.at = datetime.now(UTC) + timedelta(minutes=1)
    case = asked_there(books, folder, 1500)
    books.do(decisions.approve, case, waive=["quality", "evidence"], because="told", by=MANAGER)
    payout = books.value("SELECT number FROM payouts WHERE method = 'original'")
    books.do(payout_steps.step, payout, "confirm", by=MANAGER)
    assert (unbooked(books, TAOBAO.number), refundable(books, TAOBAO.number)) == (4000, 0)
    refused_by_the_database(books, 1)
    books.later(minutes=10)
    late = folder.orders(after(TAOBAO, 5500), name=f"late_{books.at.astimezone(SHANGHAI):%Y%m%d%H%M%S}.csv")
    take_one(books, late)
    assert (unbooked(books, TAOBAO.number), refundable(books, TAOBAO.number)) == (4000, 0)


def test_small_transfers_are_no_part_of_the_file_of_a_platform_with_refunds_of_its_own(
    books: Books, folder: Folder
) -> None:
    """15.00 of 55.00 by a transfer, then Taobao's file says 40.00: all of it went back beside ours."""
    take(books, *folder.both(TAOBAO))
    sent(books, TAOBAO.number, 1500)
    books.later(minutes=10)
    take_one(books, folder.orders(after(TAOBAO, 4000), name="late_20261109130000.csv"))
    assert (unbooked(books, TAOBAO.number), refundable(books, TAOBAO.number)) == (4000, 0)
    refused_by_the_database(books, 1)


def test_what_waited_for_a_second_person_was_let_go_by_its_settlement_at_the_latest(
    books: Books, folder: Folder
) -> None:
    """Decided before the file, countersigned and paid after it: no part of the file."""
    books.hire()
    told(books, folder, 0, paid=550000)
    case = books.do(decisions.open_case, SHOPIFY, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=150000, by=MANAGER)
    books.do(decisions.approve, case.number, by=MANAGER)
    payout = books.do(payouts.refund, case.number, by=AGENT)
    assert payout.state == "waiting"
    books.later(minutes=10)
    told(books, folder, 400000, paid=550000)
    books.do(payout_steps.countersign, payout.number, waive=[WENT_BACK], because="other money", by=MANAGER)
    books.do(payout_steps.step, payout.number, "confirm", by=MANAGER)
    assert (unbooked(books), refundable(books)) == (400000, 0)
    refused_by_the_database(books, 1)


def test_lines_of_several_files_count_together(books: Books, folder: Folder) -> None:
    """By one item report 10.00 of the first line went back, by a later one 20.00 of the second: 30.00 in all."""
    two = sold("2850000000000000340", ("A", 1, 3000), ("B", 1, 2500))
    first = replace(two.lines[0], refunded=1000, refund_status="退款成功")
    second = replace(two.lines[1], refunded=2000, refund_status="退款成功")
    take(books, folder.orders(two), folder.items(replace(two, lines=(first, two.lines[1]))))
    take_one(books, folder.items(replace(two, lines=(second,))))
    assert [int(row[0]) for row in books.rows("SELECT minor FROM refunds_there ORDER BY id")] == [1000, 2000, 3000]
    assert unbooked(books, two.number) == 3000
    books.check()


def test_money_paid_past_the_guards_is_named(books: Books, folder: Folder) -> None:
    """40.00 there, then 15.00 from here of 55.00; the order shrinks to 54.00 past the program."""
    told(books, folder, 4000)
    paid(books, 1500)
    books.check()
    attempt(books, "UPDATE orders SET paid = 5400")
    attempt(books, "UPDATE order_lines SET cash = 5400")
    books.tell()
    (problem,) = books.do(checking.check).document()["problems"]
    assert (problem["invariant"], problem["where"]) == (1, SHOPIFY)
    assert "40.00 USD went back by the platform's order file and 15.00 USD beside it" in problem["text"]


def test_of_totals_in_old_books_no_transfer_is_a_part(books: Books, folder: Folder) -> None:
    """The 40.00 came into books of an earlier program by their last file: the lesser amount is open, and no problem."""
    revision: Any = import_module("retcli.database.migrations.versions.0026_refunds_there")
    told(books, folder, 0)
    paid(books, 1500)
    attempt(books, "UPDATE orders SET refunded_there = 4000")
    assert (unbooked(books), refundable(books)) == (4000, 0)
    refused_by_the_database(books, 1)
    attempt(books, revision.TOTALS)
    books.tell()
    last = books.value("SELECT MAX(started_at) FROM imports")
    assert books.rows("SELECT at, estimated, minor FROM refunds_there") == [(last, True, 4000)]
    assert (unbooked(books), refundable(books)) == (4000, 0)
    refused_by_the_database(books, 1)
    told(books, folder, 4000)
    assert len(books.rows("SELECT id FROM refunds_there")) == 1
    books.check()


UNDATED = {"2850000000000000551": (2500, 1500), "2850000000000000552": (4000, 0), "#glow551": (4000, 0)}
"""What is unexplained and what is open of each order of 55.00 in old books: ours of 15.00 by the original route before
the last file of 40.00, after it, and by a transfer before it.
"""


def open_in(books: Books) -> dict[str, tuple[int, int]]:
    return {number: (unbooked(books, number), refundable(books, number)) for number in UNDATED}


def test_totals_in_old_books_are_of_their_last_file_at_the_latest(tmp_path: Path) -> None:
    """The program of that time had 15.00 more open of each of the three."""
    books = old(tmp_path, "refunds_undated")
    books.at = datetime(2026, 11, 9, 16, tzinfo=SHANGHAI)
    assert open_in(books) == UNDATED
    books.check()


def test_totals_in_old_books_without_their_files_are_of_the_upgrade_at_the_latest(tmp_path: Path) -> None:
    """All that left by the original route before may be a part of them; what leaves from now on is none."""
    books = old(tmp_path, "refunds_undated", "DELETE FROM import_questions", "DELETE FROM imports")
    books.at = datetime(2026, 11, 9, 16, tzinfo=SHANGHAI)
    assert open_in(books) == UNDATED | {"2850000000000000552": (2500, 1500)}


def test_totals_are_append_only(books: Books, folder: Folder) -> None:
    told(books, folder, 4000)
    for statement in ("UPDATE refunds_there SET minor = 1", "DELETE FROM refunds_there"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            attempt(books, statement)


steps = st.lists(
    st.tuples(st.sampled_from(["there", "file", "here", "older"]), st.integers(1, 3000)), min_size=2, max_size=7
)


ROUTE, HOUR = sold("2850000000000000331", ("A", 1, 5500)), timedelta(hours=1)


def listed(books: Books, folder: Folder, back: int) -> None:
    """Taobao's order and item reports of now say that so many fen went back of the order."""
    moment = f"{books.at.astimezone(SHANGHAI):%Y%m%d%H%M%S}"
    order = after(ROUTE, back)
    take(books, folder.orders(order, name=f"o_{moment}.csv"), folder.items(order, name=f"i_{moment}.csv"))


def by_route(books: Books, folder: Folder, amount: int) -> str:
    """A refund of ours by the original route, agreed to and confirmed; its case."""
    case = agreed_there(books, folder, amount)
    payout = books.value("SELECT number FROM payouts WHERE method = 'original' AND state = 'due'")
    books.do(payout_steps.step, payout, "confirm", by=MANAGER)
    return case


def agreed_there(books: Books, folder: Folder, amount: int) -> str:
    """A refund of ours by the original route, agreed to; its case."""
    refund = asked_back("900000000000000031", ROUTE, amount, kind="仅退款", status=REQUESTED)
    take_one(books, folder.refunds(refund, name=f"r_{books.at.astimezone(SHANGHAI):%Y%m%d%H%M%S}.csv"))
    case: str = books.value("SELECT number FROM cases WHERE platform_number IS NOT NULL")
    books.do(decisions.approve, case, waive=["quality", "evidence"], because="told", by=MANAGER)
    return case


@pytest.mark.parametrize(
    ("acts", "left"),
    [
        (["route 1500", "file 4000"], (2500, 1500)),
        (["file 4000", "route 1500"], (4000, 0)),
        (["file 4000", "transfer 1500"], (4000, 0)),
        (["transfer 1500", "file 4000"], (4000, 0)),
        (["file 4000", "route 500"], (4000, 1000)),
        (["file 4000", "transfer 500"], (4000, 1000)),
        (["file 4000", "file 5500"], (5500, 0)),
        (["file 4000", "route 1500", "file 5500"], (4000, 0)),
        (["route 1500", "file 4000", "file 5500"], (4000, 0)),
        (["file 4000", "transfer 1500", "file 5500"], (5500, 0)),
    ],
)
def test_what_is_open_of_55_00(books: Books, folder: Folder, acts: list[str], left: tuple[int, int]) -> None:
    """Of Taobao's order of 55.00, of which by its file 40.00 went back, ours of 15.00 or 5.00 before or after: what of
    the file nothing explains, and what is open.
    """
    books.hire()
    listed(books, folder, 0)
    for act in acts:
        what, amount = act.split()
        books.later(hours=1)
        if what == "file":
            listed(books, folder, int(amount))
        elif what == "route":
            by_route(books, folder, int(amount))
        else:
            sent(books, ROUTE.number, int(amount))
    assert (unbooked(books, ROUTE.number), refundable(books, ROUTE.number)) == left
    if books.value("SELECT COUNT(*) FROM payouts"):
        refused_by_the_database(books, left[1] + 1)
    books.check()


def test_what_the_report_says_arrived_after_the_file_is_no_part_of_it(books: Books, folder: Folder) -> None:
    """Agreed to at 11:00, the file of 12:00 says 40.00, and by the report ours of 15.00 succeeded at 13:00."""
    books.hire()
    listed(books, folder, 0)
    agreed_there(books, folder, 1500)
    books.later(hours=1)
    listed(books, folder, 4000)
    books.later(hours=2)
    arrived = (books.at - HOUR).astimezone(SHANGHAI).replace(tzinfo=None)
    refund = asked_back("900000000000000031", ROUTE, 1500, kind="仅退款", finished_at=arrived)
    take_one(books, folder.refunds(refund, name=f"r_{books.at.astimezone(SHANGHAI):%Y%m%d%H%M%S}.csv"))
    assert books.rows("SELECT origin, state FROM payouts") == [("own", "confirmed")]
    assert (unbooked(books, ROUTE.number), refundable(books, ROUTE.number)) == (4000, 0)
    refused_by_the_database(books, 1)
    books.check()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_comes_first_no_more_goes_back_than_was_paid(
    more_books: Any, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    """What a file says, and what left from here after it was made, are different money: with neither is the other
    counted. Refunds made on the platform between the files are the platform's own; of ours it counts each.
    """
    books: Books = more_books()
    folder = Folder(tmp_path_factory.mktemp("files"))
    told(books, folder, 0)
    gone, ours, files = 0, list[tuple[datetime, int]](), list[tuple[datetime, int]]()
    for act, minor in acts:
        if act == "there":
            gone = min(gone + minor, 5500)
        elif act in {"file", "older"}:
            at = books.at if act == "file" else books.at - timedelta(minutes=5)
            files.append((at, gone))
            told(books, folder, gone, at=at)
        else:
            beside = max((was + sum(n for then, n in ours if then > at) for at, was in files), default=0)
            left = max(5500 - max(beside, sum(n for _at, n in ours)), 0)
            amount = min(minor, left)
            assert refundable(books) == left
            if amount:
                ours.append((books.at, amount))
                paid(books, amount)
                gone = min(gone + amount, 5500)
            if left:
                continue
        for at, was in files:
            assert was + sum(n for then, n in ours if then > at) <= 5500
        books.check()
