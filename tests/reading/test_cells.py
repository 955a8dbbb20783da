"""One cell of an export: what it means, or why it means nothing certain."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.platforms import DIALECTS, taobao
from retcli.platforms.reasons import reason
from retcli.reading import cells, waybills
from retcli.reading.cells import Unreadable, codes, count, identifier, instant, money, one_of, plain, spelled
from retcli.rules.casefile.reasons import REASONS
from tests.shopfloor import shanghai

DESTROYED = "a spreadsheet has destroyed this number; export again as text or CSV"
NO_MONEY, NO_COUNT, NO_DATE = "not an amount of money", "not a number of pieces", "not a date"
NUMBER = "2850164703703601200"


def refused(read: Callable[[str], Any], cell: str) -> str:
    """Why the cell is refused."""
    with pytest.raises(Unreadable) as wrong:
        read(cell)
    return str(wrong.value)


@pytest.mark.parametrize(
    "cell",
    [
        NUMBER,
        f'="{NUMBER}"',
        f'=" {NUMBER} "',
        f"'{NUMBER}",
        f"`{NUMBER}",
        f"\t{NUMBER}",
        f"{NUMBER}\t",
        f" \u3000{NUMBER}\xa0",
        f"\ufeff{NUMBER}",
        f"'\t{NUMBER}\t",
        NUMBER.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}),
    ],
)
def test_an_id_under_all_its_wrappings(cell: str) -> None:
    assert identifier(cell) == NUMBER


@pytest.mark.parametrize(
    "cell",
    [
        "2.85016E+18",
        "4.10E+18",
        "2.850164703703601e+18",
        '="2.85016E+18"',
        "'2.85E+18",
        "1E5",
        f"{NUMBER}.0",
        "2850164703703601.0",
        "2850164703703601.00",
    ],
)
def test_an_id_destroyed_by_a_spreadsheet_is_never_guessed(cell: str) -> None:
    assert refused(identifier, cell) == DESTROYED
    assert refused(waybills.waybill, cell) == DESTROYED


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        ("123456789012345.0", "123456789012345"),
        ("12.0", "12"),
        ("V2.0", "V2.0"),
        ("TS01-WH-L", "TS01-WH-L"),
        ("1E-5", "1E-5"),
        ("2E", "2E"),
        ("007", "007"),
        ("", ""),
        ("null", ""),
        ("无", ""),
        ("-", ""),
        ("——", ""),
        ('=""', ""),
    ],
)
def test_other_ids_stay_as_they_are(cell: str, known: str) -> None:
    assert identifier(cell) == known


def test_a_waybill_is_what_the_scanner_will_type() -> None:
    assert waybills.waybill("'jdva0123456789-1-1-\t") == "JDVA0123456789"
    assert waybills.waybill("YT9876543210123 圆通") == "YT9876543210123", "the carrier beside it is no part of it"
    assert waybills.waybill("圆通速递：YT9876543210123") == "YT9876543210123"
    assert waybills.waybill("自提") == "自提"


@pytest.mark.parametrize(
    ("cell", "left"),
    [("'182****5604", "182****5604"), ('="a"', "a"), ("``x", "x"), ("it's", "it's"), ("\t", ""), ("'", "")],
)
def test_wrappings_are_taken_off(cell: str, left: str) -> None:
    assert plain(cell) == left


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("59.90", 5990),
        ("0元", 0),
        ("12.50元", 1250),
        ("￥1,299.50", 129950),
        ('="59.90"', 5990),
        ("'59.9", 5990),
        ("59.90\t", 5990),
        ("无退款申请", 0),
        ("", None),
        ("-", None),
        ("--", None),
        ("null", None),
        ("无", None),
        ("-3.00", -300),
        ("¥-5.00", -500),
        ("-¥5.00", -500),
        ("131.77(已退款89.84)", 13177),
        ("￥131.77元（已退款¥89.84元）\t", 13177),
    ],
)
def test_amounts(cell: str, fen: int | None) -> None:
    assert money(cell) == fen


@pytest.mark.parametrize(
    "cell",
    [
        "12.3.4",
        "1_000",
        "NaN",
        "1e3",
        "1.23E+05",
        "0.30000000000000004",
        "12,50",
        "五元",
        "没有申请退款",
        "131.77(abc)",
        "131.77(已退款)",
        "131.77(已退款abc)",
        "131.77(已退款89.84",
        "(已退款89.84)",
        "131.77(已退款89.84)(已退款1.00)",
        "１２．３４５",
    ],
)
def test_what_is_no_amount(cell: str) -> None:
    assert refused(money, cell) == NO_MONEY


@pytest.mark.parametrize(("cell", "fen"), [("59.90", 5990), ("0", 0), ("", None), ("无退款申请", 0)])
def test_what_was_paid(cell: str, fen: int | None) -> None:
    assert cells.worth(cell) == fen


@pytest.mark.parametrize("cell", ["-0.01", "(3.00)", "-59.90元"])
def test_nobody_pays_less_than_nothing(cell: str) -> None:
    assert refused(cells.worth, cell) == NO_MONEY


@pytest.mark.parametrize(("cell", "pieces"), [("1", 1), ("12.0", 12), ("'3", 3), ("", None), ("-", None), ("0", 0)])
def test_numbers_of_pieces(cell: str, pieces: int | None) -> None:
    assert count(cell) == pieces


@pytest.mark.parametrize("cell", ["-1", "1.5", "1_0", "１", "١", "two", "1e2", "12345678", "1,000"])
def test_what_is_no_number_of_pieces(cell: str) -> None:
    assert refused(count, cell) == NO_COUNT


@pytest.mark.parametrize("cell", ["0", "0.0", "00"])
def test_nobody_buys_no_pieces(cell: str) -> None:
    assert refused(cells.pieces, cell) == NO_COUNT
    assert (cells.pieces("2"), cells.pieces("")) == (2, None)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("2026-03-01 15:30:10", "2026-03-01 15:30:10"),
        ("2026-03-01 15:30", "2026-03-01 15:30"),
        ("2026-03-01", "2026-03-01 00:00"),
        ("2026/1/2 3:04", "2026-01-02 03:04"),
        ("2026/01/02 03:04:05", "2026-01-02 03:04:05"),
        ("2026.1.2", "2026-01-02 00:00"),
        ("2026年1月2日", "2026-01-02 00:00"),
        ("2026年1月2日 3:04", "2026-01-02 03:04"),
        ("2026-03-01T15:30:10", "2026-03-01 15:30:10"),
        ("2026-03-01 15:30:10.0", "2026-03-01 15:30:10"),
        ("'2026-03-01 15:30:10\t", "2026-03-01 15:30:10"),
        ('="2026-03-01 15:30:10"', "2026-03-01 15:30:10"),
        ("2028-02-29 00:00:00", "2028-02-29 00:00"),
        ("46338.5", "2026-11-12 12:00"),
        ("46024", "2026-01-02 00:00"),
        ("46327.39", "2026-11-01 09:21:36"),
        ("46327.396527777775", "2026-11-01 09:31"),
        ("46327.999999999", "2026-11-02 00:00"),
        ('="46338.5"', "2026-11-12 12:00"),
        ("39814", "2009-01-01 00:00"),
        ("73051", "2100-01-01 00:00"),
    ],
)
def test_instants_are_shanghais_kept_in_utc(cell: str, at: str) -> None:
    assert instant(cell) == shanghai(at).astimezone(UTC).isoformat()


@pytest.mark.parametrize("cell", ["", "null", "-", "\t"])
def test_no_instant(cell: str) -> None:
    assert instant(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "2026-02-30 10:00:00",
        "2026-02-29",
        "2026-13-01",
        "2026/0/1",
        "2026-01-02 24:00:00",
        "2026-01-02 12:60",
        "20260102",
        "20260102030405",
        "2026-03",
        "26-03-01",
        "03/01/2026",
        "39813.9",
        "73052",
        "46082.",
        "-46082.5",
        "46,082.5",
        "４６０８２",
        "1768222209",
        "1768222209000",
        "46082.5 10:00",
        "0000-00-00 00:00:00",
        "0001-01-01 00:00:00",
        "0001/1/1",
        "2026-01-02 3:04 PM",
        "2026-01-02 03:04:05+08:00",
        "昨天",
    ],
)
def test_what_is_no_date(cell: str) -> None:
    assert refused(instant, cell) == NO_DATE


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("as it is", "as it is"),
        (None, ""),
        (True, "True"),
        (3.0, "3"),
        (59.9, "59.9"),
        (123456789012345.0, "123456789012345"),
        (42, "42"),
        (datetime(2026, 3, 1, 15, 30, 10), "2026-03-01 15:30:10"),
        (date(2026, 3, 1), "2026-03-01"),
        (timedelta(hours=3, minutes=4), "3:04:00"),
    ],
)
def test_a_workbooks_cell_as_text(cell: object, text: str) -> None:
    assert spelled(cell) == text


@pytest.mark.parametrize("cell", [2.8501647037036012e18, 2850164703703601200, 1e15, 10**15, -1e16])
def test_a_number_cell_too_long_to_be_exact_is_no_id(cell: float) -> None:
    assert refused(identifier, spelled(cell)) == DESTROYED


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), 1e-7, 0.1 + 0.2])
def test_a_number_cell_that_is_no_amount(cell: float) -> None:
    assert refused(money, spelled(cell)) == NO_MONEY


@given(st.integers(0, 10**11))
def test_an_amount_in_a_number_cell_is_read_to_the_fen(fen: int) -> None:
    """What a workbook holds is a binary fraction; its shortest spelling is the amount."""
    assert money(spelled(fen / 100)) == fen


@given(st.text(max_size=12))
def test_whatever_stands_in_a_cell_is_understood_or_refused(cell: str) -> None:
    for read in (identifier, waybills.waybill, money, cells.worth, count, cells.pieces, instant, codes, reason):
        try:
            read(cell)
        except Unreadable as wrong:
            assert str(wrong) in {DESTROYED, NO_MONEY, NO_COUNT, NO_DATE}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("6901234567892", ["6901234567892"]),
        ("690-1, 690-2；690-3、690-4", ["690-1", "690-2", "690-3", "690-4"]),
        ("６９０\n691", ["690", "691"]),
        ("无", []),
        ("", []),
    ],
)
def test_several_codes_in_a_cell(cell: str, found: list[str]) -> None:
    assert codes(cell) == found


STATUS = one_of(taobao.REFUND_STATUS)


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("买家已经申请退款，等待卖家同意", "requested"),
        ("买家已经申请退款,等待卖家同意", "requested"),
        (" 退款成功\t", "succeeded"),
        ("", ""),
        ("null", ""),
    ],
)
def test_words_of_a_vocabulary(cell: str, status: str) -> None:
    assert STATUS(cell) == status


def test_an_unknown_word_is_refused_or_passed_over() -> None:
    assert refused(STATUS, "退款成功了吗") == "a word that is not known here"
    assert one_of(taobao.ORDER_STATUS, "")("新状态") == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("7天无理由退换货", "B_7D"),
        ("不喜欢/效果不好", "B_MIND"),
        ("尺寸拍错/不喜欢/效果不好", "B_MIS"),
        ("多拍/拍错/不想要", "B_MIS"),
        ("我不想要了", "B_MIND"),
        ("大小/尺寸与商品描述不符", "SZ_DESC"),
        ("材质/面料与描述不符", "D_MATERIAL"),
        ("颜色/款式/图案与描述不符", "D_COLOR"),
        ("做工粗糙/有瑕疵", "Q_CRAFT"),
        ("质量问题", "Q_FUNC"),
        ("收到商品少件/破损/污渍", "W_SHORT"),
        ("卖家发错货", "W_WRONG"),
        ("假冒品牌", "F_FAKE"),
        ("生产日期/保质期不符", "Q_SPOIL"),
        ("快递一直未送到", "L_LOST"),
        ("快递无跟踪记录", "L_NOTRACK"),
        ("货物破损已拒签", "L_DAMAGE"),
        ("未按约定时间发货", "S_LATE"),
        ("缺货", "S_OOS"),
        ("发票问题", "I_INVOICE"),
        ("退运费", "I_FREIGHT"),
        ("断码了", "X_OTHER"),
        ("其他", "X_OTHER"),
        ("", ""),
    ],
)
def test_the_buyers_choice_is_one_of_our_reasons(words: str, code: str) -> None:
    """Every label of Taobao's in `docs/rules.md` §6; phrases, not single characters."""
    assert reason(words) == code
    assert not code or code in REASONS


