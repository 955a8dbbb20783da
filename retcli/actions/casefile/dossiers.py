"""What the books hold of a case, read once and in few queries, for whoever judges, shows or pays it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.sent_orders import waybills_of
from retcli.models import (
    Case,
    CaseLine,
    Evidence,
    Inspection,
    Offer,
    Order,
    OrderLine,
    Parcel,
    ParcelCase,
    ParcelCount,
    Payout,
    PayoutPart,
    PlatformAction,
    Product,
    Replacement,
    Waiver,
)
from retcli.models.base import instant_of
from retcli.models.register import Contact, Escalation, Extension, Note
from retcli.models.tracking import Movement
from retcli.rules.casefile.reasons import breach
from retcli.rules.cases.register import Entry
from retcli.rules.lifecycles import ActionState, Grade, Kind, PayoutState, ReplacementState
from retcli.rules.money.payouts import FREIGHT, GOODS
from retcli.shop import Shop


@dataclass(frozen=True)
class Intervention:
    """How the platform's last intervention in a case stands, and until when it wants evidence."""

    state: str
    due_at: datetime | None
    estimated: bool


@dataclass(frozen=True)
class Dossier:
    """A case with all that hangs on it, as it stood when it was read.

    `order_lines` are the order's, `lines` those of the case with the order lines they stand on; `grades` are pieces
    inspected by case line; `paid` is what live refunds give by order line (None: freight of the way out), in minor
    units; `uninspected` are pieces counted only; `waivers` say who waived which rule, `proofs` which kinds of evidence
    there are; `contacts` are the times when the buyer was spoken to, `notes` are texts with who wrote them, `extended`
    are days more for the buyer, `offers` the state and the rung of each,
    `renewed_at` when the buyer got other pieces for these in an earlier exchange; `to_send` are the SKUs of goods to go
    out, empty where nobody said which; `clicked` are the clicks that nobody has verified yet; `intervention` is the
    platform's last one, None where it never stepped in.
    """

    case: Case
    order: Order
    order_lines: Sequence[OrderLine]
    lines: Sequence[tuple[CaseLine, OrderLine]]
    products: Mapping[str, Product]
    grades: Mapping[int, Mapping[Grade, int]]
    payouts: Sequence[Payout]
    paid: Mapping[int | None, int]
    parcels: Sequence[Parcel]
    uninspected: int
    replacements: Sequence[ReplacementState]
    actions: Sequence[ActionState]
    to_click: frozenset[str]
    waivers: Mapping[str, str]
    proofs: frozenset[str]
    contacts: Sequence[datetime] = ()
    notes: Sequence[tuple[str, str]] = ()
    extended: int = 0
    offers: Sequence[tuple[str, str]] = ()
    renewed_at: datetime | None = None
    to_send: Sequence[str] = ()
    clicked: frozenset[str] = frozenset()
    intervention: Intervention | None = None
    sent_under: Sequence[str] = ()

    @property
    def waybills(self) -> str:
        """The waybills under which the order went out, as a text names them."""
        return "、".join(self.sent_under)

    def inspected(self, line: CaseLine) -> int:
        """Pieces of a line that were inspected, the wrong ones too."""
        return sum(self.grades.get(line.id or 0, {}).values())

    def accepted(self, line: CaseLine) -> int:
        """Pieces of a line that came back and are of this order: any grade but X."""
        return sum(n for grade, n in self.grades.get(line.id or 0, {}).items() if grade != Grade.X)

    @property
    def due(self) -> int:
        """What was approved, in minor units."""
        return sum(line.due for line, _order_line in self.lines) + self.case.freight_due


