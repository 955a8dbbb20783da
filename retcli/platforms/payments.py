"""The column with the number of a buyer's payment at its channel, by which the channel's statements name it."""

from retcli.reading.cells import Unreadable, identifier
from retcli.reading.dialect import Field


def payment_number(cell: str) -> str:
    """The number of a payment; "" where a spreadsheet has destroyed it, since no row is to be refused for that."""
    try:
        return identifier(cell)
    except Unreadable:
        return ""


def payment(*headers: str) -> Field:
    """The field of the payment's number under any of its headers; of several columns the first that is filled."""
    return Field("payment_number", headers, payment_number, filled=len(headers) > 1)
