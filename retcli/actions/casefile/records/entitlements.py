"""Writes the entitlement ledger: what cases draw on the pieces and money of an order's lines and on its freight, and
what they give back. Entries are only ever added; a negative one gives back.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.ledger import Drawn, draws_of_others
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.orderfile import step_memory
from retcli.errors import Overdrawn
from retcli.language import _
from retcli.models import Case, CaseLine, Draw, Order, OrderLine
from retcli.models.imports import ImportQuestion
from retcli.rules.casefile.amounts import Amount
from retcli.rules.lifecycles import (
    COMING_BACK,
    GOING_OUT,
    TAKES_NO_PIECES,
    Decision,
    Kind,
    ReplacementState,
)
from retcli.shellwords import quoted
from retcli.shop import Shop


def draw_units(shop: Shop, case: Case, order: Order) -> None:
    """Draws the pieces of a case on the lines of its order. Raises Overdrawn, with the cases that drew before, where a
    line has not so many left.
    """
    if case.kind in TAKES_NO_PIECES:
        return
    drawn = draws_of_others(shop, order, case.id)
    for line, order_line in case_lines(shop, case):
        draws = drawn.get(order_line.id, [])
        left = order_line.quantity - sum(draw.units for draw in draws)
        if line.quantity > left:
            raise _too_many(order, order_line, line.quantity, left, draws)
        shop.add(
            Draw(order_id=order.id or 0, line_id=order_line.id, case_id=case.id or 0, units=line.quantity, at=shop.now)
        )


def _too_many(order: Order, order_line: OrderLine, wanted: int, left: int, draws: Sequence[Drawn]) -> Overdrawn:
    """The error for more pieces than a line has left, with the cases that drew before."""
    earlier = ", ".join(draw.case for draw in draws if draw.units)
    message = _("{sku}: {wanted} wanted, only {open} were bought")
    if earlier:
        message = _("{sku}: {wanted} wanted, {open} still open; drawn on before by {earlier}")
    text = message.format(sku=order_line.sku or order_line.number, wanted=wanted, open=left, earlier=earlier)
    return Overdrawn(text, f"retcli order show {quoted(order.number)}", case=earlier)


def _draw(shop: Shop, case: Case, line_id: int | None, *, units: int = 0, share: int = 0, cash: int = 0) -> None:
    """Writes an entry of the ledger, unless all of it is zero; without a line it is on the order's freight. `share` and
    `cash` are minor units; negative numbers give back.
    """
    if units or share or cash:
        row = Draw(order_id=case.order_id, line_id=line_id, case_id=case.id or 0, at=shop.now)
        row.units, row.share, row.cash = units, share, cash
        shop.add(row)


def release(shop: Shop, case: Case, *, units_only: bool = False) -> None:
    """Gives back all that a case has drawn, or with `units_only` its pieces."""
    for line_id, (units, share, cash) in _own(shop, case).items():
        if units_only:
            _draw(shop, case, line_id, units=-units)
        else:
            _draw(shop, case, line_id, units=-units, share=-share, cash=-cash)


def _own(shop: Shop, case: Case) -> dict[int | None, tuple[int, int, int]]:
    """What a case draws on each line (None: the freight): pieces, their share of the line's cash, and cash, both in
    minor units.
    """
    opened = step_memory.hanging(shop, Draw, case)
    if opened is not None:
        return _sums(opened)
    sums = [sa.cast(sa.func.sum(column), sa.BigInteger) for column in (Draw.units, Draw.share, Draw.cash)]
    rows = shop.session.execute(
        sa.select(col(Draw.line_id), *sums).where(col(Draw.case_id) == case.id).group_by(col(Draw.line_id))
    )
    return {line_id: (int(units), int(share), int(cash)) for line_id, units, share, cash in rows}


def _sums(draws: Sequence[Draw]) -> dict[int | None, tuple[int, int, int]]:
    """The sums of entries by line, in the sequence in which the database would give them: the freight first."""
    lines = sorted({draw.line_id for draw in draws}, key=lambda line_id: line_id or 0)
    by_line = {line_id: [draw for draw in draws if draw.line_id == line_id] for line_id in lines}
    return {
        line_id: (sum(draw.units for draw in mine), sum(draw.share for draw in mine), sum(draw.cash for draw in mine))
        for line_id, mine in by_line.items()
    }


def reserve(shop: Shop, case: Case, due: Amount) -> None:
    """Draws the money of an approval, to be paid later. Pieces that stay with the buyer are given back to the line, and
    so to cases of the order that lacked them.
    """
    by_number = {order_line.number: (line, order_line) for line, order_line in case_lines(shop, case)}
    given_back = 0
    for part in due.lines:
        line, order_line = by_number[part.number]
        # an amount without pieces of the line leaves its goods with the buyer
        staying = 0 if part.units or case.kind == Kind.ALLOWANCE else line.quantity
        _draw(shop, case, order_line.id, units=-staying, share=part.share, cash=part.cash)
        line.due = line.agreed = part.cash
        given_back += staying
    _draw(shop, case, None, cash=due.freight)
    case.freight_due = case.freight_agreed = due.freight
    shop.flush()
    if given_back:
        draw_lacking(shop, case)


def reserve_more(shop: Shop, case: Case, raised: Amount) -> None:
    """Draws what an approval is raised by where the platform paid more than was agreed here; never lowers it."""
    by_number = {order_line.number: (line, order_line) for line, order_line in case_lines(shop, case)}
    for part in raised.lines:
        line, order_line = by_number[part.number]
        _draw(shop, case, order_line.id, cash=max(part.cash - line.due, 0))
        line.due = max(part.cash, line.due)
    _draw(shop, case, None, cash=max(raised.freight - case.freight_due, 0))
    case.freight_due = max(raised.freight, case.freight_due)
    shop.flush()


def free_sent_again(shop: Shop, case: Case) -> None:
    """Gives back the pieces of a case once everything for it was sent again, and what comes back for it is back: the
    buyer has as many as were bought, and may return them. Cases of the order that lacked pieces draw them.
    """
    if sent_again(shop, case):
        release(shop, case, units_only=True)
        draw_lacking(shop, case)


def sent_again(shop: Shop, case: Case) -> bool:
    """Whether everything that a case sends was sent, and what comes back for it is back."""
    if case.kind not in GOING_OUT:
        return False
    dossier = dossier_of(shop, case)
    gone = {ReplacementState.SHIPPED, ReplacementState.DELIVERED}
    back = case.kind not in COMING_BACK or dossier.all_accepted
    to_send = set(dossier.replacements) - {ReplacementState.CANCELLED}
    return back and bool(to_send) and to_send <= gone


def draw_anew(shop: Shop, case: Case) -> None:
    """Draws a case's pieces again as far as no other case took them since they were given back."""
    drawn = draws_of_others(shop, step_memory.order_of(shop, case), case.id)
    release(shop, case, units_only=True)
    for line, order_line in case_lines(shop, case):
        left = order_line.quantity - sum(draw.units for draw in drawn.get(order_line.id, []))
        _draw(shop, case, order_line.id, units=max(min(line.quantity, left), 0))


