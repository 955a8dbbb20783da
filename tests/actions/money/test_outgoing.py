"""One door for money: every way out asks the same limit, and nothing that pays exists before it is due."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import retcli
from fixtures import Order
from retcli.actions.cases import case_cards, decisions, offers, platform_list, queue
from retcli.actions.insight.month import reconciliation
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.actions.shop import policies, staff
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.inspection import inspect, parse_item
from retcli.errors import Busy, NotFound, Overdrawn, Refused, RetcliError
from retcli.rules.lifecycles import Kind, Role
from retcli.rules.money.payouts import Door
from retcli.transaction import opened
from retcli.views.casefile.cases import CaseView
from retcli.views.cases.queue import Seen
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, questions, see_each, sold, take, unsent
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE, Books
from tests.source import calls

NUMBER, OTHER = "2850000000000000701", "2850000000000000702"
BEYOND: dict[str, Any] = {"waive": ["beyond_price"], "because": "消法 §55"}
"""Amends on top of all that was paid."""
FEN = "SELECT minor, state, decided_by FROM payouts ORDER BY id"


# ways by which money leaves: each lets `minor` fen go on a new order by `who`, and answers nothing


Way = Callable[[Books, Folder, int, str], None]


def wished(books: Books, folder: Folder, minor: int, kind: str = "仅退款") -> str:
    """A refund asked for on the platform today; nothing was sent yet unless goods are to come back."""
    order = sold(NUMBER, ("TS-L", 1, minor))
    order = order if kind == "退货退款" else unsent(order)
    goods: dict[str, Any] = {} if kind == "退货退款" else {"goods": "买家未收到货"}
    wish = asked_back("R1", order, minor, kind=kind, status=REQUESTED, applied_at=datetime(2026, 11, 9, 9), **goods)
    take(books, *folder.both(order), folder.refunds(wish))
    return "R1"


def approval(books: Books, folder: Folder, minor: int, who: str) -> None:
    books.do(decisions.approve, wished(books, folder, minor), by=who)


def seen(books: Books, number: str) -> Seen:
    """What somebody looked at."""
    with opened(books.asked(), writes=False) as shop:
        card = queue.card(shop, number)
    assert card is not None
    return card.seen


def group(books: Books, folder: Folder, minor: int, who: str) -> None:
    """`case approve --all-yes` saves each case by itself as it was shown."""
    wished(books, folder, minor)
    (case,) = books.do(queue.plain_ones, by=who).cases
    books.do(queue.approve_seen, seen(books, case.number), plain=True, by=who)


def review(books: Books, folder: Folder, minor: int, who: str) -> None:
    """The key of the review that approves."""
    wished(books, folder, minor)
    number = books.value("SELECT number FROM cases")
    books.do(queue.approve_seen, seen(books, number), by=who)


def clicked(books: Books, folder: Folder, minor: int, who: str) -> None:
    """`platform done` right after the approval: there is a click only where the payout is due."""
    approval(books, folder, minor, who)
    due = books.value("SELECT state FROM payouts") == "due"
    try:
        books.do(platform_list.done, ["R1"], by=who)
        assert due, "a click that pays, and its payout waits"
    except NotFound:
        assert not due


def inspection(books: Books, folder: Folder, minor: int, who: str) -> None:
    """Approved by `who`, inspected by the warehouse, who is not the one to decide."""
    case = books.do(decisions.approve, wished(books, folder, minor, "退货退款"), by=who)
    assert books.rows(FEN) == []
    assert [c.action for c in books.do(platform_list.todo).items] == ["agree_return"]
    books.do(parcels.expect_by_hand, case.number, "YT5260493176849")
    books.do(inspect, case.number, [parse_item("TS-L=1:A")], by=WAREHOUSE)


def by_hand(books: Books, minor: int, who: str, kind: Kind = Kind.REFUND_ONLY) -> CaseView:
    """A case without the platform's number, approved by the owner."""
    books.order(NUMBER, ("TS-L", 1, 900000), shipped=False)
    case = books.do(decisions.open_case, NUMBER, kind=kind, reason="Q_FUNC", amount=minor)
    return books.do(decisions.approve, case.number)


def refund(books: Books, folder: Folder, minor: int, who: str) -> None:
    books.do(payouts.refund, by_hand(books, minor, who).number, by=who)


