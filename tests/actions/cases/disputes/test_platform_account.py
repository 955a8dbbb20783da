"""What goes to the platform tells only what stands: nothing that was taken back, nothing without its fact."""

import re
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from retcli.actions.cases import changes, decisions, platform_list, queue, taking_back
from retcli.actions.cases.disputes import evidence_pack
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import policies
from retcli.actions.warehouse import inspection, parcels
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened as shop_opened
from tests.actions.cases.test_queue import opened, seen
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, ORDER_NUMBER, WAREHOUSE, Books


@pytest.fixture
def shop(books: Books) -> Books:
    """A shop with its people."""
    books.hire()
    return books


def told(books: Books, case: str, place: Path, *, everything: bool = False) -> str:
    """The text for the platform."""
    return evidence_pack.pack(books.asked(), case, folder=place, everything=everything).text


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
    case = shop.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="Q_FUNC", by=AGENT).number
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(changes.change, case, lines=["TS-L=1"], because="only one", by=AGENT)
    assert "商家同意" not in happened(told(shop, case, tmp_path / "first"))
    shop.do(decisions.reject, case, because="吊牌已剪", by=AGENT)
    shop.later(minutes=1)
    shop.do(changes.change, case, kind="exchange", because="agreed on the phone", by=AGENT)
    lines = happened(told(shop, case, tmp_path / "second"))
    assert lines[-3:] == ["商家拒绝", "商家重新受理", "此后按换货处理"] and "买家再次申请" not in lines


def test_what_was_clicked_on_the_platform_happened(shop: Books, tmp_path: Path, folder: Folder) -> None:
    """The agreement was clicked there before the case was changed; then the buyer applies anew, once."""
    bought = sold("2850000000000000511", ("TS-L", 2, 19800))
    take(shop, *folder.both(bought), folder.refunds(asked_back("31", bought, 19800, status=REQUESTED)))
    shop.do(decisions.approve, "31", by=MANAGER)
    shop.do(platform_list.done, ["31"], by=MANAGER)
    shop.later(minutes=1)
    shop.do(changes.change, "31", lines=["TS-L=1"], because="only one", by=MANAGER)
    assert happened(told(shop, "31", tmp_path / "told"))[-2:] == ["商家同意", "商家撤回决定"]


def test_an_inspection_and_a_refund_taken_back_are_not_told(shop: Books, tmp_path: Path) -> None:
    """Found defective by mistake, then good; 99.00 paid, taken back, and nothing stands as refunded."""
    shop.order(ORDER_NUMBER, ("TS-L", 1, 9900))
    case = shop.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="Q_FUNC", by=AGENT).number
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(parcels.expect_by_hand, case, "YT5260493176849")
    shop.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:C")], by=WAREHOUSE)
    shop.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
    payout = shop.do(payouts.refund, case, by=MANAGER)
    for step in ("send", "confirm"):
        shop.do(payout_steps.step, payout.number, step, by=MANAGER)
    shop.do(decisions.reopen, case, by=MANAGER)
    shop.do(payout_steps.reverse, payout.number, because="sent twice", by=MANAGER)
    text = told(shop, case, tmp_path / "told")
    assert [line for line in happened(text) if line.startswith("验货")] == ["验货：TS-L ×1，A 良品"]
    assert "已退金额" not in text and "到账" not in text


def part(text: str, name: str) -> list[str]:
    """The lines of one part of the text."""
    return text.partition(f"【{name}】\n")[2].partition("\n\n")[0].splitlines()


