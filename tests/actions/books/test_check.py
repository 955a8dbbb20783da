"""Each guard broken once: the oracle, the check of the books, or the guard behind it must notice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from retcli import transaction
from retcli.actions.cases import decisions, undone_decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.database import engine
from retcli.errors import Overdrawn, Refused, RetcliError
from retcli.rules import lifecycles
from retcli.rules.casefile import stages, windows
from retcli.rules.lifecycles import Kind, Lifecycle
from retcli.rules.money import minor_units
from retcli.rules.money import payouts as pay_rules
from retcli.transaction import opened
from tests.machine import ShopMachine
from tests.shopfloor import AGENT, MANAGER, NOON, OWNER, Books
from tests.twin import ORDERS, furnish

ONE_PIECE, THREE_PIECES, LATE = 0, 1, 2
"""Orders of the machine's shop: a single piece, three pieces for 100.00, signed for ten days ago."""


@pytest.fixture
def books(sqlite_books: Books) -> Books:
    furnish(sqlite_books)
    return sqlite_books


def problems(books: Books) -> set[int]:
    """The invariants that the check of the books finds broken."""
    from retcli.actions.books import check as actions

    with opened(books.asked(), writes=False) as shop:
        return {problem.invariant for problem in actions.check(shop).problems}


def execute(books: Books, *statements: str) -> None:
    """Works on the books behind the program's back."""
    with engine.engine(books.database).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


class Machine(ShopMachine):
    """The machine by hand: its steps called one after the other."""

    def __init__(self, books: Books, order: int) -> None:
        super().__init__()
        type(self).fresh = staticmethod(lambda: books)
        type(self).tally = Counter()
        self.begin(picked=[order], kinds=[])

    def ask(self, kind: str, reason: str = "B_7D", pieces: int = 0) -> None:
        line = len(self.orders[0].lines) - 1
        self.open_case(AGENT, 16 * line + self._residue(pieces, line), kind, reason, "one", "all", "", "")

    def _residue(self, pieces: int, line: int) -> int:
        """A pick whose remainder by three is the number of pieces."""
        return next(4 * n for n in range(3) if (16 * line + 4 * n) % 3 == pieces)

    def agree(self) -> None:
        self.approve(MANAGER, 4 * (len(self.oracle.docs) - 1), "all", "", "", "", apt=True)


def approved(books: Books, kind: Kind = Kind.REFUND_ONLY) -> str:
    """A case of the single piece, agreed to."""
    case = books.do(decisions.open_case, ORDERS[ONE_PIECE].number, kind=kind, reason="Q_FUNC")
    books.do(decisions.approve, case.number)
    return case.number


# the guard behind the code: triggers


def test_one_fen_too_much_is_refused_by_the_database_and_found_without_its_trigger(books: Books) -> None:
    books.do(payouts.refund, approved(books))
    line, order = books.rows("SELECT l.id, l.order_id FROM order_lines l WHERE l.cash = 9397 ORDER BY l.id")[0]
    part = f"(payout_id, order_id, line_id, purpose, minor) VALUES (1, {order}, {line}, 'goods', 1)"
    with pytest.raises(sa.exc.IntegrityError, match="overdrawn"):
        execute(books, f"INSERT INTO payout_parts {part}")
    execute(books, "DROP TRIGGER payout_parts_guard", f"INSERT INTO payout_parts {part}")
    assert {1, 3} <= problems(books)


