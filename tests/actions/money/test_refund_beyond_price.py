"""A refund beside amends ends at what was paid, whichever came first, by whatever door, unless a manager says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import case_cards, changes, decisions, platform_list, queue
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.actions.shop import policies
from retcli.errors import Refused
from retcli.rules.casefile.findings import Answer, Finding
from retcli.rules.lifecycles import Decision, Kind
from retcli.rules.money.minor_units import Money
from tests.actions.money.test_beyond_price import BEYOND, money_of, seen
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, OWNER, Books

ORDER = "2850000000000000741"
WAIVED: dict[str, Any] = {"waive": [BEYOND], "because": "消法 §24"}
SEEN: dict[str, Any] = {"waive": ["evidence", "goods_back"], "because": "seen"}


@pytest.fixture
def shop(books: Books) -> Books:
    books.hire()
    return books


def amends(books: Books, minor: int, *skus: str) -> str:
    """Amends in money by the owner, beside no refund, on a case about some of the order's lines (all: none named)."""
    case = books.do(decisions.open_case, ORDER, kind=Kind.INQUIRY, reason="Q_FUNC", lines=list(skus)).number
    books.do(payouts.compensate, case, cash=minor, waive=["approval"], because="x")
    return case


@dataclass(frozen=True)
class Sale:
    """An order's lines (sku, pieces, fen), its freight, the lines of the amends and of the refund, what the amends were
    and what the refund may be beside them, worked out by hand.
    """

    lines: tuple[tuple[str, int, int], ...]
    amends: int
    room: int
    given_on: tuple[str, ...] = ()
    asked_of: tuple[str, ...] = ()
    freight: int = 0


SALES = {
    # 100.00, of which 60.00 are amends
    "the whole order": Sale((("TS-L", 1, 10000),), 6000, 4000),
    # of the shirt's 100.00 just 40.00 are left, whatever the cup cost
    "the same line": Sale((("TS-L", 1, 10000), ("CUP", 1, 5000)), 6000, 4000, ("TS-L",), ("TS-L",)),
    # amends about the cup beyond its price would be refused; of 150.00 there are 50.00, of the shirt all of it
    "another line": Sale((("TS-L", 1, 10000), ("CUP", 1, 5000)), 5000, 10000, ("CUP",), ("TS-L",)),
    # about both lines: 150.00 less 80.00 is 70.00 in all, 100.00 less 80.00 of the shirt
    "all lines and one": Sale((("TS-L", 1, 10000), ("CUP", 1, 5000)), 8000, 2000, (), ("TS-L",)),
    # 110.00 with the freight, which goes back with faulty goods; 60.00 leave 40.00 of the goods and all of it
    "with freight": Sale((("TS-L", 1, 10000),), 6000, 5000, freight=1000),
    # one of three for 100.00 is worth 33.33; 70.00 of amends leave 30.00 of the line
    "one piece of three": Sale((("TS-L", 3, 10000),), 7000, 3000, (), ("TS-L=1",)),
}


def opened_for(books: Books, sale: Sale, minor: int | None, kind: Kind = Kind.RETURN) -> str:
    """A case of the buyer's for so much (None: all that is due)."""
    lines = list(sale.asked_of)
    return books.do(decisions.open_case, ORDER, kind=kind, reason="Q_FUNC", lines=lines, amount=minor).number


# the doors by which a refund is decided; what an agent does without a manager's word


def approve(books: Books, case: str, who: str) -> None:
    books.do(decisions.approve, case, by=who)


def review(books: Books, case: str, who: str) -> None:
    books.do(queue.approve_seen, seen(books, case), by=who)


def group(books: Books, case: str, who: str) -> None:
    names = [view.number for view in books.do(queue.plain_ones, by=who).cases]
    if case not in names:
        raise Refused("not among those whose verdict is yes", f"--waive {BEYOND}")
    books.do(queue.approve_seen, seen(books, case), plain=True, by=who)


def named(books: Books, case: str, who: str) -> None:
    """With the amount that is asked for named once more."""
    minor = books.do(case_cards.show, case).due.minor
    books.do(decisions.approve, case, amount=minor, by=who)


def raised(books: Books, case: str, who: str) -> None:
    """Opened for a fen, agreed to, changed to the amount, and agreed to again."""
    minor = books.do(case_cards.show, case).due.minor
    books.do(changes.change, case, amount=1, because="less", by=who)
    books.do(decisions.approve, case, by=who)
    books.do(changes.change, case, kind="return", amount=minor, lines=_lines(books, case), because="more", by=who)
    books.do(decisions.approve, case, by=who)


def _lines(books: Books, case: str) -> list[str]:
    """The lines of a case as they are typed: what was agreed to is changed by its pieces."""
    return [f"{line.sku}={line.quantity}" for line in books.do(case_cards.show, case).lines]


