"""Nothing that is said of an order abroad offers a small transfer, which only Chinese platforms have, in yuan."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from retcli.actions.cases import decisions
from retcli.database import engine
from retcli.rules.lifecycles import Kind
from retcli.rules.money.channels import Channel, channels
from tests.shopfloor import MANAGER, ORDER_NUMBER, Books
from tests.terminal import Desk

SMALL = {"en": "small transfer", "zh_CN": "小额打款"}
TRANSFER = {"en": "transfer to the buyer", "zh_CN": "转账给买家"}
TOLD = (
    "pay compensate CASE", "pay compensate CASE --cash 0", "pay compensate CASE --points 0",
    "pay compensate CASE --coupon 0", "pay compensate CASE --cash 5", "pay list", "pay fail 0001",
    "case show CASE", "case offer CASE --rung compensation --amount 5", "case offer CASE --accepted", "pay list",
    "pay refund CASE --amount 9", "pay refund CASE --all-due --dry-run", "pay freight CASE --amount 5", "today",
    "pay freight CASE --amount 5 --waive freight --because told", "case show CASE", "case list", "case log CASE",
    "pay sent 0001", "pay confirm 0001", "case pack CASE -o PACK",
    "export reconciliation 2026-11 -o PACK",
)  # fmt: skip
"""What somebody types at an order and its case, one after the other, whether it is done or refused."""


def told(desk: Desk, language: str, folder: Path) -> str:
    """All that the calls say."""
    number, said = desk.books.value("SELECT number FROM cases"), ""
    for call in TOLD:
        words = [{"CASE": number, "PACK": str(folder)}.get(word, word) for word in call.split()]
        answer = desk.type("--lang", language, *words)
        said += answer.out + answer.err
    return said


def opened(books: Books, platform: str, currency: str) -> Desk:
    books.hire()
    books.order(ORDER_NUMBER, ("SHIRT", 2, 90_000), currency=currency)
    case = books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.REFUND_ONLY, reason="Q_FUNC").number
    books.do(decisions.approve, case, by=MANAGER)
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text("UPDATE orders SET platform = :platform"), {"platform": platform})
    books.tell()
    return Desk(books.database, books.at)


@pytest.mark.parametrize("language", SMALL)
@pytest.mark.parametrize("currency", ["CNY", "USD", "JPY", "KWD"])
@pytest.mark.parametrize("platform", ["taobao", "pdd", "shopify", "tiktok", "shopee"])
def test_a_small_transfer_is_said_only_where_there_is_one(
    sqlite_books: Books, tmp_path: Path, platform: str, currency: str, language: str
) -> None:
    desk = opened(sqlite_books, platform, currency)
    said = told(desk, language, tmp_path / "out")
    small = Channel.SMALL_TRANSFER in channels(platform, currency)
    assert small == (platform in {"taobao", "pdd"} and currency == "CNY")
    assert (SMALL[language] in said, TRANSFER[language] in said) == (small, not small)
    assert "支付宝" not in said and "alipay" not in said.lower()
