"""Amounts know their currency: every option that takes one, in currencies with two, no and three decimals."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from retcli.actions.cases import decisions, offers
from retcli.actions.imports import import_questions
from retcli.actions.money import payouts
from retcli.cli import app
from retcli.commands.asking import typed_amount
from retcli.errors import Refused, WrongCommand
from retcli.rules.lifecycles import Kind, PayoutState
from retcli.rules.money import payouts as rules
from retcli.rules.money.minor_units import Money, Typed
from tests.reports import questions, take_one
from tests.shopfloor import AGENT, FIXTURES, MANAGER, ORDER_NUMBER, Books
from tests.terminal import Desk

WRITTEN = {"CNY": ("12.34", 1234), "USD": ("12.34", 1234), "JPY": ("500", 500), "KWD": ("1.234", 1234)}
TOO_FINE = {"CNY": "12.345", "USD": "12.34500001", "JPY": "1.5", "KWD": "1.2345"}
SIGNED = {"CNY": "12.34元", "USD": "US$12.34", "JPY": "500円", "KWD": "KWD 1.234"}
FOREIGN = {
    "CNY": ("$1", "US$1", "1 USD", "HK$1", "€1", "RM1"),
    "USD": ("¥1", "￥1", "1元", "HK$1", "NT$1", "£1"),
    "JPY": ("1元", "$1", "₩1", "1块"),
    "KWD": ("￥1", "$1", "1美元"),
}
"""Amounts in the words of the order's own currency, and in those of others."""
WAIVED = ("--waive", "approval", "--because", "agreed with the buyer")

OPTIONS: dict[tuple[str, str], tuple[list[str], str]] = {
    ("case open", "--amount"): (
        ["case", "open", ORDER_NUMBER, "--kind", "allowance", "--reason", "Q_FUNC"], "SELECT MAX(asked) FROM cases"
    ),
    ("case approve", "--amount"): (["case", "approve", "CASE"], "SELECT asked FROM cases"),
    ("case change", "--amount"): (["case", "change", "CASE", "--because", "less"], "SELECT asked FROM cases"),
    ("case offer", "--amount"): (["case", "offer", "CASE", "--rung", "coupon"], "SELECT amount FROM offers"),
    ("case note", "--amount"): (["case", "note", "CASE", "as the buyer says"], "SELECT amount FROM notes"),
    ("pay refund", "--amount"): (["pay", "refund", "CASE", *WAIVED], "SELECT minor FROM payouts"),
    ("pay freight", "--amount"): (
        ["pay", "freight", "CASE", "--waive", "freight", *WAIVED], "SELECT minor FROM payouts"
    ),
    ("pay compensate", "--coupon"): (["pay", "compensate", "CASE", *WAIVED], "SELECT minor FROM payouts"),
    ("pay compensate", "--cash"): (["pay", "compensate", "CASE", *WAIVED], "SELECT minor FROM payouts"),
}  # fmt: skip
"""Each option that takes an amount of an order: a call that takes it, and what it leaves in the books."""
OF_THE_RULES = {("case approve", "--max"), ("pay refund", "--max")}
"""Options about cases of several orders: in the currency of the shop's own rules."""


