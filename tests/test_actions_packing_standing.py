"""What goes to the platform tells only what stands: nothing that was taken back, nothing without its fact."""

from pathlib import Path

import pytest

from retcli.actions import cases, changing, packing, parcels, payouts, platform, queue, taking_back
from retcli.rules.lifecycles import Kind
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import AGENT, MANAGER, ORDER_NUMBER, WAREHOUSE, Books
from tests.test_actions_queue import opened, seen


@pytest.fixture
def shop(books: Books) -> Books:
    """A shop with its people."""
    books.hire()
    return books


def told(books: Books, case: str, place: Path, *, everything: bool = False) -> str:
    """The text for the platform."""
    return packing.pack(books.asked(), case, folder=place, everything=everything).text


def happened(text: str) -> list[str]:
    """What happened when, without the instants."""
    return [line[18:] for line in text.partition("【事情经过】\n")[2].partition("\n\n")[0].splitlines()]


def test_what_was_taken_back_in_the_review_is_not_told(shop: Books, tmp_path: Path) -> None:
    """Refused and taken back, agreed and taken back, agreed: the buyer applied once, the shop agreed once."""
    case = opened(shop, 1, 9900)
    for decide, more in ((queue.reject_seen, ["吊牌已剪"]), (queue.approve_seen, [])):
        shop.later(minutes=1)
        view = shop.do(decide, seen(shop, case), *more, by=AGENT)
        shop.do(taking_back.decision, case, view.version, by=AGENT)
    shop.later(minutes=1)
    shop.do(queue.approve_seen, seen(shop, case), by=AGENT)
    text = told(shop, case, tmp_path / "told")
    lines = happened(text)
    assert [line for line in lines if line.startswith(("商家", "买家申请", "买家再次"))][1:] == [
        next(line for line in lines if line.startswith("买家申请")),
        "商家同意",
    ]
    assert "拒绝" not in text and "再次申请" not in text and "吊牌" not in text
    own = happened(told(shop, case, tmp_path / "own", everything=True))
    assert [line for line in own if line in {"商家拒绝", "商家撤回决定", "商家同意"}] == [
        "商家拒绝", "商家撤回决定", "商家同意", "商家撤回决定", "商家同意",
    ]  # fmt: skip


def test_a_change_of_what_was_agreed_is_not_the_buyers_application(shop: Books, tmp_path: Path) -> None:
    """Agreed, then other pieces, then refused, then another kind: the shop's own steps."""
    shop.order(ORDER_NUMBER, ("TS-L", 2, 9900))
    case = shop.do(cases.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="Q_FUNC", by=AGENT).number
    shop.do(cases.approve, case, by=MANAGER)
    shop.do(changing.change, case, lines=["TS-L=1"], because="only one", by=AGENT)
    assert "商家同意" not in happened(told(shop, case, tmp_path / "first"))
    shop.do(cases.reject, case, because="吊牌已剪", by=AGENT)
    shop.later(minutes=1)
    shop.do(changing.change, case, kind="exchange", because="agreed on the phone", by=AGENT)
    lines = happened(told(shop, case, tmp_path / "second"))
    assert lines[-2:] == ["商家拒绝", "商家重新受理"] and "买家再次申请" not in lines


def test_what_was_clicked_on_the_platform_happened(shop: Books, tmp_path: Path, folder: Folder) -> None:
    """The agreement was clicked there before the case was changed; then the buyer applies anew, once."""
    bought = sold("2850000000000000511", ("TS-L", 2, 19800))
    take(shop, *folder.both(bought), folder.refunds(asked_back("31", bought, 19800, status=REQUESTED)))
    shop.do(cases.approve, "31", by=MANAGER)
    shop.do(platform.done, ["31"], by=MANAGER)
    shop.later(minutes=1)
    shop.do(changing.change, "31", lines=["TS-L=1"], because="only one", by=MANAGER)
    assert happened(told(shop, "31", tmp_path / "told"))[-2:] == ["商家同意", "商家撤回决定"]


def test_an_inspection_and_a_refund_taken_back_are_not_told(shop: Books, tmp_path: Path) -> None:
    """Found defective by mistake, then good; 99.00 paid, taken back, and nothing stands as refunded."""
    shop.order(ORDER_NUMBER, ("TS-L", 1, 9900))
    case = shop.do(cases.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="Q_FUNC", by=AGENT).number
    shop.do(cases.approve, case, by=MANAGER)
    shop.do(parcels.expect_by_hand, case, "YT5260493176849")
    shop.do(parcels.inspect, case, [parcels.parse_item("TS-L=1:C")], by=WAREHOUSE)
    shop.do(parcels.inspect, case, [parcels.parse_item("TS-L=1:A")], by=WAREHOUSE)
    payout = shop.do(payouts.refund, case, by=MANAGER)
    for step in ("send", "confirm"):
        shop.do(payouts.step, payout.number, step, by=MANAGER)
    shop.do(cases.reopen, case, by=MANAGER)
    shop.do(payouts.reverse, payout.number, because="sent twice", by=MANAGER)
    text = told(shop, case, tmp_path / "told")
    assert [line for line in happened(text) if line.startswith("验货")] == ["验货：TS-L ×1，A 良品"]
    assert "已退金额" not in text and "到账" not in text
