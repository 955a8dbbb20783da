"""The platform's refund report: one meaning for each status, and no fen lost on the way."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.imports.merging import Source
from retcli.actions.imports.refunds.refund_report import merge
from retcli.actions.money import payout_steps
from retcli.actions.warehouse import inspection, parcels
from retcli.database import engine
from retcli.database.staging.stages import StagedRow
from retcli.platforms.taobao import REFUND_STATUS
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import split
from retcli.transaction import opened
from tests.reports import (
    CLOSED,
    EXPORTS,
    REFUNDS,
    REQUESTED,
    SUCCEEDED,
    Folder,
    asked_back,
    counts,
    facts,
    questions,
    sold,
    take,
    take_one,
    unsent,
)
from tests.shopfloor import FIXTURES, NOON, Books

EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected" / "shop.json").read_text(encoding="utf-8"))
ORDER_FILE, ITEM_FILE, PRODUCT_FILE = EXPORTS / "订单报表.csv", EXPORTS / "宝贝报表.xlsx", EXPORTS / "商品资料.xlsx"
REFUND_FILES = (EXPORTS / "退款报表_1.xlsx", EXPORTS / "退款报表_2.xlsx")
NUMBER = "2850000000000000100"
TWO_LINES = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), freight=600)


def test_refunds_wait_for_their_order(books: Books, folder: Folder) -> None:
    refund = asked_back("1", TWO_LINES, 9397)
    view = take(books, folder.refunds(refund))
    assert (view.files[0].waiting, view.files[0].refused) == (1, 0)
    assert "1 refunds wait for their orders" in view.files[0].remarks
    assert view.hint == "Next: import the order report of the same period"
    halves = folder.both(TWO_LINES)
    take(books, halves[1])
    assert books.value("SELECT COUNT(*) FROM cases") == 0
    take(books, halves[0])
    assert books.value("SELECT COUNT(*) FROM waiting_rows") == 0
    assert books.rows("SELECT platform_number, kind, decision, filing FROM cases") == [
        ("1", "return", "approved", "finished")
    ]
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(9397, "confirmed", "platform")]
    books.check()


def test_a_newer_report_replaces_a_waiting_refund(sqlite_books: Books, folder: Folder) -> None:
    take(sqlite_books, folder.refunds(asked_back("1", TWO_LINES, 9397, status=REQUESTED)))
    file = take_one(sqlite_books, folder.refunds(asked_back("1", TWO_LINES, 9000)))
    assert counts(file) == (1, 0, 1, 0, 0)
    take(sqlite_books, *folder.both(TWO_LINES))
    assert sqlite_books.rows("SELECT minor, state FROM payouts") == [(9000, "confirmed")]


def how_cases_stand(books: Books) -> list[Any]:
    """Cases by the platform's number: decision, filing, money, pieces in live cases, payouts, parcels, goods sent."""
    per_case = {
        "due": "SELECT SUM(n.due) FROM case_lines n WHERE n.case_id = c.id",
        "units": "SELECT SUM(d.units) FROM draws d WHERE d.case_id = c.id",
        "share": "SELECT SUM(d.share) FROM draws d WHERE d.case_id = c.id",
        "cash": "SELECT SUM(d.cash) FROM draws d WHERE d.case_id = c.id",
        "paid": "SELECT SUM(p.minor) FROM payouts p WHERE p.case_id = c.id AND p.state = 'confirmed'",
        "parcels": "SELECT MIN(x.waybill) FROM parcels x JOIN parcel_cases y ON y.parcel_id = x.id"
        " WHERE y.case_id = c.id",
        "sent": "SELECT COUNT(*) FROM replacements r WHERE r.case_id = c.id AND r.state <> 'cancelled'",
    }
    named = ", ".join(f"({query}) AS {name}" for name, query in per_case.items())
    columns = "c.platform_number, c.kind, c.decision, c.filing, c.platform_status, c.platform_amount, c.freight_due"
    rows = books.rows(f"SELECT {columns}, {named} FROM cases c ORDER BY 1")
    return [tuple(row) for row in rows]


def test_two_reports_one_after_the_other_or_only_the_second(
    sqlite_books: Books, more_books: Callable[[], Books]
) -> None:
    other = more_books()
    take(sqlite_books, ORDER_FILE, ITEM_FILE, *REFUND_FILES)
    take(other, ORDER_FILE, ITEM_FILE, REFUND_FILES[1])
    assert how_cases_stand(sqlite_books) == how_cases_stand(other)
    take(other, REFUND_FILES[1])
    assert len(how_cases_stand(other)) == 40
    other.check()


