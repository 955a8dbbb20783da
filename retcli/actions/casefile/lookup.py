"""Finds the order, the lines or the case that somebody means by what they typed or scanned."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from retcli.actions.casefile import order_names
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records.ledger import DrawnOn, draws_of_others
from retcli.actions.orderfile.sent_orders import sent_under
from retcli.errors import Ambiguous, NotFound, Overdrawn, WrongCommand
from retcli.language import _, series
from retcli.models import Case, CaseLine, Order, OrderLine, Parcel, ParcelCase, Product, Replacement
from retcli.rules.casefile.reasons import NEVER_ARRIVED
from retcli.rules.lifecycles import Decision, Filing, Kind
from retcli.rules.warehouse.ids import as_kept, folded, normalised, order_key
from retcli.shellwords import quoted
from retcli.shop import Shop

if TYPE_CHECKING:
    from retcli.views.imports.waiting_refunds import WaitingRefund

T = TypeVar("T", bound=SQLModel)


def order_of(shop: Shop, ref: str) -> Order:
    """The order that is meant by its number, a sub-order's number, an outgoing waybill, or a payment's number; where
    none fits, by the last four or more digits of its number, or of the buyer's phone. Raises NotFound (also where only
    one of its two reports was imported) or Ambiguous.
    """
    wanted = normalised(ref)
    query = sa.select(Order).where(sa.or_(*names_of_order(wanted, ref)))
    orders = list(shop.session.scalars(query.limit(9))) if wanted else []  # as many as an error can name
    if not orders:
        query = sa.select(Order).join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        orders = list(shop.session.scalars(query.where(col(OrderLine.number_key) == wanted).limit(9)))
    if not orders:
        _refuse_half(shop, ref)
    if not orders and _is_ending(wanted):
        by_end = sa.or_(order_names.number_ends(wanted), order_names.phone_ends(wanted))
        orders = list(shop.session.scalars(sa.select(Order).where(by_end).limit(9)))
    if not orders and (waiting := _waiting(shop, ref)):
        raise NotFound(waiting[0].sentence(), "retcli import FILE")
    if not orders:
        raise NotFound(
            _("There is no order {number}").format(number=ref), _("Search: retcli order find TEXT; or import first")
        )
    if len(orders) > 1:
        raise Ambiguous(_("{number} names several orders").format(number=ref), ref, [order.number for order in orders])
    return orders[0]


def _refuse_half(shop: Shop, ref: str) -> None:
    """Raises NotFound for an order of which only one of its two reports was imported."""
    from retcli.actions.orderfile.half_orders import half_orders  # only who names what is not there pays for it

    if halves := half_orders(shop, ref):
        raise NotFound(halves[0].sentence(), "retcli import FILE")


def _waiting(shop: Shop, ref: str) -> "Sequence[WaitingRefund]":
    """The refunds that wait for their order, by what somebody typed."""
    from retcli.actions.orderfile import waiting_refunds

    return waiting_refunds.called(shop, ref)


def names_of_order(wanted: str, typed: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions in SQL by which an order may be named: its number, a waybill of what was sent, a payment's number of
    its own or of a case. `wanted` is the comparable form, `typed` what was written.
    """
    return col(Order.number_key) == order_key(wanted), sent_under(wanted), *_paid_under(wanted, typed)


