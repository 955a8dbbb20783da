"""A month's refunds by class, by count as by money: each in one class, those from before the books apart, what a second
person let go in the month when they did, and shops by a name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures import report_rows
from retcli.actions.cases import decisions, platform_list
from retcli.actions.imports import intake
from retcli.actions.insight import doctor, exports
from retcli.actions.insight.month import difference_rows, matched_refunds
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.insight.month.movements import Matter
from retcli.actions.money import payout_steps, payouts
from retcli.errors import RetcliError
from retcli.rules.lifecycles import Kind
from retcli.rules.money.agreed_there import agreed_there
from retcli.rules.money.payouts import NOT_LET_GO
from retcli.rules.money.reconciliation import BEFORE, BEYOND, OwnPayout, PlatformRefund
from retcli.rules.periods import Period
from retcli.sheets import reconciliation
from retcli.transaction import opened
from retcli.views.screen import Terminal
from tests.actions.insight.month.test_order_file_refunds import exported, sent
from tests.reports import ORDERS, REQUESTED, SUCCEEDED, Folder, asked_back, changed, sold, take, unsent
from tests.sheets.test_beyond import notes, paid_there, yuan
from tests.shopfloor import AGENT, FIXTURES, MANAGER, Books, shanghai
from tests.workbooks import cells, differences, workbook

BEFORE_BOOKS = "of which from before the books"
ALL = "Refunds in all classes"


# from before the books


def july(books: Books, folder: Folder, name: str | None = None) -> None:
    """The shop starts on 15 July with July's files: returns of 30.00 of the 3rd and 50.00 of the 12th are over; one of
    70.00 is open, which the platform pays on the 20th, undecided here. The rows name a shop as they do at Taobao; with
    `name` they have that, "" for none.
    """
    june = [datetime(2026, 6, day, 9, 30) for day in (24, 24, 25, 28)]
    times: dict[str, Any] = dict(zip(("created_at", "paid_at", "shipped_at", "confirmed_at"), june, strict=True))
    orders = [sold(f"285000000000000071{n}", ("TS-L", 1, fen), **times) for n, fen in enumerate((3000, 5000, 7000))]
    over = [
        asked_back(f"J{n}", orders[n], orders[n].paid, applied_at=at - timedelta(days=1), finished_at=at)
        for n, at in enumerate((datetime(2026, 7, 3, 10), datetime(2026, 7, 12, 10)))
    ]
    wish = asked_back("J2", orders[2], 7000, status=REQUESTED, applied_at=datetime(2026, 7, 14, 10))
    books.at = shanghai("2026-07-15 09:00")
    report = list(report_rows(orders, ORDERS, ".csv"))
    for place in range(1, len(report)) if name is not None else ():
        report = changed(report, place, {"店铺名称": name})
    take(books, folder.rows(report), folder.items(*orders), folder.refunds(*over, wish))
    books.at = shanghai("2026-07-21 09:00")
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=datetime(2026, 7, 20, 10))))


def test_what_ended_before_the_books_is_a_class_of_its_own(books: Books, folder: Folder) -> None:
    """By hand: the platform 3 refunds of 150.00, two of 80.00 from before; ours 0.00, so −70.00 stays, one D2."""
    july(books, folder)
    sheets = workbook(books, "2026-07")
    assert differences(sheets) == [
        ("D2", None, yuan(7000), yuan(-7000)),
        ("from", None, yuan(8000), yuan(0)),
    ]
    assert cells(sheets["Differences"], "Refunds", "Paid for them") == [(1, yuan(7000)), (2, None)], (
        "their goods came in before too"
    )
    told = notes(sheets)
    assert told["Refunded by the platform"] == (3, yuan(15000))
    assert told["of which paid by the platform first: from before the books"] == (2, yuan(8000))
    assert told[BEFORE_BOOKS] == (2, yuan(8000))
    assert told["Difference in all"] == (None, yuan(-7000))
    assert told["from before the books"] == (2, yuan(0))
    assert told[ALL] == (3, yuan(-7000))
    details = cells(sheets["Details"], "Platform refunded", "Difference", "Matching")
    assert [(row[0], row[1], str(row[2]).split()[0]) for row in details] == [
        (yuan(3000), yuan(0), "from"),
        (yuan(5000), yuan(0), "from"),
        (yuan(7000), yuan(-7000), "D2"),
    ]
    books.check()


def test_what_is_printed_of_the_differences_can_be_followed(books: Books, folder: Folder) -> None:
    """On paper too: what stays unmatched, and the numbers by which the platform knows order and refund."""
    july(books, folder)
    sheet = workbook(books, "2026-07")["Differences"]
    printed = [column.title for column in sheet.columns[: sheet.printed]]
    needed = {"Unmatched, ours", "Unmatched, platform", "Platform order no.", "Platform refund no.", "What to do"}
    assert needed <= set(printed)


def test_our_sides_entries_are_told_from_what_was_paid(books: Books, folder: Folder) -> None:
    """Two lines of nearly the same words, and two numbers: how the one comes from the other is said."""
    july(books, folder)
    texts = {str(row[0]): str(row[3]) for row in workbook(books, "2026-07")["Notes"].rows}
    assert "transfers too" in texts["Our payouts + new in the month"]


def test_one_that_was_taken_back_here_stands_alone(books: Books, folder: Folder) -> None:
    """The 50.00 came back: without its other side, so that it shares no row with the 30.00."""
    july(books, folder)
    number = str(books.value("SELECT number FROM payouts WHERE minor = 5000"))
    books.do(payout_steps.reverse, number, because="退回")
    titles = ("Class", "Platform refunded", "Unmatched, ours")
    assert [
        (str(row[0]).split()[0], *row[1:]) for row in cells(workbook(books, "2026-07")["Differences"], *titles)
    ] == [
        ("D2", yuan(7000), None),
        ("from", yuan(5000), yuan(-5000)),
        ("from", yuan(3000), None),
    ]
    assert cells(workbook(books, "2026-08")["Differences"], *titles)[0][1:] == (None, yuan(-5000))
    books.check()


def test_the_document_counts_them_apart(books: Books, folder: Folder, tmp_path: Path) -> None:
    july(books, folder)
    document = books.do(exports.reconciliation, "2026-07", tmp_path).document()
    assert [(each["class"], each["bill"]) for each in document["differences"]] == [("D2", "J2")]
    assert document["totals"]["before_books"][0]["minor"] == 8000
    assert document["totals"]["differences"][0]["minor"] == -7000
    later = books.do(exports.reconciliation, "2026-08", tmp_path).document()
    assert "before_books" not in later["totals"]


def test_a_platform_that_came_later_has_its_own_beginning(books: Books, folder: Folder) -> None:
    """Pinduoduo's files begin when Taobao's have been coming for years: its boundary is its own first file."""
    july(books, folder)
    with opened(books.asked(), writes=False) as shop:
        known = reconciling.month_of_books(shop, "2026-07").opened
    assert list(known.values()) == [shanghai("2026-07-15 09:00")]


def second_shop(books: Books, folder: Folder, *, said: bool) -> None:
    """The second shop's first files come on 28 July; a refund of 39.90 succeeded there on the 26th at 18:00."""
    at = datetime(2026, 7, 20, 9, 30)
    other = sold("2850000000000000799", ("TS-L", 1, 3990), created_at=at, paid_at=at, shipped_at=at, confirmed_at=None)
    gone = asked_back("K1", other, 3990, applied_at=datetime(2026, 7, 25, 10), finished_at=datetime(2026, 7, 26, 18))
    books.at = shanghai("2026-07-28 09:00")
    orders = list(report_rows([other], ORDERS, ".csv"))
    named = folder.rows(changed(orders, 1, {"店铺名称": "" if said else "小蓝家"}))
    take(books, named, folder.items(other), folder.refunds(gone), shop_name="小蓝家" if said else "")


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("first", ["", "青禾旗舰店"])
def test_a_second_shop_of_a_platform_has_its_own_beginning(
    books: Books, folder: Folder, *, said: bool, first: str
) -> None:
    """By hand: 80.00 from before the first shop's files and 39.90 from before the second's; −70.00 stays, one D2."""
    july(books, folder, first)
    second_shop(books, folder, said=said)
    sheets = workbook(books, "2026-07")
    assert differences(sheets) == [("D2", None, yuan(7000), yuan(-7000)), ("from", None, yuan(11990), yuan(0))]
    assert notes(sheets)[BEFORE_BOOKS] == (3, yuan(11990))
    books.check()


