"""Asks the books in one query what a scanned code may name."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.orderfile.sent_orders import sent_under_any
from retcli.actions.warehouse.pieces import awaited_pieces
from retcli.models import Barcode, Case, Order, OrderLine, Parcel, Payout, Product, Replacement
from retcli.rules.lifecycles import COMING_BACK, Decision, Filing, Kind, ParcelState, ReplacementState
from retcli.rules.warehouse import barcodes
from retcli.rules.warehouse.codes import ALL, Article, Known, Read, Step, answers, resolve
from retcli.rules.warehouse.ids import as_kept, box, folded, normalised, order_key, stranger
from retcli.rules.warehouse.spellings import Spelling, spellings
from retcli.shop import Shop

_TAIL = re.compile(r"\d{4}", re.ASCII)
_NO_TAIL = "-"
"""The end of nobody's telephone number; an empty one is that of every buyer whose number is not known."""
_WAITING = (
    col(Case.filing) == Filing.OPEN,
    col(Case.kind).in_([*COMING_BACK, Kind.REFUND_ONLY]),
    col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]),
)
"""Conditions in SQL for a case to which a parcel may still belong."""


@dataclass(frozen=True)
class Facts:
    """What the books know of a code: `sent` are the orders that went out under it as a waybill, `slip` those that it
    names as a number on a slip, `replaced` the case whose goods were sent again under it, with whether these were
    delivered.
    """

    known: Known
    sent: tuple[Order, ...] = ()
    slip: tuple[Order, ...] = ()
    replaced: str = ""
    delivered: bool = False


_Rows = dict[str, list[tuple[Any, Any, Any]]]
"""Rows of the query by kind of thing: id, number or code, pieces."""


def facts(shop: Shop, typed: str, parcel: Parcel | None, expected: Collection[str] = ()) -> Facts:
    """Asks the books about a code as it was typed; `parcel` is the one on the table, which is to hold the `expected`
    products.
    """
    code = normalised(typed)
    rows: _Rows = defaultdict(list)
    named: dict[str, Any] = {"code": code, "order": order_key(code), "stranger": stranger(typed)}
    named |= {"forms": barcodes.forms(typed), "skus": [code, folded(typed)]}
    named["tail"] = code if _TAIL.fullmatch(code) else _NO_TAIL
    for kind, ident, text, pieces in shop.session.execute(_questions(), named) if code else ():
        rows[kind].append((ident, text, pieces))
    sent, slip = (_orders(shop, [ident for ident, *_rest in rows[kind]]) for kind in ("sent", "order"))
    known = Known(
        parcel=next((number for _id, number, _n in rows["parcel"]), ""),
        own=next((number for _id, number, _n in rows["own"]), ""),
        payout=next((case for _id, case, _n in rows["payout"]), ""),
        sent=bool(sent or rows["again"]),
        cases=_cases_named([number for _id, number, _n in rows["case"]], _cases_of_slip(shop, slip, parcel)),
        order=bool(slip),
        articles=_articles(rows) + _awaited_only(typed, expected)
        or (() if any(rows.values()) else _sold(shop, typed, parcel)),
        lines=_lines_numbered(shop, code, parcel) if slip and parcel else (),
        expected=frozenset(expected),
        tails=tuple(number for _id, number, _n in rows["tail"]),
    )
    again = next(((number, bool(delivered)) for _id, number, delivered in rows["again"]), ("", False))
    return Facts(known, sent, slip, *again)


def _cases_named(by_number: list[str], by_order: tuple[str, ...]) -> tuple[str, ...]:
    """The cases that a number names as a case's or refund's own (`by_number`), or as their order's. Where it is one
    case's own number and another one's order, it may be either's.
    """
    if by_number and set(by_number) <= set(by_order):
        return tuple(by_number)
    return tuple(dict.fromkeys((*by_number, *by_order)))


def _cases_of_slip(shop: Shop, orders: tuple[Order, ...], parcel: Parcel | None) -> tuple[str, ...]:
    """The open cases of the orders that a slip names; where there are several, those that the parcel on the bench
    serves, if it serves any.
    """
    waiting = [case.number for order in orders for case in open_cases(shop, order)]
    served = [case.number for case in awaited_pieces.cases_of(shop, parcel)] if parcel and len(waiting) > 1 else []
    return tuple([case for case in waiting if case in served] or waiting)


