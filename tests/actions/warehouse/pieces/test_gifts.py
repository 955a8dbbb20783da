"""The order's own gift comes back with its return (暂行办法 §12): it is no surplus, and where it lacks that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from retcli.actions.cases import case_cards, decisions
from retcli.actions.shop import policies
from retcli.actions.warehouse import parcels
from retcli.rules.casefile.findings import Answer
from retcli.views.casefile.cases import CaseView
from tests.shopfloor import MANAGER, Books
from tests.warehouse import Table, returning, stock

ONE, BACK = "2850000000000000974", "YT8812349697401"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    for sku in ("LAMP", "GIFT-S", "CUP"):
        books.product(sku)
    return Table(books)


def lamp_back(books: Books, *more: tuple[str, int, int], gift: int = 0, currency: str = "CNY") -> str:
    """A return of the lamp for 100.00, of an order that had a gift (`gift` fen) beside it and perhaps more."""
    books.order(ONE, ("LAMP", 1, 10000), ("GIFT-S", 1, gift), *more, currency=currency)
    case = books.do(decisions.open_case, ONE, kind="return", reason="B_7D", lines=["LAMP"]).number
    books.do(decisions.approve, case, by=MANAGER)
    books.do(parcels.expect_by_hand, case, BACK)
    return case


def of_goods(view: CaseView) -> tuple[Answer, str]:
    (finding,) = (each for each in view.judgement.findings if each.rule == "goods")
    return finding.answer, finding.text.format(**finding.facts)


def test_a_gift_goes_where_its_grade_goes(table: Table) -> None:
    """台灯 100.00 和赠品贴纸一起退回：赠品可售 1，不暂扣。"""
    books = table.books
    case = lamp_back(books)
    said = table.scan(BACK, "RCMDA", "LAMP", "GIFT-S")
    assert "GIFT-S×1" in said[0].message
    assert [view.outcome for view in said] == ["received", "command", "inspected", "inspected"]
    assert stock(books) == {("LAMP", "sellable"): 1, ("GIFT-S", "sellable"): 1}
    view = books.do(case_cards.show, case)
    assert (view.stage, of_goods(view)) == ("to_pay", (Answer.YES, "What came back is in order"))
    assert table.outcomes("GIFT-S", "GIFT-S")[-1] == "stop", "a second gift is nobody's"
    books.check()


def test_a_gift_that_lacks_is_named_and_holds_no_money(table: Table) -> None:
    """只来了台灯：缺 GIFT-S×1，100.00 照样待打款。"""
    books = table.books
    case = lamp_back(books)
    table.scan(BACK, "RCMDA", "LAMP", "RCMDEND")
    view = books.do(case_cards.show, case)
    assert of_goods(view) == (Answer.YES, "What came back is in order; missing: GIFT-S×1")
    assert (view.stage, view.judgement.verdict) == ("to_pay", Answer.YES)


def test_while_other_goods_stay_the_gift_may_stay_too(table: Table) -> None:
    """只退台灯、杯子留下：赠品不算缺；退回来了也收。"""
    books = table.books
    case = lamp_back(books, ("CUP", 1, 5990))
    said = table.scan(BACK, "RCMDA", "LAMP")
    assert "GIFT-S" not in said[0].message
    assert of_goods(books.do(case_cards.show, case)) == (Answer.YES, "What came back is in order")
    assert table.outcomes("GIFT-S") == ["inspected"]
    assert stock(books)["GIFT-S", "sellable"] == 1
    books.check()


def test_goods_that_were_paid_for_are_no_gift(table: Table) -> None:
    books = table.books
    lamp_back(books, gift=100)
    assert table.outcomes(BACK, "RCMDA", "LAMP", "GIFT-S")[-1] == "stop"
    assert stock(books)["GIFT-S", "held"] == 1


def test_a_gift_that_another_case_asks_back_is_that_case_s(table: Table) -> None:
    books = table.books
    case = lamp_back(books)
    other = books.do(decisions.open_case, ONE, kind="return", reason="B_7D", lines=["GIFT-S"]).number
    table.scan(BACK, "RCMDA", "LAMP")
    assert of_goods(books.do(case_cards.show, case)) == (Answer.YES, "What came back is in order")
    assert table.outcomes("GIFT-S") == ["stop"]
    books.do(parcels.match, BACK, other)
    assert stock(books) == {("LAMP", "sellable"): 1, ("GIFT-S", "sellable"): 1}
    books.check()


def test_the_gift_of_a_return_that_is_turned_down_is_the_buyer_s(table: Table) -> None:
    books = table.books
    case = lamp_back(books)
    table.scan(BACK, "RCMDA", "LAMP", "GIFT-S", "RCMDEND")
    books.do(decisions.reject, case, because="已使用", by=MANAGER)
    assert stock(books) == {("LAMP", "held"): 1, ("GIFT-S", "held"): 1}
    books.do(decisions.approve, case, by=MANAGER)
    assert stock(books) == {("LAMP", "sellable"): 1, ("GIFT-S", "sellable"): 1}
    books.check()


def test_two_orders_in_one_parcel_have_a_gift_each(table: Table) -> None:
    books = table.books
    lamp_back(books)
    second = returning(books, "2850000000000000975", ("CUP", 1, 5990), ("GIFT-S", 1, 0), waybill="")
    books.do(parcels.match, BACK, second)
    assert table.outcomes(BACK, "RCMDA", "LAMP", "CUP", "GIFT-S", "GIFT-S")[-2:] == ["inspected"] * 2
    books.check()


@pytest.mark.parametrize(("currency", "said"), [("CNY", "GIFT-S×1 (a gift, 15.00)"), ("USD", "GIFT-S×1")])
def test_a_missing_gift_is_noted_with_its_worth(table: Table, tmp_path: Path, currency: str, said: str) -> None:
    """赠品规则写明 15.00，没退回来：RCMDSHORT 写下缺它和值多少；外币订单没有人民币的价。"""
    books, rules = table.books, tmp_path / "policy.toml"
    gifts = 'version = "赠品"\nfrom = 2026-11-09\n[gifts]\nprices = { "GIFT-S" = "15.00" }\n'
    rules.write_text(gifts, encoding="utf-8")
    books.do(policies.load, rules)
    lamp_back(books, currency=currency)
    told = table.scan(BACK, "RCMDA", "LAMP", "RCMDSHORT")[-1].message
    assert f"not in it: {said};" in told
    assert books.value("SELECT text FROM notes").endswith(f"not in it: {said}")
    books.check()