def rejected_first(books: Books, case: str, who: str) -> None:
    """A refusal that is taken up again."""
    books.do(decisions.reject, case, because="no", by=who)
    books.do(decisions.approve, case, by=who)


DECIDING: dict[str, Callable[[Books, str, str], None]] = {
    each.__name__: each for each in (approve, review, group, named, raised, rejected_first)
}


def finding(books: Books, case: str) -> Finding | None:
    """What the card says of the excess; `case explain` says the same."""
    (shown, *_), explained = _findings(books.do(case_cards.show, case)), _findings(books.do(case_cards.explain, case))
    assert [shown] == explained
    return shown


def _findings(view: Any) -> list[Finding | None]:
    return [each for each in view.judgement.findings if each.rule == BEYOND] or [None]


@pytest.mark.parametrize("who", [AGENT, MANAGER])
@pytest.mark.parametrize("door", DECIDING)
@pytest.mark.parametrize("sale", SALES)
def test_a_refund_after_amends_ends_at_what_was_paid(shop: Books, sale: str, door: str, who: str) -> None:
    """All that is left is agreed to by anybody; a fen more only with a manager's reason, which stays on the card."""
    sold_so, act = SALES[sale], DECIDING[door]
    shop.order(ORDER, *sold_so.lines, freight=sold_so.freight)
    amends(shop, sold_so.amends, *sold_so.given_on)
    if sold_so.room == 10000:  # nothing of it is in the way: the whole is agreed to
        return act(shop, opened_for(shop, sold_so, 10000), who)
    act(shop, opened_for(shop, sold_so, sold_so.room), who)
    assert shop.do(decisions.withdraw, shop.value("SELECT MAX(number) FROM cases")).decision == Decision.WITHDRAWN

    case = opened_for(shop, sold_so, sold_so.room + 1)
    with pytest.raises(Refused) as refused:
        act(shop, case, who)
    assert f"--waive {BEYOND}" in str(refused.value.hint)
    assert shop.do(case_cards.show, case).decision != Decision.APPROVED
    with pytest.raises(Refused):
        shop.do(decisions.approve, case, **WAIVED, by=AGENT)
    shop.do(decisions.approve, case, **WAIVED, by=MANAGER)
    shown = finding(shop, case)
    assert shown is not None and (shown.answer, shown.waived_by) == (Answer.NO, MANAGER)
    assert shown.facts["beyond"] == Money(1, "CNY")
    return shop.check()


def test_the_whole_refund_of_faulty_goods_stays_possible(shop: Books) -> None:
    """60.00 of amends and 40.00 in cash of 100.00, then a refund of 40.00: 140.00 of 100.00, refused to whoever asks;
    what the law owes is not lowered, and a manager lets just that go.
    """
    shop.order(ORDER, ("TS-L", 1, 10000))
    amends(shop, 6000)
    amends(shop, 4000)
    case = shop.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="Q_FUNC", amount=4000).number
    shop.do(case_cards.show, case)
    with pytest.raises(Refused, match=r"100\.00.*140\.00.*100\.00") as refused:
        shop.do(decisions.approve, case, **SEEN, by=MANAGER)
    command = f"case approve {case} --waive evidence --waive goods_back --waive {BEYOND}"
    assert "消法 §24" in str(refused.value.hint) and command in str(refused.value.hint)
    shop.do(decisions.approve, case, waive=[*SEEN["waive"], BEYOND], because="faulty", by=MANAGER)
    shop.do(payouts.refund, case, by=AGENT)
    assert money_of(shop) == 14000
    shown = finding(shop, case)
    assert shown is not None and shown.waived_by == MANAGER
    assert list(shown.facts.values()) == [Money(n, "CNY") for n in (10000, 10000, 14000, 4000)]
    shop.check()


def test_a_waiver_is_for_that_excess(shop: Books) -> None:
    """10.00 beyond was let go; taken up again for 10.01 beyond it is refused, for 10.00 it is not."""
    shop.order(ORDER, ("TS-L", 1, 10000))
    amends(shop, 6000)
    case = opened_for(shop, SALES["the whole order"], 5000)
    shop.do(decisions.approve, case, **WAIVED, by=MANAGER)
    shop.do(decisions.reject, case, because="no")
    with pytest.raises(Refused, match=r"110\.01"):
        shop.do(decisions.approve, case, amount=5001, by=MANAGER)
    shop.do(decisions.approve, case, amount=5000, by=AGENT)
    shop.check()


