"""A refund that was paid and that the platform closed: its payment is taken back, and nothing is paid by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list, queue
from retcli.actions.imports import import_questions
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused, WrongCommand
from retcli.rules.money.minor_units import Money
from retcli.views.cases.queue import Seen
from tests.reports import CLOSED, REQUESTED, SUCCEEDED, Folder, asked_back, clicked, see_each, sold, take, unsent
from tests.shopfloor import AGENT, FINANCE, MANAGER, Books, shanghai
from tests.workbooks import difference_cells, differences, workbook

NUMBER = "2850000000000000821"
THERE = shanghai("2026-11-08 10:00").replace(tzinfo=None)
HUNDRED = Money(10001, "CNY")


@pytest.fixture
def closed(books: Books, folder: Folder) -> Refund:
    """A wish of 100.01, agreed to, clicked and refunded in November; in December the list says that it is closed."""
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 10001)
    books.at = shanghai("2026-11-09 12:00")
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=THERE)))
    assert differences(workbook(books)) == [("matched", HUNDRED, HUNDRED, Money(0, "CNY"))]
    books.at = shanghai("2026-12-02 12:00")
    gone = replace(wish, status=CLOSED)
    take(books, folder.refunds(gone))
    for row in books.rows("SELECT id FROM import_questions WHERE state = 'open'"):
        books.do(import_questions.answer, row[0], "keep", by=MANAGER)
    return gone


def taken_back(books: Books) -> str:
    """The refund's payout is reversed; its case."""
    number = books.value("SELECT number FROM payouts")
    books.do(payout_steps.reverse, number, because="平台已关闭，钱退回来了", by=MANAGER)
    return str(books.value("SELECT number FROM cases"))


def test_the_next_step_asks_a_person(books: Books, closed: Refund) -> None:
    case = taken_back(books)
    assert books.do(case_cards.show, case).stage == "undone_there", "nothing is simply to be paid any more"
    assert books.do(case_cards.show, case).next.splitlines() == [
        f"retcli case withdraw {case} --because TEXT",
        f"retcli pay refund {case} --waive closed_there --because TEXT",
    ]
    due = books.do(group_payment.due_refunds)
    assert (len(due.payments), [each.case for each in due.stopped]) == (0, [case])
    with pytest.raises(Refused, match="The platform closed the refund"):
        books.do(payouts.refund, case, by=MANAGER)
    assert books.value("SELECT COUNT(*) FROM payouts") == 2
    books.check()


def test_it_is_withdrawn(books: Books, closed: Refund) -> None:
    case = taken_back(books)
    books.do(decisions.withdraw, case, because="买家撤销", by=MANAGER)
    shown = books.do(case_cards.show, case)
    assert (shown.stage, shown.next) == ("withdrawn", f"retcli case finish {case}")
    books.check()


def test_it_is_paid_anew_with_the_reason(books: Books, closed: Refund) -> None:
    case = taken_back(books)
    with pytest.raises(WrongCommand):
        books.do(payouts.refund, case, waive=["closed_there"], by=MANAGER)
    anew = books.do(payouts.refund, case, waive=["closed_there"], because="买家收款卡已换", by=MANAGER)
    assert (anew.money, anew.method) == (HUNDRED, "transfer")
    assert books.rows("SELECT rule, because FROM waivers WHERE rule = 'closed_there'") == [
        ("closed_there", "买家收款卡已换")
    ]
    books.do(payout_steps.step, anew.number, "confirm", by=MANAGER)
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


def test_the_reason_counts_for_the_decision_that_it_was_given_for(books: Books, closed: Refund) -> None:
    """Withdrawn, reopened and agreed to once more, it waits for a person again; the second reason is kept as a note."""
    case = taken_back(books)
    anew = books.do(payouts.refund, case, waive=["closed_there"], because="买家收款卡已换", by=MANAGER)
    books.do(payout_steps.step, anew.number, "fail", because="卡号不对", by=MANAGER)
    books.do(decisions.withdraw, case, because="买家撤销", by=MANAGER)
    books.do(decisions.reopen, case, because="买家又要了", by=MANAGER)
    books.do(decisions.approve, case, by=MANAGER)
    assert books.do(case_cards.show, case).stage == "undone_there"
    with pytest.raises(Refused, match="The platform closed the refund"):
        books.do(payouts.refund, case, by=MANAGER)
    again = books.do(payouts.refund, case, waive=["closed_there"], because="这次卡号核对过", by=MANAGER)
    assert (again.money, again.method) == (HUNDRED, "transfer")
    assert books.value("SELECT COUNT(*) FROM notes WHERE text = '这次卡号核对过'") == 1
    books.do(payout_steps.step, again.number, "confirm", by=MANAGER)
    books.check()


