"""What a verdict must not forget: what the buyer took instead, what nobody knows, what was refused and yet due."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retcli.rules.zone import SHANGHAI
from tests.shopfloor import AGENT, MANAGER, NOON, WAREHOUSE, Books
from tests.terminal import Desk

ORDER = "2850000000000000091"


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """A terminal in a shop with its people."""
    sqlite_books.hire()
    return Desk(sqlite_books.database)


def opened(desk: Desk, *words: str, order: str = ORDER, by: str = AGENT) -> dict[str, Any]:
    return desk.case("open", order, *words, by=by)


def answers(case: dict[str, Any]) -> dict[str, str]:
    return {finding["rule"]: finding["answer"] for finding in case["findings"]}


def test_what_the_buyer_took_instead_is_not_given_again(desk: Desk) -> None:
    """协商补偿 30.00 已接受：整批同意不会再带上这一单，省下的只算一次；后来店长特批还是全退了，就一分没省。"""
    desk.books.order(ORDER, ("TS-L", 1, 5990))
    case = opened(desk, "--kind", "return", "--reason", "B_7D")["number"]
    desk.read("case", "offer", case, "--rung", "compensation", "--amount", "30", by=AGENT)
    assert desk.case("show", case)["verdict"] == "person", "an offer waits for the buyer"
    first = desk.read("case", "offer", case, "--accepted", by=AGENT)["offer"]
    assert first["saved"]["minor"] == 2990
    shown = desk.case("show", case)
    assert (shown["verdict"], answers(shown)["offer"]) == ("no", "person"), "89.90 of 59.90, once it is given as well"
    assert desk.read("case", "approve", "--all-yes", "--dry-run")["cases"] == []
    desk.read("case", "offer", case, "--rung", "compensation", "--amount", "29.90", by=MANAGER)
    assert desk.read("case", "offer", case, "--accepted", by=MANAGER)["offer"]["saved"]["minor"] == -2990
    period = ("--since", "2026-11-01", "--until", "2026-11-30")
    (rung,) = desk.read("report", "offers", *period)["rows"]
    assert (rung["cost"]["minor"], rung["saved"]["minor"]) == (5990, 0)
    later = replace(desk, at=NOON + timedelta(hours=1))
    assert "119.80" in later.type("case", "approve", case, by=MANAGER).err
    later.case("approve", case, "--waive", "beyond_price", "--because", "老客", by=MANAGER)
    (rung,) = later.read("report", "offers", *period)["rows"]
    assert rung["saved"]["minor"] == -5990, "all of it was given back in the end"


def test_refusing_what_is_due_is_on_record(desk: Desk) -> None:
    desk.books.order(ORDER, ("TS-L", 1, 5990))
    case = opened(desk, "--kind", "return", "--reason", "Q_FUNC", "--line", "TS-L")["number"]
    desk.case("withdraw", case)
    case = opened(desk, "--kind", "return", "--reason", "B_7D")["number"]
    told = desk.type("case", "reject", case, "--because", "不想退", by=AGENT)
    assert "Every finding says yes (暂行办法 §10)" in told.err
    assert [(w["case"], w["rule"], w["by"]) for w in desk.read("policy", "waivers")["waivers"]] == [
        (case, "verdict", AGENT)
    ]


def test_a_waiver_does_not_lie_in_wait(desk: Desk) -> None:
    """还没有什么可特批的，就不记特批；以后真的不行了，照样是不行。"""
    desk.books.order(ORDER, ("BRA-1", 1, 5990))
    desk.books.product("BRA-1", category="内衣")
    case = opened(desk, "--kind", "return", "--reason", "B_7D")["number"]
    told = desk.type("case", "approve", case, "--waive", "excluded", "--because", "老客户", by=MANAGER)
    assert "Not written down" in told.err
    desk.case("reject", case, "--because", "算了", by=MANAGER)
    desk.case("fact", case, "confirmed=BRA-1", "opened=yes", by=AGENT)
    shown = desk.case("show", case)
    assert (shown["verdict"], answers(shown)["excluded"]) == ("no", "no")
    desk.case("fact", case, "unconfirmed=BRA-1", by=AGENT)
    assert desk.case("show", case)["verdict"] == "yes", "a slip can be taken back"


def test_a_repair_is_opened_by_hand(desk: Desk) -> None:
    desk.books.order(ORDER, ("FAN-1", 1, 9900))
    case = opened(desk, "--kind", "维修", "--reason", "Q_FUNC", "--line", "FAN-1")
    assert (case["kind"], answers(case)["quality"]) == ("repair", "yes")
    case = desk.case("approve", case["number"], by=AGENT)
    assert (case["goods"], case["replacement"], case["due"]["minor"]) == ("awaited", "due", 0)


def test_an_exchange_for_what_nobody_knows_the_price_of(desk: Desk) -> None:
    desk.books.order(ORDER, ("TS-L", 1, 5990))
    case = opened(desk, "--kind", "exchange", "--reason", "SZ_FIT", "--want", "TS-XL")
    finding = next(f for f in case["findings"] if f["rule"] == "difference")
    assert (case["verdict"], finding["answer"], "TS-XL" in finding["text"]) == ("person", "person", True)


@pytest.mark.parametrize(
    ("signed", "asked", "kind", "answer"),
    [
        (date(2026, 9, 30), date(2026, 10, 8), "return", "yes"),
        (date(2026, 9, 30), date(2026, 10, 9), "return", "person"),
        (date(2026, 9, 22), date(2026, 10, 8), "exchange", "yes"),
    ],
    ids=["the seventh day is a holiday", "a day after it", "so is the fifteenth"],
)
def test_quality_too_waits_for_the_end_of_the_holiday(
    desk: Desk, signed: date, asked: date, kind: str, answer: str
) -> None:
    """三包规定 §8：最后一天是法定节假日的，顺延到节后第一天。"""
    at = datetime(signed.year, signed.month, signed.day, 10, tzinfo=SHANGHAI)
    desk.books.order(ORDER, ("FAN-1", 1, 9900), signed_at=at)
    then = replace(desk, at=datetime(asked.year, asked.month, asked.day, 12, tzinfo=SHANGHAI))
    case = opened(then, "--kind", kind, "--reason", "Q_FUNC", "--line", "FAN-1")
    assert answers(case)["quality"] == answer


def test_after_an_exchange_the_days_begin_anew(desk: Desk, tmp_path: Path) -> None:
    """换货后三包重新起算：新机 11-14 签收，11-20 又坏，是第 6 天。"""
    desk.books.order(ORDER, ("PHONE", 1, 99900), signed_at=NOON - timedelta(days=6))
    case = opened(desk, "--kind", "exchange", "--reason", "Q_FUNC")["number"]
    desk.case("approve", case, by=AGENT)
    desk.read("parcel", "expect", case, "YT5260493176849", by=AGENT)
    desk.type("scan", "-", by=WAREHOUSE, typed="YT5260493176849\nRCMDC\nPHONE\n")
    desk.case("ship", case, "--waybill", "SF7770000000001", by=AGENT)
    moves = tmp_path / "物流轨迹.csv"
    moves.write_text(
        "运单号,快递公司,时间,状态,轨迹\nSF7770000000001,顺丰速运,2026-11-14 10:00:00,签收,签收\n", encoding="utf-8"
    )
    desk.type("import", str(moves))
    desk.case("finish", case, by=AGENT)
    again = replace(desk, at=datetime(2026, 11, 20, 12, tzinfo=SHANGHAI))
    case = opened(again, "--kind", "return", "--reason", "Q_FUNC")
    finding = next(f for f in case["findings"] if f["rule"] == "quality")
    assert (finding["answer"], finding["basis"], finding["facts"]["day"]) == ("yes", "消法 §24", 6)


def test_what_the_buyer_broke_is_the_buyers_cost(desk: Desk) -> None:
    desk.books.order(ORDER, ("FAN-1", 1, 9900))
    case = opened(desk, "--kind", "return", "--reason", "Q_FUNC")["number"]
    shown = desk.case("fact", case, "misused=yes", by=AGENT)
    freight = next(f for f in shown["findings"] if f["rule"] == "freight")
    assert (shown["verdict"], freight["facts"]["who"], shown["proposal"]) == ("no", "buyer", "")


RULES = """
version = "规则"
from = 2026-11-09
[addresses]
"小雅女装" = "杭州市余杭区某某路 1 号"
[[reasons]]
code = "Q_FUNC_MOTOR"
parent = "Q_FUNC"
name = "电机不转"
"""


def test_where_it_goes_back_to_and_what_exactly_it_is(desk: Desk, tmp_path: Path) -> None:
    rules = tmp_path / "policy.toml"
    rules.write_text(RULES, encoding="utf-8")
    assert desk.type("policy", "load", str(rules)).code == 0
    desk.books.order(ORDER, ("FAN-1", 1, 9900), shop="小雅女装")
    case = opened(desk, "--kind", "return", "--reason", "Q_FUNC")["number"]
    assert desk.case("fact", case, "detail=电机不转", by=AGENT)["reason"]["detail"] == "电机不转"
    shown = desk.type("--lang", "zh", "case", "approve", case, by=AGENT).out
    assert "退货地址：杭州市余杭区某某路 1 号" in shown
    assert "功能故障（商家） 电机不转" in desk.type("--lang", "zh", "case", "show", case, by=AGENT).out


def test_the_laws_own_days_are_not_hidden_behind_the_platforms(desk: Desk) -> None:
    """平台给到 11-21，法定收货后七天到 11-17：到了 11-18 就是超时。"""
    desk.books.order(ORDER, ("TS-L", 1, 5990))
    case = opened(desk, "--kind", "return", "--reason", "B_7D")["number"]
    desk.case("approve", case, by=AGENT)
    desk.read("parcel", "expect", case, "YT5260493176849", by=AGENT)
    desk.type("scan", "-", by=WAREHOUSE, typed="YT5260493176849\nRCMDA\nTS-L\n")
    from sqlalchemy import text

    from retcli.transaction import opened as books_opened

    with books_opened(desk.books.asked()) as shop:
        shop.session.execute(text("UPDATE cases SET platform_due_at = '2026-11-21 01:00:00.000000'"))
    late = replace(desk, at=NOON + timedelta(days=8))
    (item,) = late.read("today", "--overdue", code=3)["items"]
    assert item["case"] == case


def test_the_first_reply_is_a_reply(desk: Desk) -> None:
    """联系过买家，24 小时首次响应就不再催；等买家答复时，协商时限停着。"""
    desk.books.order(ORDER, ("TS-L", 1, 5990))
    case = opened(desk, "--kind", "return", "--reason", "B_7D")["number"]
    assert {"own_reply", "own_agreement"} <= {clock["name"] for clock in desk.case("show", case)["clocks"]}
    desk.read("case", "offer", case, "--rung", "coupon", "--amount", "5", by=AGENT)
    names = {clock["name"] for clock in desk.case("show", case)["clocks"]}
    assert not names & {"own_reply", "own_agreement"}
    desk.read("case", "offer", case, "--declined", by=AGENT)
    names = {clock["name"] for clock in desk.case("show", case)["clocks"]}
    assert "own_agreement" in names
    assert "own_reply" not in names
