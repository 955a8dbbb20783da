"""A month that is over comes out as it did at its end, whatever was taken back since: that stands in its own month."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fixtures.model import Refund
from retcli.actions.cases import decisions, platform_list
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month import sums
from retcli.actions.money import payout_steps, payouts
from retcli.errors import RetcliError
from retcli.rules.periods import Period
from retcli.sheets import reconciliation
from retcli.transaction import opened
from tests.lengths import length, sweep
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, see_each, sold, take, unsent
from tests.shopfloor import MANAGER, Books, shanghai

NUMBER = "2850000000000000765"
THERE = datetime(2026, 11, 19, 11)
MONEY = ("Decided by us", "Platform refunded", "Difference")


def wished(books: Books, folder: Folder, amount: int) -> Refund:
    """Two pieces for 100.00, of which so many fen are asked back without goods."""
    books.at = shanghai("2026-11-14 10:00")
    books.hire()
    bought = unsent(sold(NUMBER, ("CUP", 2, 10000)))
    wish = asked_back("R1", bought, amount, kind="仅退款", status=REQUESTED, goods="买家未收到货", quantity=2)
    take(books, *folder.both(bought), folder.refunds(wish))
    return wish


def told(books: Books, folder: Folder, wish: Refund, amount: int, note: str = "") -> None:
    """The platform's report says that it paid so many fen; a person has seen each question."""
    take(books, folder.refunds(replace(wish, amount=amount, status=SUCCEEDED, finished_at=THERE, note=note)))
    see_each(books, MANAGER)


def clicked(books: Books) -> None:
    """The wish agreed to, and clicked on the platform."""
    books.do(decisions.approve, "R1", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)


def turned_back(books: Books, origin: str) -> None:
    """The confirmed payout of an origin is taken back."""
    found = f"SELECT number FROM payouts WHERE origin = '{origin}' AND state = 'confirmed' AND reverses_id IS NULL"
    books.do(payout_steps.reverse, str(books.value(found)), because="买家退回", by=MANAGER)


def written(books: Books, month: str) -> tuple[dict[str, dict[str, int]], dict[str, tuple[int, int, int, int]]]:
    """The total of each column of money of a month's workbook by sheet and column, and the rows of its differences:
    class, and fen of each column. Each sheet's sums are those of the books.
    """
    with opened(books.asked(), writes=False) as shop:
        of_month = reconciling.month_of_books(shop, month)
        sheets = reconciliation.sheets(of_month)[1:]
        sums.hold_equal(shop, Period.month(month), sheets)
    totals = {}
    for sheet in sheets:
        for title, by_currency in sheet.money().items():
            totals[f"{sheet.name}: {title}"] = {currency: minor for currency, minor in by_currency.items() if minor}
    for block in of_month.blocks:
        for name in ("paid", "compensation", "noted", "own", "platform", "before", "matched"):
            totals[f"totals: {name}"] = {block.currency: getattr(block, name)}
        totals["control"] = {f"{side} {name}": pair[1] for side, control in block.control.items()
                             for name, pair in vars(control).items()}  # fmt: skip
    rows = {f"{g.case} {g.label}": (g.ours.minor, g.platform.minor, g.open_ours.minor, g.open_platform.minor)
            for g in of_month.gaps}  # fmt: skip
    return totals, rows


def own_side(books: Books, month: str) -> tuple[int, int]:
    """What was decided by us and what all our payouts come to in a month, in fen."""
    totals, _rows = written(books, month)
    return totals["totals: own"].get("CNY", 0), totals["totals: paid"].get("CNY", 0)


def test_both_payouts_of_a_refund_taken_back_a_month_later(books: Books, folder: Folder) -> None:
    """60.00 agreed to, 75.00 paid there in November. December: the 15.00 come back, then the 60.00. November stays at
    60.00 - 75.00; December takes 60.00 back on our side, and 75.00 of money.
    """
    wish = wished(books, folder, 6000)
    clicked(books)
    told(books, folder, wish, 7500)
    november = written(books, "2026-11")
    assert (november[0]["totals: own"], november[0]["totals: paid"]) == ({"CNY": 6000}, {"CNY": 7500})
    assert list(november[1].values()) == [(6000, 7500, 0, 0)]
    books.at = shanghai("2026-12-05 10:00")
    for origin in ("platform", "own"):
        turned_back(books, origin)
        assert written(books, "2026-11") == november
    assert own_side(books, "2026-12") == (-6000, -7500)
    books.check()