STANDING = {
    "requested": ("requested", "open"),
    "awaiting_goods": ("approved", "open"),
    "goods_sent": ("approved", "open"),
    "replacement_sent": ("approved", "open"),
    "refused": ("rejected", "open"),
    "closed": ("withdrawn", "finished"),
    "succeeded": ("approved", "finished"),
}
"""What a status of the platform makes of a return: decision and filing."""
REPLACED = {"requested": [], "refused": [], "closed": [], "replacement_sent": ["shipped"], "succeeded": ["delivered"]}
"""What it makes of the goods that an exchange sends; due where nothing stands here."""


@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_each_status_of_the_platform_has_its_one_meaning(sqlite_books: Books, folder: Folder, known: bool) -> None:
    books = sqlite_books
    returned = {written: sold(f"28500000000000{n:05d}", ("A", 1, 500)) for n, written in enumerate(REFUND_STATUS, 100)}
    exchanged = {written: sold(f"28500000000000{n:05d}", ("B", 1, 700)) for n, written in enumerate(REFUND_STATUS, 200)}
    take(books, *folder.both(*returned.values(), *exchanged.values()))

    def report(now: str = "") -> Path:
        rows = [asked_back(f"R{o.number}", o, 500, status=now or written) for written, o in returned.items()]
        rows += [asked_back(f"E{o.number}", o, 0, kind="换货", status=now or w) for w, o in exchanged.items()]
        return folder.refunds(*rows)

    n = 2 * len(REFUND_STATUS)
    if known:
        assert counts(take_one(books, report(REQUESTED))) == (n, n, 0, 0, 0)
    assert counts(take_one(books, report())) == ((n, 0, n - 2, 2, 0) if known else (n, n, 0, 0, 0))
    for written, status in REFUND_STATUS.items():
        _as_it_stands(books, f"R{returned[written].number}", f"E{exchanged[written].number}", status, written)
    before = facts(books)
    again = folder.rows(list(reversed_rows(report())), name="again.csv")
    assert counts(take_one(books, again)) == (n, 0, 0, n, 0)
    assert facts(books) == before
    books.check()


def reversed_rows(path: Path) -> Iterator[list[Any]]:
    """The rows of a report, the last first under the header: another file that says the same."""
    with path.open(encoding="gb18030", newline="") as stream:
        header, *rows = csv.reader(stream)
    yield from [header, *reversed(rows)]


def _as_it_stands(books: Books, returned: str, exchanged: str, status: str, written: str) -> None:
    """A return and an exchange stand as the platform's status says."""
    case = "FROM cases WHERE platform_number = :number"
    rows = books.rows(f"SELECT id, decision, filing, platform_status {case}", number=returned)
    key, *standing = rows[0]
    assert tuple(standing) == (*STANDING[status], written)
    paid = [(500, "confirmed")] if status == "succeeded" else []
    assert books.rows("SELECT minor, state FROM payouts WHERE case_id = :key", key=key) == paid
    drawn = books.value("SELECT COALESCE(SUM(units), 0) FROM draws WHERE case_id = :key", key=key)
    assert drawn == (0 if status in {"refused", "closed"} else 1), written
    key, decision = books.rows(f"SELECT id, decision {case}", number=exchanged)[0]
    assert decision == STANDING[status][0]
    states = books.rows("SELECT state FROM replacements WHERE case_id = :key AND state <> 'cancelled'", key=key)
    assert [state for (state,) in states] == REPLACED.get(status, ["due"]), written


def test_a_click_is_verified_by_the_next_report_or_comes_back(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 500))
    take(books, *folder.both(order), folder.refunds(asked_back("1", order, 500, status=REQUESTED)))
    books.do(decisions.approve, "1")
    assert books.rows("SELECT action, state FROM platform_actions") == [("agree_return", "todo")]
    books.do(platform_list.done, ["1"])
    take(books, folder.refunds(asked_back("1", order, 500, status=REQUESTED, note="x")))
    assert books.rows("SELECT state FROM platform_actions") == [("todo",)], "it did not happen on the platform"
    books.do(platform_list.done, ["1"])
    take(books, folder.refunds(asked_back("1", order, 500, status="卖家已经同意退款，等待买家退货")))
    assert books.rows("SELECT state FROM platform_actions") == [("verified",)]
    books.check()


