"""The number of a buyer's payment at its channel, by which a channel's statement names it."""

from retcli.reading.cells import Unreadable, identifier
from retcli.reading.dialect import Field


def payment_number(cell: str) -> str:
    """The payment's number at its channel; nothing where a spreadsheet has destroyed it, since no row needs it."""
    try:
        return identifier(cell)
    except Unreadable:
        return ""


def payment(*headers: str) -> Field:
    """The column of the payment's number, under any of its names; of several the first that is filled."""
    return Field("payment_number", headers, payment_number, filled=len(headers) > 1)
