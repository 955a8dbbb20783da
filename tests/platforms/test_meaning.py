"""The other Chinese platforms' words, and what is special about one, each in numbers."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from retcli import platforms
from retcli.platforms import DIALECTS, alibaba, douyin, erp, jd, pdd, wxshop
from retcli.platforms.reasons import REASON_WORDS, reasons
from retcli.reading import cells, row_steps, waybills
from retcli.reading.cells import Unreadable
from retcli.reading.dialect import Fault, Row
from retcli.rules.casefile.reasons import REASONS

MODULES = [import_module(f"{platforms.__name__}.{each.name}") for each in iter_modules(platforms.__path__)]

STATUSES = {
    "pdd": (
        pdd.REFUND_STATUS,
        "2 requested 3 requested 4 goods_sent 5 goods_sent 6 refused 7 awaiting_goods 8 requested 9 closed 10 succeeded"
        " 11 closed 12 closed 13 closed 14 requested 16 succeeded 17 closed 18 replacement_sent 21 requested"
        " 22 awaiting_goods 24 closed 25 succeeded 27 replacement_sent 31 awaiting_goods 32 goods_sent"
        " 33 awaiting_goods",
    ),
    "douyin": (
        douyin.REFUND_STATUS,
        "6 requested 7 awaiting_goods 8 goods_sent 11 goods_sent 12 succeeded 13 replacement_sent 14 succeeded"
        " 27 refused 28 closed 29 refused 51 closed 53 succeeded",
    ),
    "wxshop": (
        wxshop.REFUND_STATUS,
        "1 closed 2 requested 4 refused 5 refused 6 awaiting_goods 7 closed 8 goods_sent 12 goods_sent 13 succeeded"
        " 14 succeeded 15 goods_sent 16 goods_sent 17 requested 18 closed 19 closed",
    ),
}
"""The platforms' numbers (`docs/rules.md` §2.4), by what the platform does next."""


@pytest.mark.parametrize("platform", list(STATUSES))
def test_the_platforms_numbers_are_our_statuses(platform: str) -> None:
    known, listed = STATUSES[platform]
    pairs = listed.split()
    for number, status in zip(pairs[::2], pairs[1::2], strict=True):
        assert cells.one_of(known)(number) == status, number


TEXTS = {
    "pdd": [
        ("买家申请退款，待商家处理", "requested"),
        ("退货退款，待商家处理", "requested"),
        ("商家同意退款，退款中", "goods_sent"),
        ("驳回退款，待买家处理", "refused"),
        ("已同意退货退款,待用户发货", "awaiting_goods"),
        ("平台拒绝退款，退款关闭", "closed"),
        ("退款成功", "succeeded"),
        ("买家撤销", "closed"),
        ("补寄待商家发货", "goods_sent"),
    ],
    "douyin": [
        ("待商家处理", "requested"),
        ("待买家退货处理", "awaiting_goods"),
        ("待商家收货", "goods_sent"),
        ("拒绝售后申请", "refused"),
        ("同意退款，退款失败", "goods_sent"),
        ("同意退款，退款成功", "succeeded"),
        ("售后关闭", "closed"),
        ("换货成功", "succeeded"),
    ],
    "jd": [("待审核", "requested"), ("待收货", "awaiting_goods"), ("完成", "succeeded"), ("取消", "closed")],
    "kuaishou": [("售后成功", "succeeded"), ("卖家已拒绝，等待买家处理", "refused")],
    "wxshop": [("待买家退货", "awaiting_goods"), ("MERCHANT_WAIT_RECEIPT", "goods_sent"), ("退款成功", "succeeded")],
    "xhs": [("待用户寄回", "awaiting_goods"), ("审核拒绝", "refused")],
}


@pytest.mark.parametrize(("platform", "text", "status"), [(p, *pair) for p, pairs in TEXTS.items() for pair in pairs])
def test_the_platforms_texts_are_our_statuses(platform: str, text: str, status: str) -> None:
    (dialect,) = [each for each in DIALECTS if each.platform == platform and each.holds == "refunds"]
    (column,) = [field for field in dialect.fields if field.name == "status"]
    assert column.read(f"{text}\t") == status


