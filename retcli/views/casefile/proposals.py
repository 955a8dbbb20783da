"""Proposals on a case: what the shop might give the buyer unasked, each with the command that does it."""

from dataclasses import dataclass

from retcli.language import _
from retcli.rules.money.minor_units import Money


@dataclass(frozen=True)
class Amends:
    """A compensation on an `agreed` case, a coupon on another one; `usual` is the sum of the shop's rules, None where
    the order is in another currency.
    """

    case: str
    usual: Money | None
    agreed: bool

    def sentence(self) -> str:
        """What to give, and the command."""
        text = _("compensation of {amount}: retcli pay compensate {case} --coupon {amount}")
        if not self.agreed:
            text = _("a coupon of {amount}: retcli case offer {case} --rung coupon --amount {amount}")
        return text.format(amount=_("‹amount›") if self.usual is None else self.usual, case=self.case)


@dataclass(frozen=True)
class WayBack:
    """The freight of the way back that the buyer advanced and the shop has to pay."""

    case: str

    def sentence(self) -> str:
        """What to repay, and the command."""
        text = _("repay the way back once the buyer names it: retcli pay freight {case} --amount AMOUNT")
        return text.format(case=self.case)
