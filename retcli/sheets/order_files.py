"""The sheet of orders of which by the platforms' own order files more went back than these books explain."""

from collections.abc import Callable, Sequence

from retcli.language import _, mark
from retcli.sheets.classes import shop_word
from retcli.sheets.month import RefundedThere
from retcli.sheets.writer import Column, Sheet, Value, table
from retcli.words import platform_word

ALONE = mark(
    "In neither line above: sheet By order files. Orders paid in the month, since no file gives the refund's day"
)
TO_LOOK_UP = mark("Import the refund report of those days: it says when and for what")
TO_EXPORT_AGAIN = mark("Nothing here: look the day up on the platform; its order export alone tells of refunds")


def how_much(order: RefundedThere) -> str:
    """The platform's word where it does not say how much went back; nothing where it does."""
    return _("{status}: how much is not known").format(status=order.word) if order.there is None else ""


def by_order_files(orders: Sequence[RefundedThere]) -> Sheet:
    """One order a row: what went back there, what of it is refunded here, and the rest."""
    columns: list[tuple[Column, Callable[[RefundedThere], Value]]] = [
        (Column(_("Platform order no."), "id"), lambda o: o.order),
        (Column(_("Platform")), lambda o: platform_word(o.platform)),
        (Column(_("Shop")), shop_word),
        (Column(_("Order paid at"), "time"), lambda o: o.dated_at),
        (Column(_("Order paid"), "money", equals="there_paid"), lambda o: o.paid),
        (Column(_("Went back there"), "money", equals="there"), lambda o: o.there),
        (Column(_("Of it refunded here"), "money", equals="there_booked"), lambda o: o.booked if o.there else None),
        (Column(_("Only there"), "money", alarm=True, equals="there_alone"), lambda o: o.alone),
        (Column(_("Currency")), lambda o: o.paid.currency),
        (Column(_("How much"), width=30), how_much),
        (Column(_("What to do"), width=40), lambda o: _(TO_LOOK_UP if o.reported else TO_EXPORT_AGAIN)),
    ]
    return table(_("By order files"), columns, orders, detail=True)