def draw_lacking(shop: Shop, freed: Case) -> None:
    """Has undecided cases of the order draw the pieces that they were applied for and could not have, now that a case
    has `freed` some; the oldest case first.
    """
    if step_memory.alone(shop, freed.order_id, freed.id):
        return
    shop.session.flush()  # what was just given back is to be seen by the query
    lacking = (
        sa.select(Case)
        .join(CaseLine, col(CaseLine.case_id) == col(Case.id))
        .where(col(Case.order_id) == freed.order_id, col(Case.id) != freed.id)
        .where(col(CaseLine.wanted).is_not(None), col(Case.decision) == Decision.REQUESTED)
    )
    for case in shop.session.scalars(lacking.order_by(col(Case.id)).distinct()).all():
        _draw_lacking(shop, case)


def _draw_lacking(shop: Shop, case: Case) -> None:
    """Draws the pieces that a case lacks of each line, as far as other cases leave them; closes the question about
    it.
    """
    drawn = draws_of_others(shop, step_memory.order_of(shop, case), case.id)
    pieces = 0
    for line, order_line in case_lines(shop, case):
        wanted = line.wanted or 0
        left = min(wanted, order_line.quantity - sum(draw.units for draw in drawn.get(order_line.id, [])))
        if left > line.quantity:
            pieces += left - line.quantity
            _draw(shop, case, order_line.id, units=left - line.quantity)
            line.quantity, line.wanted = left, None if left == wanted else wanted
    if pieces:
        shop.session.flush()
        shop.record(case.number, "draw", pieces=pieces)
        close_questions(shop, case.platform_number or "", "pieces")


