"""A platform's order file that says that money went back and not how much: nothing of ours leaves until the refund
report has come or a person has confirmed that it is another payment.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.insight import exports
from retcli.actions.money import group_payment, payout_steps, payouts
from retcli.actions.shop import orders
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.reports import Folder, asked_back, sold, take, take_one
from tests.sheets.test_beyond import notes, yuan
from tests.shopfloor import FIXTURES, MANAGER, Books
from tests.workbooks import cells, workbook

NUMBER = "261117-100000000000002"
HEAD = (FIXTURES / "exports" / "pdd" / "orders_export.csv").read_text(encoding="utf-8-sig").partition("\n")[0]
WORD, OF_LINE = "已发货，退款成功", "退款成功"
SAYS = f"By the platform's own order file ({OF_LINE}) money of order {NUMBER} went back, and no file says how much"
CONFIRMED: dict[str, Any] = {"waive": ["went_back"], "because": "a small transfer of the platform's own"}


def sold_at_pdd(path: Path, word: str = WORD) -> Path:
    """Pinduoduo's order export of one mug of 34.90 of 17 November with a state of the order."""
    told = {
        "商品": "杯", "订单号": NUMBER, "订单状态": word, "商品总价(元)": "39.90", "邮费(元)": "0",
        "店铺优惠折扣(元)": "5", "平台优惠折扣(元)": "0", "多多支付立减金额(元)": "0", "用户实付金额(元)": "34.90",
        "商家实收金额(元)": "34.90", "商品数量(件)": "1", "发货时间": "2026-11-17 10:00:00",
        "商家编码-规格维度": "CUP-01",
        "售后状态": "退款成功" if "退款" in word else "无售后", "快递单号": "SF5000000000002", "快递公司": "顺丰速运",
        "订单成交时间": "2026-11-17 10:00:00",
    }  # fmt: skip
    cells = "\t,".join(told.get(name.strip(), "") for name in HEAD.split(","))
    path.write_text(f"{HEAD}\n{cells}\n", encoding="utf-8-sig")
    return path


@pytest.fixture
def agreed(books: Books, tmp_path: Path) -> str:
    """A price cut of all of it, agreed to by a manager who saw the word."""
    books.hire()
    take_one(books, sold_at_pdd(tmp_path / "orders.csv"))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=3490, by=MANAGER).number
    books.do(decisions.approve, case, waive=["evidence"], because="told", by=MANAGER)
    return case


def stopped(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.message == SAYS
    return refusal.value


def test_nothing_is_decided_beside_an_unknown_amount(books: Books, agreed: str) -> None:
    why = stopped(lambda: books.do(payouts.refund, agreed, by=MANAGER))
    assert "refund report" in why.hint
    assert f"retcli pay refund {agreed} --waive went_back --because TEXT" in why.hint
    (each,) = books.do(group_payment.due_refunds, by=MANAGER).stopped
    assert (each.case, each.why) == (agreed, SAYS)
    assert "--waive went_back" in books.do(case_cards.show, agreed).document()["case"]["next"]
    assert books.rows("SELECT number FROM payouts") == []


def test_a_person_confirms_once_that_it_is_another_payment(books: Books, agreed: str) -> None:
    payout = books.do(payouts.refund, agreed, by=MANAGER, **CONFIRMED).number
    books.do(payout_steps.step, payout, "send", by=MANAGER)
    books.do(payout_steps.step, payout, "confirm", by=MANAGER)
    assert books.value("SELECT state FROM payouts") == "confirmed"
    books.check()


@pytest.mark.parametrize("move", ["send", "confirm"])
def test_a_payout_of_before_the_word_does_not_leave(books: Books, tmp_path: Path, move: str) -> None:
    books.hire()
    take_one(books, sold_at_pdd(tmp_path / "orders.csv", "已发货，待签收"))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_FUNC", amount=3490, by=MANAGER).number
    books.do(decisions.approve, case, waive=["evidence"], because="told", by=MANAGER)
    payout = books.do(payouts.refund, case, by=MANAGER).number
    take_one(books, sold_at_pdd(tmp_path / "later.csv"))
    why = stopped(lambda: books.do(payout_steps.step, payout, move, by=MANAGER))
    assert f"retcli pay fail {payout} --because TEXT" in why.hint
    assert books.value("SELECT state FROM payouts") == "due"


def test_the_order_says_so(books: Books, tmp_path: Path) -> None:
    take_one(books, sold_at_pdd(tmp_path / "orders.csv"))
    view = books.do(orders.show, NUMBER)
    assert view.document()["refunded_there"] is None
    assert view.document()["refunded_by_word"] == OF_LINE
    assert dict(view.rows())["Went back there"] == f"{OF_LINE}: how much is not known, import the refund report first"


def test_the_order_stands_in_the_month_without_an_amount(books: Books, tmp_path: Path) -> None:
    take_one(books, sold_at_pdd(tmp_path / "orders.csv"))
    sheets = workbook(books)
    titles = ("Platform order no.", "Order paid", "Went back there", "Of it refunded here", "Only there")
    assert cells(sheets["By order files"], *titles) == [(NUMBER, yuan(3490), None, None, None)]
    assert cells(sheets["By order files"], "How much") == [(f"{WORD}: how much is not known",)]
    assert notes(sheets)["Refunded there, by order files alone"] == (1, yuan(0))
    assert books.do(exports.reconciliation, "2026-11", tmp_path)


def test_a_closed_order_of_which_the_refunds_have_come_is_no_question(books: Books, folder: Folder) -> None:
    """Taobao's order is closed by its refund of 50.00, which stands in the books."""
    order = sold("2850000000000000611", ("TS-L", 1, 5000))
    take(books, *folder.both(order), folder.refunds(asked_back("R1", order, 5000, finished_at=datetime(2026, 11, 5))))
    assert cells(workbook(books)["By order files"], "Platform order no.") == []
