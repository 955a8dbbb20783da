"""What a scanned code means: the books' answers about it, asked in one order."""

import re
from dataclasses import dataclass
from enum import StrEnum

from retcli.rules.telephones import telephone
from retcli.rules.warehouse.barcodes import as_long_as_a_barcode, gtin
from retcli.rules.warehouse.ids import COMMAND, carrier, shaped_as_of

_OURS = re.compile(r"[A-Z]{2}\d{8}-\d{4,}")
"""Numbers that these books give: of parcels, cases, payouts."""
_OF_A_CARRIER = re.compile(r"(?:SF|YT|JD|JT|DPK)\d+")
"""The letters of a carrier whose waybills are known: one of another length is read wrong or cut off."""
_ITEM_OF_POST = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}", re.ASCII)
"""An item of the post by UPU standard S10, with its check digit."""
_POST_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_BARCODE_DIGITS = 13
_LIKE_A_WAYBILL = re.compile(r"[A-Z]{2,6}\d{9,20}[A-Z]{0,3}|1Z[A-Z0-9]{16}|[A-Z]\d{10,15}")
"""A carrier's letters before a long number, as waybills of carriers without a pattern of their own here have them."""


class Meaning(StrEnum):
    """What a code stands for."""

    PARCEL = "parcel"
    REFUSED = "refused"
    COMMAND = "command"
    SLIP = "slip"
    SLIPS = "slips"
    ORDER = "order"
    ARTICLE = "article"
    ARTICLES = "articles"
    STRANGER = "stranger"
    PERHAPS = "perhaps"
    MISREAD = "misread"
    PHONE = "phone"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Article:
    """An article that a code may stand for, and how many pieces of it."""

    sku: str
    pieces: int = 1


@dataclass(frozen=True)
class Known:
    """What the books answer about a code.

    `parcel` is the parcel that has it for its waybill, `own` the one that has it for its number; `sent` says whether
    goods of ours went out with it as their waybill; `cases` are the cases that wait and that it names as a slip
    does, `order` whether it names an order; `articles` what it may stand for, `expected` the articles that the parcel
    on the table is to hold.
    """

    parcel: str = ""
    own: str = ""
    sent: bool = False
    cases: tuple[str, ...] = ()
    order: bool = False
    articles: tuple[Article, ...] = ()
    expected: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Read:
    """A code with its meaning; `parcel`, `case` and `article` where it is one of those."""

    meaning: Meaning
    parcel: str = ""
    case: str = ""
    article: Article = Article("")


def never_a_waybill(code: str) -> bool:
    """Whether a comparable code is certainly an article's number: its check digit fits and no carrier's shape does."""
    return bool(gtin(code)) and not shaped_as_of(code)


def like_a_waybill(code: str) -> bool:
    """Whether a comparable code has the shape of some carrier's waybills and none of a barcode's."""
    return _stranger(code).meaning in {Meaning.STRANGER, Meaning.PERHAPS}


def read(code: str, known: Known) -> Read:
    """What a comparable code means. A waybill comes first, a slip is never a piece, and what nobody knows is a parcel
    only where a carrier's pattern fits and no barcode does, or perhaps one where it looks like another carrier's.
    """
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
    """An order's or a case's number, as it stands on a slip in the parcel."""
    if len(known.cases) > 1:
        return Read(Meaning.SLIPS)
    if known.cases:
        return Read(Meaning.SLIP, case=known.cases[0])
    return Read(Meaning.ORDER) if known.order else None


def _article(known: Known) -> Read | None:
    """The article; of several with one barcode the one that the parcel is to hold, else a person is asked."""
    articles = {article.sku: article for article in reversed(known.articles)}
    waited = [article for article in articles.values() if article.sku in known.expected]
    if len(articles) == 1 or len(waited) == 1:
        return Read(Meaning.ARTICLE, article=(waited or list(articles.values()))[0])
    return Read(Meaning.ARTICLES) if articles else None


def _stranger(code: str) -> Read:
    """A parcel that nobody announced, where a carrier numbers its parcels so, and perhaps one where its thirteen digits
    may also be a barcode read wrong. Other digits alone are a barcode that was read wrong where they are as long as one
    and their check digit does not fit, or nothing.
    """
    if telephone(code) and not gtin(code):
        return Read(Meaning.PHONE)
    if _wrong_post(code):
        return Read(Meaning.MISREAD)
    if carrier(code):
        like_a_barcode = len(code) == _BARCODE_DIGITS and code.isdigit()
        return Read(Meaning.PERHAPS if like_a_barcode else Meaning.STRANGER)
    if as_long_as_a_barcode(code) and not gtin(code):
        return Read(Meaning.MISREAD)
    perhaps = _LIKE_A_WAYBILL.fullmatch(code) and not (_OURS.fullmatch(code) or _OF_A_CARRIER.fullmatch(code))
    return Read(Meaning.PERHAPS if perhaps else Meaning.NOTHING)


def _wrong_post(code: str) -> bool:
    """Whether an item of the post has another check digit than UPU standard S10 gives it."""
    item = _ITEM_OF_POST.fullmatch(code)
    if item is None:
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(item[1], _POST_WEIGHTS, strict=True)) % 11
    return int(item[2]) != {10: 0, 11: 5}.get(check, check)
