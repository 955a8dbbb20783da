"""A Monday's queue at a real terminal: one key a case, and the books afterwards."""

import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from retcli.database import engine
from retcli.rules.lifecycles import Kind
from tests.shopfloor import AGENT, MANAGER, NOON, Books
from tests.terminal import Desk, environment, hears_control_c

pexpect = pytest.importorskip("pexpect")

PROMPT = "[q]uit > "
LAST = "That was the last one"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PLAIN, LATE, FLAWED = 52, 4, 4
"""Sixty refunds: plainly to be approved; after the seven days; flawed, without a photo (a return needs none)."""


def opened_on_sunday(books: Books, others: bool = True) -> dict[str, tuple[str, int]]:
    """The sixty cases (the plain ones alone without the `others`), each on an order of its own: number → what it is and
    what it is worth.
    """
    from retcli.actions.cases import decisions

    found = {}
    for n in range(PLAIN + (LATE + FLAWED) * others):
        what = "plain" if n < PLAIN else "late" if n < PLAIN + LATE else "flawed"
        cash = 1000 + 7 * n
        signed = NOON - timedelta(days=20 if what == "late" else 2)
        order = books.order(f"28500000000000{n:05}", ("TS-M", 1, cash), signed_at=signed)
        reason = "Q_LOOK" if what == "flawed" else "B_7D"
        view = books.do(decisions.open_case, order, kind=Kind.RETURN, reason=reason, by=AGENT)
        found[view.number] = (what, cash)
    return found


Queue = Callable[..., dict[str, tuple[str, int]]]


@pytest.fixture(scope="module")
def sundays(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], tuple[Path, Any]]:
    """Books as they stand on Sunday evening, made once, and the cases in them."""

    @cache
    def made(others: bool) -> tuple[Path, Any]:
        path = shutil.copyfile(template, tmp_path_factory.mktemp("sunday") / "shop.db")
        books = Books(str(path))
        books.hire()
        known = opened_on_sunday(books, others)
        engine.engine(str(path)).dispose()
        return path, known

    return made


@pytest.fixture
def queue(sundays: Callable[[bool], tuple[Path, Any]], sqlite_books: Books) -> Queue:
    """Puts the staff and Sunday's cases into the books; which cases those are."""

    def laid(others: bool = True) -> dict[str, tuple[str, int]]:
        path, known = sundays(others)
        engine.engine(sqlite_books.database).dispose()
        shutil.copyfile(path, sqlite_books.database)
        return dict(known)

    return laid


class Reviewer:
    """Somebody at a terminal of 24 lines and 80 columns who presses keys."""

    def __init__(self, desk: Desk, prompt: str = PROMPT, words: tuple[str, ...] = ("review",), **env: str) -> None:
        made = environment(desk.database, TERM="xterm", **env)
        call = ["-m", "retcli", "--operator", AGENT, "case", *words]
        self.terminal: Any = pexpect.spawn(
            sys.executable,
            call,
            env=made,
            encoding="utf-8",
            timeout=30,
            dimensions=(24, 80),
            preexec_fn=hears_control_c,
        )
        self.prompt, self.pressed = prompt, 0
        self.screen = self._shown()

    def _shown(self) -> str:
        which = self.terminal.expect_exact([self.prompt, pexpect.EOF])
        self.ended = which == 1
        return ESCAPES.sub("", str(self.terminal.before)).replace("\r", "")

    def press(self, key: str) -> str:
        """What is on the screen after a key that brings the next prompt."""
        self.terminal.send(key)
        self.pressed += len(key)
        self.screen = self._shown()
        return self.screen

    def half(self, key: str, until: str) -> None:
        """A key that asks something more."""
        self.terminal.send(key)
        self.pressed += len(key)
        self.terminal.expect_exact(until)

    @property
    def number(self) -> str:
        """The case on the screen."""
        return str(re.findall(r"\d+ of \d+  (RC\d{8}-\d{4})", self.screen)[-1])

    def end(self) -> int:
        """How it ended."""
        self.terminal.close()
        return int(self.terminal.exitstatus)


@pytest.fixture
def reviewers() -> Iterator[list[Reviewer]]:
    """Terminals, closed at the end whatever happened."""
    made: list[Reviewer] = []
    yield made
    for one in made:
        one.terminal.close(force=True)


def seated(books: Books, reviewers: list[Reviewer]) -> Reviewer:
    """Somebody who sits down before the first card; the terminal is closed at the end."""
    seat = Reviewer(Desk(books.database))
    reviewers.append(seat)
    return seat


