"""What a code is by its shape alone, where the books know nothing of it: waybill, telephone, barcode, serial number."""

import re
from enum import StrEnum

from retcli.rules.telephones import telephone
from retcli.rules.warehouse.barcodes import as_long_as_a_barcode, gtin
from retcli.rules.warehouse.ids import carrier, ean13, shaped_as_of
from retcli.rules.warehouse.payloads import NUMBERED

_OURS = re.compile(rf"[A-Z]{{2}}\d{{8}}-\d{{4,}}|{NUMBERED}", re.ASCII)
"""Numbers that these books give to parcels, cases and payouts, and the codes on labels that hold one."""
_OF_A_CARRIER = re.compile(r"(?:SF|YT|JD|JT|DPK)\d{4,}", re.ASCII)
"""Letters of carriers whose waybills are known: with another count of digits the code was read wrong or cut off."""
_CUT_OFF = re.compile(r"SF\d{4,11}", re.ASCII)
"""A waybill of 顺丰 has twelve digits or more: with fewer its end was not read or not typed."""
_ITEM_OF_POST = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", re.ASCII)
"""An item of the post by UPU standard S10: eight digits and their check digit."""
_POST_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_BARCODE_DIGITS = 13
_LIKE_A_WAYBILL = re.compile(r"[A-Z]{2,6}\d{9,20}[A-Z]{0,3}|1Z[A-Z0-9]{16}|[A-Z]\d{10,15}", re.ASCII)
"""Letters before a long number, as the waybills of carriers have them that have no pattern of their own here."""
_LETTERED = re.compile(r"[A-Z].*", re.ASCII)
_IMEI = re.compile(r"\d{15}", re.ASCII)
_DATA = re.compile(r"://|[{}=]")


class Shape(StrEnum):
    """What a code looks like that the books do not know."""

    WAYBILL = "waybill"  # certainly a carrier's
    PERHAPS = "perhaps"  # it may be one
    EITHER = "either"  # a carrier's shape, and its last digit fits the others as a barcode's check digit does
    BARCODE = "barcode"  # certainly an article number
    MISREAD = "misread"  # its check digit does not fit
    CUT_OFF = "cut_off"  # a carrier's letters before too few or too many digits
    PHONE = "phone"
    OURS = "ours"  # the form of the numbers that these books give
    SERIAL = "serial"  # the number of a single device
    DATA = "data"  # the address or the data of a QR code
    NONE = "none"


def shape(code: str) -> Shape:
    """What a comparable code looks like."""
    # A misread barcode must not open a parcel. Thirteen digits in a carrier's shape may be one, so that they wait until
    # the parcel on the table is done.
    if telephone(code) and not gtin(code):
        return Shape.PHONE
    if _OURS.fullmatch(code):
        return Shape.OURS
    if ean13(code):
        return Shape.EITHER if shaped_as_of(code) else Shape.BARCODE
    if _wrong_post(code):
        return Shape.MISREAD
    if _CUT_OFF.fullmatch(code):
        return Shape.CUT_OFF
    if carrier(code):
        return Shape.PERHAPS if len(code) == _BARCODE_DIGITS and code.isdigit() else Shape.WAYBILL
    return _of_no_carrier(code)


def _of_no_carrier(code: str) -> Shape:
    """What a code looks like that has the shape of no known carrier's waybill."""
    if as_long_as_a_barcode(code):
        return Shape.BARCODE if gtin(code) else Shape.MISREAD
    if _OF_A_CARRIER.fullmatch(code):
        return Shape.CUT_OFF
    if _IMEI.fullmatch(code) and _luhn(code):
        return Shape.SERIAL
    if _LIKE_A_WAYBILL.fullmatch(code):
        return Shape.PERHAPS
    return Shape.DATA if _DATA.search(code) else Shape.NONE


def like_a_waybill(code: str) -> bool:
    """Whether a comparable code has the shape of some carrier's waybills and none of a barcode's."""
    return shape(code) in {Shape.WAYBILL, Shape.PERHAPS}


def lettered_waybill(code: str) -> bool:
    """Whether a comparable code is certainly a carrier's waybill with its letters: no other number looks like one."""
    return shape(code) == Shape.WAYBILL and _LETTERED.fullmatch(code) is not None


def _wrong_post(code: str) -> bool:
    """Whether a code has the shape of an item of the post and a wrong check digit (UPU standard S10)."""
    item = _ITEM_OF_POST.fullmatch(code)
    if item is None:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(item[1], _POST_WEIGHTS, strict=True)) % 11
    return int(item[2]) != {10: 0, 11: 5}.get(check, check)


def _luhn(number: str) -> bool:
    """Whether the last digit of a number is its check digit by ISO/IEC 7812 (Luhn), as that of an IMEI is (3GPP TS
    23.003, annex B).
    """
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(digit - 9 * (digit > 9) for digit in doubled) % 10 == 0
