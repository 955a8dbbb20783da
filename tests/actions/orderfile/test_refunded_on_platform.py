"""What the platform's own order file says went back: read as it is printed, a cap on the rest until a refund row stands
for it, counted once.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.model import Order
from retcli.actions.books import check as checking
from retcli.actions.cases import case_cards, decisions
from retcli.actions.money import payouts
from retcli.actions.shop import orders
from retcli.database.migrations import triggers
from retcli.errors import Overdrawn, Refused
from retcli.rules.lifecycles import Kind
from retcli.rules.money.refunded_on_platform import REPORTING, Noted, cut, unbooked
from tests.reports import Folder, asked_back, in_books, questions, sold, take, take_one
from tests.shopfloor import FIXTURES, MANAGER, Books

P1 = FIXTURES / "exports" / "taobao" / "refunded"
NUMBER = "4100000000000000002"
ORDER = sold("2850000000000000300", ("A", 1, 23400))
TWO = sold("2850000000000000310", ("A", 1, 10000), ("B", 1, 13400), freight=600)


def after(order: Order, back: int, *, line: int | None = None) -> Order:
    """The order as its reports print it once `back` fen of it went back: of a line (by place), or of no certain one."""
    lines = list(order.lines)
    if line is not None:
        lines[line] = replace(lines[line], refunded=back, refund_status="退款成功")
    return replace(order, refunded=back, lines=tuple(lines))


def there(books: Books) -> list[Any]:
    return [tuple(row) for row in books.rows("SELECT paid, refunded_there FROM orders ORDER BY id")]


def test_the_databases_guard_knows_every_platform_with_a_refund_report() -> None:
    """Of those only refunds by the original route can be in an order file's total: the guard asks it in its own list,
    which needs a revision where a platform gets its first report.
    """
    assert sorted(REPORTING) == list(triggers.REPORTING)


# -- as the platform writes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["before", "after"])
def test_an_order_refunded_by_208_69_of_234_was_paid_with_234(books: Books, first: str) -> None:
    """The files of a night before the refund and of one after it; neither asks anything, and the refund comes in."""
    nights = ("before", "after") if first == "before" else ("after",)
    for night in nights:
        for path in (P1 / f"order_{night}.csv", P1 / f"item_{night}.csv"):
            file = take_one(books, path)
            assert (file.questions, file.refused, file.exit_code) == (0, 0, 0), path
    assert there(books) == [(11900, 11900), (23400, 20869)]
    assert take_one(books, P1 / "refund.csv").exit_code == 0
    assert questions(books) == []
    assert [int(row[0]) for row in books.rows("SELECT minor FROM payouts ORDER BY minor")] == [11900, 20869]
    shown = books.do(orders.show, NUMBER).document()
    assert (shown["refunded_there"]["minor"], shown["unbooked"]["minor"]) == (20869, 0)
    assert [line["refundable"]["minor"] for line in shown["lines"]] == [2531]
    books.check()


def test_an_older_file_does_not_take_refunds_back(books: Books) -> None:
    for night in ("after", "before"):
        take(books, P1 / f"order_{night}.csv", P1 / f"item_{night}.csv")
    assert there(books) == [(11900, 11900), (23400, 20869)]
    assert [int(row[0]) for row in books.rows("SELECT refunded_there FROM order_lines ORDER BY id")] == [11900, 20869]
    assert questions(books) == []


def test_amounts_that_do_not_fit_together_are_asked_about_with_all_three(sqlite_books: Books, tmp_path: Path) -> None:
    """75.00 are left, 20.00 went back, 100.00 is the whole: paid counts as 95.00, and a person may take the 100.00."""
    from retcli.actions.imports import import_questions

    books = sqlite_books
    text = (P1 / "order_after.csv").read_text(encoding="gb18030")
    text = text.replace("234.00,0.00,234.00,25.31", "100.00,0.00,100.00,75.00").replace("208.69", "20.00")
    path = tmp_path / "order.csv"
    path.write_text(text, encoding="gb18030")
    file = take(books, path, P1 / "item_after.csv").files[0]
    assert (file.questions, file.exit_code) == (1, 3)
    assert there(books)[1] == (9500, 2000)
    assert (NUMBER, "paid_total", "95.00", "100.00 ≠ 75.00 + 20.00") in questions(books)
    text = text.replace("申通快递", "圆通快递")
    path.write_text(text, encoding="gb18030")
    assert take_one(books, path).questions == 0, "asked once"
    number = books.value("SELECT id FROM import_questions WHERE field = 'paid_total'")
    books.do(import_questions.answer, number, "take", because="客服核对")
    assert there(books)[1] == (10000, 2000)
    path.write_text(text.replace("圆通快递", "中通快递"), encoding="gb18030")
    assert take_one(books, path).questions == 0, "answered"


# -- the cap ----------------------------------------------------------------------------------------------------------


def opened(books: Books, order: Order, **options: Any) -> dict[str, Any]:
    books.hire()
    known: dict[str, Any] = {"kind": Kind.REFUND_ONLY, "reason": "Q_FUNC"}
    view = books.do(decisions.open_case, order.number, **(known | options))
    return dict(view.document()["case"])


def money_finding(case: dict[str, Any]) -> dict[str, Any]:
    (said,) = [finding for finding in case["findings"] if finding["rule"] == "money"]
    return dict(said)


def test_what_went_back_there_is_a_cap_that_names_its_number(books: Books, folder: Folder) -> None:
    take(books, *folder.both(after(ORDER, 20869, line=0)))
    case = opened(books, ORDER)
    assert case["due"]["minor"] == 2531
    said = money_finding(case)
    assert said["answer"] == "person"
    assert said["text"] == (
        "By the platform's order file 208.69 went back already, 0.00 of it stands in these books: at most 25.31 is"
        " left, so that nothing is paid twice"
    )
    with pytest.raises(Overdrawn, match=r"at most 25\.31 is left"):
        books.do(
            decisions.approve, case["number"], amount=23400, waive=["quality", "evidence"], because="x", by=MANAGER
        )
    explained = books.do(case_cards.explain, case["number"]).document()
    assert any(step["money"]["minor"] == -20869 for step in explained["amount"]["steps"])
    books.check()


def test_where_all_went_back_nothing_is_left_and_the_rule_says_no(books: Books, folder: Folder) -> None:
    take(books, *folder.both(after(ORDER, 23400, line=0)))
    case = opened(books, ORDER)
    assert (money_finding(case)["answer"], case["due"]["minor"]) == ("no", 0)
    with pytest.raises(Overdrawn, match=r"234\.00 went back already"):
        books.do(decisions.approve, case["number"], by=MANAGER)


def test_a_refund_row_stands_for_what_went_back_and_is_not_counted_twice(books: Books, folder: Folder) -> None:
    """By the file 50.00 went back; its row comes, and 184.00 are left, not 134.00."""
    refunded = after(ORDER, 5000, line=0)
    take(books, *folder.both(refunded))
    refund = asked_back("900000000000000001", refunded, 5000, kind="仅退款")
    assert take_one(books, folder.refunds(refund)).exit_code == 0
    shown = books.do(orders.show, ORDER.number).document()
    assert (shown["unbooked"]["minor"], shown["lines"][0]["refundable"]["minor"]) == (0, 18400)
    books.check()


def test_what_is_of_no_certain_line_is_left_to_the_line_that_can_have_had_it(books: Books, folder: Folder) -> None:
    """134.00 of 100.00, 134.00 and 6.00 freight went back: 106.00 are left, 100.00 of them for either line alone."""
    take(books, folder.orders(after(TWO, 13400)), folder.items(TWO))
    shown = books.do(orders.show, TWO.number).document()
    assert [line["refundable"]["minor"] for line in shown["lines"]] == [10000, 10000]
    case = opened(books, TWO, lines=["A"])
    assert case["due"]["minor"] == 10000
    both = opened(books, TWO, lines=["B"])
    assert both["due"]["minor"] == 10000


def test_a_payout_above_what_the_file_leaves_is_refused_before_it_is_written(books: Books, folder: Folder) -> None:
    """Approved at 234.00, then the order file says that 208.69 went back."""
    take(books, *folder.both(ORDER))
    case = opened(books, ORDER)
    books.do(decisions.approve, case["number"], waive=["quality", "evidence"], because="x", by=MANAGER)
    take_one(books, folder.orders(after(ORDER, 20869)))
    with pytest.raises(Overdrawn, match=r"at most 25\.31 may be paid"):
        books.do(payouts.refund, case["number"], by=MANAGER)
    assert books.value("SELECT COUNT(*) FROM payouts") == 0
    with pytest.raises(Refused, match="look whether it is this very money"):
        books.do(payouts.refund, case["number"], amount=2531, by=MANAGER)
    books.do(payouts.refund, case["number"], amount=2531, waive=["went_back"], because="the rest", by=MANAGER)


def test_the_database_itself_refuses_it_too(books: Books, folder: Folder) -> None:
    from tests.database.test_schema import attempt

    take(books, *folder.both(ORDER))
    case = opened(books, ORDER)
    books.do(decisions.approve, case["number"], waive=["quality", "evidence"], because="x", by=MANAGER)
    books.do(payouts.refund, case["number"], amount=100, by=MANAGER)
    attempt(books, "UPDATE orders SET refunded_there = 20869")
    row = "INSERT INTO payout_parts (payout_id, order_id, line_id, purpose, minor) SELECT payout_id, order_id, line_id,"
    attempt(books, f"{row} purpose, 2431 FROM payout_parts WHERE minor = 100")
    with pytest.raises(sa.exc.DBAPIError, match="overdrawn: refunded there"):
        attempt(books, f"{row} purpose, 1 FROM payout_parts WHERE minor = 100")


def test_more_gone_back_than_was_paid_is_a_problem_of_the_books(books: Books, folder: Folder) -> None:
    from tests.database.test_schema import attempt

    take(books, *folder.both(after(ORDER, 20869)))
    attempt(books, "UPDATE orders SET refunded_there = 23401")
    by_hand, beyond = sorted(books.do(checking.check).document()["problems"], key=lambda problem: -problem["invariant"])
    assert (by_hand["invariant"], "refunded_there" in by_hand["text"]) == (13, True)
    assert (beyond["invariant"], beyond["where"]) == (1, ORDER.number)
    assert "234.01" in beyond["text"]


# -- any split of any refund ------------------------------------------------------------------------------------------


COUNTER = itertools.count(1)


def renumbered(order: Order, number: str) -> Order:
    """The same order under another number."""
    lines = tuple(
        replace(line, number=number if len(order.lines) == 1 else f"{number[:-2]}{place:02d}")
        for place, line in enumerate(order.lines, 1)
    )
    return replace(order, number=number, lines=lines)


@st.composite
def refunded_orders(draw: st.DrawFn) -> list[Order]:
    """Orders of one to four lines with freight, refunded in parts, whole, or not at all; some paid in part by the
    platform.
    """
    made = []
    for _n in range(draw(st.integers(1, 4))):
        cash = draw(st.lists(st.integers(0, 50_000), min_size=1, max_size=4))
        lines = [(f"S{place}", draw(st.integers(1, 3)), each) for place, each in enumerate(cash)]
        order = sold("2850000000000000900", *lines, freight=draw(st.sampled_from([0, 600])))
        how = draw(st.sampled_from(["no", "part", "whole"]))
        if how == "whole":
            named = tuple(replace(line, refund_status="退款成功", refunded=line.cash) for line in order.lines)
            order = replace(order, refunded=order.paid, refunded_whole=True, lines=named, status="交易关闭")
        elif how == "part":
            parts = [draw(st.integers(0, line.cash)) for line in order.lines]
            named = tuple(
                replace(line, refund_status="退款成功", refunded=part) if part else line
                for line, part in zip(order.lines, parts, strict=True)
            )
            order = replace(order, refunded=sum(parts), lines=named)
        dearest = max(order.lines, key=lambda line: line.cash)
        voucher = draw(st.sampled_from([0, 0, 500]))
        if dearest.cash > voucher:
            order = replace(order, lines=tuple(replace(x, voucher=voucher) if x is dearest else x for x in order.lines))
        made.append(order)
    return made


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(refunded_orders())
def test_any_order_comes_in_with_what_was_paid_and_leaves_what_did_not_go_back(
    sqlite_books: Books, folder: Folder, made: list[Order]
) -> None:
    books, start = sqlite_books, next(COUNTER) * 100
    made = [renumbered(order, f"2850000000{start + n:07d}00") for n, order in enumerate(made)]
    view = take(books, *folder.both(*made))
    assert [file.questions for file in view.files] == [0, 0]
    found = in_books(books)
    for order in made:
        assert (found[order.number]["paid"], found[order.number]["freight"]) == (order.paid, order.freight)
        assert [line[3] for line in found[order.number]["lines"]] == [line.cash for line in order.lines]
        shown = books.do(orders.show, order.number).document()
        assert shown["refunded_there"]["minor"] == shown["unbooked"]["minor"] == order.refunded
        for line, said in zip(order.lines, shown["lines"], strict=True):
            left = order.paid - order.refunded
            mine = line.cash - (0 if order.refunded_whole else line.refunded)
            assert said["refundable"]["minor"] <= min(mine, left)
            if not order.refunded_whole:
                assert said["refundable"]["minor"] == mine


noted = st.builds(
    Noted,
    line=st.integers(1, 4),
    cash=st.integers(0, 1000),
    there=st.none() | st.integers(0, 2000),
    booked=st.integers(0, 500),
)


@given(
    st.none() | st.integers(0, 4000), st.integers(0, 2000), st.lists(noted, max_size=4, unique_by=lambda x: x.line),
    st.data(),
)  # fmt: skip
def test_the_cap_is_what_was_paid_less_the_greater_of_file_and_books(
    said: int | None, booked: int, lines: list[Noted], data: st.DataObject
) -> None:
    gone = unbooked(said, booked, lines)
    by_file = max(said or 0, sum(line.there or 0 for line in lines))
    assert gone.total == max(by_file - booked, 0)
    assert all(minor >= 0 for minor in (*gone.lines.values(), gone.loose))
    open_cash = {line.line: data.draw(st.integers(0, line.cash)) for line in lines}
    freight = data.draw(st.integers(0, 600))
    wanted = [line.line for line in lines if data.draw(st.booleans())]
    lowered = cut(gone, open_cash, freight, wanted)
    assert all(0 <= lowered.lines[line] <= cash for line, cash in open_cash.items())
    assert 0 <= lowered.freight <= freight
    mine = sum(open_cash[line] - lowered.lines[line] for line in wanted) + freight - lowered.freight
    noted_on = sum(min(gone.lines.get(line, 0), cash) for line, cash in open_cash.items())
    assert mine <= max(sum(open_cash.values()) + freight - noted_on - gone.loose, 0)
