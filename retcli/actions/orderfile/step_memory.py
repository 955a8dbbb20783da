"""Memory of one step of a refund import, which spares questions to the database: orders and lines are read for all rows
of the step at once, and what hangs on a case that the row at hand has opened is remembered as it is added, since nobody
else can have seen that case. Ten milliseconds of processor time a row became two to three.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from retcli.actions.orderfile.questioned_paid import Questioned, questioned
from retcli.actions.orderfile.sent_orders import lost_orders, waybills_of_each
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
from retcli.rules.lifecycles import AT_THE_DOOR
from retcli.rules.warehouse.ids import order_key
from retcli.shop import Shop

if TYPE_CHECKING:
    from retcli.database.staging.stages import StagedRow

M = TypeVar("M", bound=SQLModel)
_WITHOUT_ID = (CaseLine, Draw, PayoutPart, PlatformAction)
"""Tables whose ids nothing needs before the step is saved: their rows are written together."""

_NAMES: sa.BindParameter[str] = sa.bindparam("names", expanding=True)
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_CAME_BACK = sa.select(col(Parcel.waybill)).where(col(Parcel.waybill).in_(_NAMES), col(Parcel.state).in_(AT_THE_DOOR))
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
"""The statements of a step; made once, since making one costs more than running it on a few rows."""


@dataclass
class StepMemory:
    """What one step remembers: its `orders` by number and `by_id`, their `lines` by order id, `products` by SKU; the
    ids of orders that are `crowded` (they have a case, or somebody else may open one meanwhile) or `lost` by the
    carrier; the waybills under which orders were `sent`, and the orders of which a parcel came back under one (`here`);
    orders of which a file says that less was paid (`questioned`); refund numbers and waybills that the books hold
    already. `case` is the one that the row at hand has opened, `rows` what was added to it since, by table, and
    `unseen` the Python identities of these objects.
    """

    orders: dict[str, Order] = field(default_factory=dict)
    by_id: dict[int, Order] = field(default_factory=dict)
    lines: dict[int, list[OrderLine]] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    crowded: set[int] = field(default_factory=set)
    lost: set[int | None] = field(default_factory=set)
    sent: Mapping[int | None, Sequence[str]] = field(default_factory=dict)
    here: set[int | None] = field(default_factory=set)
    questioned: Mapping[int, Questioned] = field(default_factory=dict)
    refunds: set[str] = field(default_factory=set)
    waybills: set[str] = field(default_factory=set)
    case: Case | None = None
    rows: dict[type[Any], list[Any]] = field(default_factory=lambda: defaultdict(list))
    unseen: set[int] = field(default_factory=set)

    def attached(self, _session: object, row: Any) -> None:
        """Remembers a row that was added to the session, while a case is being opened."""
        if self.case is not None:
            self.rows[type(row)].append(row)
            self.unseen.add(id(row))


_NOTHING = StepMemory()


def of(shop: Shop) -> StepMemory:
    """The memory of the step at work; an empty one where no such import is at work."""
    memory: StepMemory = shop.session.info.get("step_memory", _NOTHING)
    return memory


def order_of(shop: Shop, case: Case) -> Order:
    """The order of a case, which while a list is imported is asked for some ten times of each."""
    order = of(shop).by_id.get(case.order_id)
    return shop.session.get_one(Order, case.order_id) if order is None else order


@contextmanager
def remembered(shop: Shop, platform: str, rows: "Sequence[StagedRow]") -> Iterator[StepMemory]:
    """Reads what the rows of a step are about, and remembers it for as long as the context lasts."""
    memory = StepMemory(refunds=_refunds(shop, platform, rows), waybills=_waybills(shop, rows))
    _read(shop, memory, platform, [row.values["order"] for row in rows])
    memory.sent = waybills_of_each(shop, list(memory.orders.values()))
    memory.lost = lost_orders(shop, memory.sent)
    memory.here = _here(shop, memory.sent)
    memory.questioned = questioned(shop, list(memory.lines))
    _rules = shop.policies  # read now, and kept: decisions within the step must not ask the database
    sa.event.listen(shop.session, "after_attach", memory.attached)
    shop.session.info["step_memory"] = memory
    try:
        yield memory
    finally:
        sa.event.remove(shop.session, "after_attach", memory.attached)
        del shop.session.info["step_memory"]


def _read(shop: Shop, memory: StepMemory, platform: str, numbers: Sequence[str]) -> None:
    """Reads the orders of a step with their lines and products; a number that names several orders is left out, so that
    its rows take the slow way, which refuses them.
    """
    keys = {order_key(number) for number in numbers}
    by_key: dict[str, list[Order]] = defaultdict(list)
    for order in shop.session.scalars(_ORDERS, {"names": list(keys)}):
        if order.platform == platform:  # asked for in SQL, SQLite would look at every order of the platform
            by_key[order_key(order.number)].append(order)
    singles = {key: orders[0] for key, orders in by_key.items() if len(orders) == 1}
    memory.orders = {number: singles[key] for number in numbers if (key := order_key(number)) in singles}
    memory.by_id = {order.id or 0: order for order in singles.values()}
    memory.lines = {key: [] for key in memory.by_id}
    ids = list(memory.lines)
    for line in shop.session.scalars(_LINES, {"ids": ids}):
        memory.lines[line.order_id].append(line)
    skus = {line.sku for lines in memory.lines.values() for line in lines}
    memory.products = {product.sku: product for product in shop.session.scalars(_PRODUCTS, {"names": list(skus)})}
    # on SQLite this step is the only writer; on a server anybody may open a case on any of these orders meanwhile
    alone = shop.session.get_bind().dialect.name == "sqlite"
    memory.crowded = set(shop.session.scalars(_CROWDED, {"ids": ids}) if alone else ids)


def _refunds(shop: Shop, platform: str, rows: "Sequence[StagedRow]") -> set[str]:
    """Those refund numbers of some rows that have a case already."""
    refunds = [row.values["refund"] for row in rows]
    return set(shop.session.scalars(_REFUNDS, {"platform": platform, "names": refunds}))


def _waybills(shop: Shop, rows: "Sequence[StagedRow]") -> set[str]:
    """Those waybills of some rows that the books know as another thing: a parcel that is awaited or came, a
    replacement, or goods that went out for another order than the row's.
    """
    orders: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for waybill in (row.values.get("waybill") or "").split():
            orders[waybill].add(order_key(row.values["order"]))
    standing = shop.session.execute(_WAYBILLS, {"names": list(orders)}).all()
    return {waybill for waybill, number in standing if not number or orders[waybill] != {order_key(number)}}


def _here(shop: Shop, sent: Mapping[int | None, Sequence[str]]) -> set[int | None]:
    """The orders of which a parcel came back under one of the waybills that they were sent under."""
    waybills = sorted({waybill for each in sent.values() for waybill in each})
    came = set(shop.session.scalars(_CAME_BACK, {"names": waybills})) if waybills else set()
    return {order for order, each in sent.items() if came.intersection(each)}


def may_be_here(shop: Shop, order_id: int) -> bool:
    """Whether a parcel of an order may have come back under one of its own waybills; False only where the step knows
    that none did.
    """
    memory = of(shop)
    return order_id not in memory.lines or order_id in memory.here


def is_first(shop: Shop, values: Mapping[str, Any]) -> bool:
    """Whether a row's values open the first case of its order, with parcels, if any, that the books do not know: then
    nothing in the books can meet what is decided.
    """
    memory, waybills = of(shop), set((values.get("waybill") or "").split())
    order = memory.orders.get(values["order"])
    if order is None or order.id in memory.crowded or order.id in memory.here:
        return False
    return values["refund"] not in memory.refunds and not waybills & memory.waybills


def takes(shop: Shop, values: Mapping[str, Any]) -> None:
    """Remembers that a row is being taken in: its refund and parcels count as known for the rows after it."""
    memory = of(shop)
    memory.refunds.add(values["refund"])
    memory.waybills.update((values.get("waybill") or "").split())


@contextmanager
def opening(shop: Shop) -> Iterator[None]:
    """Remembers what is added to the case that a row opens, for as long as the context lasts."""
    memory = of(shop)
    try:
        yield
    finally:
        if memory.case is not None:
            memory.crowded.add(memory.case.order_id)
        _end(shop, memory)


def opens(shop: Shop, case: Case) -> None:
    """Begins to remember what is added to a case that is about to be opened, where its order is of the step."""
    memory = of(shop)
    if case.order_id in memory.lines:
        memory.case, memory.rows = case, defaultdict(list)
        shop.session.info |= {"written_later": _WITHOUT_ID, "unseen": memory.unseen}


def _end(shop: Shop, memory: StepMemory) -> None:
    """Ends the remembering of a case: from now on its rows are written and read as everywhere else."""
    memory.case = None
    memory.unseen.clear()
    for name in ("written_later", "unseen"):
        shop.session.info.pop(name, None)


def alone(shop: Shop, order_id: int | None, case_id: int | None) -> bool:
    """Whether an order has certainly no case but the one of this id that the row at hand has opened; with None, no case
    at all. False where only the database could tell.
    """
    memory = of(shop)
    if order_id is None or order_id not in memory.lines or order_id in memory.crowded:
        return False
    return case_id == (memory.case.id if memory.case is not None else None)


def hanging(shop: Shop, model: type[M], case: Case) -> list[M] | None:
    """The rows of a table on a case that the row at hand has opened, from memory; None where the database must be
    asked.
    """
    memory = of(shop)
    return list(memory.rows[model]) if memory.case is case else None


def unasked(shop: Shop, case: Case) -> bool:
    """Whether certainly no question is open about a case: it is the first of its order, and the row at hand, which is
    not written yet, has asked none.
    """
    if shop.pending is None or not alone(shop, case.order_id, case.id):
        return False
    return all(put["subject"] != case.platform_number for puts in shop.pending.puts.values() for put in puts)


def is_unpaid(shop: Shop, order: Order) -> bool:
    """Whether certainly no payout stands on an order: its only case is the one that the row at hand has opened, without
    one so far. False where only the database could tell.
    """
    memory = of(shop)
    return memory.case is not None and alone(shop, order.id, memory.case.id) and not memory.rows[Payout]


def note(shop: Shop, case: Case, row: SQLModel) -> None:
    """Remembers a row that a statement past the session has added to a case."""
    memory = of(shop)
    if memory.case is case:
        memory.rows[type(row)].append(row)


def forget(shop: Shop, case: Case) -> None:
    """Ends the remembering of a case that gets something which stood in the books before, such as a parcel."""
    memory = of(shop)
    if memory.case is case:
        shop.session.flush()
        memory.crowded.add(case.order_id)
        _end(shop, memory)