TABLES = [
    (module.__name__.split(".")[-1], name, table)
    for module in MODULES
    for name, table in vars(module).items()
    if name.endswith(("_STATUS", "_KIND")) and isinstance(table, dict)
]
WORDS = {
    "order": {"unpaid", "paid", "shipped", "done", "closed"},
    "refund": {"requested", "awaiting_goods", "goods_sent", "replacement_sent", "refused", "closed", "succeeded"},
    "kind": {"refund-only", "return", "exchange", "resend", "repair", "allowance", "freight"},
}


@pytest.mark.parametrize(("module", "name", "table"), TABLES)
def test_each_word_of_a_platform_is_one_of_ours(module: str, name: str, table: dict[str, str]) -> None:
    """Also where two are written alike but for their punctuation."""
    ours = "kind" if name.endswith("_KIND") else "refund" if "REFUND" in name else "order"
    assert set(table.values()) <= WORDS[ours]
    for word, code in table.items():
        assert cells.one_of(table)(word) == code
    if ours != "order":
        with pytest.raises(Unreadable):
            cells.one_of(table)("从未见过的词")


@pytest.mark.parametrize("words", [REASON_WORDS, *(vars(module).get("REASON_WORDS", ()) for module in MODULES)])
def test_each_phrase_is_a_canonical_reason(words: tuple[tuple[str, str], ...]) -> None:
    assert {code for _phrase, code in words} <= set(REASONS)


@pytest.mark.parametrize(
    ("own", "said", "code"),
    [
        (pdd.REASON_WORDS, "做工/质量问题", "Q_CRAFT"),
        (pdd.REASON_WORDS, "与商品描述(严重)不符", "D_DESC"),
        (pdd.REASON_WORDS, "多拍/拍错/不想要", "B_MIS"),
        (pdd.REASON_WORDS, "商家发错货", "W_WRONG"),
        (douyin.REASON_WORDS, "商家未按时发货", "S_LATE"),
        (douyin.REASON_WORDS, "物流停滞/未收到", "L_DELAY"),
        (douyin.REASON_WORDS, "多拍/错拍/不想要", "B_MIS"),
        (douyin.REASON_WORDS, "地址填错", "B_INFO"),
        (jd.REASON_WORDS, "发错货/漏发", "W_WRONG"),
        (jd.REASON_WORDS, "商品质量/故障", "Q_FUNC"),
        (jd.REASON_WORDS, "外观/包装破损", "L_DAMAGE"),
        (jd.REASON_WORDS, "价格变动", "I_PRICE"),
        (wxshop.REASON_WORDS, "快递长时间未送达", "L_DELAY"),
        (wxshop.REASON_WORDS, "包裹为空", "L_EMPTY"),
        (wxshop.REASON_WORDS, "肤质不匹配", "Q_ALLERGY"),
        (wxshop.REASON_WORDS, "10000019", "B_7D"),
        (wxshop.REASON_WORDS, "功能/效果不符", "D_EFFECT"),
        ((), "心情不好", "X_OTHER"),
        ((), "-", ""),
    ],
)
def test_a_platforms_own_phrases_come_first(own: tuple[tuple[str, str], ...], said: str, code: str) -> None:
    assert reasons(own)(said) == code


EXPRESS = "SF0220481613112-顺丰速运,保温杯x1;YT9300000012345-圆通速递,数据线x2"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("没有质量问题，就是不喜欢", "B_MIND"),
        ("没有发现瑕疵，不想要了", "B_MIND"),
        ("非质量问题退货", "X_OTHER"),
        ("无破损，尺码不合适", "SZ_FIT"),
        ("外包装无明显破损，少件", "W_SHORT"),
        ("商品无法使用", "Q_FUNC"),
        ("没有配件", "Q_PART"),
        ("三无产品", "F_3NO"),
        ("没发票", "I_INVOICE"),
    ],
)
def test_a_fault_that_the_buyer_denies_is_no_reason(said: str, code: str) -> None:
    """Read as a fault, the shop would pay the way back and lose its seven days."""
    assert reasons()(said) == code


