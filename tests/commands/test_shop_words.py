"""The words that shops use for what they type: a month by its number, a kind or reason in everyday words."""

from pathlib import Path

import pytest

from retcli.actions.warehouse.inspection import parse_item
from retcli.commands import asking, parcels, payouts, staff
from retcli.commands.case import offers, queue, written_beside
from retcli.errors import WrongCommand
from retcli.platforms.reasons import reason
from retcli.platforms.vocabulary import WORDS
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.shop_words import meant_by, words_of
from tests.shopfloor import NOON, ORDER_NUMBER
from tests.terminal import Desk


@pytest.mark.parametrize("month", ["11", "11月", "2026-11"])
def test_a_month_by_its_number_is_this_years(desk: Desk, tmp_path: Path, month: str) -> None:
    exported = desk.read("export", "reconciliation", "--month", month, "-o", str(tmp_path))
    assert "2026-11" in exported["file"]


@pytest.mark.parametrize("month", ["13", "0", "十一"])
def test_what_is_no_month_is_refused(desk: Desk, month: str) -> None:
    assert f"{month} is no month" in desk.refused("export", "reconciliation", "--month", month, code=2)


@pytest.mark.parametrize(
    ("kind", "reason", "meant"),
    [("退货", "坏了", ("return", "Q_FUNC")), ("退货", "不想要了", ("return", "B_MIND")),
     ("补寄", "漏发", ("resend", "W_SHORT")), ("退货", "质量问题", ("return", "Q_FUNC")),
     ("退货", "尺码不合适/拍错了", ("return", "B_MIS")), ("退货退款", "七天无理由退换货", ("return", "B_7D"))],
)  # fmt: skip
def test_a_case_is_opened_in_everyday_words(desk: Desk, kind: str, reason: str, meant: tuple[str, str]) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", kind, "--reason", reason, "--line", "TS-L")
    assert (case["kind"], case["reason"]["stated"]) == meant


def test_the_buyers_handle_is_known_by_its_name() -> None:
    (buyer,) = {word for words in WORDS.values() for word in words if word.name == "buyer"}
    assert {"旺旺", "买家旺旺"} <= set(buyer.often)


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("尺码有点小", "SZ_FIT 尺码不合适"),
        ("质量不行", "Q_"),
        ("发货实在慢", "S_LATE 未按时发货"),
    ],
)
def test_a_wrong_reason_names_the_nearest(desk: Desk, written: str, near: str) -> None:
    words = ("--lang", "zh", "case", "open", ORDER_NUMBER, "--kind", "退货", "--reason", written, "--line", "TS-L")
    answer = desk.type(*words)
    assert answer.code == 2
    hint = next(line for line in answer.err.splitlines() if "是不是" in line)
    assert near in hint
    assert hint.count("、") == 2, "three of them, and where all stand"
    assert "retcli words" in answer.err


