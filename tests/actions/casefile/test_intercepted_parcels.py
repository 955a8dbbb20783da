"""Refunds without return of what was turned round on its way to the buyer: the pieces of the case count as back once
they were inspected, whichever of the order's parcels they lay in.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fixtures.model import Order
from fixtures.reports import Row
from retcli.actions.casefile import case_view, lookup
from retcli.actions.cases import changes, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import interceptions, parcels
from retcli.errors import NotFound, Refused
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.documents import document_of
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books
from tests.warehouse import Table

NUMBER = "2850000000000000100"
CUP, LID = "SF0220481613112", "YT0220481613113"
"""The parcel with the cup of 50.00, and the one with the lid of 10.00."""
AT_THE_DOOR = "What was on its way is at the door: inspect the pieces of the case, then refund"
SHORT = "What was on its way is at the door without CUP×1: a person says what is refunded"
"""The same once it was inspected: nothing is left to look at."""


def on_its_way(*waybills: str, cups: int = 1) -> Order:
    """An order of a cup and a lid that is with its carriers."""
    lines = (("CUP", cups, 5000), ("LID", 1, 1000))
    waybill = ";No:".join(waybills)
    return sold(NUMBER, *lines, waybill=waybill, confirmed_at=None, status="卖家已发货，等待买家确认")


def asked_for(books: Books, folder: Folder, order: Order, *skus: str) -> str:
    """A refund without return of some lines of an order that came in by its reports; the case's number."""
    books.hire()
    for barcode, sku in enumerate(("CUP", "LID")):
        books.product(sku, barcode=f"690123456789{barcode}")
    take(books, *folder.both(order))
    return str(books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="B_MIND", lines=skus).number)


def standing(books: Books, case: str) -> dict[str, Any]:
    with opened(books.asked(), writes=False) as shop:
        return document_of(case_view.view_of(shop, lookup.case_of(shop, case)))


def goods_back(books: Books, case: str) -> tuple[str, str, str]:
    """The verdict, and what the finding on the goods says."""
    shown = standing(books, case)
    (finding,) = (f for f in shown["findings"] if f["rule"] == "goods_back")
    return shown["verdict"], finding["answer"], finding["text"]


@pytest.mark.parametrize("asked", [False, True], ids=["came by itself", "intercepted"])
def test_one_of_two_parcels_brings_back_what_lies_in_it(books: Books, folder: Folder, asked: bool) -> None:
    """退杯子 50.00：只扫到、验了盖子那一包，杯子还在路上。"""
    case = asked_for(books, folder, on_its_way(CUP, LID), "CUP")
    if asked:
        books.do(interceptions.intercept, case)
    Table(books).scan(LID, "RCMDA", "LID")
    assert goods_back(books, case)[:2] == ("person", "person")
    Table(books).scan(CUP)
    assert goods_back(books, case) == ("person", "person", AT_THE_DOOR)
    Table(books).scan(CUP, "RCMDA", "CUP")
    assert goods_back(books, case)[:2] == ("yes", "yes")
    books.check()


def test_what_is_out_and_not_asked_for_is_to_be_intercepted(books: Books, folder: Folder) -> None:
    case = asked_for(books, folder, on_its_way(CUP, LID), "CUP")
    Table(books).scan(LID)
    (finding,) = (f for f in standing(books, case)["findings"] if f["rule"] == "goods_back")
    assert finding["commands"] == [f"retcli parcel intercept {case}"]


def test_what_the_buyer_signed_for_is_not_at_the_door(books: Books, folder: Folder) -> None:
    """杯子签收了，盖子那包退回来了：杯子在买家手里，不是“退到店里”。"""
    case = asked_for(books, folder, on_its_way(CUP, LID), "CUP")
    Table(books).scan(LID, "RCMDA", "LID")
    head: Row = ["运单号", "快递公司", "时间", "物流状态", "地点", "轨迹"]
    event: Row = [CUP, "", "2026-11-05 11:00:00", "已签收", "杭州", "签收"]
    take(books, folder.rows([head, event], encoding="utf-8"))
    assert goods_back(books, case) == (
        "person",
        "person",
        "The goods stay with the buyer: refund without return is the shop's own choice",
    )


