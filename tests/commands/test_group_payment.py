"""`pay refund --all-due`: one table, one question, each through the same door as one alone."""

from typing import Any

import pytest

from retcli import actions
from retcli.actions.cases import decisions
from retcli.actions.money import payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.commands.terminal.one_by_one import one_by_one
from retcli.errors import NotFound, StorageTrouble
from retcli.rules.lifecycles import Kind
from tests.shopfloor import AGENT, FINANCE, MANAGER, WAREHOUSE, Books
from tests.terminal import Desk

AMOUNTS = (2000, 1000, 1, 4000)
"""Price cuts agreed to, in fen: the first three on one order, the last on another."""


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """Four price cuts that a manager agreed to and whose refunds nobody has decided, and one that is undecided."""
    books = sqlite_books
    books.hire()
    for n, cash in enumerate(AMOUNTS[:1] + AMOUNTS[3:], 1):
        books.order(f"285000000000000000{n}", ("TS-M", 1, cash), ("TS-L", 1, 9000), ("TS-S", 1, 9000))
    for minor, order in zip((*AMOUNTS, 500), (1, 1, 1, 2, 2), strict=True):
        case = books.do(decisions.open_case, f"285000000000000000{order}", kind=Kind.ALLOWANCE, reason="Q_LOOK",
                        amount=minor)  # fmt: skip
        if minor != 500:
            books.do(decisions.approve, case.number, by=MANAGER)
    return Desk(books.database, by=AGENT)


def out(desk: Desk) -> list[tuple[int, str]]:
    """Amount and state of every payout."""
    return [tuple(row) for row in desk.books.rows("SELECT minor, state FROM payouts ORDER BY id")]


def test_one_table_and_each_limit_counted_one_after_another(desk: Desk) -> None:
    """20.00 and 10.00 are the agent's 30.00 on that order: the fen more waits, and so do 40.00 on the other one."""
    table = desk.read("pay", "refund", "--all-due", "--dry-run")
    assert [(each["case"][-1], each["money"]["minor"]) for each in table["payments"]] == [
        ("1", 2000), ("2", 1000), ("3", 1), ("4", 4000),
    ]  # fmt: skip
    assert (table["count"], table["stopped"]) == (4, [])
    assert [(total["currency"], total["minor"]) for total in table["money"]] == [("CNY", 7001)]
    assert "4 refunds, 70.01 in all" in desk.type("pay", "refund", "--all-due", "--dry-run").out
    assert desk.refused("pay", "refund", "--all-due", code=2) == "There is nobody to ask"
    assert out(desk) == []
    done = desk.read("pay", "refund", "--all-due", "--yes", code=3)
    assert out(desk) == [(2000, "due"), (1000, "due"), (1, "waiting"), (4000, "waiting")]
    assert [(each["state"], each["money"]["minor"]) for each in done["payouts"]] == [
        ("due", 2000), ("due", 1000), ("waiting", 1), ("waiting", 4000),
    ]  # fmt: skip
    assert [done[name][0]["minor"] for name in ("money", "waiting")] == [3000, 4001]
    assert done["skipped"] == []
    again = desk.type("pay", "refund", "--all-due", "--yes")
    assert (again.code, "No refund is to be decided" in again.out) == (0, True)
    desk.books.check()


def test_a_person_is_told_what_waits_and_by_whom_it_is_signed(desk: Desk) -> None:
    told = desk.type("pay", "refund", "--all-due", "--yes").out
    assert "2 due, 30.00" in told
    assert "2 wait for a second person, 40.01:" in told
    waits = desk.books.value("SELECT number FROM payouts WHERE state = 'waiting' ORDER BY id")
    assert f"retcli pay approve {waits}" in told


def test_one_currency_is_never_added_to_another(desk: Desk) -> None:
    desk.books.order("9001", ("TS-M", 1, 5000), currency="USD")
    case = desk.books.do(decisions.open_case, "9001", kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=700)
    desk.books.do(decisions.approve, case.number)
    table = desk.read("pay", "refund", "--all-due", "--dry-run", by=MANAGER)
    assert [(total["currency"], total["minor"]) for total in table["money"]] == [("CNY", 7001), ("USD", 700)]
    assert desk.read("pay", "refund", "--all-due", "--dry-run", "--max", "10")["count"] == 2
    assert desk.read("pay", "refund", "--all-due", "--dry-run", "--kind", "return")["count"] == 0


@pytest.mark.parametrize(("who", "code"), [(MANAGER, 0), (AGENT, 3), (FINANCE, 3), (WAREHOUSE, 5)])
def test_who_may_pay_one_may_pay_all(desk: Desk, who: str, code: int) -> None:
    answer = desk.type("pay", "refund", "--all-due", "--yes", by=who)
    assert answer.code == code, answer
    due = {MANAGER: 4, AGENT: 2, FINANCE: 0, WAREHOUSE: 0}[who]
    assert [state for _minor, state in out(desk)].count("due") == due