@cache
def _questions() -> sa.Executable:
    """One query for each kind of thing that a code may name: the kind, its id, its number or code, and pieces (of a
    replacement: 1 where it was delivered). They are joined into one statement, so that a scan asks the books once.
    """
    code: sa.BindParameter[str] = sa.bindparam("code")
    order: sa.BindParameter[str] = sa.bindparam("order")
    tail: sa.BindParameter[str] = sa.bindparam("tail")
    forms: sa.BindParameter[Any] = sa.bindparam("forms", expanding=True)
    skus: sa.BindParameter[Any] = sa.bindparam("skus", expanding=True)
    lines = sa.select(col(OrderLine.order_id)).where(col(OrderLine.number_key) == code)
    delivered = sa.case((col(Replacement.state) == ReplacementState.DELIVERED, 1), else_=0)
    again = sa.select(sa.literal("again"), col(Case.id), col(Case.number), delivered)
    again = again.join(Replacement, col(Replacement.case_id) == col(Case.id)).where(col(Replacement.waybill) == code)
    named = sa.or_(col(Case.number) == code, col(Case.platform_key) == code)
    ordered = sa.or_(col(Order.number_key) == order, col(Order.id).in_(lines))
    tails = sa.select(sa.literal("tail"), col(Case.id), col(Case.number), sa.literal(0))
    tails = tails.join(Order, col(Order.id) == col(Case.order_id)).where(col(Order.phone_tail) == tail, *_WAITING)
    payout = sa.select(sa.literal("payout"), col(Case.id), col(Case.number), sa.literal(0))
    payout = payout.join(Payout, col(Payout.case_id) == col(Case.id)).where(col(Payout.number) == code)
    none, one = sa.literal(0), sa.literal(1)
    return sa.union_all(
        sa.select(sa.literal("parcel"), col(Parcel.id), col(Parcel.number), none).where(
            col(Parcel.waybill) == code, col(Parcel.state) != ParcelState.VOID
        ),
        sa.select(sa.literal("own"), col(Parcel.id), col(Parcel.number), none).where(
            col(Parcel.number) == code, col(Parcel.state) != ParcelState.VOID
        ),
        sa.select(sa.literal("own"), col(Parcel.id), col(Parcel.number), none).where(
            col(Parcel.stranger) == sa.bindparam("stranger", type_=sa.BigInteger), col(Parcel.state) != ParcelState.VOID
        ),
        sa.select(sa.literal("sent"), col(Order.id), col(Order.number), none).where(sent_under_any(code)),
        again,
        payout,
        sa.select(sa.literal("case"), col(Case.id), col(Case.number), none).where(named),
        sa.select(sa.literal("order"), col(Order.id), col(Order.number), none).where(ordered),
        sa.select(sa.literal("article"), none, col(Barcode.sku), col(Barcode.pieces)).where(
            col(Barcode.code).in_(forms)
        ),
        sa.select(sa.literal("article"), none, col(Product.sku), one).where(col(Product.sku_key).in_(skus)),
        tails,
    )


def _orders(shop: Shop, ids: list[int]) -> tuple[Order, ...]:
    """The orders of some ids, the oldest first."""
    if not ids:
        return ()
    return tuple(shop.session.scalars(sa.select(Order).where(col(Order.id).in_(ids)).order_by(col(Order.id))))


def _articles(rows: _Rows) -> tuple[Article, ...]:
    return tuple(Article(sku, pieces) for _id, sku, pieces in rows["article"])


def _awaited_only(typed: str, expected: Collection[str]) -> tuple[Article, ...]:
    """The articles that a code names only as ones that the parcel is to hold, since no product sheet has them."""
    spellings = {folded(typed), normalised(typed)}
    return tuple(Article(sku) for sku in expected if folded(sku) in spellings)