def test_both_lines_wait_for_both_parcels(books: Books, folder: Folder) -> None:
    """两样都退，60.00：来了一包，另一包没来，不能整单放行。"""
    case = asked_for(books, folder, on_its_way(CUP, LID), "CUP", "LID")
    books.do(interceptions.intercept, case)
    Table(books).scan(CUP, "RCMDA", "CUP")
    assert goods_back(books, case)[:2] == ("person", "person")
    Table(books).scan(LID, "RCMDA", "LID")
    assert goods_back(books, case)[:2] == ("yes", "yes")


@pytest.mark.parametrize(
    ("codes", "cups"),
    [((), 1), (("RCMDA", "CUP"), 2), (("RCMDX", "CUP"), 1), (("CUP",), 1)],
    ids=["not looked into", "one piece short", "another's goods", "counted only"],
)
def test_a_box_at_the_door_is_no_goods_that_came_back(
    books: Books, folder: Folder, codes: tuple[str, ...], cups: int
) -> None:
    """扫到、验好再退款：空包、少件、调包的，扫到了也不算回来；店长特批才付。"""
    case = asked_for(books, folder, on_its_way(CUP, cups=cups), "CUP")
    books.do(interceptions.intercept, case)
    Table(books).scan(CUP, *codes)
    assert goods_back(books, case)[1:] == ("person", SHORT if "RCMDA" in codes or "RCMDX" in codes else AT_THE_DOOR)
    assert standing(books, case)["verdict"] != "yes"


def test_no_money_leaves_for_a_box_that_nobody_looked_into(books: Books, folder: Folder) -> None:
    case = asked_for(books, folder, on_its_way(CUP), "CUP")
    books.do(decisions.approve, case)
    books.do(interceptions.intercept, case)
    Table(books).scan(CUP)
    with pytest.raises(Refused, match="missing: CUP×1"):
        books.do(payouts.refund, case)
    books.do(decisions.approve, asked_again(books, case), waive=["goods_back"], because="老客", by=MANAGER)
    books.do(payouts.refund, case, by=MANAGER)
    assert books.value("SELECT minor FROM payouts") == 5000


def test_of_a_box_that_is_one_short_what_came_is_paid(books: Books, folder: Folder) -> None:
    """两只杯子 50.00，只回来一只：付 25.00，另一只缺着；要付全额得店长特批。"""
    case = asked_for(books, folder, on_its_way(CUP, cups=2), "CUP")
    books.do(decisions.approve, case)
    Table(books).scan(CUP, "RCMDA", "CUP")
    shown = standing(books, case)
    assert shown["stage"] == "goods_lacking", "nothing that came is left to inspect"
    assert shown["next"].splitlines() == [
        f"retcli pay refund {case}",
        f"retcli case change {case} --line CUP=1 --because TEXT",
        f"retcli pay refund {case} --waive goods_first --because TEXT",
    ]
    (goods,) = (f for f in shown["findings"] if f["rule"] == "goods")
    assert goods["text"].endswith("missing: CUP×1")
    assert books.do(payouts.refund, case, by=MANAGER).money.minor == 2500
    with pytest.raises(Refused, match="Nothing is due"):
        books.do(payouts.refund, case, by=MANAGER)
    paid = books.do(payouts.refund, case, waive=["goods_first"], because="快递赔付", by=MANAGER)
    assert paid.money.minor == 2500
    books.check()


