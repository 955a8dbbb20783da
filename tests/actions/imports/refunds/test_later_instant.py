"""A list that shows another instant of application under one number, without a closing between: a later one is a new
application, an earlier one or none is not; whatever had become of the first.

Applied for on 11-06 at 09:30, 88.00 of 88.00; decided on the 7th at 12:00, looked at again on the 8th.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.insight import today as day
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, questions, sold, take, unsent
from tests.shopfloor import MANAGER, OWNER, Books, shanghai

NUMBER = "2850000000000000981"
FIRST_AT = datetime(2026, 11, 6, 9, 30)
ORDER = unsent(sold(NUMBER, ("TS-L", 1, 8800)))
WISH = asked_back(
    "71", ORDER, 8800, kind="仅退款", status=REQUESTED, goods="买家未收到货", applied_at=FIRST_AT, note="请退款"
)
AT: dict[str, datetime | None] = {
    "the same": FIRST_AT,
    "later by its seconds": FIRST_AT.replace(second=59),
    "later": datetime(2026, 11, 7, 18),
    "later than a click": datetime(2026, 11, 7, 22),
    "earlier": datetime(2026, 11, 5, 9),
    "none": None,
}
ANEW = {"later", "later than a click"}
SENT_HERE = {"sent", "unknown", "arrived"}


def _approve(books: Books) -> None:
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, "71", by=MANAGER)


def _click(books: Books) -> None:
    _approve(books)
    books.at = shanghai("2026-11-07 20:00")
    books.do(platform_list.done, ["71"], by=MANAGER)


def _moved(*moves: str) -> Callable[[Books], None]:
    def move(books: Books) -> None:
        _approve(books)
        for each in moves:
            number = books.value("SELECT number FROM payouts")
            books.do(payout_steps.step, number, each, by=MANAGER)

    return move


def _reject(books: Books) -> None:
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.reject, "71", because="已发货", by=MANAGER)


def _approve_late(books: Books) -> None:
    books.at = shanghai("2026-11-07 23:00")
    books.do(decisions.approve, "71", by=MANAGER)


STANDING: dict[str, Callable[[Books], None]] = {
    "undecided": lambda _books: None,
    "due": _approve,
    "due since": _approve_late,
    "clicked": _click,
    "sent": _moved("send"),
    "unknown": _moved("send", "lose"),
    "arrived": _moved("confirm"),
    "refused here": _reject,
}


def applied(books: Books, folder: Folder, at: datetime | None, **facts: Any) -> Any:
    """The list of the 8th, with the instant of application that it shows; its words make it another file."""
    books.at = shanghai("2026-11-08 20:00")
    path = folder.refunds(replace(WISH, applied_at=at or FIRST_AT, **{"note": "再看一下", **facts}))
    if at is None:
        text = path.read_bytes().decode("gb18030")
        written = f"{FIRST_AT:%Y-%m-%d %H:%M:%S}"
        assert written in text
        path.write_bytes(text.replace(written, "").encode("gb18030"))
    (file,) = take(books, path).document()["files"]
    return file


@pytest.fixture
def shop(books: Books, folder: Folder) -> Books:
    books.hire()
    take(books, *folder.both(ORDER), folder.refunds(WISH))
    return books


def stands(books: Books) -> tuple[Any, ...]:
    """Decision, state of the payout, click, and the questions that are open."""
    (decision,) = [row[0] for row in books.rows("SELECT decision FROM cases")]
    states = [row[0] for row in books.rows("SELECT state FROM payouts ORDER BY id")]
    clicks = [row[0] for row in books.rows("SELECT state FROM platform_actions ORDER BY id")]
    return decision, states, clicks, questions(books)


BEFORE: dict[str, tuple[Any, ...]] = {
    "undecided": ("requested", [], [], []),
    "due": ("approved", ["due"], ["todo"], []),
    "due since": ("approved", ["due"], ["todo"], []),
    "clicked": ("approved", ["due"], ["done"], []),
    "sent": ("approved", ["sent"], ["done"], []),
    "unknown": ("approved", ["unknown"], ["done"], []),
    "arrived": ("approved", ["confirmed"], ["done"], []),
    "refused here": ("rejected", [], ["todo"], []),
}


def expected(standing: str, at: str) -> tuple[Any, ...]:
    """How it must stand after the second list, by hand."""
    decision, states, clicks, _none = BEFORE[standing]
    since = standing == "due since"
    if standing in SENT_HERE:
        # the list still shows it waiting: of a case that is not finished the click is to be made again
        clicks = ["done"] if standing == "arrived" else ["todo"]
    elif standing == "clicked" and (at not in ANEW or since):
        clicks = ["todo"]
    if at not in ANEW or standing == "undecided" or since:
        return decision, states, clicks, []
    if standing in SENT_HERE:
        moment = f"{AT[at]:%Y-%m-%d %H:%M:%S}"
        return decision, states, clicks, [("71", "applied_anew", "2026-11-06 09:30:00", moment)]
    return "requested", ["failed" for _each in states], ["dropped"], []


@pytest.mark.parametrize("standing", STANDING)
@pytest.mark.parametrize("at", AT)
def test_only_a_later_application_is_a_new_one(shop: Books, folder: Folder, standing: str, at: str) -> None:
    STANDING[standing](shop)
    assert stands(shop) == BEFORE[standing]
    file = applied(shop, folder, AT[at])
    assert stands(shop) == expected(standing, at)
    fell = expected(standing, at)[0] == "requested" and standing in {"due", "clicked"}
    assert file["fell"]["cases"] == int(fell), "the import tells it"
    assert shop.do(day.today).document()["fell"]["cases"] == int(fell), "so does the day's list"
    card = shop.do(case_cards.show, "71").document()["case"]
    undone = fell or (standing == "refused here" and at in ANEW)
    assert (card["applied_anew_at"] is not None) == undone
    shop.check()
    again = applied(shop, folder, AT[at], note="再看一眼")
    assert stands(shop) == expected(standing, at), "the same told once more changes nothing"
    assert again["fell"]["cases"] == 0


def _send_beside(books: Books, standing: str) -> None:
    """The 88.00 agreed to beyond what was paid, and moved to where it stands."""
    books.do(decisions.approve, "71", waive=["beyond_price"], because="seen", by=MANAGER)
    (number,) = [row[0] for row in books.rows("SELECT number FROM payouts WHERE kind = 'refund'")]
    for move in {"sent": ["send"], "unknown": ["send", "lose"], "arrived": ["confirm"]}[standing]:
        books.do(payout_steps.step, number, move, by=MANAGER)


@pytest.mark.parametrize("standing", sorted(SENT_HERE))
def test_what_has_not_left_waits_for_the_answer(shop: Books, folder: Folder, standing: str) -> None:
    """5.00 of amends are due beside the 88.00 that left: they wait, and the card names the question."""
    shop.at = shanghai("2026-11-07 12:00")
    waived: dict[str, Any] = {"waive": ["approval"], "because": "seen"}
    beside = shop.do(payouts.compensate, "71", cash=500, by=MANAGER, **waived).number
    _send_beside(shop, standing)
    applied(shop, folder, AT["later"])
    with pytest.raises(Refused, match=r"applied anew on order \d+ after money or goods had left, or goods"):
        shop.do(payout_steps.step, beside, "send", by=MANAGER)
    assert shop.do(case_cards.show, "71").next.startswith("retcli imports answer 1 --seen")
    shop.do(import_questions.answer, 1, "seen", by=OWNER)
    shop.do(payout_steps.step, beside, "send", by=MANAGER)
    applied(shop, folder, AT["later"], note="又一遍")
    assert questions(shop) == [], "what was answered is not asked again"
    shop.check()


@pytest.mark.parametrize(("exported", "decision"), [("190000", "approved"), ("210000", "requested")])
def test_a_click_after_it_is_one_on_the_new_application(
    shop: Books, folder: Folder, exported: str, decision: str
) -> None:
    """Applied for anew at 18:00, clicked at 20:00: a list of 19:00 knows nothing of that click, one of 21:00 says that
    nothing came of it.
    """
    _click(shop)
    shop.at = shanghai("2026-11-08 20:00")
    wish = replace(WISH, applied_at=AT["later"] or FIRST_AT, note="再看一下")
    take(shop, folder.refunds(wish, name=f"list_20261107{exported}.csv"))
    assert shop.value("SELECT decision FROM cases") == decision
    shop.check()


def test_what_the_platform_paid_is_no_new_application(shop: Books, folder: Folder) -> None:
    """The platform's payment of what was agreed to here is that, whenever it says that it was applied for."""
    _approve(shop)
    applied(shop, folder, AT["later"], status=SUCCEEDED)
    assert stands(shop) == ("approved", ["confirmed"], ["verified"], [])


