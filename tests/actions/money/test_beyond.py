"""What a platform paid is over only where the order as a whole is: a line's excess takes what others still have."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fixtures.model import Order, Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month import sums
from retcli.actions.insight.today import today
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.rules.periods import Period
from retcli.sheets import reconciliation
from retcli.transaction import opened
from retcli.views.screen import Terminal
from tests.reports import CLOSED, REQUESTED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import MANAGER, Books

NUMBER = "2850000000000000941"
BIG, SMALL = 0, 1
"""The two lines of the order: 50.00 and 5.00, together the 55.00 that were paid."""


def two_lines() -> Order:
    return unsent(sold(NUMBER, ("TS-BIG", 1, 5000), ("TS-SMALL", 1, 500)))


def success(number: str, line: int, minor: int, hour: int) -> Refund:
    """The platform's word on one of the refunds, at an hour of 10 November."""
    at = datetime(2026, 11, 10, hour)
    return asked_back(number, two_lines(), minor, line=line, kind="仅退款", finished_at=at)


def parts(books: Books) -> list[tuple[str, str, int]]:
    """What each refund that stands gives of which line: its number, the line's SKU (or the purpose), fen."""
    rows = books.rows(
        "SELECT c.platform_number, COALESCE(l.sku, x.purpose), CAST(SUM(x.minor) AS INTEGER) FROM payout_parts x"
        " JOIN payouts p ON p.id = x.payout_id JOIN cases c ON c.id = p.case_id"
        " LEFT JOIN order_lines l ON l.id = x.line_id WHERE p.state = 'confirmed'"
        " GROUP BY c.platform_number, COALESCE(l.sku, x.purpose) HAVING SUM(x.minor) <> 0 ORDER BY 1, 2"
    )
    return [tuple(row) for row in rows]


def classes(books: Books) -> dict[str, int]:
    """Class and platform's sum of each difference of November, every column of every sheet equal to its sum in SQL."""
    period = Period.month("2026-11")
    with opened(books.asked(), writes=False) as shop:
        month = reconciling.month_of_books(shop, "2026-11")
        sums.hold_equal(shop, period, reconciliation.sheets(month)[1:])
    found: dict[str, int] = {}
    for gap in month.gaps:
        found[gap.label] = found.get(gap.label, 0) + gap.platform.minor
    return found


