"""Cases from opening to finish, on both databases."""

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Overdrawn, Refused
from retcli.rules.casefile.findings import Answer
from retcli.rules.lifecycles import Kind
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books


def test_a_return_is_approved_scanned_and_paid_to_the_fen(books: Books) -> None:
    books.hire()
    books.order("2850000000000000001", ("TS-L", 1, 9397), ("TS-M", 3, 10000))
    case = books.do(
        decisions.open_case, "2850000000000000001", kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"], by=AGENT
    )
    assert (case.due.minor, case.judgement.verdict) == (6667, "yes")
    case = books.do(decisions.approve, case.number, by=AGENT)
    assert (case.decision, case.stage) == ("approved", "awaiting_goods")
    with pytest.raises(Refused, match="come back"):
        books.do(payouts.refund, case.number, by=AGENT)
    books.do(parcels.expect_by_hand, case.number, "YT5260493176849", by=AGENT)
    found = [inspection.parse_item("TS-M=2:A")]
    books.do(inspection.inspect, case.number, found, by=WAREHOUSE)
    payout = books.do(payouts.refund, case.number, by=AGENT)
    assert (payout.money.minor, payout.state) == (6667, "waiting")
    with pytest.raises(Refused, match="may not"):
        books.do(payout_steps.countersign, payout.number, by=AGENT)
    assert books.do(payout_steps.countersign, payout.number, by=MANAGER).state == "due"
    books.do(payout_steps.step, payout.number, "send", by=AGENT)
    books.do(payout_steps.step, payout.number, "confirm", by=AGENT)
    assert books.do(case_cards.show, case.number).stage == "finished"
    books.check()


def test_a_piece_in_one_case_cannot_be_in_another(books: Books) -> None:
    books.order("2850000000000000002", ("TS-L", 1, 9397))
    first = books.do(decisions.open_case, "2850000000000000002", kind=Kind.RETURN, reason="B_7D")
    with pytest.raises(Overdrawn, match=first.number):
        books.do(decisions.open_case, "2850000000000000002", kind=Kind.EXCHANGE, reason="SZ_FIT", lines=["TS-L"])
    with pytest.raises(Overdrawn, match=first.number):
        books.do(decisions.open_case, "2850000000000000002", kind=Kind.RETURN, reason="B_7D")
    books.check()


@pytest.mark.parametrize(
    ("kind", "reason"), [(Kind.EXCHANGE, "SZ_FIT"), (Kind.RESEND, "W_SHORT"), (Kind.REPAIR, "Q_FUNC")]
)
def test_goods_for_goods_are_not_approved_with_an_amount(books: Books, kind: Kind, reason: str) -> None:
    """Not even with one of nothing, which is within all that is due."""
    books.order("2850000000000000005", ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, "2850000000000000005", kind=kind, reason=reason).number
    for amount in (500, 0):
        with pytest.raises(Refused, match="no amount of its own"):
            books.do(decisions.approve, case, amount=amount)
    assert books.rows("SELECT decision, asked FROM cases") == [("requested", None)]
    books.check()


