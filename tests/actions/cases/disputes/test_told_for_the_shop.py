"""The account for the platform: what the buyer asked for, what happened to the parcel, and nothing against the shop."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from retcli.actions.cases import decisions, platform_list
from retcli.actions.cases.disputes import evidence_pack
from retcli.actions.warehouse import inspection, interceptions, parcels
from retcli.rules.lifecycles import Kind
from tests.actions.cases.disputes.test_platform_account import happened, part, told
from tests.reports import REQUESTED, Folder, asked_back, sold, take, take_one
from tests.shopfloor import AGENT, MANAGER, ORDER_NUMBER, WAREHOUSE, Books
from tests.terminal import Desk

NUMBER = "2850000000000000571"
BOUGHT = sold(NUMBER, ("TS-L", 1, 9900))
APPLIED = datetime(2026, 11, 9, 9)
WISH = asked_back("81", BOUGHT, 9900, kind="仅退款", status=REQUESTED, applied_at=APPLIED)


@pytest.fixture
def shop(books: Books, folder: Folder) -> Books:
    """A shop with its people, and an order of 99.00."""
    books.hire()
    take(books, *folder.both(BOUGHT))
    return books


def asked(text: str) -> list[str]:
    """What the text says that the buyer asked for."""
    return [line for line in part(text, "金额") if line.startswith("申请金额")]


def test_what_the_buyer_asked_for_stays_when_less_was_paid(shop: Books, folder: Folder, tmp_path: Path) -> None:
    """99.00 asked for, 50.00 agreed to, 50.00 paid there: the report of the end names 50.00 alone."""
    take(shop, folder.refunds(WISH))
    assert asked(told(shop, "81", tmp_path / "before")) == ["申请金额：99.00"]
    shop.do(decisions.approve, "81", amount=5000, waive=["goods_back"], because="说好的", by=MANAGER)
    take(shop, folder.refunds(asked_back("81", BOUGHT, 5000, kind="仅退款", applied_at=APPLIED)))
    text = told(shop, "81", tmp_path / "after")
    assert asked(text) == ["申请金额：99.00"]
    assert "核定金额：50.00" in text and "已退金额：50.00" in text


def test_more_applied_for_after_the_agreement_is_what_the_buyer_asked_for(
    shop: Books, folder: Folder, tmp_path: Path
) -> None:
    """20.00 asked for and agreed to, sent; 60.00 asked for there; 40.00 paid."""
    take(shop, folder.refunds(replace(WISH, amount=2000)))
    shop.do(decisions.approve, "81", waive=["goods_back"], because="说好的", by=MANAGER)
    shop.do(platform_list.done, ["81"], by=MANAGER)
    take(shop, folder.refunds(replace(WISH, amount=6000)))
    take(shop, folder.refunds(asked_back("81", BOUGHT, 4000, kind="仅退款", applied_at=APPLIED)))
    assert asked(told(shop, "81", tmp_path / "told")) == ["申请金额：60.00"]


def test_what_nobody_knows_is_not_said(shop: Books, folder: Folder, tmp_path: Path) -> None:
    """A refund that is first seen when it was paid; an exchange, which asks for no money."""
    take(shop, folder.refunds(asked_back("81", BOUGHT, 5000, kind="仅退款")))
    assert asked(told(shop, "81", tmp_path / "paid")) == []
    other = sold("2850000000000000573", ("TS-L", 1, 9900))
    take(shop, *folder.both(other), folder.refunds(asked_back("82", other, 0, kind="换货", status=REQUESTED)))
    assert asked(told(shop, "82", tmp_path / "exchange")) == []


def test_an_amount_that_was_named_here_is_the_buyers(shop: Books, tmp_path: Path) -> None:
    case = shop.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=1000, by=AGENT).number
    shop.do(decisions.approve, case, amount=800, by=MANAGER)
    assert asked(told(shop, case, tmp_path / "told")) == ["申请金额：10.00"]


def test_when_the_platform_stepped_in_is_not_claimed(shop: Books, folder: Folder, tmp_path: Path) -> None:
    """The list says that it did, not when: the shop knows of it since its import."""
    take_one(shop, folder.refunds(replace(WISH, intervention="客服已经介入")))
    (line,) = [line for line in happened(told(shop, "81", tmp_path / "told")) if "介入" in line]
    assert line == "平台介入（不晚于此时，商家此时得知）"


def test_an_intercepted_parcel_is_not_the_buyers_return(shop: Books, tmp_path: Path) -> None:
    shop.order(ORDER_NUMBER, ("TS-L", 1, 9900), signed_at=None)
    case = shop.do(decisions.open_case, ORDER_NUMBER, kind=Kind.REFUND_ONLY, reason="B_MIND", by=AGENT).number
    shop.later(minutes=5)
    shop.do(interceptions.intercept, case, by=AGENT)
    shop.do(interceptions.intercept, case, by=AGENT)
    shop.later(days=1)
    (waybill,) = [number for (number,) in shop.rows("SELECT waybill FROM parcels")]
    shop.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
    text = told(shop, case, tmp_path / "told")
    lines = [line for line in happened(text) if waybill in line]
    assert [line.partition("：")[0] for line in lines[-2:]] == [
        "商家通知快递拦截包裹",
        "商家发出的包裹未送达、已退回商家",
    ]
    assert "退件" not in text and "退回 " not in "".join(part(text, "物流单号"))


def test_what_speaks_for_the_buyer_is_told_to_the_shop_alone(shop: Books, folder: Folder, tmp_path: Path) -> None:
    """A return inside the seven days, agreed to: that it is in time, and that the way back is the shop's, is the
    buyer's case.
    """
    take(shop, folder.refunds(replace(WISH, kind="退货退款", reason="商品质量问题")))
    shop.do(decisions.approve, "81", by=MANAGER)
    view = evidence_pack.pack(shop.asked(), "81", folder=tmp_path / "told")
    assert "○" not in view.text and "？" not in view.text
    silent = {each.text: each.why for each in view.left_out}
    assert any("way back is paid by: " in text for text in silent), silent
    assert set(silent.values()) >= {"it speaks for the buyer's wish"}
    assert all(text.partition("（")[0][2:] not in view.text for text in silent)


def test_what_limits_the_buyer_stays_in_the_account(shop: Books, folder: Folder, tmp_path: Path) -> None:
    """The buyer pays the way back of goods without a fault; what came back is not of this order."""
    take(shop, folder.refunds(replace(WISH, kind="退货退款")))
    shop.do(decisions.approve, "81", by=MANAGER)
    assert [line[0] for line in part(told(shop, "81", tmp_path / "agreed"), "审核情况")] == ["○"]
    shop.do(parcels.expect_by_hand, "81", "YT5260493176849")
    shop.do(inspection.inspect, "81", [inspection.parse_item("TS-L=1:X")], by=WAREHOUSE)
    lines = part(told(shop, "81", tmp_path / "wrong"), "审核情况")
    assert [line[0] for line in lines] == ["○", "×"] and "不是本单" in lines[1]


def test_the_shop_reads_beside_the_pack_what_is_not_in_it(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "Q_FUNC", "--line", "TS-L")["number"]
    answer = desk.type("case", "pack", case, "-o", str(tmp_path / "told"))
    assert "Left out, since the pack goes to the platform:" in answer.err
    assert answer.err.splitlines()[-1] == f"retcli case pack {case} --all -o {case}-all"
    assert "Left out" not in answer.out
    everything = desk.type("case", "pack", case, "--all", "-o", str(tmp_path / "all"))
    assert "Left out" not in everything.err
