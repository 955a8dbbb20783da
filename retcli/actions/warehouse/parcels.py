"""Parcels at the door: received, counted, inspected, matched with their cases."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.dossiers import case_lines, parcels_of
from retcli.actions.casefile.entitlements import free_sent_again
from retcli.actions.money import outgoing
from retcli.actions.orderfile import step_memory
from retcli.actions.orderfile.sent_orders import carrier_of, orders_sent_under, under_way
from retcli.actions.warehouse import contents, senders
from retcli.actions.warehouse.contents import Found, cases_of
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import (
    Barcode,
    Case,
    Order,
    Parcel,
    ParcelCase,
    ParcelCount,
    Product,
)
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import (
    ALLOWED,
    BY_GRADE,
    COMING_BACK,
    MAY_DECIDE,
    MAY_SCAN,
    PARCEL,
    Bucket,
    Decision,
    Filing,
    Grade,
    Kind,
    ParcelState,
)
from retcli.rules.money.payouts import Door
from retcli.rules.warehouse import barcodes
from retcli.rules.warehouse.ids import carrier, folded, normalised
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.base import when
from retcli.views.warehouse.parcels import Candidate, CandidatesView, ParcelsView, ParcelView
from retcli.words import code_of, word

INSPECT, INTERCEPT = mark("inspect parcels"), mark("have parcels intercepted")


def parse_item(written: str) -> Found:
    """``SKU=N:GRADE[:DISPOSITION]``, such as ``TS01-WH-L=2:A`` or ``JUI-01=1:C:repair``. Raises WrongCommand."""
    sku, _sep, rest = written.strip().rpartition("=")
    count, *words = rest.split(":")
    if not sku or not (count.isascii() and count.isdigit()) or int(count) < 1 or not 1 <= len(words) <= 2:
        raise WrongCommand(_("{text} is no finding").format(text=written), "--item SKU=1:A")
    grade = Grade(code_of(words[0], list(Grade), _("grade")))
    buckets = [str(b) for b in Bucket if b != Bucket.PENDING]
    place = Bucket(code_of(words[1], buckets, _("place"))) if len(words) == 2 else BY_GRADE[grade]
    if place not in ALLOWED[grade]:
        message = _("Goods of grade {grade} do not go to {place}").format(grade=word(grade), place=word(place))
        raise WrongCommand(message, _("Only as-new goods may be sold as new"))
    return Found(folded(sku), int(count), grade, place)


def parcel_of(shop: Shop, ref: str) -> Parcel:
    """The parcel of a number, a waybill, or of a case that has just one."""
    wanted = normalised(ref)
    query = sa.select(Parcel).where(sa.or_(col(Parcel.number) == wanted, col(Parcel.waybill) == wanted))
    found = list(shop.session.scalars(query))
    if not found:
        try:
            case = lookup.case_of(shop, ref)
        except NotFound as nothing:
            message = _("There is no parcel {number}").format(number=ref)
            raise NotFound(message, _("Scan it first: retcli scan")) from nothing
        of_case = sa.select(Parcel).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
        found = list(shop.session.scalars(of_case.where(col(ParcelCase.case_id) == case.id)))
        if not found:
            message = _("No parcel of {case} is known").format(case=case.number)
            hint = _("Scan its waybill, or name it: retcli parcel expect {case} WAYBILL").format(case=case.number)
            raise NotFound(message, hint, case=case.number)
    if len(found) > 1:
        message = _("{number} has several parcels").format(number=ref)
        raise WrongCommand(message, "、".join(masking.waybill(parcel.waybill) for parcel in found))
    return found[0]


def expect(shop: Shop, case: Case, waybill: str, company: str = "") -> Parcel:
    """Notes that a parcel is on its way for a case; one that lies here without a case is attached."""
    code = normalised(waybill)
    new = Parcel(
        number=shop.number("PK"), waybill=code, carrier=company or carrier(code) or "", state=ParcelState.EXPECTED
    )
    parcel = _expected(shop, case, new)
    if parcel.number == new.number:
        shop.born(parcel.number, PARCEL, parcel.state, case=case.number)
    attach(shop, parcel, case)
    return parcel


def _expected(shop: Shop, case: Case, new: Parcel) -> Parcel:
    """The parcel of a waybill: the one that is known, or this new one."""
    if shop.pending is not None:
        shop.add(new)
        return new
    insert = shop.insert(Parcel).values(new.model_dump(exclude={"id"}))
    shop.session.execute(insert.on_conflict_do_nothing(index_elements=["waybill"]))
    parcel = shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == new.waybill)).one()
    if parcel.number == new.number:
        step_memory.note(shop, case, parcel)
    else:
        step_memory.forget(shop, case)
    return parcel


def attach(shop: Shop, parcel: Parcel, case: Case, **why: str) -> bool:
    """Joins a parcel and a case, once; pieces inspected before count for the case from now on. `why` goes with it."""
    joined = _joined(shop, parcel, case)
    if joined:
        shop.record(parcel.number, "attach", case=case.number, **why)
        if shop.pending is None:  # else the parcel is as new as the case: nothing was found in it
            contents.assign(shop, parcel, case)
        free_sent_again(shop, shop.hold(case))
        outgoing.go_by_itself(shop, case, Door.INSPECTION)
    return joined


def _joined(shop: Shop, parcel: Parcel, case: Case) -> bool:
    """Whether a parcel and a case were joined just now."""
    if shop.pending is not None:
        shop.add(ParcelCase(parcel_id=parcel.id or 0, case_id=case.id or 0))
        return True
    insert = shop.insert(ParcelCase).values(parcel_id=parcel.id, case_id=case.id)
    joined = shop.session.execute(insert.on_conflict_do_nothing().returning(sa.literal_column("id")))
    return joined.first() is not None


def expect_by_hand(shop: Shop, ref: str, waybill: str, company: str = "") -> ParcelView:
    """The buyer named the waybill of what they sent back."""
    case = lookup.case_of(shop, ref)
    if case.kind not in COMING_BACK:
        raise Refused(_("Nothing comes back for {case}").format(case=case.number), case=case.number)
    hint = _("Ask the buyer which waybill they sent the goods with")
    senders.refuse_phone(waybill, hint)
    senders.refuse_anothers(shop, normalised(waybill), case, hint)
    return view_of(shop, expect(shop, case, waybill, company))


def intercept(shop: Shop, ref: str) -> ParcelView:
    """The carrier was asked to bring back what is on its way to the buyer: its waybills are waited for at the door."""
    shop.may(MAY_DECIDE, INTERCEPT)
    case = lookup.case_of(shop, ref)
    order = shop.session.get_one(Order, case.order_id)
    _refuse_no_intercept(case, order)
    already = {parcel.waybill for parcel in parcels_of(shop, case)}
    parcel, *others = [
        expect(shop, case, waybill, carrier_of(shop, order, waybill)) for waybill in under_way(shop, order)
    ]
    for each in (parcel, *others):
        if each.waybill not in already:
            shop.record(each.number, "intercept", case=case.number)
    hint = _(
        "Tell {carrier} to bring it back, or intercept it in the platform's back-end; refund once it is scanned and"
        " inspected"
    )
    if others:
        hint = _("Tell {carrier} to bring back all of {waybills}; refund once each of them is scanned and inspected")
    waybills = "、".join(masking.waybill(each.waybill) for each in (parcel, *others))
    carriers = "、".join(dict.fromkeys(filter(None, (each.carrier for each in (parcel, *others)))))
    return replace(view_of(shop, parcel), hint=hint.format(carrier=carriers or _("the carrier"), waybills=waybills))


def _refuse_no_intercept(case: Case, order: Order) -> None:
    decided = {Decision.REJECTED, Decision.WITHDRAWN}
    if case.kind not in COMING_BACK | {Kind.REFUND_ONLY} or case.filing == Filing.FINISHED or case.decision in decided:
        way = f"retcli case reopen {case.number}" if case.decision == Decision.WITHDRAWN else ""
        raise Refused(_("Nothing comes back for {case}").format(case=case.number), way, case=case.number)
    if order.signed_at is not None:
        message = _("Order {order} was signed for on {at}: it is too late to intercept it")
        hint = f"retcli case change {case.number} --kind return --because TEXT"
        raise Refused(message.format(order=order.number, at=when(order.signed_at)), hint, case=case.number)
    if not order.waybill:
        message = _("No waybill of order {order} is known, so there is nothing to intercept")
        hint = _("Import the order report that names it, or where nothing was sent: retcli case approve {case}")
        raise Refused(message.format(order=order.number), hint.format(case=case.number), case=case.number)


def receive(shop: Shop, parcel: Parcel) -> None:
    """The parcel is at the door."""
    received = {"received_at": shop.now, "received_by": shop.operator.name}
    shop.move(parcel, parcel.number, PARCEL, "receive", **received)
    _let_go(shop, parcel)


def _let_go(shop: Shop, parcel: Parcel) -> None:
    """Refunds that waited for this parcel leave by themselves, by the word of whoever agreed to them."""
    for case in cases_of(shop, parcel):
        outgoing.go_by_itself(shop, shop.hold(case), Door.INSPECTION)


def inspect(
    shop: Shop, ref: str, items: Sequence[Found], *, reason: str = "", more: bool = False, regrade: bool = False
) -> ParcelView:
    """Records grade and place of pieces: of those that are counted and wait, else of those that were graded before,
    whose earlier finding is taken back. Pieces are new where none of their product was in the parcel, or with `more`.
    `regrade` leaves alone what waits. `reason` is the verified one.
    """
    shop.may(MAY_SCAN, INSPECT)
    if more and regrade:
        message = _("Either pieces are graded anew, or there are more of them")
        raise WrongCommand(message, _("Leave out --more or --regrade"))
    parcel = parcel_of(shop, ref)
    if parcel.state == ParcelState.EXPECTED:
        receive(shop, parcel)
    wanted: dict[str, list[Found]] = defaultdict(list)
    for item in items:
        sku = sku_of(shop, item.sku, parcel) or item.sku
        wanted[sku].append(replace(item, sku=sku))
    moves = [move for sku, each in wanted.items() for move in _found(shop, parcel, sku, each, more, regrade)]
    if reason:
        for case in cases_of(shop, parcel):
            case.reason_verified = reason
            shop.record(case.number, "verify_reason", reason=reason)
    return view_of(shop, parcel, moves)


def _found(
    shop: Shop, parcel: Parcel, sku: str, found: Sequence[Found], more: bool, regrade: bool
) -> list[Mapping[str, Any]]:
    """The findings of one product: new pieces counted, earlier findings taken back, all of it graded."""
    items, counted = found, contents.counted(shop, parcel, sku)
    pieces, surplus = sum(item.quantity for item in found), contents.surplus(shop, parcel, sku)
    waiting = 0 if regrade else contents.pending(shop, parcel, sku)
    moves: list[Mapping[str, Any]] = []
    if more or not counted:
        fresh = max(pieces - waiting, 0)
        _refuse_too_many(shop, parcel, sku, items, 0 if more else fresh)
        right = sum(item.quantity for item in items if item.grade != Grade.X)
        beyond = contents.excess(shop, parcel, sku, min(fresh, right))
        contents.count(shop, parcel, sku, fresh)
        items = _without(items, beyond)
        if beyond:
            moves.append(contents.grade(shop, parcel, Found(sku, beyond, Grade.X, Bucket.HELD), for_nobody=True))
    elif pieces > waiting:
        if not regrade or pieces > contents.others(shop, parcel, sku, items):
            items = contents.not_found_yet(shop, parcel, sku, found)
        again = sum(item.quantity for item in items) - waiting
        moves += (
            contents.take_back(shop, parcel, sku, found, again)
            if items
            else _refuse_again(parcel, sku, counted, regrade)
        )
    moves += [contents.grade(shop, parcel, item) for item in items]
    _refuse_surplus(shop, parcel, sku, contents.surplus(shop, parcel, sku) - surplus)
    return moves


def _refuse_surplus(shop: Shop, parcel: Parcel, sku: str, more: int) -> None:
    """What is held because no case waits for it becomes nobody's good piece by another grade."""
    if more > 0:
        waited = contents.expected_pieces(shop, parcel).get(sku, 0)
        message = _("{n} pieces of {sku} stay held: no case waits for them, those of {parcel} wait for {waited}")
        text = message.format(n=more, sku=sku, parcel=parcel.number, waited=waited)
        raise Refused(text, f"retcli parcel match {parcel.number}", parcel=parcel.number)


