"""Whoever reads sees the books at one moment, however long it takes and whoever writes meanwhile."""

import threading
import time

import pytest
import sqlalchemy as sa

from retcli.actions.books import check as checking
from retcli.actions.cases import contacts
from retcli.actions.insight import reason_study
from retcli.database import engine
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.lengths import HOUR, length, sweep
from tests.shopfloor import Books

SPELL = length(4, 30)
NUMBER = "2850000000000000461"


@sweep
@pytest.mark.timeout(HOUR)
def test_a_check_beside_people_who_work_never_sees_half(books: Books) -> None:
    """The chain of events and its anchor, cases and their events: read one after the other, they belong together."""
    from retcli.actions.cases import decisions

    books.order(NUMBER, ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D").number
    stop, written, faults = threading.Event(), [0, 0], list[BaseException]()

    def work(place: int) -> None:
        try:
            while not stop.is_set():
                books.do(contacts.note, case, f"note {place} {written[place]}")
                written[place] += 1
        except BaseException as fault:
            faults.append(fault)

    people = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for person in people:
        person.start()
    checks, until = 0, time.monotonic() + SPELL
    try:
        while time.monotonic() < until:
            with opened(books.asked(), writes=False) as shop:
                assert checking.check(shop).problems == ()
            checks += 1
    finally:
        stop.set()
        for person in people:
            person.join()
    assert not faults
    assert checks > 1
    assert min(written) > 1, "people worked meanwhile"
    books.check()


def test_a_reader_sees_the_moment_of_its_first_look(books: Books) -> None:
    books.order(NUMBER, ("TS-L", 1, 9397))
    with opened(books.asked(), writes=False) as shop:
        count = sa.text("SELECT COUNT(*) FROM orders")
        assert shop.session.scalar(count) == 1
        if "://" in books.database:  # SQLite without its newest journal lets nobody write beside a reader
            books.order("2850000000000000462", ("TS-L", 1, 9397))
        assert shop.session.scalar(count) == 1


def test_who_only_reads_can_change_nothing_on_a_server(postgres_books: Books) -> None:
    with (
        pytest.raises(sa.exc.DBAPIError, match="read-only transaction"),
        engine.reading(postgres_books.database).connect() as connection,
    ):
        connection.execute(sa.text("UPDATE staff SET name = 'x'"))
    with engine.engine(postgres_books.database).begin() as connection:
        connection.execute(sa.text("UPDATE anchors SET seq = seq"))


def test_a_workbook_is_made_of_one_moment(books: Books) -> None:
    """The study behind the sheets is read in a piece of work that only reads."""
    with opened(books.asked(), writes=False) as shop:
        isolation = shop.session.connection().get_execution_options().get("isolation_level")
        assert isolation == ("REPEATABLE READ" if "://" in books.database else None)
        assert reason_study.study_of(shop, books.at.date(), books.at.date()).cases == 0