@pytest.mark.parametrize("first", ["", "青禾旗舰店"])
def test_what_came_before_anybody_named_shops_is_the_first_shop_s(books: Books, folder: Folder, first: str) -> None:
    """The same orders come again under a name: what the platform refunded since the first file stays D2."""
    july(books, folder, first)
    at = datetime(2026, 7, 20, 9, 30)
    again = sold("2850000000000000712", ("TS-L", 1, 7000), seller_remark="已联系")
    new = sold("2850000000000000798", ("TS-L", 1, 990), created_at=at, paid_at=at, shipped_at=at, confirmed_at=None)
    gone = asked_back("K2", new, 990, applied_at=datetime(2026, 7, 24, 10), finished_at=datetime(2026, 7, 26, 18))
    books.at = shanghai("2026-07-28 09:00")
    take(books, *folder.both(again, new), folder.refunds(gone), shop_name="青禾旗舰店")
    assert differences(workbook(books, "2026-07")) == [
        ("D2", None, yuan(7000), yuan(-7000)),
        ("D2", None, yuan(990), yuan(-990)),
        ("from", None, yuan(8000), yuan(0)),
    ]


def test_what_a_first_list_without_times_calls_over_is_from_before_too(books: Books, tmp_path: Path) -> None:
    """JD's lists have no time of success: what the first run tells is over ended before it, 8 refunds of 690.62."""
    books.at = shanghai("2026-07-22 09:00")
    jd = FIXTURES / "exports" / "jd"
    intake.take_in(books.asked(), [jd / "订单列表.csv", jd / "服务单导出.xlsx"])
    there = books.rows("SELECT platform_amount FROM cases WHERE platform_state = 'succeeded'")
    told = notes(workbook(books, "2026-07"))
    assert told[BEFORE_BOOKS] == (len(there), yuan(sum(row[0] for row in there)))
    assert told[ALL] == (len(there), yuan(0))
    assert not [name for name in told if name.startswith(("D2", "D9"))]