def test_what_is_one_short_does_not_go_by_itself(books: Books, folder: Folder) -> None:
    books.hire()
    books.product("CUP")
    order = on_its_way(CUP, cups=2)
    wish = asked_back("31", order, 5000, quantity=2, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    Table(books).scan(CUP, "RCMDA", "CUP")
    books.do(decisions.approve, "31", by=MANAGER)
    assert money_of(books) == ([], [])


def test_foreign_goods_are_asked_about_beside_the_missing_ones(books: Books, folder: Folder) -> None:
    """拒收件里是马克杯：不付；放行要连“退回的不是本单商品”一起特批。"""
    case = agreed(books, folder)
    Table(books).scan(CUP, "RCMDA", "MUG")
    with pytest.raises(Refused, match=r"not of this order; missing: CUP×1") as nothing:
        books.do(payouts.refund, case, by=MANAGER)
    assert nothing.value.hint is not None
    assert f"pay refund {case} --waive goods_first --waive goods" in nothing.value.hint
    with pytest.raises(Refused, match="not of this order"):
        books.do(payouts.refund, case, waive=["goods_first"], because="x", by=MANAGER)
    books.do(payouts.refund, case, waive=["goods_first", "goods"], because="x", by=MANAGER)
    books.do(platform_list.done, [case], by=MANAGER)
    books.check()


def test_a_click_is_not_made_over_foreign_goods(books: Books, folder: Folder) -> None:
    """店长放行过（goods_back），包裹回来里面是马克杯：点退款前先问。"""
    books.hire()
    for barcode, sku in enumerate(("CUP", "LID", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    order = on_its_way(CUP)
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    books.do(decisions.approve, "31", waive=["goods_back"], because="老客", by=MANAGER)
    Table(books).scan(CUP, "RCMDA", "MUG")
    assert money_of(books) == ([(5000, "due")], [("agree_refund", "todo")])
    with pytest.raises(Refused, match=r"50\.00 stands for pieces that are not back") as refused:
        books.do(platform_list.done, ["31"], by=MANAGER)
    assert refused.value.hint is not None
    assert refused.value.hint.startswith("retcli pay fail PO")
    books.check()


NEW_LABEL = "YT7700000096701"


@pytest.mark.parametrize("how", ["slip", "match", "match, unopened"])
def test_what_comes_back_under_another_label_is_the_refused_parcel(books: Books, folder: Folder, how: str) -> None:
    """已同意的仅退款，包裹换了面单退回、归到这张单：一样收回打款和点退款，等验货。"""
    case = agreed(books, folder)
    table = Table(books)
    if how == "slip":
        table.scan(NEW_LABEL, NUMBER, "RCMDA", "MUG")
    else:
        (parcel,) = table.scan(NEW_LABEL)
        if how == "match":
            table.scan("RCMDA", "CUP")
            table.scan("RCMDNEXT")
        books.do(parcels.match, parcel.parcel, case, by=MANAGER)
    if how == "match":
        assert [row[1] for row in books.rows("SELECT minor, state FROM payouts ORDER BY id")][-1] == "due"
        return
    assert money_of(books) == ([(5000, "failed")], [("agree_refund", "dropped")])
    with pytest.raises(NotFound):
        books.do(platform_list.done, [case], by=MANAGER)
    with pytest.raises(Refused, match=r"came back undelivered.*CUP×1"):
        books.do(payouts.refund, case, by=MANAGER)
    here = SHORT if how == "slip" else AT_THE_DOOR
    assert goods_back(books, case)[2] == here, "nothing is intercepted any more"
    view = books.do(interceptions.intercept, case, by=MANAGER)
    assert "is back" in view.hint
    assert books.value("SELECT COUNT(*) FROM parcels") == 1
    table.scan(NEW_LABEL, "RCMDA", *(["MUG"] if how == "slip" else []), "CUP")
    assert [minor for minor, state in money_of(books)[0] if state == "due"] == [5000]
    books.check()


def test_another_label_takes_the_place_of_the_parcel_that_was_intercepted(books: Books, folder: Folder) -> None:
    case = agreed(books, folder)
    books.do(interceptions.intercept, case, by=MANAGER)
    Table(books).scan(NEW_LABEL, NUMBER)
    assert standing(books, case)["stage"] == "to_inspect"
    Table(books).scan(NEW_LABEL, "RCMDA", "CUP")
    assert [minor for minor, state in money_of(books)[0] if state == "due"] == [5000]
    books.check()


def asked_again(books: Books, case: str) -> str:
    books.do(decisions.withdraw, case)
    books.do(decisions.reopen, case)
    return case


def test_money_that_was_agreed_to_leaves_by_itself_once_the_pieces_were_inspected(books: Books, folder: Folder) -> None:
    """平台上的仅退款，已同意、在等拦截件：扫到不放款，验完才去点“同意退款”。"""
    books.hire()
    order = on_its_way(CUP, LID)
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, reason="我不想要了", goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    books.do(interceptions.intercept, "31")
    books.do(decisions.approve, "31")
    Table(books).scan(CUP, "RCMDNEXT", LID)
    assert books.value("SELECT COUNT(*) FROM payouts") == 0
    Table(books).scan(CUP, "RCMDA", "CUP")
    assert [row[0] for row in books.rows("SELECT minor FROM payouts")] == [5000]


def agreed(books: Books, folder: Folder, *waybills: str) -> str:
    """A refund of the cup, 50.00, that the platform's list asks for and a manager agreed to while it is on its way."""
    order = on_its_way(*waybills or [CUP])
    books.hire()
    for barcode, sku in enumerate(("CUP", "LID", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.approve, case, by=MANAGER)
    return case


def money_of(books: Books) -> tuple[list[tuple[int, str]], list[tuple[str, str]]]:
    """Payouts with their states, and clicks with theirs."""
    payouts_made = books.rows("SELECT minor, state FROM payouts ORDER BY id")
    clicks = books.rows("SELECT action, state FROM platform_actions ORDER BY id")
    return [tuple(row) for row in payouts_made], [tuple(row) for row in clicks]


def test_what_is_intercepted_after_it_was_agreed_to_waits_for_its_pieces(books: Books, folder: Folder) -> None:
    """先同意、后拦截：50.00 的打款和待点的“同意退款”都收回，扫到、验好再退。"""
    case = agreed(books, folder)
    assert money_of(books) == ([(5000, "due")], [("agree_refund", "todo")])
    view = books.do(interceptions.intercept, case, by=MANAGER)
    assert money_of(books) == ([(5000, "failed")], [("agree_refund", "dropped")])
    (listed,) = books.do(payouts.list_payouts, state="failed").payouts
    assert listed.standing == "called off: its goods come back first", "nothing of it failed"
    assert view.brought_back
    assert "refund once it is scanned and inspected" in view.brought_back.sentence()
    with pytest.raises(Refused):
        books.do(payouts.refund, case, by=MANAGER)
    Table(books).scan(CUP, "RCMDA", "CUP")
    made, clicks = money_of(books)
    assert made == [(5000, "failed"), (5000, "due")]
    assert clicks[-1] == ("agree_refund", "todo")
    books.check()


def test_what_was_clicked_before_it_was_intercepted_is_said_to_be_gone(books: Books, folder: Folder) -> None:
    case = agreed(books, folder)
    books.do(platform_list.done, [case], by=MANAGER)
    view = books.do(interceptions.intercept, case, by=MANAGER)
    assert money_of(books)[0] == [(5000, "due")]
    assert view.complaints == (f"50.00 of {case} was clicked on the platform before: it does not wait for the goods",)
    books.check()


@pytest.mark.parametrize("first", ["intercepted first", "agreed to first"])
def test_every_refund_of_the_order_waits_for_the_parcel(books: Books, folder: Folder, first: str) -> None:
    """杯子 50.00、盖子 10.00 各申请一张仅退款，同一包裹；按杯子那张拦截，盖子那张也等货。"""
    books.hire()
    for barcode, sku in enumerate(("CUP", "LID")):
        books.product(sku, barcode=f"690123456789{barcode}")
    order = on_its_way(CUP)
    facts = {"kind": "仅退款", "status": REQUESTED, "goods": "买家未收到货"}
    wishes = [asked_back("31", order, 5000, line=0, **facts), asked_back("32", order, 1000, line=1, **facts)]
    take(books, *folder.both(order), folder.refunds(*wishes))
    for act in ("intercept", "agree") if first == "intercepted first" else ("agree", "intercept"):
        if act == "intercept":
            books.do(interceptions.intercept, "31", by=MANAGER)
        else:
            books.do(decisions.approve, "32", by=MANAGER)
    assert books.value("SELECT COUNT(*) FROM payouts WHERE state <> 'failed'") == 0
    Table(books).scan(CUP, "RCMDA", "LID")
    assert books.rows("SELECT minor, state FROM payouts WHERE state <> 'failed'") == [(1000, "due")]
    books.check()


@pytest.mark.parametrize(("codes", "back"), [((), "0/2"), (("RCMDA", "CUP"), "1/2")], ids=["empty", "one short"])
def test_what_the_platform_paid_without_the_goods_is_asked_about(
    books: Books, folder: Folder, codes: tuple[str, ...], back: str
) -> None:
    """拦截的包裹是空的（或少一件），平台照样退了 100.00：要有人知道，单子不悄悄完结。"""
    books.hire()
    books.product("CUP")
    order = on_its_way(CUP, cups=2)
    wish = asked_back("31", order, 5000, quantity=2, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.approve, case, by=MANAGER)
    books.do(interceptions.intercept, case, by=MANAGER)
    Table(books).scan(CUP, *codes)
    books.later(hours=20)
    paid = replace(wish, status=SUCCEEDED, finished_at=datetime(2026, 11, 9, 20))
    take(books, folder.refunds(paid))
    shown = standing(books, case)
    assert (shown["stage"], shown["paid"]["minor"]) == ("goods_lacking" if codes else "to_inspect", 5000)
    (question,) = books.do(import_questions.questions, by=MANAGER).questions
    text = (
        f"31: the platform paid 50.00, which is in the books already; of the goods to come back first {back} are back"
    )
    assert question.first.sentence() == text
    assert shown["next"] == f"retcli imports answer {question.number} --seen"
    assert books.do(today.today).document()["questions"] == 1
    take(books, folder.refunds(replace(paid, note="请尽快处理")))
    assert books.value("SELECT filing FROM cases") == "open", "it waits for the answer, however often the list says so"
    books.check()


def test_goods_that_are_found_answer_the_question(books: Books, folder: Folder) -> None:
    case = agreed(books, folder)
    books.do(interceptions.intercept, case, by=MANAGER)
    Table(books).scan(CUP)
    books.later(hours=20)
    wish = asked_back("31", on_its_way(CUP), 5000, kind="仅退款", goods="买家未收到货")
    paid = replace(wish, finished_at=datetime(2026, 11, 9, 20))
    take(books, folder.refunds(paid))
    assert len(books.do(import_questions.questions).questions) == 1
    Table(books).scan(CUP, "RCMDA", "CUP")
    take(books, folder.refunds(replace(paid, note="拦截件已签收")))
    assert not books.do(import_questions.questions).questions
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


def test_what_comes_back_refused_takes_the_money_back_until_it_was_looked_at(books: Books, folder: Folder) -> None:
    """同意了仅退款、没拦截，包裹被拒收回来：打款和待点的“同意退款”都收回；里面是马克杯也不放，等杯子验好。"""
    case = agreed(books, folder)
    Table(books).scan(CUP)
    held_back = [(5000, "failed")], [("agree_refund", "dropped")]
    assert money_of(books) == held_back
    Table(books).scan(CUP, "RCMDA", "MUG")
    assert money_of(books) == held_back
    with pytest.raises(NotFound):
        books.do(platform_list.done, [case], by=MANAGER)
    with pytest.raises(Refused, match="undelivered has not all come back"):
        books.do(payouts.refund, case, by=MANAGER)
    Table(books).scan(CUP, "RCMDA", "MUG", "CUP")
    assert [minor for minor, state in money_of(books)[0] if state == "due"] == [5000]
    books.check()


def test_a_payout_that_waits_for_a_second_person_is_held_back_too(books: Books, folder: Folder) -> None:
    case = asked_for(books, folder, on_its_way(CUP), "CUP")
    books.do(decisions.approve, case, by=MANAGER)
    books.do(payouts.refund, case, by=MANAGER)
    assert books.rows("SELECT method, state FROM payouts") == [("transfer", "due")]
    Table(books).scan(CUP)
    assert books.rows("SELECT method, state FROM payouts") == [("transfer", "failed")]


def test_what_was_clicked_before_it_came_back_stays(books: Books, folder: Folder) -> None:
    case = agreed(books, folder)
    books.do(platform_list.done, [case], by=MANAGER)
    Table(books).scan(CUP)
    assert money_of(books) == ([(5000, "due")], [("agree_refund", "done")])


def test_every_refund_of_the_order_waits_for_what_came_back_refused(books: Books, folder: Folder) -> None:
    """杯子、盖子各一张仅退款都同意了，一个包裹被拒收：两张都等货，验到哪样放哪样。"""
    order = on_its_way(CUP)
    books.hire()
    for barcode, sku in enumerate(("CUP", "LID")):
        books.product(sku, barcode=f"690123456789{barcode}")
    facts = {"kind": "仅退款", "status": REQUESTED, "goods": "买家未收到货"}
    wishes = [asked_back("31", order, 5000, line=0, **facts), asked_back("32", order, 1000, line=1, **facts)]
    take(books, *folder.both(order), folder.refunds(*wishes))
    for wish in ("31", "32"):
        books.do(decisions.approve, wish, by=MANAGER)
    (said,) = Table(books).scan(CUP)
    assert said.outcome == "received"
    assert len(said.cases) == 2
    assert books.value("SELECT COUNT(*) FROM payouts WHERE state <> 'failed'") == 0
    Table(books).scan(CUP, "RCMDA", "LID")
    assert books.rows("SELECT minor, state FROM payouts WHERE state <> 'failed'") == [(1000, "due")]
    books.check()


def test_one_of_two_parcels_that_came_back_refused_holds_the_money_back(books: Books, folder: Folder) -> None:
    """两个包裹，回来一个，里面没有杯子：杯子的 50.00 还是等货。"""
    case = agreed(books, folder, CUP, LID)
    Table(books).scan(LID, "RCMDA", "LID")
    assert money_of(books) == ([(5000, "failed")], [("agree_refund", "dropped")])
    with pytest.raises(Refused, match="undelivered has not all come back"):
        books.do(payouts.refund, case, by=MANAGER)
    Table(books).scan(CUP, "RCMDA", "CUP")
    assert money_of(books)[0][1:] == [(5000, "due")]


@pytest.mark.parametrize("how", ["agreed to later", "matched later"])
def test_what_came_back_before_anybody_agreed_is_looked_at_first(books: Books, folder: Folder, how: str) -> None:
    """拒收件先到（里面是马克杯），仅退款后来才申请、同意，或后来才对上：照样等货。"""
    order = on_its_way(CUP)
    books.hire()
    for barcode, sku in enumerate(("CUP", "LID", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    take(books, *folder.both(order))
    (parcel, *_rest) = Table(books).scan(CUP, "RCMDA", "MUG")
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, folder.refunds(wish))
    case = str(books.value("SELECT number FROM cases"))
    if how == "matched later":
        with pytest.raises(Refused, match="belongs to"):  # it was given to the case with the list
            books.do(parcels.match, parcel.parcel, case, by=MANAGER)
    with pytest.raises(Refused, match="not of this order"):
        books.do(decisions.approve, case, by=MANAGER)
    books.do(decisions.approve, case, waive=["goods"], because="先同意", by=MANAGER)
    assert money_of(books) == ([], [])
    with pytest.raises(Refused, match="undelivered has not all come back"):
        books.do(payouts.refund, case, by=MANAGER)
    Table(books).scan(CUP, "RCMDA", "MUG", "CUP")
    assert money_of(books) == ([(5000, "due")], [("agree_refund", "todo")])


def test_a_refusal_that_the_door_disproved_is_not_clicked(books: Books, folder: Folder) -> None:
    """拒绝了“已发货”，还没点，包裹被拒收回来：这句拒绝已经不对，点不得；单子要重新审。"""
    books.hire()
    order = on_its_way(CUP)
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    case = str(books.value("SELECT number FROM cases"))
    books.do(decisions.reject, case, because="已发货", by=MANAGER)
    (said,) = Table(books).scan(CUP)
    assert case in said.message
    assert money_of(books)[1] == [("refuse", "dropped")]
    with pytest.raises(NotFound):
        books.do(platform_list.done, [case], by=MANAGER)
    books.later(hours=20)
    take(books, folder.refunds(replace(wish, note="怎么还不退")))
    assert standing(books, case)["decision"] == "requested"
    books.check()


def test_what_is_back_is_not_intercepted(books: Books, folder: Folder) -> None:
    """Scanned, then inspected: nobody is told to bring it back, and the 50.00 that are due then stay due."""
    case = agreed(books, folder)
    books.do(interceptions.intercept, case, by=MANAGER)
    Table(books).scan(CUP)
    view = books.do(interceptions.intercept, case, by=MANAGER)
    assert view.hint == "It is back already: inspect it, there is nothing to intercept"
    Table(books).scan(CUP, "RCMDA", "CUP")
    before = money_of(books)
    assert before[0][-1] == (5000, "due")
    view = books.do(interceptions.intercept, case, by=MANAGER)
    assert view.hint == "It is back and inspected already: there is nothing to intercept"
    assert money_of(books) == before
    books.check()


def test_a_payout_of_a_withdrawn_case_is_called_off(books: Books, folder: Folder) -> None:
    """What a person says failed did fail."""
    case = agreed(books, folder)
    books.do(decisions.withdraw, case, by=MANAGER)
    (listed,) = books.do(payouts.list_payouts, state="failed").payouts
    assert listed.standing == "called off"
    books.do(decisions.reopen, case, by=MANAGER)
    books.do(decisions.approve, case, waive=["evidence", "goods_back"], because="x", by=MANAGER)
    number = books.rows("SELECT number FROM payouts ORDER BY id")[-1][0]
    assert books.do(payout_steps.step, number, "fail", because="银行退回", by=MANAGER).standing == "failed"


def test_a_refund_whose_parcel_was_scanned_before_its_list_came_knows_it(books: Books, folder: Folder) -> None:
    """拒收件先扫、退款报表后到：导入时就归到这张单，卡片不再说先拦截，不通过的货也写在卡片上。"""
    order = on_its_way(CUP)
    books.hire()
    for barcode, sku in enumerate(("CUP", "LID", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    take(books, *folder.both(order))
    (said, *_rest) = Table(books).scan(CUP, "RCMDA", "MUG")
    assert said.outcome == "unclaimed"
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, folder.refunds(wish))
    case = str(books.value("SELECT number FROM cases"))
    assert goods_back(books, case) == ("no", "person", SHORT)
    shown = standing(books, case)
    assert len(shown["parcels"]) == 1
    (goods,) = (f for f in shown["findings"] if f["rule"] == "goods")
    assert (goods["answer"], goods["text"]) == ("no", "What came back is not of this order; missing: CUP×1")
    take(books, folder.refunds(replace(wish, note="在吗")))
    assert books.value("SELECT COUNT(*) FROM parcel_cases") == 1
    books.check()


@pytest.mark.parametrize("hand", [False, True], ids=["changed", "opened"])
def test_a_refund_by_hand_knows_what_came_back_before(books: Books, folder: Folder, hand: bool) -> None:
    order = on_its_way(CUP)
    books.hire()
    books.product("CUP")
    take(books, *folder.both(order))
    if hand:
        Table(books).scan(CUP)
        case = books.do(decisions.open_case, NUMBER, kind=Kind.REFUND_ONLY, reason="B_MIND", lines=["CUP"]).number
    else:
        case = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="B_MIND", lines=["CUP"]).number
        Table(books).scan(CUP)
        books.do(changes.change, case, kind=Kind.REFUND_ONLY, because="不要了")
    assert goods_back(books, case)[2] == AT_THE_DOOR


@pytest.mark.parametrize("codes", [(), ("RCMDA", "CUP")], ids=["unopened", "the cup"])
def test_what_comes_back_after_its_refund_was_paid_opens_it_until_it_is_inspected(
    books: Books, folder: Folder, codes: tuple[str, ...]
) -> None:
    """平台已退成、单子已完结，包裹才回来：扫到时说是哪一单，归到它，待检。"""
    case = agreed(books, folder)
    books.do(platform_list.done, [case], by=MANAGER)
    books.later(hours=20)
    wish = asked_back("31", on_its_way(CUP), 5000, kind="仅退款", goods="买家未收到货")
    paid = replace(wish, finished_at=datetime(2026, 11, 9, 20))
    take(books, folder.refunds(paid))
    assert books.value("SELECT filing FROM cases") == "finished"
    (said, *_rest) = Table(books).scan(CUP, *codes)
    assert (said.outcome, said.cases) == ("received", (case,))
    shown = standing(books, case)
    assert shown["stage"] == ("to_inspect" if not codes else "to_finish")
    assert shown["lines"][0]["accepted"] == (1 if codes else 0)
    take(books, folder.refunds(replace(paid, note="拦截件已签收")))
    assert books.value("SELECT filing FROM cases") == ("finished" if codes else "open")
    assert len(books.do(import_questions.questions).questions) == (0 if codes else 1)
    books.check()