def test_goods_the_platform_saw_leaving_are_not_sent_again(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 500))
    sent = asked_back("1", order, 0, kind="补寄", status="等待买家确认重新邮寄的货物", reason="少件")
    take(books, *folder.both(order), folder.refunds(sent))
    shown = books.do(case_cards.show, "1")
    assert (shown.standing.replacement, shown.stage) == ("shipped", "to_finish")


def test_an_own_payout_is_confirmed_by_the_platforms_word_only_at_its_amount(
    sqlite_books: Books, folder: Folder
) -> None:
    books, order = sqlite_books, unsent(sold(NUMBER, ("A", 1, 500)))
    wish = asked_back("1", order, 500, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    books.do(decisions.approve, "1")
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(500, "due", "own")], "made by the approval"
    take(books, folder.refunds(replace(wish, status=SUCCEEDED)))
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(500, "confirmed", "own")]
    assert books.value("SELECT filing FROM cases") == "finished"
    assert questions(books) == []
    books.check()


@pytest.mark.parametrize("paid", [400, 501])
def test_what_was_agreed_stands_beside_what_the_platform_paid(books: Books, folder: Folder, paid: int) -> None:
    """5.00 agreed on 6.00; the platform says 4.00 or 5.01: written as it says, 5.00 stands, and a person is asked."""
    order = unsent(sold(NUMBER, ("A", 1, 600)))
    wish = asked_back("1", order, 500, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    number = books.do(decisions.approve, "1").number
    event = books.value("SELECT payload FROM events WHERE action = 'approve' ORDER BY seq DESC LIMIT 1")
    assert (json.loads(event)["due"], list(json.loads(event)["lines"].values())) == (500, [500])
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, amount=paid)))
    rows = books.rows("SELECT minor, state, origin FROM payouts ORDER BY id")
    written = [(500, "confirmed", "own"), (1, "confirmed", "platform")]
    assert rows == (written if paid > 500 else [(500, "failed", "own"), (paid, "confirmed", "platform")])
    assert questions(books) == [("1", "platform_paid", "5.00", f"{paid / 100:.2f}")]
    assert books.value("SELECT agreed FROM case_lines") == 500
    shown = books.do(case_cards.show, number).document()["case"]
    assert (shown["agreed"]["minor"], shown["paid"]["minor"]) == (500, paid)
    books.check()


def test_a_refund_above_what_was_paid_is_written_down_in_full_and_asked_about(books: Books, folder: Folder) -> None:
    order = sold(NUMBER, ("A", 1, 500), freight=100)
    take(books, *folder.both(order))
    file = take_one(books, folder.refunds(asked_back("1", order, 700, reason="质量问题")))
    assert (file.questions, file.exit_code) == (1, 3)
    assert questions(books) == [("1", "over", "6.00", "7.00")]
    assert books.rows("SELECT minor, state FROM payouts") == [(700, "confirmed")]
    parts = books.rows("SELECT purpose, minor FROM payout_parts ORDER BY id")
    assert parts == [("goods", 500), ("freight", 100), ("over", 100)]
    books.check()


def test_money_off_before_sending_is_a_price_cut_on_the_line(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, unsent(sold(NUMBER, ("A", 1, 5000)))
    wish = asked_back("1", order, 300, kind="仅退款", status=REQUESTED, reason="降价")
    take(books, *folder.both(order), folder.refunds(wish))
    assert books.rows("SELECT kind FROM cases") == [("allowance",)]
    assert books.value("SELECT COUNT(*) FROM case_lines") == 1
    take(books, folder.refunds(replace(wish, status=SUCCEEDED)))
    assert books.rows("SELECT minor, state FROM payouts") == [(300, "confirmed")]
    assert questions(books) == []
    books.check()


def test_money_the_platform_paid_is_never_refused_for_want_of_pieces(sqlite_books: Books, folder: Folder) -> None:
    """The only piece is in an exchange of our own: the platform's refund is written down beside it."""
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 5000))
    take(books, *folder.both(order))
    own = books.do(decisions.open_case, NUMBER, kind=Kind.EXCHANGE, reason="SZ_FIT")
    file = take_one(books, folder.refunds(asked_back("1", order, 2000)))
    assert counts(file) == (1, 1, 0, 0, 0)
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(2000, "confirmed", "platform")]
    assert books.do(case_cards.show, own.number).decision == "requested"
    asking = take_one(books, folder.refunds(asked_back("2", order, 3000, status=REQUESTED)))
    assert (asking.refused, asking.questions) == (0, 1), "a wish is there to see, without pieces, and asked about"
    assert questions(books)[-1][1:] == ("pieces", "0", "1")
    books.check()


