"""A refusal names the way out: the lawful part of what was asked as a command, the case that something stands in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import retcli
from retcli.actions.cases import decisions
from retcli.actions.money import payouts
from retcli.rules.lifecycles import Kind
from tests.next_steps import run
from tests.shopfloor import AGENT, FINANCE, MANAGER, ORDER_NUMBER
from tests.terminal import Desk
from tests.test_language import catalogue


def refusal(desk: Desk, *words: str, by: str = "") -> tuple[str, str]:
    """The message of a refusal, and its way out."""
    error = desk.read(*words, by=by, code=5)["error"]
    return error["message"], error["hint"]


def test_more_than_is_left_is_answered_with_what_is_left(desk: Desk) -> None:
    """193.97 paid; 150.00 given on one case; of 60.00 asked on another only 43.97 is left of what was paid."""
    order = desk.books.order("2850000000000000077", ("TS-L", 1, 19397))
    first = desk.books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=15000).number
    desk.books.do(decisions.approve, first)
    second = desk.books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=1000).number
    _message, hint = refusal(desk, "case", "approve", second, "--amount", "60.00")
    assert hint == f"retcli case approve {second} --amount 43.97"
    assert desk.type(*hint.split()[1:]).code == 0


def test_more_than_was_paid_is_answered_with_what_is_left_of_it(desk: Desk) -> None:
    order = desk.books.order("2850000000000000078", ("TS-L", 1, 5000), currency="JPY")
    case = desk.books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=1000).number
    message, hint = refusal(desk, "case", "approve", case, "--amount", "6000")
    assert "6000 JPY asked for, 5000 JPY is left of what was paid" in message
    assert hint == f"retcli case approve {case} --amount 5000"
    assert desk.type(*hint.split()[1:]).code == 0


def test_a_refund_above_what_is_due_is_answered_with_what_is_due(desk: Desk) -> None:
    case = desk.books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=1000).number
    desk.books.do(decisions.approve, case)
    _message, hint = refusal(desk, "pay", "refund", case, "--amount", "10.01")
    assert hint == f"retcli pay refund {case} --amount 10.00"
    assert desk.type(*hint.split()[1:]).code == 0


def test_an_agent_is_told_what_an_agent_may_offer(desk: Desk) -> None:
    case = desk.books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="Q_FUNC", by=AGENT).number
    _message, hint = refusal(desk, "case", "offer", case, "--rung", "coupon", "--amount", "100", by=AGENT)
    command, _or, manager = hint.partition("; or leave it to the manager: ")
    assert command == f"retcli case offer {case} --rung coupon --amount 30.00"
    assert manager == f"retcli case assign {case} --to NAME"
    assert desk.type(*command.split()[1:], by=AGENT).code == 0


def test_what_cannot_follow_names_its_case(desk: Desk) -> None:
    """A payout approved twice: its case shows where it stands."""
    case = desk.books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.EXCHANGE, reason="Q_FUNC").number
    desk.books.do(decisions.approve, case)
    payout = desk.books.do(payouts.compensate, case, cash=5000, by=FINANCE).number
    assert desk.type("pay", "approve", payout, by=MANAGER).code == 0
    assert refusal(desk, "pay", "approve", payout, by=MANAGER)[1] == f"retcli case show {case}"


@pytest.mark.parametrize("words", [["case", "reject"], ["case", "change", "--reason", "Q_LOOK"]])
def test_a_reason_that_lacks_is_added_to_what_was_typed(desk: Desk, words: list[str]) -> None:
    case = desk.books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="Q_FUNC").number
    hint = desk.read(*words, case, "--because", " ", code=2)["error"]["hint"]
    assert hint.endswith(f"{' '.join(words)} {case} --because TEXT")
    assert "…" not in hint


@pytest.mark.parametrize(("currency", "method"), [("CNY", "小额打款"), ("JPY", "转账给买家")])
def test_a_small_transfer_is_a_way_of_the_chinese_platforms(desk: Desk, currency: str, method: str) -> None:
    order = desk.books.order("2850000000000000079", ("TS-L", 1, 5000), currency=currency)
    case = desk.books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=1000).number
    desk.books.do(decisions.approve, case)
    desk.books.do(payouts.refund, case)
    shown = desk.type("--lang", "zh", "pay", "list").out + desk.type("--lang", "zh", "case", "show", case).out
    assert method in shown
    assert ("小额打款" in shown) == (currency == "CNY"), shown


def test_the_smaller_of_the_caps_of_lines_and_order_is_said(desk: Desk) -> None:
    """30.00 went back there of no certain line: each line has its 50.00 by itself, both together 70.00."""
    lines = (("TS-L", 1, 5000), ("TS-M", 1, 5000))
    order = desk.books.order("2850000000000000080", *lines, refunded_there=3000)
    assert "Of the whole order 70.00 is left: that binds" in desk.type("order", "show", order).out
    whole = desk.books.order("2850000000000000081", *lines)
    assert "that binds" not in desk.type("order", "show", whole).out


def texts() -> Iterator[str]:
    """Every text of the source, and of the catalogue."""
    for path in sorted(Path(retcli.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for message in catalogue("retcli"):
        yield from (str(message.id), str(message.string))


def test_two_commands_never_stand_in_one_line() -> None:
    """Typed together they are one wrong command, and a bar between two values is a pipe."""
    joined = re.compile(r"retcli [^，。；\n]* [/|] (?:retcli|--)| [/|] retcli ")
    assert [text for text in texts() if joined.search(text)] == []


def test_a_name_of_several_cases_is_answered_with_the_command_for_each(desk: Desk) -> None:
    """The order has two cases: what was typed is typed anew for either, its other words kept."""
    first = desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    second = desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-M")["number"]
    error = desk.read("case", "reject", ORDER_NUMBER, "--because", "已 洗过", code=2)["error"]
    assert [line.partition(" case ")[2] for line in error["hint"].splitlines()] == [
        f"reject {first} --because '已 洗过'",
        f"reject {second} --because '已 洗过'",
    ]
    told = desk.type("case", "reject", ORDER_NUMBER, "--because", "x").err
    assert sum(line.startswith("Try: ") for line in told.splitlines()) == 2


def test_the_commands_of_findings_stand_below_them_and_work(desk: Desk) -> None:
    """Goods on their way that the buyer does not want: intercepted first, then only waited for."""
    order = desk.books.order("2850000000000000091", ("TS-L", 1, 5000), signed_at=None)
    for reason in ("B_MIND", "L_LOST"):
        case = desk.case("open", order, "--kind", "refund-only", "--reason", reason)["number"]
        command = f"retcli parcel intercept {case}"
        for look in (("case", "show"), ("case", "explain")):
            lines = [line.strip() for line in desk.type(*look, case).out.splitlines()]
            assert lines.count(command) == 1, lines
        assert desk.type(*command.split()[1:]).code == 0
        for look in (("case", "show"), ("case", "explain")):
            assert "intercepted" not in desk.type(*look, case).out
        desk.case("withdraw", case)


def test_what_an_exchange_is_to_bring_is_asked_with_its_case_and_its_goods(desk: Desk) -> None:
    desk.books.product("TS-NEW")
    case = desk.case("open", ORDER_NUMBER, "--kind", "exchange", "--reason", "SZ_FIT", "--line", "TS-L")["number"]
    (finding,) = (f for f in desk.case("show", case)["findings"] if f["rule"] == "target")
    assert finding["commands"] == [f"retcli case change {case} --want TS-L=TARGET --because TEXT"]
    assert run(desk, finding["commands"][0]).code == 0
