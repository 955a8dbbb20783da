"""A parcel that was given to a case by mistake is taken off it, unless something stands on what it held."""

from __future__ import annotations

import pytest

from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import detaching, inspection, parcels
from retcli.errors import Refused, WrongCommand
from retcli.rules.lifecycles import Kind
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, WAREHOUSE, Books
from tests.warehouse import Table, attached, returning, stock

ONE, OTHER = "2850000000000000081", "2850000000000000082"
STRANGER = "SF1620041173366"
WHY = "搭错了"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("TS-L")
    return Table(books)


def detached(books: Books, ref: str, case: str = "", *, because: str = WHY) -> None:
    books.later(minutes=1)
    books.do(detaching.detach, ref, case, because=because, by=WAREHOUSE)


def stand(books: Books, case: str) -> tuple[str, int, int, int]:
    """The stage of a case, its pieces received and accepted, and its refunds that are alive."""
    shown = books.do(case_cards.show, case)
    alive = "SELECT COUNT(*) FROM payouts WHERE state NOT IN ('failed', 'reversed')"
    return shown.stage, shown.lines[0].received, shown.lines[0].accepted, books.value(alive)


def inspected(books: Books, ref: str, *items: str) -> None:
    books.later(minutes=1)
    books.do(inspection.inspect, ref, [inspection.parse_item(item) for item in items], by=WAREHOUSE)


def matched(books: Books, ref: str, case: str, because: str = "") -> None:
    books.later(minutes=1)
    books.do(parcels.match, ref, case, because, by=WAREHOUSE)


def test_an_unopened_parcel_is_nobodys_again(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    before = stand(books, case)
    number = table.scan(STRANGER)[0].parcel
    matched(books, number, case)
    assert attached(books) == [(STRANGER, case)]
    detached(books, number)
    assert (attached(books), stand(books, case)) == ([], before)
    unclaimed = books.do(parcels.list_parcels, unclaimed=True).parcels
    assert [parcel.number for parcel in unclaimed] == [number]
    assert books.do(case_cards.show, case).at_the_desk.note.endswith(f"{WAREHOUSE}: {WHY}")
    query = "SELECT operator FROM events WHERE subject = :parcel AND action = 'detach'"
    assert books.rows(query, parcel=number) == [(WAREHOUSE,)]
    books.check()


@pytest.mark.parametrize("inspection", ["before", "after"])
def test_its_pieces_keep_their_grade_and_count_for_nobody(table: Table, inspection: str) -> None:
    books = table.books
    wrong = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    right = returning(books, OTHER, ("TS-L", 1, 5490), waybill="")
    before = stand(books, wrong)
    number = table.scan(STRANGER)[0].parcel
    if inspection == "before":
        inspected(books, number, "TS-L=1:B")
    matched(books, number, wrong)
    if inspection == "after":
        inspected(books, number, "TS-L=1:B")
    assert stand(books, wrong)[1:3] == (1, 1)
    detached(books, number)
    assert (stand(books, wrong), stock(books)) == (before, {("TS-L", "unclaimed"): 1})
    matched(books, number, right)
    assert stand(books, right)[1:3] == (1, 1)
    books.check()


def returned(books: Books, folder: Folder, kind: str = "退货退款") -> str:
    """A return of the platform's, agreed to; its parcel came under a waybill that nobody named. The case."""
    books.hire()
    books.product("TS-L")
    bought = sold(ONE, ("TS-L", 1, 5490))
    take(books, *folder.both(bought), folder.refunds(asked_back("R1", bought, 5490, status=REQUESTED, kind=kind)))
    books.do(decisions.approve, "R1", waive=["window"], because="说好的", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    Table(books).scan(STRANGER)
    inspected(books, STRANGER, "TS-L=1:A")
    return str(books.value("SELECT number FROM cases"))


def test_money_that_has_not_left_waits_for_the_goods_again(books: Books, folder: Folder) -> None:
    case = returned(books, folder)
    before = stand(books, case)
    matched(books, STRANGER, case)
    assert [item.action for item in books.do(platform_list.todo).items] == ["confirm_receipt"]
    detached(books, STRANGER)
    assert (stand(books, case), books.do(platform_list.todo).items) == (before, ())
    with pytest.raises(Refused, match="Not all pieces have come back"):
        books.do(payouts.refund, case, by=MANAGER)
    matched(books, STRANGER, case)
    assert [item.money.minor for item in books.do(platform_list.todo).items] == [5490]
    books.check()


@pytest.mark.parametrize(
    ("steps", "way"), [((), "fail"), (("send",), "fail"), (("confirm",), "reverse")], ids=["clicked", "sent", "arrived"]
)
def test_what_left_stands_on_it(books: Books, folder: Folder, steps: tuple[str, ...], way: str) -> None:
    case = returned(books, folder)
    matched(books, STRANGER, case)
    books.do(platform_list.done, [case], by=MANAGER)
    payout = books.value("SELECT number FROM payouts")
    for step in steps:
        books.do(payout_steps.step, payout, step, by=MANAGER)
    if way == "reverse":
        books.do(decisions.reopen, case, by=MANAGER)
    with pytest.raises(Refused, match=f"The refund {payout} of {case} stands on") as refused:
        detached(books, STRANGER)
    waiver = " --waive clicked_there" if way == "fail" else ""  # it was clicked: the platform may have paid it
    assert refused.value.hint == f"retcli pay {way} {payout}{waiver} --because TEXT"
    assert attached(books) == [(STRANGER, case)]


@pytest.mark.parametrize("how", ["rejected", "verified"])
def test_a_decision_made_on_its_goods_stands_on_it(table: Table, how: str) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    number = table.scan(STRANGER)[0].parcel
    matched(books, number, case)
    inspected(books, number, "TS-L=1:C")
    books.later(minutes=1)
    if how == "rejected":
        books.do(decisions.reject, case, because="穿过了", by=MANAGER)
    else:
        books.do(inspection.inspect, number, [inspection.parse_item("TS-L=1:D")], reason="B_7D", by=WAREHOUSE)
    with pytest.raises(Refused, match="was decided by what came back"):
        detached(books, number)
    books.check()


def test_goods_sent_again_stand_on_it(table: Table) -> None:
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490))
    case = books.do(decisions.open_case, ONE, kind=Kind.EXCHANGE, reason="Q_FUNC").number
    books.do(decisions.approve, case)
    number = table.scan(STRANGER)[0].parcel
    matched(books, number, case)
    inspected(books, number, "TS-L=1:A")
    books.do(decisions.ship, case, waybill="SF1620041173399")
    with pytest.raises(Refused, match="Goods were sent again"):
        detached(books, number)
    books.check()