@dataclass
class Monday:
    """The round as it goes: what became of each case, how many keys it took, the tallest screen."""

    desk: Desk
    seat: Reviewer
    known: dict[str, tuple[str, int]]
    became: dict[str, str] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    lines: int = 0

    def decide(self) -> None:
        """The case on the screen, as somebody who knows the shop decides it."""
        seat, number = self.seat, self.seat.number
        self.lines = max(self.lines, seat.screen.count("\n") + 1)
        before = seat.pressed
        ways = {"plain": self.plain, "late": self.late, "flawed": self.flawed}
        self.became[number] = ways[self.known[number][0]](number)
        self.keys[number] = seat.pressed - before

    def plain(self, number: str) -> str:
        assert "Verdict: yes" in self.seat.screen
        if len(self.became) == 10:
            self.desk.case("approve", number, by=MANAGER)
            assert f"{number} was decided by somebody else meanwhile" in self.seat.press("a")
            return "passed over"
        self.seat.press("a")
        return "approved"

    def late(self, number: str) -> str:
        assert "after the seven days ended" in self.seat.press("a"), "the reason why it cannot be is said"
        assert decision(self.desk, number) == "requested"
        self.seat.half("r", "goes back) ")
        self.seat.press("1")
        return "rejected"

    def flawed(self, _number: str) -> str:
        assert "Verdict: yes" in self.seat.screen, "goods that come back are looked at: no photo is needed"
        if list(self.became.values()).count("offered") < 3:
            self.seat.half("o", "goes back) ")
            self.seat.half("3", "5.00) ")
            self.seat.press("8\r")
            return "offered"
        self.seat.half("m", "goes back) ")
        self.seat.half("1", "none): ")
        self.seat.press("the photo\r")
        return "handed over"

    def worth(self, *whats: str) -> int:
        """What the cases that came to this are worth together, in fen."""
        return sum(self.known[number][1] for number, what in self.became.items() if what in whats)


def test_sixty_refunds_on_a_monday(sqlite_books: Books, queue: Queue, reviewers: list[Reviewer]) -> None:
    known = queue()
    desk = Desk(sqlite_books.database, at=NOON + timedelta(hours=21))
    reviewers.append(Reviewer(desk, RETCLI_NOW=desk.at.isoformat()))
    monday = Monday(desk, reviewers[0], known)
    while LAST not in monday.seat.screen:
        monday.decide()
    monday.seat.press("q")
    assert Counter(monday.became.values()) == {
        "approved": 51, "rejected": 4, "offered": 3, "handed over": 1, "passed over": 1
    }  # fmt: skip
    assert monday.lines <= 24, "one case a screen"
    assert {monday.keys[number] for number in known if known[number][0] == "plain"} == {1}, "a plain case is one key"
    assert monday.seat.end() == 0
    summed_up(monday)
    in_the_books(monday)


def summed_up(monday: Monday) -> None:
    """What the last screen says."""
    told, own = " ".join(monday.seat.screen.split()), monday.worth("approved")
    assert "approved 51, rejected 4, offered 3, left to the manager 1, decided or changed by others 1" in told
    assert f"Approved: {own // 100}.{own % 100:02}" in told
    assert f"{monday.seat.pressed} keys pressed" in told
    assert "still wait" not in told


def in_the_books(monday: Monday) -> None:
    """Every decision, every fen, every offer."""
    books = monday.desk.books
    told = {"approved": "approved", "passed over": "approved", "rejected": "rejected"}
    found = dict(tuple(row) for row in books.rows("SELECT number, decision FROM cases"))
    assert found == {number: told.get(what, "requested") for number, what in monday.became.items()}
    assert books.value("SELECT SUM(cash) FROM draws") == monday.worth("approved", "passed over")
    offers = [tuple(row) for row in books.rows("SELECT rung, amount, state FROM offers")]
    assert offers == [("compensation", 800, "made")] * 3
    assert books.value("SELECT COUNT(*) FROM cases WHERE owner = :who", who=MANAGER) == 1
    books.check()


def decision(desk: Desk, number: str) -> str:
    """What another connection reads while the round still runs."""
    return str(desk.books.value("SELECT decision FROM cases WHERE number = :number", number=number))


def test_every_decision_is_saved_when_the_terminal_is_closed(
    sqlite_books: Books, queue: Queue, reviewers: list[Reviewer]
) -> None:
    queue(others=False)
    seat = seated(sqlite_books, reviewers)
    first = seat.number
    seat.press("a")
    assert decision(Desk(sqlite_books.database), first) == "approved"
    seat.terminal.close(force=True)
    assert sqlite_books.value("SELECT COUNT(*) FROM cases WHERE decision = 'approved'") == 1
    sqlite_books.check()


