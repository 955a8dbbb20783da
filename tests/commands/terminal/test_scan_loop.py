"""The scan loop when the books cannot be written: it says so, keeps the code, and lets nothing pass it."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retcli import transaction
from retcli.commands.terminal import incoming_codes, scan_loop
from retcli.commands.terminal.scan_loop import ScanLoop
from retcli.database import engine
from retcli.errors import Busy, Passing, Refused, StorageTrouble
from tests.shopfloor import WAREHOUSE, Books

FIRST, SECOND, THIRD = (f"YT52604{n:08d}" for n in (1, 2, 3))


class Table:
    """A scanner's codes, with what happens between them, and everything that is remarked."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.remarks: list[str] = []
        self.holder: Any = None

    def hold(self) -> None:
        """Another program takes the write lock and hangs."""
        self.holder = engine.bare_connection(Path(self.books.database).as_uri())
        self.holder.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        """It ends."""
        self.holder.close()

    def loop(self, codes: Iterator[str | None], *, live: bool = True) -> ScanLoop:
        """The loop over some codes; None is a second in which none comes."""
        call = replace(self.books.asked(WAREHOUSE), remark=self.remarks.append)
        lines = (None if code is None else (code, time.monotonic()) for code in codes)
        return ScanLoop(call, lines, live=live, sound="none")

    def received(self) -> list[str]:
        """The waybills that are saved, in their order."""
        return [row[0] for row in self.books.rows("SELECT waybill FROM parcels ORDER BY id")]


@pytest.fixture
def table(sqlite_books: Books, monkeypatch: pytest.MonkeyPatch) -> Table:
    """A scanner beside a program that may hang; nobody waits long."""
    sqlite_books.hire()
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0.3)
    return Table(sqlite_books)


def test_a_code_that_cannot_be_saved_is_said_kept_and_saved_when_it_is_scanned_again(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_loop, "WAITING_SECONDS", 0.1)

    def codes() -> Iterator[str]:
        yield FIRST
        table.hold()
        yield SECOND
        table.let_go()
        yield SECOND
        yield THIRD

    views = list(table.loop(codes()).views())
    assert [(view.code, view.outcome) for view in views] == [
        (FIRST, "unclaimed"),
        (SECOND, "unsaved"),
        (SECOND, "unclaimed"),
        (THIRD, "unclaimed"),
    ]
    assert (views[1].sound, views[1].heading) == ("stop", "kept for later")
    assert f"{SECOND} is kept and saved later, do not scan it again" in views[1].message
    assert views[1].parcel == views[0].parcel, "the table in front of the scanner is as it was"
    assert "Waiting for the books: the disk is slow, or somebody else is writing in them" in table.remarks
    assert table.received() == [FIRST, SECOND, THIRD]
    table.books.check()


def test_what_comes_after_a_code_that_is_not_saved_waits_behind_it(table: Table) -> None:
    def codes() -> Iterator[str]:
        table.hold()
        yield FIRST
        yield SECOND
        table.let_go()
        yield THIRD

    views = list(table.loop(codes()).views())
    assert [(view.code, view.outcome) for view in views] == [
        (FIRST, "unsaved"),
        (FIRST, "unsaved"),
        (FIRST, "unclaimed"),
        (SECOND, "unclaimed"),
        (THIRD, "unclaimed"),
    ]
    assert table.received() == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("live", [True, False])
def test_codes_that_are_not_saved_to_the_end_are_named_and_end_with_6(table: Table, live: bool) -> None:
    def codes() -> Iterator[str]:
        yield FIRST
        table.hold()
        yield SECOND

    with pytest.raises(Busy) as busy:
        list(table.loop(codes(), live=live).views())
    table.let_go()
    said = (
        "Kept on disk and saved first by the next retcli scan, do not scan them again"
        if live
        else "Codes were not saved"
    )
    assert (busy.value.exit_code, busy.value.message) == (6, f"{said}: {SECOND}")
    assert table.received() == [FIRST]