def test_of_several_cases_one_is_named_and_the_other_has_the_pieces_then(table: Table) -> None:
    books = table.books
    wrong = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    right = returning(books, OTHER, ("TS-L", 1, 5490), waybill="")
    number = table.scan(STRANGER)[0].parcel
    inspected(books, number, "TS-L=1:A")
    matched(books, number, wrong)
    matched(books, number, right, because="两单一箱")
    assert (stand(books, wrong)[2], stand(books, right)[2]) == (1, 0)
    with pytest.raises(WrongCommand, match="serves several cases"):
        detached(books, number)
    detached(books, number, wrong)
    assert (stand(books, wrong)[2], stand(books, right)[2]) == (0, 1)
    assert attached(books) == [(STRANGER, right)]
    books.check()


def test_the_orders_own_parcel_stays_with_its_refund(table: Table) -> None:
    books = table.books
    books.order(ONE, ("TS-L", 1, 5490), signed_at=None)
    own = books.value("SELECT waybill FROM orders")
    case = books.do(decisions.open_case, ONE, kind=Kind.REFUND_ONLY, reason="L_REJECT").number
    table.scan(own)
    assert attached(books) == [(own, case)]
    with pytest.raises(Refused, match="went out with the order"):
        detached(books, own)


def test_what_cannot_be_taken_off_is_said(table: Table) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    other = returning(books, OTHER, ("TS-L", 1, 5490), waybill="")
    number = table.scan(STRANGER)[0].parcel
    with pytest.raises(Refused, match="belongs to no case"):
        detached(books, number)
    matched(books, number, case)
    with pytest.raises(Refused, match=f"does not belong to {other}"):
        detached(books, number, other)
    with pytest.raises(WrongCommand, match="Say why"):
        detached(books, number, because=" ")
    with pytest.raises(Refused, match=r"belongs to .* already") as refused:
        matched(books, number, case)
    assert refused.value.hint == f"retcli parcel detach {number} {case} --because TEXT"
    assert attached(books) == [(STRANGER, case)]


@pytest.mark.parametrize("grade", [["RCMDA"], []])
def test_what_was_too_many_for_the_case_is_held_no_longer(table: Table, grade: list[str]) -> None:
    """无主件里两个杯子，归错到只退一个的单：多的一个暂扣；拆开以后两个都和归入前一样。"""
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill="")
    number = table.scan(STRANGER, *grade, "TS-L", "TS-L")[0].parcel
    before = stock(books)
    matched(books, number, case)
    assert stock(books)["TS-L", "held"] == 1
    detached(books, number)
    assert stock(books) == before
    matched(books, number, case)
    assert stock(books)["TS-L", "held"] == 1, "too many again"
    books.check()