def _without(items: Sequence[Found], beyond: int) -> list[Found]:
    """The findings without the last pieces that no case waits for; those are held, whatever grade is said."""
    rest: list[Found] = []
    for item in reversed(items):
        less = min(item.quantity, beyond) if item.grade != Grade.X else 0
        beyond -= less
        rest = [replace(item, quantity=item.quantity - less), *rest] if item.quantity > less else rest
    return rest


def _refuse_too_many(shop: Shop, parcel: Parcel, sku: str, items: Sequence[Found], fresh: int) -> None:
    """More than the cases wait for is in the parcel by somebody's explicit word only; wrong goods (X) are held."""
    right = sum(item.quantity for item in items if item.grade != Grade.X)
    if right and contents.excess(shop, parcel, sku, min(fresh, right)):
        waited = contents.expected_pieces(shop, parcel).get(sku, 0)
        message = _("{n} pieces of {sku}, and the cases of {parcel} wait for {waited}")
        hint = _("Really in it? Say it with --more; goods that are not of the order are graded X")
        text = message.format(n=fresh, sku=sku, parcel=parcel.number, waited=waited)
        raise Refused(text, hint, parcel=parcel.number)


def _refuse_again(parcel: Parcel, sku: str, counted: int, regrade: bool) -> list[Mapping[str, Any]]:
    if regrade:
        message = _("These pieces of {sku} have this grade and place already: nothing changes").format(sku=sku)
        raise Refused(message, _("Name another grade in --item to change it"), parcel=parcel.number)
    message = _("All {n} pieces of {sku} in this parcel were inspected already")
    hint = _("Is there really one more in it? Scan it: retcli scan, or say --more")
    raise Refused(message.format(n=counted, sku=sku), hint, parcel=parcel.number)


