"""Lists of a platform, a night apart: refunds that end without a time, wishes that change under one number, pieces that
were sent again and come back.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fixtures import report_rows
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop.orders import find as find_orders
from retcli.actions.shop.orders import show as show_order
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Ambiguous
from retcli.rules.lifecycles import Kind
from retcli.rules.zone import SHANGHAI
from retcli.sheets import reconciliation
from retcli.transaction import opened
from retcli.views.casefile.highlights import EarlierCase
from tests.reports import (
    ORDERS,
    REFUNDS,
    REQUESTED,
    SUCCEEDED,
    Folder,
    asked_back,
    changed,
    questions,
    sold,
    take,
    take_one,
    unsent,
)
from tests.shopfloor import FIXTURES, MANAGER, WAREHOUSE, Books

NIGHTS = FIXTURES / "nights"
JD, WISH, AGAIN = NIGHTS / "finished_without_a_time", NIGHTS / "wish_changed", NIGHTS / "sent_again_then_returned"
ORDER = "4938197504234226774"
REFUND = "268614116315418682"
CASE = "SELECT kind, decision, filing, asked, platform_state FROM cases WHERE platform_number = :refund"
NUMBER = "2850000000000000100"
ONE = sold(NUMBER, ("TS-L", 2, 10000))


def night(books: Books, path: Path, at: str, tmp_path: Path) -> Any:
    """A list imported at an instant of Shanghai, under a name that tells when it was exported."""
    books.at = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    copy = tmp_path / f"{path.stem}_{books.at:%Y%m%d%H%M%S}.csv"
    copy.write_bytes(path.read_bytes())
    return take_one(books, copy)


def finished_here_and_there(books: Books, tmp_path: Path) -> None:
    """A return of JD: agreed there, inspected and paid here, finished there."""
    night(books, JD / "order.csv", "2026-03-16T20:00:00", tmp_path)
    night(books, JD / "list1.csv", "2026-03-17T20:00:00", tmp_path)
    books.do(inspection.inspect, "73120139130069", [inspection.parse_item("A02-1=1:A")], by=WAREHOUSE)
    refund = books.value("SELECT number FROM cases")
    if not books.rows("SELECT 1 FROM payouts"):
        books.do(payouts.refund, refund, by=MANAGER)
    night(books, JD / "list2.csv", "2026-03-19T20:00:00", tmp_path)


def test_a_list_without_a_time_of_finishing_tells_that_the_refund_succeeded(books: Books, tmp_path: Path) -> None:
    books.hire()
    finished_here_and_there(books, tmp_path)
    told = books.rows("SELECT platform_state, platform_amount, platform_estimated, filing, decision FROM cases")
    assert told == [("succeeded", 10965, True, "finished", "approved")]
    at = datetime.fromisoformat(str(books.value("SELECT platform_succeeded_at FROM cases")))
    assert at.replace(tzinfo=None) == datetime(2026, 3, 18, 10, 49), "the list's own time of handling, 18:49 in China"
    assert books.rows("SELECT minor, state FROM payouts") == [(10965, "confirmed")]
    assert questions(books) == []
    books.check()


def handled_at(books: Books) -> datetime:
    """When the one refund succeeded, by the books, in UTC."""
    return datetime.fromisoformat(str(books.value("SELECT platform_succeeded_at FROM cases"))).replace(tzinfo=None)


def test_no_refund_succeeded_while_a_list_still_showed_it_open(books: Books, tmp_path: Path) -> None:
    """JD's list names when the shop handled a refund first, 03-18, also while it waits for the goods."""
    books.hire()
    night(books, JD / "order.csv", "2026-03-16T20:00:00", tmp_path)
    night(books, JD / "list1.csv", "2026-03-19T20:00:00", tmp_path)
    night(books, JD / "list2.csv", "2026-04-02T20:00:00", tmp_path)
    assert handled_at(books) == datetime(2026, 3, 19, 12, 0), "the last list that told it was open, 20:00 in China"
    assert books.value("SELECT platform_estimated FROM cases")


