"""What a platform paid beyond an order, what waits for a second person: each fen in one place of the sheets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from retcli.actions.casefile import lookup
from retcli.actions.cases import decisions
from retcli.actions.imports import import_questions
from retcli.actions.insight import exports, reason_study
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.sheets import reasons
from retcli.sheets.writer import Sheet
from retcli.transaction import opened
from tests.reports import CLOSED, OPENED, REQUESTED, SUCCEEDED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, Books, shanghai
from tests.workbooks import cells, differences, workbook

NUMBER, OTHER = "2850000000000000611", "2850000000000000622"
AGREED_AT, PAID_AT, SEEN_AT = (shanghai(f"2026-11-{day} 12:00") for day in ("07", "08", "09"))


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def notes(sheets: dict[str, Sheet]) -> dict[str, tuple[Any, Any]]:
    """Count and amount of each line of the notes."""
    return {str(row[0]): (row[1], row[2]) for row in sheets["Notes"].rows}


def paid_there(books: Books, folder: Folder, minor: int, agreed: int | None = None) -> None:
    """An order of 100.00 on which the platform pays so much, after so much was agreed to here (None: nothing was)."""
    bought = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    wish = asked_back("R1", bought, min(agreed or 10000, 10000), kind="仅退款", status=REQUESTED, goods="买家未收到货")
    books.at = OPENED
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = AGREED_AT
    if agreed is not None:
        books.do(decisions.approve, "R1")
    books.at = SEEN_AT
    finished = PAID_AT.replace(tzinfo=None)
    take(books, folder.refunds(replace(wish, amount=minor, status=SUCCEEDED, finished_at=finished)))


# paid beyond the order


BEYOND = ("D4", None, yuan(3000), yuan(-3000))
D2 = "of which paid by the platform first: D2 refunded by the platform, without a payout of ours"
D3 = "of which paid by the platform otherwise: D3 amounts differ"
D4 = "of which beyond the order: D4"


@pytest.mark.parametrize(
    ("agreed", "word", "within", "payouts_made", "afterwards"),
    [
        (10000, "refund", ("matched", yuan(10000), yuan(10000), yuan(0)), (1, 1), {}),
        (7900, "compensation", ("D3", yuan(7900), yuan(10000), yuan(-2100)), (2, 0), {D3: (1, yuan(2100))}),
        (None, "refund", ("D2", None, yuan(10000), yuan(-10000)), (1, 0), {D2: (1, yuan(10000))}),
    ],
)
def test_only_the_excess_is_beyond_the_order(
    books: Books,
    folder: Folder,
    agreed: int | None,
    word: str,
    within: tuple[Any, ...],
    payouts_made: tuple[int, int],
    afterwards: dict[str, Any],
) -> None:
    """100.00 paid for the order, 130.00 paid back by the platform: 30.00 is D4, the rest has the class that it has. Our
    own payout of what was agreed (79.00 is a price cut) went by it; what is left of the 130.00 is a payout of its own.
    """
    paid_there(books, folder, 13000, agreed)
    sheets = workbook(books)
    assert sorted(differences(sheets), key=str) == sorted([within, BEYOND], key=str)
    titles = (
        "Compensation paid" if word == "compensation" else "Goods refunded",
        "Beyond the order",
        "In all",
        "Platform refunded",
    )
    details = sheets["Details"].money()
    assert [details[title]["CNY"] for title in titles] == [10000, 3000, 13000, 13000]
    (kind, count, amount), beyond = sorted(
        cells(sheets["Summary"], "Money kind", "Payouts", "Amount"), key=lambda row: str(row[0]) == "beyond the order"
    )
    assert (kind, count, amount) == (word, payouts_made[0], yuan(10000))
    assert beyond == ("beyond the order", payouts_made[1], yuan(3000))
    told = notes(sheets)
    assert told["Paid by us"] == (sum(payouts_made), yuan(13000))
    assert told[D4] == (0, yuan(3000)), "one refund, which counts in the class of what its order had"
    assert [count for name, (count, _sum) in told.items() if name.startswith("D4")] == [0], "the same number"
    assert {name: told[name] for name in (D2, D3) if name in told} == afterwards
    given = 10000 if word == "compensation" else 0
    assert told["of which compensation"] == ((payouts_made[0] if given else 0), yuan(given))
    assert sheets["Compensation"].money()["Amount"].get("CNY", 0) == given
    books.check()


def test_our_own_row_tells_what_was_agreed_to_and_the_platform_s_what_it_paid(books: Books, folder: Folder) -> None:
    """40.00 agreed to, 41.01 paid there: our row comes to 40.00, the other 1.01 is the platform's own."""
    paid_there(books, folder, 4101, 4000)
    told = cells(workbook(books)["Details"], "In all", "How it came about")
    ours, theirs = (str(text) for _money, text in sorted(told, key=lambda row: -row[0].minor))
    assert [money for money, _text in sorted(told, key=lambda row: -row[0].minor)] == [yuan(4000), yuan(101)]
    assert "40.00" in ours
    assert "41.01" not in ours + theirs
    assert "now" not in ours
    assert theirs == "paid by the platform above what was agreed to here: 1.01", "no calculation is of the excess"


