"""A camera's film is cut by the second at which each parcel came on the bench and left it."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retcli.actions.cases.disputes import evidence
from retcli.actions.warehouse import films
from retcli.errors import Refused
from retcli.rules.zone import SHANGHAI
from retcli.views.warehouse.films import FilmView
from tests.shopfloor import NOON, Books
from tests.warehouse import Terminal, returning

FIRST, SECOND = "YT9000000000001", "YT9000000000002"


@pytest.fixture
def door(books: Books) -> Terminal:
    books.hire()
    books.product("TS-L")
    for n, waybill in enumerate((FIRST, SECOND)):
        returning(books, f"28500000000000008{n}1", ("TS-L", 1, 900), waybill=waybill)
    door = Terminal(books)
    door.bench.filmed = True
    return door


def at(door: Terminal, seconds: int, code: str) -> str:
    """Reads a code so many seconds after noon; how its line begins."""
    door.books.at = NOON + timedelta(seconds=seconds)
    film = door.code(code).film
    return film.sentence() if film else ""


def spans(door: Terminal, ref: str = "") -> list[tuple[str, int, int]]:
    """Each clip's waybill, with its seconds after noon."""
    clips = door.books.do(films.clips, ref).clips
    return [
        (clip.full_waybill, int((clip.from_ - NOON).total_seconds()), int((clip.to - NOON).total_seconds()))
        for clip in clips
    ]


def test_a_parcel_lies_there_from_its_label_to_the_code_by_which_it_left(door: Terminal) -> None:
    """Label at 5, grade at 9, piece at 20; the next label at 31, its piece at 40, the end at 52."""
    for seconds, code in ((5, FIRST), (9, "RCMDA"), (20, "TS-L"), (31, SECOND), (40, "TS-L"), (52, "RCMDEND")):
        at(door, seconds, code)
    assert spans(door) == [(FIRST, 5, 31), (SECOND, 31, 52)]
    assert spans(door, SECOND) == [(SECOND, 31, 52)]
    assert [clip.seconds for clip in door.books.do(films.clips, FIRST).clips] == [26]


def test_the_evidence_of_a_case_tells_when_its_parcel_was_filmed(door: Terminal) -> None:
    for seconds, code in ((5, FIRST), (31, SECOND), (52, "RCMDEND")):
        at(door, seconds, code)
    (parcel,) = door.books.do(evidence.evidence_of, "2850000000000000801").parcels
    assert [(clip.full_waybill, clip.seconds) for clip in parcel.clips] == [(FIRST, 26)]
    assert list(parcel.lines()) == ["Parcel PK20261109-0001: filmed 2026-11-09 12:00:05 to 2026-11-09 12:00:31 (阿强)"]


def test_one_that_came_twice_has_two_clips_and_the_last_code_ends_the_last(door: Terminal) -> None:
    for seconds, code in ((0, FIRST), (10, SECOND), (25, FIRST), (30, "TS-L")):
        at(door, seconds, code)
    assert spans(door, FIRST) == [(FIRST, 0, 10), (FIRST, 25, 30)]


def test_the_line_says_second_parcel_person_and_round(door: Terminal) -> None:
    said = at(door, 5, FIRST)
    assert said.startswith("●  2026-11-09 12:00:05  PK20261109-0001  阿强  ")
    assert said.endswith(door.bench.session)
    assert door.code("TS-L").document()["film"]["parcel"] == "PK20261109-0001"


def test_what_was_not_filmed_is_in_no_list(door: Terminal) -> None:
    door.bench.filmed = False
    assert at(door, 5, FIRST) == ""
    assert spans(door) == []
    assert "film" not in door.code("TS-L").document()


def test_another_day_is_asked_for(door: Terminal) -> None:
    at(door, 5, FIRST)
    at(door, 9, "RCMDEND")
    door.books.later(days=1)
    assert spans(door) == []
    assert len(door.books.do(films.clips, day=NOON.astimezone(SHANGHAI).date()).clips) == 1
    assert spans(door, FIRST) == [(FIRST, 5, 9)], "of one parcel whatever the day"


def test_it_is_written_for_whoever_cuts_the_film_and_never_over_another_file(door: Terminal, tmp_path: Path) -> None:
    at(door, 5, FIRST)
    at(door, 31, "RCMDEND")
    path = tmp_path / "剪辑表.csv"
    film = films.write(door.books.do(films.clips), path)
    assert film.file == str(path)
    written = path.read_text(encoding="utf-8-sig").splitlines()
    assert written[1].split(",")[:5] == ["PK20261109-0001", FIRST, "2026-11-09 12:00:05", "2026-11-09 12:00:31", "26"]
    with pytest.raises(Refused):
        films.write(film, path)
    door.books.check()


def test_nothing_in_it_is_computed_by_a_spreadsheet(door: Terminal, tmp_path: Path) -> None:
    """员工名字写成公式的样子，表格打开时也只是文字。"""
    at(door, 5, FIRST)
    (clip,) = door.books.do(films.clips).clips
    path = tmp_path / "剪辑表.csv"
    films.write(FilmView((replace(clip, by="=1+1"),)), path)
    (_heading, row) = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    assert row[5] == "'=1+1"