class Played:
    """Two months of one refund as chance has it; what people could not do then is left out. `agreed`: by a person here,
    in fen; `paid` there, in fen; `back`: the fen of each reversal, by the month in which it was made.
    """

    def __init__(self, books: Books, folder: Folder, seed: int) -> None:
        self.books, self.folder, self.chance = books, folder, random.Random(seed)
        self.agreed, self.paid, self.back = 0, 0, Counter[str]()
        self.log: list[str] = []
        self.wish = wished(books, folder, self.chance.choice([2500, 6000, 10000]))

    def november(self) -> None:
        steps = [self.agree, self.pay_there, self.reverse_one, self.transfer]
        if self.chance.random() < 0.7:
            self.agree()
        self.books.at = shanghai("2026-11-20 10:00")
        if self.chance.random() < 0.9:
            self.pay_there()
        for _time in range(self.chance.choice([0, 0, 1, 2])):
            self.books.later(hours=1)
            self.chance.choice(steps)()

    def december(self) -> None:
        steps = [self.reverse_one, self.reverse_one, self.transfer, self.told_again, self.away]
        for _time in range(self.chance.choice([1, 2, 3, 4])):
            self.books.later(hours=1)
            self.chance.choice(steps)()

    def agree(self) -> None:
        if not self.paid and self.tried("agree", decisions.approve, "R1", by=MANAGER):
            self.agreed = self.wish.amount
            if self.chance.random() < 0.7:
                self.tried("click", platform_list.done, ["R1"], by=MANAGER)

    def pay_there(self) -> None:
        if not self.paid:
            self.paid = self.chance.choice([self.wish.amount, self.wish.amount, 1500, 7500, 10000])
            self.log.append(f"paid there {self.paid}")
            told(self.books, self.folder, self.wish, self.paid)

    def told_again(self) -> None:
        if self.paid:
            self.log.append("told again")
            told(self.books, self.folder, self.wish, self.paid, note=f"再看{self.books.at}")

    def reverse_one(self) -> None:
        standing = "SELECT number FROM payouts WHERE state = 'confirmed' AND minor > 0 ORDER BY id"
        numbers = [row.number for row in self.books.rows(standing)]
        if numbers:
            number = self.chance.choice(numbers)
            self.tried(f"reverse {number}", payout_steps.reverse, number, because="买家退回", by=MANAGER)

    def transfer(self) -> None:
        """What is due is paid from here, and arrives."""
        waive = ["paid_there"] if self.chance.random() < 0.6 else []
        if self.tried("pay", payouts.refund, "R1", waive=waive, because="补" if waive else "", by=MANAGER):
            number = self.books.value("SELECT number FROM payouts ORDER BY id DESC LIMIT 1")
            if self.chance.random() < 0.8:
                self.tried("arrived", payout_steps.step, number, "confirm", by=MANAGER)

    def away(self) -> None:
        """Turned away once everything came back; what never left would be called off by it, and did not in November."""
        if self.books.value("SELECT COUNT(*) FROM payouts WHERE state IN ('waiting', 'due', 'sent', 'unknown')"):
            return
        verb = self.chance.choice([decisions.withdraw, decisions.reject])
        self.tried("away", verb, "R1", because="买家不要了", by=MANAGER)

    def tried(self, name: str, action: Any, *args: Any, **options: Any) -> bool:
        """Whether a step could be done."""
        try:
            self.books.do(action, *args, **options)
        except RetcliError as refusal:
            self.log.append(f"{name}: {refusal}")
            return False
        self.log.append(name)
        return True


@sweep
@pytest.mark.parametrize("seed", range(length(12, 1000)))
def test_november_comes_out_as_at_its_end(sqlite_books: Books, folder: Folder, seed: int) -> None:
    """And what both months come to is what stands in the books in the end."""
    books = sqlite_books
    played = Played(books, folder, seed)
    played.november()
    books.at = shanghai("2026-12-01 00:30")
    november = written(books, "2026-11")
    played.december()
    again = written(books, "2026-11")
    assert again == november, played.log
    december = written(books, "2026-12")
    both = Period(Period.month("2026-11").start, Period.month("2026-12").end)
    with opened(books.asked(), writes=False) as shop:
        for name in ("paid", "own", "noted", "platform"):
            sides = (each[0][f"totals: {name}"].get("CNY", 0) for each in (november, december))
            assert sum(sides) == sums.summed(shop, name, both).get("CNY", 0), (name, played.log)
    net = "SELECT COALESCE(SUM(minor), 0) FROM payouts WHERE settled_at IS NOT NULL AND state <> 'failed'"
    paid = [each[0]["totals: paid"].get("CNY", 0) for each in (november, december)]
    assert sum(paid) == books.value(net), played.log
    if not sum(paid):  # everything came back: nothing of ours is left over both months
        assert november[0]["totals: own"]["CNY"] + december[0]["totals: own"].get("CNY", 0) == 0, played.log
    books.check()


def differences(books: Books, month: str) -> list[dict[str, Any]]:
    """The rows of a month's sheet of differences by the titles of their columns."""
    with opened(books.asked(), writes=False) as shop:
        sheets = reconciliation.sheets(reconciling.month_of_books(shop, month))
    sheet = next(each for each in sheets if each.name == "Differences")
    titles = [column.title for column in sheet.columns]
    return [dict(zip(titles, row, strict=True)) for row in sheet.rows]


CAME_BACK = "Nothing: what the platform paid beyond what was agreed to here was taken back"


def test_an_excess_that_came_back_is_a_row_that_says_so(books: Books, folder: Folder) -> None:
    """60.00 agreed to, 75.00 paid there; the 15.00 come back in December. Nobody has anything to do in either month,
    and the fact of the class is of November.
    """
    wish = wished(books, folder, 6000)
    clicked(books)
    agreed_at = books.at
    told(books, folder, wish, 7500)
    books.at = shanghai("2026-12-05 10:00")
    turned_back(books, "platform")
    for month in ("2026-11", "2026-12"):
        [row] = differences(books, month)
        assert (str(row["Class"])[:2], row["What to do"], row["Since"]) == ("D3", CAME_BACK, agreed_at), month
    assert row["Unmatched, ours"].minor == -1500


@pytest.mark.parametrize("month", ["2026-11", "2026-12"])
def test_the_time_of_what_the_platform_paid_alone_is_when_it_paid(books: Books, folder: Folder, month: str) -> None:
    """Also in the month in which it was taken back here."""
    wish = wished(books, folder, 10000)
    books.at = shanghai("2026-11-20 10:00")
    told(books, folder, wish, 10000)
    books.at = shanghai("2026-12-05 10:00")
    turned_back(books, "platform")
    [row] = differences(books, month)
    assert (str(row["Class"])[:2], row["Since"]) == ("D2", shanghai("2026-11-19 11:00"))
    assert row["What to do"] == CAME_BACK
