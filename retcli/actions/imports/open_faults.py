"""Refused rows that nobody has settled: neither mended and taken in since, nor seen by a person."""

import json
from collections import Counter
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import col

from retcli.errors import NotFound
from retcli.language import _, mark
from retcli.models.books import Event
from retcli.models.imports import Import
from retcli.models.waiting import ImportFault
from retcli.platforms import DIALECTS
from retcli.reading import dialect
from retcli.reading.cells import Unreadable
from retcli.rules.imports.refund_rows import currency_said
from retcli.rules.lifecycles import MAY_DECIDE
from retcli.shop import Shop
from retcli.views.imports.open_faults import FaultsSeenView, OpenFaults

SEEN, MENDED = "faults_seen", "faults_mended"
"""Events about an import that settle its refused rows."""
SUMMED = 500
"""Refused rows of which amounts are read; where there are more, no sum is told."""


def open_imports(shop: Shop) -> list[Import]:
    """The imports with refused rows that nobody has settled, the newest first."""
    query = sa.select(Import).where(col(Import.refused) > 0, col(Import.state) == "done")
    imports = list(shop.session.scalars(query.order_by(col(Import.id).desc())))
    subjects = [f"import/{each.id}" for each in imports]
    events = sa.select(col(Event.subject)).where(col(Event.subject).in_(subjects))
    settled = set(shop.session.scalars(events.where(col(Event.action).in_([SEEN, MENDED])))) if subjects else set()
    return [each for each in imports if f"import/{each.id}" not in settled]


def open_faults(shop: Shop) -> OpenFaults:
    """How many refused rows wait for somebody, of how many files, what their refunds come to where each names an
    amount, and the import to begin with.
    """
    imports = open_imports(shop)
    rows = sum(each.refused for each in imports)
    sums = _sums(shop, imports) if rows <= SUMMED else {}
    return OpenFaults(rows, len(imports), sums, imports[0].id or 0 if imports else 0)


def _sums(shop: Shop, imports: Iterable[Import]) -> dict[str, int]:
    """What the refused rows of refund lists come to in each currency; nothing where any row names no amount, or is of
    another kind of file, whose amounts stand for more than the row.
    """
    sums = Counter[str]()
    for imported in imports:
        amounts, currency = _amounts(shop, imported), currency_said(imported.platform)
        if imported.holds != "refunds" or not currency or len(amounts) != imported.refused:
            return {}
        sums[currency] += sum(amounts)
    return dict(sums)


def _amounts(shop: Shop, imported: Import) -> list[int]:
    """The amounts of an import's refused rows in minor units, of those that can be read."""
    fitting = [each for each in DIALECTS if each.name == imported.format]
    match = dialect.match(fitting[0], json.loads(imported.header or "[]")) if fitting else None
    fields = [each for each in fitting[0].fields if each.name == "amount"] if match else []
    if not match or not fields or "amount" not in match.columns:
        return []
    query = sa.select(col(ImportFault.row), col(ImportFault.cells)).where(col(ImportFault.import_id) == imported.id)
    cells = {row: json.loads(text) for row, text in shop.session.execute(query) if text}
    amounts = []
    for row in cells.values():
        try:
            amounts.append(fields[0].read(row[match.columns["amount"]]))
        except (Unreadable, IndexError):
            continue
    return [each for each in amounts if isinstance(each, int)]


def seen(shop: Shop, number: int | None) -> FaultsSeenView:
    """Notes that a person has seen the refused rows of an import, or of the newest whose rows are open: they wait for
    nobody any more, and stay listed. Raises Refused for who decides nothing, NotFound where nothing is open.
    """
    shop.may(MAY_DECIDE, mark("settle refused rows"))
    imports = [each for each in open_imports(shop) if number in {None, each.id}]
    if not imports:
        raise NotFound(_("No refused rows are open there"), "retcli imports list")
    shop.record(f"import/{imports[0].id}", SEEN, rows=imports[0].refused)
    return FaultsSeenView(imports[0].name, imports[0].id or 0, imports[0].refused)


def mended(shop: Shop, imported: Import) -> None:
    """Settles the refused rows that came in with a mended sheet: those of the newest import of its kind that refused as
    many rows as the sheet has.
    """
    for each in open_imports(shop):
        alike = each.format == imported.format and each.refused == imported.rows
        if alike and each.id != imported.id:
            shop.record(f"import/{each.id}", MENDED, by_import=imported.id)
            return
