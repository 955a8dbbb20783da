"""The sheet of what left by ourselves, apart from the platforms' refunds: when each was sent, and when it arrived."""

from collections.abc import Callable, Sequence

from retcli.language import _
from retcli.sheets.classes import shop_word
from retcli.sheets.month import ARRIVED, AWAY, FAILED, Transfer
from retcli.sheets.writer import Column, Sheet, Value, table
from retcli.words import way_of_payment, word


def by_transfer(transfers: Sequence[Transfer]) -> Sheet:
    """One payout a row: what of it arrived in the month, failed in it, or was on its way at its end."""
    printed: list[tuple[Column, Callable[[Transfer], Value]]] = [
        (Column(_("Payout no."), "id"), lambda t: t.number),
        (Column(_("Case no."), "id"), lambda t: t.case),
        (Column(_("Platform order no."), "id"), lambda t: t.order),
        (Column(_("Money kind")), lambda t: word(t.kind, "money")),
        (Column(_("Method")), lambda t: way_of_payment(t.method, t.platform, t.money.currency)),
        (Column(_("Sent on"), "time"), lambda t: t.sent_at),
        (Column(_("Arrived on"), "time"), lambda t: t.arrived_at),
        (Column(_("Arrived in the month"), "money", equals="transfers_arrived"), lambda t: t.as_far_as(ARRIVED)),
        (Column(_("Failed in the month"), "money", equals="transfers_failed"), lambda t: t.as_far_as(FAILED)),
        (
            Column(_("On its way at the month's end"), "money", alarm=True, equals="on_the_way"),
            lambda t: t.as_far_as(AWAY),
        ),
        (Column(_("Currency")), lambda t: t.money.currency),
    ]
    beside: list[tuple[Column, Callable[[Transfer], Value]]] = [
        (Column(_("Shop")), shop_word),
        (Column(_("Payout state at the export")), lambda t: word(t.state, "payout")),
        (Column(_("Request no."), "id"), lambda t: t.request),
        (Column(_("Decided by")), lambda t: t.decided_by),
        (Column(_("Approved by")), lambda t: t.approved_by),
    ]
    return table(_("Transfers"), [*printed, *beside], transfers, detail=True, printed=len(printed))
