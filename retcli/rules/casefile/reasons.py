"""The canonical reasons of after-sales: who is at fault by each, and which need evidence (`docs/rules.md` §4, §6)."""

from dataclasses import dataclass
from enum import StrEnum

from retcli.language import mark


class Fault(StrEnum):
    """The party at fault by a reason."""

    MERCHANT = "merchant"
    BUYER = "buyer"
    CARRIER = "carrier"
    PLATFORM = "platform"
    SUPPLIER = "supplier"
    UNDETERMINED = "undetermined"


class Group(StrEnum):
    """The group of reasons by which the reason analysis is coloured and summed."""

    QUALITY = "quality"
    SIZE = "size"
    LOGISTICS = "logistics"
    WRONG_GOODS = "wrong_goods"
    FULFILMENT = "fulfilment"
    LIKING = "liking"
    OTHER = "other"


@dataclass(frozen=True)
class Reason:
    """One canonical reason: code, name (a message id), group, who is at fault, and whether platforms count it as a
    quality refund (品质退款).
    """

    code: str
    name: str
    group: Group
    fault: Fault
    quality: bool = False


_ROWS = (
    ("Q_FUNC", mark("does not work"), Group.QUALITY, Fault.MERCHANT, True),
    ("Q_LOOK", mark("flaw on the surface"), Group.QUALITY, Fault.MERCHANT, True),
    ("Q_PART", mark("part missing from the set"), Group.QUALITY, Fault.MERCHANT, True),
    ("Q_CRAFT", mark("poor workmanship"), Group.QUALITY, Fault.MERCHANT, True),
    ("Q_SPOIL", mark("spoilt or out of date"), Group.QUALITY, Fault.MERCHANT, True),
    ("Q_ALLERGY", mark("allergy or discomfort"), Group.QUALITY, Fault.UNDETERMINED, True),
    ("D_DESC", mark("not as described"), Group.QUALITY, Fault.MERCHANT, True),
    ("D_MATERIAL", mark("material not as described"), Group.QUALITY, Fault.MERCHANT, True),
    ("D_COLOR", mark("colour or style not as described"), Group.QUALITY, Fault.MERCHANT, True),
    ("D_EFFECT", mark("effect not as described"), Group.QUALITY, Fault.MERCHANT, True),
    ("SZ_DESC", mark("size not as described"), Group.SIZE, Fault.MERCHANT, True),
    ("SZ_FIT", mark("size does not fit"), Group.SIZE, Fault.BUYER, False),
    ("L_DAMAGE", mark("damaged in transit"), Group.LOGISTICS, Fault.CARRIER, False),
    ("L_LOST", mark("lost, never arrived"), Group.LOGISTICS, Fault.CARRIER, False),
    ("L_DELAY", mark("delivery too slow"), Group.LOGISTICS, Fault.CARRIER, False),
    ("L_NOTRACK", mark("no tracking"), Group.LOGISTICS, Fault.CARRIER, False),
    ("L_EMPTY", mark("empty parcel"), Group.LOGISTICS, Fault.UNDETERMINED, False),
    ("L_REJECT", mark("refused at the door"), Group.LOGISTICS, Fault.UNDETERMINED, False),
    ("W_WRONG", mark("wrong goods sent"), Group.WRONG_GOODS, Fault.MERCHANT, False),
    ("W_SHORT", mark("pieces missing"), Group.WRONG_GOODS, Fault.MERCHANT, False),
    ("S_LATE", mark("not sent in time"), Group.FULFILMENT, Fault.MERCHANT, False),
    ("S_OOS", mark("out of stock"), Group.FULFILMENT, Fault.MERCHANT, False),
    ("S_FAKE", mark("marked as sent but not sent"), Group.FULFILMENT, Fault.MERCHANT, False),
    ("B_MIND", mark("does not like it"), Group.LIKING, Fault.BUYER, False),
    ("B_7D", mark("seven days, no reason"), Group.LIKING, Fault.BUYER, False),
    ("B_MIS", mark("ordered by mistake"), Group.LIKING, Fault.BUYER, False),
    ("B_INFO", mark("wrong details given"), Group.LIKING, Fault.BUYER, False),
    ("B_COUPON", mark("forgot a discount"), Group.LIKING, Fault.BUYER, False),
    ("F_FAKE", mark("counterfeit"), Group.QUALITY, Fault.MERCHANT, True),
    ("F_3NO", mark("no maker, date or certificate"), Group.QUALITY, Fault.MERCHANT, True),
    ("I_INVOICE", mark("invoice"), Group.OTHER, Fault.MERCHANT, False),
    ("I_FREIGHT", mark("freight to be returned"), Group.OTHER, Fault.MERCHANT, False),
    ("I_PRICE", mark("price protection"), Group.OTHER, Fault.MERCHANT, False),
    ("N_AGREE", mark("agreed by both sides"), Group.OTHER, Fault.UNDETERMINED, False),
    ("X_OTHER", mark("other"), Group.OTHER, Fault.UNDETERMINED, False),
    ("P_PLAT", mark("closed by the platform"), Group.OTHER, Fault.PLATFORM, False),
)

REASONS = {row[0]: Reason(*row) for row in _ROWS}

NEVER_ARRIVED = frozenset({"L_LOST", "L_NOTRACK", "L_DELAY", "L_EMPTY"})
"""Reasons by which nothing of a parcel reached the buyer, so that all of it is meant."""
NEVER_SENT = frozenset({"S_LATE", "S_OOS", "S_FAKE"})
NEEDS_EVIDENCE = frozenset(
    code for code, reason in REASONS.items() if reason.quality or code in {"L_DAMAGE", "L_EMPTY", "W_WRONG", "W_SHORT"}
)


def breach(code: str) -> bool:
    """Whether shop, carrier or supplier is at fault by a reason, so that no label, category or opening bars the buyer's
    right (消法 §24, 电子商务法 §20).
    """
    return REASONS[code].fault in {Fault.MERCHANT, Fault.CARRIER, Fault.SUPPLIER}
