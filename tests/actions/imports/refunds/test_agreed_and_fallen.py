"""What was agreed to here, or clicked, and fell since the buyer applied anew, is told: import, card, day and list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list, queue
from retcli.actions.imports import intake
from retcli.actions.insight import today as day
from retcli.views.imports.imports import ImportView
from retcli.views.screen import Terminal
from tests.actions.money.test_open_payouts import drawn
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, FINANCE, MANAGER, Books, shanghai

COMMAND = "retcli case list --applied-anew"
SAID = (
    "2 cases are undecided again, since the buyer applied anew: 120.00 agreed to no longer counts, 1 were clicked: "
    + COMMAND
)
BEFORE = "Before the buyer applied anew, 20.00 had been agreed to here (2026-11-07 12:00 店长) and clicked there"


def wishes() -> tuple[Any, Any]:
    """Applications for 20.00 of 5,000.00 (31), and for 100.00 of 100.00 (32)."""
    large = unsent(sold("2850000000000000851", ("TS-L", 1, 500000)))
    small = unsent(sold("2850000000000000862", ("TS-M", 1, 10000)))
    asked: dict[str, Any] = {"kind": "仅退款", "status": REQUESTED, "goods": "买家未收到货"}
    return asked_back("31", large, 2000, **asked), asked_back("32", small, 10000, **asked)


def agreed(books: Books, folder: Folder) -> tuple[Any, Any]:
    """Both agreed to by the manager on the 7th; the first is clicked too."""
    books.hire()
    first, second = wishes()
    take(books, *folder.both(first.order, second.order), folder.refunds(first, second))
    books.at = shanghai("2026-11-07 12:00")
    for number in ("31", "32"):
        books.do(decisions.approve, number, by=MANAGER)
    books.do(platform_list.done, ["31"], by=MANAGER)
    return first, second


def applied_anew(books: Books, folder: Folder) -> ImportView:
    """On the 8th the buyers apply for 4,000.00 and for 60.00 instead: what was agreed to, 20.00 + 100.00, falls."""
    first, second = agreed(books, folder)
    books.at = shanghai("2026-11-08 12:00")
    return take(books, folder.refunds(replace(first, amount=400000), replace(second, amount=6000)))


def lines(view: Any, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    view.draw(Terminal())
    return capsys.readouterr().out.replace("\n", " ").replace("  ", " ")


def test_the_import_says_how_many_with_how_much_and_what_lists_them(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    view = applied_anew(books, folder)
    fell = [file["fell"] for file in view.document()["files"]]
    money = {"currency": "CNY", "minor": 12000, "text": "120.00"}
    assert fell == [{"cases": 2, "clicked": 1, "money": [money], "command": COMMAND}]
    assert SAID in lines(view, capsys)
    assert SAID in lines(replace(view, quiet=True), capsys), "a quiet night says it too"
    assert books.do(intake.show_import, view.files[0].number).document()["files"][0]["fell"]["cases"] == 2
    books.check()


def test_the_next_import_tells_nothing_of_it(books: Books, folder: Folder) -> None:
    applied_anew(books, folder)
    first, second = wishes()
    again = take(books, folder.refunds(replace(first, amount=400000), replace(second, amount=6000)))
    assert [file["fell"]["cases"] for file in again.document()["files"]] == [0]


def test_a_trial_of_the_import_says_it(books: Books, folder: Folder) -> None:
    first, second = agreed(books, folder)
    books.at = shanghai("2026-11-08 12:00")
    list_ = folder.refunds(replace(first, amount=400000), replace(second, amount=6000))
    view = take(books, list_, dry_run=True)
    assert [file["fell"]["cases"] for file in view.document()["files"]] == [2]


def test_card_and_list_say_what_fell_and_what_agrees_anew(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    applied_anew(books, folder)
    card = drawn(books.do(case_cards.show, "31"), capsys)
    number = books.do(case_cards.show, "31").number
    assert f"▸ {BEFORE}: that no longer counts; agree anew: retcli case approve {number}" in card
    listed = books.do(queue.list_cases, applied_anew=True)
    assert {case.platform_number for case in listed.cases} == {"31", "32"}
    text = drawn(listed, capsys)
    assert f"{number}: {BEFORE}; 4000.00 is due now: retcli case approve {number}" in text


@pytest.mark.parametrize(("who", "told"), [(MANAGER, True), (AGENT, True), (FINANCE, False)])
def test_the_day_says_it_to_those_who_decide(books: Books, folder: Folder, who: str, told: bool,
                                             capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    applied_anew(books, folder)
    assert (SAID in lines(books.do(day.today, by=who), capsys)) is told


def test_once_it_was_decided_anew_nobody_is_told(books: Books, folder: Folder) -> None:
    applied_anew(books, folder)
    books.do(decisions.approve, "32", by=MANAGER)
    books.do(decisions.reject, "31", because="不同意", by=MANAGER)
    assert books.do(queue.list_cases, applied_anew=True).cases == ()
    assert books.do(day.today).fell.cases == 0
