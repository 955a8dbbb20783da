"""Lines of a handheld's file: code, pieces and time, and what of them cannot be taken."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retcli.reading.handhelds import Counted, counted

NOW = datetime(2026, 11, 12, 6, 0, tzinfo=UTC)
THEN = datetime(2026, 11, 12, 5, 0, 1, tzinfo=UTC)
"""13:00:01 in Shanghai."""


@pytest.mark.parametrize(
    ("line", "code", "pieces", "at"),
    [
        ("CUP;3;2026-11-12 13:00:01", "CUP", 3, THEN),
        ("CUP，3，2026/11/12 13:00:01", "CUP", 3, THEN),
        ('"CUP","3","2026-11-12","13:00:01"', "CUP", 3, THEN),
        ("CUP\t3\t2026-11-12 13:00:01\r\n", "CUP", 3, THEN),
        ("CUP|1.0|2026-11-12 13:00:01|阿强", "CUP", 1, THEN),
        ("YT9000000000013;;2026-11-12 13:00:01", "YT9000000000013", 1, THEN),
        ("CUP,12", "CUP", 12, None),
        ("CUP,12,", "CUP", 12, None),
    ],
)
def test_a_sound_line(line: str, code: str, pieces: int, at: datetime | None) -> None:
    assert counted(line, NOW) == Counted(code, pieces, at)


@pytest.mark.parametrize("text", ["0", "-1", "三", "1.5", "1000", "YT9000000000013"])
def test_a_quantity_that_is_none_is_named(text: str) -> None:
    line = counted(f"CUP;{text};2026-11-12 13:00:01", NOW)
    assert line
    assert line.bad_pieces
    assert (line.code, line.bad_pieces.column, line.bad_pieces.text) == ("CUP", "quantity", text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("2026-11-13 13:00:01", "in the future"), ("2000-01-01 00:00:00", "more than 30 days ago"), ("下午", "not a time"),
     ("2026-02-30 10:00:00", "not a time")],
)  # fmt: skip
def test_a_time_that_is_not_sound_is_named_and_the_line_counts(text: str, problem: str) -> None:
    line = counted(f"CUP,2,{text}", NOW)
    assert line
    assert line.bad_time
    assert (line.pieces, line.read_at, line.bad_time.text, line.bad_time.problem) == (2, None, text, problem)


@pytest.mark.parametrize(
    "line", ["YT9000000000013", "CUP", "{'k5':'SF1620041173367'}", "https://a.cn/?w=SF1620041173367,2", "A1\tRCMDA\tB2"]
)
def test_a_line_that_is_no_handhelds(line: str) -> None:
    assert counted(line, NOW) is None