def split_refund(books: Books, folder: Folder, minor: int, who: str) -> None:
    """In parts, each within the limit: together they are what counts."""
    case = by_hand(books, minor, who)
    books.do(payouts.refund, case.number, amount=minor - 1, by=who)
    books.do(payouts.refund, case.number, by=who)


def all_due(books: Books, folder: Folder, minor: int, who: str) -> None:
    """`pay refund --all-due` decides each by itself as it was shown."""
    by_hand(books, minor, who)
    (each,) = books.do(group_payment.due_refunds, by=who).seen
    books.do(group_payment.refund_seen, each, by=who)


def freight(books: Books, folder: Folder, minor: int, who: str) -> None:
    case = by_hand(books, 100, who)
    books.do(payouts.freight_back, case.number, minor, waive=["freight"], because="说好的", by=OWNER, dry_run=True)
    books.do(decisions.withdraw, case.number)
    books.order(OTHER, ("TS-L", 1, 900000))
    back = books.do(decisions.open_case, OTHER, kind=Kind.RETURN, reason="Q_FUNC")
    books.do(decisions.approve, back.number)
    books.do(payouts.freight_back, back.number, minor, by=who)


def coupon(books: Books, folder: Folder, minor: int, who: str) -> None:
    books.do(payouts.compensate, by_hand(books, 100, who).number, coupon=minor, by=who)


def points(books: Books, folder: Folder, minor: int, who: str) -> None:
    books.do(payouts.compensate, by_hand(books, 100, who).number, points=minor, by=who)


def cash(books: Books, folder: Folder, minor: int, who: str) -> None:
    books.do(payouts.compensate, by_hand(books, 100, who).number, cash=minor, by=who)


def offered(books: Books, folder: Folder, minor: int, who: str) -> None:
    """The buyer accepts what the owner offered; whoever notes the answer pays."""
    case = by_hand(books, 100, who)
    books.do(offers.offer, case.number, "compensation", amount=minor, by=OWNER)
    books.do(offers.answer, case.number, accepted=True, by=who)


def exchanged(books: Books, folder: Folder, minor: int, who: str) -> None:
    """What is over in a cheaper exchange: goods first."""
    books.product("NEW", price=900000 - minor)
    books.order(NUMBER, ("TS-L", 1, 900000))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.EXCHANGE, reason="Q_FUNC", want=["NEW"])
    books.do(decisions.approve, case.number)
    with pytest.raises(Refused, match=r"come back|may not"):
        books.do(payouts.refund, case.number, by=who)
    books.do(parcels.expect_by_hand, case.number, "YT5260493176849")
    books.do(inspect, case.number, [parse_item("TS-L=1:A")], by=WAREHOUSE)
    books.do(payouts.refund, case.number, by=who)


WAYS: dict[str, tuple[Door, Way]] = {
    "approve": (Door.APPROVAL, approval),
    "approve --all-yes": (Door.APPROVAL, group),
    "review": (Door.APPROVAL, review),
    "platform done": (Door.APPROVAL, clicked),
    "inspect": (Door.INSPECTION, inspection),
    "pay refund": (Door.REFUND, refund),
    "pay refund --all-due": (Door.REFUND, all_due),
    "pay refund in parts": (Door.REFUND, split_refund),
    "pay refund of an exchange": (Door.REFUND, exchanged),
    "pay freight": (Door.FREIGHT, freight),
    "pay compensate --coupon": (Door.COMPENSATION, coupon),
    "pay compensate --points": (Door.COMPENSATION, points),
    "pay compensate --cash": (Door.COMPENSATION, cash),
    "offer accepted": (Door.OFFER, offered),
}
LIMITS = {AGENT: 3000, MANAGER: None, OWNER: None, FINANCE: 0, WAREHOUSE: 0}
"""What each may let go alone in fen; None: anything."""
AMOUNTS = (3000, 3001)