# one class for each refund


@pytest.mark.parametrize(("agreed", "parts"), [(10000, [1, None]), (7900, [1, None]), (None, [1, None])])
def test_what_is_beyond_an_order_counts_with_the_rest_of_its_refund(
    books: Books, folder: Folder, agreed: int | None, parts: list[Any]
) -> None:
    """130.00 on an order of 100.00: one refund, two rows of money, counted once; the further row says so."""
    paid_there(books, folder, 13000, agreed)
    sheets = workbook(books)
    by_row = sorted(cells(sheets["Differences"], "Class", "Refunds"), key=lambda row: row[1] is None)
    assert [count for _name, count in by_row] == parts
    assert by_row[1][0].endswith(" (a part of a refund that counts in its own class)")
    told = notes(sheets)
    assert told[ALL][0] == told["Refunded by the platform"][0] == 1
    assert [count for name, (count, _money) in told.items() if name.startswith("D4")] == [0]


def test_all_of_a_refund_beyond_its_order_counts_as_one(books: Books, folder: Folder) -> None:
    bought = unsent(sold("2850000000000000611", ("TS-L", 1, 10000)))
    books.at = shanghai("2026-11-02 09:00")
    twice = [asked_back(f"R{n}", bought, 10000, kind="仅退款") for n in (1, 2)]
    take(books, *folder.both(bought), folder.refunds(*twice))
    sheets = workbook(books)
    assert cells(sheets["Differences"], "Refunds") == [(1,), (1,)]
    assert notes(sheets)[ALL][0] == notes(sheets)["Refunded by the platform"][0] == 2


