"""A click on the platform sends what the buyer applied for there: it is made only where just that was let go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, changes, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import staff
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind, Role
from retcli.rules.money.minor_units import Money
from retcli.views.cases.platform_todo import TodoView
from retcli.views.screen import Terminal
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, questions, sold, take, take_one, unsent
from tests.shopfloor import AGENT, MANAGER, Books, shanghai
from tests.workbooks import differences, workbook

NUMBER = "2850000000000000941"
THERE = shanghai("2026-11-12 10:00").replace(tzinfo=None)


def wished(books: Books, folder: Folder, minor: int, cash: int = 19800) -> Refund:
    """A wish for money back on an order of 198.00 that was not sent, as the platform lists it."""
    books.hire()
    bought = unsent(sold(NUMBER, ("TS-L", 1, cash)))
    wish = asked_back("R1", bought, minor, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-10 12:00")
    return wish


def told(books: Books, folder: Folder, wish: Refund, minor: int, **facts: Any) -> Any:
    books.at = shanghai("2026-11-13 09:00")
    return take_one(books, folder.refunds(replace(wish, amount=minor, status=SUCCEEDED, finished_at=THERE, **facts)))


def money(minor: int) -> Money:
    return Money(minor, "CNY")


def why_not(books: Books) -> list[tuple[int, int, int]]:
    """What is asked for, was agreed to and waits for a second person, of the clicks that are not to be made."""
    found = [item.unready for item in books.do(platform_list.todo).items]
    return [(each.asked.minor, each.agreed.minor, each.waiting.minor) for each in found if each]


def paid(books: Books) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in books.rows("SELECT minor, state, origin, approved_by FROM payouts ORDER BY id")]


def test_a_click_of_what_is_asked_for_is_made(books: Books, folder: Folder) -> None:
    wished(books, folder, 10000)
    books.do(decisions.approve, "R1", by=MANAGER)
    assert why_not(books) == []
    books.do(platform_list.done, ["R1"], by=MANAGER)
    assert books.value("SELECT state FROM platform_actions") == "done"


def test_less_than_asked_for_is_not_clicked(books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """100.00 asked for, 60.00 agreed to: whoever clicks sends 100.00."""
    wished(books, folder, 10000)
    books.do(decisions.approve, "R1", amount=6000, because="谈好60", by=MANAGER)
    assert why_not(books) == [(10000, 6000, 0)]
    todo = books.do(platform_list.todo)
    assert isinstance(todo, TodoView)
    text = "100.00 asked for, 60.00 agreed to: have the buyer change the application to 60.00"
    assert todo.items[0].unready is not None
    assert todo.items[0].unready.sentence() == text
    with pytest.raises(Refused, match=text) as refused:
        books.do(platform_list.done, ["R1"], by=MANAGER)
    assert refused.value.hint == "retcli import FILE"
    number = books.value("SELECT number FROM payouts")
    for move in ("send", "confirm"):
        with pytest.raises(Refused, match=text):
            books.do(payout_steps.step, number, move, by=MANAGER)
    assert books.value("SELECT state FROM platform_actions") == "todo"
    books.check()


def drawn_todo(books: Books, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines of the list of clicks."""
    books.do(platform_list.todo).draw(Terminal())
    return capsys.readouterr().out.splitlines()