def test_the_buyers_words_are_the_platforms_and_ours_are_called_ours(
    shop: Books, tmp_path: Path, folder: Folder
) -> None:
    """Taobao's list says 不想要了, which is our category 不喜欢: only the buyer's words are the buyer's. A case that
    somebody opened by hand has none: its reason is what the shop wrote down.
    """
    bought = unsent(sold("2850000000000000521", ("TS-L", 1, 9900)))
    wish = asked_back("41", bought, 9900, kind="仅退款", status=REQUESTED, reason="不想要了")
    take(shop, *folder.both(bought), folder.refunds(wish))
    text = told(shop, "41", tmp_path / "there")
    assert part(text, "原因") == ["买家填写：不想要了"] and "不喜欢" not in text
    shop.order(ORDER_NUMBER, ("TS-L", 1, 9900))
    case = shop.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="B_MIND", by=AGENT).number
    text = told(shop, case, tmp_path / "here")
    assert part(text, "原因") == ["商家登记的买家原因：不喜欢"]
    assert "申请退货退款，本店登记的原因：不喜欢。" in text and "买家填写" not in text


def test_what_the_buyer_applied_for_is_told_as_it_was(shop: Books, tmp_path: Path, folder: Folder) -> None:
    """Refund-only after receipt is a price cut in the books; a return made an exchange was applied for as a return."""
    bought = sold("2850000000000000531", ("TS-L", 1, 9900))
    take(shop, *folder.both(bought))
    take(shop, folder.refunds(asked_back("51", bought, 4000, kind="仅退款")))
    text = told(shop, "51", tmp_path / "there")
    assert "买家申请：仅退款\n处理方式：补偿\n" in text and "申请仅退款，原因：7天无理由退换货。" in text
    assert "×0" not in text
    shop.order(ORDER_NUMBER, ("TS-L", 1, 9900))
    case = shop.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="SZ_FIT", by=AGENT).number
    shop.later(minutes=1)
    shop.do(changes.change, case, kind="exchange", because="agreed on the phone", by=AGENT)
    text = told(shop, case, tmp_path / "here")
    assert happened(text)[-2:] == ["买家申请退货退款（商家登记的原因：尺码不合适）", "此后按换货处理"]
    shop.do(changes.change, case, kind="return", because="taken back", by=AGENT)
    assert "换货" not in told(shop, case, tmp_path / "back"), "what was taken back is not told"


def test_all_that_went_back_of_the_order_is_in_the_amounts(shop: Books, tmp_path: Path, folder: Folder) -> None:
    """100.00 paid: 40.00 went back on another case. The buyer asked for 60.00, the shop agreed to 50.00: what was asked
    for stays what the buyer asked for.
    """
    bought = sold("2850000000000000541", ("TS-L", 1, 10000))
    take(shop, *folder.both(bought))
    first = asked_back("61", bought, 4000, kind="仅退款")
    second = asked_back("62", bought, 6000, kind="仅退款", status=REQUESTED, applied_at=datetime(2026, 11, 9, 9))
    take(shop, folder.refunds(first, second))
    shop.do(decisions.approve, "62", amount=5000, by=MANAGER)
    rows = part(told(shop, "62", tmp_path / "told"), "金额")
    assert rows[:4] == ["订单实付：100.00", "申请金额：60.00", "核定金额：50.00", "本订单其他售后单已退：40.00"]


def test_what_only_the_order_file_tells_is_in_the_amounts(shop: Books, tmp_path: Path) -> None:
    """The order file of a platform without a refund report says 30.00 of 99.00 went back; here 10.00 was paid."""
    shop.order(ORDER_NUMBER, ("TS-L", 1, 9900), refunded_there=3000)
    case = shop.do(
        decisions.open_case, ORDER_NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=1000, by=AGENT
    ).number
    shop.do(decisions.approve, case, by=MANAGER)
    payout = shop.do(payouts.refund, case, by=MANAGER)
    shop.do(payout_steps.step, payout.number, "send", by=MANAGER)
    rows = part(told(shop, case, tmp_path / "sent"), "金额")
    assert rows[3:5] == ["已打款、尚未确认到账：10.00", "平台订单报表所载的其他退款：30.00"]
    shop.do(payout_steps.step, payout.number, "confirm", by=MANAGER)
    rows = part(told(shop, case, tmp_path / "there"), "金额")
    assert rows[3:5] == ["已付补偿：10.00", "平台订单报表所载的其他退款：30.00"], "a price cut is called so here too"


