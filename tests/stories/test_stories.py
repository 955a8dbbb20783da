"""Whole matters from beginning to end, in the shop's words, through the command line."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from fixtures import make_shop, refunds_as_of
from fixtures.refundmaker import SECOND_REPORT
from tests.reports import EXPORTS, REQUESTED, SUCCEEDED, Folder, asked_back, sold
from tests.shopfloor import AGENT, FINANCE, MANAGER, NOON, WAREHOUSE, Books
from tests.terminal import Desk

NUMBER = "2850000000000000001"
SEVEN_DAY = "260000316158101910"
THURSDAY = NOON + timedelta(days=3)


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """A terminal in a shop with its people."""
    sqlite_books.hire()
    return Desk(sqlite_books.database)


def to_click(desk: Desk) -> list[tuple[str, str]]:
    """What must still be clicked on the platform: refund number and click."""
    return [(item["platform_number"], item["action"]) for item in desk.read("platform", "todo")["items"]]


def paid_out(desk: Desk, case: str, words: tuple[str, ...] = ("refund",), *, by: str = AGENT) -> int:
    """A payout, made by the approval or decided now, countersigned where it must be, sent and confirmed; in fen."""
    by_itself = [p for p in desk.case("show", case)["payouts"] if p["state"] in {"waiting", "due"}]
    payout = by_itself[0] if by_itself else desk.pay(words[0], case, *words[1:], by=by)
    if payout["state"] == "waiting":
        payout = desk.pay("approve", payout["number"], by=MANAGER)
    assert payout["state"] == "due"
    desk.pay("sent", payout["number"], by=FINANCE)
    confirmed = desk.pay("confirm", payout["number"], by=FINANCE)
    assert confirmed["state"] == "confirmed"
    return int(confirmed["money"].get("minor", 0))


def came_back(desk: Desk, case: str, waybill: str, *items: str) -> None:
    """The buyer's parcel is announced, scanned at the door and inspected."""
    desk.read("parcel", "expect", case, waybill, by=AGENT)
    assert desk.type("scan", "-", by=WAREHOUSE, typed=f"{waybill}\n").code == 0
    wanted = [word for item in items for word in ("--item", item)]
    desk.read("parcel", "inspect", waybill, *wanted, by=WAREHOUSE)


def test_seven_days_no_reason_from_the_export_to_the_confirmed_money(full_desk: Desk) -> None:
    desk = full_desk
    _approved_by_the_law(desk)
    told = next(refund for refund in refunds_as_of(make_shop(), SECOND_REPORT) if refund.number == SEVEN_DAY)
    desk.read("parcel", "expect", SEVEN_DAY, told.waybill, by=AGENT)
    barcode = desk.books.value("SELECT code FROM barcodes WHERE sku = 'TS01-WH-L'")
    scans = desk.type("--json", "scan", "-", by=WAREHOUSE, typed=f"{told.waybill}\nRCMDA\n{barcode}\n").documents
    assert [scan["outcome"] for scan in scans] == ["received", "command", "inspected"]
    assert desk.read("stock", "show", "TS01-WH-L")["stock"][0]["sellable"] == 1
    _countersigned(desk)

    thursday = replace(desk, at=THURSDAY)
    assert thursday.type("import", str(EXPORTS / "退款报表_2.xlsx")).code == 0
    ended = thursday.case("show", SEVEN_DAY)
    assert (ended["stage"], ended["money"], ended["goods"]) == ("finished", "paid", "inspected")
    assert (ended["platform_action"], ended["platform_status"]) == ("verified", SUCCEEDED)
    assert [(p["state"], p["money"]["minor"]) for p in ended["payouts"]] == [("confirmed", 5990)]
    assert "Nothing is due" in thursday.refused("pay", "refund", SEVEN_DAY)
    thursday.books.check()


