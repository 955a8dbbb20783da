"""A case that was withdrawn is taken up again: by the person who clicked wrongly, or as its platform opens it anew."""

from dataclasses import replace
from datetime import datetime

import pytest

from retcli.actions.cases import decisions
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.next_steps import commands
from tests.reports import CLOSED, REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import AGENT, MANAGER, ORDER_NUMBER, Books
from tests.terminal import Desk

BOUGHT = sold("2850000000000000581", ("TS-L", 2, 19800))
WISH = asked_back(
    "91", BOUGHT, 19800, status=REQUESTED, kind="退货退款", quantity=2, applied_at=datetime(2026, 11, 9, 9)
)
AGREED = "卖家已经同意退款，等待买家退货"


def stand(books: Books) -> tuple[str, str, int, int]:
    """Decision and filing of the one case, its pieces, and the pieces drawn on its order."""
    decision, filing = books.rows("SELECT decision, filing FROM cases")[0]
    pieces = books.value("SELECT SUM(quantity) FROM case_lines")
    return decision, filing, pieces, books.value("SELECT SUM(units) FROM draws")


@pytest.mark.parametrize("finished", [False, True])
def test_a_wrong_click_is_taken_back(books: Books, *, finished: bool) -> None:
    books.hire()
    books.order(ORDER_NUMBER, ("TS-L", 2, 19800))
    case = books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    books.do(decisions.withdraw, case, by=AGENT)
    if finished:
        books.do(decisions.finish, case, by=AGENT)
    books.do(decisions.reopen, case, by=AGENT)
    assert stand(books) == ("requested", "open", 2, 2)
    books.do(decisions.approve, case, by=MANAGER)
    books.check()


def test_what_another_case_has_by_now_is_named(books: Books) -> None:
    books.hire()
    books.order(ORDER_NUMBER, ("TS-L", 1, 9900))
    first = books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    books.do(decisions.withdraw, first, by=AGENT)
    second = books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    with pytest.raises(Refused, match=second):
        books.do(decisions.reopen, first, by=AGENT)
    books.check()


@pytest.mark.parametrize(
    "words", [["approve"], ["reject", "--because", "x"], ["change", "--kind", "exchange", "--because", "x"],
              ["offer", "--rung", "explain"]],
)  # fmt: skip
@pytest.mark.parametrize("finished", [False, True])
def test_a_refusal_on_a_withdrawn_case_names_the_way_out(desk: Desk, words: list[str], *, finished: bool) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    desk.case("withdraw", case)
    if finished:
        desk.case("finish", case)
    error = desk.read("case", words[0], case, *words[1:], code=5)["error"]
    assert commands(error["hint"])[0] == f"retcli case reopen {case}", error
    desk.case("reopen", case)
    assert desk.case("show", case)["decision"] == "requested"


@pytest.mark.parametrize("status", [REQUESTED, AGREED])
@pytest.mark.parametrize("first", [REQUESTED, CLOSED])
def test_what_the_buyer_opens_anew_under_the_same_number_is_applied_for_anew(
    books: Books, folder: Folder, first: str, status: str
) -> None:
    """Closed on the platform, also where it was closed when it was first seen; then it is open there again."""
    books.hire()
    closed = replace(WISH, status=CLOSED, finished_at=datetime(2026, 11, 9, 10))
    take(books, *folder.both(BOUGHT), folder.refunds(WISH if first == REQUESTED else closed))
    take(books, folder.refunds(replace(closed, note="x")))
    assert stand(books)[:2] == ("withdrawn", "finished")
    books.later(hours=1)
    take(books, folder.refunds(replace(WISH, status=status, deadline_at=datetime(2026, 11, 14, 9))))
    decision = "requested" if status == REQUESTED else "approved"
    assert stand(books) == (decision, "open", 2, 2)
    books.check()