def test_no_refund_succeeded_before_it_was_clicked(books: Books, tmp_path: Path) -> None:
    books.hire()
    night(books, JD / "order.csv", "2026-03-16T20:00:00", tmp_path)
    night(books, JD / "list1.csv", "2026-03-19T20:00:00", tmp_path)
    books.do(inspection.inspect, "73120139130069", [inspection.parse_item("A02-1=1:A")], by=WAREHOUSE)
    refund = books.value("SELECT number FROM cases")
    if not books.rows("SELECT 1 FROM payouts"):
        books.do(payouts.refund, refund, by=MANAGER)
    books.at = datetime.fromisoformat("2026-04-01T10:00:00").replace(tzinfo=SHANGHAI)
    books.do(platform_list.done, [refund], by=MANAGER)
    night(books, JD / "list2.csv", "2026-04-02T20:00:00", tmp_path)
    assert handled_at(books) == datetime(2026, 4, 1, 2, 0), "the click, 10:00 in China"
    assert books.rows("SELECT minor, state FROM payouts") == [(10965, "confirmed")]
    books.check()


def test_an_older_list_takes_nothing_back(books: Books, tmp_path: Path) -> None:
    books.hire()
    finished_here_and_there(books, tmp_path)
    before = books.rows("SELECT * FROM cases")
    file = night(books, JD / "list0.csv", "2026-03-19T21:00:00", tmp_path)
    assert (file.unchanged, file.changed) == (1, 0)
    assert books.rows("SELECT * FROM cases") == before


def test_a_later_list_moves_no_estimated_time(books: Books, tmp_path: Path) -> None:
    books.hire()
    finished_here_and_there(books, tmp_path)
    later = tmp_path / "later.csv"
    later.write_text((JD / "list2.csv").read_text(encoding="utf-8").replace("2026-03-18 18:49:00", ""), "utf-8")
    before = books.value("SELECT platform_succeeded_at FROM cases")
    assert night(books, later, "2026-03-25T20:00:00", tmp_path).unchanged == 1
    assert books.value("SELECT platform_succeeded_at FROM cases") == before


def test_without_any_time_the_moment_of_the_export_stands(books: Books, tmp_path: Path) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text((JD / "list2.csv").read_text(encoding="utf-8").replace("2026-03-18 18:49:00", ""), "utf-8")
    night(books, JD / "order.csv", "2026-03-16T20:00:00", tmp_path)
    night(books, bare, "2026-03-19T20:00:00", tmp_path)
    at = datetime.fromisoformat(str(books.value("SELECT platform_succeeded_at FROM cases")))
    assert (at.replace(tzinfo=None), books.value("SELECT platform_estimated FROM cases")) == (
        datetime(2026, 3, 19, 12, 0),
        True,
    )


def test_an_estimated_time_never_lies_ahead(books: Books, tmp_path: Path) -> None:
    """A list that was copied or unpacked later than the shop's clock: the refund is not of another month."""
    bare = tmp_path / "bare_20261231235959.csv"
    bare.write_text((JD / "list2.csv").read_text(encoding="utf-8").replace("2026-03-18 18:49:00", ""), "utf-8")
    night(books, JD / "order.csv", "2026-03-16T20:00:00", tmp_path)
    books.at = datetime.fromisoformat("2026-03-19T20:00:00").replace(tzinfo=SHANGHAI)
    take_one(books, bare)
    at = datetime.fromisoformat(str(books.value("SELECT platform_succeeded_at FROM cases")))
    assert at.replace(tzinfo=None) == datetime(2026, 3, 19, 12, 0)


def test_a_closed_refund_is_opened_again_by_a_newer_list_only(books: Books, folder: Folder) -> None:
    take(books, *folder.both(ONE))
    asked = asked_back("1", ONE, 10000, status=REQUESTED)
    closed = asked_back("1", ONE, 10000, status="退款关闭")
    paths = [folder.refunds(refund) for refund in (asked, closed, asked)]
    for path, hours in zip(paths, (3, 2, 4), strict=True):
        os.utime(path, (books.at.timestamp() - hours * 3600,) * 2)
    take(books, paths[0])
    take(books, paths[1])
    assert books.rows("SELECT decision, filing FROM cases") == [("withdrawn", "finished")]
    newer = paths[2].with_name("newer.csv")
    newer.write_bytes(paths[2].read_bytes() + b"\r\n")
    os.utime(newer, (books.at.timestamp() - 4 * 3600,) * 2)
    take(books, newer)
    assert books.rows("SELECT decision, filing FROM cases") == [("withdrawn", "finished")], "that list is older"
    newest = paths[2].with_name("newest.csv")
    newest.write_bytes(paths[2].read_bytes() + b"\r\n\r\n")
    os.utime(newest, (books.at.timestamp() - 3600,) * 2)
    take(books, newest)
    assert books.rows("SELECT decision, filing FROM cases") == [("requested", "open")]


