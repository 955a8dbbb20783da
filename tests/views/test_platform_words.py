"""Every status that an export can hold is shown in the reader's language, our own and the platforms' words."""

import pkgutil
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest

import retcli.platforms
from retcli import language
from retcli.rules.money.minor_units import Money
from retcli.views.casefile.platform_words import refunded_how, said_there
from retcli.views.screen import Terminal
from retcli.views.shop.orders import OrderView
from retcli.words import word

LETTERS = re.compile("[A-Za-z]")


def tables() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every table of a platform that reads its words for a status."""
    for module in pkgutil.iter_modules(retcli.platforms.__path__):
        for name, table in vars(import_module(f"retcli.platforms.{module.name}")).items():
            if re.fullmatch(r"_?(?:[A-Z]+_)*(?:STATUS|RETURNED|PAID|REFUNDED)", name) and isinstance(table, Mapping):
                yield f"{module.name}.{name}", table


TABLES = dict(tables())


@pytest.mark.parametrize("name", TABLES)
def test_no_status_is_shown_in_english_to_who_reads_chinese(name: str) -> None:
    language.use(language.CHINESE)
    assert [words for words in TABLES[name] if LETTERS.search(said_there(words))] == []
    ours = {status for status in TABLES[name].values() if not name.endswith("REFUNDED")}
    assert [status for status in ours if LETTERS.search(word(status, "file"))] == []


def test_all_the_platforms_tables_are_looked_at() -> None:
    assert {
        "shopify._PAYMENT_STATUS",
        "shopee._STATUS",
        "shopee._REFUND_STATUS",
        "tiktok._STATUS",
        "lazada._STATUS",
    } <= set(TABLES)
    assert {"taobao.ORDER_STATUS", "taobao.REFUND_STATUS", "douyin.ORDER_STATUS", "jd.REFUND_STATUS"} <= set(TABLES)


def test_english_keeps_the_platforms_own_words() -> None:
    assert said_there("partially_refunded") == "partially_refunded"
    language.use(language.CHINESE)
    assert said_there("Partially_Refunded") == "部分退款"
    assert said_there("交易成功") == "交易成功"
    assert said_there("something new") == "something new"


def test_an_order_of_shopify_is_shown_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    language.use(language.CHINESE)
    yen = Money(9900, "JPY")
    facts: dict[str, Any] = dict.fromkeys(("ordered_at", "shipped_at", "signed_at"))
    facts |= dict.fromkeys(("shop", "signed_by", "waybill", "carrier"), "")
    order = OrderView("#1001", "shopify", status="paid", platform_status="partially_refunded", paid=yen,
                      freight=Money(0, "JPY"), unbooked=Money(0, "JPY"), lines=(), cases=(), **facts)  # fmt: skip
    order.draw(Terminal())
    assert "订单 #1001  部分退款" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("there", "chinese"),
    [
        ({"way": "manual", "at_once": "no"}, "手工退款"),
        ({"way": "system", "at_once": "yes"}, "系统退款；零秒响应"),
        ({"way": "timeout"}, "超时自动退款"),
        ({"refunded_by": "tb_店长"}, ""),
    ],
)
def test_a_card_says_how_the_platform_refunded(there: dict[str, str], chinese: str) -> None:
    language.use(language.CHINESE)
    assert refunded_how(there) == chinese