def test_a_list_on_which_nothing_is_to_be_clicked_ends_with_what_to_do_first(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """The buyer must change the application, and the next list must say so: there is nothing to mark as clicked."""
    wish = wished(books, folder, 10000)
    books.do(decisions.approve, "R1", amount=6000, because="谈好60", by=MANAGER)
    case = books.value("SELECT number FROM cases")
    assert drawn_todo(books, capsys)[-1] == f"{case} is not clicked before: retcli import FILE"
    take(books, folder.refunds(replace(wish, amount=6000)))
    assert drawn_todo(books, capsys)[-1] == "When they are clicked: retcli platform done CASE"


def test_beside_a_click_that_is_to_be_made_both_are_said(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    wished(books, folder, 10000)
    books.do(decisions.approve, "R1", amount=6000, because="谈好60", by=MANAGER)
    other = unsent(sold(f"{NUMBER[:-1]}2", ("TS-L", 1, 3000)))
    take(
        books,
        *folder.both(other),
        folder.refunds(asked_back("R2", other, 3000, kind="仅退款", status=REQUESTED, goods="买家未收到货")),
    )
    books.do(decisions.approve, "R2", by=MANAGER)
    case = books.value("SELECT number FROM cases ORDER BY id")
    assert drawn_todo(books, capsys)[-2:] == [
        "When they are clicked: retcli platform done CASE",
        f"{case} is not clicked before: retcli import FILE",
    ]


def test_the_buyer_changes_the_application_to_what_was_agreed(books: Books, folder: Folder) -> None:
    """The agreement stands: nobody decides it a second time."""
    wish = wished(books, folder, 10000)
    books.do(decisions.approve, "R1", amount=6000, because="谈好60", by=MANAGER)
    before = paid(books)
    take(books, folder.refunds(replace(wish, amount=6000)))
    case = books.do(case_cards.show, "R1")
    assert (case.decision, why_not(books), paid(books)) == ("approved", [], before)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    told(books, folder, wish, 6000)
    assert paid(books) == [(6000, "confirmed", "own", None)]
    assert questions(books) == []
    assert differences(workbook(books)) == [("matched", money(6000), money(6000), money(0))]
    books.check()


def test_pieces_are_clicked_together_when_they_come_to_what_is_asked_for(books: Books, folder: Folder) -> None:
    wished(books, folder, 4000)
    books.do(decisions.approve, "R1", by=MANAGER)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "fail", because="分两次", by=MANAGER)
    books.do(payouts.refund, "R1", amount=1500, by=MANAGER)
    assert why_not(books) == [(4000, 1500, 0)]
    books.do(payouts.refund, "R1", amount=2500, by=MANAGER)
    assert why_not(books) == []
    books.do(platform_list.done, ["R1"], by=MANAGER)


@pytest.mark.parametrize(
    ("applied", "kind", "held"),
    [
        ("退货退款", Kind.EXCHANGE, True),
        ("退货退款", Kind.RESEND, True),
        ("仅退款", Kind.RETURN, True),
        ("仅退款", Kind.EXCHANGE, True),
        ("换货", Kind.RETURN, True),
        ("退货退款", Kind.RETURN, False),
        ("换货", Kind.EXCHANGE, False),
    ],
)
def test_no_click_agrees_to_another_kind_than_was_applied_for(
    books: Books, folder: Folder, applied: str, kind: Kind, held: bool
) -> None:
    """Who agrees there agrees to what stands there: a return that was agreed to is paid, whatever was meant here."""
    books.hire()
    bought = sold(NUMBER, ("TS-L", 1, 15900))
    wish = asked_back("R1", bought, 15900 if applied != "换货" else 0, kind=applied, status=REQUESTED)
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-10 12:00")
    if books.value("SELECT kind FROM cases") != kind:
        books.do(changes.change, "R1", kind=kind, because="买家要的", by=MANAGER)
    books.do(decisions.approve, "R1", by=MANAGER)
    (item,) = books.do(platform_list.todo).items
    assert bool(item.another) == held
    if held:
        with pytest.raises(Refused, match="the buyer applied for"):
            books.do(platform_list.done, ["R1"], by=MANAGER)
        assert [row[0] for row in books.rows("SELECT state FROM platform_actions")] == ["todo"]
    else:
        books.do(platform_list.done, ["R1"], by=MANAGER)


def in_pieces(books: Books, folder: Folder) -> Refund:
    """44.00 asked for, agreed to by an agent whose limit is 30.00: called off, then 22.00 and 22.00 by the agent."""
    wish = wished(books, folder, 4400)
    books.do(decisions.approve, "R1", by=AGENT)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "fail", because="先退一半", by=AGENT)
    assert books.do(payouts.refund, "R1", amount=2200, by=AGENT).state == "due"
    assert books.do(payouts.refund, "R1", amount=2100, by=AGENT).state == "waiting"
    assert books.do(payouts.refund, "R1", amount=100, by=AGENT).state == "waiting", "what waits counts as well"
    return wish


def test_what_waits_for_a_second_person_is_not_clicked(books: Books, folder: Folder) -> None:
    in_pieces(books, folder)
    assert why_not(books) == [(4400, 4400, 2200)]
    with pytest.raises(Refused, match=r"44.00 asked for: 22.00 of it waits for a second person") as refused:
        books.do(platform_list.done, ["R1"], by=AGENT)
    waiting = [row[0] for row in books.rows("SELECT number FROM payouts WHERE state = 'waiting' ORDER BY id")]
    steps = [item.unready.next for item in books.do(platform_list.todo).items if item.unready]
    assert [refused.value.hint, *steps] == [f"retcli pay approve {waiting[0]}"] * 2
    for number in waiting:
        books.do(payout_steps.countersign, number, by=MANAGER)
    assert why_not(books) == []
    books.do(platform_list.done, ["R1"], by=AGENT)
    books.check()


def test_two_agents_do_not_let_go_what_neither_may(books: Books, folder: Folder) -> None:
    """22.00 by one and 22.00 by the other are 44.00 of one order."""
    wished(books, folder, 4400)
    books.do(decisions.approve, "R1", by=AGENT)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "fail", because="先退一半", by=AGENT)
    books.do(staff.add, "小青", Role.AGENT)
    assert books.do(payouts.refund, "R1", amount=2200, by=AGENT).state == "due"
    assert books.do(payouts.refund, "R1", amount=2200, by="小青").state == "waiting"
    books.check()