@pytest.mark.parametrize("undone", ["failed", "reversed", "coupon"])
def test_amends_that_never_left_count_for_nothing(shop: Books, undone: str) -> None:
    shop.order(ORDER, ("TS-L", 1, 10000))
    case = shop.do(decisions.open_case, ORDER, kind=Kind.INQUIRY, reason="Q_FUNC").number
    form: dict[str, Any] = {"coupon" if undone == "coupon" else "cash": 6000}
    number = shop.do(payouts.compensate, case, **form, waive=["approval"], because="x").number
    if undone == "failed":
        shop.do(payout_steps.step, number, "fail", because="wrong account")
    elif undone == "reversed":
        shop.do(payout_steps.step, number, "confirm")
        shop.do(payout_steps.reverse, number, because="came back")
    again = opened_for(shop, SALES["the whole order"], None)
    shop.do(decisions.approve, again, by=AGENT)
    assert finding(shop, again) is None
    shop.check()


def test_the_last_piece_of_a_line_is_worth_what_is_left_of_it(shop: Books) -> None:
    """Of three for 100.00 the last one is worth 33.34; 1.00 of amends on the cup is in nobody's way."""
    shop.order(ORDER, ("TS-L", 3, 10000), ("CUP", 1, 5000))
    amends(shop, 100, "CUP")
    for minor in (3333, 3334, 3333):
        case = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="Q_FUNC", lines=["TS-L=1"]).number
        assert shop.do(decisions.approve, case, by=AGENT).due.minor == minor


def test_what_a_cheaper_exchange_gives_back_ends_there_too(shop: Books) -> None:
    """100.00 for 60.00: 40.00 are over, and beside 60.01 of amends that is a fen too much."""
    shop.product("NEW", price=6000)
    shop.order(ORDER, ("TS-L", 1, 10000))
    amends(shop, 6001)
    case = shop.do(decisions.open_case, ORDER, kind=Kind.EXCHANGE, reason="Q_FUNC", want=["NEW"]).number
    with pytest.raises(Refused, match=r"100\.01"):
        shop.do(decisions.approve, case, by=MANAGER)
    shop.do(decisions.approve, case, **WAIVED, by=MANAGER)
    shop.check()


# of a rule