def wish_changed(books: Books, tmp_path: Path, *names: str) -> None:
    """Orders, then lists of following nights."""
    for place, name in enumerate(("orders", "items", *names)):
        night(books, WISH / f"{name}.csv", f"2026-03-{5 + place:02}T20:00:00", tmp_path)


def test_a_refused_refund_turned_into_a_return_is_a_new_application(books: Books, tmp_path: Path) -> None:
    wish_changed(books, tmp_path, "night1", "night2")
    assert books.rows(CASE, refund=REFUND) == [("refund-only", "rejected", "open", 8000, "refused")]
    night(books, WISH / "night3.csv", "2026-03-09T20:00:00", tmp_path)
    assert books.rows(CASE, refund=REFUND) == [("return", "requested", "open", 8000, "requested")]
    assert books.rows("SELECT quantity, due FROM case_lines") == [(1, 0)]
    assert questions(books) == []
    last = night(books, WISH / "night4.csv", "2026-03-10T20:00:00", tmp_path)
    assert (last.unchanged, last.changed) == (1, 0)
    told = [json.loads(row[0]) for row in books.rows("SELECT payload FROM events WHERE action = 'apply_anew'")]
    assert told == [
        {
            "was_kind": "refund-only", "was_asked": 8000, "was_decision": "rejected", "was_pieces": 1,
            "kind": "return", "asked": 8000, "pieces": 1, "there": "requested",
            "applied_at": "2026-03-09T12:00:00+00:00", "imported": 5,
            "actor": "import",
        }
    ]  # fmt: skip
    books.check()


def test_the_new_wish_is_never_clicked_away(books: Books, tmp_path: Path) -> None:
    """We refused the refund without return; before the click the buyer asked to return the goods instead."""
    books.hire()
    wish_changed(books, tmp_path, "night1")
    books.do(decisions.reject, books.value("SELECT number FROM cases"), because="已签收", by=MANAGER)
    assert [action.action for action in books.do(platform_list.todo).items] == ["refuse"]
    night(books, WISH / "night3.csv", "2026-03-08T20:00:00", tmp_path)
    assert books.do(platform_list.todo).items == ()
    assert books.rows(CASE, refund=REFUND) == [("return", "requested", "open", 8000, "requested")]
    assert books.rows("SELECT state FROM platform_actions") == [("dropped",)]
    books.check()


def test_the_refusal_stands_while_the_list_tells_the_old_wish(books: Books, tmp_path: Path) -> None:
    books.hire()
    wish_changed(books, tmp_path, "night1")
    books.do(decisions.reject, books.value("SELECT number FROM cases"), because="已签收", by=MANAGER)
    again = tmp_path / "again.csv"
    again.write_bytes((WISH / "night1.csv").read_bytes() + b"\r\n")
    night(books, again, "2026-03-08T20:00:00", tmp_path)
    assert books.rows(CASE, refund=REFUND) == [("refund-only", "rejected", "open", 8000, "requested")]
    assert [action.action for action in books.do(platform_list.todo).items] == ["refuse"]


def test_the_parcel_of_a_new_application_is_known_at_the_door(books: Books, tmp_path: Path) -> None:
    wish_changed(books, tmp_path, "night1", "night2", "night3")
    sent = tmp_path / "sent.csv"
    text = (WISH / "night3.csv").read_text(encoding="utf-8-sig")
    text = text.replace("买家已经申请退款，等待卖家同意", "买家已经退货，等待卖家确认收货")
    text = text.replace("7天无理由退换货,,,", "7天无理由退换货,773012345678901,申通快递,")
    sent.write_text(text, "utf-8")
    night(books, sent, "2026-03-12T20:00:00", tmp_path)
    number = books.value("SELECT number FROM cases")
    (parcel,) = books.do(parcels.list_parcels).parcels
    assert (parcel.waybill, parcel.cases) == ("773012345678901", (number,))
    assert books.rows(CASE, refund=REFUND) == [("return", "approved", "open", 8000, "goods_sent")]


