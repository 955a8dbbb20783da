"""What stands on the slips of a case: the label of a return, the slips of an exchange and of a repair."""

from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import return_address, view_of
from retcli.actions.casefile.records.one_case import parcels_of, replacements_of
from retcli.actions.orderfile.persons import hiding
from retcli.actions.shop import reveals
from retcli.errors import Refused
from retcli.language import _, clauses, mark, series
from retcli.models import Case, Order, Product
from retcli.rules.lifecycles import COMING_BACK, MAY_SCAN, Decision, Kind, ReplacementState
from retcli.rules.warehouse import payloads
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.casefile.cases import CaseLineView
from retcli.views.warehouse.labels import Content, Label
from retcli.words import word


def returning(shop: Shop, refs: Sequence[str], *, reveal: bool = False, because: str = "") -> Content:
    """The labels for the parcels in which buyers send goods back. Raises Refused for a case that nothing comes back
    for.
    """
    cases = [_case(shop, ref, COMING_BACK) for ref in refs]
    labels = [_label(shop, case, _("Return label"), _of_return, reveal=reveal, because=because) for case in cases]
    nowhere = [case.number for case in cases if not _address(shop, case)]
    text = _("No return address is set for {cases}: name it in the shop's rules, [addresses]")
    remarks = (text.format(cases=series(nowhere)),) if nowhere else ()
    return Content("return", tuple(labels), slip=True, remarks=remarks)


def exchange(shop: Shop, refs: Sequence[str], *, reveal: bool = False, because: str = "") -> Content:
    """The slips that go with goods in exchange. Raises Refused for a case of another kind."""
    cases = [_case(shop, ref, frozenset({Kind.EXCHANGE})) for ref in refs]
    labels = [_label(shop, case, _("Exchange slip"), _of_exchange, reveal=reveal, because=because) for case in cases]
    return Content("exchange", tuple(labels), slip=True)


def repair(shop: Shop, refs: Sequence[str], *, reveal: bool = False, because: str = "") -> Content:
    """The slips that lie with goods in repair. Raises Refused for a case of another kind."""
    cases = [_case(shop, ref, frozenset({Kind.REPAIR})) for ref in refs]
    labels = [_label(shop, case, _("Repair slip"), _of_repair, reveal=reveal, because=because) for case in cases]
    return Content("repair", tuple(labels), slip=True)


def _case(shop: Shop, ref: str, kinds: frozenset[Kind]) -> Case:
    shop.may(MAY_SCAN, mark("print labels"))
    case = lookup.case_of(shop, ref)
    if case.kind not in kinds:
        message = _("Case {case} is {kind}: such a slip is for {kinds}")
        names = series(word(kind) for kind in Kind if kind in kinds)
        raise Refused(
            message.format(case=case.number, kind=word(case.kind), kinds=names), f"retcli case show {case.number}"
        )
    if case.decision in {Decision.REJECTED, Decision.WITHDRAWN}:
        message = _("Case {case} is {decision}: no goods move for it")
        hint = f"retcli case show {case.number}"
        raise Refused(message.format(case=case.number, decision=word(case.decision)), hint)
    return case


def _label(
    shop: Shop, case: Case, title: str, texts: Callable[..., Iterator[tuple[str, str]]], *, reveal: bool, because: str
) -> Label:
    """The slip of a case; the buyer's data are masked unless `reveal`, which leaves an event."""
    order = shop.session.get_one(Order, case.order_id)
    if reveal:
        reveals.reveal(shop, order, case.number, what="label", because=because)
    fields = tuple((name, text) for name, text in texts(shop, case, order, reveal) if text)
    return Label(title, payloads.of_case(case.number), case.number, fields)


def _of_return(shop: Shop, case: Case, order: Order, reveal: bool) -> Iterator[tuple[str, str]]:
    yield _("Send to"), _address(shop, case)
    yield _("Sender"), clauses(filter(None, _person(order, reveal=reveal)[:2]))
    yield _("Order"), order.number
    yield from ((_("Pieces of it"), _goods(line)) for line in _lines(shop, case))


def _of_exchange(shop: Shop, case: Case, order: Order, reveal: bool) -> Iterator[tuple[str, str]]:
    for line in _lines(shop, case):
        yield _("Comes back"), _goods(line)
        yield _("Goes out"), _wanted(shop, line)
    yield _("Receiver"), clauses(filter(None, _person(order, reveal=reveal)))
    yield _("Buyer's wish"), hiding(order, reveal=reveal)(order.buyer_remark)
    yield _("Order"), order.number
    sent = [row.waybill for row in replacements_of(shop, case, *ReplacementState) if row.waybill]
    yield _("Waybill"), series(map(masking.waybill, sent))


def _of_repair(shop: Shop, case: Case, order: Order, reveal: bool) -> Iterator[tuple[str, str]]:
    yield from ((_("Pieces of it"), _goods(line)) for line in _lines(shop, case))
    yield _("What is wrong"), clauses(filter(None, [word(case.reason), hiding(order, reveal=reveal)(case.buyer_words)]))
    yield _("Buyer"), clauses(filter(None, _person(order, reveal=reveal)[:2]))
    yield _("Order"), order.number
    yield _("Parcels"), series(parcel.number for parcel in parcels_of(shop, case))


def _address(shop: Shop, case: Case) -> str:
    return return_address(shop, case, shop.session.get_one(Order, case.order_id))


def _person(order: Order, *, reveal: bool) -> tuple[str, str, str]:
    """Name, phone and address of who gets or sends the goods, masked unless revealed."""
    who = order.receiver or order.buyer
    if reveal:
        return who, order.phone, order.address
    return masking.name(who), masking.phone(order.phone), masking.address(order.address)


def _lines(shop: Shop, case: Case) -> Sequence[CaseLineView]:
    return [line for line in view_of(shop, case).lines if line.quantity]


def _goods(line: CaseLineView) -> str:
    return _("{sku} {title} ×{n}").format(sku=line.sku, title=line.title, n=line.quantity)


def _wanted(shop: Shop, line: CaseLineView) -> str:
    """What goes out for a line, by its name where a product sheet has it."""
    if not line.want:
        return _("not said yet")
    product = shop.session.scalars(sa.select(Product).where(col(Product.sku) == line.want)).first()
    same = line.title if line.want == line.sku else ""
    return _("{sku} {title} ×{n}").format(sku=line.want, title=product.name if product else same, n=line.quantity)
