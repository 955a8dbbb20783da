"""Reads what is written down beside a case: notes, contacts, extensions, the register, kinds of evidence, serials."""

from collections.abc import Iterator
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records import acts
from retcli.actions.orderfile.persons import Hide, hiding
from retcli.models import Case, CaseLine, Evidence, Inspection, Order, ParcelCase
from retcli.models.register import BadReview, Contact, Escalation, Extension, Note
from retcli.rules.lifecycles import Bucket
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.casefile.written_beside import Beside, ContactLine, EntryLine, ExtensionLine, NoteLine, SerialLine

T = TypeVar("T", Note, Contact, Extension, Escalation)


def beside(shop: Shop, case: Case, *, reveal: bool = False) -> Beside:
    """Notes, contacts, extensions, entries of the register and kinds of evidence of a case, each oldest first; persons
    in the texts are hidden unless `reveal`.
    """
    order = shop.session.get_one(Order, case.order_id)
    hide, currency = hiding(order, reveal=reveal), order.currency
    kinds = sa.select(col(Evidence.kind)).where(col(Evidence.case_id) == case.id).order_by(col(Evidence.id))
    return Beside(
        notes=tuple(
            NoteLine(note.at, note.by, hide(note.text), _amount(note, currency), note.sku, note.flag)
            for note in _rows(shop, Note, case)
        ),
        contact_log=tuple(
            ContactLine(contact.at, contact.by, contact.way, contact.result, hide(contact.note))
            for contact in _rows(shop, Contact, case)
        ),
        extensions=tuple(
            ExtensionLine(extension.at, extension.by, extension.days, hide(extension.because))
            for extension in _rows(shop, Extension, case)
        ),
        register=(
            *(entry_line(case.number, entry, hide) for entry in _rows(shop, Escalation, case)),
            *(review_line(order.number, review, hide) for review in reviews_of(shop, order)),
        ),
        evidence_kinds=tuple(shop.session.scalars(kinds)),
        serials=tuple(_serials(shop, case)),
    )


def _serials(shop: Shop, case: Case) -> Iterator[SerialLine]:
    """The serial numbers of the pieces of a case that came back, and of those in its parcels that are held for nobody,
    by the findings that stand.
    """
    lines = sa.select(col(CaseLine.id)).where(col(CaseLine.case_id) == case.id)
    parcels = sa.select(col(ParcelCase.parcel_id)).where(col(ParcelCase.case_id) == case.id)
    held = sa.and_(col(Inspection.case_line_id).is_(None), col(Inspection.parcel_id).in_(parcels))
    of_case = sa.select(Inspection).where(col(Inspection.serial).is_not(None))
    of_case = of_case.where(sa.or_(col(Inspection.case_line_id).in_(lines), held))
    taken_back = sa.select(col(Inspection.reverses_id)).where(col(Inspection.reverses_id).is_not(None))
    for finding in shop.session.scalars(
        of_case.where(col(Inspection.id).not_in(taken_back)).order_by(col(Inspection.id))
    ):
        yield SerialLine(finding.sku, finding.serial or "", finding.at, finding.disposition == Bucket.HELD)


def entry_line(number: str, entry: Escalation, hide: Hide) -> EntryLine:
    """An entry of the register as it is shown; `hide` takes the person out of its texts."""
    return EntryLine(
        entry=f"{number}/E{entry.id}",
        kind=entry.kind,
        state=entry.state,
        authority=entry.authority,
        due_at=entry.due_at,
        estimated=entry.estimated,
        note=hide(entry.note),
        because=hide(entry.because),
        opened_at=entry.opened_at,
    )


def reviews_of(shop: Shop, order: Order) -> list[BadReview]:
    """The bad reviews of an order, oldest first."""
    query = sa.select(BadReview).where(col(BadReview.order_id) == order.id).order_by(col(BadReview.id))
    return list(shop.session.scalars(query))


def review_line(number: str, review: BadReview, hide: Hide) -> EntryLine:
    """A bad review of an order as it is shown; `hide` takes the person out of its texts."""
    return EntryLine(
        entry=f"{number}/V{review.id}",
        kind="bad_review",
        state=review.state,
        authority=False,
        due_at=None,
        estimated=False,
        note=hide(review.note),
        because=hide(review.because),
        opened_at=review.opened_at,
        axis="bad_review",
    )


def _rows(shop: Shop, table: type[T], case: Case) -> list[T]:
    query = sa.select(table).where(col(table.case_id) == case.id).order_by(col(table.id))
    name = str(table.__tablename__).removesuffix("s")
    if name in acts.WITH_ROWS:
        query = query.where(col(table.id).not_in(acts.rows_taken_back(name, [case.id])))
    return list(shop.session.scalars(query))


def _amount(note: Note, currency: str) -> Money | None:
    return None if note.amount is None else Money(note.amount, currency)