def test_a_word_like_none_says_where_all_stand(desk: Desk) -> None:
    answer = desk.type("case", "open", ORDER_NUMBER, "--kind", "return", "--reason", "☃", "--line", "TS-L")
    assert (answer.code, "retcli words" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("written", "day"),
    [("今天", "2026-11-09"), ("昨天", "2026-11-08"), ("前天", "2026-11-07"), ("11月1日", "2026-11-01"),
     ("11-9", "2026-11-09"), ("12月31日", "2025-12-31"), ("2026年7月1号", "2026-07-01")],
)  # fmt: skip
def test_days_as_people_say_them(written: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a year it is the last such day: on the ninth of November the 31 December is last year's."""
    monkeypatch.setenv("RETCLI_NOW", NOON.isoformat())
    assert asking.day(written).isoformat() == day


@pytest.mark.parametrize(
    "written", ["13月1日", "2月30日", "明天", "1-2-3-4", "", "99999999999999999999-1", "1-99999999999999999999-1"]
)
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(WrongCommand, match="is no date"):
        asking.day(written)


def test_a_flag_and_a_way_in_everyday_words(desk: Desk) -> None:
    case = desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    assert desk.case("flag", case, "红色")["flag"] == "red"
    assert desk.type("case", "contact", case, "--by", "旺旺", "--result", "agreed").code == 0


SAID = {
    "kind": "退货 退款 仅退 换 换新 补发 补寄 补货 返修 退差价 部分退款 催单",
    "reason": "坏了 不能用 有划痕 少配件 开线 发霉了 过敏 货不对板 色差 尺码小了 太大了 穿不下 碎了 没收到货 物流太慢 "
    "拒收 发错了 少发 发货慢 缺货 不想要了 7天无理由 拍错了 地址写错 没用券 假货 要发票 邮费 买贵了 协商好了",
    "way": "电话 打电话 旺旺 千牛 微信 飞鸽 咚咚 短信",
    "result": "没接 不接 没人接 打不通 没回 联系上了 接通了 同意 同意了 答应了 不同意 拒绝",
    "flag": "红 红旗 黄色 绿 蓝 紫色 取消",
    "evidence": "图片 录像 开箱视频 聊天 检测报告",
    "entry": "介入 小二介入 差评 投诉",
    "role": "老板 店长 客服 售后 仓管 会计",
    "payout": "待复核 没打 已打款 到账 失败 不确定",
    "parcel": "在路上 已收 已验",
    "stage": "待审 待处理 待寄回 在途 待验货 待发货 待打款 复核 待点 完结 已拒绝 已撤回",
    "rung": "讲解 解释 券 发券 赔偿 换货 退货",
}
"""What people in a shop type for each choice, blanks between the words."""
CHOICES = {
    "kind": asking.a_kind,
    "reason": asking.a_reason,
    "way": written_beside._way,
    "result": written_beside._outcome,
    "flag": written_beside._flag,
    "evidence": written_beside._evidence,
    "entry": written_beside._entry,
    "role": staff._role,
    "payout": payouts._state,
    "parcel": parcels._state,
    "stage": queue._stage,
    "rung": offers._rung,
}


@pytest.mark.parametrize(("choice", "written"), [(choice, word) for choice in SAID for word in SAID[choice].split()])
def test_a_shops_word_is_understood(choice: str, written: str) -> None:
    assert CHOICES[choice](written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("没接", "no_answer"), ("不接", "no_answer"), ("接了", "reached"), ("不同意", "refused"), ("已联系上", "reached")],
)
def test_the_outcome_of_a_call(written: str, meant: str) -> None:
    assert written_beside._outcome(written) == meant


def test_no_word_of_a_shop_means_two_reasons() -> None:
    """The party at fault hangs on it. A platform's own phrase that a shop types means the same in both tables."""
    for code in REASONS:
        for written in words_of(code):
            assert [meant for meant in meant_by(written) if meant in REASONS] == [code], written
            assert reason(written) in {code, "X_OTHER"}, written


def test_pieces_are_graded_in_a_shops_words_and_an_input_methods_signs() -> None:
    for written in ("TS-L=2:A", "TS-L=2:良品", "TS-L＝2：好的", "TS-L=2:好:上架"):
        piece = parse_item(written)
        assert (piece.sku, piece.quantity, piece.grade, piece.disposition) == ("TS-L", 2, "A", "sellable"), written


@pytest.mark.parametrize(
    ("written", "due"),
    [("2026-11-12 18:00", (12, 18, 0)), ("明天18点", (10, 18, 0)), ("后天 9:30", (11, 9, 30)),
     ("11.12 18点30分", (12, 18, 30)),
     ("明天", (11, 0, 0)), ("周五", (14, 0, 0)), ("12号", (13, 0, 0))],
)  # fmt: skip
def test_a_deadline_lies_ahead(written: str, due: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a day alone the end counts."""
    monkeypatch.setenv("RETCLI_NOW", NOON.isoformat())
    at = written_beside.moment(written)
    assert (at.month, at.day, at.hour, at.minute) == (11, *due)


@pytest.mark.parametrize("typed", ["60", "６０", " 60 "])
def test_a_number_is_read_as_an_input_method_writes_it(typed: str) -> None:
    assert asking.number(typed) == 60


@pytest.mark.parametrize("typed", ["", "-3", "2.5", "abc", "六十", "0x3"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(WrongCommand):
        asking.number(typed)
