"""The usual morning of a shop on Taobao, JD, Pinduoduo and Douyin: the month reconciles but for what is planted.

Lists come in, what is clear is agreed to and clicked, returns are scanned, the next lists tell what was paid. Nobody
types a payout. Planted are a refund that 小红 agreed to in Douyin's back-end, and 5.00 more than was agreed to on
Pinduoduo.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fixtures import Order, Refund
from fixtures.daily import order_list, refund_list
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, unsent
from tests.shopfloor import MANAGER, NOON, WAREHOUSE
from tests.terminal import Desk

AGREED, RETURNED = "卖家已经同意退款，等待买家退货", "买家已经退货，等待卖家确认收货"
APPLIED = datetime(2026, 11, 8, 20, 0)
TAOBAO, JD, PDD, DOUYIN = "taobao", "jd", "pdd", "douyin"
SHIRT, CUP = "TS-L", "CUP-500"


def whole(order: Order, number: str) -> Refund:
    """All of the order's money back before anything was sent."""
    return asked_back(
        number, order, order.paid, kind="仅退款", status=REQUESTED, applied_at=APPLIED, goods="买家未收到货",
        reason="多拍/拍错/不想要",
    )  # fmt: skip


def sent_back(order: Order, number: str) -> Refund:
    """A return without a reason, three days after the order was confirmed."""
    return asked_back(number, order, order.paid, status=REQUESTED, applied_at=APPLIED)


CANCELLED = {
    TAOBAO: whole(unsent(sold("2850000000000009001", (SHIRT, 1, 5900))), "26000000000009001"),
    JD: whole(unsent(sold("298000009102", (SHIRT, 1, 4900))), "1390000102"),
    PDD: whole(unsent(sold("261101-000000000009201", (SHIRT, 1, 3650))), "5690000201"),
    DOUYIN: whole(unsent(sold("6910000000000009301", (SHIRT, 1, 2590))), "14900000000301"),
}
"""59.00, 49.00, 36.50 and 25.90: nothing was sent."""
RETURNED_BY = {
    TAOBAO: (sent_back(sold("2850000000000009002", (CUP, 1, 12800)), "26000000000009002"), "YT5260493176801"),
    JD: (sent_back(sold("298000009202", (CUP, 1, 8800)), "1390000202"), "YT5260493176802"),
    PDD: (sent_back(sold("261101-000000000009202", (CUP, 1, 4500)), "5690000202"), "YT5260493176803"),
    DOUYIN: (sent_back(sold("6910000000000009302", (CUP, 1, 6600)), "14900000000302"), "YT5260493176804"),
}
"""128.00, 88.00, 45.00 and 66.00: goods first."""
CUT_ORDER = sold("261101-000000000009203", (CUP, 1, 9900))
CUT = asked_back("5690000203", CUT_ORDER, 3000, kind="仅退款", status=REQUESTED, applied_at=APPLIED, reason="质量问题")
"""A price cut of 30.00 of 99.00, the goods stay; the platform pays 35.00."""
BESIDE_ORDER = sold("6910000000000009303", (CUP, 1, 1990))
BESIDE = asked_back(
    "14900000000303", BESIDE_ORDER, 1990, kind="仅退款", applied_at=APPLIED + timedelta(days=1), operator="小红"
)
"""19.90 that 小红 agreed to in Douyin's back-end, applied for and paid between two lists."""
PLANTED = {CUT.number: ("D3", -500, None), BESIDE.number: ("D2", -1990, "小红")}
THERE = 5900 + 4900 + 3650 + 2590 + 12800 + 8800 + 4500 + 6600 + 3500 + 1990
HERE = THERE - 500 - 1990
assert (THERE, HERE) == (55230, 52740)


def there(refund: Refund, day: int, status: str = SUCCEEDED, **facts: Any) -> Refund:
    """A refund as its list shows it on a day at noon."""
    finished = datetime(2026, 11, day, 9, 30) if status == SUCCEEDED else None
    return replace(refund, status=status, finished_at=finished, **facts)


def taken_in(
    desk: Desk, folder: Folder, day: int, refunds: dict[str, list[Refund]], *, orders: bool = False, questions: int = 0
) -> Desk:
    """The lists of a day, of all platforms, of which some rows ask a question; the desk at its noon."""
    desk = replace(desk, at=NOON + timedelta(days=day - 9))
    paths: list[Path] = []
    if orders:
        paths += folder.both(*bought(refunds[TAOBAO]))
        beside = {DOUYIN: [BESIDE_ORDER]}
        for platform in (JD, PDD, DOUYIN):
            sold_there = [*bought(refunds[platform]), *beside.get(platform, [])]
            paths.append(order_list(platform, sold_there, folder.path, day=day))
    paths.append(folder.refunds(*refunds[TAOBAO]))
    paths += [refund_list(platform, refunds[platform], folder.path, day=day) for platform in (JD, PDD, DOUYIN)]
    document = desk.read("import", *map(str, paths), code=3 if questions else 0)
    assert document["totals"]["questions"] == questions
    assert [file["refused"] for file in document["files"]] == [0] * len(paths), document
    return desk