def test_the_sheet_of_compensation_says_why_it_was_given(books: Books, folder: Folder) -> None:
    """A price cut of 79.00 agreed to without a word goes by its case's reason, the platform's part of it too."""
    paid_there(books, folder, 8000, 7900)
    (reason, *_others) = cells(workbook(books)["Compensation"], "Reason that counts")
    assert cells(workbook(books)["Compensation"], "Why") == [reason, reason]


def test_what_is_beyond_an_order_is_no_compensation(books: Books, folder: Folder) -> None:
    """100.00 paid for the order, 100.00 paid back twice: the second takes no piece, and is no price cut either."""
    bought = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    books.at = OPENED
    take(
        books,
        *folder.both(bought),
        folder.refunds(*(asked_back(f"R{n}", bought, 10000, kind="仅退款") for n in (1, 2))),
    )
    assert books.rows("SELECT kind FROM cases ORDER BY id") == [("refund-only",), ("allowance",)]
    sheets = workbook(books)
    assert differences(sheets) == [("D2", None, yuan(10000), yuan(-10000)), ("D4", None, yuan(10000), yuan(-10000))]
    assert cells(sheets["Summary"], "Money kind", "Payouts", "Amount") == [
        ("beyond the order", 1, yuan(10000)),
        ("refund", 1, yuan(10000)),
    ]
    assert cells(sheets["Details"], "Money kind", "Compensation paid", "Beyond the order", "In all") == [
        ("refund", None, None, yuan(10000)),
        ("beyond the order", None, yuan(10000), yuan(10000)),
    ]
    assert sheets["Compensation"].rows == []
    told = notes(sheets)
    assert (told["of which compensation"], told[D4]) == ((0, yuan(0)), (1, yuan(10000)))
    with opened(books.asked(), writes=False) as shop:
        study = reason_study.study_of(shop, date(2026, 11, 1), date(2026, 11, 30))
        shares = next(sheet for sheet in reasons.sheets(study) if sheet.name == "Shares of reasons").money()
    assert shares["Refunded"] == {"CNY": 20000}, "both went back to the buyer"
    assert shares.get("Compensation", {}).get("CNY", 0) == 0


@pytest.mark.parametrize(
    ("pieces", "sent", "there", "expected"),
    [
        # 50.00 of 100.00 agreed to and sent: the platform's 100.00 are agreed to by nobody, 50.00 of them are too many
        (1, 5000, 10000, {("D2", None, yuan(5000), yuan(-5000)), ("D4", None, yuan(5000), yuan(-5000))}),
        (1, 5000, 5000, {("D2", None, yuan(5000), yuan(-5000))}),
        # 100.00 agreed to, 40.00 of them sent: 60.00 were left for the platform
        (2, 4000, 10000, {("matched", yuan(6000), yuan(6000), yuan(0)), ("D4", None, yuan(4000), yuan(-4000))}),
        (2, 5000, 5000, {("matched", yuan(5000), yuan(5000), yuan(0))}),
        (2, 4000, 5000, {("D3", yuan(6000), yuan(5000), yuan(1000))}),
    ],
)
@pytest.mark.parametrize("move", ["send", "confirm"])
def test_a_sum_that_was_agreed_to_stands_for_one_payment(
    books: Books, folder: Folder, pieces: int, sent: int, there: int, expected: set[tuple[Any, ...]], move: str
) -> None:
    """Two pieces for 100.00, a case opened by hand and paid by transfer; then the platform pays by itself."""
    books.hire()
    bought = sold(NUMBER, ("TS-L", 2, 10000))
    books.at = OPENED
    take(books, *folder.both(bought))
    books.at = AGREED_AT
    lines = [f"TS-L={pieces}"]
    case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC", lines=lines).number
    books.do(decisions.approve, case, by=MANAGER)
    transfer = books.do(payouts.refund, case, amount=sent, by=MANAGER).number
    books.do(payout_steps.step, transfer, move, by=MANAGER)
    books.at = SEEN_AT
    wish = asked_back("R1", bought, there, kind="仅退款", finished_at=PAID_AT.replace(tzinfo=None))
    take(books, folder.refunds(wish))
    sheets = workbook(books)
    assert set(differences(sheets)) == expected
    assert notes(sheets)["Difference in all"] == (None, yuan(sum(row[3].minor for row in expected)))
    books.check()