def test_control_c_and_control_d_leave_the_terminal_as_it_was(
    sqlite_books: Books, queue: Queue, reviewers: list[Reviewer]
) -> None:
    queue()
    for key, code in (("\x03", 130), ("\x04", 0), ("q", 0)):
        seat = seated(sqlite_books, reviewers)
        assert seat.press("\x1b[A") and "means nothing here" in seat.screen, "an arrow decides nothing"
        seat.terminal.send("\x1b")
        time.sleep(0.1)
        assert "means nothing here" in seat.press("[A"), "nor does one that comes in pieces"
        seat.press("ｈ")
        assert "approve it as it stands" in seat.screen, "a key of full width is the same key"
        seat.press(key)
        assert seat.ended
        assert seat.terminal.getecho() is True, "the terminal echoes again"
        assert seat.end() == code
    assert sqlite_books.value("SELECT COUNT(*) FROM cases WHERE decision <> 'requested'") == 0


def test_each_case_of_the_packaged_shop_fits_on_a_screen_in_chinese(full_desk: Desk, reviewers: list[Reviewer]) -> None:
    seat = Reviewer(full_desk, prompt="[q]结束 > ", RETCLI_LANG="zh")
    reviewers.append(seat)
    screens = []
    while not seat.ended:
        screens.append(seat.screen)
        seat.press("s")
    assert len(screens) == 13
    assert max(screen.count("\n") + 1 for screen in screens) <= 24
    assert all("审核结论" in screen and "应退" in screen for screen in screens)
    assert "已跳过 13" in seat.screen


def test_a_group_is_approved_after_one_question(sqlite_books: Books, queue: Queue, reviewers: list[Reviewer]) -> None:
    queue()
    desk = Desk(sqlite_books.database)
    group = [1000 + 7 * n for n in range(PLAIN + LATE + FLAWED) if not PLAIN <= n < PLAIN + LATE]
    for typed, approved in (("n\r", 0), ("y\r", len(group))):
        seat = Reviewer(desk, prompt="[y/N]: ", words=("approve", "--all-yes"))
        reviewers.append(seat)
        assert f"{len(group)} cases (return and refund {len(group)})" in seat.screen
        assert seat.screen.rstrip().endswith(f"Approve all {len(group)}?")
        seat.press(typed)
        assert (seat.ended, seat.end()) == (True, 0)
        assert sqlite_books.value("SELECT COUNT(*) FROM cases WHERE decision = 'approved'") == approved
    assert sqlite_books.value("SELECT SUM(cash) FROM draws") == sum(group)
    sqlite_books.check()


def approved(books: Books) -> int:
    """How many cases are approved."""
    return int(books.value("SELECT COUNT(*) FROM cases WHERE decision = 'approved'"))


def test_keys_typed_ahead_approve_only_what_was_seen(
    sqlite_books: Books, queue: Queue, reviewers: list[Reviewer]
) -> None:
    queue(others=False)
    seat = seated(sqlite_books, reviewers)
    seat.press("aaa")
    assert "Several keys at once decide nothing" in seat.screen
    assert approved(sqlite_books) == 0, "three in one moment are no key at all"
    seat.terminal.delaybeforesend = 0.01
    seat.terminal.send("a")
    time.sleep(0.15)  # until it counts as a key
    for _again in range(12):
        seat.terminal.send("a")
        time.sleep(0.06)
    seat.terminal.expect_exact("2 of 52")
    seat.terminal.expect_exact(PROMPT)
    time.sleep(0.5)
    assert approved(sqlite_books) == 1, "what was typed while the next card came is no answer to it"
    seat.press("a")
    assert approved(sqlite_books) == 2
    sqlite_books.check()


