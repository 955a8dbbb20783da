"""Every kind of question that an import asks, and every answer that is printed for it: it works as it stands."""

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

import retcli
from retcli.actions.cases import decisions
from retcli.rules.imports.questions import FIELDS, OF_CASE, TAKEABLE
from retcli.transaction import opened
from tests.next_steps import run
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import AGENT, MANAGER, Books
from tests.terminal import Desk

NUMBER = "2850000000000000100"
ORDER = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), freight=600)
LINE = f"{NUMBER}/{ORDER.lines[0].number}"
ASKED = {
    "paid": (NUMBER, "199.97", "180.00"),
    "freight": (NUMBER, "6.00", "0.00"),
    "paid_total": (NUMBER, "199.97", "180.00 ≠ 150.00 + 0.00"),
    "lines_sum": (NUMBER, "193.97", "150.00"),
    "line": (NUMBER, "", "2850000000000000109"),
    "sku": (LINE, "TS-L", "TS-XL"),
    "quantity": (LINE, "1", "2"),
    "price": (LINE, "93.97", "90.00"),
    "cash": (LINE, "93.97", "50.00"),
    "asked": ("R1", "10.00", "20.00"),
    "kind": ("R1", "refund-only", "return"),
    "pieces": ("R1", "1", "2"),
    "platform_paid": ("R1", "10.00", "20.00"),
    "over": ("R1", "10.00", "30.00"),
    "platform_closed": ("R1", "10.00", "0.00"),
    "refund_above_paid": ("R1", "199.97", "300.00"),
    "minor": ("alipay.2026/8801", "10.00", "20.00"),
    "fee": ("alipay.2026/8801", "0.10", "0.20"),
    "waybill": ("R1", "2850000000000000101", "YT5260493176849"),
    "currency": ("alipay.2026/8801", "CNY", "USD"),
}
"""What each question is about, what the books say, what a file says."""


@pytest.fixture
def desk(sqlite_books: Books, folder: Folder) -> Desk:
    """A shop with the order, and a wish on it."""
    sqlite_books.hire()
    wish = asked_back("R1", ORDER, 1000, status=REQUESTED, kind="仅退款", applied_at=datetime(2026, 11, 9, 9))
    take(sqlite_books, *folder.both(ORDER), folder.refunds(wish))
    return Desk(sqlite_books.database)


def asked(desk: Desk, field: str) -> int:
    """An open question about a field."""
    subject, known, found = ASKED[field]
    insert = (
        "INSERT INTO import_questions (import_id, row, subject, field, known, found, state, at)"
        " VALUES (1, 2, :subject, :field, :known, :found, 'open', '2026-11-09 04:00:00+00:00')"
    )
    with opened(desk.books.asked()) as shop:
        shop.session.execute(sa.text(insert), {"subject": subject, "field": field, "known": known, "found": found})
    return int(desk.books.value("SELECT MAX(id) FROM import_questions"))


def offered(desk: Desk, by: str = MANAGER) -> list[str]:
    """The commands that the list of questions prints."""
    lines = [line.strip() for line in desk.type("imports", "questions", by=by).out.splitlines()]
    answers = [line for line in lines if line.startswith(("retcli", "noted: retcli"))]
    return [command.removeprefix("noted: ") for line in answers for command in line.split(" / ")]


@pytest.mark.parametrize("drawn", [False, True], ids=["free", "drawn on"])
@pytest.mark.parametrize("field", FIELDS)
def test_every_answer_that_is_printed_works(desk: Desk, field: str, *, drawn: bool) -> None:
    if drawn:
        desk.books.do(decisions.approve, "R1", waive=["window"], because="说好的")
    else:
        desk.books.do(decisions.withdraw, "R1")
    number = asked(desk, field)
    answers = desk.read("imports", "questions")["questions"][0]["answers"]
    assert answers == (["take", "keep"] if field in TAKEABLE and not drawn else ["keep"])
    commands = offered(desk)
    assert commands == [
        *(["retcli case show R1"] if field in OF_CASE else []),
        *(f"retcli imports answer {number} --{answer}" for answer in answers),
    ]
    for command in commands:
        assert run(desk, command).code == 0, command
    if "take" not in answers:
        assert desk.read("imports", "answer", str(number), "--take", code=5)
    told = desk.type("imports", "answer", str(number), "--keep").out
    assert ("is not taken" in told) == (field not in {"platform_paid", "over", "platform_closed"}), told


def test_who_may_not_answer_is_told_who_may(desk: Desk) -> None:
    asked(desk, "paid")
    assert offered(desk, by=AGENT) == []
    assert "Managers and the owner answer these" in desk.type("imports", "questions", by=AGENT).out


def kinds() -> Iterator[str]:
    """The fields that the source asks about."""
    for path in sorted(Path(retcli.__file__).parent.joinpath("actions").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"ask", "ask_money"}:
                name = node.args[4]
                yield from [name.value] if isinstance(name, ast.Constant) and isinstance(name.value, str) else []


def test_every_kind_of_question_has_its_words_and_is_tried() -> None:
    assert set(kinds()) <= set(FIELDS) == set(ASKED)


@pytest.mark.parametrize("field", FIELDS)
def test_what_holds_until_the_answer_is_said_as_it_is(desk: Desk, field: str) -> None:
    """What a platform paid is written down at once, whoever asks; of all else the books keep their value."""
    asked(desk, field)
    told = desk.type("imports", "questions", by=MANAGER).out
    booked = field in {"platform_paid", "over"}
    assert ("is in the books already" in told, "keep their value" in told) == (booked, not booked)
