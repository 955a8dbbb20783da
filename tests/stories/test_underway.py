"""What is not an ordinary return, through the command line: a parcel intercepted on its way out, a presale of which
only the deposit was paid, a price that fell after the purchase.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.reports import REQUESTED, Folder, asked_back, sold
from tests.shopfloor import AGENT, MANAGER, NOON, WAREHOUSE, Books
from tests.stories.test_flowchart import answers, asks
from tests.stories.test_stories import paid_out
from tests.terminal import Desk

ORDER = "2850000000000000091"
WAYBILL = "SF1000000000091"
ON_ITS_WAY: dict[str, Any] = {"waybill": WAYBILL, "confirmed_at": None, "status": "卖家已发货，等待买家确认"}


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """A terminal in a shop with its people."""
    sqlite_books.hire()
    return Desk(sqlite_books.database)


def carrier_says(desk: Desk, folder: Path, *events: tuple[datetime, str]) -> None:
    rows = [f"{WAYBILL},顺丰速运,{at:%Y-%m-%d %H:%M:%S},{status},{status}" for at, status in events]
    sheet = folder / f"物流轨迹{len(events)}.csv"
    sheet.write_text("\n".join(["运单号,快递公司,时间,状态,轨迹", *rows]) + "\n", encoding="utf-8")
    assert desk.type("import", str(sheet)).code == 0


def goods_back(case: dict[str, Any]) -> tuple[str, str]:
    return next((f["answer"], f["text"]) for f in case["findings"] if f["rule"] == "goods_back")


def test_a_parcel_intercepted_on_its_way(desk: Desk, folder: Folder, tmp_path: Path) -> None:
    """不想要了，还在路上：先拦截，扫到退回来的包裹、验完货才退款。"""
    case = asks(desk, folder, "我不想要了", "仅退款", **ON_ITS_WAY)
    answer, text = goods_back(case)
    assert (case["verdict"], answer, case["goods"]) == ("person", "person", "none")
    assert "have it intercepted" in text
    ways = [f["commands"] for f in case["findings"] if f["rule"] == "goods_back"]
    assert ways == [[f"retcli parcel intercept {case['number']}"]]
    told = desk.type("parcel", "intercept", "31", by=AGENT)
    assert "Tell 顺丰速运 to bring it back" in told.out
    case = desk.case("show", "31")
    assert (case["goods"], case["verdict"]) == ("in_transit", "person")
    assert goods_back(case) == ("person", "The carrier was asked to intercept the parcel: refund once it is back")
    carrier_says(desk, tmp_path, (NOON - timedelta(hours=9), "退回"), (NOON - timedelta(hours=1), "签收"))
    stalled = desk.read("parcel", "list", "--stalled")["parcels"]
    assert [(row["waybill"], row["wrong"], row["case"]) for row in stalled] == [
        (WAYBILL, "not_scanned", case["number"])
    ], "signed for by the shop, which is no delivery to the buyer"
    assert desk.read("order", "show", ORDER)["signed_at"] is None
    scanned = desk.type("scan", "-", typed=f"{WAYBILL}\nRCMDA\nTS-L\n", by=WAREHOUSE)
    assert scanned.code == 0
    case = desk.case("show", "31")
    assert (case["goods"], case["verdict"], goods_back(case)[0]) == ("inspected", "yes", "yes")
    assert answers(case)["goods"] == ("yes", "暂行办法 §8")
    case = desk.case("approve", "31", by=AGENT)
    assert (case["stage"], case["platform_action"]) == ("to_countersign", "none"), "99.00 is above the agent's 30.00"
    assert paid_out(desk, "31") == 9900


def test_an_interception_that_comes_too_late(desk: Desk, folder: Folder, tmp_path: Path) -> None:
    """拦截失败：买家还是收到了，今日待办里看得见，改成退货。"""
    asks(desk, folder, "我不想要了", "仅退款", **ON_ITS_WAY)
    desk.read("parcel", "intercept", "31", by=AGENT)
    desk.read("parcel", "intercept", "31", by=AGENT)
    assert len(desk.read("parcel", "list")["parcels"]) == 1, "asked twice, waited for once"
    carrier_says(desk, tmp_path, (NOON - timedelta(hours=1), "签收"))
    case = desk.case("show", "31")
    answer, text = goods_back(case)
    assert (answer, text.startswith("Delivered though it was to be intercepted")) == ("person", True)
    stalled = desk.read("parcel", "list", "--stalled")["parcels"]
    assert [(row["wrong"], row["hours"]) for row in stalled] == [("got_through", 1)]
    refused = desk.read("parcel", "intercept", "31", by=AGENT, code=5)["error"]
    assert "too late" in refused["message"]
    assert "--kind return" in refused["hint"]
    desk.case("change", "31", "--kind", "return", "--because", "拦截失败，买家同意退回", by=AGENT)
    assert desk.case("show", "31")["kind"] == "return"


def test_money_ahead_of_an_intercepted_parcel_waits_for_it(desk: Desk, folder: Folder) -> None:
    """店长先退了款：包裹没回来之前，这一单不能完结。"""
    asks(desk, folder, "我不想要了", "仅退款", **ON_ITS_WAY)
    desk.read("parcel", "intercept", "31", by=AGENT)
    case = desk.case("approve", "31", "--waive", "goods_back", "--because", "老客", by=MANAGER)
    assert (case["stage"], case["goods"]) == ("to_click", "in_transit")
    desk.read("platform", "done", "31")
    assert paid_out(desk, "31") == 9900
    case = desk.case("show", "31")
    assert case["stage"] == "in_transit"
    assert "waiting for the buyer to send" in desk.refused("case", "finish", "31", by=AGENT)
    desk.type("scan", "-", typed=f"{WAYBILL}\nRCMDA\nTS-L\n", by=WAREHOUSE)
    desk.read("case", "finish", "31", by=AGENT)


@pytest.mark.parametrize(
    ("order", "words", "problem"),
    [
        ({**ON_ITS_WAY, "waybill": "", "carrier": ""}, "我不想要了", "No waybill of order"),
        ({}, "7天无理由退换货", "was signed for on 2026-11-05"),
    ],
    ids=["no waybill known", "signed for"],
)
def test_what_cannot_be_intercepted(
    desk: Desk, folder: Folder, order: dict[str, Any], words: str, problem: str
) -> None:
    asks(desk, folder, words, "仅退款", **order)
    refused = desk.read("parcel", "intercept", "31", by=AGENT, code=5)["error"]
    assert problem in refused["message"]
    assert desk.read("parcel", "list")["parcels"] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [("我不想要了", "who steps back loses it"), ("缺货", "it owes the deposit twice")],
    ids=["the buyer steps back", "the shop cannot deliver"],
)
def test_only_the_deposit_of_a_presale_was_paid(desk: Desk, folder: Folder, words: str, says: str) -> None:
    """定金：总价 500，只付了定金 50；退不退、退几倍要人看，最多退付过的钱。"""
    bought = replace(
        sold(ORDER, ("TS-L", 1, 50000)),
        paid=5000, shipped_at=None, confirmed_at=None, waybill="", carrier="", status="等待买家付款",
    )  # fmt: skip
    applied = (NOON - timedelta(hours=3)).replace(tzinfo=None)
    wish = asked_back("31", bought, 5000, kind="仅退款", status=REQUESTED, reason=words, applied_at=applied)
    assert desk.type("import", *map(str, [*folder.both(bought), folder.refunds(wish)])).code == 0
    case = desk.case("show", "31", by=AGENT)
    found = next(f for f in case["findings"] if f["rule"] == "deposit")
    assert (case["verdict"], found["answer"], found["basis"]) == ("person", "person", "民法典 §586 §587")
    assert says in found["text"]
    assert case["due"]["minor"] == 5000


PROTECTED = 'version = "价保"\nfrom = 2026-11-09\n[price_protection]\ndays = 15\n'


@pytest.fixture
def protecting(desk: Desk, tmp_path: Path) -> Desk:
    """A shop that promises 15 days, and sells the shirt for 79.00 today."""
    rules, goods = tmp_path / "policy.toml", tmp_path / "商品.csv"
    rules.write_text(PROTECTED, encoding="utf-8")
    goods.write_text("商家编码,商品名称,条码,售价\nTS-L,T恤,,79.00\nTS-M,T恤,,129.00\n", encoding="utf-8")
    assert desk.type("policy", "load", str(rules)).code == 0
    assert desk.type("import", str(goods)).code == 0
    return desk


def protect(desk: Desk, *more: str) -> dict[str, Any]:
    made = desk.read("case", "open", ORDER, "--kind", "allowance", "--reason", "I_PRICE", *more, by=AGENT)
    return dict(made["case"])


def test_a_price_that_fell_is_made_good(protecting: Desk) -> None:
    """价保：两件付了 198.00，今天 79.00 一件，退 40.00；之前已经补过 10.00 的，只退 30.00。"""
    protecting.books.order(ORDER, ("TS-L", 2, 19800), ("TS-M", 1, 9900))
    case = protect(protecting)
    assert (case["verdict"], case["due"]["minor"]) == ("yes", 4000), "the other shirt is no cheaper today"
    assert answers(case)["price"] == ("yes", "the shop's rules")
    steps = protecting.read("case", "explain", case["number"])["amount"]["steps"]
    assert [step["money"]["minor"] for step in steps if "TS-L" in step["text"]] == [19800, -15800]
    protecting.case("approve", case["number"], by=AGENT)
    assert protecting.case("show", case["number"])["due"]["minor"] == 4000
    again = protect(protecting)
    assert again["due"]["minor"] == 0, "made good once, nothing is left to make good"


def test_a_price_cut_given_before_counts(protecting: Desk) -> None:
    protecting.books.order(ORDER, ("TS-L", 2, 19800))
    cut = protecting.case("open", ORDER, "--kind", "allowance", "--reason", "Q_LOOK", "--amount", "10.00", by=AGENT)
    protecting.case("approve", cut["number"], by=AGENT)
    assert protect(protecting)["due"]["minor"] == 3000


def test_a_price_that_fell_too_late(protecting: Desk) -> None:
    """付款 8 天前，第 15 天 24 点截止；过了要店长特批。"""
    protecting.books.order(ORDER, ("TS-L", 2, 19800))
    late = replace(protecting, at=NOON + timedelta(days=8))
    case = protect(late)
    finding = next(f for f in case["findings"] if f["rule"] == "price")
    assert (case["verdict"], finding["answer"]) == ("no", "no")
    assert finding["facts"]["closes"].startswith("2026-11-17T00:00"), finding
    refusal = late.read("case", "approve", case["number"], by=AGENT, code=5)["error"]
    assert "--waive price" in refusal["hint"]


def test_no_price_of_today_means_the_agent_names_it(protecting: Desk) -> None:
    protecting.books.order(ORDER, ("HAT-1", 1, 5900))
    case = protect(protecting)
    assert answers(case)["money"][0] == "person"
    assert "--amount" in protecting.read("case", "approve", case["number"], by=AGENT, code=2)["error"]["hint"]
    protecting.case("approve", case["number"], "--amount", "9.00", by=AGENT)
    assert protecting.case("show", case["number"])["due"]["minor"] == 900


def test_a_price_in_yuan_says_nothing_of_an_order_in_dollars(protecting: Desk) -> None:
    protecting.books.order(ORDER, ("TS-L", 2, 19800), currency="USD")
    case = protect(protecting)
    assert (case["due"]["minor"], answers(case)["money"][0]) == (0, "person")


def test_a_shop_that_promises_nothing_agrees_as_it_likes(desk: Desk) -> None:
    desk.books.order(ORDER, ("TS-L", 1, 9900))
    case = protect(desk, "--amount", "5.00")
    assert "price" not in answers(case)
    assert answers(case)["agreement"] == ("yes", "contract")


def test_the_rest_of_a_presale_is_paid(desk: Desk, folder: Folder) -> None:
    """尾款付了是平常事，不用人来认：可退额从定金 50.00 变成总价 500.00。"""
    whole = sold(ORDER, ("TS-L", 1, 50000), status="买家已付款，等待卖家发货", shipped_at=None, confirmed_at=None)
    deposit = replace(whole, paid=5000, status="等待买家付款")
    for report, refundable in ((deposit, 5000), (whole, 50000)):
        assert desk.type("import", *map(str, folder.both(report))).code == 0
        line = desk.read("order", "show", ORDER)["lines"][0]
        assert line["refundable"]["minor"] == refundable


def test_the_rest_paid_after_the_deposit_was_given_back_is_asked_about(desk: Desk, folder: Folder) -> None:
    whole = sold(ORDER, ("TS-L", 1, 50000), status="买家已付款，等待卖家发货", shipped_at=None, confirmed_at=None)
    assert desk.type("import", *map(str, folder.both(replace(whole, paid=5000, status="等待买家付款")))).code == 0
    case = desk.case("open", ORDER, "--kind", "refund-only", "--reason", "B_MIND", by=AGENT)
    desk.case("approve", case["number"], by=MANAGER)
    assert desk.type("import", *map(str, folder.both(whole))).code == 3
    asked = desk.read("imports", "questions")["questions"]
    assert [(q["field"], q["known"], q["found"]) for q in asked] == [("paid", "50.00", "500.00")]


def test_somebodys_parcel_attached_to_a_refund_without_return_keeps_it_waiting_for_nothing(desk: Desk) -> None:
    """Only the order's own parcel that was intercepted is waited for; any other is inspected once it is counted."""
    books = desk.books
    books.order(ORDER, ("TS-L", 1, 9397), ("TS-M", 1, 5000))
    back = desk.case("open", ORDER, "--kind", "return", "--reason", "B_7D", "--line", "TS-M")["number"]
    assert desk.type("parcel", "expect", back, "YT5260493176801").code == 0
    kept = desk.case("open", ORDER, "--kind", "refund-only", "--reason", "Q_FUNC", "--line", "TS-L")["number"]
    desk.case("approve", kept)
    assert desk.type("parcel", "match", "YT5260493176801", kept).code == 0
    paid_out(desk, kept)
    shown = desk.case("show", kept)
    assert (shown["goods"], shown["stage"]) == ("none", "finished")
