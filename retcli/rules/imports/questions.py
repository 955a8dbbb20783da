"""Questions of an import, where a file and the books differ: whose value a person may choose, and how each ends."""

from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from retcli.language import mark
from retcli.rules.imports.orders import whole_of

OF_ORDER = {"paid": "paid", "freight": "freight", "paid_total": "paid"}
"""Questions about an order, and the column of the order that each is about."""
OF_LINE = {"sku": "sku", "quantity": "quantity", "price": "price", "cash": "stated"}
"""Questions about a line, and the column of the line that each is about."""
TAKEABLE = frozenset({*OF_ORDER, *OF_LINE})
"""Questions in which the file's value may go into the books; all others can only be noted as seen."""
MONEY = frozenset({"paid", "freight", "price", "cash", "paid_total"})
OF_CASE = frozenset(
    {"asked", "kind", "pieces", "platform_paid", "over", "platform_closed", "refund_above_paid", "waybill"}
    | {"goods_sent", "not_back", "platform_refused", "paid_and_closed", "applied_anew"}
)
"""Questions about a refund on a platform, to be settled by hand on its case."""
OF_BILL = frozenset({"minor", "fee", "currency"})
"""Questions about a line of a statement."""
BOOKED = frozenset({"platform_paid", "over"})
"""Questions about what a platform paid: it is booked as it was paid, and no other money leaves before the answer."""
OF_WHAT_LEFT = frozenset(
    {"platform_paid", "over", "refund_above_paid", "platform_closed", "platform_refused", "goods_sent", "not_back"}
    | {"paid_and_closed", "applied_anew"}
)
"""Questions about money or goods that left: each is answered by its number, never with others at once."""
FIELDS = {
    "minor": mark("Amount"),
    "fee": mark("Fee"),
    "currency": mark("Currency"),
    "paid": mark("Paid"),
    "freight": mark("Freight"),
    "line": mark("Line"),
    "sku": mark("SKU"),
    "quantity": mark("Pieces"),
    "price": mark("Price"),
    "cash": mark("Cash of the line"),
    "lines_sum": mark("Sum of the lines"),
    "paid_total": mark("Paid in all (the order's total, which is not what is left and what went back together)"),
    "platform_paid": mark("Paid by the platform"),
    "platform_closed": mark("Closed on the platform"),
    "platform_refused": mark("Turned down on the platform"),
    "paid_and_closed": mark("Paid and closed on the platform"),
    "goods_sent": mark("Ended on the platform after goods were sent again"),
    "asked": mark("Asked for"),
    "kind": mark("Kind"),
    "pieces": mark("Pieces"),
    "applied_anew": mark("Applied for anew after money or goods had left, or goods had come back"),
    "not_back": mark("Paid by the platform before the goods were back"),
    "refund_above_paid": mark("Refund above what was paid"),
    "over": mark("Paid by the platform beyond the order"),
    "waybill": mark("The buyer's waybill, under which another order was sent"),
}
"""The name of what each question is about (message ids)."""
KEEP, TAKE, SEEN = "keep", "take", "seen"
"""The answers: the books' value is kept, the file's is taken, or the question is only noted as seen."""
TAKEN = mark("the file's values go into the books")
SHARED_ANEW = mark("the file's values go into the books, and what was paid for goods is shared out over the lines anew")
STANDS = mark("{what} in the books: {known} stays")
STAYS_BOOKED = mark("the {found} stay in the books as paid; what else is to leave no longer waits for this")
"""How an answer ends where what the platform paid is booked already."""
LARGER_COUNTS = mark("the larger of both counts: {known} was paid")
"""How `KEEP` ends where the file says that less was paid."""
LEFT_BEYOND = mark(
    "{known} stays in the books as paid: {left} left already, though the file says that only {found} was paid"
)
"""How `KEEP` ends where the file says that less was paid than left already."""
STAYS_NOT_BACK = mark("the {found} stay in the books as paid; what is missing is looked for, or claimed by hand")
"""How an answer ends where the platform paid before the goods were back."""
NOTHING_STAYS = mark("nothing of it stands in the books as paid any more")
"""How an answer ends where the payment that the platform closed or turned down was taken back."""
LEFT_STAYS = mark("the {left} that left here stay in the books")
"""How an answer ends where it was not."""
NOTHING_LEFT = {
    "platform_closed": mark("{subject}: {known} was clicked or sent here, and the platform closed the refund"),
    "platform_refused": mark(
        "{subject}: {known} was agreed to, clicked or sent here, and the refund is turned down there"
    ),
    "paid_and_closed": mark("{subject}: paid ({known}) by one file, closed by {found}; it was taken back here since"),
}
"""How a question is asked about a refund that its platform ended unpaid, and of which nothing is booked as paid."""
STAYS = {
    "line": mark("the order stays without the line {found}"),
    "lines_sum": mark("what was paid for goods stays {known}, shared out over the lines by their own amounts"),
    "asked": mark("the case stays at {known}"),
    "kind": mark("the case stays as it is: {known}"),
    "pieces": mark("the case stays at {known} pieces"),
    "over": STAYS_BOOKED,
    "platform_paid": mark("{known} stays in the books; what else is to leave no longer waits for this"),
    **dict.fromkeys(NOTHING_LEFT, LEFT_STAYS),
    "goods_sent": mark("{known} stays in the books as sent"),
    "applied_anew": mark("what left stays in the books; what else is to leave no longer waits for this"),
    "not_back": STAYS_NOT_BACK,
    "waybill": mark("{found} is not put down on this case: it went out with order {known}"),
}
"""How an answer ends where the file's value is not taken, by question; `STANDS` for all others."""


def says_less(field: str, known: str, found: str) -> bool:
    """Whether a question asks if less was paid on an order than stands in the books. `known` (books) and `found` (file)
    are the amounts as the question keeps them; False where either is no amount.
    """
    if OF_ORDER.get(field) != "paid":
        return False
    try:
        less, more = (Decimal(whole_of(amount).partition(" ")[0]) for amount in (found, known))
    except InvalidOperation:
        return False
    return less < more


def value_of(field: str) -> str:
    """The value that a question is about: of an order the column that it names, else its own field."""
    return OF_ORDER.get(field, field)


class Row(Protocol):
    """One value in which a file differs from the books."""

    id: Any
    platform: Any
    subject: Any
    field: Any


def about(row: Row) -> tuple[str, str]:
    """What a differing value is about: the platform, and the number of the order (for lines too), refund or bill."""
    return row.platform, row.subject.partition("/")[0] if row.field in OF_LINE else row.subject


def changes(rows: Iterable[Row]) -> list[tuple[Row, ...]]:
    """Differing values grouped into what a person is asked at once: all values of one order, refund or bill. A later
    file that says something else again of the same value begins the next change. Sorted by each one's first value.
    """
    of_thing: dict[tuple[str, str], list[dict[tuple[str, str], Row]]] = {}
    for row in sorted(rows, key=lambda each: each.id):
        value = (row.subject, value_of(row.field))
        asked = of_thing.setdefault(about(row), [{}])
        if value in asked[-1]:
            asked.append({})
        asked[-1][value] = row
    grouped = [tuple(change.values()) for asked in of_thing.values() for change in asked]
    return sorted(grouped, key=lambda change: change[0].id)


def may_be_taken(fields: Collection[str]) -> bool:
    """Whether the file's values of a change (its `fields`) may go into the books: never where the file has a line that
    the order lacks, since that line's money would be shared out over the others.
    """
    return "line" not in fields and bool(TAKEABLE.intersection(fields))