def test_codes_from_a_pipe_are_tried_again_by_themselves(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def codes() -> Iterator[str]:
        table.hold()
        yield FIRST
        yield SECOND

    outcomes, headings = [], []
    for view in table.loop(codes(), live=False).views():
        outcomes.append((view.code, view.outcome))
        if view.outcome == "unsaved":
            table.let_go()
        headings.append(view.heading)
    assert outcomes == [(FIRST, "unsaved"), (FIRST, "unclaimed"), (SECOND, "unclaimed")]
    assert headings[0] == "NOT SAVED", "nothing of it outlives the program"


def test_books_in_use_at_the_start_are_waited_for_at_a_terminal(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter([True, True, False])
    opened = transaction.opened

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        if next(turns, False):
            raise Busy("the books are in use")
        return opened(*args, **kwargs)

    monkeypatch.setattr(transaction, "opened", sometimes)
    assert [view.code for view in table.loop(iter([FIRST])).views()] == [FIRST]
    assert table.received() == [FIRST]


def test_the_end_is_never_named_as_not_saved(table: Table) -> None:
    views = list(table.loop(iter([FIRST, "RCMDEND", SECOND])).views())
    assert [(view.code, view.outcome) for view in views] == [(FIRST, "unclaimed"), ("RCMDEND", "command")]
    assert not [remark for remark in table.remarks if "not saved" in remark]
    assert table.received() == [FIRST]


def test_in_a_pipe_an_end_clears_the_table_and_the_codes_behind_it_go_on(table: Table) -> None:
    loop = table.loop(iter([FIRST, "RCMDA", "rcmdend\n", "RCMDEND", SECOND, "RCMDEND"]), live=False)
    tables = [(view.code, loop.bench.parcel != "", loop.bench.grade) for view in loop.views()]
    assert tables == [
        (FIRST, True, None),
        ("RCMDA", True, "A"),
        ("RCMDEND", False, None),
        ("RCMDEND", False, None),
        (SECOND, True, None),
        ("RCMDEND", False, None),
    ]
    assert not [remark for remark in table.remarks if "not saved" in remark]
    assert table.received() == [FIRST, SECOND]


def test_an_end_behind_a_code_that_is_not_saved_ends_and_only_that_code_is_named(table: Table) -> None:
    def codes() -> Iterator[str]:
        table.hold()
        yield FIRST
        yield "RCMDEND"
        pytest.fail("nothing is read behind the end")

    with pytest.raises(Busy) as busy:
        list(table.loop(codes()).views())
    table.let_go()
    kept = f"Kept on disk and saved first by the next retcli scan, do not scan them again: {FIRST}"
    assert (busy.value.message, table.remarks[-1]) == (kept, kept)


@pytest.mark.parametrize("replaced", [True, False])
def test_books_that_were_deleted_or_replaced_end_the_loop_before_anything_is_acknowledged(
    table: Table, tmp_path: Path, replaced: bool
) -> None:
    path = Path(table.books.database)

    def codes() -> Iterator[str]:
        yield FIRST
        aside = tmp_path / "aside.db"
        if replaced:
            engine_closed = shutil.copyfile(path, aside)
            Path(engine_closed).replace(path)
        else:
            path.rename(aside)
        yield SECOND

    views = []
    with pytest.raises(StorageTrouble, match="deleted, moved or replaced"):
        for view in table.loop(codes()).views():
            views.append(view)
    assert [view.code for view in views] == [FIRST]
    assert table.remarks == [f"Codes were not saved: {SECOND}"]
    if replaced:
        with closing(engine.bare_connection(path.as_uri())) as there:
            assert there.execute("SELECT COUNT(*) FROM parcels WHERE waybill = ?", (SECOND,)).fetchone() == (0,)


@pytest.mark.parametrize("live", [True, False])
def test_what_is_kept_is_saved_while_nothing_is_scanned(table: Table, live: bool) -> None:
    order: list[str] = []

    def codes() -> Iterator[str | None]:
        table.hold()
        yield FIRST
        yield SECOND
        order.append("nothing is scanned, and the books are in use")
        yield None
        table.let_go()
        order.append("nothing is scanned")
        yield None
        order.append("nothing is scanned any more")
        yield None

    for view in table.loop(codes(), live=live).views():
        order.append(f"{view.code} {view.outcome}")
    assert order[-5:] == [
        "nothing is scanned, and the books are in use",
        "nothing is scanned",
        f"{FIRST} unclaimed",
        f"{SECOND} unclaimed",
        "nothing is scanned any more",
    ]
    assert set(order[:-5]) == {f"{FIRST} unsaved"}
    assert table.received() == [FIRST, SECOND]


def test_a_piece_that_was_said_to_be_kept_is_one_piece_however_often_it_was_tried(table: Table) -> None:
    def codes() -> Iterator[str | None]:
        table.hold()
        yield FIRST
        yield None
        yield FIRST
        table.let_go()
        yield None

    assert [view.outcome for view in table.loop(codes()).views()] == ["unsaved", "unsaved", "unclaimed"]
    assert table.received() == [FIRST]


def test_books_in_use_at_the_start_of_a_pipe_lose_no_code(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    turns, opened = iter([True, True, False]), transaction.opened

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        if next(turns, False):
            raise Busy("the books are in use")
        return opened(*args, **kwargs)

    monkeypatch.setattr(transaction, "opened", sometimes)
    views = list(table.loop(iter([FIRST, SECOND]), live=False).views())
    assert [(view.code, view.outcome) for view in views] == [
        (FIRST, "unsaved"),
        (FIRST, "unclaimed"),
        (SECOND, "unclaimed"),
    ]


def test_books_in_use_all_the_time_end_a_pipe_with_all_of_its_codes_named(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []

    def never(*_args: Any, writes: bool = True, **_kwargs: Any) -> Any:
        tried.append(writes)
        raise Busy("the books are in use")

    monkeypatch.setattr(transaction, "opened", never)
    codes = [f"YT52605{n:08d}" for n in range(50)]
    with pytest.raises(Busy) as busy:
        list(table.loop(iter(codes), live=False).views())
    assert busy.value.exit_code == 6
    assert busy.value.message == "Codes were not saved: " + "".join(f"\n{code}" for code in codes), "a line each"
    assert len(tried) == 1 + scan_loop.TRIES + 1, "a start, one code's tries, and one at the end: no hour for each code"


@pytest.mark.parametrize("live", [True, False])
def test_a_loop_that_ends_in_the_middle_names_the_codes_behind_too(table: Table, live: bool) -> None:
    path = Path(table.books.database)

    def codes() -> Iterator[str | None]:
        yield FIRST
        path.rename(path.with_name("aside.db"))
        yield SECOND
        yield THIRD
        yield None
        pytest.fail("what comes later is not waited for")

    with pytest.raises(StorageTrouble):
        list(table.loop(codes(), live=live).views())
    assert table.remarks == [f"Codes were not saved: {SECOND}, {THIRD}"]


def test_a_full_disk_or_a_server_away_never_ends_a_terminal(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """满盘、数据库没有应答：这一扫留着，好了再存，扫码不会停。"""
    opened, faults = transaction.opened, iter([None, None, Passing("the disk is full"), Passing("no answer")])

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        if fault := next(faults, None):
            raise fault
        return opened(*args, **kwargs)

    monkeypatch.setattr(transaction, "opened", sometimes)
    views = list(table.loop(iter([FIRST, SECOND, None, THIRD])).views())
    assert [(view.code, view.outcome) for view in views] == [
        (FIRST, "unclaimed"),
        (SECOND, "unsaved"),
        (SECOND, "unclaimed"),
        (THIRD, "unclaimed"),
    ]
    assert "the disk is full" in views[1].message
    assert table.received() == [FIRST, SECOND, THIRD]
    table.books.check()


def test_a_full_disk_ends_a_pipe(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, faults = transaction.opened, iter([None, Passing("the disk is full")])

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        if fault := next(faults, None):
            raise fault
        return opened(*args, **kwargs)

    monkeypatch.setattr(transaction, "opened", sometimes)
    with pytest.raises(Passing):
        list(table.loop(iter([FIRST, SECOND]), live=False).views())
    assert table.remarks[-1] == f"Codes were not saved: {FIRST}, {SECOND}"


@pytest.mark.parametrize("live", [True, False])
def test_what_the_books_refuse_is_a_stop_and_the_loop_goes_on(
    table: Table, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    opened, refusals = transaction.opened, iter([None, None, Refused("only once", "retcli today")])

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        if refusal := next(refusals, None):
            raise refusal
        return opened(*args, **kwargs)

    monkeypatch.setattr(transaction, "opened", sometimes)
    views = list(table.loop(iter([FIRST, SECOND, THIRD]), live=live).views())
    assert [(view.code, view.outcome) for view in views] == [
        (FIRST, "unclaimed"),
        (SECOND, "stop"),
        (THIRD, "unclaimed"),
    ]
    assert "only once: nothing is booked" in views[1].message
    assert "retcli today" in views[1].message
    assert views[1].exit_code == 3
    assert table.received() == [FIRST, THIRD]


@pytest.mark.parametrize("live", [True, False])
def test_pieces_without_a_grade_are_named_at_the_end_and_end_with_3(table: Table, live: bool) -> None:
    table.books.product("TS-L")
    table.books.product("CUP")
    codes = [FIRST, "TS-L", "CUP", "RCMDNEXT", SECOND, "RCMDA", "TS-L", FIRST, "RCMDB", "CUP", "RCMDEND"]
    loop = table.loop(iter(codes), live=live)
    views = list(loop.views())
    number = views[0].parcel
    left = f"{number}: TS-L×1 not inspected yet: retcli parcel inspect {number} --item TS-L=1:‹grade›"
    assert not views[-1].left, "the list at the end tells it once"
    assert table.remarks == [left]
    assert loop.exit_code == 3


def test_the_list_at_the_end_tells_how_the_books_stand_then(table: Table) -> None:
    """撤销、改判之后，结束时的清单按账本现在的样子说，一个退件一行，没有 ×0。"""
    from tests.warehouse import returning

    table.books.product("CUP")
    returning(table.books, "2850000000000000321", ("CUP", 2, 8000), waybill=SECOND)
    codes = [FIRST, "CUP", SECOND, "CUP", "RCMDUNDO", "RCMDUNDO", "RCMDUNDO", "RCMDYES", SECOND, "CUP", "RCMDEND"]
    loop = table.loop(iter(codes))
    first, _piece, number = (view.parcel for view in list(loop.views())[:3])
    assert table.remarks == [
        f"{number}: CUP×1 not inspected yet: retcli parcel inspect {number} --item CUP=1:‹grade›",
        f"{number}: 1 pieces missing: CUP×1. Not in it? Scan {SECOND}, then RCMDSHORT",
        f"1 parcels received, nothing counted in them: {first}: retcli parcel list --state received",
    ]
    assert loop.exit_code == 3


def test_parcels_in_which_nothing_was_counted_are_named_at_the_end(table: Table) -> None:
    """收了货、枪没扫上货，也没扫空包：收工时说有几个、哪几个。"""
    table.books.product("CUP")
    loop = table.loop(iter([FIRST, SECOND, "CUP", THIRD, "RCMDEND"]))
    numbers = [view.parcel for view in loop.views()]
    unopened = f"{numbers[0]}, {numbers[3]}"
    assert table.remarks[-1] == (
        f"2 parcels received, nothing counted in them: {unopened}: retcli parcel list --state received"
    )


def test_what_was_noted_as_missing_is_not_listed_at_the_end(table: Table) -> None:
    from tests.warehouse import returning

    table.books.product("CUP")
    returning(table.books, "2850000000000000321", ("CUP", 2, 8000), waybill=SECOND)
    loop = table.loop(iter([SECOND, "RCMDA", "CUP", "RCMDSHORT", "RCMDEND"]))
    list(loop.views())
    assert (table.remarks, loop.exit_code) == ([], 0)


def test_pieces_that_got_their_grade_in_the_end_need_nobody(table: Table) -> None:
    table.books.product("TS-L")
    loop = table.loop(iter([FIRST, "TS-L", "RCMDNEXT", FIRST, "RCMDA", "TS-L"]))
    list(loop.views())
    assert (table.remarks, loop.exit_code) == ([], 0)


def test_a_pipe_in_which_nothing_comes_is_told_so_and_ends_where_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming_codes, "IDLE_SECONDS", 0.5)
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        lines = incoming_codes.incoming(live=False)
        os.write(writing, f"{FIRST}\nRCMDEND\n\n".encode())
        came = [next(lines) for _line in range(4)]
        os.write(writing, SECOND.encode())
        os.close(writing)
        came += list(lines)
    assert [None if line is None else line[0] for line in came] == [
        f"{FIRST}\n", "RCMDEND\n", "\n", None, SECOND,
    ]  # fmt: skip
