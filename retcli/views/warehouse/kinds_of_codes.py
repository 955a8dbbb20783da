"""Words for what a scanned code stands for."""

from retcli.language import _, mark
from retcli.rules.warehouse.codes import Meaning

_KINDS = {
    Meaning.PARCEL: mark("a parcel that comes back"),
    Meaning.REFUSED: mark("a waybill of what we sent"),
    Meaning.COMMAND: mark("a command"),
    Meaning.SLIP: mark("a case's number"),
    Meaning.SLIPS: mark("a number of several cases"),
    Meaning.ORDER: mark("an order's number"),
    Meaning.PLACE: mark("the label of a place"),
    Meaning.BADGE: mark("a badge"),
    Meaning.ARTICLE: mark("an article's code"),
    Meaning.ARTICLES: mark("a barcode of several articles"),
    Meaning.TAIL: mark("the end of a buyer's telephone number"),
    Meaning.BOTH: mark("an expected piece or another parcel"),
    Meaning.SEVERAL: mark("several numbers in one"),
    Meaning.STRANGER: mark("a waybill that nobody announced"),
    Meaning.PERHAPS: mark("perhaps a waybill"),
    Meaning.EITHER: mark("a waybill or a barcode"),
    Meaning.MISREAD: mark("a code with a wrong check digit"),
    Meaning.CUT_OFF: mark("a waybill with too few or too many digits"),
    Meaning.PREFIXED: mark("a waybill behind a scanner's letter"),
    Meaning.PHONE: mark("a telephone number"),
    Meaning.BARCODE: mark("a barcode of no article here"),
    Meaning.PAYOUT: mark("a payout's number"),
    Meaning.OURS: mark("a number of our form that is not in these books"),
    Meaning.SERIAL: mark("a device's serial number"),
    Meaning.DATA: mark("an address or data without a known number"),
    Meaning.NOTHING: mark("known nowhere"),
}


def kind(meaning: Meaning) -> str:
    """What a code stands for, in the reader's language."""
    return _(_KINDS[meaning])
