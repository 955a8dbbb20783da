"""What a buyer is told of their case: the derivation and its articles, and nothing of the shop's own matters."""

from __future__ import annotations

import re
from typing import Any

import pytest

from retcli import language
from retcli.actions.cases import case_cards, decisions, told_buyer
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import parcels
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text
from tests.shopfloor import MANAGER, Books
from tests.warehouse import Table

ORDER = "2850000000000000171"


@pytest.fixture
def books(sqlite_books: Books) -> Books:
    """A shop that sold three cups for 100.00 and a bespoke pen for 128.00, and speaks Chinese."""
    sqlite_books.hire()
    for sku, category in (("CUP", "服装"), ("PEN", "定制")):
        sqlite_books.product(sku, category=category)
    sqlite_books.order(ORDER, ("CUP", 3, 10000), ("PEN", 1, 12800))
    language.use(language.CHINESE)
    return sqlite_books


def opened(books: Books, *lines: str, kind: Kind = Kind.RETURN, reason: str = "B_7D", **options: Any) -> str:
    return books.do(decisions.open_case, ORDER, kind=kind, reason=reason, lines=lines, **options).number


def told(books: Books, case: str) -> list[str]:
    return books.do(told_buyer.tell_buyer, case).text.splitlines()


def test_a_return_is_explained_by_titles_yuan_and_whole_names_of_laws(books: Books) -> None:
    """三只杯子 100.00，退一只：33.33。"""
    case = opened(books, "CUP=1")
    books.do(decisions.approve, case)
    assert told(books, case) == [
        f"您好！您的订单 {ORDER}（退货退款）：",
        "我们已经同意，应退您 33.33 元。",
        "金额是这样算的：",
        "· 商品CUP：3 件实付：100.00 元",
        "· 退 1 件（共 3 件）：33.33 元",
        "· 应退：33.33 元",
        "依据：",
        "· 2026-11-09 12:00 申请，在七天内（2026-11-06 12:00 签收，2026-11-13 24:00 截止）"
        "（《网络购买商品七日无理由退货暂行办法》第 10 条）",
        "· 寄回的运费由您承担（《消费者权益保护法》第 25 条）",
    ]


def test_while_nothing_is_decided_nothing_is_promised(books: Books) -> None:
    case = opened(books, "PEN")
    text = told(books, case)
    assert text[1] == "这件事还在处理，没有最后定。按现在的情况是这样："
    assert "同意" not in "".join(text)


def test_a_refusal_gives_its_reasons_and_no_amount(books: Books) -> None:
    case = opened(books, "PEN")
    books.do(decisions.reject, case, because="刻字了", by=MANAGER)
    text = told(books, case)
    assert text[1:3] == ["很抱歉，这次没办法同意。", "依据："]
    assert [line for line in text if line.startswith("·")] == [
        "· 商品PEN 属于不适用七天无理由的商品：定作商品（《网络购买商品七日无理由退货暂行办法》第 6 条）"
    ]
    assert "刻字了" not in "\n".join(text), "what colleagues write to each other stays there"


def test_what_was_waived_is_no_article_against_the_buyer(books: Books) -> None:
    case = opened(books, "PEN")
    books.do(decisions.approve, case, waive=["excluded"], because="老客户", by=MANAGER)
    text = "\n".join(told(books, case))
    assert "应退您 128.00 元" in text
    assert not re.search("不适用|老客户|店长", text)


def test_how_far_the_money_is(books: Books) -> None:
    """33.33 同意，先退 20.00 到账，10.00 打出：还有 3.33。"""
    case = opened(books, "CUP=1")
    books.do(decisions.approve, case)
    Table(books).scan("YT5260493176171")
    books.do(parcels.match, "YT5260493176171", case, because="x", by=MANAGER)
    Table(books).scan("YT5260493176171", "RCMDA", "CUP", "RCMDEND")
    assert not [line for line in told(books, case) if line.startswith("款项")]
    for amount, move in ((2000, "confirm"), (1000, "send")):
        payout = books.do(payouts.refund, case, amount=amount, by=MANAGER).number
        books.do(payout_steps.step, payout, move, by=MANAGER)
    assert told(books, case)[-1] == "款项：20.00 元已到账、10.00 元已打出，在路上、还有 3.33 元在处理"


CASES: dict[str, tuple[tuple[str, ...], Kind, str, dict[str, object]]] = {
    "seven days": (("CUP=2",), Kind.RETURN, "B_7D", {}),
    "a fault": (("CUP=1",), Kind.RETURN, "Q_FUNC", {}),
    "never came": ((), Kind.REFUND_ONLY, "L_LOST", {}),
    "a price cut": (("CUP",), Kind.ALLOWANCE, "Q_LOOK", {"amount": 1234}),
    "less than it is worth": (("CUP=1",), Kind.REFUND_ONLY, "Q_LOOK", {"amount": 500}),
    "another article": (("CUP=1",), Kind.EXCHANGE, "SZ_FIT", {"want": ["CUP=PEN"]}),
    "sent again": (("CUP=1",), Kind.RESEND, "W_SHORT", {}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_text_has_each_amount_of_the_derivation_and_no_word_of_the_shop(books: Books, name: str) -> None:
    lines, kind, reason, options = CASES[name]
    case = opened(books, *lines, kind=kind, reason=reason, **options)
    steps = books.do(case_cards.explain, case).judgement.amount.steps
    text = "\n".join(told(books, case))
    for step in steps:
        if step.money:
            assert f"{money_text(Money(step.money, 'CNY'))} 元" in text
    assert not re.search(rf"买家|售后单|{case}|retcli|CUP(?!：)|\[|合同约定|转人工", text.replace("商品CUP", "")), text


@pytest.mark.parametrize("speaks", [language.CHINESE, language.ENGLISH])
def test_that_a_class_may_lose_its_seven_days_is_no_matter_of_this_buyer(books: Books, speaks: str) -> None:
    """A cream of which the buyer confirmed nothing keeps the seven days: who loses them is left out."""
    language.use(speaks)
    books.product("CREAM", category="化妆品")
    books.order("2850000000000000173", ("CREAM", 1, 4501))
    case = books.do(decisions.open_case, "2850000000000000173", kind=Kind.RETURN, reason="B_7D").number
    assert [each.answer for each in books.do(case_cards.explain, case).judgement.findings if each.rule == "excluded"]
    text = books.do(told_buyer.tell_buyer, case).text
    assert not re.search("CREAM(?! )|Project-Id|charset|化妆", text.replace("商品CREAM", ""))
    assert len([line for line in text.splitlines() if line.startswith("·")]) == 5


def test_an_amount_in_dollars_is_one(books: Books) -> None:
    books.order("#glow9", ("CUP", 1, 1999), currency="USD")
    case = books.do(decisions.open_case, "#glow9", kind=Kind.RETURN, reason="Q_FUNC").number
    text = "\n".join(told(books, case))
    assert "19.99 USD" in text or "USD 19.99" in text
    assert "元" not in text


def test_before_it_is_signed_for_the_seven_days_have_not_begun(books: Books) -> None:
    books.order("2850000000000000172", ("CUP", 1, 999), signed_at=None)
    case = books.do(decisions.open_case, "2850000000000000172", kind=Kind.RETURN, reason="B_7D").number
    assert "还没" in "\n".join(told(books, case))
