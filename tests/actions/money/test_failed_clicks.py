"""A refund that was clicked on the platform fails by the platform's word, or by a manager's."""

from __future__ import annotations

from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from tests.actions.money.test_clicked_and_closed import AGAINST, agreed, ended
from tests.reports import Folder
from tests.shopfloor import AGENT, MANAGER, Books

STEPS = {"clicked": (), "sent": ("send",), "unknown": ("send", "lose")}
"""How a refund stands that the platform may have paid, and by which steps it came there after its click."""
SEEN: dict[str, Any] = {"waive": ["clicked_there"], "because": "后台显示退款失败"}


def clicked(books: Books, stand: str) -> str:
    """The refund of 100.00 that was agreed to, clicked; its number."""
    books.do(platform_list.done, ["R1"], by=AGENT)
    number = str(books.value("SELECT number FROM payouts ORDER BY id DESC LIMIT 1"))
    for step in STEPS[stand]:
        books.do(payout_steps.step, number, step, by=AGENT)
    return number


def state(books: Books, number: str) -> str:
    return str(books.value("SELECT state FROM payouts WHERE number = :number", number=number))


@pytest.mark.parametrize("stand", STEPS)
def test_what_was_clicked_fails_by_a_managers_word_only(books: Books, folder: Folder, stand: str) -> None:
    """The platform may have paid the 100.00: a bare word takes nothing off; after the manager's it is paid anew."""
    agreed(books, folder)
    number = clicked(books, stand)
    before = state(books, number)
    for who in (AGENT, MANAGER):
        with pytest.raises(Refused, match=f"{number} was clicked on the platform, which may have paid it") as refused:
            books.do(payout_steps.step, number, "fail", because="验错了", by=who)
        command = f"retcli pay fail {number} --waive clicked_there --because TEXT"
        assert refused.value.hint.startswith("First the report: retcli import FILE")
        assert refused.value.hint.endswith(command)
    with pytest.raises(Refused, match="may not"):
        books.do(payout_steps.step, number, "fail", **SEEN, by=AGENT)
    assert state(books, number) == before
    books.do(payout_steps.step, number, "fail", **SEEN, by=MANAGER)
    assert (state(books, number), books.do(platform_list.todo).items) == ("failed", ())
    case = books.do(case_cards.show, "R1")
    assert (case.stage, case.next) == ("to_pay", f"retcli pay refund {case.number}")
    books.do(payouts.refund, "R1", by=MANAGER)
    assert [item.money.minor for item in books.do(platform_list.todo).items] == [10000]
    books.check()


def test_each_click_asks_for_its_own_reason(books: Books, folder: Folder) -> None:
    agreed(books, folder)
    books.do(payout_steps.step, clicked(books, "clicked"), "fail", **SEEN, by=MANAGER)
    books.do(payouts.refund, "R1", by=MANAGER)
    with pytest.raises(Refused, match="which may have paid it"):
        books.do(payout_steps.step, clicked(books, "clicked"), "fail", because="又失败", by=MANAGER)


def test_what_nobody_clicked_is_called_off_by_anybody(books: Books, folder: Folder) -> None:
    agreed(books, folder)
    number = str(books.value("SELECT number FROM payouts"))
    assert books.do(payout_steps.step, number, "fail", because="先不退", by=AGENT).state == "failed"
    assert books.value("SELECT COUNT(*) FROM waivers") == 0


@pytest.mark.parametrize("stand", ["sent", "unknown"])
@pytest.mark.parametrize("end", AGAINST)
def test_the_platforms_own_word_is_enough(books: Books, folder: Folder, stand: str, end: str) -> None:
    wish = agreed(books, folder)
    number = clicked(books, stand)
    ended(books, folder, wish, end)
    assert books.do(payout_steps.step, number, "fail", because="平台没有退", by=AGENT).state == "failed"
    assert books.value("SELECT COUNT(*) FROM waivers") == 0
    books.check()


@pytest.mark.parametrize("stand", STEPS)
def test_a_case_is_not_given_up_past_its_click(books: Books, folder: Folder, stand: str) -> None:
    agreed(books, folder)
    number = clicked(books, stand)
    with pytest.raises(Refused) as refused:
        books.do(decisions.finish, "R1", because="算了", by=MANAGER)
    assert f"retcli pay fail {number} --waive clicked_there --because TEXT" in refused.value.hint.splitlines()
    assert f"retcli pay fail {number} --because TEXT" not in refused.value.hint