def _paid_under(wanted: str, typed: str) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that an order, or a case of it, was paid under a number as it was typed, in capitals or in small
    letters.
    """
    numbers = sorted({wanted, wanted.lower(), as_kept(typed)} - {""})
    nothing: sa.ColumnElement[str] = sa.literal_column("''")  # as the indexes of payments have it
    if numbers:
        yield sa.and_(col(Order.payment_number).in_(numbers), col(Order.payment_number) != nothing)
        cases = sa.select(col(Case.order_id)).where(col(Case.payment_number).in_(numbers))
        yield col(Order.id).in_(cases.where(col(Case.payment_number) != nothing))


def reason_that_counts() -> sa.ColumnElement[str]:
    """The property `Case.reason` in SQL: the verified reason, else the one that was set, else the one stated."""
    verified, set_ = (sa.func.nullif(column, "") for column in (col(Case.reason_verified), col(Case.reason_set)))
    return sa.func.coalesce(verified, set_, col(Case.reason_stated))


def case_of(shop: Shop, ref: str) -> Case:
    """The one case that is meant by its number or the last group of it, its refund's number, or by an order, sub-order,
    waybill or payment number; where none fits, by the last four or more digits of its order, of its refund or of the
    buyer's phone. Where several fit, the open ones count. It is locked where something is to be written. Raises
    NotFound, which names the way to look it up where it is called by a person's name, or Ambiguous.
    """
    cases = _cases_called(shop, ref)
    if not cases and _by_person_or_waybill(shop, ref):
        message = _("{name} is not enough to act on: look the case up, then name it by its number").format(name=ref)
        raise NotFound(message, f"retcli case show {quoted(ref)}")
    return shop.hold(_the_one(shop, ref, cases))


def case_shown(shop: Shop, ref: str) -> Case:
    """The one case that somebody wants to look at: as `case_of`, and where nothing fits, by the end of a waybill or by
    the buyer's or receiver's name. Raises NotFound or Ambiguous.
    """
    return _the_one(shop, ref, _cases_called(shop, ref) or _by_person_or_waybill(shop, ref))


def _cases_called(shop: Shop, ref: str) -> list[Case]:
    """The cases that a number, or the end of one, means."""
    wanted = normalised(ref)
    exact = sa.select(Case).where(sa.or_(col(Case.number) == wanted, col(Case.platform_key) == wanted))
    # each way only where the one before named nothing: a whole number is never taken for the end of another one
    return (
        list(shop.session.scalars(exact))
        or by_last_group(shop, wanted)
        or _by_order_or_waybill(shop, wanted, ref)
        or _by_ending(shop, wanted)
    )


def _the_one(shop: Shop, ref: str, fitting: Sequence[Case]) -> Case:
    """The only one of the cases that fit, the open ones first. Raises NotFound or Ambiguous."""
    cases = [case for case in fitting if case.filing == Filing.OPEN and case.decision != Decision.WITHDRAWN] or fitting
    if not cases and (waiting := _waiting(shop, ref)):
        raise NotFound(waiting[0].sentence(), "retcli imports waiting")
    if not cases:
        raise NotFound(_("There is no case {number}").format(number=ref), "retcli case list")
    if len(cases) > 1:
        message = _("{number} names several cases").format(number=ref)
        raise Ambiguous(message, ref, [case.number for case in cases[:_NAMED]])
    return cases[0]


_NAMED = 9
"""How many of several an error can name."""
_LAST_GROUP = re.compile(r"(?P<day>\d{2,8}-)?(?P<number>\d{1,4})")
_LEAST, _MOST = 4, 10
"""How many digits the end of a number has; eleven are a phone's."""


def last_group(wanted: str) -> str:
    """How one of our own numbers ends that somebody means by its last group, such as ``2`` or ``0002``, alone or with
    the day before it (``1109-0002``); "" where what was typed is no such group.
    """
    group = _LAST_GROUP.fullmatch(wanted)
    return f"{group['day'] or '-'}{int(group['number']):04d}" if group else ""


def numbered(shop: Shop, table: type[T], ref: str) -> list[T]:
    """The rows of a table whose own number is the one typed, else ends in its last group, the oldest first; nine at
    most, as many as an error can name.
    """
    wanted = normalised(ref)
    number: Any = table.__table__.c.number  # type: ignore[attr-defined]
    query = sa.select(table).order_by(number).limit(9)
    rows = list(shop.session.scalars(query.where(number == wanted)))
    if not rows and (ending := last_group(wanted)):
        rows = list(shop.session.scalars(query.where(number.endswith(ending, autoescape=True))))
    return rows


def by_last_group(shop: Shop, wanted: str) -> list[Case]:
    """The cases whose number ends in a group, of any day or of the one before it."""
    ending = last_group(wanted)
    if not ending:
        return []
    query = sa.select(Case).where(col(Case.number).endswith(ending, autoescape=True)).order_by(col(Case.id))
    return list(shop.session.scalars(query))


def _is_ending(wanted: str) -> bool:
    return wanted.isdigit() and _LEAST <= len(wanted) <= _MOST


def _by_ending(shop: Shop, wanted: str) -> list[Case]:
    """The cases whose order, refund or buyer's phone ends in some digits."""
    if not _is_ending(wanted):
        return []
    ended = sa.or_(order_names.number_ends(wanted), order_names.phone_ends(wanted))
    orders = sa.select(col(Order.id)).where(ended)
    refund = col(Case.platform_key).endswith(wanted, autoescape=True)
    query = sa.select(Case).where(sa.or_(refund, col(Case.order_id).in_(orders)))
    return list(shop.session.scalars(query.order_by(col(Case.id))))