def _amount_options(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from _amount_options(command.get_command(None, name), (*path, name))
    for parameter in command.params:
        takes = getattr(getattr(parameter.type, "func", None), "__name__", "") == typed_amount.__name__
        if takes or parameter.metavar in {"AMOUNT", "金额"}:
            yield " ".join(path), parameter.opts[0]


def test_every_option_that_takes_an_amount_has_its_row() -> None:
    assert set(_amount_options(typer.main.get_command(app))) == set(OPTIONS) | OF_THE_RULES


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """A terminal on books with staff."""
    sqlite_books.hire()
    return Desk(sqlite_books.database, sqlite_books.at)


def _with_case(desk: Desk, currency: str, option: tuple[str, str]) -> list[str]:
    """The words of a call on an order in a currency, its case opened and, for what is paid, approved."""
    desk.books.order(ORDER_NUMBER, ("SHIRT", 2, 90_000), currency=currency)
    words = OPTIONS[option][0]
    if "CASE" not in words:
        return [*words, option[1]]
    opened = desk.case("open", ORDER_NUMBER, "--kind", "refund-only", "--reason", "Q_FUNC")
    if option[0] == "pay refund":
        desk.case("approve", opened["number"])
    return [opened["number"] if word == "CASE" else word for word in words] + [option[1]]


@pytest.mark.parametrize("currency", WRITTEN)
@pytest.mark.parametrize("option", OPTIONS, ids=" ".join)
def test_an_amount_is_read_in_the_currency_of_its_order(desk: Desk, option: tuple[str, str], currency: str) -> None:
    words, (_written, minor) = _with_case(desk, currency, option), WRITTEN[currency]
    message = desk.refused(*words, TOO_FINE[currency], code=2)
    assert currency in message or "no amount of money" in message
    for foreign in FOREIGN[currency]:
        message = desk.refused(*words, foreign, code=2)
        assert f"{foreign} is written in another currency than {currency}" in message
    assert "no amount" in desk.refused(*words, "1 apple", code=2)
    desk.read(*words, SIGNED[currency])
    assert desk.books.value(OPTIONS[option][1]) == minor
    if "payouts" in OPTIONS[option][1]:
        assert desk.books.value("SELECT currency FROM payouts") == currency
    desk.books.check()


@pytest.mark.parametrize(
    ("currency", "shown"), [("CNY", "900.00"), ("USD", "900.00 USD"), ("JPY", "90000 JPY"), ("KWD", "90.000 KWD")]
)
def test_a_refusal_names_the_amounts_in_their_currency(desk: Desk, currency: str, shown: str) -> None:
    words = _with_case(desk, currency, ("pay refund", "--amount"))
    message = desk.refused(*words, "900001" if currency == "JPY" else "9000.01")
    assert f"the {shown} that may be paid now" in message
    opened = desk.case("open", ORDER_NUMBER, "--kind", "allowance", "--reason", "Q_FUNC")
    message = desk.refused("case", "approve", opened["number"], "--amount", "90001")
    assert f"{shown} is left of what was paid" in message or currency in message or currency == "CNY"


def unsent(currency: str) -> dict[str, Any]:
    """What an order is that was paid and not sent yet."""
    return {"currency": currency, "shipped": False, "signed_at": None}


def test_a_group_of_at_most_so_much_leaves_other_currencies_out(desk: Desk) -> None:
    """Nobody knows how much 100 JPY are in the currency of the rules."""
    for place, currency in enumerate(WRITTEN):
        number = desk.books.order(f"{ORDER_NUMBER[:-1]}{place}", ("SHIRT", 1, 100), **unsent(currency))
        desk.case("open", number, "--kind", "refund-only", "--reason", "B_MIND")
    group = desk.read("case", "approve", "--all-yes", "--max", "12.34", "--dry-run")
    assert [case["due"]["currency"] for case in group["cases"]] == ["CNY"]
    assert desk.read("case", "approve", "--all-yes", "--dry-run")["count"] == 4
    assert "at most 2 decimals" in desk.refused("case", "approve", "--all-yes", "--max", "12.345", "--yes", code=2)


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD", "IDR"])
def test_an_agent_lets_no_other_currency_go_alone(books: Books, currency: str) -> None:
    """The limit of 30.00 is in CNY; 30.00 USD is more, and nobody knows by how much."""
    books.hire()
    order = books.order(ORDER_NUMBER, ("SHIRT", 1, 9000), currency=currency)
    case = books.do(decisions.open_case, order, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
    books.do(decisions.approve, case)
    paid = books.do(payouts.refund, case, amount=1, by=AGENT)
    assert (paid.state, paid.money) == (PayoutState.WAITING, Money(1, currency))
    given = books.do(payouts.compensate, case, coupon=1, by=AGENT)
    assert (given.state, given.money) == (PayoutState.WAITING, Money(1, currency))
    points = books.do(payouts.compensate, case, points=3000, by=AGENT)
    assert points.state == PayoutState.DUE, "points are like fen"
    with pytest.raises(Refused, match=f"from 5.00 to 30.00, not .*{currency}"):
        books.do(offers.offer, case, "coupon", amount=Typed("30"), by=AGENT)
    assert books.do(payouts.refund, case, amount=2, by=MANAGER).state == PayoutState.DUE
    books.check()


def test_a_payout_in_another_currency_without_a_second_person_is_a_problem(
    sqlite_books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_books.hire()
    order = sqlite_books.order(ORDER_NUMBER, ("SHIRT", 1, 9000), currency="JPY")
    case = sqlite_books.do(decisions.open_case, order, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
    sqlite_books.do(decisions.approve, case)
    monkeypatch.setattr(rules, "within_limit", lambda *_: True)
    assert sqlite_books.do(payouts.refund, case, amount=1, by=AGENT).state == PayoutState.DUE
    with pytest.raises(AssertionError, match="above the limit without a second person"):
        sqlite_books.check()


def test_an_amount_that_is_typed_knows_no_units_of_its_own(sqlite_books: Books) -> None:
    sqlite_books.order(ORDER_NUMBER, ("SHIRT", 1, 9000), currency="JPY")
    for wrong in ("1.5", "-3", "3 apples"):
        with pytest.raises(WrongCommand, match="JPY: it has no decimals"):
            sqlite_books.do(
                decisions.open_case, ORDER_NUMBER, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=Typed(wrong)
            )


BARE = re.compile(r"(?<!--amount )(?<!--coupon )(?<!--cash )\b\d+\.\d{3}\b(?! KWD)|\b\d+\.\d{2}\b")
"""An amount with three decimals that names no currency, or one of another currency's decimals; one that is to be typed
is in the currency of its order.
"""
TOLD = (
    "order show ORDER", "order find 2850", "case show CASE", "case explain CASE", "case list", "case log CASE",
    "case approve CASE --amount 2000.5", "case change CASE --amount 2000.5 --because more", "case approve CASE",
    "case show CASE", "case explain CASE", "case list", "pay list", "pay refund CASE --amount 9000.5", "today",
    "pay refund CASE --amount 60.5", "pay list", "case show CASE", "case log CASE", "case offers CASE",
    "pay freight CASE --amount 1.5 --waive freight --because told", "pay compensate CASE --coupon 2.5",
    "pay refund CASE", "pay refund CASE --amount 99", "case show CASE", "pay list", "books check",
    "case open ORDER --kind refund-only --reason Q_FUNC", "case open ORDER --kind allowance --reason Q_FUNC --amount 9",
    "imports questions", "imports answer 1 --take",
)  # fmt: skip
"""What somebody types at an order of 90.000 KWD, one after the other, whether it is done or refused."""


def test_no_amount_abroad_is_told_without_its_currency(desk: Desk) -> None:
    desk.books.order(ORDER_NUMBER, ("SHIRT", 2, 90_000), currency="KWD")
    opened = desk.type("case", "open", ORDER_NUMBER, "--kind", "refund-only", "--reason", "Q_FUNC")
    told = {"case open": opened.out + opened.err}
    number = desk.books.value("SELECT number FROM cases")
    for call in TOLD:
        words = [{"CASE": number, "ORDER": ORDER_NUMBER}.get(word, word) for word in call.split()]
        answer = desk.type(*words)
        told[call] = answer.out + answer.err
    bare = {call: found for call, text in told.items() if (found := [x for x in text.splitlines() if BARE.search(x)])}
    assert not bare
    assert sum("90.000 KWD" in text for text in told.values()) > 8


def test_a_question_asks_in_the_currency_of_its_order(books: Books, tmp_path: Path) -> None:
    """5,000 yen are not 50.00; taken, they are 5,000 yen again."""
    head = (FIXTURES / "exports" / "shopify" / "orders.csv").read_text(encoding="utf-8").partition("\n")[0]
    known = {
        "Name": "#1001", "Financial Status": "paid", "Paid at": "2026-11-02 10:00:00 +0800", "Currency": "JPY",
        "Shipping": "0", "Total": "4000", "Lineitem quantity": "1", "Lineitem name": "Tee", "Lineitem price": "4000",
    }  # fmt: skip
    for n, total in enumerate(("4000", "5000")):
        row = known | {"Total": total}
        path = tmp_path / f"{n}.csv"
        path.write_text(f"{head}\n{','.join(row.get(name, '') for name in head.split(','))}\n", encoding="utf-8")
        take_one(books, path)
    assert ("#1001", "paid", "4000 JPY", "5000 JPY") in questions(books)
    number = books.value("SELECT id FROM import_questions WHERE field = 'paid'")
    books.do(import_questions.answer, number, "take", because="asked the buyer")
    assert books.value("SELECT paid FROM orders") == 5000
