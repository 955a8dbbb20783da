"""Parcels that were opened and hold nothing, or nothing for one of their cases: nobody is sent to scan them again, and
what lacks has ways out, for every kind of case whose goods come back.
"""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import empty_boxes, parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.views.casefile.cases import CaseView
from tests.next_steps import NextSteps, run
from tests.shopfloor import MANAGER, NOON, WAREHOUSE, Books
from tests.terminal import Desk
from tests.warehouse import Table, stock

ONE, TWO = "2850000000000000051", "2850000000000000052"
OURS, BACK, MORE = f"SF{ONE[-12:]}", "YT5260493176849", "YT1252110038258"
KINDS = (Kind.REFUND_ONLY, Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR)
REASONS = {Kind.REFUND_ONLY: "B_MIND"}
BOXES: dict[str, tuple[str, ...]] = {
    "empty": ("RCMDEMPTY",),
    "one of two": ("RCMDA", "CUP"),
    "another's": ("RCMDA", "MUG"),
    "one right, one swapped": ("RCMDA", "CUP", "RCMDX", "CUP"),
    "one, and another's": ("RCMDA", "CUP", "MUG"),
}
"""What lies in a box that should hold two cups."""


@pytest.fixture
def books(books: Books) -> Books:
    """A shop that sells three articles."""
    books.hire()
    for barcode, sku in enumerate(("CUP", "BOWL", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    return books


def agreed(books: Books, kind: Kind, *lines: str) -> str:
    """An approved case about lines of the order: never received and on its way back by itself, or sent back."""
    case = books.do(decisions.open_case, ONE, kind=kind, reason=REASONS.get(kind, "Q_FUNC"), lines=lines).number
    books.do(decisions.approve, case)
    if kind != Kind.REFUND_ONLY:
        books.do(parcels.expect_by_hand, case, BACK)
    return case


def box_of(kind: Kind) -> str:
    return OURS if kind == Kind.REFUND_ONLY else BACK


def two_cups(books: Books, kind: Kind) -> str:
    """A case about two cups, 16.00."""
    signed_at = None if kind == Kind.REFUND_ONLY else NOON - timedelta(days=3)
    books.order(ONE, ("CUP", 2, 1600), signed_at=signed_at)
    return agreed(books, kind)


def shown(books: Books, case: str) -> CaseView:
    return books.do(case_cards.show, case)


def told(view: CaseView) -> str:
    """What the findings say of the goods."""
    return "\n".join(each.text.format(**each.facts) for each in view.judgement.findings)


def has_ways_out(desk: Desk, view: CaseView) -> None:
    """A case that lacks goods: each way that it names runs, and none is to scan what was opened."""
    steps = view.next.splitlines()
    assert view.stage == "goods_lacking", (view.stage, steps)
    assert steps, "a way out is named"
    assert "retcli scan" not in steps
    assert "missing: " in told(view) or "without " in told(view)
    NextSteps._try(desk, view)


@pytest.mark.parametrize(("kind", "box"), list(itertools.product(KINDS, BOXES)))
def test_what_lacks_in_an_opened_box_has_ways_out(books: Books, kind: Kind, box: str) -> None:
    case = two_cups(books, kind)
    Table(books).scan(box_of(kind), *BOXES[box], "RCMDEND")
    has_ways_out(Desk(books.database), shown(books, case))
    books.check()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["loop", "command", "command alone"])
def test_an_empty_box_is_written_down(books: Books, kind: Kind, how: str) -> None:
    """空包：退件算已验货，一件没有入库；单子是缺货待处理，驳回能走。"""
    case = two_cups(books, kind)
    if how != "command alone" or kind == Kind.REFUND_ONLY:  # an order's own parcel is made by its scan
        before = shown(books, case) if Table(books).scan(box_of(kind)) else None
        assert before is not None
        assert before.stage == "to_inspect"
    if how == "loop":
        Table(books).scan(box_of(kind), "RCMDEMPTY")
    else:
        books.do(empty_boxes.inspect_empty, box_of(kind), by=WAREHOUSE)
    view = shown(books, case)
    assert stock(books) == {}
    assert books.rows("SELECT state FROM parcels") == [("inspected",)]
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'empty'") == 1
    assert view.stage == "goods_lacking"
    assert f"retcli case reject {case} --because TEXT" in view.next.splitlines()
    assert "CUP×2" in told(view)
    books.do(decisions.reject, case, because="空包", by=MANAGER)
    books.check()


def test_two_refunds_of_one_refused_parcel(books: Books) -> None:
    """拒收件两张仅退款：8.00 的杯子来了，9.00 的碗没来；碗那张不再叫人去扫。"""
    books.order(ONE, ("CUP", 1, 800), ("BOWL", 1, 900), signed_at=None)
    cup, bowl = (agreed(books, Kind.REFUND_ONLY, sku) for sku in ("CUP", "BOWL"))
    Table(books).scan(OURS, "RCMDA", "CUP", "RCMDEND")
    view = shown(books, cup)
    assert (view.stage, view.due.minor) == ("to_pay", 800)
    has_ways_out(Desk(books.database), shown(books, bowl))
    Table(books).scan(OURS, "RCMDA", "CUP", "BOWL", "RCMDEND")  # it lay below the paper
    assert shown(books, bowl).stage == "to_pay"
    books.check()


@pytest.mark.parametrize("second", [Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR])
@pytest.mark.parametrize("first", [Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR])
def test_two_cases_of_one_parcel(books: Books, first: Kind, second: Kind) -> None:
    books.order(ONE, ("CUP", 1, 800), ("BOWL", 1, 900))
    agreed(books, first, "CUP")
    bowl = agreed(books, second, "BOWL")
    Table(books).scan(BACK, "RCMDA", "CUP", "RCMDEND")
    has_ways_out(Desk(books.database), shown(books, bowl))
    books.check()


@pytest.mark.parametrize("kind", [Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR])
@pytest.mark.parametrize("box", BOXES)
def test_the_rest_in_a_parcel_of_its_own_is_waited_for(books: Books, kind: Kind, box: str) -> None:
    """第一包开过了，另一包在路上：在途，不是待检；扫到了才待检。"""
    case, desk = two_cups(books, kind), Desk(books.database)
    Table(books).scan(BACK, *BOXES[box], "RCMDEND")
    assert f"retcli parcel expect {case} WAYBILL" in shown(books, case).next.splitlines()
    books.do(parcels.expect_by_hand, case, MORE)
    view = shown(books, case)
    assert view.stage == "in_transit"
    NextSteps._try(desk, view)
    Table(books).scan(MORE, "RCMDEND")
    assert shown(books, case).stage == "to_inspect"
    right = 2 if box in {"empty", "another's"} else 1
    Table(books).scan(MORE, "RCMDA", *["CUP"] * right, "RCMDEND")
    assert shown(books, case).stage in {"to_pay", "to_ship"}
    books.check()


@pytest.mark.parametrize("kind", [Kind.EXCHANGE, Kind.REPAIR])
def test_only_what_came_is_replaced(books: Books, kind: Kind) -> None:
    """换两件只回来一件：改成一件、再同意、只发一件。"""
    case, desk = two_cups(books, kind), Desk(books.database)
    Table(books).scan(BACK, "RCMDA", "CUP", "RCMDEND")
    change = f"retcli case change {case} --line CUP=1 --because TEXT"
    send_all = f"retcli case ship {case} --waybill WAYBILL"
    wait = f"retcli parcel expect {case} WAYBILL"
    assert shown(books, case).next.splitlines() == [change, send_all, wait]
    assert desk.type(*change.replace("TEXT", "少一件").split()[1:], by=MANAGER).code == 0
    view = shown(books, case)
    assert (view.stage, view.next.splitlines()[0]) == ("to_decide", f"retcli case approve {case}")
    assert run(desk, view.next.splitlines()[0]).code == 0
    books.do(decisions.approve, case, by=MANAGER)
    assert shown(books, case).stage == "to_ship"
    assert books.rows("SELECT sku, quantity, state FROM replacements WHERE state = 'due'") == [("CUP", 1, "due")]
    books.do(decisions.ship, case, waybill="SF1888888888888")
    books.check()


def test_pieces_that_wait_for_their_grade_are_no_empty_box(books: Books) -> None:
    case = two_cups(books, Kind.RETURN)
    table = Table(books)
    said = table.scan(BACK, "CUP", "RCMDEMPTY")[-1]
    assert (said.outcome, said.sound) == ("stop", "stop")
    assert "CUP×1" in said.message
    with pytest.raises(Refused, match="CUP×1") as refused:
        books.do(empty_boxes.inspect_empty, BACK)
    assert str(refused.value.hint).startswith("retcli parcel inspect PK")
    assert shown(books, case).stage == "to_inspect"
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'empty'") == 0
    assert table.outcomes("RCMDA", "CUP") == ["command", "inspected"]


def test_nothing_more_in_an_opened_box_changes_nothing(books: Books) -> None:
    case = two_cups(books, Kind.RETURN)
    said = Table(books).scan(BACK, "RCMDA", "CUP", "RCMDEMPTY")[-1]
    assert said.outcome == "duplicate"
    assert "CUP×1" in said.message
    with pytest.raises(Refused, match="CUP×1"):
        books.do(empty_boxes.inspect_empty, BACK)
    assert shown(books, case).stage == "goods_lacking"
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'empty'") == 0


def test_a_piece_that_turns_up_after_all_is_counted(books: Books) -> None:
    case = two_cups(books, Kind.RETURN)
    Table(books).scan(BACK, "RCMDEMPTY")
    assert Table(books).outcomes(BACK, "RCMDA", "CUP", "CUP")[2:] == ["inspected", "inspected"]
    assert shown(books, case).stage == "to_pay"
    assert stock(books) == {("CUP", "sellable"): 2}
    books.check()


def test_without_a_parcel_on_the_table_nothing_is_empty(books: Books) -> None:
    (said,) = Table(books).scan("RCMDEMPTY")
    assert (said.outcome, said.heading) == ("unknown", "nothing booked")


def test_behind_a_code_that_nobody_understood_no_box_is_empty(books: Books) -> None:
    case = two_cups(books, Kind.RETURN)
    said = Table(books).scan(BACK, "SF12345", "RCMDEMPTY")[-1]
    assert said.outcome == "stop"
    assert shown(books, case).stage == "to_inspect"
    assert Table(books).outcomes(BACK, "SF12345", BACK, "RCMDEMPTY")[-1] == "inspected"


def test_a_parcel_of_nobody_may_be_empty(books: Books) -> None:
    assert Table(books).outcomes(MORE, "RCMDEMPTY") == ["unclaimed", "inspected"]
    assert books.rows("SELECT state FROM parcels") == [("inspected",)]
    books.check()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--empty", "--item", "CUP=1:A"), 2),
        (("--empty", "--more"), 2),
        (("--empty", "--regrade"), 2),
        ((), 2),
        (("--empty",), 0),
    ],
)
def test_the_command_says_either_pieces_or_that_there_are_none(books: Books, words: tuple[str, ...], code: int) -> None:
    two_cups(books, Kind.RETURN)
    answer = Desk(books.database).type("parcel", "inspect", BACK, *words, by=WAREHOUSE)
    assert answer.code == code, answer


