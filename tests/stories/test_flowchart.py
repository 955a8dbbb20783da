"""The flows of a Taobao shop's own chart, each from the buyer's word to the verdict and the money, through the command
line: not received, stalled, short or wrong, a fault, seven days, special price, a gift kept, refused at the door.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.reports import REQUESTED, Folder, asked_back, sold
from tests.shopfloor import AGENT, MANAGER, NOON, Books
from tests.stories.test_stories import came_back, paid_out
from tests.terminal import Desk

ORDER = "2850000000000000091"
SENT = (NOON - timedelta(days=4)).replace(tzinfo=None)


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """A terminal in a shop with its people."""
    sqlite_books.hire()
    return Desk(sqlite_books.database)


def asks(
    desk: Desk, folder: Folder, words: str, kind: str, *, amount: int = 9900, pieces: int = 1, **order: Any
) -> dict[str, Any]:
    """The buyer of one order of 99.00 asks on the platform; the case as the agent sees it."""
    bought = sold(ORDER, ("TS-L", pieces, 9900), **order)
    applied = (NOON - timedelta(hours=3)).replace(tzinfo=None)
    wish = asked_back("31", bought, amount, kind=kind, status=REQUESTED, reason=words, applied_at=applied)
    files = [*folder.both(bought), folder.refunds(wish)]
    assert desk.type("import", *map(str, files)).code == 0
    return desk.case("show", "31", by=AGENT)


def answers(case: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Each rule's answer with its article."""
    return {finding["rule"]: (finding["answer"], finding["basis"]) for finding in case["findings"]}


def test_not_received(desk: Desk, folder: Folder) -> None:
    """未收到货: nothing was signed for, so the money goes back in full; the parcel is still on its way, so a person
    looks whether it can be intercepted or is lost before it does.
    """
    case = asks(desk, folder, "快递一直未送到", "仅退款", confirmed_at=None, status="卖家已发货，等待买家确认")
    assert (case["verdict"], answers(case)["quality"]) == ("person", ("yes", "电子商务法 §20"))
    assert answers(case)["goods_back"] == ("person", "消法 §25")
    assert case["reason"]["fault"] == "carrier"
    assert any("The carrier" in text for text in case["stands_out"])
    desk.case("approve", "31", by=AGENT)
    assert desk.case("show", "31")["due"]["minor"] == 9900


def test_not_received_and_yet_signed_for(desk: Desk, folder: Folder) -> None:
    """A signature speaks against it: a person weighs it, and the agent cannot wave it through alone."""
    case = asks(desk, folder, "快递一直未送到", "仅退款")
    assert (case["verdict"], answers(case)["quality"][0]) == ("person", "person")


def test_a_stalled_parcel(desk: Desk, folder: Folder, tmp_path: Path) -> None:
    """停滞: the promise stands beside what the carrier said last."""
    sheet = tmp_path / "物流轨迹.csv"
    sheet.write_text(
        "运单号,快递公司,时间,状态,轨迹\nSF1000000000091,顺丰速运,2026-11-04 08:00:00,运输中,到达华东分拨中心\n",
        encoding="utf-8",
    )
    bought: dict[str, Any] = {"waybill": "SF1000000000091", "confirmed_at": None, "status": "卖家已发货，等待买家确认"}
    case = asks(desk, folder, "快递无跟踪记录", "仅退款", **bought)
    assert desk.type("import", str(sheet)).code == 0
    case = desk.case("show", "31", by=AGENT)
    assert case["stands_out"][0].startswith("To be sent by 2026-11-03")
    assert "2026-11-04 08:00" in case["stands_out"][1]
    assert "到达华东分拨中心" in case["stands_out"][1]


def test_pieces_missing(desk: Desk, folder: Folder) -> None:
    """少件: the missing pieces are sent, or their money goes back, without a return."""
    case = asks(desk, folder, "收到商品少件", "仅退款", amount=3300, pieces=3)
    assert answers(case)["quality"] == ("yes", "消法 §52")
    assert answers(case)["evidence"][0] == "person", "photos are asked for"
    assert case["stands_out"][0] == "Ordered: TS-L×3"
    desk.case("approve", "31", by=AGENT)
    assert paid_out(desk, "31") == 3300


