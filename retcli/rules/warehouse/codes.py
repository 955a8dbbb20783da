"""What a scanned code means: parcel, slip, article, command or stranger, decided from what the books know of it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from retcli.rules.telephones import telephone
from retcli.rules.warehouse.barcodes import as_long_as_a_barcode, gtin
from retcli.rules.warehouse.ids import COMMAND, carrier, shaped_as_of

_OURS = re.compile(r"[A-Z]{2}\d{8}-\d{4,}")
"""Numbers that these books give to parcels, cases and payouts."""
_OF_A_CARRIER = re.compile(r"(?:SF|YT|JD|JT|DPK)\d+")
"""Letters of carriers whose waybills are known: with another count of digits the code was read wrong or cut off."""
_CUT_OFF = re.compile(r"SF\d{1,11}")
"""A waybill of 顺丰 has twelve digits or more: with fewer its end was not read or not typed."""
_ITEM_OF_POST = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", re.ASCII)
"""An item of the post by UPU standard S10: eight digits and their check digit."""
_POST_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_BARCODE_DIGITS = 13
_LIKE_A_WAYBILL = re.compile(r"[A-Z]{2,6}\d{9,20}[A-Z]{0,3}|1Z[A-Z0-9]{16}|[A-Z]\d{10,15}")
"""Letters before a long number, as the waybills of carriers have them that have no pattern of their own here."""


class Meaning(StrEnum):
    """What a scanned code stands for."""

    PARCEL = "parcel"
    REFUSED = "refused"  # a parcel of ours that comes back unopened
    COMMAND = "command"
    SLIP = "slip"
    SLIPS = "slips"  # a slip that may be of several cases
    ORDER = "order"
    ARTICLE = "article"
    ARTICLES = "articles"  # one barcode, several articles
    STRANGER = "stranger"  # a parcel that nobody announced
    PERHAPS = "perhaps"  # it may be such a parcel
    MISREAD = "misread"  # its check digit does not fit
    PHONE = "phone"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Article:
    """An article that a code may stand for, and how many pieces of it (a box has several)."""

    sku: str
    pieces: int = 1


@dataclass(frozen=True)
class Known:
    """What the books know about a code."""

    parcel: str = ""  # number of the parcel that has it for its waybill
    own: str = ""  # number of the parcel that has it for its number
    sent: bool = False  # it is the waybill under which goods of ours went out
    cases: tuple[str, ...] = ()  # cases that wait for goods and that it names, as a slip in the parcel does
    order: bool = False  # it names an order
    articles: tuple[Article, ...] = ()
    expected: frozenset[str] = frozenset()  # SKUs that the parcel on the table is to hold


@dataclass(frozen=True)
class Read:
    """The meaning of a code, with the parcel, the case or the article where it is one."""

    meaning: Meaning
    parcel: str = ""
    case: str = ""
    article: Article = Article("")


def never_a_waybill(code: str) -> bool:
    """Whether a comparable code is certainly an article number: its check digit fits, and no carrier's shape does."""
    return bool(gtin(code)) and not shaped_as_of(code)


def waybill_and_barcode(code: str) -> bool:
    """Whether a comparable code may be either: thirteen digits in a carrier's shape whose last one happens to fit the
    others, as the check digit of a barcode does.
    """
    return bool(gtin(code)) and shaped_as_of(code) is not None


def ours(code: str) -> bool:
    """Whether a comparable code has the form of the numbers that these books give, whether they gave it or not."""
    return _OURS.fullmatch(code) is not None


def like_a_waybill(code: str) -> bool:
    """Whether a comparable code has the shape of some carrier's waybills and none of a barcode's."""
    return _stranger(code).meaning in {Meaning.STRANGER, Meaning.PERHAPS}


def read(code: str, known: Known) -> Read:
    """The meaning of a comparable code, from what the books know of it; an unknown one by its shape."""
    # a waybill first, a slip before any article: taken for an article, either would count a piece that is not there
    if known.parcel:
        return Read(Meaning.PARCEL, parcel=known.parcel)
    if known.sent:
        return Read(Meaning.REFUSED)
    if known.own:
        return Read(Meaning.PARCEL, parcel=known.own)
    if code.startswith(COMMAND):
        return Read(Meaning.COMMAND)
    return _slip(known) or _article(known) or _stranger(code)


def _slip(known: Known) -> Read | None:
    """The meaning of a number on a slip in the parcel: of a case that waits, or of an order; None where it is none."""
    if len(known.cases) > 1:
        return Read(Meaning.SLIPS)
    if known.cases:
        return Read(Meaning.SLIP, case=known.cases[0])
    return Read(Meaning.ORDER) if known.order else None


def _article(known: Known) -> Read | None:
    """The article of a barcode; of several with the same one the one that the parcel is to hold, else a person is
    asked. None where it is no article's.
    """
    articles = {article.sku: article for article in reversed(known.articles)}
    expected = [article for article in articles.values() if article.sku in known.expected]
    if len(articles) == 1 or len(expected) == 1:
        return Read(Meaning.ARTICLE, article=(expected or list(articles.values()))[0])
    return Read(Meaning.ARTICLES) if articles else None


def _stranger(code: str) -> Read:
    """The meaning of a code that the books do not know, by its shape alone: telephone number, misread code, certainly
    or perhaps a carrier's waybill, else nothing.
    """
    # A misread barcode must not open a parcel. Thirteen digits in a carrier's shape may be one, so that they wait until
    # the parcel on the table is done.
    if telephone(code) and not gtin(code):
        return Read(Meaning.PHONE)
    if _wrong_post(code):
        return Read(Meaning.MISREAD)
    if _CUT_OFF.fullmatch(code):
        return Read(Meaning.NOTHING)
    if carrier(code):
        like_a_barcode = len(code) == _BARCODE_DIGITS and code.isdigit()
        return Read(Meaning.PERHAPS if like_a_barcode else Meaning.STRANGER)
    if as_long_as_a_barcode(code) and not gtin(code):
        return Read(Meaning.MISREAD)
    perhaps = _LIKE_A_WAYBILL.fullmatch(code) and not (_OURS.fullmatch(code) or _OF_A_CARRIER.fullmatch(code))
    return Read(Meaning.PERHAPS if perhaps else Meaning.NOTHING)


def _wrong_post(code: str) -> bool:
    """Whether a code has the shape of an item of the post and a wrong check digit (UPU standard S10)."""
    item = _ITEM_OF_POST.fullmatch(code)
    if item is None:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(item[1], _POST_WEIGHTS, strict=True)) % 11
    return int(item[2]) != {10: 0, 11: 5}.get(check, check)