MONTH = Period.month("2026-11")
MOMENTS = st.integers(0, 89).map(lambda day: shanghai("2026-10-01 12:00") + timedelta(days=day))
STATES = ("waiting", "due", "sent", "confirmed", "failed")


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    """A refund with some payouts of ours, and perhaps the platform's, part of it or all of it beyond its order."""
    made = []
    for n in range(draw(st.integers(0, 3))):
        decided, state = draw(MOMENTS), draw(st.sampled_from(STATES))
        settled = decided + timedelta(days=draw(st.integers(0, 40))) if state == "confirmed" else None
        minor = draw(st.sampled_from((1000, 2000, 3000)))
        made.append(OwnPayout(f"PO{n}", "", minor, state, decided, settled, counted=minor))
    theirs, minor = None, draw(st.sampled_from((0, 1000, 2000, 3000)))
    if minor:
        succeeded, closed = draw(st.none() | MOMENTS), draw(st.booleans())
        over = draw(st.sampled_from((0, minor // 2, minor))) if succeeded else 0
        early = not made and draw(st.booleans())
        theirs = PlatformRefund("", "", minor, succeeded, closed, None, over, early)
        rest = minor - sum(payout.minor for payout in made if payout.state not in NOT_LET_GO)
        if succeeded and rest > 0:  # written down as the platform paid it
            made.append(OwnPayout("PO9", "", rest, "confirmed", succeeded, succeeded, own=False, over=min(over, rest)))
    nobody = agreed_there(way="", reviewed_by="", refunded_by="", at_once="", stepped_in=False)
    return Matter("", "", "", "", "taobao", "CNY", theirs, nobody, made)


@settings(max_examples=500)
@given(st.lists(matters(), max_size=6))
def test_every_refund_counts_in_one_class(every: list[Matter]) -> None:
    """Σ counts of the classes = refunds with anything in the month or open; Σ reported = refunds of the month; Σ money
    = theirs and the difference.
    """
    named = {}
    for key, matter in enumerate(every):
        matter.case = f"RC{key}"
        matched_refunds.judge(matter, MONTH)
        named[key] = matter
    gaps = difference_rows.gap_rows(named, {}, MONTH)
    refunds = [m for m in every if m.booked or m.refunded or matched_refunds.left_open(m, MONTH)]
    assert sum(gap.count for gap in gaps) == len(refunds)
    assert sum(gap.reported for gap in gaps) == sum(bool(m.refunded) for m in every)
    assert sum(gap.platform.minor for gap in gaps) == sum(m.refunded for m in every)
    assert sum(gap.difference.minor for gap in gaps) == sum(m.gap for m in every)
    assert all(gap.label for gap in gaps)
    counted = [gap.case for gap in gaps if gap.count and gap.case]
    assert len(counted) == len(set(counted))
    assert all(gap.count for gap in gaps if gap.label not in {BEYOND, BEFORE})


def test_a_month_whose_classes_do_not_add_up_is_not_written(books: Books, folder: Folder) -> None:
    paid_there(books, folder, 13000, 10000)
    with opened(books.asked(), writes=False) as shop:
        month = reconciling.month_of_books(shop, "2026-11")
    wrong = [replace(gap, count=1, reported=1) for gap in month.gaps]
    with pytest.raises(RetcliError, match="by class do not add up"):
        reconciliation.sheets(replace(month, gaps=wrong))


# what a second person let go after the month's end


def waiting_over_the_month_s_end(books: Books, folder: Folder) -> str:
    """On 29 November an agent agrees to 198.00, above their limit; a manager lets it go on 2 December, and on the 3rd
    the platform pays.
    """
    books.at = shanghai("2026-11-02 09:00")
    books.hire()
    bought = unsent(sold("2850000000000000611", ("TS-L", 1, 19800)))
    wish = asked_back("R1", bought, 19800, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.at = shanghai("2026-11-29 12:00")
    books.do(decisions.approve, "R1", by=AGENT)
    (number,) = (row.number for row in books.rows("SELECT number FROM payouts"))
    books.at = shanghai("2026-12-02 12:00")
    books.do(payout_steps.countersign, number, by=MANAGER)
    books.at = shanghai("2026-12-04 12:00")
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=datetime(2026, 12, 3, 10))))
    return str(number)


def test_what_is_countersigned_later_counts_when_it_was_let_go(books: Books, folder: Folder) -> None:
    waiting_over_the_month_s_end(books, folder)
    november, december = notes(workbook(books, "2026-11")), notes(workbook(books, "2026-12"))
    assert november["Our payouts + new in the month"] == november["Our payouts + unmatched at the end"] == (0, yuan(0))
    assert november["Waiting for a second person"] == (1, yuan(19800)), "as it stood at the month's end"
    assert differences(workbook(books, "2026-11")) == []
    assert december["Our payouts unmatched at the start"] == (0, yuan(0))
    assert (
        december["Our payouts + new in the month"] == december["Our payouts = matched in the month"] == (1, yuan(19800))
    )
    assert december["Matched"] == (1, yuan(19800)), "let go and paid in one month: no D5"
    assert "Waiting for a second person" not in december
    books.check()


def test_a_transfer_countersigned_later_waited_at_the_month_s_end(books: Books) -> None:
    """45.00 decided on 29 November, let go on 2 December and not sent: November's waits, December's is not out."""
    books.hire()
    books.order("2850000000000000622", ("TS-L", 1, 9000))
    books.do(decisions.open_case, "2850000000000000622", kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100)
    books.do(decisions.approve, "2850000000000000622", by=MANAGER)
    books.at = shanghai("2026-11-29 12:00")
    given_ = books.do(payouts.compensate, "2850000000000000622", cash=4500, by=AGENT)
    books.at = shanghai("2026-12-02 12:00")
    books.do(payout_steps.countersign, given_.number, by=MANAGER)
    november, december = notes(workbook(books, "2026-11")), notes(workbook(books, "2026-12"))
    assert november["Waiting for a second person"] == (1, yuan(4500))
    assert november["Other payouts not out yet"][1] + yuan(4500) == december["Other payouts not out yet"][1]


def test_what_was_sent_by_the_month_s_end_stands_apart_from_what_is_due(books: Books) -> None:
    """45.00 sent on 29 November and confirmed on 2 December, 12.00 due all the time."""
    books.hire()
    books.at = shanghai("2026-11-29 12:00")
    numbers = []
    for order, minor in (("2850000000000000622", 4500), ("2850000000000000623", 1200)):
        books.order(order, ("TS-L", 1, 9000))
        books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100)
        books.do(decisions.approve, order, by=MANAGER)
        numbers.append(books.do(payouts.compensate, order, cash=minor, by=MANAGER).number)
    books.do(payout_steps.step, numbers[0], "send", by=MANAGER)
    told = notes(workbook(books, "2026-11"))
    assert (told["Sent, not confirmed"], told["Other payouts not out yet"]) == ((1, yuan(4500)), (1, yuan(1200)))
    books.at = shanghai("2026-12-02 12:00")
    books.do(payout_steps.step, numbers[0], "confirm", by=MANAGER)
    november, december = notes(workbook(books, "2026-11")), notes(workbook(books, "2026-12"))
    assert november["Sent, not confirmed"] == (1, yuan(4500)), "as it stood at the month's end"
    assert "Sent, not confirmed" not in december
    assert december["Other payouts not out yet"] == (1, yuan(1200))
    books.check()