@pytest.mark.parametrize("minor", [4000, 4001])
def test_no_rule_agrees_to_more_than_was_paid(shop: Books, folder: Folder, tmp_path: Path, minor: int) -> None:
    file = tmp_path / "policy.toml"
    text = 'version = "plain"\nfrom = 2026-11-09\n[[auto_approve]]\nkinds = ["allowance"]\nunshipped = true\n'
    file.write_text(text + 'most = "500.00"', encoding="utf-8")
    shop.do(policies.load, file)
    bought = unsent(sold(ORDER, ("TS-L", 1, 10000)))
    take(shop, *folder.both(bought))
    amends(shop, 6000)
    wish = asked_back("R1", bought, minor, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(shop, folder.refunds(replace(wish, applied_at=shop.at.replace(tzinfo=None))))
    decided = shop.value("SELECT decision FROM cases WHERE platform_number = 'R1'")
    assert decided == ("approved" if minor == 4000 else "requested")
    assert money_of(shop) == (10000 if minor == 4000 else 6000)


# the doors by which a refund that was agreed to leaves, after a platform has paid beside it


def platform_paid(books: Books, folder: Folder, *, by_route: bool, who: str = MANAGER) -> str:
    """100.00 for shirt and cup, 50.00 amends on the shirt, 50.00 agreed to for the cup, there or by hand; then the
    platform pays 50.00 for the shirt by itself: 150.00 of 100.00 once the cup's leave.
    """
    bought = unsent(sold(ORDER, ("TS-L", 1, 5000), ("CUP", 1, 5000)))
    take(books, *folder.both(bought))
    amends(books, 5000, "TS-L")
    facts: dict[str, Any] = {"kind": "仅退款", "goods": "买家未收到货"}
    if by_route:
        take(books, folder.refunds(asked_back("R1", bought, 5000, line=1, status=REQUESTED, **facts)))
        case = "R1"
    else:
        kind = Kind.REFUND_ONLY
        case = books.do(decisions.open_case, ORDER, kind=kind, reason="S_OOS", lines=["CUP"]).number
    books.do(decisions.approve, case, by=who)
    if not by_route:
        books.do(payouts.refund, case, by=who)
    take(books, folder.refunds(asked_back("R2", bought, 5000, line=0, **facts)))
    assert books.value("SELECT decision FROM cases WHERE platform_number = 'R2'") == "approved", "a fact is a fact"
    return case


def _payout(books: Books) -> str:
    return str(books.value("SELECT number FROM payouts WHERE kind = 'refund' AND origin = 'own'"))


def click(books: Books, case: str, **options: Any) -> None:
    books.do(platform_list.done, [case], **options)


def _step(move: str) -> Callable[..., None]:
    def stepped(books: Books, case: str, **options: Any) -> None:
        books.do(payout_steps.step, _payout(books), move, **options)

    return stepped


def countersign(books: Books, case: str, **options: Any) -> None:
    books.do(payout_steps.countersign, _payout(books), **options)


LEAVING: dict[str, tuple[Callable[..., None], dict[str, Any]]] = {
    "platform done": (click, {"by_route": True}),
    "pay sent": (_step("send"), {"by_route": False}),
    "pay confirm": (_step("confirm"), {"by_route": False}),
    "pay approve": (countersign, {"by_route": False, "who": AGENT}),
}


@pytest.mark.parametrize("door", LEAVING)
def test_what_was_agreed_to_leaves_beyond_only_with_a_managers_word(shop: Books, folder: Folder, door: str) -> None:
    act, how = LEAVING[door]
    case = platform_paid(shop, folder, **how)
    stood = shop.rows("SELECT number, state FROM payouts ORDER BY id")
    with pytest.raises(Refused, match=r"150\.00.*100\.00") as refused:
        act(shop, case, by=MANAGER)
    assert f"--waive {BEYOND} --because TEXT" in str(refused.value.hint)
    assert f"--waive {BEYOND}" in shop.do(case_cards.show, case).next
    assert shop.rows("SELECT number, state FROM payouts ORDER BY id") == stood
    if door == "platform done":
        assert [held.case for held in shop.do(platform_list.todo).held] == [shop.do(case_cards.show, case).number]
    with pytest.raises(Refused):
        act(shop, case, **WAIVED, by=AGENT)
    act(shop, case, **WAIVED, by=MANAGER)
    shown = finding(shop, case)
    assert shown is not None and (shown.waived_by, shown.facts["beyond"]) == (MANAGER, Money(5000, "CNY"))
    shop.check()


def agreed_there(books: Books, folder: Folder) -> str:
    """60.00 of 100.00 were amends; somebody agrees to a return of the whole in the platform's back-end."""
    bought = sold(ORDER, ("TS-L", 1, 10000))
    take(books, *folder.both(bought))
    amends(books, 6000)
    take(books, folder.refunds(asked_back("R1", bought, 10000, status="卖家已经同意退款，等待买家退货")))
    view = books.do(case_cards.show, "R1")
    assert (view.decision, view.due.minor) == ("approved", 10000)
    return view.number


def test_what_was_agreed_to_there_is_paid_here_only_with_a_managers_word(shop: Books, folder: Folder) -> None:
    case = agreed_there(shop, folder)
    first: dict[str, Any] = {"waive": ["goods_first"], "because": "老客"}
    with pytest.raises(Refused, match=r"160\.00") as refused:
        shop.do(payouts.refund, case, **first, by=MANAGER)
    command = f"pay refund {case} --waive goods_first --waive {BEYOND} --because TEXT"
    assert command in str(refused.value.hint)
    with pytest.raises(Refused):
        shop.do(payouts.refund, case, **WAIVED, by=AGENT)
    shop.do(payouts.refund, case, waive=["goods_first", BEYOND], because="老客", by=MANAGER)
    assert money_of(shop) == 16000
    shop.check()


def test_in_a_group_it_is_named_and_not_paid(shop: Books, folder: Folder) -> None:
    case = agreed_there(shop, folder)
    with pytest.raises(Refused):
        shop.do(payouts.refund, case, waive=["goods_first"], because="老客", by=MANAGER)
    due = shop.do(group_payment.due_refunds)
    assert not due.seen


def test_what_the_platform_paid_stands_in_full_and_is_said(shop: Books, folder: Folder) -> None:
    bought = sold(ORDER, ("TS-L", 1, 10000))
    take(shop, *folder.both(bought))
    amends(shop, 6000)
    take(shop, folder.refunds(asked_back("R1", bought, 10000)))
    assert money_of(shop) == 16000
    shown = finding(shop, "R1")
    assert shown is not None and (shown.answer, shown.waived_by) == (Answer.NO, "")
    shop.check()


def test_amends_let_go_after_the_refund_are_overruled_once(shop: Books) -> None:
    """A return of 100.00 agreed to, 5.00 beyond let go by a manager: what was agreed to before leaves unasked."""
    shop.order(ORDER, ("TS-L", 1, 10000))
    case = opened_for(shop, SALES["the whole order"], None)
    shop.do(decisions.approve, case, by=OWNER)
    other = shop.do(decisions.open_case, ORDER, kind=Kind.INQUIRY, reason="Q_FUNC").number
    shop.do(payouts.compensate, other, cash=500, waive=["approval", BEYOND], because="食品安全法 §148", by=MANAGER)
    shown = finding(shop, case)
    assert shown is not None and shown.waived_by == MANAGER
    shop.do(payouts.refund, case, waive=["goods_first"], because="老客", by=MANAGER)
    number = _payout(shop)
    shop.do(payout_steps.step, number, "confirm", by=AGENT)
    assert money_of(shop) == 10500
    shop.check()
