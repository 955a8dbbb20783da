"""What a platform pays for a return whose parcel is here: it is over only where the parcel held its goods."""

from dataclasses import replace
from datetime import datetime

import pytest

from fixtures.model import Refund
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.imports import import_questions
from retcli.errors import Refused
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books
from tests.warehouse import Table

NUMBER, OURS, BACK = "2850000000000000100", "SF0220481613112", "YT8812349697001"
SENT = "买家已经退货，等待卖家确认收货"
PAID_AT = datetime(2026, 11, 9, 20)


def on_its_way_back(books: Books, folder: Folder, *, cups: int = 1) -> Refund:
    """A return of all cups of an order, 50.00, whose parcel is on its way."""
    books.hire()
    for barcode, sku in enumerate(("CUP", "MUG")):
        books.product(sku, barcode=f"690123456789{barcode}")
    order = sold(NUMBER, ("CUP", cups, 5000), waybill=OURS)
    wish = asked_back("31", order, 5000, quantity=cups, status=SENT, waybill=BACK)
    take(books, *folder.both(order), folder.refunds(wish))
    return wish


def pay_there(books: Books, folder: Folder, wish: Refund) -> None:
    """The platform pays; its list of twenty hours later says so."""
    books.later(hours=20)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=PAID_AT)))


@pytest.mark.parametrize(
    ("codes", "cups", "back"),
    [((), 1, "0/1"), (("RCMDA", "MUG"), 1, "0/1"), (("RCMDX", "CUP"), 1, "0/1"), (("RCMDA", "CUP"), 2, "1/2")],
    ids=["empty", "other goods", "another's cup", "one short"],
)
def test_what_the_platform_paid_for_a_wrong_parcel_is_asked_about(
    books: Books, folder: Folder, codes: tuple[str, ...], cups: int, back: str
) -> None:
    """退货的包裹是空的、调包的、少一件，平台超时自己退了 50.00：要问一声，不悄悄完结。"""
    wish = on_its_way_back(books, folder, cups=cups)
    Table(books).scan(BACK, *codes)
    pay_there(books, folder, wish)
    (question,) = books.do(import_questions.questions, by=MANAGER).questions
    text = (
        f"31: the platform paid 50.00, which is in the books already; of the goods to come back first {back} are back"
    )
    assert question.first.sentence() == text
    assert books.value("SELECT filing FROM cases") == "open"
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=PAID_AT, note="请尽快处理")))
    assert books.value("SELECT filing FROM cases") == "open", "it waits for the answer"
    books.check()


def test_a_parcel_that_held_its_goods_is_not_asked_about(books: Books, folder: Folder) -> None:
    wish = on_its_way_back(books, folder)
    Table(books).scan(BACK, "RCMDA", "CUP")
    pay_there(books, folder, wish)
    assert not books.do(import_questions.questions, by=MANAGER).questions
    assert books.value("SELECT filing FROM cases") == "finished"


def test_a_parcel_that_did_not_come_yet_is_not_asked_about(books: Books, folder: Folder) -> None:
    pay_there(books, folder, on_its_way_back(books, folder))
    assert not books.do(import_questions.questions, by=MANAGER).questions
    assert books.value("SELECT filing FROM cases") == "finished"


def test_an_answer_does_not_end_a_case_whose_box_nobody_opened(books: Books, folder: Folder) -> None:
    wish = on_its_way_back(books, folder)
    Table(books).scan(BACK)
    pay_there(books, folder, wish)
    case = str(books.value("SELECT number FROM cases"))
    (question,) = books.do(import_questions.questions, by=MANAGER).questions
    books.do(import_questions.answer, question.number, decision="seen", by=MANAGER)
    take(books, folder.refunds(replace(wish, status=SUCCEEDED, finished_at=PAID_AT, note="请尽快处理")))
    shown = books.do(case_cards.show, case)
    assert (shown.stage, shown.next) == ("to_inspect", "retcli scan")
    with pytest.raises(Refused, match="inspect"):
        books.do(decisions.finish, case, by=MANAGER)
    books.do(decisions.finish, case, because="空包，已申诉", by=MANAGER)
    assert books.value("SELECT filing FROM cases") == "finished"
    books.check()


def test_a_refund_that_was_clicked_before_its_parcel_came_is_asked_about(books: Books, folder: Folder) -> None:
    """点过“同意退款”之后包裹才被拒收回来，没拆：平台退成了，也要问。"""
    books.hire()
    books.product("CUP")
    order = sold(NUMBER, ("CUP", 1, 5000), waybill=OURS, confirmed_at=None, status="卖家已发货，等待买家确认")
    wish = asked_back("31", order, 5000, kind="仅退款", status=REQUESTED, goods="买家未收到货")
    take(books, *folder.both(order), folder.refunds(wish))
    books.do(decisions.approve, "31", by=MANAGER)
    books.do(platform_list.done, ["31"], by=MANAGER)
    Table(books).scan(OURS)
    pay_there(books, folder, wish)
    (question,) = books.do(import_questions.questions, by=MANAGER).questions
    assert question.first.sentence().endswith("of the goods to come back first 0/1 are back")
    assert books.value("SELECT state FROM payouts") == "confirmed"
    assert books.value("SELECT filing FROM cases") == "open"
    books.check()
