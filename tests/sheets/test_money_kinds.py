"""A payout is called by one word wherever it is shown: in the sheets, in lists, in answers, in the case's account."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.cases.disputes import evidence_pack
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind, PayoutState
from retcli.sheets.writer import Sheet
from retcli.views.base import View
from retcli.views.screen import Terminal
from tests.reports import Folder
from tests.sheets.test_beyond import paid_there
from tests.shopfloor import Books
from tests.workbooks import cells, workbook


@dataclass(frozen=True)
class Paid:
    """Payouts of a case, by number, with the word that each is to have."""

    case: str
    words: dict[str, str]


def by_hand(books: Books, kind: Kind, **options: Any) -> str:
    """A case that was opened by hand and agreed to; a return's goods need not come back."""
    order = books.order("2850000000000000701", ("CUP", 1, 10000))
    number = str(books.do(decisions.open_case, order, kind=kind, reason="Q_FUNC", **options).number)
    waived: dict[str, Any] = {"waive": ["goods_back"], "because": "x"} if kind == Kind.RETURN else {}
    books.do(decisions.approve, number, **waived)
    return number


def moved(books: Books, number: str, *moves: str) -> str:
    """A payout after some steps."""
    for move in moves:
        books.do(payout_steps.step, number, move)
    return number


def all_moved(books: Books, words: dict[str, str]) -> dict[str, str]:
    """The payouts, each of which has arrived."""
    return {moved(books, number, "send", "confirm"): word for number, word in words.items()}


def refund(books: Books, _folder: Folder) -> Paid:
    case = by_hand(books, Kind.REFUND_ONLY)
    return Paid(case, {moved(books, books.do(payouts.refund, case).number, "send", "confirm"): "refund"})


def price_cut(books: Books, _folder: Folder) -> Paid:
    case = by_hand(books, Kind.ALLOWANCE, amount=1500)
    return Paid(case, {moved(books, books.do(payouts.refund, case).number, "send", "confirm"): "compensation"})


def price_cut_due(books: Books, _folder: Folder) -> Paid:
    case = by_hand(books, Kind.ALLOWANCE, amount=1500)
    return Paid(case, {books.do(payouts.refund, case).number: "compensation"})


def price_cut_taken_back(books: Books, folder: Folder) -> Paid:
    paid = price_cut(books, folder)
    back = books.do(payout_steps.reverse, next(iter(paid.words)), because="x").number
    return Paid(paid.case, paid.words | {back: "compensation"})


def price_cut_there(books: Books, folder: Folder) -> Paid:
    """Agreed to here, and paid by the platform's own route."""
    paid_there(books, folder, 7900, 7900)
    return Paid(case_of(books), dict.fromkeys(numbers(books), "compensation"))


def on_top(books: Books, _folder: Folder) -> Paid:
    case = by_hand(books, Kind.REFUND_ONLY)
    cash = books.do(payouts.compensate, case, cash=800, waive=["beyond_price"], because="退一赔三").number
    coupon = books.do(payouts.compensate, case, coupon=500).number
    refunded = books.do(payouts.refund, case).number
    return Paid(case, all_moved(books, {cash: "compensation", coupon: "compensation", refunded: "refund"}))


def way_back(books: Books, _folder: Folder) -> Paid:
    case = by_hand(books, Kind.RETURN)
    repaid = books.do(payouts.freight_back, case, 1200).number
    refunded = books.do(payouts.refund, case, waive=["goods_first"], because="x").number
    return Paid(case, all_moved(books, {repaid: "freight", refunded: "refund"}))


def all_beyond(books: Books, folder: Folder) -> Paid:
    """100.00 agreed to, 130.00 paid there: the 30.00 are a payout of their own."""
    paid_there(books, folder, 13000, 10000)
    ours, theirs = numbers(books)
    return Paid(case_of(books), {ours: "refund", theirs: "beyond the order"})


def partly_beyond(books: Books, folder: Folder) -> Paid:
    """Nobody agreed, 130.00 paid there: one payout, of which 30.00 are beyond the order."""
    paid_there(books, folder, 13000)
    return Paid(case_of(books), dict.fromkeys(numbers(books), "refund"))


def numbers(books: Books) -> list[str]:
    return [str(row[0]) for row in books.rows("SELECT number FROM payouts WHERE state <> 'failed' ORDER BY id")]


def case_of(books: Books) -> str:
    return str(books.value("SELECT number FROM cases"))


MAKERS = (
    *(refund, price_cut, price_cut_due, price_cut_taken_back, price_cut_there),
    *(on_top, way_back, all_beyond, partly_beyond),
)


WORDS = {"refund": "退款", "compensation": "补偿", "freight": "运费", "beyond the order": "超出订单实付"}
"""The words that payouts are called by, with those of the text for the platform."""


def by_number(sheet: Sheet) -> dict[str, str]:
    return dict(cells(sheet, "Payout no.", "Money kind"))


def on_screen(view: View) -> dict[str, str]:
    """The word of each payout that a view shows, by number; the line names no other word for one."""
    stream = io.StringIO()
    view.draw(Terminal(stream))
    told: dict[str, str] = {}
    for line in stream.getvalue().splitlines():
        if line.startswith("PO"):
            told[line.split()[0].rstrip(":")] = ", ".join(word for word in WORDS if word in line)
    return told


def places(books: Books) -> Iterator[tuple[str, dict[str, str]]]:
    """Each place that shows payouts one by one, with the word of each payout by its number."""
    sheets = workbook(books)
    yield "details", by_number(sheets["Details"])
    yield "transfers", by_number(sheets["Transfers"])
    for state in PayoutState:
        listed = books.do(payouts.list_payouts, state=state)
        yield f"pay list {state}", on_screen(listed) if listed.payouts else {}
        for each in listed.payouts:
            yield "the answer about one", on_screen(each)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_payout_has_one_word_in_every_place(books: Books, folder: Folder, make: Any) -> None:
    paid = make(books, folder)
    shown = set[str]()
    for place, words in places(books):
        mine = {number: word for number, word in words.items() if number in paid.words}
        assert mine == {number: paid.words[number] for number in mine}, place
        shown |= set(mine)
    assert shown == set(paid.words)
    in_summary = {row[0] for row in cells(workbook(books)["Summary"], "Money kind")}
    parts = {"beyond the order"} if make is partly_beyond else set[str]()
    arrived = {} if make is price_cut_due else paid.words
    assert in_summary == set(arrived.values()) | parts
    compensations = {row[0] for row in cells(workbook(books)["Compensation"], "Payout no.")}
    assert compensations == {number for number, word in arrived.items() if word == "compensation"}


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_the_text_for_the_platform_calls_it_so_too(books: Books, folder: Folder, tmp_path: Path, make: Any) -> None:
    """What was taken back, or has not arrived, is not told."""
    paid = make(books, folder)
    text = evidence_pack.pack(books.asked(), paid.case, folder=tmp_path / "pack").text
    told = re.findall(r"^\S+ \S+  (\S+) [\d.]+ 已到账", text, re.MULTILINE)
    here = {str(row[0]) for row in books.rows(ARRIVED)}
    assert sorted(told) == sorted(WORDS[word] for number, word in paid.words.items() if number in here)


ARRIVED = "SELECT number FROM payouts WHERE state = 'confirmed' AND reverses_id IS NULL"
