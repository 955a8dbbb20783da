"""An import says how many cases made way for what the platform paid itself, with how much, and what lists them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from retcli.actions.cases import decisions, queue
from retcli.actions.imports import intake
from retcli.actions.money import payouts
from retcli.rules.lifecycles import Kind
from retcli.views.imports.imports import ImportView
from retcli.views.screen import Terminal
from tests.reports import Folder, asked_back, sold, take, unsent
from tests.shopfloor import MANAGER, Books

FIRST, SECOND = "2850000000000000611", "2850000000000000622"


def ordered(number: str) -> Any:
    return unsent(sold(number, ("TS-L", 1, 10000)))


def agreed(books: Books, folder: Folder, *amounts: tuple[str, int]) -> list[str]:
    """For each order of 100.00 a case for all of it, of which so many fen are to leave by transfer: their numbers."""
    books.hire()
    numbers = []
    for order, minor in amounts:
        take(books, *folder.both(ordered(order)))
        case = books.do(decisions.open_case, order, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
        books.do(decisions.approve, case, by=MANAGER)
        if minor:
            books.do(payouts.refund, case, amount=minor, by=MANAGER)
        numbers.append(case)
    return numbers


def success(folder: Folder, *paid: tuple[str, int], at: int = 20) -> Any:
    """One refund report: a success on each order of so many fen."""
    when = datetime(2026, 11, 9, at)
    refunds = [
        asked_back(f"R{at}{n}", ordered(order), minor, kind="仅退款", finished_at=when)
        for n, (order, minor) in enumerate(paid)
    ]
    return folder.refunds(*refunds)


def amount(minor: int) -> dict[str, Any]:
    return {"currency": "CNY", "minor": minor, "text": f"{minor / 100:.2f}"}


def told(view: ImportView) -> list[Any]:
    return [file["gave_way"] for file in view.document()["files"]]


def test_it_says_how_many_with_how_much_and_what_lists_them(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """40.00 and 60.00 were paid there; each case agreed to 100.00, of which nothing had left: 100.00 made way."""
    cases = agreed(books, folder, (FIRST, 0), (SECOND, 0))
    view = take(books, success(folder, (FIRST, 4000), (SECOND, 6000)))
    number = view.files[0].number
    command = f"retcli case list --gave-way {number}"
    assert told(view) == [{"cases": 2, "money": [amount(10000)], "command": command}]
    capsys.readouterr()
    view.draw(Terminal())
    line = f"2 cases made way for what the platform paid itself: 100.00 of theirs do not leave; see {command}"
    assert line in capsys.readouterr().out.replace("\n", " ").replace("  ", " ")
    assert [case.number for case in books.do(queue.list_cases, gave_way=number).cases] == cases
    assert books.do(intake.show_import, number).document()["files"][0]["gave_way"]["cases"] == 2


def test_a_quiet_night_says_it_too(books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    agreed(books, folder, (FIRST, 0))
    view = replace(take(books, success(folder, (FIRST, 4000))), quiet=True)
    assert view.exit_code == 0
    capsys.readouterr()
    view.draw(Terminal())
    assert "1 cases made way" in capsys.readouterr().out


def test_the_next_import_tells_of_its_own_only(books: Books, folder: Folder) -> None:
    """40.00, then another 10.00: the second time 10.00 more of the same case."""
    (case,) = agreed(books, folder, (FIRST, 0))
    first = take(books, success(folder, (FIRST, 4000))).files[0].number
    second = take(books, success(folder, (FIRST, 1000), at=21))
    assert [each["money"] for each in told(second)] == [[amount(1000)]]
    for number in (first, second.files[0].number):
        assert [each.number for each in books.do(queue.list_cases, gave_way=number).cases] == [case]


def test_nothing_made_way_and_nothing_is_said(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(ordered(FIRST)))
    view = take(books, success(folder, (FIRST, 4000)))
    assert told(view) == [{"cases": 0, "money": [], "command": ""}]
    assert books.do(queue.list_cases, gave_way=view.files[0].number).cases == ()
