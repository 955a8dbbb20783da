"""The waybill that somebody types for a parcel, and the refusals of what cannot be one."""

from retcli.actions.warehouse.code_facts import Code, code_of
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case
from retcli.reading.cells import Unreadable
from retcli.reading.waybills import waybills
from retcli.rules.warehouse import barcodes
from retcli.rules.warehouse.codes import Meaning, Step
from retcli.rules.warehouse.ids import folded
from retcli.rules.warehouse.shapes import like_a_waybill
from retcli.rules.warehouse.spellings import Around
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.freetext import numbers

_NO_WAYBILLS = frozenset({Step.OWN, Step.COMMAND, Step.SLIP, Step.ARTICLE})
"""Things that nobody sends a parcel under, whatever else the books know by their codes."""


def one_waybill(shop: Shop, typed: str, hint: str) -> str:
    """The waybill that was typed, in its comparable form. Raises Refused for none, several, or something else in its
    place: a phone number, a barcode or an article's code, a number of our own, a command.
    """
    code = code_of(shop, typed)
    if not code.text:
        raise Refused(_("No waybill was given: nothing is booked"), hint)
    _refuse_known(shop, code, hint)
    _refuse_shape(code, typed, hint)
    try:
        several = waybills(typed) if code.read.spelling.around == Around.NOTHING else code.read.others
    except Unreadable as wrong:
        raise Refused(_("{text}: {problem}").format(text=numbers(typed), problem=_(str(wrong))), hint) from wrong
    if len(several) > 1:
        message = _("{numbers} are several waybills: nothing is booked")
        hint = _("One command for each parcel, or one row for each in a file that is imported")
        raise Refused(message.format(numbers=series(several)), hint)
    return code.text


def _refuse_known(shop: Shop, code: Code, hint: str) -> None:
    """Raises Refused where what was typed is an article's code, a command or one of our own numbers."""
    named = code_of(shop, code.read.spelling.typed, steps=_NO_WAYBILLS)
    message, name = _named(named)
    if message:
        raise Refused(message.format(code=code.text, name=name), hint)


def _named(code: Code) -> tuple[str, str]:
    """What is said of a code that is no waybill, and the name of the thing it stands for; "" for one that may be."""
    orders = series(order.number for order in code.facts.slip)
    match code.read.meaning:
        case Meaning.ARTICLE | Meaning.ARTICLES:
            skus = [article.sku for article in code.facts.known.articles]
            own = {folded(sku) for sku in skus} & {code.text, folded(code.read.spelling.typed)}
            barcode = _("{code} is a barcode of {name}, not a waybill: nothing is booked")
            merchant_code = _("{code} is a merchant code, not a waybill: nothing is booked")
            return merchant_code if own else barcode, series(dict.fromkeys(skus))
        case Meaning.PARCEL:
            return _("{code} is our own number of a parcel, not a waybill: nothing is booked"), code.read.parcel
        case Meaning.COMMAND:
            return _("{code} is a command, not a waybill: nothing is booked"), ""
        case Meaning.SLIP | Meaning.SLIPS | Meaning.ORDER if orders:
            of_order = _("{code} is the number of order {name}, not a waybill: nothing is booked")
            an_order = _("{code} is the number of an order, not a waybill: nothing is booked")
            return an_order if orders == code.text else of_order, orders
        case Meaning.SLIP | Meaning.SLIPS:
            of_case = _("{code} is the number of {name}, not a waybill: nothing is booked")
            a_case = _("{code} is the number of a case, not a waybill: nothing is booked")
            return a_case if code.text in code.facts.known.cases else of_case, series(code.facts.known.cases)
    return "", ""


def _refuse_shape(code: Code, typed: str, hint: str) -> None:
    """Raises Refused for a code that the books do not know and that by its shape is certainly no waybill."""
    if code.read.meaning in {Meaning.OURS, Meaning.PAYOUT}:
        message = _("{code} has the form of our own numbers, not of a waybill: nothing is booked")
        raise Refused(message.format(code=code.text), hint)
    if code.read.meaning == Meaning.BARCODE:
        message = _("{code} is a barcode by its check digit, not a waybill: nothing is booked")
        raise Refused(message.format(code=barcodes.as_kept(typed)), hint)
    if code.read.meaning == Meaning.PHONE:
        message = _("{number} looks like a phone number, not a waybill: nothing is booked")
        raise Refused(message.format(number=numbers(code.text)), hint)


def refuse_unlike(waybill: str, case: Case) -> None:
    """Raises Refused for a waybill that has the shape of no carrier's."""
    if like_a_waybill(waybill):
        return
    message = _("{waybill} is like no carrier's waybill: nothing is booked")
    command = f"retcli parcel expect {case.number} {quoted(waybill)} --sure"
    hint = _("Does it stand on the parcel's label just so? {command}").format(command=command)
    raise Refused(message.format(waybill=waybill), hint, case=case.number)