def dossier_of(shop: Shop, case: Case) -> Dossier:
    """Reads all that hangs on a case."""
    bought = _bought(shop, case)
    parcels = _parcels(shop, case)
    paid = _paid(shop, case)
    found = _found(shop, case)
    return Dossier(
        case=case,
        order=bought[0][0],
        order_lines=[line for _order, line, _mine, _product in bought if line],
        lines=[(mine, line) for _order, line, mine, _product in bought if mine],
        products={product.sku: product for *_others, product in bought if product},
        grades=_grades(shop, case),
        payouts=list({payout.id: payout for payout, *_part in paid}.values()),
        paid=_by_line(paid),
        parcels=[parcel for parcel, _left in parcels],
        sent_under=_sent_under(shop, bought[0][0]),
        uninspected=sum(int(left or 0) for _parcel, left in parcels),
        replacements=[ReplacementState(state) for state, _sku in found["replacement"]],
        to_send=[sku for state, sku in found["replacement"] if state == ReplacementState.DUE],
        actions=[ActionState(state) for state, _by in found["action"]],
        to_click=frozenset(action for state, action in found["action"] if state == ActionState.TODO),
        clicked=frozenset(action for state, action in found["action"] if state == ActionState.DONE),
        waivers=dict(found["waiver"]),
        proofs=frozenset(kind for kind, _by in found["evidence"]),
        contacts=[at for text, _by in found["contact"] if (at := instant_of(text))],
        notes=[(by, text) for text, by in found["note"]],
        offers=found["offer"],
        renewed_at=_renewed_at(shop, case) if breach(case.reason) else None,
        extended=sum(int(days) for days, _by in found["extension"]),
        intervention=_intervention(found["entry"]),
    )


def _sent_under(shop: Shop, order: Order) -> Sequence[str]:
    memory = step_memory.of(shop)
    if order.id in memory.lines or not order.waybill:
        return memory.sent.get(order.id, ())
    return waybills_of(shop, order)


def _intervention(entries: Sequence[tuple[str, str]]) -> Intervention | None:
    """The last intervention among the entries of a case's register, each with its kind."""
    told = [said for said, kind in entries if kind == Entry.INTERVENTION]
    if not told:
        return None
    state, due_at, estimated = told[-1].split("|")
    return Intervention(state, instant_of(due_at), estimated in {"1", "true"})


def _opened_bought(shop: Shop, case: Case, opened: Sequence[CaseLine]) -> Sequence[Any]:
    """The order of a case that was opened a moment ago, with each of its lines, the case's part and the product."""
    memory, mine = step_memory.of(shop), {line.line_id: line for line in opened}
    order, bought = shop.session.get_one(Order, case.order_id), memory.lines[case.order_id]
    return [(order, x, mine.get(x.id or 0), memory.products.get(x.sku)) for x in bought] or [(order, None, None, None)]


def _opened_found(shop: Shop, case: Case) -> dict[str, list[tuple[str, str]]]:
    """The same of a case that was opened a moment ago: nobody can have waived, proved or noted anything on it."""
    goods, clicks = (step_memory.hanging(shop, Replacement, case), step_memory.hanging(shop, PlatformAction, case))
    offers, found = step_memory.hanging(shop, Offer, case), defaultdict[str, list[tuple[str, str]]](list)
    found["replacement"] = [(row.state, row.sku) for row in goods or []]
    found["action"] = [(row.state, row.action) for row in clicks or []]
    found["offer"] = [(row.state, row.rung) for row in offers or []]
    entries = step_memory.hanging(shop, Escalation, case) or []
    found["entry"] = [(f"{x.state}|{x.due_at.isoformat()}|{int(x.estimated)}", x.kind) for x in entries]
    return found