def _sold(shop: Shop, typed: str, parcel: Parcel | None) -> tuple[Article, ...]:
    """The article that a code names only on lines of orders, where no product sheet was imported: however it is spelled
    one of the orders whose cases the parcel on the bench serves, else any that was ever sold.
    """
    alike = {folded(typed), normalised(typed)}
    served = [case.order_id for case in awaited_pieces.cases_of(shop, parcel)] if parcel else []
    own = sa.select(col(OrderLine.sku)).where(col(OrderLine.order_id).in_(served), col(OrderLine.sku) != "").distinct()
    lines = shop.session.scalars(own.order_by(col(OrderLine.sku))) if served else ()
    skus = [sku for sku in lines if folded(sku) in alike] or _sold_exactly(shop, typed)
    return tuple(Article(sku) for sku in ([typed] if typed in skus else skus))


def _sold_exactly(shop: Shop, typed: str) -> list[str]:
    """The merchant codes of order lines that a code is, as it was typed, in capitals or in small letters."""
    spelled = {as_kept(typed), folded(typed), normalised(typed)} - {""}
    names = spelled | {name.lower() for name in spelled}
    named = {f"name_{place}": name for place, name in enumerate(sorted(names))}
    return list(shop.session.scalars(_lines_sold(len(named)), named)) if named else []


@cache
def _lines_sold(count: int) -> sa.Executable:
    """A query for the merchant code of one line of each of so many codes (``name_0``, …)."""
    # each by itself: of an article that was sold a hundred thousand times one line is enough
    names: list[sa.BindParameter[str]] = [sa.bindparam(f"name_{place}") for place in range(count)]
    lines = [sa.select(col(OrderLine.sku)).where(col(OrderLine.sku) == name).limit(1) for name in names]
    return sa.union_all(*(sa.select(line.subquery().c.sku) for line in lines))


def _lines_numbered(shop: Shop, number: str, parcel: Parcel) -> tuple[Article, ...]:
    """The articles of the lines with a number for which the cases of a parcel wait."""
    lines = [line for case in awaited_pieces.cases_of(shop, parcel) for _line, line in case_lines(shop, case)]
    return tuple(Article(line.sku or line.number) for line in lines if normalised(line.number) == number)


def open_cases(shop: Shop, order: Order) -> list[Case]:
    """The cases of an order to which a parcel may still belong."""
    query = sa.select(Case).where(col(Case.order_id) == order.id, *_WAITING).order_by(col(Case.id))
    return list(shop.session.scalars(query))


@dataclass(frozen=True)
class Code:
    """A scanned code: its meaning, what the books know of it, and the number of the box where a label of several names
    one.
    """

    read: Read
    facts: Facts
    box: int | None = None

    @property
    def text(self) -> str:
        """The code that was meant, in its comparable form."""
        return self.read.spelling.text


def code_of(shop: Shop, typed: str, on_table: Parcel | None = None, steps: frozenset[Step] = ALL) -> Code:
    """A code as it was typed or scanned, with its meaning while a parcel lies on the bench (None: none does); where it
    can only be one kind of thing, only those `steps` count.
    """
    asked = questioned(shop, typed, on_table, steps)
    read = resolve([(spelling, its.known) for spelling, its in asked], steps)
    its = next((its for spelling, its in asked if spelling == read.spelling), asked[0][1])
    return Code(read, its, box(read.spelling.typed))


def questioned(
    shop: Shop, typed: str, on_table: Parcel | None = None, steps: frozenset[Step] = ALL
) -> list[tuple[Spelling, Facts]]:
    """What the books know of a code as it stands, and where that is nothing, of the codes that may lie in it."""
    expected = awaited_pieces.expected_pieces(shop, on_table) if on_table else {}
    whole = Spelling(typed)
    asked = [(whole, facts(shop, typed, on_table, expected))]
    # nearly every code is known as it stands: only for any other is the time taken to look what may lie in it
    if not steps & answers(whole.text, asked[0][1].known).keys():
        asked += [(each, facts(shop, each.typed, on_table, expected)) for each in spellings(typed)[1:]]
    return asked


def numbers_of(cases: list[Case]) -> tuple[str, ...]:
    """The numbers of some cases."""
    return tuple(case.number for case in cases)
