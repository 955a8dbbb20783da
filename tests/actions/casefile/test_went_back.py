"""Money that went back on the platform after it was decided here: nothing of ours comes nearer to leaving until a
person has confirmed that it is another payment, or the payout is failed by name.
"""

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.errors import Overdrawn, Refused
from retcli.rules.lifecycles import Kind
from tests.actions.insight.month.test_order_file_refunds import exported
from tests.actions.orderfile.test_refunded_on_platform import after
from tests.reports import REQUESTED, Folder, asked_back, sold, take, take_one, unsent
from tests.shopfloor import AGENT, MANAGER, Books

SOLD = {"Name": "#glow1", "Total": "127.95", "Refunded Amount": "0.00"}
SINCE = "By the platform's order file 19.99 USD of order #glow1 went back since this was decided, 0.00 USD of it stands"
CONFIRMED: dict[str, Any] = {"waive": ["went_back"], "because": "a goodwill of the platform's own"}


@pytest.fixture
def agreed(books: Books, tmp_path: Path) -> str:
    """A case of 19.99 of the 127.95 USD that an order was paid, agreed to."""
    books.hire()
    take_one(books, exported(tmp_path / "sold.csv", SOLD))
    case = books.do(decisions.open_case, "#glow1", kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=1999).number
    books.do(decisions.approve, case, waive=["evidence"], because="told", by=MANAGER)
    return case


def told(books: Books, folder: Path, amount: str, name: str = "told") -> None:
    """The platform's next order export says that so much went back."""
    take_one(books, exported(folder / f"{name}.csv", SOLD | {"Refunded Amount": amount}))


def state(books: Books, payout: str) -> str:
    return str(books.value("SELECT state FROM payouts WHERE number = :number", number=payout))


def stopped(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message.startswith(SINCE)
    return refusal.value


def test_a_payout_that_waits_is_not_let_go_beside_it(books: Books, agreed: str, tmp_path: Path) -> None:
    """An agent's 19.99 USD wait; then 19.99 went back there, of which nothing stands here."""
    payout = books.do(payouts.refund, agreed, by=AGENT).number
    assert state(books, payout) == "waiting"
    told(books, tmp_path, "19.99")
    why = stopped(lambda: books.do(payout_steps.countersign, payout, by=MANAGER))
    assert f"retcli pay fail {payout} --because TEXT" in why.hint
    assert f"retcli pay approve {payout} --waive went_back --because TEXT" in why.hint
    ways = books.do(case_cards.show, agreed).document()["case"]["next"]
    fail, confirm = f"retcli pay fail {payout} --because TEXT", f"retcli pay approve {payout} --waive went_back"
    assert ways == f"{fail}\n{confirm} --because TEXT"
    books.do(payout_steps.countersign, payout, by=MANAGER, **CONFIRMED)
    assert state(books, payout) == "due"
    assert books.rows("SELECT rule, because FROM waivers WHERE rule = 'went_back'") == [
        ("went_back", "a goodwill of the platform's own")
    ]
    books.do(payout_steps.step, payout, "send", by=MANAGER)
    books.check()


@pytest.mark.parametrize("move", ["send", "confirm"])
def test_a_payout_that_is_due_is_not_sent_beside_it(books: Books, agreed: str, tmp_path: Path, move: str) -> None:
    payout = books.do(payouts.refund, agreed, by=MANAGER).number
    told(books, tmp_path, "19.99")
    stopped(lambda: books.do(payout_steps.step, payout, move, by=MANAGER))
    assert state(books, payout) == "due"
    with pytest.raises(Refused, match="may not"):
        books.do(payout_steps.step, payout, move, by=AGENT, **CONFIRMED)
    books.do(payout_steps.step, payout, move, by=MANAGER, **CONFIRMED)
    assert state(books, payout) in {"sent", "confirmed"}


def test_it_fails_by_name_without_a_question(books: Books, agreed: str, tmp_path: Path) -> None:
    payout = books.do(payouts.refund, agreed, by=MANAGER).number
    told(books, tmp_path, "19.99")
    books.do(payout_steps.step, payout, "fail", because="refunded on the platform", by=MANAGER)
    why = stopped(lambda: books.do(payouts.refund, agreed, by=MANAGER))
    assert f"retcli pay refund {agreed} --waive went_back --because TEXT" in why.hint
    assert f"retcli case finish {agreed} --because TEXT" in why.hint


def test_a_group_names_it_and_pays_the_others(books: Books, agreed: str, tmp_path: Path) -> None:
    told(books, tmp_path, "19.99")
    table = books.do(group_payment.due_refunds, by=MANAGER)
    assert [payment.seen.number for payment in table.payments] == []
    (each,) = table.stopped
    assert (each.case, each.why.startswith(SINCE)) == (agreed, True)
    stopped(lambda: books.do(payouts.refund, agreed, by=MANAGER))
    books.do(payouts.refund, agreed, by=MANAGER, **CONFIRMED)


def test_each_confirmation_counts_for_what_had_gone_back_then(books: Books, agreed: str, tmp_path: Path) -> None:
    payout = books.do(payouts.refund, agreed, by=AGENT).number
    told(books, tmp_path, "19.99")
    books.do(payout_steps.countersign, payout, by=MANAGER, **CONFIRMED)
    told(books, tmp_path, "30.00", "again")
    with pytest.raises(Refused, match=r"30\.00 USD of order #glow1 went back since"):
        books.do(payout_steps.step, payout, "send", by=MANAGER)
    books.do(payout_steps.step, payout, "send", by=MANAGER, waive=["went_back"], because="a second goodwill")
    assert "a second goodwill" in books.do(case_cards.show, agreed).document()["case"]["note"]
    books.check()


def test_what_was_known_when_it_was_decided_is_not_asked_about(books: Books, tmp_path: Path) -> None:
    """19.99 of 127.95 had gone back before anybody agreed to 50.00 more."""
    books.hire()
    take_one(books, exported(tmp_path / "sold.csv", SOLD | {"Refunded Amount": "19.99"}))
    case = books.do(decisions.open_case, "#glow1", kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=5000).number
    books.do(decisions.approve, case, waive=["evidence"], because="told", by=MANAGER)
    payout = books.do(payouts.refund, case, by=AGENT).number
    books.do(payout_steps.countersign, payout, by=MANAGER)
    books.do(payout_steps.step, payout, "send", by=MANAGER)
    assert state(books, payout) == "sent"


def test_what_went_back_of_another_line_is_another_payment(books: Books, folder: Folder) -> None:
    """50.00 of line A are to be paid; then 30.00 of line B went back, and 204.00 of 234.00 are left."""
    order = unsent(sold("2850000000000000310", ("A", 1, 10000), ("B", 1, 13400)))
    take(books, *folder.both(order))
    books.hire()
    case = books.do(decisions.open_case, order.number, kind=Kind.REFUND_ONLY, reason="N_AGREE", lines=["A"]).number
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, by=AGENT).number
    take(books, *folder.both(after(order, 3000, line=1)))
    books.do(payout_steps.countersign, payout, by=MANAGER)
    take(books, *folder.both(after(order, 14000, line=1)))
    for waived in ({}, CONFIRMED):  # 100.00 + 140.00 is more than 234.00, whatever it is
        with pytest.raises(Overdrawn, match=r"140\.00 of order 2850000000000000310 went back .*: at most 94\.00"):
            books.do(payout_steps.step, payout, "send", by=MANAGER, **waived)


