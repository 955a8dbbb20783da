"""How much of what was paid for a case's goods is left for amends, price cuts and refunds beside them, by all cases of
its order.
"""

from collections.abc import Iterator, Sequence

from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.refunded_on_platform import by_files
from retcli.rules.casefile.findings import Finding
from retcli.rules.lifecycles import TAKES_NO_PIECES, Decision
from retcli.rules.money import minor_units
from retcli.rules.money.amends import Ceiling, Given, Leave, against, lowest, on_lines, widest


def ceilings(dossier: Dossier) -> list[Ceiling]:
    """What was paid and is let go of a case's order, of its lines, and of its pieces, this case's own agreement with
    it.
    """
    return list(_ceilings(dossier, _given(dossier), let_go=True))


def beside_amends(dossier: Dossier) -> tuple[Ceiling, ...]:
    """The ceilings for the money of a case on an order on which amends were given; none otherwise. Of a case that is
    still to be decided its own agreement is not among what is let go.
    """
    given = _given(dossier) if dossier.case.decision != Decision.WITHDRAWN else ()
    nothing = dossier.case.decision == Decision.APPROVED and not dossier.due
    if nothing or not sum(each.minor for each in given):
        return ()
    return tuple(_ceilings(dossier, given, let_go=dossier.case.decision == Decision.APPROVED))


def against_agreed(dossier: Dossier) -> Finding | None:
    """The no to paying what is agreed to on a case where, with the amends of its order, it exceeds what was paid;
    overruled where managers let as much go. None where it does not, or nothing was agreed to.
    """
    if dossier.case.decision != Decision.APPROVED:
        return None
    return against([(each, 0) for each in beside_amends(dossier)], dossier.order.currency)


def against_let_go(dossier: Dossier) -> Finding | None:
    """The no to what is let go on a case already, its amends with it, where that exceeds what was paid."""
    counted = [(each, 0) for each in ceilings(dossier)] if any(each.minor for each in _given(dossier)) else []
    return against(counted, dossier.order.currency)


def room(dossier: Dossier) -> int:
    """How much more may be given on a case as amends, in minor units; nothing or less where all is let go."""
    ceiling = lowest(ceilings(dossier))
    return ceiling.paid - ceiling.let_go


def waived_beyond(dossier: Dossier) -> int:
    """By how many minor units managers let what leaves on a case exceed what was paid, since its last application."""
    return widest(_own(dossier))[0]


def _own(dossier: Dossier) -> Iterator[Leave]:
    """What managers let go beyond what was paid on a case itself, since its last application."""
    leaves = dossier.together.leaves.get(dossier.order.id or 0, ())
    return (each for each in leaves if each.case == dossier.case.id and not each.earlier)


def _leave(dossier: Dossier, lines: frozenset[int] | None, *, let_go: bool) -> tuple[int, str]:
    """By how much (minor units) a ceiling may be exceeded and by whom: the one of some order lines, or of the order
    (None). What is to be decided needs a manager's word of its own; for what is `let_go` the word on any case that
    counts against the same ceiling does, since it was given for all that was let go by then.
    """
    mine = list(_own(dossier))
    if let_go:
        leaves = dossier.together.leaves.get(dossier.order.id or 0, ())
        others = (each for each in leaves if each.case != dossier.case.id)
        mine += [each for each in others if lines is None or each.lines & lines]
    return widest(mine)


def _given(dossier: Dossier) -> Sequence[Given]:
    """The amends in money on the order of a case; one that an import has opened a moment ago alone has none."""
    if step_memory.alone(dossier.together.shop, dossier.order.id, dossier.case.id) and not dossier.payouts:
        return ()
    return dossier.together.amends.get(dossier.order.id or 0, ())


def _ceilings(dossier: Dossier, given: Sequence[Given], *, let_go: bool) -> Iterator[Ceiling]:
    case, order, lines = dossier.case, dossier.order, frozenset(line.line_id for line, _order_line in dossier.lines)
    drawn = {line_id: sum(draw.cash for draw in draws) for line_id, draws in dossier.drawn_now().items()}
    agreed = case.decision == Decision.APPROVED
    goods, due = (sum(line.due for line, _order_line in dossier.lines), dossier.due) if agreed else (0, 0)
    # what the file says that went back there holds most of what was agreed to here as well: the two are never added
    all_drawn = max(sum(drawn.values()) + due, by_files(order, dossier.order_lines) or 0)
    leave, by = _leave(dossier, None, let_go=let_go) if given else (0, "")
    of_order = all_drawn + sum(each.minor for each in given)
    yield Ceiling(order.paid, of_order, of_order=True, own=due, leave=leave, by=by)
    if not lines:
        return
    leave, by = _leave(dossier, lines, let_go=let_go) if given else (0, "")
    of_lines = goods + sum(drawn.get(line_id, 0) for line_id in lines) + on_lines(given, lines)
    bought = sum(order_line.cash for _line, order_line in dossier.lines)
    yield Ceiling(bought, of_lines, of_order=False, own=goods, leave=leave, by=by)
    if case.kind not in TAKES_NO_PIECES:
        own = sum(each.minor for each in given if each.case == case.id)
        worth = _worth(dossier, agreed=agreed)
        yield Ceiling(worth, goods + own, of_order=False, of_pieces=True, own=goods, leave=leave, by=by)


def _worth(dossier: Dossier, *, agreed: bool) -> int:
    """What was paid for the pieces of a case, in minor units; of the last piece of a line a fen more was agreed to."""
    return sum(
        max(minor_units.up_to(bought.cash, min(line.quantity, bought.quantity), bought.quantity), line.due * agreed)
        for line, bought in dossier.lines
        if bought.quantity
    )