def test_a_case_opened_by_hand_before_the_buyer_applied_is_no_second_one(books: Books, folder: Folder) -> None:
    """Opened on the telephone and agreed to, then applied for: each list shows that one application."""
    books.hire()
    take(books, *folder.both(ORDER))
    books.at = shanghai("2026-11-05 10:00")
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="B_MIND", by=MANAGER).number
    books.do(decisions.approve, case, by=MANAGER)
    for note in ("一", "二"):
        applied(books, folder, FIRST_AT, note=note)
        assert books.rows("SELECT decision, applied_anew_at FROM cases") == [("approved", None)]
    applied(books, folder, datetime(2026, 11, 8, 18), note="三")
    assert books.value("SELECT decision FROM cases") == "requested"
    books.check()


def test_a_wish_changed_to_what_was_agreed_keeps_the_approval(shop: Books, folder: Folder) -> None:
    """80.00 of 88.00 agreed to; the buyer applies for 80.00 at a later time, and each list repeats that."""
    shop.at = shanghai("2026-11-07 12:00")
    shop.do(decisions.approve, "71", amount=8000, by=MANAGER)
    for note in ("一", "二"):
        applied(shop, folder, AT["later"], amount=8000, note=note)
        assert shop.rows("SELECT decision, asked FROM cases") == [("approved", 8000)]
    shop.check()


def test_a_day_without_its_time_is_no_earlier_application(shop: Books, folder: Folder) -> None:
    """A list that printed the day alone came first; one with its time is no new application."""
    other = unsent(sold("2850000000000000982", ("TS-L", 1, 8800)))
    wish: Refund = replace(WISH, number="72", order=other, line=other.lines[0], applied_at=datetime(2026, 11, 6))
    take(shop, *folder.both(other), folder.refunds(wish))
    shop.at = shanghai("2026-11-06 08:00")
    shop.do(decisions.approve, "72", by=MANAGER)
    take(shop, folder.refunds(replace(wish, applied_at=datetime(2026, 11, 6, 18))))
    assert shop.value("SELECT decision FROM cases WHERE platform_number = '72'") == "approved"
