"""The words that shops use for what they type: a month by its number, a kind or reason in everyday words."""

from pathlib import Path

import pytest

from retcli.commands import asking
from retcli.errors import WrongCommand
from retcli.platforms.vocabulary import WORDS
from tests.shopfloor import NOON, ORDER_NUMBER
from tests.terminal import Desk


@pytest.mark.parametrize("month", ["11", "11月", "2026-11"])
def test_a_month_by_its_number_is_this_years(desk: Desk, tmp_path: Path, month: str) -> None:
    exported = desk.read("export", "reconciliation", "--month", month, "-o", str(tmp_path))
    assert "2026-11" in exported["file"]


@pytest.mark.parametrize("month", ["13", "0", "十一"])
def test_what_is_no_month_is_refused(desk: Desk, month: str) -> None:
    assert f"{month} is no month" in desk.refused("export", "reconciliation", "--month", month, code=2)


@pytest.mark.parametrize(
    ("kind", "reason", "meant"),
    [("退货", "坏了", ("return", "Q_FUNC")), ("退货", "不想要了", ("return", "B_MIND")),
     ("补寄", "漏发", ("resend", "W_SHORT")), ("退货", "质量问题", ("return", "Q_FUNC")),
     ("退货", "尺码不合适/拍错了", ("return", "B_MIS")), ("退货退款", "七天无理由退换货", ("return", "B_7D"))],
)  # fmt: skip
def test_a_case_is_opened_in_everyday_words(desk: Desk, kind: str, reason: str, meant: tuple[str, str]) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", kind, "--reason", reason, "--line", "TS-L")
    assert (case["kind"], case["reason"]["stated"]) == meant


def test_the_buyers_handle_is_known_by_its_name() -> None:
    (buyer,) = {word for words in WORDS.values() for word in words if word.name == "buyer"}
    assert {"旺旺", "买家旺旺"} <= set(buyer.often)


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("尺码小了", "SZ_FIT 尺码不合适"),
        ("质量不行", "Q_"),
        ("发货慢", "S_LATE 未按时发货"),
    ],
)
def test_a_wrong_reason_names_the_nearest(desk: Desk, written: str, near: str) -> None:
    words = ("--lang", "zh", "case", "open", ORDER_NUMBER, "--kind", "退货", "--reason", written, "--line", "TS-L")
    answer = desk.type(*words)
    assert answer.code == 2
    hint = next(line for line in answer.err.splitlines() if "是不是" in line)
    assert near in hint
    assert hint.count("、") == 2, "three of them, and where all stand"
    assert "retcli words" in answer.err


def test_a_word_like_none_says_where_all_stand(desk: Desk) -> None:
    answer = desk.type("case", "open", ORDER_NUMBER, "--kind", "return", "--reason", "☃", "--line", "TS-L")
    assert (answer.code, "retcli words" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("written", "day"),
    [("今天", "2026-11-09"), ("昨天", "2026-11-08"), ("前天", "2026-11-07"), ("11月1日", "2026-11-01"),
     ("11-9", "2026-11-09"), ("12月31日", "2025-12-31"), ("2026年7月1号", "2026-07-01")],
)  # fmt: skip
def test_days_as_people_say_them(written: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a year it is the last such day: on the ninth of November the 31 December is last year's."""
    monkeypatch.setenv("RETCLI_NOW", NOON.isoformat())
    assert asking.day(written).isoformat() == day


@pytest.mark.parametrize(
    "written", ["13月1日", "2月30日", "明天", "1-2-3-4", "", "99999999999999999999-1", "1-99999999999999999999-1"]
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(WrongCommand, match="is no date"):
        asking.day(written)


def test_a_flag_and_a_way_in_everyday_words(desk: Desk) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    assert desk.case("flag", case, "红色")["flag"] == "red"
    assert desk.type("case", "contact", case, "--by", "旺旺", "--result", "agreed").code == 0