def test_null_with_an_apostrophe_is_empty_in_every_column_of_every_platform() -> None:
    """As back-ends print a remark, a phone or an address that is not there."""
    for dialect in DIALECTS:
        for field in dialect.fields:
            for cell in ("'null", "null", "`null", "'NULL"):
                assert field.read(cell) in ("", None, [], 0), (dialect.name, field.name, cell)


@pytest.mark.parametrize(
    ("cell", "unnamed", "in_grams", "in_kilograms"),
    [
        ("350", 350, 350, 350_000),
        ("0.35", 350, 0, 350),
        ("5.5", 5_500, 6, 5_500),  # half a gram counts as one
        ("350.00", 350, 350, 350_000),  # no parcel weighs 350 kg
        ("50.0", 50_000, 50, 50_000),
        ("50.1", 50, 50, 50_100),
        ("0.3500000", 350, 0, 350),
        ("1,200", 1_200, 1_200, None),  # 1.2 t are no parcel
        ("350g", 350, 350, 350),
        ("0.35 kg", 350, 350, 350),
        ("2公斤", 2_000, 2_000, 2_000),
        ('="0.35"', 350, 0, 350),
        ("0", 0, 0, 0),
    ],
)
def test_a_weight_is_in_whole_grams(cell: str, unnamed: int, in_grams: int, in_kilograms: int | None) -> None:
    assert (cells.weight(cell), cells.grams(cell)) == (unnamed, in_grams)
    if in_kilograms is not None:
        assert cells.kilograms(cell) == in_kilograms


@pytest.mark.parametrize("cell", ["约350", "350ml", "-3", "1.2.3", "9999999", "35斤"])
def test_what_is_no_weight_is_said(cell: str) -> None:
    for read in (cells.weight, cells.grams, cells.kilograms):
        with pytest.raises(Unreadable):
            read(cell)