@pytest.mark.parametrize("minor", AMOUNTS)
@pytest.mark.parametrize("who", LIMITS)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_asks_the_same_limit(sqlite_books: Books, folder: Folder, way: str, who: str, minor: int) -> None:
    books, (door, act) = sqlite_books, WAYS[way]
    books.hire()
    try:
        act(books, folder, minor, who)
    except Refused as refused:
        assert "may not" in str(refused), refused
        assert who in {FINANCE, WAREHOUSE}, "only those whose work it is not"
    limit = LIMITS[who]
    mine = [(fen, state) for fen, state, by in books.rows(FEN) if by == who]
    for place, (_fen, state) in enumerate(mine):
        together = sum(fen for fen, _state in mine[: place + 1])
        assert state == ("due" if limit is None or together <= limit else "waiting")
    clicks = books.rows("SELECT money FROM platform_actions WHERE action IN ('agree_refund', 'confirm_receipt')")
    waits = any(state == "waiting" for _fen, state in mine)
    assert not (waits and clicks), "nothing that pays before a second person"
    told = books.rows("SELECT payload FROM events WHERE action = 'open' AND subject LIKE 'PO%'")
    assert all(f'"door":"{door}"' in payload for (payload,) in told)
    books.check()


def lets_go() -> Iterator[tuple[str, str]]:
    """Every call in the source that writes a payout of ours or a click that pays: its module, and the door it names."""
    for path, called in calls():
        if ast.unparse(called.func).split(".")[-1] in {"let_go", "go_by_itself"}:
            yield path.stem, ast.unparse(called)


def test_every_door_has_its_row_and_nobody_pays_beside_them() -> None:
    """A new door, a payout written elsewhere, or a click that pays made elsewhere fails here."""
    assert {door for door, _way in WAYS.values()} == set(Door)
    doors = [call for _module, call in lets_go()]
    named = {door for door in Door for call in doors if f"Door.{door.name}" in call}
    assert named == set(Door)
    house = Path(retcli.__file__).parent
    source = {str(path.relative_to(house)): path.read_text(encoding="utf-8") for path in house.rglob("*.py")}
    assert {str(path) for path, called in calls() if ast.unparse(called.func) == "Payout"} == {
        "actions/money/outgoing.py"
    }
    # whoever sends goods asks for a click that enters the waybill, which pays nothing
    sending = {f"actions/warehouse/shipments/{name}.py" for name in ("leaving", "sent_goods")}
    asked = {name: re.findall(r"ask_click\(shop, case, (\S+),", source[name]) for name in sending}
    assert asked == {name: ['"enter_waybill"'] for name in sending}
    paying = {name for name, text in source.items() if "ask_click(" in text} - sending
    assert paying == {
        f"actions/{name}.py" for name in ("casefile/records/platform_clicks", "money/outgoing", "cases/decisions")
    }
    assert 'ask_click(shop, case, "agree_refund"' not in "".join(source.values())


@pytest.mark.parametrize("minor", AMOUNTS)
def test_nobody_lets_their_own_payout_go(books: Books, folder: Folder, minor: int) -> None:
    """The agent may not; a manager's own never waits; whoever decided it is not the second person."""
    books.hire()
    approval(books, folder, minor, AGENT)
    state = books.value("SELECT state FROM payouts")
    assert state == ("due" if minor <= 3000 else "waiting")
    number = books.value("SELECT number FROM payouts")
    with pytest.raises(RetcliError):
        books.do(payout_steps.countersign, number, by=AGENT)
    if state == "waiting":
        assert books.do(platform_list.todo).items == ()
        assert books.do(payout_steps.countersign, number, by=MANAGER).state == "due"
    assert [c.action for c in books.do(platform_list.todo).items] == ["agree_refund"]
    books.check()


def test_who_has_become_a_manager_does_not_sign_what_they_decided_as_an_agent(books: Books, folder: Folder) -> None:
    books.hire()
    approval(books, folder, 3001, AGENT)
    number = books.value("SELECT number FROM payouts")
    books.do(staff.add, AGENT, Role.MANAGER)
    with pytest.raises(Refused, match="Nobody approves their own payout"):
        books.do(payout_steps.countersign, number, by=AGENT)
    assert books.value("SELECT state FROM payouts") == "waiting"
    assert books.do(payout_steps.countersign, number, by=MANAGER).state == "due"
    books.check()


