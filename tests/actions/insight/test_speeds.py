"""How fast the shop was, by hand: replies, decisions, refunds, inspections, and the share that kept the target."""

from datetime import datetime, timedelta

import pytest

from retcli.actions.cases import contacts, decisions
from retcli.actions.insight import speeds, today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.rules.insight.speed import Spell, speed
from retcli.rules.lifecycles import Kind
from retcli.rules.money.payouts import GOODS
from retcli.shop import Shop
from retcli.views.base import View
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, NOON, WAREHOUSE, Books
from tests.terminal import Desk

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "median", "slow", "kept"),
    [
        ([], None, None, 0),
        ([5], 5, 5, 1),
        ([1, 30], 30, 30, 1),
        ([1, 2, 3, 4, 50], 3, 50, 4),
        ([-2, 24, 25], 24, 25, 2),
    ],
)
def test_the_middle_the_slow_and_the_share(hours: list[int], median: int | None, slow: int | None, kept: int) -> None:
    found = speed("reply", [Spell(NOON, NOON + n * HOUR) for n in hours], 24 * HOUR)
    expected = [None if n is None else n * HOUR for n in (median, slow)]
    assert ([found.median, found.slow], found.kept) == (expected, kept)


def scanned(shop: Shop, code: str) -> View:
    """A code at the door."""
    return scanning.scan(shop, Bench(), code)