def failing(monkeypatch: pytest.MonkeyPatch, at: int, broken: BaseException) -> None:
    """The refund number `at` of the group fails when it is really decided."""
    pay, calls = actions.money.group_payment.refund_seen, iter(range(1, 100))

    def breaking(shop: Any, seen: Any) -> Any:
        if not shop.session.in_nested_transaction() and next(calls) == at:
            raise broken
        return pay(shop, seen)

    monkeypatch.setattr(actions.money.group_payment, "refund_seen", breaking)


def test_what_is_paid_meanwhile_is_passed_over_and_the_others_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = one_by_one

    def meanwhile(call: Any, table: Any, *how: Any) -> Any:
        desk.books.do(payouts.refund, table.seen[1].number, by=MANAGER)
        return real(call, table, *how)

    monkeypatch.setattr("retcli.commands.payouts.one_by_one", meanwhile)
    done = desk.read("pay", "refund", "--all-due", "--yes", by=MANAGER, code=3)
    assert [each["money"]["minor"] for each in done["payouts"]] == [2000, 1, 4000]
    assert [(each["case"][-1], "was shown" in each["why"]) for each in done["skipped"]] == [("2", True)]
    desk.books.check()


def test_the_platforms_word_stops_its_order_and_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stopped is named with why and the way out; the rest is paid."""
    stopped = desk.books.value("SELECT number FROM cases WHERE id = 1")
    real = actions.casefile.records.stopping.stopped
    monkeypatch.setattr(
        actions.casefile.records.stopping, "stopped", lambda shop, case: "7" if case.id == 1 else real(shop, case)
    )
    table = desk.read("pay", "refund", "--all-due", "--dry-run", by=MANAGER, code=3)
    ((case, why, hint),) = ((each["case"], each["why"], each["hint"]) for each in table["stopped"])
    assert (case, "nothing else of it leaves" in why, "imports answer 7" in hint) == (stopped, True, True)
    assert table["count"] == 3
    done = desk.read("pay", "refund", "--all-due", "--yes", by=MANAGER, code=3)
    assert (len(done["payouts"]), [(each["case"], each["why"]) for each in done["skipped"]]) == (3, [(case, why)])
    assert "1 are stopped:" in desk.type("pay", "refund", "--all-due", "--dry-run", by=MANAGER).out


@pytest.mark.parametrize(
    ("broken", "code"), [(StorageTrouble("The disk is full", ""), 7), (NotFound("gone"), 4), (KeyboardInterrupt(), 130)]
)
def test_a_group_that_breaks_says_what_was_decided_and_what_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, broken: BaseException, code: int
) -> None:
    failing(monkeypatch, 3, broken)
    done = desk.read("pay", "refund", "--all-due", "--yes", by=MANAGER, code=code)
    assert [each["money"]["minor"] for each in done["payouts"]] == [2000, 1000]
    assert [each["case"][-1] for each in (*done["uncertain"], *done["left"])] == ["3", "4"]
    assert out(desk) == [(2000, "due"), (1000, "due")]
    told = desk.type("pay", "refund", "--all-due", "--yes", by=MANAGER).out
    assert "2 due, 40.01" in told, "the next call takes the rest"


def test_options_of_one_and_of_all_are_not_mixed(desk: Desk) -> None:
    for words in (
        (),
        ("1", "--all-due"),
        ("1", "--yes"),
        ("1", "--max", "3"),
        ("--all-due", "--amount", "3"),
        ("--all-due", "--key", "k"),
        ("--all-due", "--waive", "approval", "--because", "x"),
    ):
        assert desk.refused("pay", "refund", *words, code=2)


def test_goods_that_a_person_must_look_at_are_left_out_of_the_group(sqlite_books: Books) -> None:
    """七天无理由退回的判了报废 D：转人工，不跟着一起打款；单独打款要自己看过再定。"""
    books = sqlite_books
    books.hire()
    for n, grade in enumerate("AD", 1):
        books.order(f"285000000000000000{n}", ("TS-M", 1, 5990))
        case = books.do(decisions.open_case, f"285000000000000000{n}", kind=Kind.RETURN, reason="B_7D").number
        books.do(decisions.approve, case, by=MANAGER)
        books.do(parcels.expect_by_hand, case, f"SF162004117336{n}")
        books.do(inspection.inspect, f"SF162004117336{n}", [inspection.parse_item(f"TS-M=1:{grade}")], by=WAREHOUSE)
    desk = Desk(books.database, by=MANAGER)
    table = desk.read("pay", "refund", "--all-due", "--dry-run", code=3)
    assert [each["case"][-1] for each in table["payments"]] == ["1"]
    assert [(each["case"][-1], each["hint"]) for each in table["stopped"]] == [("2", f"retcli case show {case}")]
    desk.read("pay", "refund", "--all-due", "--yes", code=3)
    assert out(desk) == [(5990, "due")]
    desk.pay("refund", case)
    assert len(out(desk)) == 2
