"""The register: interventions and complaints with their deadlines, bad reviews, and how each ended."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from fixtures import report_rows
from fixtures.model import Order
from fixtures.stories import REFUSED
from retcli.actions.cases import case_cards, decisions
from retcli.actions.cases.disputes import bad_reviews, register
from retcli.actions.insight.today import today
from retcli.database import engine
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.rules.cases.register import Entry
from retcli.rules.lifecycles import Kind
from retcli.views.casefile.written_beside import EntryLine
from retcli.views.insight.today import RegisterCount
from tests.reports import REFUNDS, REQUESTED, Folder, asked_back, changed, sold, take
from tests.shopfloor import AGENT, FINANCE, NOON, Books, shanghai
from tests.terminal import Desk

ORDER, OTHER = "2850000000000000121", "2850000000000000122"


def opened(books: Books, number: str = ORDER) -> str:
    books.order(number, ("TS-L", 1, 9900))
    return books.do(decisions.open_case, number, kind=Kind.RETURN, reason="Q_FUNC").number


def entries(books: Books, **options: Any) -> list[EntryLine]:
    return [entry for _case, entry in books.do(register.listed, **options).rows]


def test_an_entry_is_opened_answered_and_ends(books: Books) -> None:
    books.hire()
    case = opened(books)
    books.do(register.escalate, case, kind=Entry.INTERVENTION, note="买家申请介入", by=AGENT)
    (entry,) = entries(books)
    assert (entry.state, entry.due_at, entry.estimated) == ("open", NOON + timedelta(hours=72), True)
    books.later(hours=5)
    books.do(register.answer, case, by=AGENT)
    books.do(register.verdict, case, outcome="won", because="凭证充分")
    (entry,) = entries(books)
    assert (entry.state, entry.because) == ("won", "凭证充分")
    moves = books.rows("SELECT action FROM events WHERE subject LIKE '%/E%' ORDER BY seq")
    assert [row[0] for row in moves] == ["open", "answer", "win"]
    assert "凭证" not in "".join(row[0] for row in books.rows("SELECT payload FROM events"))
    with pytest.raises(NotFound, match="nothing of this kind"):
        books.do(register.verdict, case, outcome="lost", because="改判")
    assert entries(books, live=True) == []
    books.check()


def test_the_check_sees_a_status_that_no_event_tells(books: Books) -> None:
    case = opened(books)
    books.do(register.escalate, case, kind=Entry.COMPLAINT)
    books.check()
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text("UPDATE escalations SET state = 'won'"))
    with pytest.raises(AssertionError, match="register entry is won by the shop"):
        books.check()


def test_one_of_a_kind_at_a_time_and_a_new_one_after_its_end(books: Books) -> None:
    case = opened(books)
    books.do(register.escalate, case, kind=Entry.INTERVENTION)
    with pytest.raises(Refused, match="an entry of this kind already: evidence to be given"):
        books.do(register.escalate, case, kind=Entry.INTERVENTION)
    books.do(register.escalate, case, kind=Entry.COMPLAINT, due=shanghai("2026-11-10 00:00"))
    with pytest.raises(WrongCommand, match="several entries"):
        books.do(register.answer, case)
    books.do(register.answer, case, kind="complaint")
    books.do(register.verdict, case, kind="intervention", outcome="settled", because="补偿 20 元")
    books.do(register.escalate, case, kind=Entry.INTERVENTION)
    assert [(e.kind, e.state) for e in entries(books)] == [
        ("intervention", "open"),
        ("complaint", "answered"),
        ("intervention", "settled"),
    ]
    assert [e.kind for e in entries(books, kind="complaint")] == ["complaint"]


def test_a_regulators_complaint_is_due_after_seven_working_days(books: Books) -> None:
    """Monday 9 November: the seventh working day after it is Wednesday the 18th."""
    case = opened(books)
    books.do(register.escalate, case, kind=Entry.COMPLAINT, authority=True)
    (entry,) = entries(books)
    assert (entry.due_at, entry.estimated) == (shanghai("2026-11-19 00:00"), False)
    with pytest.raises(WrongCommand, match="complaints only"):
        books.do(register.escalate, case, kind=Entry.INTERVENTION, authority=True)
    with pytest.raises(WrongCommand, match="Nothing is due for a bad review"):
        books.do(register.escalate, case, kind=Entry.BAD_REVIEW)


def test_working_days_of_a_year_that_nobody_knows_are_said_to_be_a_guess(books: Books) -> None:
    """2099 年的放假通知还没有：按周一到周五算，并说清楚。"""
    case = opened(books)
    books.at = shanghai("2098-12-30 12:00")
    books.do(register.escalate, case, kind=Entry.COMPLAINT, authority=True)
    (entry,) = entries(books)
    assert "without that year's holiday calendar, put it into the rules" in entry.by


def test_who_may_and_what_a_deadline_and_a_verdict_need(books: Books) -> None:
    books.hire()
    case = opened(books)
    with pytest.raises(Refused, match="may not keep the register"):
        books.do(register.escalate, case, kind=Entry.COMPLAINT, by=FINANCE)
    with pytest.raises(WrongCommand, match="over already"):
        books.do(register.escalate, case, kind=Entry.COMPLAINT, due=NOON)
    books.do(register.escalate, case, kind=Entry.COMPLAINT)
    with pytest.raises(WrongCommand, match="A verdict needs"):
        books.do(register.verdict, case, outcome="won", because=" ")


def test_the_day_counts_what_waits_and_what_waited_too_long(books: Books) -> None:
    for number in (ORDER, OTHER):
        books.do(register.escalate, opened(books, number), kind=Entry.INTERVENTION)
        books.later(hours=48)
    assert books.do(today).register == RegisterCount(waiting=2, overdue=1)
    books.do(register.answer, ORDER)
    assert books.do(today).register == RegisterCount(waiting=1)


def test_a_bad_review_is_followed_up_without_a_case_or_a_deadline(books: Books) -> None:
    books.hire()
    books.order(ORDER, ("TS-L", 1, 9900))
    books.do(bad_reviews.enter, ORDER, note="色差大", by=AGENT)
    ((named, entry),) = books.do(register.listed).rows
    assert (named, entry.kind, entry.state, entry.due_at, entry.note) == (
        ORDER, "bad_review", "to_follow_up", None, "色差大"
    )  # fmt: skip
    books.later(hours=400)
    day = books.do(today)
    assert (day.bad_reviews, day.register) == (1, RegisterCount()), "no evidence is wanted, so that none is late"
    books.do(bad_reviews.contacted, ORDER, by=AGENT)
    assert (books.do(today).bad_reviews, [e.state for e in entries(books, live=True)]) == (0, ["contacted"])
    with pytest.raises(Refused, match="a bad review in the register already: buyer written to"):
        books.do(bad_reviews.enter, ORDER)
    books.do(bad_reviews.end, ORDER, outcome="added", because="补寄了一件", by=AGENT)
    assert (entries(books, live=True), [e.state for e in entries(books)]) == ([], ["added_to"])
    moves = books.rows("SELECT subject, action FROM events WHERE subject LIKE :o ORDER BY seq", o=f"{ORDER}/V%")
    assert [tuple(row) for row in moves] == [(f"{ORDER}/V1", move) for move in ("open", "contact", "add_to")]
    assert "色差" not in "".join(row[0] for row in books.rows("SELECT payload FROM events"))
    books.check()


def test_a_case_shows_the_bad_review_of_its_order(books: Books) -> None:
    books.hire()
    case = opened(books)
    books.do(bad_reviews.enter, case, by=AGENT)
    shown = books.do(case_cards.show, case).written_beside
    assert shown is not None
    assert [(e.kind, e.state) for e in shown.register] == [("bad_review", "to_follow_up")]
    assert entries(books, kind="complaint") == [] and len(entries(books, kind="bad_review")) == 1
    books.do(bad_reviews.end, case, outcome="given_up", because="不理")
    with pytest.raises(NotFound, match="no bad review in the register that is open"):
        books.do(bad_reviews.contacted, case)
    with pytest.raises(Refused, match="may not keep the register"):
        books.do(bad_reviews.enter, case, by=FINANCE)
    with pytest.raises(NotFound, match="no order 999"):
        books.do(bad_reviews.enter, "999")
    books.check()


def test_a_status_of_a_bad_review_that_no_event_tells_is_seen(books: Books) -> None:
    books.order(ORDER, ("TS-L", 1, 9900))
    books.do(bad_reviews.enter, ORDER)
    books.check()
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text("UPDATE bad_reviews SET state = 'changed'"))
    with pytest.raises(AssertionError, match="bad review is review changed"):
        books.check()


def test_a_bad_review_at_the_terminal(desk: Desk) -> None:
    number = "2850000000000000001"
    assert desk.type("case", "escalate", number, "--kind", "bad_review", "--due", "2026-11-10").code == 2
    told = desk.read("case", "escalate", number, "--kind", "差评", "--note", "色差大")
    assert [(e["order"], e["case"], e["state"], e["due_at"]) for e in told["register"]] == [
        (number, "", "to_follow_up", None)
    ]
    assert "1 bad reviews to follow up: retcli case register --open" in desk.type("today").out
    assert "待跟进" in desk.type("--lang", "zh", "case", "register", "--open").out
    desk.read("case", "answer", number, "--kind", "bad_review")
    assert "已联系" in desk.type("--lang", "zh", "case", "register").out
    assert desk.type("case", "verdict", number, "--kind", "bad_review", "--won", "--because", "x").code == 2
    assert desk.type("case", "verdict", number, "--kind", "complaint", "--changed", "--because", "x").code == 2
    ended = desk.read("case", "verdict", number, "--changed", "--because", "改成五星")
    assert (ended["register"][0]["state"], ended["register"][0]["because"]) == ("changed", "改成五星")
    assert "已改评" in desk.type("--lang", "zh", "case", "register").out


def refund(order: Order, **facts: Any) -> Any:
    known: dict[str, Any] = {"applied_at": datetime(2026, 11, 8, 9, 0), "status": REFUSED}
    return asked_back(f"31{order.number[4:]}", order, order.paid, **(known | facts))


def test_the_report_says_that_the_platform_stepped_in(books: Books, folder: Folder) -> None:
    order, other = sold(ORDER, ("TS-L", 1, 9900)), sold(OTHER, ("TS-L", 1, 9900))
    take(books, *folder.both(order, other), folder.refunds(refund(order, status=REQUESTED), refund(other)))
    assert entries(books) == []
    take(books, folder.refunds(refund(order, intervention="客服已经介入"), refund(other)))
    (entry,) = entries(books)
    assert (entry.kind, entry.state, entry.due_at, entry.estimated) == (
        "intervention",
        "open",
        NOON + timedelta(hours=72),
        True,
    )
    case = books.value("SELECT c.number FROM cases c JOIN orders o ON o.id = c.order_id WHERE o.number = :n", n=ORDER)
    assert entry.entry.startswith(case)
    take(books, folder.refunds(refund(order, intervention="客服已经介入", note="同一天再导一次")))
    assert len(entries(books)) == 1
    books.do(register.verdict, case, outcome="lost", because="举证不足")
    take(books, folder.refunds(refund(order, intervention="客服已经介入", note="判完再导")))
    assert [e.state for e in entries(books)] == ["lost"], "what ended is not opened again by the same words"
    books.check()


def test_taobaos_deadline_for_evidence_is_taken_and_not_estimated(books: Books, folder: Folder) -> None:
    """A day later the platform gives more time."""
    order = sold(ORDER, ("TS-L", 1, 9900))
    take(books, *folder.both(order))
    for until in ("2026-11-12 20:00:00", "2026-11-13 20:00:00"):
        report = list(report_rows([refund(order, intervention="客服介入处理中")], REFUNDS, ".csv"))
        take(books, folder.rows(changed(report, 1, {"举证超时": until})))
        (entry,) = entries(books)
        assert (entry.kind, entry.due_at, entry.estimated) == ("intervention", shanghai(until), False)
    books.check()


def test_an_intervention_at_the_terminal(desk: Desk) -> None:
    case = desk.case("open", "2850000000000000001", "--kind", "return", "--reason", "Q_FUNC", "--line", "TS-L")[
        "number"
    ]
    told = desk.case("escalate", case, "--kind", "平台介入", "--due", "2026-11-10 18:00", "--note", "买家传了视频")
    assert [(e["kind"], e["state"], e["due_at"], e["estimated"]) for e in told["register"]] == [
        ("intervention", "open", "2026-11-10T18:00:00+08:00", False)
    ]
    line = "1 in the register to be answered: retcli case register --open"
    assert line in desk.type("today").out
    late = Desk(desk.database, at=NOON + timedelta(days=2))
    assert "1 条平台介入或投诉待举证，其中已超时 1：" in late.type("--lang", "zh", "today").out
    shown = desk.type("--lang", "zh", "case", "register", "--open").out
    assert "待举证" in shown
    assert max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in shown.splitlines()) <= 80
    desk.case("answer", case)
    assert desk.type("case", "verdict", case, "--because", "x").code == 2
    assert desk.type("case", "verdict", case, "--won", "--lost", "--because", "x").code == 2
    assert desk.case("verdict", case, "--won", "--because", "视频清楚")["register"][0]["state"] == "won"
    assert desk.read("case", "register", "--open")["register"] == []
    assert desk.case("escalate", case, "--kind", "complaint", "--due", "2026-11-10")["register"][1]["due_at"] == (
        "2026-11-11T00:00:00+08:00"
    )
