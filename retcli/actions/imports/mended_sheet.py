"""Keeps the cells of refused rows, and writes them into a workbook in which they can be mended and taken in again."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import table_of
from retcli.actions.imports.stager import File
from retcli.database import leftovers
from retcli.errors import NeedsPerson, NotFound, Refused
from retcli.language import _, clauses, headed, mark
from retcli.models.imports import Import
from retcli.models.waiting import ImportFault
from retcli.platforms import DIALECTS
from retcli.reading import heads
from retcli.rules.roles import MAY_REVEAL, SHEET_OF_FAULTS
from retcli.settings import Asked
from retcli.shop import Shop
from retcli.transaction import opened
from retcli.views.imports.mended_sheet import MendView

AT_ONCE = 500
"""Refused rows whose cells are kept in one transaction."""


def keep_cells(asked: Asked, imported: Import, file: File) -> None:
    """Keeps the cells of an import's refused rows, read once more from its file; none where the file is no longer the
    one that was taken in.
    """
    bare = col(ImportFault.import_id) == imported.id, col(ImportFault.cells).is_(None)
    with opened(asked, writes=False) as shop:
        columns = sa.select(col(ImportFault.id), col(ImportFault.row)).where(*bare)
        wanted = [(int(key or 0), int(row)) for key, row in shop.session.execute(columns)]
    if not wanted:
        return
    cells = cells_in(file, {row for _key, row in wanted})
    if not cells:
        return
    header = json.dumps(file.reading.match.header, ensure_ascii=False)
    rows = [{"at": key, "kept": json.dumps(cells[row], ensure_ascii=False)} for key, row in wanted if row in cells]
    table = table_of(ImportFault)
    update = sa.update(table).where(table.c.id == sa.bindparam("at")).values(cells=sa.bindparam("kept"))
    with opened(asked) as shop:
        shop.session.execute(sa.update(Import).where(col(Import.id) == imported.id).values(header=header))
    for start in range(0, len(rows), AT_ONCE):  # in short steps, since people scan meanwhile
        with opened(asked) as shop:
            shop.session.connection().execute(update, rows[start : start + AT_ONCE])


def cells_in(file: File, wanted: set[int]) -> dict[int, list[str]]:
    """The cells of some rows of a file, by row number; none where it is no longer the file that was read, or cannot be
    read.
    """
    try:
        cells = heads.records(file.path, file.reading, wanted)
        return {} if file.changed_since() else cells
    except (NeedsPerson, NotFound, Refused, OSError):
        return {}


def sheet(shop: Shop, imported: Import, target: Path) -> MendView:
    """Writes the refused rows of an import into a workbook: the file's own columns, the row's number, and why it was
    refused. Raises Refused for who may not see these buyers' data (an agent has only the files of their own imports),
    or where no row's cells are kept.
    """
    shop.may(SHEET_OF_FAULTS, mark("write refused rows into a workbook"))
    if imported.by != shop.operator.name:
        shop.may(MAY_REVEAL, mark("write refused rows of somebody else's import into a workbook"))
    leftovers.tidy(leftovers.of_workbooks(target.parent))
    from retcli.sheets import faults as sheets  # an import pays for no workbook
    from retcli.sheets.writer import write

    query = sa.select(ImportFault).where(col(ImportFault.import_id) == imported.id).order_by(col(ImportFault.row))
    rows, reasons, bare = dict[int, list[str]](), defaultdict[int, list[str]](list), set[int]()
    for fault in shop.session.scalars(query):
        if fault.cells:
            rows[fault.row] = json.loads(fault.cells)
            reasons[fault.row].append(headed(fault.column, _(fault.problem)))
        else:
            bare.add(fault.row)
    if not rows:
        message = _("No cells of refused rows are kept of {file}").format(file=imported.name)
        hint = _("Import the same file again: it changes nothing and keeps them")
        raise Refused(message, hint)
    mendable = [(cells, row, clauses(reasons[row])) for row, cells in sorted(rows.items())]
    file = write(_workbook(target), [sheets.sheet(json.loads(imported.header or "[]"), mendable)])
    return MendView(file, imported.name, imported.id or 0, len(mendable), len(bare - set(rows)), _is_mapped(imported))


def note(shop: Shop, view: MendView) -> MendView:
    """Notes the event that refused rows, with buyers' data in them, went into a workbook."""
    about: dict[str, Any] = {"rows": view.rows}
    shop.record(f"import/{view.number}", "export", kind="faults", **about)
    return view


def _is_mapped(imported: Import) -> bool:
    """Whether an import was read by a mapping file."""
    return imported.format not in {dialect.name for dialect in DIALECTS}


def _workbook(target: Path) -> Path:
    return target if target.suffix.lower() == ".xlsx" else target.with_name(target.name + ".xlsx")