def test_douyins_express_cell_gives_every_parcel() -> None:
    both = [("SF0220481613112", "顺丰速运"), ("YT9300000012345", "圆通速递")]
    assert douyin.express_parcels(EXPRESS) == both
    assert (douyin.express_numbers(EXPRESS), douyin.express_company(EXPRESS)) == (
        "SF0220481613112 YT9300000012345",
        "顺丰速运",
    )
    assert (douyin.express_numbers("-"), douyin.express_company(""), douyin.express_parcels("自提")) == ("", "", [])


def test_douyins_express_cell_without_a_carrier_or_with_the_mark_of_a_box() -> None:
    cell = "YT9300000012345;JDVA0123456789-1-2-京东快递,保温杯x1"
    assert douyin.express_parcels(cell) == [("YT9300000012345", ""), ("JDVA0123456789", "京东快递")]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [("##fX8Q##", ""), ("\t$$0bqW$$", ""), ("\t林**", "林**"), ("-", ""), ("138****0000", "138****0000")],
)
def test_an_encrypted_person_is_nobody(cell: str, seen: str) -> None:
    assert douyin.unsealed(cell) == seen


def one(**values: Any) -> Row:
    return Row(2, {"order": "A", **values})


def test_what_the_platform_gave_to_a_payment_is_not_the_buyers_cash() -> None:
    """28.90 with 3.00 of freight, of which the payment channel paid 2.15: the buyer paid 23.75 for the goods."""
    row = douyin.cash_of_line(one(payable=2890, freight=300, given=215))
    assert isinstance(row, Row)
    assert row.values == {"order": "A", "freight": 300, "stated": 2375}
    assert douyin.cash_of_line(one(payable=2890, freight=300, given=2591)) == Fault(
        2, "订单应付金额", "28.90", "the amounts of this row do not add up", "A"
    )


@pytest.mark.parametrize(
    ("goods", "postage", "tax", "given", "amount"),
    [
        (5000, None, None, None, 5000),
        (5000, 300, 20, -88, 5232),
        (5000, 0, 0, 88, 4912),
        (None, None, None, None, None),
    ],
)
def test_what_douyin_gives_back_to_the_buyer(
    goods: int | None, postage: int | None, tax: int | None, given: int | None, amount: int | None
) -> None:
    row = douyin.cash_back(one(goods=goods, postage=postage, tax=tax, given=given))
    assert isinstance(row, Row)
    assert row.values == {"order": "A", "amount": amount}


def test_the_freight_of_a_douyin_order_is_that_of_all_its_rows() -> None:
    rows = [one(line="1", freight=300, status="closed"), one(line="2", freight=200, status="done")]
    found = [row.values for row in douyin.one_order(rows) if isinstance(row, Row)]
    assert [(row["line"], row["freight"], row["status"]) for row in found] == [("1", 500, "done"), ("2", 500, "done")]


def test_rows_of_a_douyin_order_that_stand_apart_are_refused() -> None:
    rows = [one(line="1", freight=300), Row(3, {"order": "B", "line": "1", "freight": 0}), one(line="2", freight=0)]
    found = list(douyin.one_order(rows))
    assert [type(row) for row in found] == [Row, Row, Fault]
    assert isinstance(found[2], Fault)
    assert found[2].order == "A"


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("(删除)等待出库", "closed"),
        ("（删除）完成\t", "closed"),
        ("等待出库", "paid"),
        ("锁定", "paid"),
        ("没见过", ""),
    ],
)
def test_a_deleted_order_of_jd_was_called_off(cell: str, status: str) -> None:
    assert jd.order_status(cell) == status


def test_jds_balance_is_the_buyers_own_money() -> None:
    paid = jd.cash_of_order(one(payable=9500, balance=500))
    assert isinstance(paid, Row)
    assert paid.values == {"order": "A", "paid": 10000}