UNMATCHED = ("Class", "Unmatched, ours", "Unmatched, platform", "What to do")
GIVEN_BACK = "Nothing: what was beyond the order was taken back"


@pytest.mark.parametrize(
    ("agreed", "left", "open_ours"),
    [(10000, "matched", None), (7900, "D3", yuan(-2100)), (None, "D2", yuan(-10000))],
)
@pytest.mark.parametrize("month_later", [False, True])
def test_an_excess_that_was_taken_back_is_settled(
    books: Books, folder: Folder, agreed: int | None, left: str, open_ours: Money | None, *, month_later: bool
) -> None:
    """100.00 paid for the order, 130.00 paid back, and the platform's own payout reversed: 30.00, 51.00 or all of it.
    The 30.00 beyond the order need nothing more; what else came back, the order's own money, is without its other side.
    """
    paid_there(books, folder, 13000, agreed)
    excess = str(books.value("SELECT number FROM payouts WHERE origin = 'platform'"))
    books.at = shanghai("2026-12-05 12:00" if month_later else "2026-11-10 12:00")
    books.do(payout_steps.reverse, excess, because="买家退回")
    november, december = workbook(books), workbook(books, "2026-12")
    row = {str(each[0]).split()[0]: each[1:] for each in cells(november["Differences"], *UNMATCHED)}
    assert row["D4"] == (None, None, GIVEN_BACK)
    assert row[left][:2] == (None if month_later else open_ours, None)
    carried = [each[1:3] for each in cells(december["Differences"], *UNMATCHED)]
    assert carried == ([(open_ours, None)] if open_ours else []), "not the excess: it is settled"
    told = notes(december if month_later else november)
    assert told["Our payouts + unmatched at the end"][1] == (open_ours or yuan(0))
    assert told[D4][1] == yuan(-3000 if month_later else 0), "what came back stands against what went out"
    texts = {str(line[0]): str(line[3]) for sheet in (november, december) for line in sheet["Notes"].rows}
    assert not [text for text in texts.values() if "give it back" in text], "it was"
    books.check()


def test_an_excess_that_the_platform_closed_by_itself_is_asked_back_of_nobody(books: Books, folder: Folder) -> None:
    """100.00 paid for the order, 130.00 paid back in November, closed there on 4 December: November −30.00, December
    +30.00, and neither says that the buyer gives it back; that our own payout stands is the D7 of December.
    """
    paid_there(books, folder, 13000, 10000)
    books.at = shanghai("2026-12-05 12:00")
    bought = unsent(sold(NUMBER, ("TS-L", 1, 10000)))
    wish = asked_back("R1", bought, 13000, kind="仅退款", status=CLOSED, goods="买家未收到货")
    take(books, folder.refunds(replace(wish, finished_at=datetime(2026, 12, 4, 10))))
    november, december = workbook(books), workbook(books, "2026-12")
    what = ("Class", "Difference", "What to do")
    told = {(month, str(row[0]).split()[0]): row[1:] for month, sheets in (("11", november), ("12", december))
            for row in cells(sheets["Differences"], *what)}  # fmt: skip
    assert told["11", "D4"] == (yuan(-3000), GIVEN_BACK)
    assert told["12", "D4"] == (yuan(3000), GIVEN_BACK)
    assert told["12", "D7"][0] == yuan(10000)
    books.check()


# what waits for a second person


