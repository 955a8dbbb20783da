"""A case that was withdrawn is taken up again: by the person who clicked wrongly, or as its platform opens it anew."""

from dataclasses import replace
from datetime import datetime

import pytest

from retcli.actions.cases import case_cards, changes, decisions, offers
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from retcli.shellwords import quoted
from retcli.views.screen import Terminal
from retcli.words import word
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


def test_what_the_platform_closed_before_it_was_seen_is_not_taken_up_without_its_pieces(
    books: Books, folder: Folder
) -> None:
    """Its pieces were never drawn: the buyer applies anew, or the shop opens a case of its own by the whole command."""
    books.hire()
    take(
        books,
        *folder.both(BOUGHT),
        folder.refunds(replace(WISH, status=CLOSED, finished_at=datetime(2026, 11, 9, 10))),
    )
    case, reason = books.rows("SELECT number, reason_stated FROM cases")[0]
    said = f"--kind {quoted(word('return'))} --reason {quoted(word(reason))}"
    with pytest.raises(Refused, match="the buyer applies anew there") as refused:
        books.do(decisions.reopen, case, by=AGENT)
    way = f"retcli case open {BOUGHT.number} {said} --line TS-L --amount 198.00"
    assert way in (refused.value.hint or "")
    assert stand(books)[:3] == ("withdrawn", "finished", 0)
    books.check()


def test_a_reason_is_noted_when_a_case_is_taken_up_again(desk: Desk) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    desk.case("withdraw", case)
    assert "点错了" in desk.case("reopen", case, "--because", "点错了")["note"]


def test_the_buyer_is_not_asked_to_withdraw_by_a_time_that_has_passed(
    books: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    books.hire()
    take(books, *folder.both(BOUGHT), folder.refunds(replace(WISH, deadline_at=datetime(2026, 11, 12, 9))))
    case = books.value("SELECT number FROM cases")
    books.do(decisions.withdraw, case, by=AGENT)
    books.later(hours=24 * 30)
    view = books.do(case_cards.show, case)
    assert (view.stage, view.on_platform.open_until) == ("to_withdraw_there", None)
    view.draw(Terminal())
    assert "have the buyer withdraw it there\n" in capsys.readouterr().out


def test_a_wish_that_is_the_platforms_again_needs_no_change_there(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(BOUGHT), folder.refunds(WISH))
    case = books.value("SELECT number FROM cases")
    other = books.do(changes.change, case, kind="exchange", because="x", by=AGENT)
    assert not other.on_platform.as_there
    back = books.do(changes.change, case, kind="return", amount=19800, because="x", by=AGENT)
    assert back.on_platform.as_there


def test_what_is_on_its_way_is_not_advised_to_be_paid(books: Books, folder: Folder) -> None:
    """The advice follows the finding: explain, wait, intercept; nothing is refunded or sent again first."""
    books.hire()
    sent = replace(BOUGHT, confirmed_at=None, status="卖家已发货，等待买家确认")
    wish = replace(WISH, order=sent, kind="仅退款", reason="未收到货", goods="买家未收到货")
    take(books, *folder.both(sent), folder.refunds(wish))
    case = books.value("SELECT number FROM cases")
    assert any("intercept" in way for f in books.do(case_cards.show, case).judgement.findings for way in f.ways)
    (line,) = books.do(offers.advise, case, by=AGENT).remedies
    assert line.then == ("explain", "more_time", "intercept")
    assert line.commands == (f"retcli case offer {case} --rung explain", "", f"retcli parcel intercept {case}")
    assert books.do(offers.advise, case, by=MANAGER).document()["limits"]["most"] is None
