"""The day's list as each role sees it: what they can do, money first, in one order that is named."""

import re

import pytest

from retcli.rules.casefile.clocks import SOON
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE
from tests.terminal import Desk

RED, CUP = "2850000000000000071", "2850000000000000072"


@pytest.fixture
def morning(desk: Desk) -> Desk:
    """A return whose parcel is under way, and a refund that is agreed to and not paid."""
    desk.books.order(RED, ("TS-RED", 1, 12800), buyer="晴天娃娃", receiver="赵小晴", phone="13900004321")
    desk.books.order(CUP, ("CUP", 1, 5990), shipped=False)
    back = desk.case("open", RED, "--kind", "return", "--reason", "B_7D")["number"]
    desk.case("approve", back)
    desk.read("parcel", "expect", back, "SF1620041173999")
    refund = desk.case("open", CUP, "--kind", "refund-only", "--reason", "B_7D")["number"]
    desk.case("approve", refund)
    return desk


def rows(desk: Desk, by: str, *words: str) -> list[str]:
    """The rows of cases that somebody sees."""
    return [line for line in desk.type("today", *words, by=by).out.splitlines() if line.startswith("RC")]


def test_the_heading_names_who_looks_and_the_order_of_the_list(morning: Desk) -> None:
    out = morning.type("today", by=AGENT).out.splitlines()
    assert out[0].endswith(f"{AGENT} (agent)")
    assert "Overdue first, then due within four hours, then by money at risk:" in out
    assert SOON.total_seconds() == 4 * 3600


def test_each_role_sees_what_it_can_do_next(morning: Desk) -> None:
    """The parcel is the warehouse's to scan, the refund finance's to pay; agent, manager and owner may do both."""
    parcel, refund = "RC20261109-0001", "RC20261109-0002"
    seen = {who: {row.split()[0] for row in rows(morning, who)} for who in (OWNER, MANAGER, AGENT, WAREHOUSE, FINANCE)}
    both = {parcel, refund}
    assert seen == {OWNER: both, MANAGER: both, AGENT: both, WAREHOUSE: {parcel}, FINANCE: {refund}}
    assert "1 more wait for somebody else: retcli case list" in morning.type("today", by=WAREHOUSE).out
    document = morning.read("today", by=WAREHOUSE)
    assert {item["case"]: item["for_me"] for item in document["items"]} == {parcel: True, refund: False}


def test_money_and_files_are_not_told_to_the_warehouse(morning: Desk) -> None:
    owner, warehouse = (morning.type("today", by=who).out for who in (OWNER, WAREHOUSE))
    assert "with no payout yet: retcli case list --stage to_pay" in owner
    assert "pay" not in warehouse.replace("to be paid", "") and "import" not in warehouse


def test_a_row_says_kind_goods_and_buyer_where_there_is_room(morning: Desk) -> None:
    """Off a terminal nothing is left out: what it is, until when, how much, which goods, whose."""
    [row] = [row for row in rows(morning, OWNER) if row.startswith("RC20261109-0001")]
    assert re.split(r"\s{2,}", row)[1] == "return and refund"
    assert "128.00" in row and "商品TS-RED" in row and "晴*" in row and "晴天" not in row


def test_money_that_left_for_goods_that_never_came_has_a_line(morning: Desk) -> None:
    """128.00 paid before the shirt was back: one case; once the shirt was found in its parcel it is none."""
    morning.type("pay", "refund", "1", "--waive", "goods_first", "--because", "老客户", by=MANAGER)
    payout = morning.read("pay", "list")["payouts"][0]["number"]
    morning.type("pay", "sent", payout)
    line = "1 cases were paid and no goods came back, 128.00: retcli case list --without-goods"
    assert line in morning.type("today").out
    assert [case["number"] for case in morning.read("case", "list", "--without-goods")["cases"]] == ["RC20261109-0001"]
    assert morning.read("today")["without_goods"]["count"] == 1
    morning.type("scan", typed="SF1620041173999\n")
    assert line in morning.type("today").out, "a box alone is no shirt"
    morning.type("parcel", "inspect", "SF1620041173999", "--item", "TS-RED=1:A")
    assert line not in morning.type("today").out