# what is clicked and seen to succeed after the month's end


def test_what_was_clicked_by_the_month_s_end_waits_to_be_seen(books: Books, folder: Folder, tmp_path: Path) -> None:
    """Agreed on 29 November, clicked on the 30th, succeeded on 1 December: November's workbook of the 2nd has no
    difference, and says which instant its column of states is of.
    """
    books.at = shanghai("2026-11-29 12:00")
    bought = unsent(sold("2850000000000000611", ("TS-L", 1, 9800)))
    wish = asked_back("R1", bought, 9800, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(decisions.approve, "R1")
    books.at = shanghai("2026-11-30 20:00")
    before = workbook(books)
    assert cells(before["Differences"], "Class") == [("not yet paid, carried over",)], "nobody has clicked it yet"
    books.do(platform_list.done, ["R1"])
    books.at = shanghai("2026-12-02 09:00")
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=datetime(2026, 12, 1, 10))))
    sheet = workbook(books)["Differences"]
    clicked = "clicked, not seen yet, carried over"
    advice = "Nothing: it was settled after the month's end, both sides agree since"
    titles = ("Class", "Payout state at the export", "What to do")
    assert cells(sheet, *titles) == [(clicked, "confirmed", advice)]
    assert notes(workbook(books))[clicked] == (1, yuan(0))
    view = books.do(exports.reconciliation, "2026-11", tmp_path)
    assert view.document()["totals"]["named"] == 0
    assert [each["class"] for each in view.document()["differences"]] == ["open"]