def close_questions(shop: Shop, refund: str, *fields: str) -> None:
    """Closes the open questions of imports about some fields of a refund, since what they asked about came true."""
    shop.session.execute(
        sa.update(ImportQuestion)
        .where(col(ImportQuestion.subject) == refund, col(ImportQuestion.state) == "open")
        .where(col(ImportQuestion.field).in_(fields))
        .values(state="taken")
    )


def give_back(shop: Shop, case: Case, minor: Mapping[int | None, int]) -> None:
    """Lowers what a case is due, and what it draws, by so many minor units of each line (None: of the freight)."""
    own = _own(shop, case)
    for line, order_line in case_lines(shop, case):
        less = minor.get(order_line.id, 0)
        _draw(shop, case, order_line.id, share=-min(less, own.get(order_line.id, (0, 0, 0))[1]), cash=-less)
        line.due -= less
    freight = minor.get(None, 0)
    _draw(shop, case, None, cash=-freight)
    case.freight_due -= freight
    shop.session.flush()


def take_up(shop: Shop, case: Case, minor: Mapping[int | None, int]) -> None:
    """Raises what a case is due, and what it draws, by so many minor units of each line (None: of the freight), which
    it gave back before.
    """
    own = _own(shop, case)
    for line, order_line in case_lines(shop, case):
        more = minor.get(order_line.id, 0)
        pieces = own.get(order_line.id, (0, 0, 0))[0]
        # money alone, such as a price cut, is no share of what pieces are worth
        _draw(shop, case, order_line.id, share=more if pieces else 0, cash=more)
        line.due += more
    freight = minor.get(None, 0)
    _draw(shop, case, None, cash=freight)
    case.freight_due += freight
    shop.session.flush()


def give_up_rest(shop: Shop, case: Case) -> dict[str, int | str]:
    """Gives back what was approved and not paid, and the pieces of a return that never came, or of a refund of which
    nothing stays paid. The facts for the event: minor units and their currency, pieces.
    """
    dossier, own = dossier_of(shop, case), _own(shop, case)
    before, pieces = dossier.due, sum(line.quantity for line, _order_line in dossier.lines)
    for line, order_line in dossier.lines:
        paid = dossier.paid.get(order_line.id, 0)
        drawn, share, _cash = own.get(order_line.id, (0, 0, 0))
        missing = line.quantity - dossier.accepted(line) if case.kind == Kind.RETURN else 0
        if case.kind == Kind.REFUND_ONLY and not paid:
            missing = max(drawn - dossier.accepted(line), 0)
        unpaid = line.due - paid
        _draw(shop, case, order_line.id, units=-missing, share=-min(unpaid, share), cash=-unpaid)
        line.due, line.quantity = line.due - unpaid, line.quantity - missing
    freight = case.freight_due - dossier.paid.get(None, 0)
    _draw(shop, case, None, cash=-freight)
    case.freight_due -= freight
    shop.session.flush()
    left = sum(line.quantity for line, _order_line in dossier.lines)
    return {"minor": before - dossier.due, "currency": dossier.order.currency, "pieces": pieces - left}
