"""Eight people at once: processes of their own on the same books, on both databases."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier

import pytest
import sqlalchemy as sa

from retcli.actions.cases import contacts, decisions
from retcli.actions.money import payouts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.pieces import stock
from retcli.actions.warehouse.shipments import keeping
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.database import engine
from retcli.errors import AlreadyDone, Busy, RetcliError
from retcli.models import Case
from retcli.rules.lifecycles import Kind
from retcli.rules.warehouse.causes import Cause
from retcli.rules.warehouse.modes import COUNTING
from retcli.transaction import opened
from tests.lengths import HOUR, length, sweep
from tests.shopfloor import MANAGER, WAREHOUSE, Books

PEOPLE = 8
PARCELS = length(60, 1000)
UNKNOWN = length(20, 40)
NOTES = length(12, 25)
CASES = length(12, 24)
ROUNDS, CASH = length(12, 30), length(200, 500)
Work = Callable[[Books, int], list[str]]
Together = Callable[..., list[str]]


_gate: Barrier
"""Where the people of a crew wait for each other; each process has it from its start."""


def _arrive(gate: Barrier) -> None:
    global _gate
    _gate = gate
    os.environ["RETCLI_LANG"] = "en"


def _begin(books: Books, work: Work | None, person: int) -> list[str]:
    """One person's work, begun when all are ready; who has none stands at the gate all the same."""
    _gate.wait(60)
    if work is None:
        return []
    try:
        return work(books, person)
    except BaseException as fault:
        return [f"{type(fault).__name__}: {fault}"]
    finally:
        engine.engine(books.database).dispose()


@pytest.fixture(scope="module")
def crew() -> Iterator[Pool]:
    """Eight processes of their own, forked from one that has loaded everything where that can be: nobody takes two
    shares, since all meet at the gate before each work.
    """
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    apart = multiprocessing.get_context("forkserver" if forks else "spawn")
    apart.set_forkserver_preload([__name__])
    with apart.Pool(PEOPLE, _arrive, (apart.Barrier(PEOPLE),)) as pool:
        yield pool


@pytest.fixture
def together(crew: Pool) -> Together:
    """What everybody is answered, work done by so many at once."""

    def done(books: Books, work: Work, people: int = PEOPLE) -> list[str]:
        engine.engine(books.database).dispose()
        shares = [(books, work if person < people else None, person) for person in range(PEOPLE)]
        told = crew.starmap_async(_begin, shares, chunksize=1).get(timeout=length(200, 3000))
        return [answer for answers in told for answer in answers]

    return done


def tried(action: Callable[[], str]) -> str:
    """The answer, or the kind of refusal; anything else is a fault of the program."""
    try:
        return action()
    except AlreadyDone:
        return "again"
    except RetcliError as refused:
        return type(refused).__name__


# the same parcels


def waybill(number: int) -> str:
    return f"YT52604{number:08d}"