OVER = "over"
TABLE: list[Any] = [
    # what the platform paid one after the other, what of it stands for what, D2, D4
    pytest.param(
        [("R1", BIG, 5200)], [("R1", "TS-BIG", 5000), ("R1", "TS-SMALL", 200)], 5200, 0, id="52 of 50 on 55",
    ),
    pytest.param(
        [("R1", BIG, 5200), ("R2", SMALL, 500)],
        [("R1", "TS-BIG", 5000), ("R1", "TS-SMALL", 200), ("R2", "TS-SMALL", 300), ("R2", OVER, 200)],
        5500, 200, id="52 then 5: 2 over, with the second",
    ),
    pytest.param(
        [("R2", SMALL, 500), ("R1", BIG, 5200)],
        [("R1", "TS-BIG", 5000), ("R1", OVER, 200), ("R2", "TS-SMALL", 500)],
        5500, 200, id="5 then 52: 2 over, with the second",
    ),
    pytest.param(
        [("R1", BIG, 5200), ("R2", SMALL, 300)],
        [("R1", "TS-BIG", 5000), ("R1", "TS-SMALL", 200), ("R2", "TS-SMALL", 300)],
        5500, 0, id="52 then 3: just all of it",
    ),
    pytest.param(
        [("R1", BIG, 6000)], [("R1", "TS-BIG", 5000), ("R1", "TS-SMALL", 500), ("R1", OVER, 500)],
        5500, 500, id="60 on 55",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("paid", "stands", "within", "over"), TABLE)
def test_over_is_what_exceeds_the_order(
    books: Books, folder: Folder, paid: list[tuple[str, int, int]], stands: list[Any], within: int, over: int
) -> None:
    books.hire()
    take(books, *folder.both(two_lines()))
    for hour, (number, line, minor) in enumerate(paid, 9):
        take(books, folder.refunds(success(number, line, minor, hour)))
    assert over == max(sum(minor for _number, _line, minor in paid) - 5500, 0)
    assert sorted(parts(books)) == sorted(stands)
    assert classes(books) == {label: minor for label, minor in (("D2", within), ("D4", over)) if minor}
    fields = [field for _about, field, _known, _found in questions(books)]
    assert fields.count("over") == (1 if over else 0)
    for number, _line, minor in paid:
        shown = books.do(case_cards.show, number).document()["case"]
        mine = sum(fen for about, what, fen in stands if about == number and what != OVER)
        assert (shown["due"]["minor"], shown["paid"]["minor"]) == (mine, minor)
    books.check()


def test_what_is_above_its_line_is_asked_about(books: Books, folder: Folder) -> None:
    """52.00 on a line of 50.00: within the order, and still not what the line was worth."""
    books.hire()
    take(books, *folder.both(two_lines()), folder.refunds(success("R1", BIG, 5200, 9)))
    assert questions(books) == [("R1", "platform_paid", "50.00", "52.00")]


def test_what_was_agreed_stands_beside_the_excess_of_its_line(books: Books, folder: Folder) -> None:
    """50.00 agreed to and clicked, 52.00 paid there: a difference of 2.00 and nothing over."""
    books.hire()
    wish = asked_back("R1", two_lines(), 5000, line=BIG, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(two_lines()), folder.refunds(wish))
    books.do(decisions.approve, "R1", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    take(books, folder.refunds(success("R1", BIG, 5200, 9)))
    rows = books.rows("SELECT minor, origin, state FROM payouts ORDER BY id")
    assert rows == [(5000, "own", "confirmed"), (200, "platform", "confirmed")]
    assert (classes(books), questions(books)) == ({"D3": 5200}, [("R1", "platform_paid", "50.00", "52.00")])
    shown = books.do(case_cards.show, "R1").document()["case"]
    assert (shown["agreed"]["minor"], shown["paid"]["minor"]) == (5000, 5200)
    books.check()


def other(books: Books, folder: Folder, *moves: str) -> tuple[str, str]:
    """5.00 of the small line agreed on by hand and let go by transfer, taken so far; then 52.00 on the big one."""
    books.hire()
    take(books, *folder.both(two_lines()))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC", lines=["TS-SMALL=1"]).number
    books.do(decisions.approve, case, by=MANAGER)
    transfer = books.do(payouts.refund, case, by=MANAGER).number
    for move in moves:
        books.do(payout_steps.step, transfer, move, by=MANAGER)
    take(books, folder.refunds(success("R1", BIG, 5200, 9)))
    return case, transfer


def test_what_has_not_left_on_another_line_makes_way(books: Books, folder: Folder) -> None:
    """5.00 are to leave, 52.00 left: of 55.00 the order has 3.00 more."""
    case, transfer = other(books, folder)
    assert books.value(f"SELECT state FROM payouts WHERE number = '{transfer}'") == "failed"
    assert books.do(case_cards.show, case).document()["case"]["due"]["minor"] == 300
    assert classes(books) == {"D2": 5200}
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 300
    books.check()


def test_what_left_on_another_line_is_over_until_it_bounces(books: Books, folder: Folder) -> None:
    """5.00 left here and 52.00 there: 2.00 over. The transfer came back: 52.00 of 55.00 left, nothing is over."""
    case, transfer = other(books, folder, "send", "confirm")
    assert classes(books) == {"D2": 5000, "D4": 200}
    assert [each[1] for each in questions(books)] == ["over"]
    books.do(payout_steps.reverse, transfer, because="退回", by=MANAGER)
    assert (classes(books), questions(books)) == ({"D2": 5200}, [])
    assert books.do(case_cards.show, case).document()["case"]["due"]["minor"] == 300
    books.check()


def test_a_return_draws_no_piece_of_the_line_that_pays_for_its_excess(books: Books, folder: Folder) -> None:
    """The big one came back for 52.00: no piece of the small one is waited for, and it may still be returned."""
    books.hire()
    order = sold(NUMBER, ("TS-BIG", 1, 5000), ("TS-SMALL", 1, 500))
    take(books, *folder.both(order))
    take(books, folder.refunds(asked_back("R1", order, 5200, line=BIG, finished_at=datetime(2026, 11, 10, 9))))
    with opened(books.asked(), writes=False) as shop:
        month = reconciling.month_of_books(shop, "2026-11")
        sums.hold_equal(shop, Period.month("2026-11"), reconciliation.sheets(month)[1:])
    owed = [(gap.label, gap.pieces_owed, gap.goods_owed.minor) for gap in month.gaps if gap.goods_owed]
    assert owed == [("D2", 1, 5000)], "the goods that are missing are the big one's"
    later = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="Q_FUNC", lines=["TS-SMALL=1"]).number
    books.do(decisions.approve, later, by=MANAGER)
    assert books.do(case_cards.show, later).document()["case"]["due"]["minor"] == 300
    books.check()


def test_money_of_an_exchange_is_not_over_while_the_order_has_it(books: Books, folder: Folder) -> None:
    """An exchange that the platform ended with 20.00 of 55.00: nobody agreed to it, and nothing of it is over."""
    books.hire()
    order = sold(NUMBER, ("TS-BIG", 1, 5000), ("TS-SMALL", 1, 500))
    take(books, *folder.both(order))
    take(books, folder.refunds(asked_back("R1", order, 2000, line=BIG, kind="换货")))
    assert parts(books) == [("R1", "TS-BIG", 2000)]
    assert "D4" not in classes(books)
    books.check()


# -- a click that turned out not to have been made --------------------------------------------------------------------


def clicked(books: Books, folder: Folder) -> Refund:
    """55.00 paid and agreed to on R0, said to be clicked; then the platform pays 20.00 on R1: 20.00 over."""
    books.hire()
    wish = asked_back("R0", two_lines(), 5500, line=None, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(two_lines()), folder.refunds(wish))
    books.do(decisions.approve, "R0", by=MANAGER)
    books.do(platform_list.done, ["R0"], by=MANAGER)
    take(books, folder.refunds(success("R1", BIG, 2000, 9)))
    assert classes(books)["D4"] == 2000
    return wish


@pytest.mark.parametrize("status", [REQUESTED, CLOSED])
def test_a_click_that_was_not_made_leaves_nothing_over(books: Books, folder: Folder, status: str) -> None:
    """The next list says that R0 still waits, or was closed: only the 20.00 of R1 left, and 35.00 may be agreed to."""
    wish = clicked(books, folder)
    with pytest.raises(Refused, match="nothing else of it leaves"):
        books.do(payouts.compensate, "R0", cash=100, by=MANAGER)
    later = replace(
        wish, status=status, note="再看", finished_at=datetime(2026, 11, 10, 12) if status == CLOSED else None
    )
    take(books, folder.refunds(later))
    assert parts(books) == [("R1", "TS-BIG", 2000)]
    told = classes(books)
    assert (told.get("D4"), told["D2"]) == (None, 2000)
    assert [each for each in questions(books) if each[1] == "over"] == []
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'make_room'") == 1
    if status == REQUESTED:
        assert books.do(case_cards.show, "R0").document()["case"]["due"]["minor"] == 3500
        assert books.do(payouts.refund, "R0", by=MANAGER).money.minor == 3500
        assert [item.money.minor for item in books.do(platform_list.todo).items] == [3500]
    assert books.do(today).document()
    books.check()


def test_a_click_that_was_made_leaves_what_is_over(books: Books, folder: Folder) -> None:
    wish = clicked(books, folder)
    take(books, folder.refunds(replace(wish, status="退款成功", finished_at=datetime(2026, 11, 10, 8))))
    assert classes(books)["D4"] == 2000
    books.check()


def test_the_text_of_an_excess_stands_on_the_line_that_gives_it(books: Books, folder: Folder) -> None:
    """52.00 of 50.00: the 2.00 are the small line's, of which nothing was applied for; then 5.00 of which 3.00 are left
    by no price cut.
    """
    books.hire()
    take(books, *folder.both(two_lines()), folder.refunds(success("R1", BIG, 5200, 9), success("R2", SMALL, 500, 10)))
    with opened(books.asked(), writes=False) as shop:
        details = reconciliation.sheets(reconciling.month_of_books(shop, "2026-11"))[2]
    place = [column.title for column in details.columns].index("How it came about")
    first, second = (str(row[place]) for row in details.rows)
    excess = "TS-SMALL 商品TS-SMALL: of this line the platform paid as well, no piece of it is in the case"
    assert f"{excess} 2.00; Fixed at another amount" in first
    assert "0 of 1 pieces" not in first
    assert "paid for 1 5.00; Given before on this line, no pieces for it -2.00" in second
    told = io.StringIO()
    books.do(case_cards.explain, "R1").draw(Terminal(told))
    assert f"  {excess} 2.00\n" in told.getvalue()
    books.check()


# -- what left of the order before the platform's word ----------------------------------------------------------------


def transfers(books: Books, folder: Folder) -> dict[str, str]:
    """Of the 55.00 each 10.00 by transfer: sent, nobody knows, due; then the platform pays 55.00: 20.00 over. The
    numbers of the payouts by their state.
    """
    books.hire()
    take(books, *folder.both(two_lines()))
    numbers = {}
    for state, moves in {"sent": ["send"], "unknown": ["send", "lose"], "due": []}.items():
        case = books.do(
            decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", lines=["TS-BIG"], amount=1000
        ).number
        books.do(decisions.approve, case, waive=["evidence"], because="seen", by=MANAGER)
        numbers[state] = books.do(payouts.refund, case, by=MANAGER).number
        for move in moves:
            books.do(payout_steps.step, numbers[state], move, by=MANAGER)
    take(books, folder.refunds(success("R1", BIG, 5500, 9)))
    assert [field for _about, field, _known, _found in questions(books)] == ["over"]
    return numbers


@pytest.mark.parametrize("state", ["sent", "unknown"])
def test_that_money_arrived_is_a_fact_whatever_is_asked(books: Books, folder: Folder, state: str) -> None:
    """The question stops new money; what left is confirmed, and that nothing more leaves stays so."""
    numbers = transfers(books, folder)
    case = books.value("SELECT c.number FROM cases c JOIN payouts p ON p.case_id = c.id WHERE p.number = :n",
                       n=numbers[state])  # fmt: skip
    question = books.value("SELECT id FROM import_questions WHERE state = 'open'")
    ways = books.do(case_cards.show, case).next.splitlines()
    assert ways[:2] == [f"retcli imports answer {question} --seen", f"retcli pay confirm {numbers[state]}"]
    shown = books.do(payout_steps.step, numbers[state], "confirm", by=MANAGER)
    assert (shown.state, [each[1] for each in questions(books)]) == ("confirmed", ["over"])
    assert books.value("SELECT filing FROM cases WHERE number = :n", n=case) == "finished"
    books.check()


@pytest.mark.parametrize("move", ["send", "confirm"])
def test_what_has_not_left_waits_for_the_answer(books: Books, folder: Folder, move: str) -> None:
    """Of the transfer that is due nothing is left: it made way for what the platform paid."""
    numbers = transfers(books, folder)
    with pytest.raises(Refused, match=r"nothing else of it leaves now|this is not the time"):
        books.do(payout_steps.step, numbers["due"], move, by=MANAGER)