def bought(refunds: Iterable[Refund]) -> list[Order]:
    return [refund.order for refund in refunds]


def clicked(desk: Desk) -> set[tuple[str, str]]:
    """Everything on the list is clicked on the platform; refund number and click of each."""
    items = desk.read("platform", "todo")["items"]
    desk.read("platform", "done", *(item["case"] for item in items), by=MANAGER)
    return {(item["platform_number"], item["action"]) for item in items}


@pytest.fixture
def desk(sqlite_books: Any) -> Desk:
    """A terminal in a shop with its people and its two products."""
    sqlite_books.hire()
    sqlite_books.product(SHIRT, barcode="6901234567892")
    sqlite_books.product(CUP, category="日用", barcode="6901234567908")
    return Desk(sqlite_books.database)


def test_the_usual_morning_on_four_platforms_reconciles(desk: Desk, folder: Folder, tmp_path: Path) -> None:
    monday = _monday(desk, folder)
    wednesday = _goods_back(monday, folder)
    thursday = _paid(wednesday, folder)
    _month(thursday, tmp_path)
    thursday.books.check()


def _monday(desk: Desk, folder: Folder) -> Desk:
    """Four lists of requests; all that is clear is approved and clicked."""
    returns = {platform: refund for platform, (refund, _waybill) in RETURNED_BY.items()}
    wishes = {platform: [CANCELLED[platform], returns[platform]] for platform in CANCELLED}
    wishes[PDD].append(CUT)
    desk = taken_in(desk, folder, 9, wishes, orders=True)
    for number in (refund.number for refunds in wishes.values() for refund in refunds):
        desk.case("approve", number, by=MANAGER)
    pays = {(refund.number, "agree_refund") for refund in (*CANCELLED.values(), CUT)}
    assert clicked(desk) == pays | {(refund.number, "agree_return") for refund in returns.values()}
    return desk


def _goods_back(desk: Desk, folder: Folder) -> Desk:
    """Wednesday: money before sending is out; the buyers' waybills are known, and the parcels lie at the door."""
    lists = {platform: [there(CANCELLED[platform], 10), _on_its_way(platform)] for platform in CANCELLED}
    lists[PDD].append(there(CUT, 10, amount=3500))
    desk = taken_in(desk, folder, 11, lists, questions=1)
    (question,) = desk.read("imports", "questions")["questions"]
    assert (question["subject"], question["known"], question["found"]) == (CUT.number, "30.00", "35.00")
    for refund in CANCELLED.values():
        assert desk.case("show", refund.number)["stage"] == "finished"
    for _refund, waybill in RETURNED_BY.values():
        scans = desk.type("--json", "scan", "-", by=WAREHOUSE, typed=f"{waybill}\nRCMDA\n6901234567908\n").documents
        assert [scan["outcome"] for scan in scans] == ["received", "command", "inspected"]
    assert clicked(desk) == {(refund.number, "confirm_receipt") for refund, _waybill in RETURNED_BY.values()}
    return desk


def _on_its_way(platform: str) -> Refund:
    """A return that was agreed to there, with the buyer's waybill."""
    refund, waybill = RETURNED_BY[platform]
    return there(refund, 11, RETURNED, waybill=waybill, carrier="圆通速递", goods="买家已退货")


def _paid(desk: Desk, folder: Folder) -> Desk:
    """Thursday: every return was paid, and what 小红 agreed to in the back-end."""
    lists: dict[str, list[Refund]] = {
        platform: [there(refund, 12, waybill=waybill)] for platform, (refund, waybill) in RETURNED_BY.items()
    }
    lists[DOUYIN].append(there(BESIDE, 12))
    desk = taken_in(desk, folder, 12, lists)
    for refund, _waybill in RETURNED_BY.values():
        assert desk.case("show", refund.number)["stage"] == "finished"
    return desk


def _month(desk: Desk, target: Path) -> None:
    """552.30 was paid there and 527.40 of it decided here: 19.90 and 5.00 differ, 497.40 agrees in eight."""
    document = desk.read("export", "reconciliation", "--month", "2026-11", "-o", str(target))
    totals = {name: document["totals"][name][0]["minor"] for name in ("paid", "platform", "own", "matched")}
    assert totals == {"paid": THERE, "platform": THERE, "own": HERE, "matched": HERE - 3000}
    differences = document["differences"]
    assert {x["bill"]: (x["class"], x["money"]["minor"], x["operator"]) for x in differences} == PLANTED
    assert [x["agreed_there"] for x in differences if x["class"] == "D2"] == ["person"]
    assert [document["control"]["CNY"][side]["closing"]["count"] for side in ("ours", "platform")] == [0, 0]
    opened = [payload for (payload,) in desk.books.rows("SELECT payload FROM events WHERE action = 'open'")]
    assert any('"door":"approval"' in payload for payload in opened)
    assert not any('"door":"refund"' in payload for payload in opened), "no payout was typed"