def test_a_fault(desk: Desk, folder: Folder, tmp_path: Path) -> None:
    """质量: full price, the way back is the shop's, and 5.00 are proposed. Whether there is a fault is seen once the
    goods are back: photos are asked of the buyer, and their want stops nothing.
    """
    photo = tmp_path / "开线.jpg"
    photo.write_bytes(bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"))
    case = asks(desk, folder, "做工粗糙/有瑕疵", "退货退款")
    lacking = next(finding["text"] for finding in case["findings"] if finding["rule"] == "evidence")
    assert (case["verdict"], answers(case)["evidence"]) == ("yes", ("yes", "消法 §23"))
    assert "hoto" in lacking
    assert case["ask_buyer"].startswith("Could you send us: photo?")
    desk.read("case", "attach", "31", str(photo), by=AGENT)
    case = desk.case("show", "31")
    assert (case["verdict"], answers(case)["freight"]) == ("yes", ("yes", "消法 §24"))
    assert case["ask_buyer"] == "", "what is there is not asked for"
    desk.case("approve", "31", by=AGENT)
    came_back(desk, "31", "YT5260493176849", "TS-L=1:C")
    assert paid_out(desk, "31") == 9900


def test_seven_days_and_a_special_price(desk: Desk, folder: Folder) -> None:
    """特价: a low price is no class of the law; inside the seven days it goes back like anything."""
    case = asks(desk, folder, "7天无理由退换货", "退货退款", seller_remark="清仓特价，不退不换")
    assert (case["verdict"], answers(case)["window"]) == ("yes", ("yes", "暂行办法 §10"))
    assert (case["due"]["minor"], answers(case)["freight"][0]) == (9900, "yes")


def test_a_day_too_late_and_waived_by_the_manager(desk: Desk, folder: Folder) -> None:
    """过期: the agent is told who may, the manager does, and it stays on the list of waivers."""
    late = (NOON - timedelta(days=20)).replace(tzinfo=None)
    times: dict[str, Any] = {
        "created_at": late,
        "paid_at": late,
        "shipped_at": late,
        "confirmed_at": late + timedelta(days=2),
    }
    case = asks(desk, folder, "7天无理由退换货", "退货退款", **times)
    assert (case["verdict"], answers(case)["window"][0]) == ("no", "no")
    refusal = desk.read("case", "approve", "31", by=AGENT, code=5)["error"]
    assert "--waive window" in refusal["hint"]
    desk.case("approve", "31", "--waive", "window", "--because", "老客", by=MANAGER)
    assert [(w["rule"], w["by"]) for w in desk.read("policy", "waivers")["waivers"]] == [("window", MANAGER)]


def test_a_gift_kept(desk: Desk, tmp_path: Path) -> None:
    """赠品未退: its stated price is taken off, and nothing where the goods have a fault."""
    rules = tmp_path / "policy.toml"
    rules.write_text(
        'version = "赠品"\nfrom = 2026-11-09\n[gifts]\nprices = { "GIFT-01" = "15.00" }\n', encoding="utf-8"
    )
    assert desk.type("policy", "load", str(rules)).code == 0
    for number, reason, due in ((ORDER, "B_7D", 8400), (f"{ORDER[:-1]}2", "Q_FUNC", 9900)):
        desk.books.order(number, ("TS-L", 1, 9900), ("GIFT-01", 1, 0))
        case = desk.case("open", number, "--kind", "return", "--reason", reason, "--line", "TS-L", by=AGENT)
        assert case["due"]["minor"] == due
    steps = desk.read("case", "explain", ORDER)["amount"]["steps"]
    assert [step["money"]["minor"] for step in steps if "GIFT-01" in step["text"]] == [-1500]


def test_refused_at_the_door(desk: Desk, folder: Folder) -> None:
    """拒签: why decides who pays; nothing was signed for, so the seven days have not begun."""
    case = asks(desk, folder, "货物已拒签", "退货退款", confirmed_at=None, status="卖家已发货，等待买家确认")
    assert (case["verdict"], answers(case)["reason"][0]) == ("person", "person")
    assert "Refused at the door" in next(f["text"] for f in case["findings"] if f["rule"] == "reason")
    desk.read("case", "note", "31", "--reason", "B_MIND", by=AGENT)
    case = desk.case("show", "31")
    assert (case["verdict"], case["due"]["minor"]) == ("yes", 9900)
    assert next(f["facts"]["who"] for f in case["findings"] if f["rule"] == "freight") == "buyer"


def test_cron_is_told_of_what_is_overdue(desk: Desk, folder: Folder) -> None:
    """Nothing is late at noon; two days later the platform's 48 hours are over, and the mail from cron says so."""
    asks(desk, folder, "7天无理由退换货", "退货退款")
    assert desk.read("today", "--overdue")["items"] == []
    late = replace(desk, at=NOON + timedelta(days=2))
    assert [item["clock"] for item in late.read("today", "--overdue", code=3)["items"]] == ["first_reply"]
    told = late.type("--quiet", "today", "--overdue")
    assert told.code == 3
    assert "1 are overdue" in told.out
    assert desk.type("today", "--overdue").code == 0
