"""Who pays which freight: the rows of the matrix in `docs/rules.md` §4, written down again by hand."""

import pytest

from retcli.rules.casefile.findings import POLICY
from retcli.rules.casefile.freight import Freight, WayBack, freight, way_back
from retcli.rules.casefile.reasons import REASONS, Fault
from retcli.rules.lifecycles import Kind
from retcli.rules.policy.policy import Payer, Terms

M, B, OPEN, PLATFORM = Fault.MERCHANT, Fault.BUYER, Fault.UNDETERMINED, Fault.PLATFORM
RETURN, EXCHANGE, RESEND, REFUND_ONLY = Kind.RETURN, Kind.EXCHANGE, Kind.RESEND, Kind.REFUND_ONLY
CONSUMER_24, CONSUMER_25, TRANSIT = "消法 §24", "消法 §25", "电子商务法 §20"

# reasons, kind, whole order goes: freight out goes back, who pays the way back, who pays the new parcel, article
MATRIX = {
    "不喜欢/七天无理由/拍错": ("B_MIND B_7D B_MIS", RETURN, True, False, B, B, CONSUMER_25),
    "不喜欢, wanted exchange": ("B_MIND B_7D B_MIS", EXCHANGE, True, False, B, B, CONSUMER_25),
    "尺码不合适": ("SZ_FIT", EXCHANGE, True, False, B, B, CONSUMER_25),
    "尺寸与描述不符": ("SZ_DESC", RETURN, True, True, M, M, CONSUMER_24),
    "尺寸与描述不符, part of the order": ("SZ_DESC", RETURN, False, False, M, M, CONSUMER_24),
    "质量": ("Q_FUNC Q_LOOK Q_PART Q_CRAFT Q_SPOIL", RETURN, True, True, M, M, CONSUMER_24),
    "质量, part of the order": ("Q_FUNC Q_LOOK Q_PART", RETURN, False, False, M, M, CONSUMER_24),
    "质量, exchange": ("Q_FUNC", EXCHANGE, False, False, M, M, CONSUMER_24),
    "错发": ("W_WRONG", RETURN, True, True, M, M, CONSUMER_24),
    "漏发/少件, sent again": ("W_SHORT", RESEND, False, False, None, M, CONSUMER_24),
    "漏发/少件, missing part refunded": ("W_SHORT", REFUND_ONLY, False, False, None, M, CONSUMER_24),
    "描述不符/假冒": ("D_DESC D_MATERIAL D_COLOR D_EFFECT F_FAKE F_3NO", RETURN, True, True, M, M, CONSUMER_24),
    "物流破损: merchant towards the buyer": ("L_DAMAGE", RETURN, True, True, M, M, TRANSIT),
    "丢件/未收到, refunded": ("L_LOST L_NOTRACK", REFUND_ONLY, True, True, None, M, TRANSIT),
    "丢件/未收到, sent again": ("L_LOST L_NOTRACK", RESEND, False, False, None, M, TRANSIT),
    "快递慢/停滞, refunded": ("L_DELAY", REFUND_ONLY, True, True, None, M, TRANSIT),
    "快递慢/停滞, comes back": ("L_DELAY", RETURN, True, True, M, M, TRANSIT),
    "拒收: by the reason behind it": ("L_REJECT", RETURN, True, False, OPEN, OPEN, CONSUMER_25),
    "地址错/无人收": ("B_INFO", RETURN, True, False, B, B, CONSUMER_25),
    "平台判责": ("P_PLAT", RETURN, True, False, PLATFORM, PLATFORM, CONSUMER_25),
    "协商一致: until the real reason is set": ("N_AGREE X_OTHER", RETURN, True, False, OPEN, OPEN, CONSUMER_25),
}
ROWS = [pytest.param(code, *row[1:], id=f"{name}-{code}") for name, row in MATRIX.items() for code in row[0].split()]


@pytest.mark.parametrize(("reason", "kind", "whole", "out", "back", "new", "article"), ROWS)
def test_the_matrix(
    reason: str, kind: Kind, whole: bool, out: bool, back: Fault | None, new: Fault, article: str
) -> None:
    assert freight(kind, reason, shipped=True, whole=whole) == Freight(out, back, new, article)


@pytest.mark.parametrize("reason", REASONS)
def test_a_cancelled_unshipped_order_gets_all_its_freight_back_and_a_part_of_it_none(reason: str) -> None:
    whole = freight(REFUND_ONLY, reason, shipped=False, whole=True)
    part = freight(REFUND_ONLY, reason, shipped=False, whole=False)
    assert (whole.out, whole.back, part.out, part.back) == (True, None, False, None)


@pytest.mark.parametrize("reason", ["S_LATE", "S_OOS", "S_FAKE"])
def test_what_was_never_sent_gets_its_freight_back_although_marked_as_sent(reason: str) -> None:
    found = freight(REFUND_ONLY, reason, shipped=True, whole=True)
    assert (found.out, found.back) == (True, None)


@pytest.mark.parametrize("reason", [code for code, reason in REASONS.items() if reason.fault == Fault.BUYER])
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("whole", [True, False])
def test_the_buyers_own_reason_never_costs_the_shop_freight(reason: str, kind: Kind, whole: bool) -> None:
    found = freight(kind, reason, shipped=True, whole=whole)
    assert (found.out, found.new) == (False, B)
    assert found.back in {None, B}


@pytest.mark.parametrize("reason", [code for code, r in REASONS.items() if r.fault in {Fault.MERCHANT, Fault.CARRIER}])
@pytest.mark.parametrize("kind", Kind)
def test_the_buyer_never_pays_for_the_shops_or_the_carriers_fault(reason: str, kind: Kind) -> None:
    """消法 §24 ¶2, 电子商务法 §20: not the way back, not the new parcel."""
    found = freight(kind, reason, shipped=True, whole=True)
    assert (found.back, found.new) in {(None, M), (M, M)}
    assert found.out


FREE, PLAIN = Terms(return_freight=Payer.SHOP), Terms()


@pytest.mark.parametrize(
    ("reason", "terms", "misused", "back"),
    [
        ("B_7D", [FREE], False, WayBack(M, POLICY)),
        ("B_7D", [FREE, PLAIN], False, WayBack(B, CONSUMER_25)),
        ("B_7D", [PLAIN], False, WayBack(B, CONSUMER_25)),
        ("B_7D", [], False, WayBack(B, CONSUMER_25)),
        ("B_7D", [FREE], True, WayBack(M, POLICY)),
        ("Q_FUNC", [PLAIN], False, WayBack(M, CONSUMER_24)),
        ("Q_FUNC", [FREE], True, WayBack(B, CONSUMER_24)),
        ("N_AGREE", [FREE], False, WayBack(OPEN, CONSUMER_25)),
        ("L_LOST", [FREE], False, None),
    ],
)
def test_the_shop_takes_the_way_back_over_only_for_every_line(
    reason: str, terms: list[Terms], misused: bool, back: WayBack | None
) -> None:
    """One parcel brings all lines back: one with free return does not make the others free. What the buyer broke is
    sent back at the buyer's cost, whatever the shop promises for goods that are only not wanted.
    """
    assert way_back(RETURN, reason, shipped=True, misused=misused, terms=terms) == back


@pytest.mark.parametrize("kind", Kind)
def test_there_is_no_way_back_before_anything_was_sent(kind: Kind) -> None:
    assert way_back(kind, "Q_FUNC", shipped=False, misused=True, terms=[FREE]) is None