def sku_of(shop: Shop, typed: str, parcel: Parcel | None = None) -> str | None:
    """The merchant code, as the books spell it, that a code or a barcode names: a product's, or that of a line which
    the parcel's cases wait for, by its number too. Raises WrongCommand where several articles have the barcode and the
    parcel is to hold none or several of them.
    """
    meant = {normalised(typed), folded(typed)}
    by_code = sa.select(col(Product.sku)).where(col(Product.sku_key).in_(meant))
    by_barcode = sa.select(col(Barcode.sku)).where(col(Barcode.code).in_(barcodes.forms(typed)))
    found = list(dict.fromkeys(shop.session.scalars(by_code).all() or shop.session.scalars(by_barcode).all()))
    waited = [on for case in cases_of(shop, parcel) for _line, on in case_lines(shop, case)] if parcel else []
    if len(found) > 1:
        names = {on.sku for on in waited}
        found = [sku for sku in found if sku in names] if len(names.intersection(found)) == 1 else found
    if len(found) > 1:
        raise WrongCommand(_("{code} is the barcode of several articles").format(code=typed), "、".join(found))
    named = (on.sku or on.number for on in waited if meant & {folded(on.sku), folded(on.number)} - {""})
    return found[0] if found else next(named, None)


def list_parcels(shop: Shop, *, unclaimed: bool = False, state: str = "") -> ParcelsView:
    """Parcels, or only those that arrived without a case."""
    query = sa.select(Parcel).order_by(col(Parcel.id))
    if unclaimed:
        query = query.where(col(Parcel.state) != ParcelState.EXPECTED)
        query = query.where(col(Parcel.id).not_in(sa.select(col(ParcelCase.parcel_id))))
    if state:
        query = query.where(col(Parcel.state) == state)
    return ParcelsView(tuple(view_of(shop, parcel) for parcel in shop.session.scalars(query)))