def _scan(books: Books, person: int) -> list[str]:
    """Scans every parcel, each person from another place on."""
    bench, told = Bench(), []
    for place in range(PARCELS):
        code = waybill((place + person * PARCELS // PEOPLE) % PARCELS if person % 2 else place)
        told.append(tried(lambda code=code: books.do(scanning.scan, bench, code, by=WAREHOUSE).outcome))  # type: ignore[misc]
    return told


@sweep
@pytest.mark.timeout(HOUR)
def test_each_parcel_is_received_once(together: Together, books: Books) -> None:
    books.hire()
    books.order("2850000000000000031", ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, "2850000000000000031", kind=Kind.RETURN, reason="B_7D")
    with opened(books.asked()) as shop:
        row = shop.session.scalars(sa.select(Case)).one()
        for number in range(PARCELS):
            parcels.expect(shop, row, waybill(number))
    began = time.monotonic()
    told = Counter(together(books, _scan))
    spell = time.monotonic() - began
    sys.stderr.write(f"\n{PEOPLE * PARCELS} scans in {spell:.1f} s\n")
    assert told == {"received": PARCELS, "duplicate": (PEOPLE - 1) * PARCELS}
    assert books.value("SELECT COUNT(*) FROM parcels WHERE state = 'received'") == PARCELS
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'receive'") == PARCELS
    assert case.number
    books.check()


def _scan_unknown(books: Books, _person: int) -> list[str]:
    bench = Bench()
    return [tried(lambda n=n: books.do(scanning.scan, bench, waybill(n), by=WAREHOUSE).outcome) for n in range(UNKNOWN)]  # type: ignore[misc]


@sweep
def test_each_parcel_that_nobody_announced_is_put_aside_once(together: Together, books: Books) -> None:
    books.hire()
    told = Counter(together(books, _scan_unknown))
    assert told == {"unclaimed": UNKNOWN, "duplicate": (PEOPLE - 1) * UNKNOWN}
    assert books.value("SELECT COUNT(*) FROM parcels") == UNKNOWN
    books.check()


# the same money


def _pay(books: Books, _person: int) -> list[str]:
    return [tried(lambda: books.do(payouts.refund, "RC20261109-0001", by=MANAGER).state)]


def test_one_case_is_paid_once(together: Together, books: Books) -> None:
    books.hire()
    books.order("2850000000000000032", ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, "2850000000000000032", kind=Kind.REFUND_ONLY, reason="Q_FUNC")
    books.do(decisions.approve, case.number)
    told = Counter(together(books, _pay))
    assert told["due"] == 1
    assert set(told) <= {"due", "Refused", "Overdrawn", "Busy"}
    assert books.value("SELECT COUNT(*) FROM payouts") == 1
    assert books.value("SELECT SUM(minor) FROM payout_parts") == 9397
    books.check()


def _nibble(books: Books, person: int) -> list[str]:
    """Pays seven fen again and again until nothing is left."""
    told: list[str] = []
    while len(told) < ROUNDS:
        answer = tried(lambda: books.do(payouts.refund, "RC20261109-0001", amount=7, by=MANAGER).state)
        if answer not in {"due", Busy.__name__}:
            answer = tried(lambda: books.do(payouts.refund, "RC20261109-0001", by=MANAGER).state)
        told.append(answer)
    return told


@sweep
def test_a_line_paid_by_many_at_once_pays_exactly_its_cash(together: Together, books: Books) -> None:
    books.hire()
    books.order("2850000000000000033", ("TS-L", 1, CASH))
    case = books.do(decisions.open_case, "2850000000000000033", kind=Kind.REFUND_ONLY, reason="Q_FUNC")
    books.do(decisions.approve, case.number)
    told = Counter(together(books, _nibble))
    assert set(told) <= {"due", "Refused", "Overdrawn", "Busy"}
    assert told["due"] == books.value("SELECT COUNT(*) FROM payouts")
    assert books.value("SELECT SUM(minor) FROM payout_parts") == CASH
    books.check()


TWO_FEN = "INSERT INTO payout_parts (payout_id, order_id, line_id, purpose, minor) VALUES (1, 1, 1, 'goods', 2)"


def _raw_parts(books: Books, _person: int) -> list[str]:
    """Works past the program on the ledger itself: only the trigger stands in the way."""
    told = []
    for _ in range(60):
        try:
            with engine.engine(books.database).begin() as connection:
                connection.exec_driver_sql(TWO_FEN)
            told.append("paid")
        except sa.exc.DBAPIError as refused:
            told.append("refused" if "overdrawn" in str(refused) else str(refused))
    return told


def test_the_trigger_alone_lets_exactly_the_cash_out(together: Together, books: Books) -> None:
    books.order("2850000000000000034", ("TS-L", 1, 500))
    case = books.do(decisions.open_case, "2850000000000000034", kind=Kind.REFUND_ONLY, reason="Q_FUNC")
    books.do(decisions.approve, case.number)
    books.do(payouts.refund, case.number, amount=100)
    told = Counter(together(books, _raw_parts))
    assert told == {"paid": 200, "refused": PEOPLE * 60 - 200}
    assert books.value("SELECT SUM(minor) FROM payout_parts") == 500


def _open(books: Books, _person: int) -> list[str]:
    number = "2850000000000000035"
    return [
        tried(lambda: books.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D", lines=["TS-L=1"]).decision)
    ]


def test_the_same_pieces_go_into_as_many_cases_as_there_are_pieces(together: Together, books: Books) -> None:
    books.order("2850000000000000035", ("TS-L", 3, 1000))
    told = Counter(together(books, _open))
    assert told == {"requested": 3, "Overdrawn": PEOPLE - 3}
    assert books.value("SELECT SUM(units) FROM draws") == 3
    books.check()


def _decide(books: Books, person: int) -> list[str]:
    """Half of them pay each case, give amends and finish it, the others withdraw it."""
    told = []
    for n in range(1, CASES + 1):
        case = f"RC20261109-{n:04d}"
        if person % 2:
            told.append(tried(lambda: "withdrawn" if books.do(decisions.withdraw, case) else ""))  # noqa: B023
            continue
        told.append(tried(lambda: "paid" if books.do(payouts.refund, case, by=MANAGER) else ""))  # noqa: B023
        tried(lambda: books.do(payouts.compensate, case, coupon=500, by=MANAGER).state)  # noqa: B023
        tried(lambda: books.do(decisions.finish, case).stage)  # noqa: B023
    return told


@sweep
def test_a_case_is_paid_or_withdrawn_but_never_both(together: Together, books: Books) -> None:
    books.hire()
    for n in range(CASES):
        books.order(f"28500000000000004{n:02d}", ("TS-L", 1, 500))
        kind = Kind.REFUND_ONLY if n % 2 else Kind.RETURN
        case = books.do(decisions.open_case, f"28500000000000004{n:02d}", kind=kind, reason="Q_FUNC")
        books.do(decisions.approve, case.number)
    told = Counter(together(books, _decide))
    assert set(told) <= {"paid", "withdrawn", "Refused", "Overdrawn", "Busy"}
    both = "SELECT c.number FROM cases c JOIN payouts p ON p.case_id = c.id WHERE c.decision = 'withdrawn'"
    assert not books.rows(f"{both} AND p.kind = 'refund'")
    assert told["withdrawn"] == books.value("SELECT COUNT(*) FROM cases WHERE decision = 'withdrawn'") > 0
    books.check()


# the same operation


def _with_key(books: Books, _person: int) -> list[str]:
    return [
        tried(lambda: books.do(payouts.compensate, "RC20261109-0001", coupon=500, key="K1").state) for _ in range(3)
    ]


@pytest.mark.parametrize("people", [2, PEOPLE])
def test_one_key_has_one_effect(together: Together, books: Books, people: int) -> None:
    books.order("2850000000000000036", ("TS-L", 1, 500))
    case = books.do(decisions.open_case, "2850000000000000036", kind=Kind.RETURN, reason="B_7D")
    books.do(decisions.approve, case.number)
    told = Counter(together(books, _with_key, people))
    assert told == {"due": 1, "again": 3 * people - 1}
    assert books.value("SELECT COUNT(*) FROM payouts") == 1
    books.check()


# the chain


def _note(books: Books, person: int) -> list[str]:
    return [tried(lambda: books.do(contacts.note, "RC20261109-0001", f"{person}").decision) for _ in range(NOTES)]


@sweep
def test_the_history_has_no_broken_link_with_eight_writers(together: Together, books: Books) -> None:
    books.order("2850000000000000037", ("TS-L", 1, 500))
    books.do(decisions.open_case, "2850000000000000037", kind=Kind.RETURN, reason="B_7D")
    told = Counter(together(books, _note))
    assert told == {"requested": PEOPLE * NOTES}
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'note'") == PEOPLE * NOTES
    assert books.value("SELECT COUNT(*) FROM notes") == PEOPLE * NOTES
    books.check()


# the stock counted


COUNTED, CAME = length(10, 100), length(5, 50)


def _count(books: Books, _person: int) -> list[str]:
    """Counts so many pieces, one after the other."""
    bench = Bench(mode=COUNTING)
    scans = [tried(lambda: books.do(scanning.scan, bench, "TS-L", by=WAREHOUSE).outcome) for _n in range(COUNTED)]
    return list(scans)


def _post_or_move(books: Books, person: int) -> list[str]:
    """Half of them post the stocktake, the others have pieces come."""
    if person % 2:
        return [tried(lambda: books.do(posting.post, by=MANAGER).state)]
    return [tried(partial(_came, books)) for _n in range(CAME)]


def _came(books: Books) -> str:
    with opened(books.asked()) as shop:
        stock.move(shop, "TS-L", stock.OUTSIDE, "sellable", 1, None, cause=Cause.FOUND)
    return "came"


@sweep
@pytest.mark.timeout(HOUR)
def test_all_count_into_one_stocktake_and_it_is_posted_once(together: Together, books: Books) -> None:
    """Eight people begin at the same moment: one stocktake with every piece, in nobody's way. Then four post it while
    pieces come: it is posted once, and what came is not lost.
    """
    books.hire()
    books.product("TS-L")
    assert Counter(together(books, _count)) == {"counted": PEOPLE * COUNTED}
    assert books.rows("SELECT state FROM stocktakes") == [("open",)]
    books.later(minutes=1)
    told = Counter(together(books, _post_or_move))
    assert told == {"came": PEOPLE // 2 * CAME, "posted": 1, "Refused": PEOPLE // 2 - 1}
    pieces = books.value("SELECT quantity FROM stock_balances WHERE bucket = 'sellable'")
    assert pieces == PEOPLE * COUNTED + PEOPLE // 2 * CAME
    books.check()


# the last pieces of an article


PROMISED = 3


def _resend_of(person: int) -> str:
    return f"28500000000000007{person:02d}"


def _slowly(look: Callable[..., int]) -> Callable[..., int]:
    """A look at what is free after which everybody else gets the time to look too."""

    def looked(*args: object) -> int:
        pieces = look(*args)
        time.sleep(0.2)
        return pieces

    return looked


def _promise(books: Books, person: int) -> list[str]:
    """Everybody agrees to send one piece again, between a look at the stock and the word about it a moment passes."""
    free, keeping.free = keeping.free, _slowly(keeping.free)
    try:
        return [tried(lambda: books.do(decisions.approve, _resend_of(person), by=MANAGER).decision)]
    finally:
        keeping.free = free


def _send(books: Books, person: int) -> list[str]:
    waybill = f"SF99{person:011d}"
    return [tried(lambda: books.do(decisions.ship, _resend_of(person), waybill=waybill, by=WAREHOUSE).stage)]


@sweep
@pytest.mark.timeout(HOUR)
def test_the_last_pieces_are_promised_once(together: Together, books: Books) -> None:
    """Three pieces, eight cases agreed to at one moment: three are kept, and just these are sent."""
    books.hire()
    books.product("TS-L")
    books.do(takes.count, "TS-L", PROMISED, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)
    books.later(minutes=1)
    for person in range(PEOPLE):
        books.order(_resend_of(person), ("TS-L", 1, 9397))
        books.do(decisions.open_case, _resend_of(person), kind=Kind.RESEND, reason="L_LOST")
    assert together(books, _promise) == ["approved"] * PEOPLE
    assert books.value("SELECT SUM(reserved) FROM replacements") == PROMISED
    told = Counter(together(books, _send))
    assert told["Refused"] == PEOPLE - PROMISED
    assert books.rows("SELECT quantity FROM stock_balances WHERE bucket = 'sellable'") == [(0,)]
    assert books.value("SELECT COUNT(*) FROM shipments WHERE state = 'shipped'") == PROMISED
    books.check()