def _renewed_at(shop: Shop, case: Case) -> datetime | None:
    """When the buyer had the pieces of an earlier exchange of the same lines, by the carrier's signature; the day on
    which they were sent where only the platform says that they arrived.
    """
    if step_memory.alone(shop, case.order_id, case.id):
        return None
    mine = sa.select(col(CaseLine.line_id)).where(col(CaseLine.case_id) == case.id)
    signed = sa.select(sa.func.max(Movement.at)).where(
        col(Movement.waybill) == col(Replacement.waybill), col(Movement.status) == "signed"
    )
    arrived = sa.case((col(Replacement.state) == ReplacementState.DELIVERED, col(Replacement.shipped_at)))
    query = (
        sa.select(sa.func.max(sa.func.coalesce(signed.scalar_subquery(), arrived)))
        .join(Case, col(Case.id) == col(Replacement.case_id))
        .join(CaseLine, col(CaseLine.case_id) == col(Case.id))
        .where(col(CaseLine.line_id).in_(mine), col(Case.kind) == Kind.EXCHANGE, col(Case.id) != case.id)
        .where(col(Replacement.shipped_at) < case.applied_at)
    )
    return instant_of(shop.session.scalar(query))


def agreed_on(held: Dossier) -> int:
    """What was agreed when the case was decided, in minor units; what the platform paid never changes it."""
    return sum(line.agreed or 0 for line, _order_line in held.lines) + (held.case.freight_agreed or 0)


def case_lines(shop: Shop, case: Case) -> list[tuple[CaseLine, OrderLine]]:
    """A case's lines with the order lines they stand on."""
    opened = step_memory.hanging(shop, CaseLine, case)
    if opened is not None:
        return _opened_lines(shop, case, opened)
    rows = shop.session.execute(
        sa.select(CaseLine, OrderLine)
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(col(CaseLine.case_id) == case.id)
        .order_by(col(OrderLine.position))
    )
    return [(line, order_line) for line, order_line in rows]


def _opened_lines(shop: Shop, case: Case, opened: Sequence[CaseLine]) -> list[tuple[CaseLine, OrderLine]]:
    """The lines of a case that was opened a moment ago."""
    bought = step_memory.of(shop).lines[case.order_id]
    mine = {line.line_id: line for line in opened}
    return [(mine[line.id or 0], line) for line in bought if line.id in mine]


def payouts_of(shop: Shop, case: Case) -> list[Payout]:
    """The payouts of a case, oldest first."""
    opened = step_memory.hanging(shop, Payout, case)
    if opened is not None:
        return opened
    query = sa.select(Payout).where(col(Payout.case_id) == case.id).order_by(col(Payout.id))
    return list(shop.session.scalars(query))


def replacements_of(shop: Shop, case: Case, *states: ReplacementState) -> list[Replacement]:
    """The goods going out for a case in some states, oldest first."""
    opened = step_memory.hanging(shop, Replacement, case)
    if opened is not None:
        return [row for row in opened if row.state in states]
    query = sa.select(Replacement).where(col(Replacement.case_id) == case.id, col(Replacement.state).in_(states))
    return list(shop.session.scalars(query.order_by(col(Replacement.id))))


def parcels_of(shop: Shop, case: Case) -> list[Parcel]:
    """The parcels that belong to a case."""
    return [parcel for parcel, _left in _parcels(shop, case)]