@pytest.mark.parametrize("values", [{}, {"payable": 9500}, {"balance": 500}, {"payable": None, "balance": 0}])
def test_a_file_of_jd_that_does_not_say_what_was_paid_is_refused(values: dict[str, int | None]) -> None:
    refused = jd.cash_of_order(one(**values))
    assert isinstance(refused, Fault)
    assert (refused.column, refused.order) == ("应付金额", "A")


def test_a_service_order_turned_down_on_review_gave_no_money() -> None:
    assert jd.turned_down(one(status="succeeded", review="审核关闭")).values["status"] == "closed"
    assert jd.turned_down(one(status="succeeded", review="同意")).values["status"] == "succeeded"


HEAD_1688 = {"paid": 100, "paid_at": "x", "buyer": "林"}


def test_1688s_merged_cells_belong_to_the_row_above() -> None:
    first = Row(2, {"order": "A", **HEAD_1688, "title": "甲"})
    below = Row(3, {"order": "", **dict.fromkeys(HEAD_1688), "title": "乙"})
    found = list(alibaba.carried([first, below]))
    assert found == [first, Row(3, {"order": "A", **HEAD_1688, "title": "乙"})]


@pytest.mark.parametrize("broken", [Fault(2, "实付款(元)", "x", "p", "A"), Fault(2, "订单编号", "1E+18", "p")])
def test_rows_below_a_refused_one_are_refused_with_it(broken: Fault) -> None:
    below = Row(3, {"order": "", **dict.fromkeys(HEAD_1688), "title": "乙"})
    found = list(alibaba.carried([Row(1, {"order": "Z", **HEAD_1688}), broken, below]))
    assert [type(row) for row in found] == [Row, Fault, Fault]
    assert isinstance(found[2], Fault)
    assert found[2].order == broken.order


def test_a_refused_row_below_refuses_its_order() -> None:
    first = Row(2, {"order": "A", **HEAD_1688, "title": "甲"})
    found = list(alibaba.carried([first, Fault(3, "数量", "两件", "p")]))
    assert found == [first, Fault(3, "数量", "两件", "p", "A")]


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("69.20(分销商等级折扣：47.80)", 6920),
        ("131.77(已退款89.84)", 13177),
        ("131.77（已退款89.84）\t", 13177),
        ("69.20", 6920),
        ("-", None),
    ],
)
def test_an_amount_with_a_note_behind_it(cell: str, fen: int | None) -> None:
    assert cells.noted_worth(cell) == fen


@pytest.mark.parametrize("cell", ["(3.00)", "已退款(3.00)", "1.5.2(x)"])
def test_a_note_makes_no_amount(cell: str) -> None:
    with pytest.raises(Unreadable):
        cells.noted_worth(cell)


NUMBERS = ["773187945217235", "YT9876543210123", "SF1234567890123"]
"""Three parcels of one order."""