def test_the_reason_may_be_verified_by_an_empty_box(books: Books) -> None:
    case = two_cups(books, Kind.RETURN)
    Desk(books.database).read("parcel", "inspect", BACK, "--empty", "--reason", "L_EMPTY", by=WAREHOUSE)
    assert books.value("SELECT reason_verified FROM cases WHERE number = :case", case=case) == "L_EMPTY"


def test_money_that_was_out_before_an_empty_box_is_to_be_claimed_back(books: Books) -> None:
    """极速退款后来的是空包：16.00 待追回，列在已退款没收到货里。"""
    case = two_cups(books, Kind.RETURN)
    payout = books.do(payouts.refund, case, waive=["goods_first"], because="极速退款", by=MANAGER).number
    for move in ("send", "confirm"):
        books.do(payout_steps.step, payout, move, by=MANAGER)
    Table(books).scan(BACK, "RCMDEMPTY")
    told_of = books.do(today.today).without_goods
    assert (told_of.count, [money.minor for money in told_of.money]) == (1, [1600])
    view = shown(books, case)
    assert "retcli scan" not in view.next.splitlines()
    NextSteps._try(Desk(books.database), view)
    books.check()


@pytest.mark.parametrize("inside", ["CUP", "RCMDEMPTY"])
def test_no_refund_is_over_before_a_box_that_was_sent_for_it_is_opened(books: Books, inside: str) -> None:
    """签收后的仅退款 16.00 到账了，买家自己寄回一包还没拆：单子不结，先拆。"""
    books.order(ONE, ("CUP", 2, 1600))
    case = agreed_alone(books)
    Table(books).scan(MORE)
    books.do(parcels.match, MORE, case, because="寄件人留言", by=MANAGER)
    payout = books.do(payouts.refund, case, by=MANAGER).number
    books.do(payout_steps.step, payout, "confirm", by=MANAGER)
    view = shown(books, case)
    assert view.stage == "to_inspect"
    assert "retcli scan" in view.next.splitlines()
    with pytest.raises(Refused):
        books.do(decisions.finish, case)
    Table(books).scan(MORE, "RCMDA", inside)
    assert shown(books, case).stage == "to_finish"
    books.do(decisions.finish, case)
    books.check()


def agreed_alone(books: Books) -> str:
    case = books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
    books.do(decisions.approve, case, by=MANAGER)
    return case