def _approved_by_the_law(desk: Desk) -> None:
    """The verdict is explained, the agent agrees here and on the platform; no money goes before the goods."""
    explained = desk.read("case", "explain", SEVEN_DAY)
    assert (explained["verdict"], explained["amount"]["due"]["minor"]) == ("yes", 5990)
    assert {finding["rule"] for finding in explained["findings"]} >= {"window", "units", "money", "freight"}
    before = [item["case"] for item in desk.read("today")["items"] if item["stage"] == "to_decide"]
    case = desk.case("approve", SEVEN_DAY, by=AGENT)
    assert case["number"] in before
    assert (case["decision"], case["stage"], case["due"]["minor"]) == ("approved", "to_click", 5990)
    assert to_click(desk) == [(SEVEN_DAY, "agree_return")]
    desk.read("platform", "done", SEVEN_DAY, by=AGENT)
    assert "come back" in desk.refused("pay", "refund", SEVEN_DAY, by=AGENT)


def _countersigned(desk: Desk) -> None:
    """Above the agent's 30.00 a second person signs; then the click that pays is asked for."""
    payout = desk.case("show", SEVEN_DAY)["payouts"][0]
    assert (payout["money"]["minor"], payout["state"]) == (5990, "waiting")
    assert "may not approve payouts" in desk.refused("pay", "approve", payout["number"], by=AGENT)
    assert desk.pay("approve", payout["number"], by=MANAGER)["state"] == "due"
    assert to_click(desk) == [(SEVEN_DAY, "confirm_receipt")]
    desk.read("platform", "done", SEVEN_DAY, by=AGENT)
    assert desk.case("show", SEVEN_DAY)["stage"] == "paying"


def test_the_wrong_goods_were_sent_and_the_right_ones_may_still_come_back(desk: Desk, folder: Folder) -> None:
    order = sold(NUMBER, ("CUP-BLUE", 1, 4900))
    wish = asked_back("1", order, 0, kind="换货", status=REQUESTED, reason="卖家发错货", note="发成粉色")
    files = [*folder.both(order), folder.refunds(wish)]
    assert desk.type("import", *map(str, files)).code == 0
    case = desk.case("show", "1")
    assert (case["kind"], case["reason"]["fault"]) == ("exchange", "merchant")
    desk.case("approve", "1", by=AGENT)
    desk.read("platform", "done", "1", by=AGENT)
    came_back(desk, "1", "YT5260493176849", "CUP-BLUE=1:A")
    assert desk.case("show", "1")["stage"] == "to_ship"

    assert paid_out(desk, "1", ("freight", "--amount", "12.00")) == 1200
    assert "was repaid already" in desk.refused("pay", "freight", "1", "--amount", "12.00", by=AGENT)
    assert paid_out(desk, "1", ("compensate", "--coupon", "5.00")) == 500

    shipped = desk.case("ship", "1", "--waybill", "SF1620041173366", "--carrier", "顺丰", by=AGENT)
    assert (shipped["replacement"], shipped["stage"]) == ("shipped", "to_click")
    assert to_click(desk) == [("1", "enter_waybill")]
    assert "still has something open" in desk.refused("case", "finish", "1")
    desk.read("platform", "done", "1", by=AGENT)

    thursday = replace(desk, at=THURSDAY)
    delivered = folder.refunds(replace(wish, status="换货成功"))
    assert thursday.type("import", str(delivered)).code == 0
    ended = thursday.case("show", "1")
    assert (ended["stage"], ended["replacement"], ended["platform_action"]) == ("finished", "delivered", "verified")
    assert [payout["kind"] for payout in ended["payouts"]] == ["freight", "compensation"]
    _back_again(thursday, ended["number"])


def _back_again(desk: Desk, earlier: str) -> None:
    """The replaced piece is the buyer's again, and comes back another time."""
    again = desk.case("open", NUMBER, "--kind", "return", "--reason", "Q_LOOK", by=AGENT)
    assert (again["lines"][0]["quantity"], again["due"]["minor"], again["earlier"]) == (1, 4900, [earlier])
    desk.case("approve", again["number"], by=AGENT)
    came_back(desk, again["number"], "YT5260493176850", "CUP-BLUE=1:C")
    assert paid_out(desk, again["number"]) == 4900
    assert desk.case("show", again["number"])["stage"] == "finished"
    desk.books.check()


