"""The platform ends a refund whose goods were sent again: its word is taken, and a person is asked."""

from dataclasses import replace
from datetime import datetime

import pytest

from retcli.actions.cases import case_cards, changes, decisions
from retcli.actions.imports import import_questions
from retcli.actions.insight import today
from retcli.actions.warehouse import inspection, parcels
from tests.reports import CLOSED, REQUESTED, Folder, asked_back, counts, sold, take, take_one
from tests.shopfloor import MANAGER, Books

SOLD = sold("2850000000000000881", ("CUP", 1, 5990))
WISH = asked_back(
    "9501", SOLD, 5990, status=REQUESTED, kind="换货", reason="尺寸拍错", applied_at=datetime(2026, 11, 7, 9)
)
REFUSED = "卖家拒绝退款"
BACK, OUT = "SF1620041175001", "SF1620041175055"


def exchanged(books: Books, folder: Folder) -> str:
    """A cup exchanged for a mug: the cup is back, the mug is on its way; the case's number."""
    books.hire()
    books.product("MUG")
    take(books, *folder.both(SOLD), folder.refunds(WISH))
    case = str(books.value("SELECT number FROM cases"))
    books.do(changes.change, case, want=["MUG"], because="换马克杯")
    books.do(decisions.approve, case, by=MANAGER)
    books.do(parcels.expect_by_hand, case, BACK)
    books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:A")])
    books.do(decisions.ship, case, waybill=OUT, by=MANAGER)
    return case


@pytest.mark.parametrize("status", [CLOSED, REFUSED])
def test_the_platforms_end_is_taken_and_asked_about(books: Books, folder: Folder, status: str) -> None:
    case = exchanged(books, folder)
    books.later(hours=20)
    ended = replace(WISH, status=status, finished_at=datetime(2026, 11, 9, 20))
    assert counts(take_one(books, folder.refunds(ended))) == (1, 0, 1, 0, 0)
    assert books.value("SELECT filing FROM cases") == "open"
    (question,) = books.do(import_questions.questions, by=MANAGER).questions
    word = {CLOSED: "closed", REFUSED: "turned down"}[status]
    assert question.first.sentence() == f"9501: {word} on the platform, and goods were sent for it by {OUT}"
    assert question.first.stays() == f"{OUT} stays in the books as sent"
    assert books.do(case_cards.show, case).next == f"retcli imports answer {question.number} --seen"
    assert counts(take_one(books, folder.refunds(ended))) == (1, 0, 0, 1, 0)
    assert books.do(today.today).document()["questions"] == 1
    books.do(import_questions.answer, question.number, "seen", by=MANAGER)
    assert counts(take_one(books, folder.refunds(ended))) == (1, 0, 0, 1, 0)
    assert not books.do(import_questions.questions).questions
    if status == CLOSED:  # what was turned down may be agreed to again: its clicks stand
        books.do(decisions.finish, case, by=MANAGER)
    books.check()