def test_a_refund_paid_twice_is_stopped_by_the_trigger_and_found_without_it(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = approved(books)
    books.do(payouts.refund, number)
    monkeypatch.setattr(pay_rules, "payable", lambda kind, line, *, goods_first: line.cash)
    with pytest.raises(Overdrawn, match="more than"):
        books.do(payouts.refund, number)
    books.check()
    execute(books, "DROP TRIGGER payout_parts_guard")
    books.do(payouts.refund, number)
    assert 1 in problems(books)


def test_money_for_a_case_nobody_approved_is_stopped_by_the_trigger_and_found_without_it(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = books.do(decisions.open_case, ORDERS[ONE_PIECE].number, kind=Kind.RETURN, reason="B_7D")
    monkeypatch.setattr(payouts, "refuse_unapproved", lambda *_: None)
    with pytest.raises(Refused, match="not approved"):
        books.do(payouts.compensate, case.number, coupon=500)
    execute(books, "DROP TRIGGER payouts_guard")
    books.do(payouts.compensate, case.number, coupon=500)
    assert problems(books) == {6}


def test_history_changed_behind_a_dropped_trigger_is_found(books: Books) -> None:
    approved(books)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        execute(books, "UPDATE events SET operator = '别人' WHERE seq = 3")
    execute(books, "DROP TRIGGER events_no_update", "UPDATE events SET operator = '别人' WHERE seq = 3")
    assert 8 in problems(books)


def test_a_cut_tail_of_the_history_is_found(books: Books) -> None:
    approved(books)
    execute(books, "DROP TRIGGER events_no_delete", "DELETE FROM events WHERE seq = (SELECT MAX(seq) FROM events)")
    assert 8 in problems(books)


# rules that say yes too often


def test_pieces_drawn_twice_are_noticed(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(books, ONE_PIECE)
    machine.ask("return")
    monkeypatch.setattr(decisions, "draw_units", lambda *_: None)
    with pytest.raises(AssertionError, match="accepted although it must be refused: pieces"):
        machine.ask("exchange")


def test_an_approval_after_a_refusal_that_draws_no_pieces_is_noticed(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(books, ONE_PIECE)
    machine.ask("return")
    machine.turn_away(OWNER, 0, "why", "", takes_back=False)
    monkeypatch.setattr(decisions, "draw_units", lambda *_: None)
    with pytest.raises(AssertionError, match="pieces"):
        machine.agree()


def test_rounding_down_instead_of_half_up_is_noticed(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(books, THREE_PIECES)
    machine.ask("return", pieces=2)
    monkeypatch.setattr(minor_units, "up_to", lambda total, count, of: total * count // of)
    with pytest.raises(AssertionError):
        machine.agree()


def test_a_window_that_never_closes_is_noticed(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(books, LATE)
    machine.ask("return")
    monkeypatch.setattr(windows, "window_closes", lambda signed_at, days=7: signed_at + timedelta(days=days + 90))
    with pytest.raises(AssertionError, match="accepted although it must be refused: a rule says no"):
        machine.approve(MANAGER, 0, "all", "", "", "", apt=False)


def test_money_before_the_goods_is_noticed(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(books, ONE_PIECE)
    machine.ask("return")
    machine.agree()
    monkeypatch.setattr(pay_rules, "findings", lambda *_, **__: [])
    with pytest.raises(AssertionError, match="accepted although it must be refused: the goods first"):
        machine.refund(MANAGER, 0, "all", "", "", "")


def test_a_limit_that_nobody_keeps_is_found(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    number = approved(books)
    monkeypatch.setattr(pay_rules, "within_limit", lambda *_: True)
    assert books.do(payouts.refund, number, by=AGENT).state == "due"
    assert problems(books) == {6}


def test_a_step_that_the_table_does_not_have_is_found(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    number = approved(books)
    payout = books.do(payouts.refund, number)
    books.do(payout_steps.step, payout.number, "send")
    with monkeypatch.context() as broken:
        broken.setattr(Lifecycle, "after", lambda self, status, move: {"send": "due"}.get(move, "confirmed"))
        books.do(payout_steps.step, payout.number, "send")
    assert problems(books) == {5}


def test_a_status_changed_behind_the_events_is_found(books: Books) -> None:
    approved(books)
    execute(books, "UPDATE cases SET decision = 'withdrawn'")
    assert 5 in problems(books)


def test_a_case_finished_with_money_on_its_way_is_found(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    number = approved(books)
    books.do(payouts.refund, number)
    monkeypatch.setattr(stages, "still_open", lambda _axes: [])
    books.do(decisions.finish, number)
    assert problems(books) == {7}


def test_a_refusal_that_gives_nothing_back_is_found(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    number = approved(books)
    monkeypatch.setattr(undone_decisions, "release", lambda *_, **__: None)
    books.do(decisions.reject, number, because="why")
    assert 3 in problems(books)


def test_a_piece_too_many_on_the_shelf_is_found(books: Books) -> None:
    number = approved(books, Kind.EXCHANGE)
    books.do(parcels.expect_by_hand, number, "YT5260493176849")
    books.do(inspection.inspect, number, [inspection.parse_item("TS-L=1:A")])
    assert not problems(books)
    execute(books, "UPDATE stock_balances SET quantity = quantity + 1 WHERE bucket = 'sellable'")
    assert problems(books) == {4}


def test_import_counts_that_do_not_add_up_are_found(books: Books) -> None:
    columns = "sha256, name, format, holds, platform, shop, state, progress, rows, added, changed, unchanged, refused"
    values = "'x', 'x.csv', 'x', 'orders', 'taobao', '', 'done', '', 3, 1, 0, 1, 0"
    execute(
        books, f"INSERT INTO imports ({columns}, started_at, by) VALUES ({values}, '{NOON:%Y-%m-%d %H:%M:%S}', 'x')"
    )
    assert problems(books) == {9, 13}, "nor does an event tell of that import"


def test_an_operation_key_that_is_forgotten_is_noticed(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    number = approved(books)
    books.do(payouts.compensate, number, coupon=500, key="K1")
    assert books.do_again(payouts.compensate, number, coupon=500, key="K1")
    monkeypatch.setattr(transaction, "_claim", lambda *_: None)
    with pytest.raises(AssertionError, match="a second time"):
        books.do_again(payouts.compensate, number, coupon=500, key="K1")


def test_a_stale_screen_is_refused_and_without_the_version_it_is_not(books: Books) -> None:
    """Two people decide on the same case at once: the second one's update must find nothing."""
    case = books.do(decisions.open_case, ORDERS[ONE_PIECE].number, kind=Kind.RETURN, reason="B_7D")
    execute(books, "UPDATE cases SET version = version + 1")
    from retcli.models import Case

    with pytest.raises(RetcliError, match="somebody else"), opened(books.asked()) as shop:
        row = shop.session.scalars(sa.select(Case)).one()
        execute_inside = sa.text("UPDATE cases SET version = version + 1")
        shop.session.connection().execute(execute_inside)
        shop.move(row, case.number, lifecycles.DECISION, "approve")


def test_without_a_broken_guard_nothing_is_found(books: Books) -> None:
    books.do(payouts.refund, approved(books))
    assert not problems(books)
