"""A step of a payout while a question about its order is open: what left may be confirmed, and the answer names the
question; what has not left is stopped where the question is about money that may not leave.

The order is of 30.00 + 25.00 = 55.00; two wishes on the platform, amends of 5.00 on the first.
"""

import io
from dataclasses import replace
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.errors import Refused
from retcli.models.imports import ImportQuestion
from retcli.rules.imports.questions import FIELDS, OF_BILL, OF_CASE, OF_LINE
from retcli.transaction import opened
from retcli.views.base import View
from retcli.views.screen import Terminal
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import MANAGER, OWNER, Books

NUMBER, OTHER = "2850000000000000971", "2850000000000000972"
FIRST, SECOND, FOREIGN = "41", "42", "43"
ORDER = unsent(sold(NUMBER, ("A", 1, 3000), ("B", 1, 2500)))
ANOTHER = unsent(sold(OTHER, ("A", 1, 3000)))
ABOUT = {
    **{name: [FIRST, SECOND] for name in OF_CASE},
    **{name: [f"{NUMBER}/{ORDER.lines[0].number}", f"{NUMBER}/{ORDER.lines[1].number}"] for name in OF_LINE},
}
"""What a question of a field is about, that the order of the payout is concerned by; else the order itself."""
STOPS = {("platform_paid", FIRST), ("over", FIRST), ("over", SECOND), ("applied_anew", FIRST)}
"""Questions that stop the amends of the first case before they left, whatever the amount."""


@pytest.fixture
def shop(books: Books, folder: Folder) -> Books:
    books.hire()
    wishes = [
        asked_back(number, order, minor, line=line, kind="仅退款", status=REQUESTED, goods="买家未收到货")
        for number, order, line, minor in [(FIRST, ORDER, 0, 3000), (SECOND, ORDER, 1, 2500), (FOREIGN, ANOTHER, 0, 1)]
    ]
    take(books, *folder.both(ORDER, ANOTHER), folder.refunds(*wishes))
    return books


def amends(books: Books, *moves: str) -> str:
    """The number of 5.00 in cash beside the first wish, moved on."""
    given = books.do(payouts.compensate, FIRST, cash=500, waive=["approval"], because="seen", by=MANAGER)
    for move in moves:
        books.do(payout_steps.step, given.number, move, by=MANAGER)
    return given.number


def ask(books: Books, field: str, subject: str, number: int = 7) -> None:
    """Such a question, as an import leaves it."""
    values: dict[str, Any] = {"import_id": 1, "row": 2, "known": "1.00", "found": "99.00", "at": books.at}
    with opened(books.asked()) as desk:
        desk.session.add(ImportQuestion(id=number, subject=subject, field=field, **values))


def drawn(view: View) -> str:
    """An answer as people see it."""
    told = io.StringIO()
    view.draw(Terminal(told))
    return told.getvalue()


def named(view: View) -> list[dict[str, str]]:
    """The questions that an answer names, in its document."""
    return list(view.document()["payout"]["questions"])


CELLS = [(field, about) for field in FIELDS if field not in OF_BILL for about in ABOUT.get(field, [NUMBER])]


@pytest.mark.parametrize(("field", "about"), CELLS)
def test_each_question_is_named_by_each_step(shop: Books, field: str, about: str) -> None:
    """Sent, lost sight of, arrived, failed, taken back: all of it is a fact, and the answer names what is open."""
    ways = {("sent", "confirm"): amends(shop, "send"), ("unknown", "confirm"): amends(shop, "send", "lose")}
    ways |= {("sent", "lose"): amends(shop, "send"), ("sent", "fail"): amends(shop, "send")}
    due, arrived = amends(shop), amends(shop, "confirm")
    ask(shop, field, about)
    for (_state, move), number in ways.items():
        view = shop.do(payout_steps.step, number, move, because="x", by=MANAGER)
        assert named(view) == [{"id": "7", "subject": about, "field": field}], move
        assert "retcli imports questions" in drawn(view)
    back = shop.do(payout_steps.reverse, arrived, because="x", by=MANAGER)
    assert named(back) == [{"id": "7", "subject": about, "field": field}]
    for move in ("send", "confirm"):
        if (field, about) in STOPS:
            with pytest.raises(Refused, match=r"nothing else (of it )?leaves now") as refused:
                shop.do(payout_steps.step, due, move, dry_run=True, by=MANAGER)
            assert "retcli imports answer 7 --seen" in refused.value.hint
        else:
            assert named(shop.do(payout_steps.step, due, move, dry_run=True, by=MANAGER)), move


def test_a_question_of_another_order_or_an_answered_one_is_not_named(shop: Books) -> None:
    number = amends(shop, "send")
    for place, about in enumerate((OTHER, FOREIGN, NUMBER[:-1], f"{OTHER}/1"), 7):
        ask(shop, "asked" if about == FOREIGN else "paid", about, place)
    ask(shop, "kind", FIRST, 20)
    shop.do(import_questions.answer, 20, "seen", by=OWNER)
    view = shop.do(payout_steps.step, number, "confirm", by=MANAGER)
    assert named(view) == []
    assert "imports questions" not in drawn(view)


def test_what_a_file_says_was_paid_is_named_where_money_that_left_arrives(shop: Books, folder: Folder) -> None:
    """30.00 agreed to, of which 5.00 of amends besides were sent; then a newer file says that 40.00 was paid."""
    number = amends(shop, "send")
    take(shop, folder.orders(replace(ORDER, paid=4000)))
    ((question, *_rest),) = shop.rows("SELECT id, field FROM import_questions WHERE field = 'paid'")
    view = shop.do(payout_steps.step, number, "confirm", by=MANAGER)
    assert named(view) == [{"id": str(question), "subject": NUMBER, "field": "paid"}]
    shop.check()


def test_each_answer_of_money_names_it(shop: Books) -> None:
    """Also what is let go while it is open, as far as it may."""
    ask(shop, "kind", SECOND)
    assert named(shop.do(payouts.compensate, FIRST, points=5, waive=["approval"], because="seen", by=MANAGER))
    shop.do(decisions.approve, FIRST, waive=["evidence", "goods_back"], because="seen", by=MANAGER)
    assert named(shop.do(payouts.compensate, FIRST, coupon=100, by=MANAGER))
