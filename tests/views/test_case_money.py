"""Due, sent and arrived are three numbers wherever a case is shown: alone, in a list, and where it is explained."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len

from retcli.actions.cases import case_cards, decisions, queue
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.views.base import Column
from retcli.views.screen import Terminal, within
from tests.shopfloor import AGENT, MANAGER, Books

NUMBER = "2850000000000000801"


def refunded(books: Books, *steps: str, by: str = MANAGER) -> str:
    """A price cut of 208.00 on an order of 500.00: agreed to, paid out, and taken on by steps."""
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 50000))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=20800).number
    books.do(decisions.approve, case, by=MANAGER)
    payout = books.do(payouts.refund, case, by=by).number
    for step in steps:
        books.do(payout_steps.step, payout, step, by=MANAGER)
    return case


def told(document: dict[str, Any]) -> tuple[int, ...]:
    """Due, waiting, to be sent, sent, arrived, in fen."""
    return tuple(document[name]["minor"] for name in ("due", "waiting", "to_send", "sent", "paid"))


@pytest.mark.parametrize(
    ("steps", "by", "three"),
    [
        ((), AGENT, (20800, 20800, 0, 0, 0)),
        ((), MANAGER, (20800, 0, 20800, 0, 0)),
        (("send",), MANAGER, (20800, 0, 0, 20800, 0)),
        (("send", "lose"), MANAGER, (20800, 0, 0, 20800, 0)),
        (("send", "confirm"), MANAGER, (20800, 0, 0, 0, 20800)),
    ],
)
def test_the_three_numbers_are_the_same_everywhere(
    books: Books, steps: tuple[str, ...], by: str, three: tuple[int, ...]
) -> None:
    case = refunded(books, *steps, by=by)
    assert told(books.do(case_cards.show, case).document()["case"]) == three
    assert told(books.do(case_cards.explain, case).document()) == three
    listed = books.do(queue.list_cases, stage="finished" if "confirm" in steps else "").document()
    assert [told(each) for each in listed["cases"]] == [three]


def test_the_list_shows_them_where_there_is_room(
    books: Books, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refunded(books, "send")
    view = books.do(queue.list_cases)
    view.draw(Terminal())
    heading, _rule, row = capsys.readouterr().out.splitlines()
    assert heading.split()[-5:] == ["Due", "Paid", "out", "Arrived", "By"]
    assert row.split()[-4:] == ["208.00", "208.00", "-", "-"], "and what was sent has no deadline"
    monkeypatch.setenv("RETCLI_WIDTH", "70")
    view.draw(Terminal())
    heading = capsys.readouterr().out.splitlines()[0]
    assert heading.split()[-2:] == ["Due", "By"]


def test_explaining_tells_how_far_the_money_has_come(books: Books, capsys: pytest.CaptureFixture[str]) -> None:
    case = refunded(books)
    books.do(case_cards.explain, case).draw(Terminal())
    assert "Money: 208.00 due, 208.00 to be sent" in capsys.readouterr().out


def test_spare_columns_are_left_out_from_the_last_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Widths 4, 6 and 5 with three cells between: 21 for all, 13 without the last, 4 without both."""
    columns = [Column("case"), Column("amount", spare=True), Column("later", spare=True)]
    rows = [("退款", "1", "2")]
    kept = {width: [column.title for column in within(width, columns, rows)[0]] for width in (21, 20, 13, 12, 1)}
    assert kept == {21: ["case", "amount", "later"], 20: ["case", "amount"], 13: ["case", "amount"], 12: ["case"],
                    1: ["case"]}  # fmt: skip
    assert within(20, columns, rows)[1] == [["退款", "1"]]
    for width in (21, 20):
        monkeypatch.setenv("RETCLI_WIDTH", str(width))
        Terminal().table(columns, rows)
        drawn = capsys.readouterr().out.split("1 more columns")[0].splitlines()
        assert (max(map(cell_len, drawn)), len(drawn)) == ({21: 21, 20: 13}[width], 3), (
            "as counted, and nothing wrapped"
        )
