"""Facts as the rules see them, in the shop's words; each with the ordinary value unless a test says otherwise."""

from datetime import datetime, timedelta
from typing import Any

from retcli.rules.casefile.amount_facts import LineFacts, OrderFacts, Wish
from retcli.rules.casefile.facts import Facts
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import up_to
from tests.shopfloor import shanghai

SIGNED = shanghai("2026-03-01 15:30")


def on_day(day: int) -> datetime:
    """Noon of the so-manieth day after the signature."""
    return SIGNED.replace(hour=12, minute=0) + timedelta(days=day)


def line(cash: int, *, pieces: int = 1, wanted: int | None = None, number: str = "1", **facts: Any) -> LineFacts:
    """A line nothing was drawn on, all its pieces wanted; in exchange for the same."""
    known: dict[str, Any] = {"units_open": pieces, "cash_open": cash, "want": f"SKU-{number}"} | facts
    taken = pieces if wanted is None else wanted
    return LineFacts(number, f"SKU-{number}", f"商品{number}", pieces, cash, taken, **known)


def after_refund(cash: int, pieces: int, gone: int, wanted: int, **facts: Any) -> LineFacts:
    """A line of which some pieces were refunded before, at what they were worth."""
    worth = up_to(cash, gone, pieces)
    drawn = {"units_open": pieces - gone, "cash_open": cash - worth, "units_refunded": gone, "share_drawn": worth}
    return line(cash, pieces=pieces, wanted=wanted, **(drawn | facts))


def order(goods: int, *, leaving: int | None = None, freight: int = 0, shipped: bool = True) -> OrderFacts:
    """An order that nothing has come back of; `leaving` is the cash of what goes now, all of it unless said."""
    going = goods if leaving is None else leaving
    return OrderFacts(
        shipped, freight, freight, goods, goods, goods - going, everything_goes=going == goods, currency="CNY"
    )


def wish(kind: Kind, reason: str, **facts: Any) -> Wish:
    """What a case asks for."""
    return Wish(kind, reason, **facts)


def case(
    kind: Kind,
    reason: str,
    *lines: LineFacts,
    day: int | None = 3,
    shipped: bool = True,
    evidence: bool = True,
    asked: int | None = None,
    **facts: Any,
) -> Facts:
    """A case on a whole order, asked for on a day after the signature (None: not signed for), photos at hand."""
    bought = lines or (line(9900),)
    goods = sum(each.cash for each in bought)
    signed = SIGNED if day is not None and shipped else None
    return Facts(
        wish=Wish(kind, reason, asked),
        order=order(goods, shipped=shipped),
        lines=bought,
        applied_at=on_day(day if day is not None else 1),
        signed_at=signed,
        signed_by="carrier" if signed else "",
        evidence=evidence,
        **facts,
    )
