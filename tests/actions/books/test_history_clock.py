"""In a shop's books the clock is the real one: who set it by hand is refused, or named; so is time that runs back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retcli.actions.books import check as actions
from retcli.database import admission
from retcli.opening import forget, prepare
from retcli.rules.events import SKEW
from retcli.settings import Asked
from retcli.transaction import opened
from tests.shopfloor import AGENT, FINANCE, MANAGER, NOON, OWNER, WAREHOUSE, Books
from tests.terminal import Desk

NUMBER = "2850000000000000412"


@pytest.fixture
def live(books: Books) -> Desk:
    """A shop's own books: founded under the real clock."""
    with opened(books.asked()) as shop:
        name = shop.session.get_bind().dialect.name
    unlock = {
        "sqlite": ["DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete"],
        "postgresql": ["ALTER TABLE events DISABLE TRIGGER USER"],
    }
    refound(books, unlock[name])
    books = replace(books, live=True)
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 9397))
    return Desk(books.database, live=True)


def refound(books: Books, unlock: list[str]) -> None:
    """The books as if they had been founded this moment and by no rehearsal."""
    import sqlalchemy as sa

    from retcli.database import engine
    from retcli.database.migrations import triggers

    with engine.engine(books.database).begin() as connection:
        for statement in unlock:
            connection.execute(sa.text(statement))
        connection.execute(sa.text("DELETE FROM events"))
        connection.execute(sa.text("DELETE FROM anchors"))
        connection.execute(sa.text("DELETE FROM staff"))
        if connection.dialect.name == "sqlite":
            for statement in triggers.append_only("sqlite", ["events"]):
                connection.execute(sa.text(statement))
        else:
            connection.execute(sa.text("ALTER TABLE events ENABLE TRIGGER USER"))
    asked = Asked(books.database, OWNER)
    forget(asked)
    prepare(asked)


def remarks(desk: Desk) -> list[tuple[int, str, str]]:
    """What `books check` says for attention, of books that are in order but for that."""
    found = desk.read("books", "check")
    assert found["ok"]
    return [(each["invariant"], each["where"], each["text"]) for each in found["remarks"]]


def problems(desk: Desk) -> list[tuple[int, str, str]]:
    """What `books check` says."""
    with opened(Asked(desk.database, OWNER), writes=False) as shop:
        return [(p.invariant, p.where, p.text) for p in actions.check(shop).problems]


@pytest.mark.parametrize("who", [AGENT, MANAGER, WAREHOUSE, FINANCE])
def test_only_the_owner_works_in_a_shops_books_under_a_clock_set_by_hand(live: Desk, who: str) -> None:
    past = Desk(live.database, NOON - timedelta(days=30))
    message = past.refused("case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", by=who)
    assert message == "RETCLI_NOW sets the clock by hand: in a shop's books only the owner may work under it"
    assert live.books.value("SELECT COUNT(*) FROM cases") == 0
    assert past.type("today", by=who).code == 0, "looking at another day is free"
    words = ("case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", "--dry-run")
    if who in {AGENT, MANAGER}:
        assert past.type(*words, by=who).code == 0, "and so is a trial"
    assert problems(live) == []


def test_what_the_owner_does_under_it_is_named_everywhere(live: Desk) -> None:
    past = Desk(live.database, NOON)
    admission._told_of_the_clock.clear()
    opened_so = past.type("case", "open", NUMBER, "--kind", "return", "--reason", "B_7D")
    case = past.case("show", NUMBER)
    past.case("note", case["number"], "问过了")
    assert opened_so.err.count("that will stand in their history for ever") == 1
    first, last = live.books.rows("SELECT MIN(seq), MAX(seq) FROM events WHERE rehearsal")[0]
    assert first == 9, "before come founding, four of the staff and the order, and what each of these three wrote"
    sentence = f"{OWNER} wrote it under a clock that was set by hand (RETCLI_NOW) to 2026-11-09 12:00"
    assert remarks(live) == [(8, f"{first}–{last}", sentence)]
    assert problems(live) == [], "the owner may: it is named and stops no payment"
    assert sentence in live.type("books", "check").out.replace("\n", "")
    shown = live.case("show", case["number"])["stands_out"]
    wanted = f"entries of it were written under a clock that was set by hand (RETCLI_NOW), the first by {OWNER}"
    assert wanted in shown[0]
    assert wanted in live.type("case", "show", case["number"]).out.replace("\n", "")
    clocks = [line for line in live.read("doctor", code=3)["lines"] if line["where"] == "clock"]
    assert sentence in clocks[0]["text"]


def test_what_anybody_else_wrote_under_it_stays_a_problem(live: Desk) -> None:
    with opened(Asked(live.database, OWNER, rehearsed_at=NOON)) as shop:
        shop.operator = replace(shop.operator, name=MANAGER)
        shop.record("books", "probe")
    ((rule, _where, text),) = problems(live)
    assert rule == 8
    assert text.startswith(f"{MANAGER} wrote it under a clock that was set by hand")


def test_a_clock_that_was_set_back_is_said_and_named_and_people_go_on(
    live: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    admission._told_of_the_clock.clear()
    turned = [timedelta(seconds=-100), timedelta(hours=-1), timedelta(hours=-1), timedelta()]
    said: list[str] = []
    for n, by in enumerate(turned):
        monkeypatch.setattr(Asked, "now", lambda _self, by=by: now + by)
        asked = Asked(live.database, OWNER, remark=said.append)
        with opened(asked) as shop:
            shop.record("books", "probe", n=n)
    monkeypatch.undo()
    assert len(said) == 1, "once, not at every scan"
    assert "set the clock" in said[0]
    ((rule, where, text),) = problems(live)
    assert (rule, where) == (8, "10–11"), (
        "after founding and staff; not the first, which lies within the bound, nor the last"
    )
    assert "time runs backwards" in text
    assert f"the clock of {OWNER} was set back" in text


def test_two_computers_may_differ_by_two_minutes() -> None:
    assert timedelta(minutes=2) == SKEW


def test_books_of_a_rehearsal_know_any_clock(books: Books) -> None:
    books.hire()
    books.later(days=-30)
    books.order(NUMBER, ("TS-L", 1, 9397))
    desk = Desk(books.database, books.at)
    desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", by=AGENT)
    books.check()
    assert "RETCLI_NOW" not in "".join(desk.case("show", NUMBER)["stands_out"])