def match(shop: Shop, ref: str, case_ref: str, because: str = "") -> ParcelView:
    """Attaches a parcel to a case; pieces inspected before are assigned to its lines. What went out to another order is
    attached with the reason only.
    """
    shop.may(MAY_SCAN, INSPECT)
    parcel, case = parcel_of(shop, ref), lookup.case_of(shop, case_ref)
    if not because:
        hint = _("Do both orders' goods lie in it? retcli parcel match {parcel} {case} --because TEXT")
        hint = hint.format(parcel=parcel.number, case=case.number)
        senders.refuse_anothers(shop, parcel.waybill, case, hint)
    if not attach(shop, parcel, case, **({"because": fingerprint(because)} if because else {})):
        raise Refused(_("The parcel belongs to {case} already").format(case=case.number), parcel=parcel.number)
    return view_of(shop, parcel)


def candidates(shop: Shop, ref: str) -> CandidatesView:
    """Cases that wait for goods, and orders, that a parcel may belong to, each with its reasons."""
    parcel = parcel_of(shop, ref)
    skus = set(shop.session.scalars(sa.select(col(ParcelCount.sku)).where(col(ParcelCount.parcel_id) == parcel.id)))
    scores: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    served = cases_of(shop, parcel)
    sent = {order.id: order for order in orders_sent_under(shop, parcel.waybill)}
    for case, order in _waiting_cases(shop):
        if case in served:
            continue
        if order.id in sent:
            scores[case.number, order.number].append((60, _own_waybill(order)))
        shared = skus & {on.sku for _line, on in case_lines(shop, case)}
        if shared:
            text = _("holds what the case waits for: {skus}").format(skus="、".join(sorted(shared)))
            scores[case.number, order.number].append((40, text))
    for order in sent.values():
        if not any(key[1] == order.number for key in scores) and order.id not in {case.order_id for case in served}:
            scores["", order.number].append((50, _own_waybill(order)))
    ranked = sorted(scores.items(), key=lambda item: (-sum(s for s, _t in item[1]), item[0]))
    found = [Candidate(c, o, sum(s for s, _t in why), tuple(t for _s, t in why)) for (c, o), why in ranked]
    return CandidatesView(parcel.number, tuple(found[:9]))


