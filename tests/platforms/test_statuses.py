"""The platforms' words for statuses: each is read in the platforms' own tables, and nowhere else."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import retcli
from retcli import platforms
from retcli.platforms import line_standing, order_standing
from retcli.platforms.statuses import REFUNDED, Standing
from retcli.rules import shop_words

SOURCE = Path(retcli.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")
EXEMPT = ("platforms/", "locale/", "database/migrations/versions/")
TABLES = re.compile(r"\w*(STATUS|REFUNDED)")


def words_of_statuses() -> set[str]:
    """Every Chinese word in a table of statuses of any platform."""
    modules = [module for _name, module in inspect.getmembers(platforms, inspect.ismodule)]
    tables = [vars(module)[name] for module in modules for name in vars(module) if TABLES.fullmatch(name)]
    tables = [table for table in tables if isinstance(table, dict)]
    return {word for table in tables for word in table if CHINESE.search(word)}


def texts(path: Path) -> Iterator[str]:
    """The texts that a module computes with: its docstrings are not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def test_no_word_of_a_platforms_statuses_stands_outside_the_platforms() -> None:
    words = words_of_statuses()
    assert {"卖家已发货", "交易关闭", "退款成功", "已签收，退款成功", "待客户发货"} <= words
    parts = {part for word in words for part in re.split(r"[，,\s]", word) if len(part) > 3} | {
        "已发货",
        "已签收",
        "已收货",
    }
    # a status at Youzan, and also what a shop calls a price cut, which people type: no status is read by that table
    parts.discard("部分退款")
    assert "部分退款" in shop_words.CALLED["allowance"].split()
    held = [
        f"{path.relative_to(SOURCE)}: {text!r} holds {part}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not path.relative_to(SOURCE).as_posix().startswith(EXEMPT)
        for text in texts(path)
        for part in parts
        if part in text
    ]
    assert held == []


@pytest.mark.parametrize(
    ("platform", "words", "expected"),
    [
        ("taobao", "卖家已发货，等待买家确认", Standing("shipped", True)),
        ("taobao", "卖家已发货", Standing("shipped", True)),
        ("taobao", "卖家部分发货", Standing("paid")),
        ("taobao", "买家已付款，等待卖家发货", Standing("paid")),
        ("taobao", "交易成功", Standing("done", True)),
        ("taobao", "交易关闭", Standing("closed")),
        ("pdd", "未发货，退款成功", Standing("closed", False, "whole")),
        ("pdd", "已发货，退款成功", Standing("closed", True, "whole")),
        ("pdd", "已签收，退款成功", Standing("closed", True, "whole")),
        ("pdd", "已签收", Standing("done", True)),
        ("jd", "(删除)等待出库", Standing("closed")),
        ("kuaishou", "待收货", Standing("shipped", True)),
        ("wdt", "已签收", Standing("done", True)),
        ("shopify", "refunded", Standing("", False, "whole")),
        ("shopify", "partially_refunded", Standing("", False, "part")),
        ("shopify", "paid", Standing()),
        ("unheard_of", "已发货", Standing("", True)),
        ("unheard_of", "", Standing()),
    ],
)
def test_what_an_orders_words_say(platform: str, words: str, expected: Standing) -> None:
    assert order_standing(platform, words) == expected


@pytest.mark.parametrize(
    ("platform", "words", "expected"),
    [
        ("taobao", "卖家已发货，等待买家确认", Standing("shipped", True)),
        ("taobao", "交易关闭", Standing("closed")),
        ("pdd", "无售后或售后取消", Standing()),
        ("pdd", "退款成功", Standing("", False, "whole")),
        ("wxshop", "退款完成", Standing("", False, "whole")),
        ("wdt", "部分退款", Standing("", False, "part")),
        ("wdt", "全部退款", Standing("", False, "whole")),
        ("xhs", "已取消", Standing()),
        ("xhs", "已完成", Standing()),
        ("shopee", "Refund Paid", Standing("", False, "whole")),
        ("shopee", "Cancelled", Standing()),
        ("lazada", "delivered", Standing("shipped", True)),
        ("shopify", "fulfilled", Standing()),
    ],
)
def test_what_the_words_beside_a_line_say(platform: str, words: str, expected: Standing) -> None:
    """Where a platform prints its after-sales there, 已取消 is a withdrawn refund and no cancelled line."""
    assert line_standing(platform, words) == expected


def test_money_that_went_back_in_part_is_no_whole() -> None:
    assert set(REFUNDED.values()) == {"whole", "part"}
    assert [
        word for word, code in REFUNDED.items() if ("部分" in word or "partially" in word) != (code == "part")
    ] == []
