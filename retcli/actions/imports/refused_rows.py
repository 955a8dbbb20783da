"""Refused rows of an import as they may be shown: without the person of the row, or of the order that it names."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports import mended_sheet
from retcli.actions.imports.stager import File
from retcli.actions.orderfile.persons import COLUMNS
from retcli.models import Order
from retcli.models.imports import Import
from retcli.models.waiting import ImportFault
from retcli.reading.cells import plain
from retcli.rules.warehouse.ids import order_key
from retcli.shop import Shop
from retcli.views import masking
from retcli.views.freetext import Person
from retcli.views.imports.imports import FaultView

AT_ONCE = 500
"""Orders that are asked for in one query."""


@dataclass(frozen=True)
class _Cells:
    """The cells of refused rows, by their place in the file, under its header."""

    header: Sequence[str]
    of_row: Mapping[int, Sequence[str]]


def faults_of(shop: Shop, imported: Import, file: File | None = None) -> tuple[FaultView, ...]:
    """The refused rows of an import, in the order of the file. `file` has the cells that the books have not kept; of a
    row whose cells nobody has, no words are shown, since nobody knows its person.
    """
    query = sa.select(ImportFault).where(col(ImportFault.import_id) == imported.id).order_by(col(ImportFault.row))
    faults = list(shop.session.scalars(query))
    cells = _cells(imported, faults, file)
    orders = _orders(shop, (key for row in cells.of_row.values() for key in _named(cells.header, row)))
    return tuple(_shown(fault, cells, orders) for fault in faults)


def _cells(imported: Import, faults: Iterable[ImportFault], file: File | None) -> _Cells:
    kept = {fault.row: json.loads(fault.cells) for fault in faults if fault.cells}
    bare = {fault.row for fault in faults if fault.row not in kept}
    if file is None or not bare:
        return _Cells(json.loads(imported.header or "[]"), kept)
    return _Cells(file.reading.match.header, kept | mended_sheet.cells_in(file, bare))


def _shown(fault: ImportFault, cells: _Cells, orders: Mapping[str, Sequence[Person]]) -> FaultView:
    row = cells.of_row.get(fault.row)
    if row is None:
        return FaultView(fault.row, fault.column, masking.unplaced(fault.column, fault.text), fault.problem)
    persons = [masking.person_in(cells.header, row)]
    persons += [person for key in _named(cells.header, row) for person in orders.get(key, ())]
    text, problem = masking.cell(fault.column, "", fault.text), fault.problem
    for person in persons:
        text, problem = person.hide(text), person.hide(problem)
    return FaultView(fault.row, fault.column, text, problem)


def _named(header: Sequence[str], row: Sequence[str]) -> set[str]:
    """The comparable numbers of orders that a row may name."""
    return {order_key(plain(text)) for text in masking.ids_in(header, row)} - {""}


def _orders(shop: Shop, keys: Iterable[str]) -> Mapping[str, Sequence[Person]]:
    """The persons of the orders that the books have under some comparable numbers, by number."""
    wanted, persons = sorted(set(keys)), defaultdict[str, list[Person]](list)
    for start in range(0, len(wanted), AT_ONCE):
        query = sa.select(col(Order.number_key), *COLUMNS).where(
            col(Order.number_key).in_(wanted[start : start + AT_ONCE])
        )
        for key, *person in shop.session.execute(query):
            persons[key].append(Person(*person))
    return persons