def _by_person_or_waybill(shop: Shop, ref: str) -> list[Case]:
    """The cases of orders whose waybill, or a parcel's back, ends in some characters, or that a person has who is
    called so; nine at most.
    """
    wanted = normalised(ref)
    ways = list(order_names.named(shop, ref))
    if order_names.is_end(wanted):
        ways.append(order_names.called_by_end(wanted))
    if not ways:
        return []
    orders = sa.select(col(Order.id)).where(sa.or_(*ways))
    query = sa.select(Case).where(col(Case.order_id).in_(orders)).order_by(col(Case.id))
    return list(shop.session.scalars(query.limit(_NAMED)))


def _by_order_or_waybill(shop: Shop, wanted: str, typed: str) -> list[Case]:
    """The cases of an order or sub-order, or for which a parcel came or went under a waybill; nine at most."""
    orders = sa.select(col(Order.id)).where(sa.or_(*names_of_order(wanted, typed)))
    lines = (
        sa.select(col(CaseLine.case_id))
        .join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        .where(col(OrderLine.number_key) == wanted)
    )
    parcels = (
        sa.select(col(ParcelCase.case_id))
        .join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
        .where(col(Parcel.waybill) == wanted)
    )
    outgoing = sa.select(col(Replacement.case_id)).where(col(Replacement.waybill) == wanted, sa.literal(wanted != ""))
    query = sa.select(Case).where(
        sa.or_(
            col(Case.order_id).in_(orders),
            col(Case.id).in_(lines),
            col(Case.id).in_(parcels),
            col(Case.id).in_(outgoing),
        )
    )
    return list(shop.session.scalars(query.order_by(col(Case.id)).limit(9)))


def lines_meant(
    shop: Shop, order: Order, kind: Kind, wanted: Sequence[str], *, reason: str = ""
) -> list[tuple[OrderLine, int]]:
    """The order lines that were named (``SKU``, ``SKU=2`` or a line's number), each once, with their pieces. Where none
    was named: all that is still open, or for a price cut, which takes no pieces, all lines. An inquiry is about lines
    with no pieces; of what is sent again, since all of it leaves, the pieces of a line are counted, but where by its
    `reason` nothing arrived and no line is named. Raises NotFound, WrongCommand, or Overdrawn where nothing is open any
    more.
    """
    if kind == Kind.INQUIRY:
        asked = wanted or [line.number for line in lines_of(shop, order)]
        return [(line, 0) for line, _n in lines_meant(shop, order, Kind.RETURN, asked)]
    lines = lines_of(shop, order)
    drawn = draws_of_others(shop, order, None)
    open_units = {line.id: line.quantity - sum(draw.units for draw in drawn.get(line.id, [])) for line in lines}
    if not wanted and kind == Kind.ALLOWANCE:
        return [(line, line.quantity) for line in lines]
    if not wanted:
        left = [(line, open_units[line.id]) for line in lines if open_units[line.id]]
        if not left:
            raise _nothing_open(order, drawn)
        for line, pieces in left if kind == Kind.RESEND else ():
            refuse_uncounted(line, pieces, reason)
        return left
    chosen: dict[int, tuple[OrderLine, int]] = {}
    for text in wanted:
        line, count = _line_and_pieces(lines, text)
        if kind == Kind.RESEND and not count:
            refuse_uncounted(line, open_units[line.id])
        before = chosen.get(line.id or 0, (line, 0))[1]
        chosen[line.id or 0] = (line, before + (count or open_units[line.id] or line.quantity))
    return list(chosen.values())


def refuse_uncounted(line: OrderLine, pieces: int, reason: str = "") -> None:
    """Raises WrongCommand where nobody said how many of several pieces of a line are to be sent again; by some reasons
    all of them are.
    """
    if pieces > 1 and reason not in NEVER_ARRIVED:
        name = line.sku or line.number
        message = _("{sku} has {n} pieces: say how many are to be sent again")
        raise WrongCommand(message.format(sku=name, n=pieces), f"--line {quoted(name)}=1")


def _nothing_open(order: Order, drawn: DrawnOn) -> Overdrawn:
    """The error for an order of which other cases have every piece."""
    earlier = ", ".join(sorted({draw.case for draws in drawn.values() for draw in draws}))
    message = _("Nothing of order {order} is still open; drawn on before by {earlier}")
    return Overdrawn(message.format(order=order.number, earlier=earlier), f"retcli order show {quoted(order.number)}")