@pytest.mark.parametrize("apart", [",", ";", "，", "；", "、", "|", "/", "\n", "\t", " ", "  ", "; ", ",\n", " / "])
@pytest.mark.parametrize("label", ["", "No:", "No: ", "运单号：", "申通快递 "])
def test_every_waybill_of_a_cell_is_read(apart: str, label: str) -> None:
    cell = apart.join(label + number for number in NUMBERS)
    assert waybills.waybills(cell) == NUMBERS
    assert waybills.all_waybills(f'="{cell.lower()}"') == " ".join(NUMBERS)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("sf123,yt456", ["SF123", "YT456"]),
        ("SF 12；YT3", ["SF12", "YT3"]),
        ('="JT1"', ["JT1"]),
        ('="JT1";="JT2"', ["JT1", "JT2"]),
        ("-", []),
        ("\t", []),
        ("No:", []),
        ("7731 8794 5217 235", ["773187945217235"]),
        ("SF 1600 4117 3366", ["SF160041173366"]),
        ("773,187,945,217,235", ["773187945217235"]),
        ("圆通 YT9876543210123 申通 773012345678901", ["YT9876543210123", "773012345678901"]),
        ("申通,773187945217235;圆通,YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("No:773187945217235No:773187945217243", ["773187945217235", "773187945217243"]),
        ("JDVA0123456789-1-2-,JDVA0123456789-2-2-", ["JDVA0123456789"]),
        ("773187945217235;773187945217235", ["773187945217235"]),
        ("自提", ["自提"]),
        *(
            (f"No:773187945217235{apart}No:YT9876543210123", ["773187945217235", "YT9876543210123"])
            for apart in ("。", "+", "&", "\\", "和", "·", "－", " - ", "＋", "及", ">", "~")
        ),
        *(
            (f"SF1620041173366{apart}YT9876543210123", ["SF1620041173366", "YT9876543210123"])
            for apart in ("。", "+", "&", "\\", "和", "·", "－", "-", " 和 ")
        ),
        ("单号1:773187945217235 单号2:YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("单号1：773187945217235单号2：YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("包裹1：773187945217235，包裹2：YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("1.773187945217235 2.YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("1、773187945217235 2、YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("①773187945217235②YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("⒈773187945217235 ⒉YT9876543210123", ["773187945217235", "YT9876543210123"]),
        ("①773187945217235", ["773187945217235"]),
        ("包裹1：773187945217235", ["773187945217235"]),
        ('["773187945217235","YT9876543210123"]', ["773187945217235", "YT9876543210123"]),
        ('["773187945217235"]', ["773187945217235"]),
        ("7731-8791-0000-004", ["773187910000004"]),
        ("7731-8791-0000-004;7731-9990-0000-002", ["773187910000004", "773199900000002"]),
        ("261108-000000000000001", ["261108-000000000000001"]),
        ("JDVA0123456789-1-2-和YT9876543210123", ["JDVA0123456789", "YT9876543210123"]),
    ],
)
def test_waybills_as_cells_have_them(cell: str, numbers: list[str]) -> None:
    assert waybills.waybills(cell) == numbers


@pytest.mark.parametrize(
    "cell",
    ["773187945217235第3个YT9876543210123", "123456789012-987654321098", "A1234567890和12和B1234567890"],
)
def test_several_numbers_that_nobody_can_tell_apart_are_refused(cell: str) -> None:
    with pytest.raises(cells.Unreadable) as refused:
        waybills.waybills(f"SF1620041173366;{cell}")
    assert refused.value.part == cell


def test_of_several_waybills_the_destroyed_one_is_named() -> None:
    with pytest.raises(cells.Unreadable) as refused:
        waybills.waybills("773187945217235;No:7.73188E+14")
    assert refused.value.part == "No:7.73188E+14"


@pytest.mark.parametrize(("cell", "n"), [("1,200", 1200), ("2.0000", 2), ('="3"', 3), ("4", 4), ("", None)])
def test_pieces_as_an_erp_prints_them(cell: str, n: int | None) -> None:
    assert erp.erp_pieces(cell) == n


@pytest.mark.parametrize("cell", ["1,20", "1.5", "0.0000", "-1"])
def test_what_is_no_number_of_pieces(cell: str) -> None:
    with pytest.raises(Unreadable):
        erp.erp_pieces(cell)


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        (("浙江省", "杭州市", "", "青禾镇 1号"), "浙江省 杭州市 青禾镇 1号"),
        (("浙江省", "杭州市", "", "浙江省杭州市青禾镇1号"), "浙江省杭州市青禾镇1号"),
        (("上海市", "上海市", "浦东新区", ""), "上海市 浦东新区"),
        (("", "", "", "1号"), "1号"),
    ],
)
def test_an_address_is_put_together(parts: tuple[str, str, str, str], address: str) -> None:
    values = dict(zip(("province", "city", "district", "address"), parts, strict=True))
    assert row_steps.whole_address(one(**values)).values == {"order": "A", "address": address}


def test_an_erp_without_a_payments_time() -> None:
    assert erp.paid_when_ordered(one(paid=100, ordered_at="t")).values["paid_at"] == "t"
    assert erp.paid_when_ordered(one(paid=0, ordered_at="t")).values["paid_at"] is None
    assert erp.paid_when_ordered(one(paid=100, ordered_at="t", paid_at="u")).values["paid_at"] == "u"
