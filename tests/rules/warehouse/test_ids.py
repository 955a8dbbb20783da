"""What a scanner types: every spelling of a code is one code, and a barcode is no waybill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.warehouse.ids import box, carrier, ean13, looks_typed_by_ime, normalised

FULL_WIDTH = {ord(ch): chr(ord(ch) + 0xFEE0) for ch in map(chr, range(0x21, 0x7F))}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("SF1234567890123", "SF1234567890123", id="as it stands"),
        pytest.param("sf1234567890123", "SF1234567890123", id="Caps Lock off"),
        pytest.param("ＳＦ１２３４５６７８９０１２３", "SF1234567890123", id="full-width by the input method"),
        pytest.param("sｆ123４567890123", "SF1234567890123", id="half of it full-width"),
        pytest.param("SF1234567890123\t", "SF1234567890123", id="trailing tab"),
        pytest.param("\ufeffSF1234567890123\r\n", "SF1234567890123", id="byte order mark, line end"),
        pytest.param(" SF 1234 5678\u30009012\xa03 ", "SF1234567890123", id="blanks, also wide ones, inside too"),
        pytest.param("\x02SF1234567890123\x03", "SF1234567890123", id="control characters around it"),
        pytest.param("SF12345\u200b67890123\u202e", "SF1234567890123", id="invisible characters"),
        pytest.param("]C1SF1234567890123", "SF1234567890123", id="AIM prefix of Code 128"),
        pytest.param("]e0SF1234567890123", "SF1234567890123", id="AIM prefix of GS1"),
        pytest.param("］Ｃ１ＳＦ１２３４５６７８９０１２３", "SF1234567890123", id="AIM prefix in full width"),
        pytest.param("JDVA0123456789-1-1-", "JDVA0123456789", id="JD's parcel 1 of 1"),
        pytest.param("JDVA0123456789-2-3", "JDVA0123456789", id="JD's parcel 2 of 3"),
        pytest.param("jd0123456789012-1-1-", "JD0123456789012", id="JD in small letters"),
        pytest.param("JDVA0123456789—1—1—", "JDVA0123456789", id="JD with dashes of the input method"),
        pytest.param("JDVA0123456789", "JDVA0123456789", id="JD without suffix"),
        pytest.param("SF1234567890123-2-3", "SF1234567890123", id="SF's parcel 2 of 3"),
        pytest.param("yt5260493176849-1-1-", "YT5260493176849", id="YTO in small letters"),
        pytest.param("75532627755166－1－2－", "75532627755166", id="ZTO with dashes of the input method"),
        pytest.param("770123456789012-1-2", "770123456789012", id="STO's parcel 1 of 2"),
        pytest.param("4612345678901-10-12-", "4612345678901", id="Yunda's parcel 10 of 12"),
        pytest.param("JT1234567890123-1-2-", "JT1234567890123", id="J&T's parcel 1 of 2"),
        pytest.param("EA123456789CN-1-2", "EA123456789CN", id="EMS's parcel 1 of 2"),
        pytest.param("9612345678901-1-2", "9612345678901", id="a post parcel 1 of 2"),
        pytest.param("运单号：DPK364123456789-1-2-", "DPK364123456789", id="Deppon's parcel 1 of 2 behind a label"),
        pytest.param("SF1234567890123-3-2", "SF1234567890123-3-2", id="no third parcel of two"),
        pytest.param("SF1234567890123-0-2", "SF1234567890123-0-2", id="no parcel nought"),
        pytest.param("SF1234567890123-1", "SF1234567890123-1", id="one number behind is no suffix"),
        pytest.param("6901234567892-1-2", "6901234567892-1-2", id="a barcode has no parcels"),
        pytest.param("TS01-1-2", "TS01-1-2", id="a code of the shop has no parcels"),
        pytest.param("TS01-WH-L", "TS01-WH-L", id="a code of the shop keeps its dashes"),
        pytest.param("TS01—WH－L", "TS01-WH-L", id="dashes of every length"),
        pytest.param("TS01‐WH‑L", "TS01-WH-L", id="hyphens that look alike"),
        pytest.param("1。5", "1.5", id="Chinese full stop"),
        pytest.param("NO SF1620041173366", "SF1620041173366", id="a blank for the colon"),
        pytest.param("no 78120045566771", "78120045566771", id="a blank for the colon before digits"),
        pytest.param("NO12345678901", "NO12345678901", id="no carrier's number behind NO"),
        pytest.param("SF16-20041173366", "SF1620041173366", id="in groups"),
        pytest.param("7731-8791-0000-004", "773187910000004", id="digits in groups"),
        pytest.param("运单号：7731-9990-0000-002", "773199900000002", id="digits in groups behind a label"),
        pytest.param("114-1381234-5678901", "114-1381234-5678901", id="an order's number of three groups"),
        pytest.param("SF-111111111-12", "SF11111111112", id="letters apart"),
        pytest.param("SF1620041173366顺丰速运", "SF1620041173366", id="the carrier behind it"),
        pytest.param("顺丰 SF1620041173366", "SF1620041173366", id="the carrier before it"),
        pytest.param("顺丰速运:SF1620041173366", "SF1620041173366", id="the carrier with a colon"),
        pytest.param("中通快递78120045566771", "78120045566771", id="the carrier before digits"),
        pytest.param("SF1620041173366(顺丰)", "SF1620041173366", id="the carrier in brackets"),
        pytest.param("SF1620041173366|顺丰", "SF1620041173366", id="the carrier behind a bar"),
        pytest.param("JDVA0123456789-1-2--京东物流", "JDVA0123456789", id="box and carrier"),
        pytest.param("快递号:SF1620041173366", "SF1620041173366", id="快递号"),
        pytest.param("邮件号：EA123456789CN", "EA123456789CN", id="邮件号"),
        pytest.param("'SF1620041173366", "SF1620041173366", id="a leading quote"),
        pytest.param("`SF1620041173366", "SF1620041173366", id="a leading backtick"),
        pytest.param('="SF1620041173366"', "SF1620041173366", id="as a spreadsheet's text"),
        pytest.param("红色-YD12", "红色-YD12", id="a code of the shop with a name"),
        pytest.param("261108-000000000000001", "261108-000000000000001", id="an order's number in groups"),
        pytest.param("", "", id="Enter alone"),
        pytest.param("\t \r", "", id="blanks alone"),
    ],
)
def test_every_spelling_of_a_code_is_one_code(typed: str, code: str) -> None:
    assert normalised(typed) == code


@pytest.mark.parametrize(
    ("code", "number"),
    [("JDVA0123456789-2-2-", 2), ("运单号：JDVA0123456789-1-3", 1), ("JDVA0123456789", None), ("TS01-1-2", None)],
)
def test_which_box_a_label_names(code: str, number: int | None) -> None:
    assert box(code) == number


CODE = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,19}[A-Z0-9]", fullmatch=True)


@given(code=CODE, wide=st.booleans(), small=st.booleans(), around=st.sampled_from(["", " ", "\t", "\r\n", "\u3000"]))
def test_however_it_is_typed_it_is_found(code: str, wide: bool, small: bool, around: str) -> None:
    typed = code.lower() if small else code
    typed = typed.translate(FULL_WIDTH) if wide else typed
    assert normalised(around + typed + around) == normalised(code)
    assert normalised(normalised(code)) == normalised(code)


@pytest.mark.parametrize(
    ("typed", "by_ime"),
    [("ＳＦ１２３", True), ("SF123", False), ("SF123。", True), ("顺丰123", True), ("sf—123", False), ("", False)],
)
def test_the_input_method_is_noticed(typed: str, by_ime: bool) -> None:
    assert looks_typed_by_ime(typed) is by_ime


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("6901234567892", True),
        ("4006381333931", True),
        ("0000000000000", True),
        ("6901234567893", False),
        ("690123456789", False),
        ("69012345678920", False),
        ("690123456789A", False),
        ("６９０１２３４５６７８９２", False),
        ("", False),
    ],
)
def test_barcodes_are_known_by_their_check_digit(code: str, right: bool) -> None:
    assert ean13(code) is right


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_exactly_one_check_digit_fits(first: str) -> None:
    assert sum(ean13(f"{first}{digit}") for digit in range(10)) == 1


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("SF1234567890123", "顺丰"),
        ("YT5260493176849", "圆通"),
        ("881234567890", "圆通"),
        ("75532627755166", "中通"),
        ("78123456789012", "中通"),
        ("773012345678901", "申通"),
        ("4312345678901", "韵达"),
        ("463123456789012", "韵达"),
        ("YD123", "韵达"),
        ("JDVA0123456789", "京东"),
        ("JD0123456789012", "京东"),
        ("JT1234567890123", "极兔"),
        ("EA123456789CN", "EMS"),
        ("1012345678901", "EMS"),
        ("9612345678901", "邮政"),
        ("DPK1234567890", "德邦"),
        ("TS01-WH-L", None),
        ("SF12", None),
        ("", None),
        ("12345", None),
    ],
)
def test_a_waybill_suggests_its_carrier(code: str, name: str | None) -> None:
    assert carrier(code) == name


@pytest.mark.parametrize("waybill", ["431234567890", "101234567890", "961234567890"])
def test_a_waybill_that_is_also_a_barcode_suggests_nothing(waybill: str) -> None:
    barcode = next(waybill + str(digit) for digit in range(10) if ean13(waybill + str(digit)))
    other = next(waybill + str(digit) for digit in range(10) if not ean13(waybill + str(digit)))
    assert (carrier(barcode), carrier(other) is None) == (None, False)