def changed_list(folder: Folder, *, kind: str, amount: int, status: str = REQUESTED) -> Path:
    """A list with one refund of both pieces."""
    return folder.refunds(asked_back("1", ONE, amount, kind=kind, status=status))


@pytest.mark.parametrize(
    ("kind", "amount", "expected", "pieces"),
    [
        ("退货退款", 10000, ("return", "requested", 10000), 2),
        ("仅退款", 5000, ("refund-only", "requested", 5000), 1),
        ("仅退款", 10000, ("refund-only", "approved", 10000), 2),
    ],
    ids=["another kind", "another amount", "the same"],
)
def test_a_wish_changed_after_our_approval_is_undecided_again(
    books: Books, folder: Folder, kind: str, amount: int, expected: tuple[Any, ...], pieces: int
) -> None:
    books.hire()
    take(books, *folder.both(unsent(ONE)))
    take(books, changed_list(folder, kind="仅退款", amount=10000))
    number = books.value("SELECT number FROM cases")
    books.do(decisions.approve, number, by=MANAGER)
    take(books, changed_list(folder, kind=kind, amount=amount, status=REQUESTED))
    assert books.rows("SELECT kind, decision, asked FROM cases") == [expected]
    assert books.value("SELECT quantity FROM case_lines") == pieces
    todo = [(action.action, action.money.minor) for action in books.do(platform_list.todo).items]
    assert todo == ([] if expected[1] == "requested" else [("agree_refund", 10000)])
    if expected[1] == "requested":
        assert books.rows("SELECT 1 FROM payouts WHERE state IN ('due', 'waiting')") == []
    books.check()


def test_a_wish_changed_after_the_money_left_is_asked_about(books: Books, folder: Folder) -> None:
    books.hire()
    take(books, *folder.both(unsent(ONE)))
    take(books, changed_list(folder, kind="仅退款", amount=10000))
    number = books.value("SELECT number FROM cases")
    books.do(decisions.approve, number, by=MANAGER)
    if not books.rows("SELECT 1 FROM payouts"):
        books.do(payouts.refund, number, by=MANAGER)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "send", by=MANAGER)
    take(books, changed_list(folder, kind="退货退款", amount=10000))
    assert books.rows("SELECT kind, decision FROM cases") == [("refund-only", "approved")]
    assert questions(books) == [("1", "kind", "refund-only", "return")]


def test_less_agreed_here_than_applied_for_is_no_new_wish(books: Books, folder: Folder) -> None:
    """We agreed to 80.00 of 100.00; the list still tells what the buyer applied for."""
    books.hire()
    take(books, *folder.both(unsent(ONE)))
    take(books, changed_list(folder, kind="仅退款", amount=10000))
    books.do(decisions.approve, books.value("SELECT number FROM cases"), amount=8000, by=MANAGER)
    path = changed_list(folder, kind="仅退款", amount=10000)
    path.write_bytes(path.read_bytes() + b"\r\n")
    take(books, path)
    assert books.rows("SELECT kind, decision, asked FROM cases") == [("refund-only", "approved", 8000)]
    assert questions(books) == [], "the list tells what the buyer applied for before"


def test_what_was_agreed_stays_where_decisions_are_told(books: Books, folder: Folder) -> None:
    """80.00 agreed to, 95.00 paid there and noted: 80.00 is what was decided, wherever that is told."""
    books.hire()
    take(books, *folder.both(unsent(ONE)))
    take(books, changed_list(folder, kind="仅退款", amount=8000))
    number = books.value("SELECT number FROM cases")
    books.do(decisions.approve, number, by=MANAGER)
    books.do(platform_list.done, [number], by=MANAGER)
    take(books, changed_list(folder, kind="仅退款", amount=9500, status=SUCCEEDED))
    books.do(import_questions.answer, books.value("SELECT id FROM import_questions"), "seen", by=MANAGER)
    assert books.value("SELECT SUM(due) FROM case_lines") == 9500
    explained = books.do(case_cards.explain, number)
    assert explained.fixed
    assert (explained.fixed.due.minor, explained.so_far.due.minor) == (8000, 9500)
    approved = [line for line in books.do(case_cards.show, number, history=True).history if line.now == "approved"]
    assert [line.money.minor for line in approved if line.money] == [8000]
    later = books.do(decisions.open_case, NUMBER, kind=Kind.INQUIRY, reason="L_DELAY")
    standing_out = books.do(case_cards.show, later.number).highlights
    assert standing_out
    earlier = [each for each in standing_out.facts if isinstance(each, EarlierCase)]
    given = [each.given.minor for each in earlier if each.given]
    assert given == [8000]


