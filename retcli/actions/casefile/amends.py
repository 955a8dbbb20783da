"""How much of what was paid for a case's goods is left for amends and price cuts, by all cases of its order."""

import json
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.refunded_on_platform import by_files
from retcli.models import Case
from retcli.models.books import Event
from retcli.rules.lifecycles import TAKES_NO_PIECES, Decision
from retcli.rules.money import minor_units
from retcli.rules.money.amends import BEYOND_PRICE, Ceiling, Given, lowest, on_lines
from retcli.shop import Shop


def ceilings(dossier: Dossier) -> list[Ceiling]:
    """What was paid and is let go of a case's order, of its lines, and of its pieces, this case's own agreement with
    it.
    """
    return list(_ceilings(dossier, _given(dossier)))


def before_decided(dossier: Dossier) -> tuple[Ceiling, ...]:
    """The ceilings for a case that is to be decided on an order on which amends were given; none otherwise."""
    open_still = dossier.case.decision not in {Decision.APPROVED, Decision.WITHDRAWN}
    given = _given(dossier) if open_still else ()
    return tuple(_ceilings(dossier, given)) if sum(each.minor for each in given) else ()


def room(dossier: Dossier) -> int:
    """How much more may be given on a case as amends, in minor units; nothing or less where all is let go."""
    ceiling = lowest(ceilings(dossier))
    return ceiling.paid - ceiling.let_go


def waived_beyond(shop: Shop, case: Case) -> int:
    """By how many minor units managers let the amends of a case exceed what was paid."""
    query = sa.select(col(Event.payload)).where(col(Event.subject) == case.number, col(Event.action) == "waive")
    payloads = [json.loads(text) for text in shop.session.scalars(query)]
    payloads += [
        event["payload"] for event in shop.events if (event["subject"], event["action"]) == (case.number, "waive")
    ]
    return max((facts.get("beyond", 0) for facts in payloads if facts.get("rule") == BEYOND_PRICE), default=0)


def _given(dossier: Dossier) -> Sequence[Given]:
    """The amends in money on the order of a case; one that an import has opened a moment ago alone has none."""
    if step_memory.alone(dossier.together.shop, dossier.order.id, dossier.case.id) and not dossier.payouts:
        return ()
    return dossier.together.amends.get(dossier.order.id or 0, ())


def _ceilings(dossier: Dossier, given: Sequence[Given]) -> Iterator[Ceiling]:
    case, order, lines = dossier.case, dossier.order, frozenset(line.line_id for line, _order_line in dossier.lines)
    drawn = {line_id: sum(draw.cash for draw in draws) for line_id, draws in dossier.drawn_now().items()}
    agreed = case.decision == Decision.APPROVED
    goods = sum(line.due for line, _order_line in dossier.lines) if agreed else 0
    all_drawn = sum(drawn.values()) + (dossier.due if agreed else 0)
    # what the file says that went back there holds most of what was agreed to here as well: the two are never added
    all_drawn = max(all_drawn, by_files(order, dossier.order_lines) or 0)
    yield Ceiling(order.paid, all_drawn + sum(each.minor for each in given), of_order=True)
    if not lines:
        return
    of_lines = goods + sum(drawn.get(line_id, 0) for line_id in lines)
    bought = sum(order_line.cash for _line, order_line in dossier.lines)
    yield Ceiling(bought, of_lines + on_lines(given, lines), of_order=False)
    if case.kind not in TAKES_NO_PIECES:
        own = sum(each.minor for each in given if each.case == case.id)
        yield Ceiling(_worth(dossier, agreed=agreed), goods + own, of_order=False)


def _worth(dossier: Dossier, *, agreed: bool) -> int:
    """What was paid for the pieces of a case, in minor units; of the last piece of a line a fen more was agreed to."""
    return sum(
        max(minor_units.up_to(bought.cash, min(line.quantity, bought.quantity), bought.quantity), line.due * agreed)
        for line, bought in dossier.lines
        if bought.quantity
    )