def targets_meant(shop: Shop, lines: Sequence[OrderLine], wanted: Sequence[str]) -> dict[int | None, str]:
    """The SKU that an exchange is to bring for each line that was named (``SKU=TARGET``, or ``TARGET`` for the only
    line), by the line's id. Raises WrongCommand where the text names none, NotFound for goods that the shop lacks.
    """
    targets: dict[int | None, str] = {}
    for text in wanted:
        name, sep, target = (part.strip() for part in text.partition("="))
        if not sep and len(lines) > 1:
            names = series(line.sku or line.number for line in lines)
            message = _("{text}: say for which line ({lines})").format(text=text, lines=names)
            raise WrongCommand(message, "--want SKU=TARGET")
        if not (target or not sep) or not name:
            raise WrongCommand(_("{text} names no goods to be sent").format(text=text), "--want SKU=TARGET")
        line = _line_and_pieces(lines, name)[0] if sep else lines[0]
        targets[line.id] = _goods_meant(shop, lines, line, target if sep else name)
    return targets


_LIKE_A_SIZE = re.compile(r"\d{1,3}(?:\.5)?|[2-6]?X{0,4}[SML]|均码", re.ASCII)
"""What is a size rather than a merchant's code."""


def _goods_meant(shop: Shop, lines: Sequence[OrderLine], line: OrderLine, text: str) -> str:
    """The SKU that a text names: its own, or that of the same product with such a size or colour. Raises NotFound, with
    the nearest SKUs, for goods that stand neither on a product sheet nor in any order; where there are no product
    sheets, nobody can tell that of a merchant's code.
    """
    sku = normalised(text)
    sold = sa.select(col(OrderLine.id)).where(col(OrderLine.sku) == sku).limit(1)
    known = sku in {each.sku for each in lines} or shop.session.get(Product, sku) is not None
    if known or shop.session.scalar(sold) is not None:
        return sku
    alike = _of_same_product(shop, line)
    fits = sorted({code for code, variant in alike if sku in _attributes(variant)})
    if len(fits) == 1:
        return fits[0]
    skus = list(shop.session.scalars(sa.select(col(Product.sku))))
    if not skus and not _LIKE_A_SIZE.fullmatch(sku):
        return sku
    own = sorted({code for code, _variant in alike})
    near = series(fits or get_close_matches(sku, [*skus, *own], 3, 0.5) or own[:3])
    hint = _("Did you mean: {all}").format(all=near) if near else _("Import a product sheet that has them")
    raise NotFound(_("There are no goods {sku}").format(sku=sku), hint, sku=sku)


def _of_same_product(shop: Shop, line: OrderLine) -> list[tuple[str, str]]:
    """The SKUs under which goods of a line's title were sold, each with its variant (size, colour)."""
    if not line.title:
        return []
    query = sa.select(col(OrderLine.sku), col(OrderLine.variant)).distinct()
    query = query.where(col(OrderLine.title) == line.title, col(OrderLine.sku) != "").limit(_ALIKE)
    return [(str(sku), str(variant)) for sku, variant in shop.session.execute(query)]


_ALIKE = 200
"""How many variants of a product are looked through at most."""


def _attributes(variant: str) -> set[str]:
    """The single words of a variant such as ``颜色:红;尺码:39``, in the comparable form."""
    return {normalised(part) for part in re.split(r"[\s:：;；,，/、|]+", variant)} - {""}


def _line_and_pieces(lines: Sequence[OrderLine], text: str) -> tuple[OrderLine, int]:
    """The order line that a text names (``SKU``, ``SKU=2`` or a line's number) and how many pieces, 0 where it names
    none. Raises NotFound or WrongCommand where the text fits no line, or several.
    """
    name, _sep, count = text.strip().rpartition("=") if "=" in text else (text.strip(), "", "")
    if count and not (count.isascii() and count.isdigit() and int(count) > 0):
        raise WrongCommand(_("{text} names no number of pieces").format(text=text), f"--line {quoted(name)}=1")
    alike = {folded(name), normalised(name)} - {""}
    fits = [line for line in lines if name in {line.number, line.sku} and name] or [
        line for line in lines if alike & {folded(line.number), folded(line.sku)}
    ]
    if not fits:
        offered = series(line.sku or line.number for line in lines)
        raise NotFound(_("The order has no line {name}").format(name=name), _("It has: {all}").format(all=offered))
    if len(fits) > 1:
        offered = series(line.number for line in fits)
        message = _("Several lines have {name}: name the line's number").format(name=name)
        raise WrongCommand(message, offered)
    return fits[0], int(count) if count else 0