def resent(books: Books, tmp_path: Path, *, shipped: bool) -> str:
    """A resend of the one piece of an order, shipped or still to be, then the buyer's return of it."""
    books.hire()
    for name in ("orders", "items"):
        night(books, AGAIN / f"{name}.csv", "2026-03-05T20:00:00", tmp_path)
    resend = books.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason="L_LOST", by=MANAGER).number
    waived = ["lost", "evidence", "freight", "quality", "window", "verdict"]
    view = books.do(case_cards.show, resend)
    against = [f.rule for f in view.judgement.findings if f.answer != "yes" and f.rule in waived]
    books.do(decisions.approve, resend, waive=against, because="丢件", by=MANAGER)
    if shipped:
        books.do(decisions.ship, resend, waybill="YT5260493176850", by=MANAGER)
    night(books, AGAIN / "list1.csv", "2026-03-12T20:00:00", tmp_path)
    return resend


def test_what_was_sent_again_is_the_buyers_who_may_return_it(books: Books, tmp_path: Path) -> None:
    resend = resent(books, tmp_path, shipped=True)
    assert books.rows("SELECT filing FROM cases WHERE number = :n", n=resend) == [("open",)]
    assert books.rows(CASE, refund=REFUND) == [("return", "requested", "open", 8000, "requested")]
    returned = "JOIN cases c ON c.id = x.case_id WHERE c.platform_number = :refund"
    assert books.rows(f"SELECT x.quantity, x.wanted FROM case_lines x {returned}", refund=REFUND) == [(1, None)]
    assert questions(books) == []
    night(books, AGAIN / "list2.csv", "2026-03-18T20:00:00", tmp_path)
    assert books.rows("SELECT minor, state FROM payouts") == [(8000, "confirmed")]
    assert books.rows("SELECT waybill FROM parcels") == [("773012345678901",)]
    books.check()


def test_what_another_case_has_is_named_and_drawn_once_it_ends(books: Books, tmp_path: Path) -> None:
    resend = resent(books, tmp_path, shipped=False)
    number = books.value("SELECT number FROM cases WHERE platform_number = :refund", refund=REFUND)
    view = books.do(case_cards.show, number)
    finding = next(each for each in view.judgement.findings if each.rule == "units")
    assert (finding.answer, finding.facts["earlier"], finding.facts["n"]) == ("person", resend, 1)
    books.do(decisions.withdraw, resend, because="找到了", by=MANAGER)
    view = books.do(case_cards.show, number)
    assert [line.quantity for line in view.lines] == [1]
    assert view.due.minor == 8000 or view.judgement.amount.due == 8000
    assert next(each for each in view.judgement.findings if each.rule == "units").answer == "yes"
    (drawn,) = [json.loads(row[0]) for row in books.rows("SELECT payload FROM events WHERE action = 'draw'")]
    assert drawn["pieces"] == 1
    assert questions(books) == []
    books.check()


def test_a_resend_that_is_shipped_later_frees_its_piece_then(books: Books, tmp_path: Path) -> None:
    resend = resent(books, tmp_path, shipped=False)
    books.do(decisions.ship, resend, waybill="YT5260493176850", by=MANAGER)
    returned = "JOIN cases c ON c.id = x.case_id WHERE c.platform_number = :refund"
    assert books.rows(f"SELECT x.quantity, x.wanted FROM case_lines x {returned}", refund=REFUND) == [(1, None)]
    books.check()