def test_a_transfer_in_another_currency_is_no_small_transfer(books: Books, tmp_path: Path) -> None:
    """小额打款 is a way of the Chinese platforms, in yuan: dollars and yen go by a transfer to the buyer."""
    for name, currency in (("#glow1", "USD"), ("#glow2", "JPY")):
        books.at = shanghai("2026-11-09 12:00")
        order = {"Name": name, "Total": "5500", "Refunded Amount": "0", "Currency": currency}
        take(books, exported(tmp_path / f"{currency}.csv", order))
        sent(books, name, 2000)
    sheets = workbook(books)
    for name in ("Summary", "Details", "Compensation"):
        assert {method for (method,) in cells(sheets[name], "Method")} == {"transfer to the buyer"}


# whose it is


def test_a_shop_that_nobody_named_goes_by_its_platform(books: Books) -> None:
    order = books.order("2850000000000000622", ("TS-L", 1, 9000))
    books.do(decisions.open_case, order, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=100)
    books.do(decisions.approve, order)
    books.do(payout_steps.step, books.do(payouts.compensate, order, coupon=300).number, "confirm")
    sheets = workbook(books)
    for name in ("Summary", "Details", "Compensation"):
        assert {shop for (shop,) in cells(sheets[name], "Shop")} == {"Taobao"}
    with opened(books.asked(), writes=False) as shop:
        assert reconciling.month_of_books(shop, "2026-11").shops == ("Taobao",)


@pytest.mark.parametrize(
    "platform", ["jd/订单列表.csv", "pdd/orders_export.csv", "shopify/orders.csv", "douyin/订单导出.xlsx"]
)
def test_the_same_file_with_its_shop_names_what_came_without(books: Books, platform: str) -> None:
    path = FIXTURES / "exports" / platform
    intake.take_in(books.asked(), [path])
    assert {row.shop for row in books.rows("SELECT shop FROM orders")} == {""}
    intake.take_in(books.asked(), [path], shop_name="悠选小店")
    assert {row.shop for row in books.rows("SELECT shop FROM orders")} == {"悠选小店"}
    intake.take_in(books.asked(), [path], shop_name="别家")
    assert {row.shop for row in books.rows("SELECT shop FROM orders")} == {"悠选小店"}, "a name that stands is kept"
    books.check()


def test_import_and_doctor_say_how_a_shop_gets_its_name(sqlite_books: Books, tmp_path: Path) -> None:
    """Once, with the platform's first file; the doctor says it for as long as it is so, and finds no fault in it."""
    books, path = sqlite_books, FIXTURES / "exports" / "shopify" / "orders.csv"
    (first,) = intake.take_in(books.asked(), [path]).files
    assert [text for text in first.remarks if text.startswith("Its rows name no shop, so sheets say Shopify")]
    again = tmp_path / "again.csv"
    again.write_bytes(path.read_bytes() + b"\r\n")
    (second,) = intake.take_in(books.asked(), [again]).files
    assert not [text for text in second.remarks if "name no shop" in text]
    (line,) = [finding for finding in doctor.examine(books.asked()).findings if finding.where == "shops"]
    assert (line.state, line.text.split(":")[0]) == ("ok", "No shop is named for the orders of Shopify")
    (named,) = intake.take_in(books.asked(), [path], shop_name="悠选小店").files
    assert named.changed > 0
    assert not [finding for finding in doctor.examine(books.asked()).findings if finding.where == "shops"]


def test_the_screen_counts_a_refund_in_one_class_too(
    sqlite_books: Books, folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """130.00 on an order of 100.00, agreed to by nobody: one refund of D2, and 30.00 of it beyond the order."""
    paid_there(sqlite_books, folder, 13000)
    view = sqlite_books.do(exports.reconciliation, "2026-11", tmp_path)
    view.draw(Terminal())
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], *line[-2:]) for line in lines if line and line[0] in {"D2", "D4"}] == [
        ("D2", "1", "-100.00"),
        ("D4", "0", "-30.00"),
    ]
    document = view.document()
    assert [each["count"] for each in document["differences"]] == [1, 0]
    assert document["totals"]["named"] == 1
