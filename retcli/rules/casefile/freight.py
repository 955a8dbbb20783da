"""Who pays the freight out, the way back and the new parcel, by the reason (`docs/rules.md` §4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from retcli.rules.casefile.findings import POLICY
from retcli.rules.casefile.reasons import NEVER_ARRIVED, NEVER_SENT, REASONS, Fault, breach
from retcli.rules.lifecycles import COMING_BACK, Kind
from retcli.rules.policy.policy import Payer, Terms

_NOTHING_BACK = NEVER_ARRIVED - {"L_DELAY"}
"""Reasons that leave no goods to send back; goods that only came too late may come back."""


@dataclass(frozen=True)
class Freight:
    """Whether the freight out is refunded, who pays the way back and the new parcel (None: there is none), and the
    article.
    """

    out: bool
    back: Fault | None
    new: Fault | None
    basis: str


@dataclass(frozen=True)
class WayBack:
    """Who pays for the goods to come back, and by which article or rule of the shop."""

    payer: Fault
    basis: str


def way_back(kind: Kind, reason: str, *, shipped: bool, misused: bool, terms: Iterable[Terms]) -> WayBack | None:
    """Who pays the way back of a case; None where nothing comes back. The reason decides, but the buyer pays where the
    buyer broke the goods (`misused`), and the shop where its `terms` for every line take over what would be the
    buyer's.
    """
    by_reason = freight(kind, reason, shipped=shipped, whole=False)
    if by_reason.back is None:
        return None
    if misused and breach(reason):
        return WayBack(Fault.BUYER, "消法 §24")
    if by_reason.back == Fault.BUYER and {each.return_freight for each in terms} == {Payer.SHOP}:
        return WayBack(Fault.MERCHANT, POLICY)
    return WayBack(by_reason.back, by_reason.basis)


def freight(kind: Kind, reason: str, *, shipped: bool, whole: bool) -> Freight:
    """The freight of a case by its reason. The freight out goes back only where nothing of the order stays with the
    buyer (`whole`), and nothing was sent or the shop or its carrier is at fault.
    """
    if not shipped or reason in NEVER_SENT:
        return Freight(out=whole, back=None, new=Fault.MERCHANT, basis="民法典 §563")
    merchant = breach(reason)
    back = None if kind not in COMING_BACK or reason in _NOTHING_BACK else _payer(reason)
    if not merchant:
        return Freight(out=False, back=back, new=_payer(reason), basis="消法 §25")
    basis = "电子商务法 §20" if REASONS[reason].fault == Fault.CARRIER else "消法 §24"
    return Freight(out=whole, back=back, new=Fault.MERCHANT, basis=basis)


def _payer(reason: str) -> Fault:
    """Who pays a parcel by the reason: whoever is at fault, undetermined where nobody is named."""
    fault = REASONS[reason].fault
    # towards the buyer the shop answers for its carrier and supplier (电子商务法 §20); its claim on them is its own
    # matter
    if breach(reason):
        return Fault.MERCHANT
    return fault if fault in {Fault.BUYER, Fault.PLATFORM} else Fault.UNDETERMINED
