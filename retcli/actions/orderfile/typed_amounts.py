"""Reads amounts that somebody typed as minor units, in the currency of the order that they are about."""

from retcli.errors import WrongCommand
from retcli.language import _
from retcli.models import Case, Order
from retcli.rules.money.currency_signs import minor_units, names_another
from retcli.rules.money.minor_units import DIGITS, Typed
from retcli.rules.money.minor_units import text as money_in_words
from retcli.shop import Shop


def in_currency(amount: int | Typed, currency: str) -> int:
    """Minor units of an amount as it was typed; what is minor units already stays.

    Raises WrongCommand where it has more decimals than the currency has, bears another currency's sign, or is no amount
    at all.
    """
    try:
        return minor_units(amount, currency)
    except ValueError as wrong:
        digits = DIGITS.get(currency, 2)
        message = _("{text} is no amount in {currency}: at most {n} decimals, and nothing is rounded")
        if not digits:
            message = _("{text} is no amount in {currency}: it has no decimals")
        if names_another(str(amount), currency):
            message = _("{text} is written in another currency than {currency}, and no rate is known")
        example = money_in_words(12 * 10**digits, currency)
        text = message.format(text=amount, currency=currency, n=digits)
        raise WrongCommand(text, _("Write it like {amount}").format(amount=example)) from wrong


def of_case(shop: Shop, case: Case, amount: int | Typed | None) -> int | None:
    """Minor units of an amount in the currency of a case's order; None stays None."""
    if amount is None:
        return None
    return in_currency(amount, shop.session.get_one(Order, case.order_id).currency)
