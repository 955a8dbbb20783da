"""A buyer applies again under the same refund number: clocks and reports date from the last application."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import case_cards, contacts, decisions, offers
from retcli.actions.insight import speeds
from retcli.database.engine import engine
from retcli.database.migrations import noting
from retcli.database.versions import HEAD, upgrade
from retcli.opening import _tell
from retcli.rules.casefile.clocks import Clock
from retcli.rules.zone import SHANGHAI
from retcli.views.insight.speeds import SpeedsView
from tests.actions.imports.refunds.test_applications import WISH, night
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import AGENT, MANAGER, Books, shanghai

APPLIED = shanghai("2026-03-04 12:00")
"""The first application of the lists in `WISH`, which they repeat for the second one."""
EXPORTED = shanghai("2026-03-09 20:00")
"""When the list was exported that told the second one."""
CLOCKS = {
    "first_reply": "03-11 20:00",
    "own_reply": "03-10 20:00",
    "own_agreement": "03-12 20:00",
    "escalation": "03-14 20:00",
    "patience": "03-15 10:24",
}
"""48, 24, 72, 120 hours, and 5 days 14 hours 24 minutes, from 03-09 20:00."""


def refused_there(books: Books, tmp_path: Path) -> str:
    """A refund only of 80.00, applied for and turned down on the platform on the following nights."""
    for place, name in enumerate(("orders", "items", "night1", "night2")):
        night(books, WISH / f"{name}.csv", f"2026-03-{5 + place:02}T20:00:00", tmp_path)
    return str(books.value("SELECT number FROM cases"))


def list_of(tmp_path: Path, name: str, **changed: str) -> Path:
    """One of the lists with the second wish, with some texts in the place of others."""
    text = (WISH / f"{name}.csv").read_text(encoding="utf-8-sig")
    for was, now in changed.items():
        text = text.replace({"at": "2026-03-04 12:00:00", "kind": "退货退款"}[was], now)
    path = tmp_path / f"{name}-changed.csv"
    path.write_text(text, "utf-8")
    return path


def clocks(books: Books, case: str) -> dict[str, str]:
    """The clocks of a case by name, each as its instant in Shanghai."""
    running: tuple[Clock, ...] = books.do(case_cards.show, case).clocks
    return {clock.name: f"{clock.due_at.astimezone(SHANGHAI):%m-%d %H:%M}" for clock in running}


def test_each_clock_runs_from_the_last_application(books: Books, tmp_path: Path) -> None:
    case = refused_there(books, tmp_path)
    night(books, WISH / "night3.csv", "2026-03-09T20:00:00", tmp_path)
    assert clocks(books, case) == CLOCKS
    shown = books.do(case_cards.show, case).document()["case"]
    assert (shown["applied_at"], shown["applied_anew_at"]) == ("2026-03-04T12:00:00+08:00", "2026-03-09T20:00:00+08:00")
    night(books, WISH / "night4.csv", "2026-03-10T20:00:00", tmp_path)
    assert clocks(books, case) == CLOCKS, "the same list once more is no application"
    books.check()


def test_the_lists_own_time_of_the_second_application_beats_its_export(books: Books, tmp_path: Path) -> None:
    case = refused_there(books, tmp_path)
    night(books, list_of(tmp_path, "night3", at="2026-03-09 09:30:00"), "2026-03-09T20:00:00", tmp_path)
    seen = clocks(books, case)
    assert seen == {
        "first_reply": "03-11 09:30",
        "own_reply": "03-10 09:30",
        "own_agreement": "03-12 09:30",
        "escalation": "03-14 09:30",
        "patience": "03-14 23:54",
    }


def test_a_copied_list_dates_no_application_ahead(books: Books, tmp_path: Path) -> None:
    case = refused_there(books, tmp_path)
    copy = tmp_path / "copied_20261231235959.csv"
    copy.write_bytes((WISH / "night3.csv").read_bytes())
    books.at = EXPORTED
    take(books, copy)
    assert clocks(books, case) == CLOCKS


def test_the_same_wish_applied_for_once_more_is_a_new_application_too(books: Books, tmp_path: Path) -> None:
    case = refused_there(books, tmp_path)
    night(books, list_of(tmp_path, "night3", kind="仅退款"), "2026-03-09T20:00:00", tmp_path)
    assert books.rows("SELECT kind, decision FROM cases") == [("refund-only", "requested")]
    assert clocks(books, case) == CLOCKS
    told = [json.loads(row[0]) for row in books.rows("SELECT payload FROM events WHERE action = 'apply_anew'")]
    assert [(each["was_decision"], each["was_kind"], each["applied_at"]) for each in told] == [
        ("rejected", "refund-only", "2026-03-09T12:00:00+00:00")
    ]
    books.check()


def test_a_wish_changed_while_nothing_was_decided_keeps_its_clocks(books: Books, tmp_path: Path) -> None:
    """The platform may count anew; whoever counts from the first application is never late."""
    for place, name in enumerate(("orders", "items", "night1")):
        night(books, WISH / f"{name}.csv", f"2026-03-{5 + place:02}T20:00:00", tmp_path)
    night(books, WISH / "night3.csv", "2026-03-09T20:00:00", tmp_path)
    assert clocks(books, str(books.value("SELECT number FROM cases")))["first_reply"] == "03-06 12:00"


@pytest.mark.parametrize("how", ["contact", "offer"])
def test_what_was_said_before_answers_no_later_application(books: Books, tmp_path: Path, how: str) -> None:
    books.hire()
    for place, name in enumerate(("orders", "items", "night1")):
        night(books, WISH / f"{name}.csv", f"2026-03-{5 + place:02}T20:00:00", tmp_path)
    case = str(books.value("SELECT number FROM cases"))

    def speak() -> None:
        books.later(hours=1)
        if how == "contact":
            books.do(contacts.contact, case, way="phone", result="reached", by=AGENT)
        else:
            books.do(offers.offer, case, "compensation", amount=500, by=MANAGER)
            books.do(offers.answer, case, accepted=False, by=MANAGER)

    speak()
    assert "own_reply" not in clocks(books, case)
    night(books, WISH / "night2.csv", "2026-03-08T20:00:00", tmp_path)
    night(books, WISH / "night3.csv", "2026-03-09T20:00:00", tmp_path)
    assert clocks(books, case)["own_reply"] == CLOCKS["own_reply"]
    speak()
    assert "own_reply" not in clocks(books, case)


def test_days_given_for_an_earlier_application_do_not_count_for_the_next(books: Books, folder: Folder) -> None:
    """Three days more on a return that was agreed to; closed, applied for and agreed to anew: seven days alone."""
    books.hire()
    order = sold("2850000000000000601", ("TS-L", 1, 8800))
    wish = asked_back("R1", order, 8800, status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.approve, case, waive=["freight"], because="老客", by=MANAGER)
    books.do(contacts.extend, case, days=3, because="清关", by=MANAGER)
    books.later(hours=1)
    take(books, folder.refunds(replace(wish, kind="仅退款")))
    books.later(hours=1)
    books.do(decisions.reject, case, because="要退货", by=MANAGER)
    take(books, folder.refunds(replace(wish, status="卖家拒绝退款", kind="仅退款")))
    books.later(hours=1)
    take(books, folder.refunds(replace(wish, note="再申请")))
    books.do(decisions.approve, case, by=MANAGER)
    take(books, folder.refunds(replace(wish, status="卖家已经同意退款，等待买家退货")))
    assert books.at == shanghai("2026-11-09 15:00")
    assert clocks(books, case)["buyer_returns"] == "11-16 15:00"


@pytest.mark.parametrize(
    ("between", "answer"), [("卖家拒绝退款", "yes"), ("退款关闭", "no")], ids=["turned down", "closed"]
)
def test_the_notice_stands_unless_it_was_closed(books: Books, folder: Folder, between: str, answer: str) -> None:
    """Signed for on 11-05, so that the right ends at 24:00 of 11-12; applied for on 11-06, and again on 11-20."""
    order = sold("2850000000000000602", ("TS-L", 1, 8800))
    wish = asked_back("R1", order, 8800, status=REQUESTED, applied_at=datetime(2026, 11, 6, 9))
    for day, status, at in ((6, REQUESTED, 6), (7, between, 6), (20, REQUESTED, 20)):
        books.at = shanghai(f"2026-11-{day:02} 20:00")
        listed = replace(wish, status=status, applied_at=datetime(2026, 11, at, 9))
        take(books, *(folder.both(order) if day == 6 else ()), folder.refunds(listed))
    findings = {each.rule: each.answer for each in books.do(case_cards.show, "R1").judgement.findings}
    assert findings["window"] == answer


def test_each_application_has_its_own_speed(books: Books, tmp_path: Path) -> None:
    """The first waits from 03-04 12:00 to a refusal on 03-07 21:00, 81 hours; the second from 03-09 20:00 to an
    approval on 03-10 08:00, 12 hours, and is paid for a month later than the first was made.
    """
    books.hire()
    for place, name in enumerate(("orders", "items", "night1")):
        night(books, WISH / f"{name}.csv", f"2026-03-{5 + place:02}T20:00:00", tmp_path)
    case = str(books.value("SELECT number FROM cases"))
    books.at = shanghai("2026-03-07 21:00")
    books.do(decisions.reject, case, because="已签收", by=MANAGER)
    night(books, WISH / "night2.csv", "2026-03-08T20:00:00", tmp_path)
    night(books, WISH / "night3.csv", "2026-03-09T20:00:00", tmp_path)
    books.at = shanghai("2026-03-10 08:00")
    books.do(decisions.approve, case, waive=["window"], because="老客", by=MANAGER)
    both = _steps(books, 4, 9)
    hours = timedelta(hours=1)
    assert [both[name] for name in ("reply", "agreement")] == [(2, 81 * hours, 1)] * 2
    assert [_steps(books, 4, 4)[name] for name in ("reply", "agreement")] == [(1, 81 * hours, 0)] * 2
    assert [_steps(books, 9, 9)[name] for name in ("reply", "agreement")] == [(1, 12 * hours, 1)] * 2
    assert _steps(books, 5, 8)["reply"] == (0, None, 0)
    assert _speeds(books, 4, 9).decided == {"person": 2, "rule": 0, "platform": 0}
    assert _speeds(books, 4, 4).decided == {"person": 1, "rule": 0, "platform": 0}


def test_what_the_platform_turned_down_itself_is_no_answer_of_ours(books: Books, tmp_path: Path) -> None:
    case = refused_there(books, tmp_path)
    night(books, WISH / "night3.csv", "2026-03-09T20:00:00", tmp_path)
    books.at = shanghai("2026-03-10 08:00")
    books.hire()
    books.do(decisions.approve, case, waive=["window"], because="老客", by=MANAGER)
    assert _steps(books, 4, 9)["reply"] == (1, timedelta(hours=12), 1)
    assert _speeds(books, 4, 9).decided == {"person": 1, "rule": 0, "platform": 1}


def _speeds(books: Books, first: int, last: int) -> SpeedsView:
    return books.do(speeds.speeds, datetime(2026, 3, first).date(), datetime(2026, 3, last).date())


def _steps(books: Books, first: int, last: int) -> dict[str, tuple[Any, ...]]:
    """The steps of cases applied for from one day of March to another: cases, the median, how many kept the target."""
    return {each.name: (each.cases, each.median, each.kept) for each in _speeds(books, first, last).speeds}


def test_books_of_before_date_from_the_import_that_told_it(books: Books, tmp_path: Path) -> None:
    """An earlier program wrote the event without the instant, and had no columns for it."""
    case = refused_there(books, tmp_path)
    night(books, WISH / "night3.csv", "2026-03-09T20:00:00", tmp_path)
    _as_schema_before(books)
    upgrade(engine(books.database), "0037", lambda connection, noted: _tell(books.asked(), "0036", connection, noted))
    with engine(books.database).begin() as connection:  # later revisions were not taken away
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{HEAD}'")
    assert clocks(books, case) == CLOCKS
    assert books.value("SELECT noticed_at FROM cases") is None
    books.check()


def _as_schema_before(books: Books) -> None:
    """Makes of the books what an earlier program left: no columns for a later application."""
    with engine(books.database).begin() as connection:
        columns = {row[0] for row in connection.exec_driver_sql("SELECT * FROM cases LIMIT 0").cursor.description}
        kept = sorted(columns - {"id", "platform_key", "applied_anew_at", "noticed_at", "platform_closed_at"})
        noting.note_anew(connection, "cases", kept)
        for column in ("applied_anew_at", "noticed_at", "platform_closed_at"):
            connection.exec_driver_sql(f"ALTER TABLE cases DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0036'")