def test_a_piece_that_never_came_is_given_up_by_a_manager_and_is_free_again(books: Books) -> None:
    books.hire()
    books.order("2850000000000000003", ("TS-M", 3, 10000))
    case = books.do(decisions.open_case, "2850000000000000003", kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"])
    books.do(decisions.approve, case.number)
    books.do(parcels.expect_by_hand, case.number, "YT5260493176850")
    books.do(inspection.inspect, case.number, [inspection.parse_item("TS-M=1:A")])
    payout = books.do(payouts.refund, case.number)
    assert payout.money.minor == 3334
    books.do(payout_steps.step, payout.number, "confirm")
    with pytest.raises(Refused, match="still has something open"):
        books.do(decisions.finish, case.number)
    with pytest.raises(Refused, match="may not"):
        books.do(decisions.finish, case.number, because="never came", by=AGENT)
    assert books.do(decisions.finish, case.number, because="never came", by=MANAGER).stage == "finished"
    books.check()
    again = books.do(decisions.open_case, "2850000000000000003", kind=Kind.RETURN, reason="B_7D")
    assert (again.lines[0].quantity, again.due.minor) == (2, 6666)
    books.check()


def answer_about_goods(books: Books, number: str) -> Answer:
    """What the judgement on a case says of the goods that came back."""
    shown = books.do(case_cards.show, number)
    return next(Answer(finding.answer) for finding in shown.judgement.findings if finding.rule == "goods")


def test_the_wrong_goods_take_no_place_from_the_right_ones_and_nothing_is_inspected_twice(books: Books) -> None:
    books.order("2850000000000000004", ("CUP", 1, 7900))
    case = books.do(decisions.open_case, "2850000000000000004", kind=Kind.RETURN, reason="B_7D")
    books.do(decisions.approve, case.number)
    books.do(parcels.expect_by_hand, case.number, "YT5260493176851")
    books.do(inspection.inspect, "YT5260493176851", [inspection.parse_item("CUP=1:X")])
    assert answer_about_goods(books, case.number) == Answer.NO
    books.do(parcels.expect_by_hand, case.number, "YT5260493176852")
    books.do(inspection.inspect, "YT5260493176852", [inspection.parse_item("CUP=1:A")])
    assert answer_about_goods(books, case.number) == Answer.YES, "what was wrong no longer counts once all is here"
    with pytest.raises(Refused, match="inspected already"):
        books.do(inspection.inspect, "YT5260493176852", [inspection.parse_item("CUP=1:A")])
    assert books.value("SELECT quantity FROM stock_balances WHERE bucket = 'sellable'") == 1
    assert books.do(payouts.refund, case.number).money.minor == 7900
    books.check()


def test_money_may_run_ahead_but_the_case_stays_open_until_the_goods_come(books: Books) -> None:
    books.order("2850000000000000005", ("TS-M", 3, 10000))
    case = books.do(decisions.open_case, "2850000000000000005", kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"])
    books.do(decisions.approve, case.number)
    payout = books.do(payouts.refund, case.number, waive=["goods_first"], because="old customer")
    books.do(payout_steps.step, payout.number, "confirm")
    assert books.do(case_cards.show, case.number).stage == "awaiting_goods"
    with pytest.raises(Refused, match="still has something open"):
        books.do(decisions.finish, case.number)
    books.do(parcels.expect_by_hand, case.number, "YT5260493176853")
    books.do(inspection.inspect, case.number, [inspection.parse_item("TS-M=2:A")])
    assert books.do(decisions.finish, case.number).stage == "finished"
    books.check()


def test_goods_paid_for_ahead_and_never_sent_are_given_up_by_a_manager_and_their_money_stays_spent(
    books: Books,
) -> None:
    books.hire()
    books.order("2850000000000000006", ("TS-M", 3, 10000))
    case = books.do(decisions.open_case, "2850000000000000006", kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"])
    books.do(decisions.approve, case.number)
    payout = books.do(payouts.refund, case.number, waive=["goods_first"], because="old customer")
    books.do(payout_steps.step, payout.number, "confirm")
    assert books.do(decisions.finish, case.number, because="never came", by=MANAGER).stage == "finished"
    books.do(decisions.reopen, case.number)
    assert books.do(decisions.finish, case.number).stage == "finished", "what was given up is awaited no more"
    books.check()
    again = books.do(decisions.open_case, "2850000000000000006", kind=Kind.RETURN, reason="B_7D")
    assert (again.lines[0].quantity, again.due.minor) == (3, 3333), "the pieces are the buyer's, the money is not"
    books.check()


def test_the_next_step_names_the_payout_and_the_goods_it_is_about(books: Books) -> None:
    books.hire()
    books.order("2850000000000000007", ("TS-L", 1, 9397), ("TS-M", 3, 10000))
    case = books.do(
        decisions.open_case, "2850000000000000007", kind=Kind.RETURN, reason="B_7D", lines=["TS-M=3", "TS-L"]
    )
    number = case.number
    assert case.next == f"retcli case approve {number}\nretcli case reject {number} --because TEXT"
    books.do(decisions.approve, number)
    books.do(parcels.expect_by_hand, number, "YT5260493176854")
    books.do(inspection.inspect, number, [inspection.parse_item("TS-M=1:A")])
    first, *others = books.do(case_cards.show, number).next.splitlines()
    assert first == f"retcli pay refund {number}"
    assert not any("parcel inspect" in way for way in others), "what lacks is scanned, never proposed"
    books.do(
        inspection.inspect, number, [inspection.parse_item("TS-M=2:A"), inspection.parse_item("TS-L=1:A")], more=True
    )
    failed = books.do(payouts.refund, number, by=AGENT).number
    books.do(payout_steps.countersign, failed, by=MANAGER)
    books.do(payout_steps.step, failed, "fail", because="wrong account")
    payout = books.do(payouts.refund, number, by=AGENT).number
    assert books.do(case_cards.show, number).next == f"retcli pay approve {payout}"
    books.do(payout_steps.countersign, payout, by=MANAGER)
    assert books.do(case_cards.show, number).next == f"retcli pay sent {payout}"
    books.do(payout_steps.step, payout, "send")
    assert books.do(case_cards.show, number).next == f"retcli pay confirm {payout}"
    books.do(payout_steps.step, payout, "lose")
    lost = f"retcli pay confirm {payout}\nretcli pay fail {payout} --because TEXT"
    assert books.do(case_cards.show, number).next == lost


def test_what_was_agreed_to_is_explained_by_what_stood_then(books: Books) -> None:
    """Three pieces for 100.00, one by one: 33.33, 33.34, 33.33; the first one's way there names no later case."""
    number = books.order("2850000000000000077", ("TS-L", 3, 10000))
    taken = []
    for _ in range(3):
        case = books.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D", lines=("TS-L=1",))
        books.do(decisions.approve, case.number)
        taken.append(case.number)
    ways = [books.do(case_cards.explain, case).judgement.amount for case in taken]
    assert [way.due for way in ways] == [3333, 3334, 3333]
    assert [[step.money for step in way.steps] for way in ways] == [
        [10000, 3333, 3333],
        [10000, -3333, 3334, 3334],
        [10000, -6667, 3333, 3333],
    ]
    books.do(decisions.reject, taken[0], because="改主意")
    again = books.do(decisions.approve, taken[0])
    assert again.due.minor == 3333
    assert [step.money for step in books.do(case_cards.explain, taken[0]).judgement.amount.steps] == [
        10000, -6667, 3333, 3333,
    ], "agreed to anew, after the others"  # fmt: skip