def test_the_limit_counts_all_that_one_person_lets_go_on_an_order(books: Books) -> None:
    """20.00 and 10.00 are 30.00, the limit itself; a fen more waits. Other orders and other people do not count."""
    books.hire()
    for number in (NUMBER, OTHER):
        books.order(number, ("TS-L", 1, 9900))
        books.do(decisions.open_case, number, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100)
        books.do(decisions.approve, number, by=MANAGER)

    def given(order: str, minor: int, by: str = AGENT) -> str:
        return books.do(payouts.compensate, order, cash=minor, by=by).state

    assert [given(NUMBER, 5000, MANAGER), given(OTHER, 2000)] == ["due", "due"]
    assert [given(NUMBER, 2000), given(NUMBER, 1000), given(NUMBER, 1)] == ["due", "due", "waiting"]
    assert given(OTHER, 1000) == "due"
    books.check()


def test_a_rule_lets_go_what_its_own_limit_says(books: Books, folder: Folder, tmp_path: Path) -> None:
    """The leave of a rule is its own `most`, above what an agent could; the payout is the rule's."""
    books.hire()
    file = tmp_path / "policy.toml"
    text = 'version = "plain"\nfrom = 2026-11-09\n[[auto_approve]]\nkinds = ["refund-only"]\nunshipped = true\n'
    file.write_text(text + 'most = "100.00"', encoding="utf-8")
    books.do(policies.load, file)
    wished(books, folder, 10000)
    assert books.rows(FEN) == [(10000, "due", "plain")]
    assert [c.action for c in books.do(platform_list.todo).items] == ["agree_refund"]
    books.check()


def test_who_left_the_staff_lets_nothing_go(books: Books, folder: Folder) -> None:
    """The limit is asked of whoever approved, as they are when the goods come."""
    books.hire()
    case = books.do(decisions.approve, wished(books, folder, 2000, "退货退款"), by=AGENT)
    with_role(books, "UPDATE staff SET role = 'warehouse' WHERE name = '小美'")
    books.do(parcels.expect_by_hand, case.number, "YT5260493176849")
    books.do(inspect, case.number, [parse_item("TS-L=1:A")], by=WAREHOUSE)
    assert books.rows(FEN) == [(2000, "waiting", AGENT)]


def with_role(books: Books, statement: str) -> None:
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text(statement))


@pytest.mark.parametrize("grade", ["C", "X"])
def test_goods_that_are_not_in_order_pay_nothing_by_themselves(books: Books, folder: Folder, grade: str) -> None:
    books.hire()
    case = books.do(decisions.approve, wished(books, folder, 2000, "退货退款"), by=AGENT)
    books.do(parcels.expect_by_hand, case.number, "YT5260493176849")
    books.do(inspect, case.number, [parse_item(f"TS-L=1:{grade}")], by=WAREHOUSE)
    assert books.rows(FEN) == []


def test_what_has_not_left_is_called_off_with_the_decision(books: Books, folder: Folder) -> None:
    """Until it is clicked the approval can be taken back; afterwards the money may be gone."""
    books.hire()
    approval(books, folder, 2000, AGENT)
    books.do(decisions.reject, "R1", because="看错了", by=AGENT)
    assert books.rows("SELECT state, because FROM payouts") == [("failed", "看错了")]
    assert [c.action for c in books.do(platform_list.todo).items] == ["refuse"]
    books.do(decisions.approve, "R1", by=AGENT)
    assert books.rows("SELECT state FROM payouts ORDER BY id") == [("failed",), ("due",)]
    books.do(platform_list.done, ["R1"], by=AGENT)
    with pytest.raises(Refused, match="Money is out"):
        books.do(decisions.reject, "R1", because="看错了", by=AGENT)
    books.check()


# the platform's word


def test_two_refunds_of_a_whole_order_are_both_written_down(books: Books, folder: Folder) -> None:
    """100.00 paid for an order, twice: the second is over in full, and nothing else of the order leaves."""
    books.hire()
    order = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    both = [asked_back(f"R{n}", order, 10000, kind="仅退款") for n in (1, 2)]
    take(books, *folder.both(order), folder.refunds(*both))
    rows = books.rows("SELECT p.minor, x.purpose, x.minor FROM payouts p JOIN payout_parts x ON x.payout_id = p.id"
                      " ORDER BY p.id")  # fmt: skip
    assert rows == [(10000, "goods", 10000), (10000, "over", 10000)]
    assert questions(books) == [("R2", "over", "0.00", "100.00")]
    books.check()