def waiting(books: Books, folder: Folder) -> str:
    """An agent agreed to 198.00, above their limit: the payout that waits."""
    books.at = OPENED
    books.hire()
    bought = unsent(sold(NUMBER, ("TS-L", 1, 19800)))
    wish = asked_back("R1", bought, 19800, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = AGREED_AT
    books.do(decisions.approve, "R1", by=AGENT)
    (found,) = books.rows("SELECT number, state FROM payouts")
    assert found[1] == "waiting"
    return str(found[0])


def paid_by_itself(books: Books, folder: Folder) -> None:
    """The platform pays the 198.00."""
    bought = unsent(sold(NUMBER, ("TS-L", 1, 19800)))
    finished = PAID_AT.replace(tzinfo=None)
    wish = asked_back("R1", bought, 19800, kind="仅退款", goods="买家未收到货", finished_at=finished)
    books.at = SEEN_AT
    take(books, folder.refunds(wish))


NOBODY = [("D2", None, yuan(19800), yuan(-19800))]
"""Nobody with the leave for it had agreed."""


def test_what_waits_stands_on_no_side(books: Books, folder: Folder) -> None:
    """It is neither decided nor owed: a line of its own says what waits."""
    waiting(books, folder)
    sheets = workbook(books)
    assert differences(sheets) == []
    told = notes(sheets)
    assert told["Our payouts + new in the month"] == told["Our payouts + unmatched at the end"] == (0, yuan(0))
    assert told["Waiting for a second person"] == (1, yuan(19800))


def test_a_coupon_that_waits_is_not_decided(books: Books, folder: Folder) -> None:
    """A coupon of 30.00 is due, a transfer of 45.00 waits: 30.00 is decided and not paid."""
    books.hire()
    books.order(OTHER, ("TS-L", 1, 9000))
    books.do(decisions.open_case, OTHER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100)
    books.do(decisions.approve, OTHER, by=MANAGER)
    books.do(payouts.compensate, OTHER, coupon=3000, by=AGENT)
    books.do(payouts.compensate, OTHER, cash=4500, by=AGENT)
    told = notes(workbook(books))
    assert told["Other payouts not out yet"] == (1, yuan(3000))
    assert told["Waiting for a second person"] == (1, yuan(4500))


def test_what_was_failed_by_hand_while_it_waited_was_never_let_go(books: Books, folder: Folder) -> None:
    number = waiting(books, folder)
    books.do(payout_steps.step, number, "fail", because="先不退", by=MANAGER)
    paid_by_itself(books, folder)
    assert differences(workbook(books)) == NOBODY
    books.check()


def test_what_a_manager_let_go_after_a_failure_was_let_go(books: Books, folder: Folder) -> None:
    """The agent's payout is failed while it waits, the manager pays 100.00 of it; the platform pays 60.00: D3."""
    number = waiting(books, folder)
    books.do(payout_steps.step, number, "fail", because="先退一部分", by=MANAGER)
    books.do(payouts.refund, "R1", amount=10000, by=MANAGER)
    bought = unsent(sold(NUMBER, ("TS-L", 1, 19800)))
    finished = PAID_AT.replace(tzinfo=None)
    books.at = SEEN_AT
    wish = asked_back("R1", bought, 6000, kind="仅退款", goods="买家未收到货", finished_at=finished)
    take(books, folder.refunds(wish))
    ((name, ours, platform, _gap),) = differences(workbook(books))
    assert (name, platform) == ("D3", yuan(6000)), "somebody with the leave had agreed"
    assert ours == yuan(10000), "nobody with the leave let go the 198.00 that the agent agreed to"


def test_the_rest_of_what_waited_makes_nobody_agree_to_what_the_platform_paid(books: Books, folder: Folder) -> None:
    """The platform pays 188.00 while 198.00 waits: 188.00 that nobody let go. The agent pays the 10.00 that rest by
    transfer later: they stand by themselves, and the month, over by then, stays as it was.
    """
    waiting(books, folder)
    bought = unsent(sold(NUMBER, ("TS-L", 1, 19800)))
    finished = PAID_AT.replace(tzinfo=None)
    books.at = SEEN_AT
    take(
        books,
        folder.refunds(asked_back("R1", bought, 18800, kind="仅退款", goods="买家未收到货", finished_at=finished)),
    )
    for (question,) in books.rows("SELECT id FROM import_questions"):
        books.do(import_questions.answer, question, "seen", by=MANAGER)
    alone = [("D2", None, yuan(18800), yuan(-18800))]
    assert differences(workbook(books)) == alone
    books.at = shanghai("2026-12-03 10:00")
    rest = books.do(payouts.refund, "R1", by=AGENT).number
    assert differences(workbook(books)) == alone
    books.do(payout_steps.step, rest, "send", by=AGENT)
    books.do(payout_steps.step, rest, "confirm", by=AGENT)
    assert books.value("SELECT minor FROM payouts WHERE number = :number", number=rest) == 1000
    assert differences(workbook(books)) == alone
    books.check()


# refunds that agree while their goods are missing


def paid_ahead_of_its_goods(books: Books) -> None:
    """A return of 100.00 that was let run ahead of its goods, and paid there too."""
    order = books.order(NUMBER, ("TS-L", 1, 10000))
    case = books.do(decisions.open_case, order, kind=Kind.RETURN, reason="Q_FUNC").number
    books.do(decisions.approve, case, waive=["goods_back"], because="waived")
    with opened(books.asked()) as shop:
        lookup.case_of(shop, case).platform_number = "T1"
    payout = books.do(payouts.refund, case, waive=["goods_first"], because="老客户").number
    books.do(payout_steps.step, payout, "confirm")
    with opened(books.asked()) as shop:
        row = lookup.case_of(shop, case)
        row.platform_amount, row.platform_succeeded_at = 10000, books.at


def test_what_agrees_is_no_difference_and_missing_goods_are_a_flag_beside_it(books: Books, folder: Folder) -> None:
    """A return of 100.00 let run ahead of its goods, paid there too: matched; the piece that is not in is a flag."""
    paid_ahead_of_its_goods(books)
    sheets = workbook(books)
    lines = [(row[0], row[1], row[2]) for row in sheets["Notes"].rows]
    names = [name for name, _count, _money in lines]
    by_class = names[names.index("Refunds by class") + 1 : names.index("Definitions")]
    assert by_class == ["matched", "Refunds in all classes", "Flags beside the classes", "D9 money out, goods not in"]
    told = notes(sheets)
    assert told["Matched"] == (1, yuan(10000))
    assert told["matched"] == told["Refunds in all classes"] == (1, yuan(0))
    assert told["D9 money out, goods not in"] == (1, yuan(10000))
    (flagged,) = cells(sheets["Differences"], "Class", "Pieces not in", "What to do")
    assert flagged[:2] == ("matched", 1)
    totals = books.do(exports.reconciliation, "2026-11", folder.path).document()["totals"]
    assert totals["named"] == 0, "a flag is no difference"


def test_a_refund_whose_money_moved_into_its_order_counts_its_pieces_once(books: Books, folder: Folder) -> None:
    """30.00 of 100.00 left by transfer, then the platform paid 100.00 for the one piece: 70.00 of it for goods, 30.00
    over. The transfer came back: the 30.00 are for the same goods, in a part of their own, and it stays one piece.
    """
    books.hire()
    bought = sold(NUMBER, ("TS-L", 1, 10000))
    take(books, *folder.both(bought))
    cut = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=3000).number
    books.do(decisions.approve, cut, by=MANAGER)
    transfer = books.do(payouts.refund, cut, by=MANAGER).number
    books.do(payout_steps.step, transfer, "confirm", by=MANAGER)
    take(books, folder.refunds(asked_back("R1", bought, 10000, kind="仅退款")))
    books.do(payout_steps.reverse, transfer, because="退回", by=MANAGER)
    stored = (
        "SELECT purpose, x.minor FROM payout_parts x JOIN payouts p ON p.id = x.payout_id WHERE origin = 'platform'"
    )
    assert [tuple(row) for row in books.rows(f"{stored} ORDER BY x.id")] == [
        ("goods", 7000),
        ("over", 3000),
        ("over", -3000),
        ("goods", 3000),
    ]
    details = cells(workbook(books)["Details"], "Platform refund no.", "SKU", "Pieces", "In all")
    assert [row for row in details if row[0] == "R1"] == [("R1", "TS-L", 1, yuan(10000))]
    books.check()


def test_every_line_of_a_product_counts_its_pieces(books: Books, folder: Folder) -> None:
    """Two lines of one product, three pieces and one: four, and the product is named once."""
    bought = sold(NUMBER, ("TS-L", 3, 9000), ("TS-L", 1, 3000))
    whole = asked_back("R1", bought, 12000, line=None, quantity=4)
    take(books, *folder.both(bought), folder.refunds(whole))
    assert cells(workbook(books)["Details"], "SKU", "Pieces") == [("TS-L", 4)]


def test_what_was_paid_above_the_agreement_has_its_own_text(books: Books, folder: Folder) -> None:
    """80.00 agreed to, 90.00 paid: the calculation of the 80.00 stands with them alone."""
    paid_there(books, folder, 9000, 8000)
    told = {row[0]: row[1] for row in cells(workbook(books)["Details"], "In all", "How it came about")}
    assert told[yuan(8000)].endswith("the goods stay with the buyer 80.00")
    assert told[yuan(1000)] == "paid by the platform above what was agreed to here: 10.00"