def test_nothing_is_waived_before_it_stands(books: Books, closed: Refund) -> None:
    with pytest.raises(WrongCommand):
        books.do(payouts.refund, "31", waive=["closed_there"], because="先备着", by=MANAGER)


def test_what_was_taken_back_has_its_class_and_nothing_to_do(books: Books, closed: Refund) -> None:
    """November stays as it was, 100.01 on both sides; in December the platform closes them, and we take them back."""
    both = ("Class", "Decided by us", "Platform refunded", "Difference", "What to do", "Unmatched, platform")
    assert differences(workbook(books)) == [("matched", HUNDRED, HUNDRED, Money(0, "CNY"))]
    ((*row, to_do, unmatched),) = difference_cells(books, "2026-12", *both)
    assert (str(row[0]).split()[0], *row[1:], unmatched) == ("D7", None, -HUNDRED, HUNDRED, -HUNDRED)
    assert str(to_do).startswith("Bring the payout's state")
    taken_back(books)
    row = ["paid and taken back", -HUNDRED, -HUNDRED, Money(0, "CNY"), "Nothing: it was paid and taken back", None]
    assert [list(each) for each in difference_cells(books, "2026-12", *both)] == [row]
    assert differences(workbook(books)) == [("matched", HUNDRED, HUNDRED, Money(0, "CNY"))]
    assert difference_cells(books, "2027-01", "Class") == []
    books.check()


def test_what_was_taken_back_in_the_month_of_its_payment(books: Books, closed: Refund) -> None:
    """November: 0.00 here and 100.01 there; December has the platform's 100.01 off."""
    books.at = shanghai("2026-11-20 12:00")
    taken_back(books)
    assert differences(workbook(books)) == [("D7", None, HUNDRED, -HUNDRED)]
    assert difference_cells(books, "2026-12", "Class", "Platform refunded") == [("paid and taken back", -HUNDRED)]
    books.check()


@pytest.fixture
def failed(books: Books, folder: Folder) -> str:
    """A wish of 100.01, agreed to, clicked and on its way; the list says that it is closed, and the payout failed."""
    wish = clicked(books, folder, sold(NUMBER, ("TS-L", 1, 19800)), 10001)
    number = books.value("SELECT number FROM payouts")
    books.do(payout_steps.step, number, "send", by=MANAGER)
    books.at = shanghai("2026-11-09 12:00")
    take(books, folder.refunds(replace(wish, status=CLOSED)))
    see_each(books, MANAGER)
    case = str(books.value("SELECT number FROM cases"))
    assert books.do(case_cards.show, case).next.splitlines() == [
        f"retcli pay fail {number} --because TEXT",
    ]
    books.do(payout_steps.step, number, "fail", because="平台关闭", by=MANAGER)
    return case


def test_what_failed_after_the_closing_is_not_simply_due(books: Books, failed: str) -> None:
    """As what was taken back: 0.00 due of the 100.01 that were agreed to, and no group pays it."""
    shown = books.do(case_cards.show, failed)
    assert (shown.stage, shown.due.minor, shown.lines[0].due.minor) == ("undone_there", 0, 0)
    assert shown.so_far.agreed_here == HUNDRED
    assert shown.next.splitlines() == [
        f"retcli case withdraw {failed} --because TEXT",
        f"retcli pay refund {failed} --waive closed_there --because TEXT",
    ]
    due = books.do(group_payment.due_refunds)
    assert (len(due.payments), [each.case for each in due.stopped]) == (0, [failed])
    with pytest.raises(Refused, match="The platform closed the refund"):
        books.do(payouts.refund, failed, by=MANAGER)
    with pytest.raises(Refused, match="may not waive a rule"):
        books.do(payouts.refund, failed, waive=["closed_there"], because="买家收款卡已换", by=FINANCE)
    books.check()


def test_what_is_paid_anew_is_in_no_group_even_where_that_failed_too(books: Books, failed: str) -> None:
    anew = books.do(payouts.refund, failed, waive=["closed_there"], because="买家收款卡已换", by=MANAGER)
    assert (anew.money, anew.method) == (HUNDRED, "transfer")
    books.do(payout_steps.step, anew.number, "fail", because="卡号不对", by=MANAGER)
    due = books.do(group_payment.due_refunds)
    assert (len(due.payments), [each.case for each in due.stopped]) == (0, [failed])
    books.check()


KINDS = {"refund-only": ("仅退款", "买家未收到货"), "return": ("退货退款", "买家已收到货")}
"""What the buyer may have asked for, in the platform's words, and what they say of the goods."""
BEFORE = ("undecided", "approved", "rejected")
"""Where the case stood when the platform closed its refund."""
DOORS = ("approve", "group approve")
"""By which the case is agreed to once it was reopened."""