def test_a_return_that_lacks_pieces_says_how_many(shop: Books, tmp_path: Path) -> None:
    """Two to come back; one came, in order: told after the agreement, as it happened."""
    shop.order(ORDER_NUMBER, ("TS-L", 2, 19800))
    case = shop.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(parcels.expect_by_hand, case, "YT5260493176849")
    shop.later(days=1)
    shop.do(inspection.inspect, case, [inspection.parse_item("TS-L=1:A")], by=WAREHOUSE)
    text = told(shop, case, tmp_path / "told")
    lacking = "应退回 2 件，至今验到本单商品 1 件"
    assert happened(text)[-1] == lacking
    assert f"同意申请，核定金额 198.00。验货：TS-L ×1，A 良品。{lacking}。请平台" in text


def test_an_order_without_a_waybill_has_no_broken_phrase(shop: Books, tmp_path: Path) -> None:
    """Neither the way out nor a refusal whose reason ends in a full stop; goods sent again have their own waybill."""
    shop.order(ORDER_NUMBER, ("TS-L", 1, 9900), currency="JPY")
    with shop_opened(shop.asked()) as rows:
        rows.session.execute(sa.text("UPDATE orders SET waybill = ''"))
    case = shop.do(decisions.open_case, ORDER_NUMBER, kind=Kind.RESEND, reason="W_SHORT", by=AGENT).number
    shop.do(decisions.reject, case, because="称重无误。", by=AGENT)
    text = told(shop, case, tmp_path / "refused")
    assert "已于 2026-11-02 12:00 发货。订单于" in text and "理由：称重无误。请平台" in text
    assert "商家发货" in happened(text) and "买家付款 9900 JPY" in happened(text)
    assert not re.search(r"[：，（ ](?:。|$)|。。|：\n(?!\d)", text, re.MULTILINE), text
    shop.do(changes.change, case, reason="W_SHORT", because="found", by=AGENT)
    shop.do(decisions.approve, case, by=MANAGER)
    shop.do(decisions.ship, case, waybill="SF1888888888888", by=WAREHOUSE)
    text = told(shop, case, tmp_path / "sent")
    assert "同意申请。本店于 2026-11-09 12:00 再次发出 TS-L ×1，运单号 SF1888888888888。" in text
    assert "核定金额" not in text


def test_what_the_shops_people_are_told_to_type_is_not_sent(shop: Books, tmp_path: Path) -> None:
    """Software, downloaded or opened, is refused: the way to say that its seal is whole is the shop's own; so is a
    photo that nobody asked for.
    """
    rules = tmp_path / "policy.toml"
    rules.write_text('version = "1"\nfrom = 2026-11-09\n[excluded]\ndigital = ["软件"]\n', encoding="utf-8")
    shop.do(policies.load, rules)
    shop.order(ORDER_NUMBER, ("DISC", 1, 9900), ("TS-L", 1, 9900))
    shop.product("DISC", category="软件")
    case = shop.do(
        decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="B_7D", lines=["DISC=1"], by=AGENT
    ).number
    assert "retcli" in told(shop, case, tmp_path / "own", everything=True)
    shop.do(decisions.reject, case, because="已下载", by=AGENT)
    text = told(shop, case, tmp_path / "refused")
    assert "依据暂行办法 §6" in text and "retcli" not in text, text
    case = shop.do(
        decisions.open_case, ORDER_NUMBER, kind=Kind.RETURN, reason="Q_FUNC", lines=["TS-L=1"], by=AGENT
    ).number
    assert "可以请买家补" not in told(shop, case, tmp_path / "fault")
    assert "可以请买家补" in told(shop, case, tmp_path / "fault_own", everything=True)
