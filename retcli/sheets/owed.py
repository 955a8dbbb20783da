"""The sheet of what is owed at a month's end beside the platforms' refunds: agreed to, not sent, or waiting."""

from collections.abc import Callable, Sequence

from retcli.language import _
from retcli.sheets.classes import shop_word
from retcli.sheets.month import AGREED, AWAITS_GOODS, NOT_SENT, WAITING, Owed
from retcli.sheets.writer import Column, Sheet, Value, table
from retcli.words import way_of_payment, word


def what_is_owed(rows: Sequence[Owed]) -> Sheet:
    """A case or a payout a row: what of it was agreed to and in no payout, awaited its goods, was not sent, or waited
    for a second person.
    """
    printed: list[tuple[Column, Callable[[Owed], Value]]] = [
        (Column(_("Case no."), "id"), lambda o: o.case),
        (Column(_("Platform order no."), "id"), lambda o: o.order),
        (Column(_("Money kind")), lambda o: word(o.kind, "money")),
        (Column(_("Decided on"), "time"), lambda o: o.since),
        (Column(_("Agreed, in no payout"), "money", equals="agreed_open"), lambda o: o.as_far_as(AGREED)),
        (Column(_("Let go, not sent"), "money", equals="not_sent"), lambda o: o.as_far_as(NOT_SENT)),
        (Column(_("Waits for a second person"), "money", equals="waiting"), lambda o: o.as_far_as(WAITING)),
        (Column(_("Once the goods are in"), "money", equals="awaits_goods"), lambda o: o.as_far_as(AWAITS_GOODS)),
        (Column(_("Currency")), lambda o: o.money.currency),
        (Column(_("Payout no."), "id"), lambda o: o.number),
    ]
    beside: list[tuple[Column, Callable[[Owed], Value]]] = [
        (Column(_("Shop")), shop_word),
        (Column(_("Method")), lambda o: way_of_payment(o.method, o.platform, o.money.currency) if o.method else ""),
        (Column(_("Payout state at the export")), lambda o: word(o.state, "payout")),
        (Column(_("Decided by")), lambda o: o.decided_by),
    ]
    return table(_("Owed"), [*printed, *beside], rows, detail=True, printed=len(printed))
