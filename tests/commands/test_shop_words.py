"""The words that shops use for what they type: a month by its number, a kind or reason in everyday words."""

from pathlib import Path

import pytest

from retcli.platforms.vocabulary import WORDS
from tests.shopfloor import ORDER_NUMBER
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
     ("补寄", "漏发", ("resend", "W_SHORT"))],
)  # fmt: skip
def test_a_case_is_opened_in_everyday_words(desk: Desk, kind: str, reason: str, meant: tuple[str, str]) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", kind, "--reason", reason, "--line", "TS-L")
    assert (case["kind"], case["reason"]["stated"]) == meant


def test_the_buyers_handle_is_known_by_its_name() -> None:
    (buyer,) = {word for words in WORDS.values() for word in words if word.name == "buyer"}
    assert {"旺旺", "买家旺旺"} <= set(buyer.often)
