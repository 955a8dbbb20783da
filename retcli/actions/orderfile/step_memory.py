"""What a step of an import of refunds need not ask the database for: what was read for all rows at once, orders with
their lines before all, and what hangs on a case that the row at hand has opened, which nobody else can have seen.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from retcli.actions.orderfile.questioned_paid import Questioned, questioned
from retcli.actions.orderfile.sent_orders import lost_orders, waybills_of_each
from retcli.database.staging.stages import StagedRow
from retcli.models import (
    Case,
    CaseLine,
    Draw,
    Order,
    OrderLine,
    OrderWaybill,
    Parcel,
    Payout,
    PayoutPart,
    PlatformAction,
    Product,
    Replacement,
)
from retcli.rules.warehouse.ids import order_key
from retcli.shop import Shop

M = TypeVar("M", bound=SQLModel)
_WITHOUT_ID = (CaseLine, Draw, PayoutPart, PlatformAction)
"""Rows of which nothing needs the id before the step is saved: they are written together."""

_NAMES: sa.BindParameter[str] = sa.bindparam("names", expanding=True)
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_ORDERS = sa.select(Order).where(col(Order.number_key).in_(_NAMES))
_LINES = sa.select(OrderLine).where(col(OrderLine.order_id).in_(_IDS)).order_by(col(OrderLine.position))
_PRODUCTS = sa.select(Product).where(col(Product.sku).in_(_NAMES))
_CROWDED = sa.select(col(Case.order_id)).where(col(Case.order_id).in_(_IDS))
_REFUNDS = sa.select(col(Case.platform_number)).where(
    col(Case.platform) == sa.bindparam("platform"), col(Case.platform_number).in_(_NAMES)
)
_WAYBILLS = sa.union_all(
    *(
        sa.select(col(each.waybill), number).where(col(each.waybill).in_(_NAMES))
        for each, number in ((Parcel, sa.literal("")), (Replacement, sa.literal("")), (Order, col(Order.number)))
    ),
    sa.select(col(OrderWaybill.waybill), col(Order.number))
    .join(Order, col(Order.id) == col(OrderWaybill.order_id))
    .where(col(OrderWaybill.waybill).in_(_NAMES)),
)
"""What a step reads; made once, since making a statement costs more than running it on a few rows."""


@dataclass
class StepMemory:
    """The orders of a step by their number, their lines and products; `crowded` are those that have a case already, or
    may get one from somebody else meanwhile, `lost` those whose parcels the carrier lost, `sent` the waybills of each,
    `questioned` those of which a file says that less was paid; `refunds` and `waybills` are the ones that stand in the
    books. `case` is the one that the row at hand has opened, `rows` what was added to it since, by table, `unseen`
    these objects by their Python identity.
    """

    orders: dict[str, Order] = field(default_factory=dict)
    lines: dict[int, list[OrderLine]] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    crowded: set[int] = field(default_factory=set)
    lost: set[int | None] = field(default_factory=set)
    sent: Mapping[int | None, Sequence[str]] = field(default_factory=dict)
    questioned: Mapping[int, Questioned] = field(default_factory=dict)
    refunds: set[str] = field(default_factory=set)
    waybills: set[str] = field(default_factory=set)
    case: Case | None = None
    rows: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    unseen: set[int] = field(default_factory=set)

    def attached(self, _session: object, row: Any) -> None:
        """Notes a row that was added to the session."""
        if self.case is not None:
            self.rows[type(row)].append(row)
            self.unseen.add(id(row))


def of(shop: Shop) -> StepMemory:
    """The memory of the step at hand; an empty one elsewhere."""
    memory: StepMemory | None = shop.session.info.get("step_memory")
    return StepMemory() if memory is None else memory


@contextmanager
def remembered(shop: Shop, platform: str, rows: Sequence[StagedRow]) -> Iterator[StepMemory]:
    """Reads what the rows of a step are about, for as long as the context lasts, and the rules that judge them."""
    memory = StepMemory(refunds=_refunds(shop, platform, rows), waybills=_waybills(shop, rows))
    _read(shop, memory, platform, [row.values["order"] for row in rows])
    memory.sent = waybills_of_each(shop, list(memory.orders.values()))
    memory.lost = lost_orders(shop, memory.sent)
    memory.questioned = questioned(shop, list(memory.lines))
    _rules = shop.policies
    sa.event.listen(shop.session, "after_attach", memory.attached)
    shop.session.info["step_memory"] = memory
    try:
        yield memory
    finally:
        sa.event.remove(shop.session, "after_attach", memory.attached)
        del shop.session.info["step_memory"]


def _read(shop: Shop, memory: StepMemory, platform: str, numbers: Sequence[str]) -> None:
    """Reads the orders of the step with their lines and products; a number that names several orders is left out."""
    keys = {order_key(number) for number in numbers}
    by_key: dict[str, list[Order]] = defaultdict(list)
    for order in shop.session.scalars(_ORDERS, {"names": list(keys)}):
        if order.platform == platform:  # asked for in SQL, SQLite would look at every order of the platform
            by_key[order_key(order.number)].append(order)
    singles = {key: orders[0] for key, orders in by_key.items() if len(orders) == 1}
    memory.orders = {number: singles[key] for number in numbers if (key := order_key(number)) in singles}
    memory.lines = {order.id or 0: [] for order in singles.values()}
    ids = list(memory.lines)
    for line in shop.session.scalars(_LINES, {"ids": ids}):
        memory.lines[line.order_id].append(line)
    skus = {line.sku for lines in memory.lines.values() for line in lines}
    memory.products = {product.sku: product for product in shop.session.scalars(_PRODUCTS, {"names": list(skus)})}
    alone = shop.session.get_bind().dialect.name == "sqlite"
    memory.crowded = set(shop.session.scalars(_CROWDED, {"ids": ids}) if alone else ids)


def _refunds(shop: Shop, platform: str, rows: Sequence[StagedRow]) -> set[str]:
    """The refund numbers of rows that have a case already."""
    refunds = [row.values["refund"] for row in rows]
    return set(shop.session.scalars(_REFUNDS, {"platform": platform, "names": refunds}))


def _waybills(shop: Shop, rows: Sequence[StagedRow]) -> set[str]:
    """The waybills of the buyers' parcels that are waited for, or came, already, and of goods that went out to another
    order than the row's.
    """
    orders: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for waybill in (row.values.get("waybill") or "").split():
            orders[waybill].add(order_key(row.values["order"]))
    standing = shop.session.execute(_WAYBILLS, {"names": list(orders)}).all()
    return {waybill for waybill, number in standing if not number or orders[waybill] != {order_key(number)}}


def is_first(shop: Shop, values: Mapping[str, Any]) -> bool:
    """Whether a row opens the first case of its order, with parcels, if any, that nobody knows of."""
    memory, waybills = of(shop), set((values.get("waybill") or "").split())
    order = memory.orders.get(values["order"])
    if order is None or order.id in memory.crowded:
        return False
    return values["refund"] not in memory.refunds and not waybills & memory.waybills


def takes(shop: Shop, values: Mapping[str, Any]) -> None:
    """Notes that a row is being taken in: its refund and its parcels are known from now on."""
    memory = of(shop)
    memory.refunds.add(values["refund"])
    memory.waybills.update((values.get("waybill") or "").split())


@contextmanager
def opening(shop: Shop) -> Iterator[None]:
    """What is hung on the case that a row opens is known by heart as long as the context lasts."""
    memory = of(shop)
    try:
        yield
    finally:
        if memory.case is not None:
            memory.crowded.add(memory.case.order_id)
        _end(shop, memory)


def opens(shop: Shop, case: Case) -> None:
    """Knows by heart what is hung on a case that is about to be added, where its order is of the step."""
    memory = of(shop)
    if case.order_id in memory.lines:
        memory.case, memory.rows = case, defaultdict(list)
        shop.session.info |= {"written_later": _WITHOUT_ID, "unseen": memory.unseen}


def _end(shop: Shop, memory: StepMemory) -> None:
    """The case is no longer known by heart: rows are written and asked for as everywhere else."""
    memory.case = None
    memory.unseen.clear()
    for name in ("written_later", "unseen"):
        shop.session.info.pop(name, None)


def alone(shop: Shop, order_id: int | None, case_id: int | None) -> bool:
    """Whether an order has no case but the one of this id that the row at hand has opened; without an id, none."""
    memory = of(shop)
    if order_id is None or order_id not in memory.lines or order_id in memory.crowded:
        return False
    return case_id == (memory.case.id if memory.case is not None else None)


def hanging(shop: Shop, model: type[M], case: Case) -> list[M] | None:
    """The rows of a table that hang on a case which the row at hand has opened; None: the database must be asked."""
    memory = of(shop)
    return list(memory.rows[model]) if memory.case is case else None


def unasked(shop: Shop, case: Case) -> bool:
    """Whether a case is the first of its order, and what the row at hand did to it is pending without a question."""
    if shop.pending is None or not alone(shop, case.order_id, case.id):
        return False
    return all(put["subject"] != case.platform_number for puts in shop.pending.puts.values() for put in puts)


def is_unpaid(shop: Shop, order: Order) -> bool:
    """Whether nothing was paid on an order, whose only case is the one that the row at hand has opened; otherwise the
    database must be asked.
    """
    memory = of(shop)
    return memory.case is not None and alone(shop, order.id, memory.case.id) and not memory.rows[Payout]


def note(shop: Shop, case: Case, row: SQLModel) -> None:
    """A row was hung on a case by a statement past the session."""
    memory = of(shop)
    if memory.case is case:
        memory.rows[type(row)].append(row)


def forget(shop: Shop, case: Case) -> None:
    """Something of before was hung on a case: the database is asked from now on."""
    memory = of(shop)
    if memory.case is case:
        shop.session.flush()
        memory.crowded.add(case.order_id)
        _end(shop, memory)
