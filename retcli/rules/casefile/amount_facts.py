"""What the amount due on a case follows from: the wish, the order and its lines, in minor units and pieces."""

from dataclasses import dataclass, field

from retcli.rules.lifecycles import Kind
from retcli.rules.policy.policy import GENERAL, Excluded, Promotion, Terms


@dataclass(frozen=True)
class LineFacts:
    """One order line as a case sees it: money in minor units of the order's currency, units in pieces. What was drawn
    on the line is what other cases drew, without this case's own part.
    """

    number: str
    sku: str
    title: str
    quantity: int
    cash: int  # paid for all its pieces, fixed when the order came in
    wanted: int  # pieces that this case asks for
    units_open: int
    cash_open: int
    units_refunded: int = 0  # pieces that approved refunds took
    share_drawn: int = 0  # what those pieces were worth
    allowances: int = 0  # cash given back without any piece (price cuts)
    drawn_by: tuple[str, ...] = ()  # numbers of the cases that drew
    excluded: Excluded | None = None
    confirmed: bool = False  # at this purchase the buyer confirmed that there are no seven days (暂行办法 §7)
    warranty_months: int = 0
    price: int = 0  # of one piece, as stated at the purchase
    price_now: int | None = None  # of one piece today; None: not known in the order's currency
    terms: Terms = GENERAL
    fee: int = 0  # basis points of the refund that the shop's rules take
    refunded_there: str = ""  # the platform's word for it where its order file says the money went back, unknown to us
    gone: int = 0  # how much of the open cash went back by that file
    bound: int = 0  # pieces applied for beyond `wanted`, which other cases hold
    want: str = ""  # the goods that an exchange is to bring instead; empty where nobody said
    new_price: int | None = None  # of one piece of those; None: not known

    @property
    def other(self) -> bool:
        """Whether the exchange is for other goods than were bought."""
        return self.want not in {"", self.sku, self.number}


@dataclass(frozen=True)
class Wish:
    """What the case asks for. `asked` is the amount that the buyer or the shop named (minor units), None where it is to
    be computed; `words` is the buyer's own text.
    """

    kind: Kind
    reason: str
    asked: int | None = None
    words: str = ""


@dataclass(frozen=True)
class OrderFacts:
    """The order as a case sees it, in minor units of `currency`. What the buyer keeps before and after this case stands
    twice: in cash paid (`kept_…`) and at the stated prices (`listed_…`). Beside amends that were given `goods_room` is
    left of the case's goods; None where none were.
    """

    shipped: bool
    freight: int
    freight_open: int
    goods: int
    kept_before: int
    kept_after: int
    everything_goes: bool  # nothing of the order stays with the buyer
    listed_before: int = 0
    listed_after: int = 0
    promotion: Promotion | None = None  # the threshold promotion (满减) of the order's day
    gifts: tuple[tuple[str, int], ...] = ()  # SKU and stated price of gifts that stay though all else goes back
    goods_room: int | None = None
    currency: str = field(kw_only=True)