def test_what_is_too_many_without_the_second_case_is_held_again(table: Table) -> None:
    """一单两杯、两张售后单各退一只，一箱两只：归给第二张单都可售，拆下来又多出一只，和归入前一样。"""
    books = table.books
    books.order(ONE, ("TS-L", 2, 10980))
    first, second = returning_one(books), returning_one(books)
    books.do(parcels.expect_by_hand, first, STRANGER)
    table.scan(STRANGER, "RCMDA", "TS-L", "TS-L", "RCMDEND")
    before = stock(books)
    assert before == {("TS-L", "sellable"): 1, ("TS-L", "held"): 1}
    matched(books, STRANGER, second)
    assert stock(books) == {("TS-L", "sellable"): 2}
    detached(books, STRANGER, second)
    assert stock(books) == before
    assert [stand(books, case)[2] for case in (first, second)] == [1, 0]
    books.check()


def test_what_lies_in_its_other_parcel_has_room_then(table: Table) -> None:
    """一张单只退一只，两个包裹各来一只：第二只暂扣；第一个包裹归错、拆下来，第二只就是它等的那只。"""
    books = table.books
    case = returning(books, ONE, ("TS-L", 1, 5490), waybill=STRANGER)
    table.scan(STRANGER, "RCMDA", "TS-L", "RCMDEND")
    books.do(parcels.expect_by_hand, case, "SF1620041173399")
    table.scan("SF1620041173399", "RCMDA", "TS-L", "RCMDEND")
    assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", "held"): 1}
    detached(books, STRANGER)
    assert stock(books) == {("TS-L", "sellable"): 1, ("TS-L", "unclaimed"): 1}
    assert stand(books, case)[1:3] == (1, 1)
    books.check()


def returning_one(books: Books) -> str:
    """An approved return of one of the pieces of an order."""
    case = books.do(decisions.open_case, ONE, kind=Kind.RETURN, reason="B_7D", lines=["TS-L=1"]).number
    books.do(decisions.approve, case)
    return case


def listed(books: Books, folder: Folder, note: str = "") -> None:
    """The platform's list names the buyer's waybill of a return that was agreed to."""
    bought = sold(ONE, ("TS-L", 1, 5490))
    wish = asked_back("R1", bought, 5490, status="买家已经退货，等待卖家确认收货", waybill=STRANGER, note=note)
    take(books, folder.refunds(wish))


def test_what_somebody_took_off_stays_off_whatever_the_list_repeats(books: Books, folder: Folder) -> None:
    """平台列着这个运单号，仓库说不是这单的、拆开了：再导入也不会又归回去；人再归就归。"""
    books.hire()
    books.product("TS-L")
    take(books, *folder.both(sold(ONE, ("TS-L", 1, 5490))))
    listed(books, folder)
    case = str(books.value("SELECT number FROM cases"))
    Table(books).scan(STRANGER)
    assert attached(books) == [(STRANGER, case)]
    detached(books, STRANGER)
    listed(books, folder, note="请尽快")
    assert attached(books) == []
    matched(books, STRANGER, case)
    listed(books, folder, note="请尽快处理")
    assert attached(books) == [(STRANGER, case)]
    books.check()


def test_what_was_taken_off_and_comes_all_the_same_is_nobody_s(books: Books, folder: Folder) -> None:
    """拆下来的运单号还没到货就又列了一次：到货是无主件，说它从哪张单取下、平台仍报它。"""
    books.hire()
    take(books, *folder.both(sold(ONE, ("TS-L", 1, 5490))))
    listed(books, folder)
    case = str(books.value("SELECT number FROM cases"))
    detached(books, STRANGER)
    listed(books, folder, note="请尽快")
    arrived = Table(books).scan(STRANGER)[0]
    assert (arrived.outcome, arrived.cases) == ("unclaimed", ())
    assert f"taken off {case} before, and the platform names this waybill" in arrived.message
    assert f"retcli parcel match {arrived.parcel}" in arrived.message
    books.check()


def test_what_was_taken_off_by_hand_says_nothing_of_the_platform(table: Table) -> None:
    case = returning(table.books, ONE, ("TS-L", 1, 5490), waybill=STRANGER)
    detached(table.books, STRANGER)
    arrived = table.scan(STRANGER)[0]
    assert arrived.outcome == "unclaimed"
    assert arrived.message.startswith(f"taken off {case} before: no case waits for it")


def test_what_the_list_names_for_the_first_time_is_a_new_fact(books: Books, folder: Folder) -> None:
    """手工归错、拆开以后，平台才第一次说这个运单号就是这单的：归入。"""
    case = returned(books, folder)
    matched(books, STRANGER, case)
    detached(books, STRANGER)
    listed(books, folder)
    assert attached(books) == [(STRANGER, case)]
    books.check()