def test_two_returns_and_a_price_cut_end_exactly_at_what_was_paid(desk: Desk) -> None:
    desk.books.order(NUMBER, ("TS-M", 3, 10000))
    cut = desk.case("open", NUMBER, "--kind", "allowance", "--reason", "I_PRICE", "--amount", "5.00", by=AGENT)[
        "number"
    ]
    desk.case("approve", cut, by=AGENT)
    paid = [paid_out(desk, cut)]
    numbers = []
    for pieces, waybill in ((1, "YT5260493176801"), (2, "YT5260493176802")):
        case = desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", f"TS-M={pieces}", by=AGENT)
        numbers.append(case["number"])
        desk.case("approve", case["number"], by=AGENT)
        came_back(desk, case["number"], waybill, f"TS-M={pieces}:A")
        paid.append(paid_out(desk, case["number"]))
    assert paid == [500, 3167, 6333]
    assert sum(paid) == 10000
    line = desk.read("order", "show", NUMBER)["lines"][0]
    assert (line["refundable"]["minor"], line["units_open"]) == (0, 0)

    more = desk.case("open", NUMBER, "--kind", "allowance", "--reason", "I_PRICE", "--amount", "0.01", by=AGENT)[
        "number"
    ]
    why = desk.refused("case", "approve", more, by=AGENT)
    assert all(number in why for number in (cut, *numbers)), why
    piece = desk.refused("case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-M=1", by=AGENT)
    assert numbers[0] in piece
    assert desk.books.value("SELECT SUM(minor) FROM payouts WHERE state = 'confirmed'") == 10000
    desk.books.check()


def test_the_shop_refuses_and_the_platform_pays_anyway(desk: Desk, folder: Folder, tmp_path: Path) -> None:
    order = sold(NUMBER, ("CHG-65W", 1, 9187), ("CBL-15", 2, 3693))
    wish = asked_back("1", order, 9187, kind="仅退款", status=REQUESTED, reason="质量问题")
    assert desk.type("import", *map(str, [*folder.both(order), folder.refunds(wish)])).code == 0
    refused = desk.case("reject", "1", "--because", "视频里充电正常", by=AGENT)
    assert (refused["decision"], refused["stage"]) == ("rejected", "to_click")
    todo = desk.read("platform", "todo")["items"][0]
    assert (todo["action"], todo["paste"]) == ("refuse", "视频里充电正常")
    desk.read("platform", "done", "1", by=AGENT)

    thursday = replace(desk, at=THURSDAY)
    paid = folder.refunds(
        replace(wish, status=SUCCEEDED, finished_at=THURSDAY.replace(tzinfo=None) - timedelta(hours=2))
    )
    assert thursday.type("import", str(paid)).code == 3, "a person must see that it was paid against our refusal"
    case = thursday.case("show", "1")
    assert (case["decision"], case["stage"], case["due"]["minor"]) == ("rejected", "to_finish", 9187)
    assert (case["decided"]["because"], case["paid_against"]["money"]["minor"]) == ("视频里充电正常", 9187)
    assert [(p["state"], p["money"]["minor"]) for p in case["payouts"]] == [("confirmed", 9187)]
    assert thursday.books.value("SELECT origin FROM payouts") == "platform"
    lines = {line["sku"]: line["refundable"]["minor"] for line in thursday.read("order", "show", NUMBER)["lines"]}
    assert lines == {"CHG-65W": 0, "CBL-15": 3693}
    assert thursday.type("import", str(paid)).code == 0
    assert len(thursday.case("show", "1")["payouts"]) == 1

    target = tmp_path / "对账.xlsx"
    document = thursday.read("export", "reconciliation", "--month", "2026-11", "-o", str(target))
    sheets = load_workbook(target)
    cells = [str(cell.value) for sheet in sheets for row in sheet for cell in row if cell.value is not None]
    assert any(text.startswith("D2") for text in cells), "refunded by the platform, not decided by us"
    assert document["totals"]["named"] == 1
    thursday.books.check()