def test_the_platform_pays_what_waited(books: Books, folder: Folder) -> None:
    """44.00 paid, 22.00 let go: the other 22.00 were approved by nobody, which is asked, and a difference of 22.00."""
    wish = in_pieces(books, folder)
    file = told(books, folder, wish, 4400)
    assert paid(books) == [
        (4400, "failed", "own", None),
        (2200, "confirmed", "own", None),
        (2100, "failed", "own", None),
        (100, "failed", "own", None),
        (2200, "confirmed", "platform", None),
    ]
    assert questions(books) == [("R1", "platform_paid", "22.00", "44.00")]
    assert differences(workbook(books)) == [("D3", money(2200), money(4400), money(-2200))]
    assert not [line for line in file.remarks if "did not leave" in line]
    waited = "and the platform paid more"
    assert len([line for line in file.remarks if waited in line]) == 2
    books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "keep", by=MANAGER)
    again = told(books, folder, wish, 4400, note="again")
    assert (again.questions, questions(books)) == (0, [])
    assert differences(workbook(books)) == [("D3", money(2200), money(4400), money(-2200))]
    books.check()


def test_the_question_stays_until_somebody_answers(books: Books, folder: Folder) -> None:
    wish = in_pieces(books, folder)
    told(books, folder, wish, 4400)
    told(books, folder, wish, 4400, note="again")
    assert questions(books) == [("R1", "platform_paid", "22.00", "44.00")]


def test_the_platform_pays_a_part_of_what_waited(books: Books, folder: Folder) -> None:
    """30.00 paid, 22.00 let go: these went, and 8.00 nobody let go."""
    wish = in_pieces(books, folder)
    told(books, folder, wish, 3000)
    assert [row for row in paid(books) if row[1] == "confirmed"] == [
        (2200, "confirmed", "own", None),
        (800, "confirmed", "platform", None),
    ]
    assert differences(workbook(books)) == [("D3", money(2200), money(3000), money(-800))]
    books.check()


def test_the_platform_pays_all_that_only_waited(books: Books, folder: Folder) -> None:
    wish = wished(books, folder, 4400)
    books.do(decisions.approve, "R1", by=AGENT)
    told(books, folder, wish, 4400)
    assert questions(books) == [("R1", "platform_paid", "0.00", "44.00")]
    assert differences(workbook(books)) == [("D2", None, money(4400), money(-4400))]
    books.check()


def test_a_return_of_which_one_piece_is_back_waits_for_the_other(books: Books, folder: Folder) -> None:
    """Two cups, 59.99 applied for and agreed to; the first is back and 30.00 let go: the buyer is not told to ask for
    less, the click waits for the second, and is then made at once.
    """
    books.hire()
    bought = sold(NUMBER, ("CUP", 2, 5999))
    wish = asked_back("R1", bought, 5999, kind="退货退款", status=REQUESTED, goods="买家已收到货", quantity=2)
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-10 12:00")
    case = books.value("SELECT number FROM cases")
    books.do(decisions.approve, case)
    books.do(parcels.expect_by_hand, case, "SF1620041173999")
    books.do(inspection.inspect, "SF1620041173999", [inspection.parse_item("CUP=1:A")])
    books.do(payouts.refund, case)
    [unready] = [item.unready for item in books.do(platform_list.todo).items if item.unready]
    assert (unready.asked, unready.agreed, unready.for_goods) == (money(5999), money(5999), money(2999))
    assert unready.next == "retcli scan"
    assert "29.99 of it waits for goods on their way" in unready.sentence()
    books.do(platform_list.done, [case])  # that the return is agreed to
    with pytest.raises(Refused):
        books.do(platform_list.done, [case])


def test_what_waits_there_and_is_let_go_no_more_is_listed(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """100.00 applied for and agreed to; the order's file says 55.00 was paid and is taken: the payout is gone, and the
    100.00 wait on the platform still, where a click would send them.
    """
    wished(books, folder, 10000, 10000)
    books.do(decisions.approve, "R1", by=MANAGER)
    case = books.value("SELECT number FROM cases")
    take(books, *folder.both(unsent(sold(NUMBER, ("TS-L", 1, 5500)))))
    asked = books.value("SELECT id FROM import_questions WHERE field = 'paid'")
    books.do(import_questions.answer, asked, "take", by=MANAGER)
    assert paid(books) == [(10000, "failed", "own", None)]
    assert drawn_todo(books, capsys) == [
        f"{case} not yet: agree to the refund; 100.00 asked for there, 55.00 agreed to and not let go:"
        f" retcli pay refund {case}"
    ]
    books.do(payouts.refund, case, by=MANAGER)
    assert why_not(books) == [(10000, 5500, 0)]
    assert books.do(platform_list.todo).held == ()


@pytest.mark.parametrize("waits", [True, False])
def test_what_was_called_off_by_hand_is_listed_while_it_waits_there(
    books: Books, folder: Folder, *, waits: bool
) -> None:
    wish = wished(books, folder, 4000)
    books.do(decisions.approve, "R1", by=MANAGER)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "fail", because="再想想", by=MANAGER)
    if not waits:
        take(books, folder.refunds(replace(wish, status="退款关闭", finished_at=THERE)))
    held = books.do(platform_list.todo).held
    assert [(each.asked, each.money) for each in held] == ([(money(4000), money(4000))] if waits else [])