def _own_waybill(order: Order) -> str:
    """Why a parcel with an order's own waybill may belong to it."""
    if order.signed_at is not None:
        return _("it is the order's own waybill, and the buyer had the goods: sent back under the old label")
    return _("it is the order's own waybill: it came back undelivered")


def _waiting_cases(shop: Shop) -> list[tuple[Case, Order]]:
    rows = shop.session.execute(
        sa.select(Case, Order)
        .join(Order, col(Order.id) == col(Case.order_id))
        .where(col(Case.filing) == Filing.OPEN, col(Case.kind).in_(COMING_BACK))
        .where(col(Case.decision).in_([Decision.REQUESTED, Decision.APPROVED]))
    )
    return [(case, order) for case, order in rows]


def view_of(shop: Shop, parcel: Parcel, moves: Sequence[Mapping[str, Any]] = ()) -> ParcelView:
    """A parcel as it is shown."""
    rows = shop.session.scalars(
        sa.select(ParcelCount)
        .where(col(ParcelCount.parcel_id) == parcel.id)
        .order_by(col(ParcelCount.sku))
        .execution_options(populate_existing=True)
    )
    contents = tuple({"sku": r.sku, "counted": r.counted, "inspected": r.inspected} for r in rows)
    cases = tuple(case.number for case in cases_of(shop, parcel))
    return ParcelView(
        number=parcel.number,
        waybill=masking.waybill(parcel.waybill),
        carrier=parcel.carrier,
        state=parcel.state,
        received_at=parcel.received_at,
        received_by=parcel.received_by,
        cases=cases,
        contents=contents,
        moves=tuple(moves),
    )