def test_the_same_matter_by_phone_and_on_the_platform_is_one_case_and_one_payment(
    sqlite_books: Books, folder: Folder
) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 9900))
    take(books, *folder.both(order))
    own = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D", channel="phone")
    books.do(decisions.approve, own.number)
    take(books, folder.refunds(asked_back("1", order, 9900, status=REQUESTED)))
    seen = books.do(case_cards.show, own.number)
    assert (seen.platform_number, seen.standing.platform_action) == ("1", "todo")
    books.do(parcels.expect_by_hand, own.number, "YT5260493176849")
    books.do(inspection.inspect, own.number, [inspection.parse_item("A=1:A")])
    assert books.rows("SELECT minor, state, method FROM payouts") == [(9900, "due", "original")]
    take(books, folder.refunds(asked_back("1", order, 9900)))
    assert books.rows("SELECT minor, state, origin FROM payouts") == [(9900, "confirmed", "own")]
    assert books.value("SELECT COUNT(*) FROM cases") == 1
    books.check()


def test_a_payout_of_the_platform_that_was_reversed_does_not_block_the_next_report(
    sqlite_books: Books, folder: Folder
) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 9900))
    take(books, *folder.both(order), folder.refunds(asked_back("1", order, 9900)))
    number = books.value("SELECT number FROM cases")
    books.do(decisions.reopen, number)
    books.do(payout_steps.reverse, books.value("SELECT number FROM payouts"), because="弄错了")
    again = take_one(books, folder.refunds(asked_back("1", order, 9900, note="again")))
    assert (again.refused, again.questions) == (0, 1)
    assert questions(books)[-1][1:] == ("platform_paid", "0.00", "99.00")
    books.check()


def test_another_amount_than_ours_is_asked_about(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, unsent(sold(NUMBER, ("A", 1, 9900)))
    wish = asked_back("1", order, 9900, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    number = books.value("SELECT number FROM cases")
    books.do(decisions.approve, number, amount=6000)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED)))
    assert questions(books)[-1][1:] == ("platform_paid", "60.00", "99.00")
    books.check()


def test_kind_and_amount_changed_before_the_decision_are_taken(sqlite_books: Books, folder: Folder) -> None:
    books, order = sqlite_books, sold(NUMBER, ("A", 1, 9900))
    wish = asked_back("1", order, 9900, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(order), folder.refunds(wish))
    take(books, folder.refunds(replace(wish, kind="退货退款", amount=8000)))
    seen = books.do(case_cards.show, books.value("SELECT number FROM cases"))
    assert (seen.kind, seen.due.minor) == ("return", 8000)
    books.check()


@st.composite
def refunds_of_a_line(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, str]], list[int]]:
    """A line's pieces and cash, finished refunds of it within its cash, and another order they come in."""
    pieces = draw(st.integers(1, 4))
    cash = draw(st.integers(100 * pieces, 30000))
    count = draw(st.integers(1, 4))
    weights = draw(st.lists(st.integers(1, 60), min_size=count + 1, max_size=count + 1))
    amounts = [share for share in split(cash, weights)[:count] if share]
    kinds = draw(st.lists(st.sampled_from(["return", "refund-only"]), min_size=len(amounts), max_size=len(amounts)))
    return pieces, cash, list(zip(amounts, kinds, strict=True)), draw(st.permutations(range(len(amounts))))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(refunds_of_a_line())
@example((2, 10000, [(4000, "return"), (6000, "return")], [1, 0]))
@example((3, 10000, [(3000, "return"), (3000, "return"), (4000, "return")], [2, 0, 1]))
@example((3, 10000, [(6667, "return"), (500, "refund-only"), (2833, "return")], [1, 2, 0]))
def test_partial_refunds_end_in_the_same_line_state_in_any_order(
    sqlite_books: Books, case: tuple[int, int, list[tuple[int, str]], list[int]]
) -> None:
    pieces, cash, refunds, order_in = case
    ends = [
        _line_after(sqlite_books, pieces, cash, [refunds[n] for n in places])
        for places in (range(len(refunds)), order_in)
    ]
    assert ends[0] == ends[1]
    assert ends[0][1] == ends[0][2] == sum(amount for amount, _kind in refunds)


_orders_made = count(1)