def test_an_exchange_keeps_its_piece_until_the_old_one_is_back(books: Books) -> None:
    books.hire()
    books.order(NUMBER, ("TS-L", 1, 5000))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.EXCHANGE, reason="B_7D", by=MANAGER).number
    view = books.do(case_cards.show, case)
    against = [f.rule for f in view.judgement.findings if f.answer == "no"]
    books.do(decisions.approve, case, waive=against, because="客户急用", by=MANAGER)
    books.do(parcels.expect_by_hand, case, "773012345678901")
    books.do(decisions.ship, case, waybill="YT5260493176850", by=MANAGER)
    drawn = "SELECT SUM(units) FROM draws"
    assert books.value(drawn) == 1
    books.do(inspection.inspect, "773012345678901", [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
    assert books.value(drawn) == 0
    books.check()


STAFF = {
    "支付单号": "2026110122001400000000000001",
    "手工退款/系统退款": "手工退款",
    "审核操作人": "tb_小美",
    "退款操作人": "tb_店长",
    "是否零秒响应": "否",
}


@pytest.mark.parametrize("waits", [False, True], ids=["known", "waiting"])
def test_the_payments_number_and_who_agreed_there_are_kept(books: Books, folder: Folder, waits: bool) -> None:
    refunds = folder.rows(changed(list(report_rows([asked_back("1", ONE, 10000)], REFUNDS, ".csv")), 1, STAFF))
    heads = list(report_rows([ONE], ORDERS, ".csv"))
    orders = folder.rows(changed(heads, 1, {"支付单号": "2026110122001400000000000001"}))
    paths = [orders, folder.items(ONE), refunds]
    for path in reversed(paths) if waits else paths:
        take(books, path)
    view = books.do(case_cards.show, "1")
    assert view.document()["case"]["there"] == {
        "payment_number": "2026110122001400000000000001",
        "way": "manual",
        "reviewed_by": "tb_小美",
        "refunded_by": "tb_店长",
        "at_once": "no",
    }
    assert books.do(show_order, NUMBER).document()["payment_number"] == "2026110122001400000000000001"


def test_a_payment_number_that_a_spreadsheet_destroyed_costs_no_row(books: Books, folder: Folder) -> None:
    orders = folder.rows(changed(list(report_rows([ONE], ORDERS, ".csv")), 1, {"支付单号": "2.02611E+27"}))
    take(books, orders, folder.items(ONE))
    assert books.rows("SELECT number, payment_number FROM orders") == [(NUMBER, "")]


PAYMENT = STAFF["支付单号"]


@pytest.mark.parametrize("typed", [PAYMENT, f" {PAYMENT[:4]} {PAYMENT[4:]}", f"支付单号：{PAYMENT}", f"`{PAYMENT}"])
@pytest.mark.parametrize("said_by", ["order", "refund"])
def test_a_payment_s_number_is_followed(books: Books, folder: Folder, said_by: str, typed: str) -> None:
    """Whichever report told it: the order, the case and the row of the month are found by it."""
    heads = list(report_rows([ONE], ORDERS, ".csv"))
    refunds = list(report_rows([asked_back("1", ONE, 10000)], REFUNDS, ".csv"))
    heads = changed(heads, 1, {"支付单号": PAYMENT if said_by == "order" else ""})
    refunds = changed(refunds, 1, {"支付单号": PAYMENT if said_by == "refund" else ""})
    take(books, folder.rows(heads), folder.items(ONE), folder.rows(refunds))
    assert [each["number"] for each in books.do(find_orders, typed).document()["orders"]] == [NUMBER]
    assert books.do(show_order, typed).document()["number"] == NUMBER
    assert books.do(case_cards.show, typed).platform_number == "1"
    with opened(books.asked(), writes=False) as shop:
        details = reconciliation.sheets(reconciling.month_of_books(shop, "2026-11"))[2]
    titles = [column.title for column in details.columns]
    place = titles.index("Payment no.")
    assert titles[place - 1] == "Platform refund no."
    assert [row[place] for row in details.rows] == [PAYMENT]


def test_orders_paid_together_are_named(books: Books) -> None:
    """One payment for a cart of two orders: neither is guessed."""
    for number in ("2850000000000000881", "2850000000000000882"):
        books.order(number, ("TS-L", 1, 2000), payment_number=PAYMENT)
        books.do(decisions.open_case, number, kind=Kind.REFUND_ONLY, reason="Q_FUNC")
    found = books.do(find_orders, PAYMENT).document()["orders"]
    assert sorted(each["number"] for each in found) == ["2850000000000000881", "2850000000000000882"]
    with pytest.raises(Ambiguous, match="several orders"):
        books.do(show_order, PAYMENT)
    with pytest.raises(Ambiguous, match="several cases"):
        books.do(case_cards.show, PAYMENT)
    assert books.do(find_orders, PAYMENT[:-1]).document()["orders"] == [], "exact, no beginning"
