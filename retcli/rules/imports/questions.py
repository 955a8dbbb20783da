"""Questions of an import: what a person may take from a file, and what can only stand."""

from retcli.language import mark

OF_ORDER = {"paid": "paid", "freight": "freight", "paid_total": "paid"}
"""Questions about an order, and the column of the order that each is about."""
OF_LINE = {"sku": "sku", "quantity": "quantity", "price": "price", "cash": "stated"}
"""Questions about a line, and the column of the line that each is about."""
TAKEABLE = frozenset({*OF_ORDER, *OF_LINE})
"""Questions in which the file's value may go into the books; in all others the books can only stand."""
MONEY = frozenset({"paid", "freight", "price", "cash", "paid_total"})
OF_CASE = frozenset(
    {"asked", "kind", "pieces", "platform_paid", "over", "platform_closed", "refund_above_paid", "waybill"}
)
"""Questions about a refund on a platform: the case of that number shows what to settle by hand."""
BOOKED = frozenset({"platform_paid", "over"})
"""Questions about what a platform paid: it stands in the books as it was, and other money waits for the answer."""
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
    "asked": mark("Asked for"),
    "kind": mark("Kind"),
    "pieces": mark("Pieces"),
    "refund_above_paid": mark("Refund above what was paid"),
    "over": mark("Paid by the platform beyond the order"),
    "waybill": mark("The buyer's waybill, under which another order was sent"),
}
"""What each question is about."""
NOT_TAKEN = mark("{subject}, {what}: {known} stands, {found} is not taken")
KEPT = {
    "over": mark(
        "{subject}: the {found} that the platform paid stand, though the order had {known} left; what else is to leave"
        " of the order is free again"
    ),
    "platform_paid": mark(
        "{subject}: {known} here and {found} on the platform stand beside each other; what else is to leave is free"
        " again"
    ),
    "platform_closed": mark("{subject}: closed on the platform; the {known} that left here stand"),
}
"""What keeping means where a platform's own act is told; everywhere else the file's value is not taken."""