def _bought(shop: Shop, case: Case) -> Sequence[Any]:
    """The order with each of its lines, the part of the case in it, and the product."""
    opened = step_memory.hanging(shop, CaseLine, case)
    if opened is not None:
        return _opened_bought(shop, case, opened)
    mine = sa.and_(col(CaseLine.line_id) == col(OrderLine.id), col(CaseLine.case_id) == case.id)
    return shop.session.execute(
        sa.select(Order, OrderLine, CaseLine, Product)
        .outerjoin(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .outerjoin(CaseLine, mine)
        .outerjoin(Product, col(Product.sku) == col(OrderLine.sku))
        .where(col(Order.id) == case.order_id)
        .order_by(col(OrderLine.position))
    ).all()


def _grades(shop: Shop, case: Case) -> dict[int, dict[Grade, int]]:
    if step_memory.hanging(shop, CaseLine, case) is not None:
        return {}
    rows = shop.session.execute(
        sa.select(col(CaseLine.id), col(Inspection.grade), sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
        .join(Inspection, col(Inspection.case_line_id) == col(CaseLine.id))
        .where(col(CaseLine.case_id) == case.id)
        .group_by(col(CaseLine.id), col(Inspection.grade))
    )
    found: dict[int, dict[Grade, int]] = defaultdict(dict)
    for line, grade, pieces in rows:
        if pieces:  # else all of it was taken back
            found[line][Grade(grade)] = int(pieces)
    return found


def _paid(shop: Shop, case: Case) -> Sequence[Any]:
    """The payouts of a case, oldest first, each with every part of it: purpose, order line, minor units."""
    opened = step_memory.hanging(shop, Payout, case)
    if opened is not None:
        parts = step_memory.hanging(shop, PayoutPart, case) or []
        return [(p, x.purpose, x.line_id, x.minor) for p in opened for x in parts if x.payout_id == p.id]
    return shop.session.execute(
        sa.select(Payout, col(PayoutPart.purpose), col(PayoutPart.line_id), col(PayoutPart.minor))
        .outerjoin(PayoutPart, col(PayoutPart.payout_id) == col(Payout.id))
        .where(col(Payout.case_id) == case.id)
        .order_by(col(Payout.id))
    ).all()


def _by_line(paid: Sequence[Any]) -> dict[int | None, int]:
    sums: dict[int | None, int] = defaultdict(int)
    for payout, purpose, line_id, minor in paid:
        if payout.state != PayoutState.FAILED and purpose in {GOODS, FREIGHT}:
            sums[line_id] += minor
    return sums


def _parcels(shop: Shop, case: Case) -> Sequence[Any]:
    """The parcels that belong to a case, each with its pieces that are counted and not inspected."""
    opened = step_memory.hanging(shop, Parcel, case)
    if opened is not None:
        return [(parcel, 0) for parcel in opened]
    left = sa.cast(sa.func.sum(ParcelCount.counted - ParcelCount.inspected), sa.BigInteger)
    return shop.session.execute(
        sa.select(Parcel, left)
        .join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
        .outerjoin(ParcelCount, col(ParcelCount.parcel_id) == col(Parcel.id))
        .where(col(ParcelCase.case_id) == case.id)
        .group_by(col(Parcel.id))
        .order_by(col(Parcel.id))
    ).all()


def _found(shop: Shop, case: Case) -> dict[str, list[tuple[str, str]]]:
    """Where replacements and clicks stand, which rules were waived by whom, whether there is evidence, and what was
    written down beside the case; each kind in the order in which it came.
    """
    if step_memory.hanging(shop, CaseLine, case) is not None:
        return _opened_found(shop, case)
    tables: tuple[tuple[str, Any, str, str], ...] = (
        ("replacement", Replacement, "state", "sku"),
        ("action", PlatformAction, "state", "action"),
        ("waiver", Waiver, "rule", "by"),
        ("evidence", Evidence, "kind", "by"),
        ("contact", Contact, "at", "by"),
        ("note", Note, "text", "by"),
        ("extension", Extension, "days", "by"),
        ("offer", Offer, "state", "rung"),
    )
    looks = []
    for name, model, what, by in tables:
        table = model.__table__.c
        said = sa.cast(table[what], sa.String).label("said")
        looks.append(
            sa.select(sa.literal(name), said, table[by], table.id.label("place")).where(table.case_id == case.id)
        )
    looks.append(_entries(case))
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, value, by, _place in shop.session.execute(sa.union_all(*looks).order_by("place")):
        found[name].append((value, by))
    return found


def _entries(case: Case) -> sa.Select[Any]:
    """The entries of a case's register as one of the looks of `_found`: state, deadline and whether it is estimated."""
    model: Any = Escalation
    table = model.__table__.c
    parts = [sa.cast(table[name], sa.String) for name in ("state", "due_at", "estimated")]
    said = (parts[0] + "|" + parts[1] + "|" + parts[2]).label("said")
    return sa.select(sa.literal("entry"), said, table.kind, table.id.label("place")).where(table.case_id == case.id)