def beside_the_whole(books: Books, folder: Folder) -> tuple[Order, CaseView, str]:
    """An order of 100.00 with a price cut of 30.00 of ours, decided and due by transfer; the payout's number."""
    books.hire()
    order = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    take(books, *folder.both(order))
    own = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=3000)
    books.do(decisions.approve, own.number)
    return order, own, books.do(payouts.refund, own.number).number


def test_the_excess_stops_all_that_is_unsettled_on_the_order(books: Books, folder: Folder) -> None:
    """100.00 paid; our transfer of 30.00 is on its way; the platform reports 100.00 paid: 30.00 too much left."""
    order, own, transfer = beside_the_whole(books, folder)
    books.do(payout_steps.step, transfer, "send", by=MANAGER)
    take(books, folder.refunds(asked_back("R1", order, 10000, kind="仅退款")))
    assert questions(books) == [("R1", "over", "70.00", "100.00")]
    books.do(payout_steps.step, transfer, "confirm", dry_run=True, by=MANAGER)  # that what left arrived is a fact
    with pytest.raises(Refused, match="nothing else of it leaves"):
        books.do(payouts.compensate, own.number, cash=100, by=MANAGER)
    books.check()
    see_each(books, MANAGER)
    books.do(payouts.compensate, own.number, cash=100, by=MANAGER, **BEYOND)
    books.do(payout_steps.step, transfer, "confirm", by=MANAGER)
    books.check()


def test_what_has_not_left_does_not_leave_beside_the_whole(books: Books, folder: Folder) -> None:
    """100.00 paid; our transfer of 30.00 is due; the platform reports 100.00 paid: none of it is too much, and the
    30.00 are due no more.
    """
    order, own, transfer = beside_the_whole(books, folder)
    take(books, folder.refunds(asked_back("R1", order, 10000, kind="仅退款")))
    assert questions(books) == []
    assert books.value(f"SELECT state FROM payouts WHERE number = '{transfer}'") == "failed"
    with pytest.raises(Refused, match="Nothing is due"):
        books.do(payouts.refund, own.number, by=MANAGER)
    shown = books.do(case_cards.show, own.number)
    assert shown.next == f"retcli case finish {own.number}", "a person sees that it was paid another way"
    books.do(payouts.compensate, own.number, cash=100, by=MANAGER, **BEYOND)
    books.check()


def wish_of_30(books: Books, folder: Folder) -> str:
    """100.00 paid; a refund of 30.00 is agreed to here, to be clicked: its case."""
    books.hire()
    order = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    wish = asked_back("R0", order, 3000, kind="仅退款", status=REQUESTED, applied_at=datetime(2026, 11, 9, 9))
    take(books, *folder.both(order), folder.refunds(wish))
    return books.do(decisions.approve, "R0", by=AGENT).number


def used_up(books: Books, folder: Folder) -> str:
    """100.00 paid; a refund of 30.00 was clicked, then the platform pays 100.00 on another case, and the question about
    it is answered: the case with the 30.00.
    """
    number = wish_of_30(books, folder)
    books.do(platform_list.done, ["R0"], by=AGENT)
    order = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    take(books, folder.refunds(asked_back("R1", order, 10000, kind="仅退款")))
    assert questions(books) == [("R1", "over", "70.00", "100.00")]
    see_each(books, MANAGER)
    return number


def test_no_answer_lets_more_leave_than_the_order_was_paid(books: Books, folder: Folder) -> None:
    """70.00 and 30.00 over left of 100.00: another 30.00 would be 130.00, whoever was asked; amends are beside it."""
    case = used_up(books, folder)
    clicked = books.value("SELECT number FROM payouts WHERE origin = 'own'")
    for step in ("send", "confirm"):
        with pytest.raises(Overdrawn, match=r"100\.00 left already: with .*30\.00 it would be .*130\.00") as refused:
            books.do(payout_steps.step, clicked, step, by=MANAGER)
        assert refused.value.hint == f"retcli pay fail {clicked} --because TEXT"
    with_role(books, f"UPDATE payouts SET state = 'waiting' WHERE number = '{clicked}'")
    with pytest.raises(Overdrawn, match=r"130\.00"):
        books.do(payout_steps.countersign, clicked, by=MANAGER)
    books.do(payout_steps.step, clicked, "fail", because="平台已退", by=MANAGER)
    assert books.value("SELECT SUM(minor) FROM payout_parts WHERE purpose = 'over'") == 0, "100.00 of 100.00 left"
    with pytest.raises(Refused, match="Nothing is due"):
        books.do(payouts.refund, case, by=MANAGER)
    books.do(payouts.compensate, case, cash=100, by=MANAGER, **BEYOND)
    gone = "SELECT SUM(minor) FROM payouts WHERE kind = 'refund' AND state = 'confirmed'"
    assert books.value(gone) == 10000