def sold_to_the_whole(books: Books, folder: Folder, platform: str) -> tuple[str, Callable[[], object]]:
    """An order of 127.95 on a platform; and what takes its file in by which all of it went back."""
    if platform == "shopify":
        take_one(books, exported(folder.path / "sold.csv", SOLD))
        whole = SOLD | {"Refunded Amount": "127.95", "Financial Status": "refunded"}
        return "#glow1", lambda: take_one(books, exported(folder.path / "whole.csv", whole))
    order = sold("2850000000000000330", ("A", 1, 12795))
    take(books, *folder.both(order))
    return order.number, lambda: take(books, *folder.both(replace(after(order, 12795), status="交易关闭")))


@pytest.mark.parametrize("platform", ["shopify", "taobao"])
def test_nothing_leaves_beside_all_that_was_paid(books: Books, folder: Folder, platform: str) -> None:
    """19.99 wait for a second person, or are due; then all of 127.95 went back: 147.94 are more than was paid."""
    books.hire()
    number, all_went_back = sold_to_the_whole(books, folder, platform)
    case = books.do(decisions.open_case, number, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=1999).number
    books.do(decisions.approve, case, waive=["evidence"], because="told", by=MANAGER)
    payout = books.do(payouts.refund, case, by=AGENT).number
    books.later(minutes=10)
    all_went_back()
    onwards = partial(books.do, payout_steps.countersign), partial(books.do, payout_steps.step, move="confirm")
    for act, waived in itertools.product(onwards, ({}, CONFIRMED)):
        with pytest.raises(Overdrawn, match=r"127\.95.* went back already.*: at most 0\.00") as why:
            act(payout, by=MANAGER, **waived)
        assert why.value.hint == f"retcli pay fail {payout} --because TEXT"
    assert books.do(case_cards.show, case).document()["case"]["next"] == f"retcli pay fail {payout} --because TEXT"
    books.do(payout_steps.step, payout, "fail", because="refunded on the platform", by=MANAGER)
    books.check()


def test_a_click_that_pays_stops_too(books: Books, folder: Folder) -> None:
    """The platform's own case of 100.00, agreed to; before anybody clicks, its order file says that 100.00 went."""
    order = unsent(sold("2850000000000000320", ("A", 1, 10000), ("B", 1, 13400)))
    refund = asked_back("900000000000000001", order, 10000, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(refund))
    books.hire()
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.approve, case, by=MANAGER)
    assert [item.action for item in books.do(platform_list.todo).items] == ["agree_refund"]
    take(books, *folder.both(after(order, 10000, line=0)))
    assert books.do(platform_list.todo).items == (), "nobody is sent to click it"
    with pytest.raises(Refused, match=r"100\.00 of order 2850000000000000320 went back since") as why:
        books.do(platform_list.done, [case], by=MANAGER)
    assert f"retcli platform done {case} --waive went_back --because TEXT" in why.value.hint
    assert "--waive went_back" in books.do(case_cards.show, case).document()["case"]["next"]
    books.do(platform_list.done, [case], by=MANAGER, **CONFIRMED)
    assert books.value("SELECT state FROM platform_actions") == "done"
    books.check()


def test_what_the_report_tells_is_never_stopped(books: Books, folder: Folder) -> None:
    order = unsent(sold("2850000000000000320", ("A", 1, 10000), ("B", 1, 13400)))
    refund = asked_back("900000000000000001", order, 10000, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(refund))
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.approve, case)
    take(books, *folder.both(after(order, 10000, line=0)))
    take(books, folder.refunds(asked_back("900000000000000001", order, 10000, kind="仅退款")))
    assert books.value("SELECT state FROM payouts") == "confirmed"
    books.check()