def test_what_is_typed_before_the_first_card_shows_is_no_answer(
    sqlite_books: Books, queue: Queue, reviewers: list[Reviewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(others=False)
    monkeypatch.setattr(Reviewer, "_shown", lambda self: self.terminal.send("aaa") and "")
    seat = Reviewer(Desk(sqlite_books.database))
    monkeypatch.undo()
    reviewers.append(seat)
    seat.screen = seat._shown()
    assert "was not taken" in seat.screen
    seat.press("s")
    assert approved(sqlite_books) == 0


def fired(seat: Reviewer, code: str, pace: int) -> None:
    """A barcode gun that types a character every `pace` milliseconds (0: all at once), then Enter."""
    if not pace:
        seat.press(f"{code}\r")
        return
    seat.terminal.delaybeforesend = None
    began = time.monotonic()
    for place, letter in enumerate(code):
        time.sleep(max(0.0, began + place * pace / 1000 - time.monotonic()))
        seat.terminal.send(letter)
    time.sleep(pace / 1000)
    seat.press("\r")
    seat.terminal.delaybeforesend = 0.05


@pytest.mark.parametrize("pace", [0, 5, 30, 60])
def test_a_barcode_gun_fired_at_a_card_decides_nothing_and_shows_the_parcel(
    sqlite_books: Books, queue: Queue, reviewers: list[Reviewer], pace: int
) -> None:
    number = min(queue(others=False))
    desk = Desk(sqlite_books.database)
    desk.read("parcel", "expect", number, "JDVA00123456789")
    seat = Reviewer(desk)
    reviewers.append(seat)
    fired(seat, "JDVA00123456789", pace)
    assert "Scanned JDVA00123456789; nothing was decided by it" in seat.screen
    assert number in seat.screen and "Parcel PK" in seat.screen
    assert sqlite_books.value("SELECT state FROM parcels") == "expected", "looked up, not received"
    for code in ("AAAA1234567890", "SF1234567890123", "UAQ41234567890", "73210000000015"):
        fired(seat, code, pace)
        assert "nothing here has this number" in seat.screen
        assert f"Scanned {code}" in seat.screen.replace("\n", " "), "the first character too"
    seat.half("r", "goes back) ")
    seat.half("t", "Reason: ")
    seat.press("JDVA00123456789\r")
    assert "Scanned JDVA00123456789" in seat.screen, "a barcode is no reason"
    assert sqlite_books.value("SELECT COUNT(*) FROM cases WHERE decision <> 'requested'") == 0


def test_what_a_person_must_look_at_is_approved_only_after_a_second_question(
    sqlite_books: Books, reviewers: list[Reviewer]
) -> None:
    from retcli.actions.cases import decisions

    sqlite_books.hire()
    order = sqlite_books.order("2850000000000000001", ("TS-M", 1, 5000), signed_at=NOON - timedelta(days=2))
    sqlite_books.do(decisions.open_case, order, kind=Kind.EXCHANGE, reason="X_OTHER", by=AGENT)
    seat = seated(sqlite_books, reviewers)
    assert "Verdict: a person must look" in seat.screen
    seat.half("a", "[y] (any other key goes back) ")
    seat.press("n")
    assert approved(sqlite_books) == 0
    seat.half("a", "[y] (any other key goes back) ")
    seat.press("y")
    assert LAST in seat.screen and approved(sqlite_books) == 1
    seat.press("q")
    assert seat.ended


def test_the_last_decision_is_taken_back_with_one_key(
    sqlite_books: Books, queue: Queue, reviewers: list[Reviewer]
) -> None:
    queue(others=False)
    seat = seated(sqlite_books, reviewers)
    first = seat.number
    assert "Nothing was decided in this round" in seat.press("u")
    seat.press("a")
    second = seat.number
    seat.press("u")
    assert seat.number == first and f"{first}: approved taken back" in seat.screen.replace("\n", " ")
    assert decision(Desk(sqlite_books.database), first) == "requested"
    sqlite_books.check()
    seat.half("r", "goes back) ")
    seat.press("1")
    assert seat.number == second, "the card that was on the screen comes next"
    seat.press("u")
    assert decision(Desk(sqlite_books.database), first) == "requested"
    seat.press("a")
    seat.press("q")
    assert "approved 1" in seat.screen and "taken back 2" in seat.screen and "51 still wait" in seat.screen
    assert seat.end() == 0
    sqlite_books.check()


def test_the_last_decision_of_the_queue_is_taken_back_too(
    sqlite_books: Books, queue: Queue, reviewers: list[Reviewer]
) -> None:
    queue(others=False)
    desk = Desk(sqlite_books.database)
    for number in [row[0] for row in sqlite_books.rows("SELECT number FROM cases ORDER BY id")][1:]:
        desk.case("approve", number, by=MANAGER)
    seat = Reviewer(desk)
    reviewers.append(seat)
    number = seat.number
    seat.press("a")
    assert LAST in seat.screen and f"{number} approved" in seat.screen
    assert decision(desk, number) == "approved"
    assert "1 of 1" in seat.press("u") and seat.number == number
    assert decision(desk, number) == "requested"
    seat.half("r", "goes back) ")
    assert LAST in seat.press("1")
    fired(seat, "UAQ41234567890", 60)
    assert not seat.ended and decision(desk, number) == "rejected", "a scan takes nothing back"
    seat.press("q")
    assert seat.ended and "rejected 1, taken back 1" in seat.screen
    assert seat.end() == 0
    sqlite_books.check()