def test_two_returns_of_a_week(books: Books) -> None:
    """The first is answered after 2 hours and paid 5 hours after the goods came; the second waits 80 hours."""
    books.hire()
    for number, wait in (("2850000000000000061", 2), ("2850000000000000062", 80)):
        at = books.at_(NOON)
        at.order(number, ("TS-L", 1, 2000))
        case = at.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D")
        at.later(hours=wait)
        at.do(decisions.approve, case.number)
        if wait == 2:
            at.do(parcels.expect_by_hand, case.number, "YT5260493176849")
            at.later(hours=20)
            at.do(scanned, "YT5260493176849", by=WAREHOUSE)
            at.later(hours=4)
            at.do(inspection.inspect, case.number, [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
            at.later(hours=1)
            payout = at.do(payouts.refund, case.number, by=MANAGER)
            at.do(payout_steps.step, payout.number, "confirm", by=MANAGER)
    view = books.do(speeds.speeds, NOON.date(), NOON.date())
    rows = {row["step"]: row for row in view.document()["rows"]}
    assert (rows["reply"]["cases"], rows["reply"]["kept"], rows["reply"]["median_hours"]) == (2, 1, "80.0")
    assert (rows["agreement"]["cases"], rows["agreement"]["kept"]) == (2, 1)
    assert (rows["refund"]["cases"], rows["refund"]["median_hours"]) == (1, "5.0")
    assert (rows["back_on_shelf"]["cases"], rows["back_on_shelf"]["median_hours"]) == (1, "4.0")
    assert (rows["whole_case"]["cases"], rows["whole_case"]["median_hours"]) == (1, "27.0")
    nothing = books.do(speeds.speeds, datetime(2026, 1, 1).date(), datetime(2026, 1, 2).date())
    assert [each.cases for each in nothing.speeds] == [0, 0, 0, 0, 0, 0]


def test_what_the_platform_had_decided_before_says_nothing_of_the_shop(books: Books, folder: Folder) -> None:
    """Two refunds of the first import: one long paid on the platform, one that waits and is agreed to here."""
    paid, waits = sold("2850000000000000063", ("A", 1, 500)), sold("2850000000000000064", ("A", 1, 900))
    long_ago, today = datetime(2026, 10, 1, 9, 0), datetime(2026, 11, 9, 9, 0)
    done = asked_back("31063", paid, 500, applied_at=long_ago, finished_at=datetime(2026, 10, 2, 9, 0))
    asked = asked_back("31064", waits, 900, applied_at=today, status=REQUESTED)
    take(books, *folder.both(paid, waits), folder.refunds(done, asked))
    later = books.at_(NOON + HOUR)
    later.do(decisions.approve, "31064")
    later.order("2850000000000000065", ("A", 1, 500), signed_at=NOON)
    by_phone = later.do(decisions.open_case, "2850000000000000065", kind=Kind.RETURN, reason="B_7D")
    later.do(decisions.approve, by_phone.number)
    rows = {each.name: each for each in books.do(speeds.speeds, long_ago.date(), NOON.date()).speeds}
    assert (rows["reply"].cases, rows["agreement"].cases, rows["refund"].cases) == (2, 2, 0)
    assert (rows["agreement"].median, rows["agreement"].slow) == (timedelta(hours=4), timedelta(hours=4))


def test_only_what_people_did_counts(books: Books, folder: Folder) -> None:
    """The platform agreed to one after it came in; money that went ahead of its goods, or without any, is no speed."""
    order = sold("2850000000000000066", ("A", 1, 500))
    applied = datetime(2026, 11, 9, 9, 0)
    asked = asked_back("31066", order, 500, applied_at=applied, status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(asked))
    paid = asked_back("31066", order, 500, applied_at=applied, finished_at=datetime(2026, 11, 9, 15, 0))
    later = books.at_(NOON + 5 * HOUR)
    take(later, folder.refunds(paid))
    view = later.do(speeds.speeds, applied.date(), applied.date())
    assert {each.name: each.cases for each in view.speeds} == dict.fromkeys(
        ("reply", "agreement", "refund", "refund_before_goods", "back_on_shelf", "whole_case"), 0
    )
    assert view.document()["decided"] == {"person": 0, "rule": 0, "platform": 1}


def test_money_that_went_ahead_of_the_goods_is_a_line_of_its_own(books: Books) -> None:
    """Refunded three hours before the parcel came; another one whose parcel never came."""
    books.hire()
    for number, waybill in (("2850000000000000067", "YT5260493176850"), ("2850000000000000068", "")):
        at = books.at_(NOON)
        at.order(number, ("TS-L", 1, 2000))
        case = at.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D")
        at.do(decisions.approve, case.number)
        paid_ahead(at, case.number)
        at.later(hours=3)
        if waybill:
            at.do(parcels.expect_by_hand, case.number, waybill)
            at.do(scanned, waybill, by=WAREHOUSE)
    rows = {each.name: each for each in books.do(speeds.speeds, NOON.date(), NOON.date()).speeds}
    assert (rows["refund"].cases, rows["refund_before_goods"].cases) == (0, 2)
    assert rows["refund_before_goods"].median is None, "no time, and so never nought hours"


def paid_ahead(books: Books, number: str) -> None:
    """The platform paid at once, before anything came back."""
    from retcli.actions.casefile import lookup
    from retcli.actions.casefile.records import one_case, payout_parts
    from retcli.actions.money import outgoing

    def pay(shop: Shop) -> View:
        case = lookup.case_of(shop, number)
        (line, on), *_more = one_case.case_lines(shop, case)
        parts = [payout_parts.Part(GOODS, on.id, line.due)]
        payment = outgoing.Payment("refund", "original", parts, request=f"{number}-P")
        row = outgoing.write_down(shop, case, payment, shop.now)
        return payouts.view_of(shop, row)

    books.do(pay)


def test_who_was_never_answered_missed_the_first_answer(books: Books) -> None:
    """Applied for at noon, the target is 24 hours. One is answered after two hours, one after thirty, one never, one
    is only an hour old: the target was kept by one of three.
    """
    for n, answered in enumerate((2, 30, None)):
        number = books.order(f"285000000000000009{n}", ("TS-L", 1, 2000))
        books.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D")
        if answered:
            books.at_(NOON + answered * HOUR).do(contacts.contact, number, way="phone", result="reached")
    later = books.at_(NOON + 31 * HOUR)
    number = later.order("2850000000000000099", ("TS-L", 1, 2000))
    books.at_(NOON + 30 * HOUR).do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D")
    view = later.do(speeds.speeds, NOON.date(), NOON.date() + timedelta(days=2))
    reply = view.document()["rows"][0]
    assert (reply["step"], reply["cases"], reply["kept"], reply["missed"]) == ("reply", 2, 1, 1)
    day = later.do(today.today)
    assert day.unanswered == 1
    desk = Desk(books.database, at=later.at)
    assert desk.type("--lang", "zh", "today").out.count("首次回复") == 1
    assert "1 单过了首次回复的时限，还没回复买家：retcli case review" in desk.type("--lang", "zh", "today").out
    report = desk.type("--lang", "zh", "report", "speed", "--since", "2026-11-09", "--until", "2026-11-11").out
    assert "33%" in report and "首次回复：另有 1 单到时限也没人处理：retcli case review" in report
    later.do(contacts.contact, "2850000000000000092", way="phone", result="reached")
    assert later.do(today.today).unanswered == 0