def test_no_click_pays_more_than_the_order_was_paid(books: Books, folder: Folder) -> None:
    """What was not clicked yet is not to be clicked any more; where the platform pays it all the same, it is over."""
    wish_of_30(books, folder)
    order = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    take(books, folder.refunds(asked_back("R1", order, 10000, kind="仅退款")))
    assert (questions(books), books.do(platform_list.todo).items) == ([], ())
    with pytest.raises(RetcliError):
        books.do(platform_list.done, ["R0"], by=AGENT)
    take(books, folder.refunds(asked_back("R0", order, 3000, kind="仅退款", finished_at=datetime(2026, 11, 9, 10))))
    assert questions(books) == [("R0", "over", "0.00", "30.00")]
    books.check()


@pytest.mark.parametrize("kind", ["仅退款", "退货退款"])
def test_the_usual_morning(books: Books, folder: Folder, kind: str) -> None:
    """Approve, scan and inspect where goods come back, click; the next report says the same: matched and finished."""
    books.hire()
    order = sold(NUMBER, ("TS-L", 1, 2900))
    order = unsent(order) if kind == "仅退款" else order
    wish = asked_back("R1", order, 2900, kind=kind, status=REQUESTED, applied_at=datetime(2026, 11, 9, 9))
    take(books, *folder.both(order), folder.refunds(wish))
    books.do(decisions.approve, "R1", by=AGENT)
    books.do(platform_list.done, ["R1"], by=AGENT)
    if kind == "退货退款":
        books.do(parcels.expect_by_hand, "R1", "YT5260493176849")
        books.do(inspect, "R1", [parse_item("TS-L=1:A")], by=WAREHOUSE)
        books.do(platform_list.done, ["R1"], by=AGENT)
    ended = asked_back("R1", order, 2900, kind=kind, status=SUCCEEDED, finished_at=datetime(2026, 11, 9, 11))
    take(books, folder.refunds(ended))
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(2900, "confirmed", "own")]
    assert books.rows("SELECT filing FROM cases") == [("finished",)]
    assert questions(books) == []
    with opened(books.asked(), writes=False) as shop:
        month = reconciliation.month_of_books(shop, "2026-11")
    assert [(gap.label, gap.ours.minor, gap.platform.minor) for gap in month.gaps] == [("matched", 2900, 2900)]
    books.check()


def test_the_way_back_is_repaid_once_whoever_is_first(books: Books) -> None:
    """The database itself refuses a second live one; a failed or reversed one makes room."""
    books.hire()
    books.order(OTHER, ("TS-L", 1, 900000))
    back = books.do(decisions.open_case, OTHER, kind=Kind.RETURN, reason="Q_FUNC")
    books.do(decisions.approve, back.number)
    books.do(payouts.freight_back, back.number, 1200)
    copy = (
        "INSERT INTO payouts (number, request, case_id, order_id, kind, method, payee, minor, currency, origin, state,"
        " version, decided_by, decided_at, because) SELECT 'PO-X', 'X', case_id, order_id, kind, method, payee, minor,"
        " currency, origin, 'due', 1, decided_by, decided_at, '' FROM payouts"
    )
    with pytest.raises(Busy), opened(books.asked()) as shop:
        shop.session.execute(sa.text(copy))
    number = books.value("SELECT number FROM payouts")
    books.do(payout_steps.step, number, "fail", because="账号不对")
    books.do(payouts.freight_back, back.number, 1200)


def test_a_payout_is_reversed_once(books: Books) -> None:
    books.hire()
    case = by_hand(books, 2000, OWNER)
    number = books.do(payouts.refund, case.number).number
    books.do(payout_steps.step, number, "confirm")
    back = books.do(payout_steps.reverse, number, because="打错了").number
    with pytest.raises(Refused, match=f"reversed by {back} already"):
        books.do(payout_steps.reverse, number, because="打错了")