def _line_after(books: Books, pieces: int, cash: int, refunds: Sequence[tuple[int, str]]) -> tuple[int, int, int]:
    """Pieces and cash drawn on a fresh line, and money out, after refunds taken in one after the other."""
    number = books.order(f"28500000000{next(_orders_made):08d}", ("A", pieces, cash))
    for place, (amount, kind) in enumerate(refunds):
        refund = f"{number}-{place}"
        values = {"order": number, "refund": refund, "amount": amount, "kind": kind, "status": "succeeded"}
        row = StagedRow(2, number, refund, values | {"finished_at": NOON.isoformat()})
        with opened(books.asked()) as shop:
            tally = merge(shop, Source(1, "taobao", ""), [row])
        assert (tally.added, tally.faults) == (1, [])
    books.check()
    mine = "FROM draws d JOIN orders o ON o.id = d.order_id WHERE o.number = :number"
    units, drawn = books.rows(f"SELECT SUM(units), SUM(cash) {mine}", number=number)[0]
    out = "SELECT SUM(p.minor) FROM payouts p JOIN orders o ON o.id = p.order_id WHERE o.number = :number"
    return units, drawn, books.value(out, number=number)


def test_refund_layouts_and_closed_refunds_draw_nothing(sqlite_books: Books, folder: Folder) -> None:
    order = sold(NUMBER, ("A", 2, 5000))
    take(sqlite_books, *folder.both(order))
    take(sqlite_books, folder.refunds(asked_back("1", order, 5000, status=CLOSED), layout=REFUNDS))
    assert sqlite_books.value("SELECT SUM(units) FROM draws") == 0
    again = sqlite_books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D")
    assert again.lines[0].quantity == 2


def _statements(books: Books, path: Path) -> int:
    """How many statements an import of a file sends to the database."""
    sent: list[str] = []
    made = engine.engine(books.asked().database)

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        sent.append(statement)

    event.listen(made, "before_cursor_execute", note)
    try:
        assert take_one(books, path).unchanged
    finally:
        event.remove(made, "before_cursor_execute", note)
    return len(sent)


def test_rows_that_say_nothing_new_need_no_statement_each(books: Books, folder: Folder) -> None:
    orders = [sold(f"28500000000000{n:05d}", ("A", 1, 500)) for n in range(48)]
    take(books, *folder.both(*orders))
    take(books, folder.refunds(*(asked_back(f"R{o.number}", o, 500, status=REQUESTED) for o in orders)))
    few = [asked_back(f"R{o.number}", o, 500, status=REQUESTED) for o in orders[:8]]
    many = [asked_back(f"R{o.number}", o, 500, status=REQUESTED) for o in orders[40::-1]]
    before = facts(books)
    more = _statements(books, folder.refunds(*many)) - _statements(books, folder.refunds(*few))
    assert more < 2 * (len(many) - len(few))  # only the steps are more
    assert facts(books) == before


def test_a_row_of_before_works_again_once_its_case_was_touched(books: Books, folder: Folder) -> None:
    take(books, *folder.both(TWO_LINES))
    row = asked_back("1", TWO_LINES, 9397, status=REQUESTED)
    take(books, folder.refunds(row))
    with opened(books.asked()) as shop:
        number = decisions.reject(shop, "1", because="worn").number
    with opened(books.asked()) as shop:
        platform_list.done(shop, [number])
    again = folder.refunds(row, asked_back("2", TWO_LINES, 1, status=CLOSED))
    assert take_one(books, again).added == 1
    assert books.rows("SELECT state, missed FROM platform_actions") == [("todo", 1)]


def _staged(order: str, status: str) -> StagedRow:
    """A row as it stands in the stage."""
    values = {"refund": "1", "order": order, "kind": "refund-only", "amount": 9397, "status": status, "line": None}
    return StagedRow(2, order, "1", values)


def test_a_row_of_an_older_list_leaves_no_mark(books: Books, folder: Folder) -> None:
    take(books, *folder.both(TWO_LINES))
    with opened(books.asked()) as shop:
        source, older = Source(1, "taobao", "", NOON), Source(1, "taobao", "", NOON - timedelta(days=1))
        newest = Source(1, "taobao", "", NOON + timedelta(days=1))
        wanted, closed = (_staged(TWO_LINES.number, status) for status in ("requested", "closed"))
        fared = [merge(shop, given, [row]) for given, row in
                 ((source, wanted), (source, closed), (older, wanted), (newest, wanted))]  # fmt: skip
    assert [(tally.added, tally.changed, tally.unchanged) for tally in fared] == [
        (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 0)
    ]  # fmt: skip
