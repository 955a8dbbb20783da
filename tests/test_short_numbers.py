"""The end of one of our numbers typed in place of it: every command reads its own kind of thing first, and none that
moves goods or money guesses between two.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from retcli.actions.cases import decisions
from retcli.actions.money import payouts
from retcli.actions.warehouse import inspection, parcel_candidates, parcels
from retcli.errors import Ambiguous, NotFound
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.commandtree import CALLS, Scene, settled
from tests.shopfloor import MANAGER, Books
from tests.terminal import Answer, Desk
from tests.warehouse import Table, returning, stock

OURS = re.compile(r"(RC|PK|PO)(\d{4})(\d{4})-(\d{4})")
WRITES_FILES = {"case pack", "case attach"}
NUMBERED = [
    (path, call)
    for path, calls in CALLS.items()
    for call in calls
    if path.split()[0] in {"case", "parcel", "pay"} and "{" in call and path not in WRITES_FILES
] + [("platform done", "{clickable_case}")]
SHORT = {
    "four digits": lambda found: found[4],
    "without noughts": lambda found: str(int(found[4])),
    "with the day": lambda found: f"{found[3]}-{found[4]}",
}
ONE, TWO, THREE = (f"285000000000000005{n}" for n in (1, 2, 3))
BACK, STRAY = "YT5260493176849", "YT1252110038258"


@pytest.mark.parametrize(("path", "call"), NUMBERED)
def test_a_short_number_means_what_the_whole_one_does(whole_shop: Scene, tmp_path: Path, path: str, call: str) -> None:
    """In one shop with cases, parcels and payouts that end alike: each command's own kind, or both are named."""
    words = whole_shop.words(call, tmp_path)
    places = [place for place, word in enumerate(words) if OURS.fullmatch(word)]
    whole = _answer(whole_shop, tmp_path, path, words)
    for place, (name, short) in itertools.product(places, SHORT.items()):
        found = OURS.fullmatch(words[place])
        assert found is not None
        typed = [*words[:place], short(found), *words[place + 1 :]]
        answer = _answer(whole_shop, tmp_path, path, typed)
        named_both = answer.code == 2 and words[place] in answer.out
        assert named_both or (answer.code, answer.out) == (whole.code, whole.out), (name, typed)


def _answer(whole_shop: Scene, folder: Path, path: str, words: list[str]) -> Answer:
    """What a command answers on a fresh copy of the shop."""
    desk = whole_shop.desk(folder)
    answer = desk.type("--json", *path.split(), *words, by=MANAGER)
    settled(folder)
    return answer


@pytest.fixture
def shop(books: Books) -> Books:
    """Case 0001 with parcel 0002, case 0002 with parcel 0001, case 0003 without one."""
    books.hire()
    for sku in ("CUP", "BOWL"):
        books.product(sku)
    for number, sku in ((ONE, "CUP"), (TWO, "BOWL"), (THREE, "CUP")):
        books.order(number, (sku, 1, 800))
    first, second = returning(books, ONE, waybill=""), returning(books, TWO, waybill="")
    returning(books, THREE, waybill="")
    books.do(parcels.expect_by_hand, second, STRAY)
    books.do(parcels.expect_by_hand, first, BACK)
    return books


@pytest.mark.parametrize("short", ["0001", "1", "09-0001", "20261109-0001"])
def test_a_parcel_s_end_that_is_another_parcel_s_case_s_is_refused(shop: Books, short: str) -> None:
    """尾号 0001 既是退件、又是另一件退件的售后单：两个都说出来，一件不动。"""
    with pytest.raises(Ambiguous) as refused:
        shop.do(inspection.inspect, short, [inspection.parse_item("CUP=1:D")])
    assert refused.value.candidates == ("PK20261109-0001", "RC20261109-0001")
    assert stock(shop) == {}
    with pytest.raises(Ambiguous):
        shop.do(parcels.match, short, "0003")
    with pytest.raises(Ambiguous):
        shop.do(parcel_candidates.candidates, short)
    shop.do(inspection.inspect, "PK20261109-0001", [inspection.parse_item("BOWL=1:A")])
    assert stock(shop) == {("BOWL", "sellable"): 1}


def test_a_parcel_s_end_is_a_parcel_where_the_case_has_none(shop: Books) -> None:
    """尾号 0003：售后单 0003 没有退件，就是退件 0003。"""
    Table(shop).scan("YT7700000096701", "RCMDNEXT")
    view = shop.do(inspection.inspect, "0003", [inspection.parse_item("CUP=1:A")])
    assert view.number == "PK20261109-0003"


def test_a_parcel_s_end_is_one_thing_where_it_is_its_own_case_s(shop: Books) -> None:
    Table(shop).scan("YT7700000096701", THREE)
    assert shop.do(inspection.inspect, "0003", [inspection.parse_item("CUP=1:A")]).number == "PK20261109-0003"
    shop.do(parcels.match, BACK, "0003", "一起寄回")
    with pytest.raises(Ambiguous):  # the case has another parcel as well
        shop.do(inspection.inspect, "0003", [inspection.parse_item("CUP=1:C")])


def test_a_case_s_end_still_names_its_only_parcel(shop: Books) -> None:
    """没有尾号 0009 的退件：尾号 0009 的售后单只有一件，就是它。"""
    shop.later(days=1)
    case = returning(shop, "2850000000000000059", ("CUP", 1, 800), waybill="YT7700000096701")
    assert case == "RC20261110-0001"
    assert shop.do(inspection.inspect, "10-0001", [inspection.parse_item("CUP=1:A")]).cases == (case,)


def test_ends_of_two_days_name_both_parcels(shop: Books) -> None:
    shop.later(days=1)
    Table(shop).scan("YT7700000096701")
    with pytest.raises(Ambiguous) as refused:
        shop.do(parcels.match, "0001", "0003")
    assert refused.value.candidates[:2] == ("PK20261109-0001", "PK20261110-0001")


def test_the_refusal_names_the_commands(shop: Books) -> None:
    error = Desk(shop.database).read("parcel", "inspect", "0001", "--item", "CUP=1:D", code=2)["error"]
    assert [line.partition(" parcel ")[2] for line in error["hint"].splitlines()] == [
        f"inspect {number} --item CUP=1:D" for number in ("PK20261109-0001", "RC20261109-0001")
    ]


def test_the_end_of_a_payout_is_its_last_group(books: Books) -> None:
    """`1` 是 0001，不是 0011。"""
    books.hire()
    for n in range(11):
        order = books.order(f"28500000000000001{n:02d}", ("CUP", 1, 800))
        case = books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100).number
        books.do(decisions.approve, case)
        books.do(payouts.refund, case)
    numbers = [number for (number,) in books.rows("SELECT number FROM payouts ORDER BY id")]
    assert numbers[10].endswith("-0011")
    with_payouts = {short: payout(books, short) for short in ("1", "0001", "11", "0011", "09-0011")}
    assert with_payouts == {
        "1": numbers[0], "0001": numbers[0], "11": numbers[10], "0011": numbers[10], "09-0011": numbers[10],
    }  # fmt: skip
    with pytest.raises(NotFound):
        payout(books, "12")


def payout(books: Books, short: str) -> str:
    """The number of the payout that a short one names."""
    with opened(books.asked(), writes=False) as shop:
        return payouts.payout_of(shop, short).number