@pytest.fixture(params=[(kind, before) for kind in KINDS for before in BEFORE], ids="-".join)
def reopened(request: pytest.FixtureRequest, books: Books, folder: Folder) -> str:
    """A wish of 100.01 that the platform closed, taken up again by an agent in place of the buyer."""
    kind, before = request.param
    name, goods = KINDS[kind]
    books.hire()
    bought = sold(NUMBER, ("TS-L", 1, 10001))
    bought = unsent(bought) if kind == "refund-only" else bought
    wish = asked_back("31", bought, 10001, kind=name, status=REQUESTED, goods=goods)
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    if before == "approved":
        books.do(decisions.approve, "31", by=MANAGER)
    if before == "rejected":
        books.do(decisions.reject, "31", because="先等等", by=MANAGER)
    take(books, folder.refunds(replace(wish, status=CLOSED)))
    case = str(books.value("SELECT number FROM cases"))
    assert books.rows("SELECT decision, filing FROM cases") == [("withdrawn", "finished")]
    assert books.value("SELECT COUNT(*) FROM import_questions") == 0
    books.later(hours=1)
    books.do(decisions.reopen, case, because="买家说关错了", by=AGENT)
    return case


def agreed_to(books: Books, case: str, door: str) -> None:
    """The reopened case is agreed to, by itself or with others."""
    if door == "approve":
        books.do(decisions.approve, case, by=AGENT)
        return
    for view in books.do(queue.plain_ones, by=AGENT).cases:
        books.do(queue.approve_seen, Seen(view.number, view.version, view.due), plain=True, by=AGENT)


def inspected(books: Books, case: str) -> None:
    """The goods of a return are back, and as they were sent."""
    books.do(parcels.expect_by_hand, case, "SF1620041175001")
    books.do(inspection.inspect, "SF1620041175001", [inspection.parse_item("TS-L=1:A")])


def back_where_it_is_a_return(books: Books, case: str) -> None:
    if books.value("SELECT kind FROM cases") == "return":
        inspected(books, case)


@pytest.mark.parametrize("door", DOORS)
def test_what_was_reopened_after_its_closing_pays_only_singly_with_the_waiver(
    books: Books, reopened: str, door: str
) -> None:
    """By no door: no payout at an approval or an inspection, nothing to click, no refund without the waiver."""
    agreed_to(books, reopened, door)
    assert books.value("SELECT decision FROM cases") == "approved"
    back_where_it_is_a_return(books, reopened)
    assert books.do(platform_list.todo).items == (), "nothing can be clicked of what is closed there"
    assert books.value("SELECT COUNT(*) FROM payouts WHERE state <> 'failed'") == 0
    shown = books.do(case_cards.show, reopened)
    assert (shown.stage, shown.due.minor) == ("undone_there", 0)
    assert shown.next.splitlines() == [
        f"retcli case withdraw {reopened} --because TEXT",
        f"retcli pay refund {reopened} --waive closed_there --because TEXT",
    ]
    due = books.do(group_payment.due_refunds)
    assert (len(due.payments), [each.case for each in due.stopped]) == (0, [reopened])
    with pytest.raises(Refused, match="The platform closed the refund"):
        books.do(payouts.refund, reopened, by=MANAGER)
    with pytest.raises(Refused, match="may not waive a rule"):
        books.do(payouts.refund, reopened, waive=["closed_there"], because="说好的", by=AGENT)
    anew = books.do(payouts.refund, reopened, waive=["closed_there"], because="说好的", by=MANAGER)
    assert (anew.money, anew.method) == (HUNDRED, "transfer")
    books.check()


def test_what_was_reopened_and_refused_has_nothing_to_click(books: Books, reopened: str) -> None:
    books.do(decisions.reject, reopened, because="平台已关闭", by=AGENT)
    assert books.do(platform_list.todo).items == ()
    books.check()


def test_a_return_agreed_to_while_it_was_closed_is_to_be_clicked_once_it_is_open_there(
    books: Books, folder: Folder
) -> None:
    books.hire()
    bought = sold(NUMBER, ("TS-L", 1, 10001))
    wish = asked_back("31", bought, 10001, status=REQUESTED)
    take(books, *folder.both(bought), folder.refunds(wish))
    take(books, folder.refunds(replace(wish, status=CLOSED)))
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.reopen, case, by=AGENT)
    books.do(decisions.approve, case, by=AGENT)
    assert books.do(platform_list.todo).items == ()
    take(books, folder.refunds(replace(wish, note="又申请了")))
    assert [(item.case, item.action) for item in books.do(platform_list.todo).items] == [(case, "agree_return")]
    books.check()
