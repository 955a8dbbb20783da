"""Files taken in: staged and checked first, merged after in short steps, each order wholly in or out."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count as counting
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import joining, products, refunds
from retcli.actions.merging import Source, Tally, save_faults
from retcli.database.engine import storage_errors
from retcli.database.stages import Stage, StagedFault, StagedRow, alone, folder
from retcli.errors import NeedsPerson, NotFound, RetcliError, WrongCommand
from retcli.language import _, mark
from retcli.models.imports import Import, ImportFault, ImportQuestion, WaitingRow
from retcli.platforms import DIALECTS, reader
from retcli.platforms.dialect import Dialect, Fault
from retcli.settings import Asked
from retcli.shop import Once, Shop, opened, prepare
from retcli.views.imports import (
    FaultsView,
    FaultView,
    FileView,
    ImportsView,
    ImportView,
    Question,
    QuestionsView,
)

STEP = {"orders": 250, "items": 150, "refunds": 20, "products": 100}
"""Orders a step: what one hold of the write lock merges."""
TURN = ("products", "orders", "items", "refunds")
_DIFFERING = mark("the same line stands twice in the file, with different content")
_SIBLING = mark("another row of this order was refused, and an order comes in whole")
_MERGES: dict[str, Callable[[Shop, Source, Sequence[StagedRow]], Tally]] = {
    "orders": joining.merge_orders,
    "items": joining.merge_items,
    "refunds": refunds.merge,
    "products": products.merge,
}


def take_in(
    asked: Asked, paths: Sequence[Path], *, shop_name: str = "", format_name: str = "", dry_run: bool = False
) -> ImportView:
    """Takes in files, and folders of files, of any known kind; each file has its own result."""
    results: list[FileView] = []
    ready: list[tuple[int, Path, reader.Reading]] = []
    for path, named in _files(paths):
        try:
            ready.append(_recognised(path, format_name))
        except reader.UnknownKind as unknown:
            state = "refused" if named else "passed_over"
            results.append(FileView(_name(path), state, problem=unknown.message, hint=unknown.hint))
        except NeedsPerson as broken:
            results.append(FileView(_name(path), "refused", problem=broken.message, hint=broken.hint))
    with storage_errors():
        prepare(asked)
    with alone(asked.database):
        if not dry_run:
            results += _finish_interrupted(asked, {_digest(path) for _turn, path, _reading in ready})
        for _turn, path, reading in sorted(ready, key=lambda each: each[:2]):
            results.append(_one(asked, path, reading, shop_name, dry_run))
    return ImportView(tuple(results), _next_step(asked, results))


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file, and whether it was named itself rather than found in a folder."""
    for path in paths:
        if path.is_dir():
            for inside in sorted(path.iterdir()):
                if inside.is_file() and not inside.name.startswith((".", "~$")):
                    yield inside, False
        elif path.is_file():
            yield path, True
        else:
            raise NotFound(_("There is no file {path}").format(path=path), _("Check the name"), file=path)


def _recognised(path: Path, format_name: str) -> tuple[int, Path, reader.Reading]:
    wanted = [dialect for dialect in DIALECTS if not format_name or dialect.name == format_name]
    if not wanted:
        names = ", ".join(dialect.name for dialect in DIALECTS)
        raise WrongCommand(_("There is no format {name}").format(name=format_name), names)
    try:
        reading = reader.read(path, wanted)
    except PermissionError as held:
        raise NeedsPerson(_("No permission for {path}").format(path=path.name), _("Close it elsewhere")) from held
    return TURN.index(reading.dialect.holds), path, reading


def _name(path: Path) -> str:
    """The file's name as text; one unpacked from a Chinese zip may be written in GB18030."""
    written = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return written.decode("utf-8", "replace")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _one(asked: Asked, path: Path, reading: reader.Reading, shop_name: str, dry_run: bool) -> FileView:
    """One file: known already, or staged, checked and merged."""
    before = path.stat()
    sha256 = _digest(path)
    with opened(asked, writes=False) as shop:
        known = _import_of(shop, sha256, shop_name)
    if known is not None and known.state == "done":
        remark = _("Taken in on {at} as {name}; nothing to do").format(at=f"{known.done_at:%Y-%m-%d}", name=known.name)
        return FileView(
            _name(path), "unchanged", known.format, known.holds, known.rows, unchanged=known.rows, remarks=(remark,)
        )
    stage = Stage(folder(asked.database) / f"{sha256}.stage")
    try:
        if not stage.complete():
            stage.fill(_staged(reading))
            stage.check(_DIFFERING, _SIBLING if reading.dialect.holds in {"orders", "items"} else "")
    except NeedsPerson as broken:
        stage.drop()
        return FileView(
            _name(path),
            "refused",
            reading.dialect.name,
            reading.dialect.holds,
            problem=broken.message,
            hint=broken.hint,
        )
    except UnicodeDecodeError:
        stage.drop()
        return FileView(
            _name(path),
            "refused",
            reading.dialect.name,
            problem=_("The file is not complete"),
            hint=_("Download it again"),
        )
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        stage.drop()
        return FileView(
            _name(path), "busy", problem=_("The file is still being written"), hint=_("Try again in a moment")
        )
    if dry_run:
        view = _try(asked, stage, reading, path, sha256, shop_name)
        if known is None:
            stage.drop()
        return view
    imported = _begin(asked, _name(path), reading, sha256, shop_name)
    return _merge_all(asked, imported, stage, _remarks(reading))


def _staged(reading: reader.Reading) -> Iterator[StagedRow | StagedFault]:
    """Each row under the order it belongs to; lines without a number of their own are known by their place in it."""
    places: dict[str, Iterator[int]] = {}
    for row in reading.rows:
        if isinstance(row, Fault):
            yield StagedFault(row.row, row.column, row.text, row.problem, row.order)
            continue
        values = row.values
        order = values.get("order") or values.get("sku") or ""
        line = values.get("line") or values.get("refund") or ""
        if reading.dialect.holds == "items" and not line:
            line = f"#{next(places.setdefault(order, counting(1)))}"
        yield StagedRow(row.number, order, line, values)


def _remarks(reading: reader.Reading) -> tuple[str, ...]:
    """What was noticed of the columns: names nobody asked for, optional ones that are not there."""
    made = []
    if reading.match.unknown:
        names = "、".join(reading.match.unknown[:6]) + ("…" if len(reading.match.unknown) > 6 else "")
        made.append(_("Columns not used: {n} ({names})").format(n=len(reading.match.unknown), names=names))
    lacking = list(dict.fromkeys(wanted.headers[0] for wanted in reading.match.missing))
    if lacking:
        names = "、".join(lacking[:6]) + ("…" if len(lacking) > 6 else "")
        made.append(_("Columns not there: {names}").format(names=names))
    return tuple(made)


def _import_of(shop: Shop, sha256: str, shop_name: str) -> Import | None:
    query = sa.select(Import).where(col(Import.sha256) == sha256, col(Import.shop) == shop_name)
    return shop.session.scalars(query).first()


def _begin(asked: Asked, name: str, reading: reader.Reading, sha256: str, shop_name: str) -> Import:
    """The import's own entry, which says how far the merge has come."""
    with opened(asked) as shop:
        known = _import_of(shop, sha256, shop_name)
        if known is not None:
            return known
        dialect = reading.dialect
        row = _entry(shop, name, dialect, sha256, shop_name)
        shop.add(row)
        return row


def _entry(shop: Shop, name: str, dialect: Dialect, sha256: str, shop_name: str) -> Import:
    """A new import's entry, nothing of it merged yet."""
    return Import(
        sha256=sha256,
        name=name,
        format=dialect.name,
        holds=dialect.holds,
        platform=dialect.platform,
        shop=shop_name,
        state="merging",
        started_at=shop.now,
        by=shop.operator.name,
    )


def _merge_all(asked: Asked, imported: Import, stage: Stage, remarks: tuple[str, ...]) -> FileView:
    """Merges from where the last run stopped, a step at a time, and closes the import."""
    groups = stage.groups(imported.progress)
    for batch in _batches(groups, STEP[imported.holds]):
        with opened(asked) as shop:
            _step(shop, imported.id or 0, batch)
    with opened(asked) as shop:
        view = _close(shop, imported.id or 0, stage, remarks)
    stage.drop()
    return view


def _batches(groups: Iterable[tuple[str, list[StagedRow]]], size: int) -> Iterator[list[StagedRow]]:
    """Rows of whole orders, so many orders at a time."""
    batch: list[StagedRow] = []
    orders_in = 0
    for _order, rows in groups:
        batch += rows
        orders_in += 1
        if orders_in >= size:
            yield batch
            batch, orders_in = [], 0
    if batch:
        yield batch


def _step(shop: Shop, import_id: int, rows: Sequence[StagedRow]) -> Tally:
    """Merges one step and notes how far the import has come, all in one piece of work."""
    imported = shop.hold(shop.session.get_one(Import, import_id))
    if rows[-1].order <= imported.progress:
        return Tally()
    source = Source(import_id, imported.platform, imported.shop)
    tally = _MERGES[imported.holds](shop, source, rows)
    imported.added += tally.added
    imported.changed += tally.changed
    imported.unchanged += tally.unchanged
    imported.refused += tally.refused
    imported.rows += len(rows)
    imported.progress = rows[-1].order
    save_faults(shop, imported, tally.faults)
    return tally


def _close(shop: Shop, import_id: int, stage: Stage, remarks: tuple[str, ...]) -> FileView:
    imported = shop.hold(shop.session.get_one(Import, import_id))
    if imported.state != "done":
        faults, doubles = stage.faults(), stage.doubles()
        save_faults(shop, imported, faults)
        imported.refused += len(faults)
        imported.unchanged += doubles
        imported.rows += len(faults) + doubles
        imported.state, imported.done_at = "done", shop.now
        if imported.holds in {"orders", "items"}:
            given_up = refunds.take_waiting(shop, Source(import_id, imported.platform, imported.shop))
            if given_up:
                text = _("{n} refunds that waited for their order cannot be taken in: retcli imports faults")
                remarks = (*remarks, text.format(n=given_up))
        counts = {name: getattr(imported, name) for name in ("rows", "added", "changed", "unchanged", "refused")}
        shop.record(f"import/{import_id}", "import", format=imported.format, sha256=imported.sha256, **counts)
        shop.session.flush()
    return _file_view(shop, imported, remarks)


def _file_view(shop: Shop, imported: Import, remarks: tuple[str, ...] = ()) -> FileView:
    waits = shop.session.scalar(sa.select(sa.func.count()).where(col(WaitingRow.import_id) == imported.id)) or 0
    questions = sa.select(sa.func.count()).where(col(ImportQuestion.import_id) == imported.id)
    if waits:
        remarks = (*remarks, _waiting_remark(imported.holds, waits))
    return FileView(
        path=imported.name,
        state="imported",
        format=imported.format,
        holds=imported.holds,
        rows=imported.rows,
        added=imported.added,
        changed=imported.changed,
        unchanged=imported.unchanged,
        refused=imported.refused,
        waiting=waits,
        questions=shop.session.scalar(questions.where(col(ImportQuestion.state) == "open")) or 0,
        faults=_faults(shop, imported),
        remarks=remarks,
    )


def _waiting_remark(holds: str, n: int) -> str:
    if holds == "refunds":
        return _("{n} refunds wait for their orders").format(n=n)
    other = _("item report") if holds == "orders" else _("order report")
    return _("{n} rows wait for the other half of their order: import the {report} too").format(n=n, report=other)


def _faults(shop: Shop, imported: Import) -> tuple[FaultView, ...]:
    query = sa.select(ImportFault).where(col(ImportFault.import_id) == imported.id).order_by(col(ImportFault.row))
    return tuple(FaultView(f.row, f.column, f.text, f.problem) for f in shop.session.scalars(query))


def _try(asked: Asked, stage: Stage, reading: reader.Reading, path: Path, sha256: str, shop_name: str) -> FileView:
    """The whole merge in one piece of work that is rolled back: the counts of a dry run."""
    with opened(asked, Once(dry_run=True)) as shop:
        dialect = reading.dialect
        row = _entry(shop, _name(path), dialect, sha256, shop_name)
        known = _import_of(shop, sha256, shop_name)
        imported = known or shop.add(row)
        for batch in _batches(stage.groups(imported.progress), STEP[imported.holds]):
            _step(shop, imported.id or 0, batch)
        return _close(shop, imported.id or 0, stage, _remarks(reading))


def _finish_interrupted(asked: Asked, coming: set[str]) -> list[FileView]:
    """Imports that were cut off are merged to the end from their stages, where those are complete."""
    with opened(asked, writes=False) as shop:
        cut = list(shop.session.scalars(sa.select(Import).where(col(Import.state) != "done").order_by(col(Import.id))))
    results = []
    for imported in cut:
        stage = Stage(folder(asked.database) / f"{imported.sha256}.stage")
        if stage.complete() and imported.sha256 not in coming:
            remark = _("It was cut off last time and is finished now")
            try:
                results.append(_merge_all(asked, imported, stage, (remark,)))
            except RetcliError as stuck:
                results.append(FileView(imported.name, "refused", problem=stuck.message, hint=stuck.hint))
    return results


def _next_step(asked: Asked, results: Sequence[FileView]) -> str:
    if any(file.waiting for file in results):
        with opened(asked, writes=False) as shop:
            holds = set(shop.session.scalars(sa.select(col(WaitingRow.holds)).distinct()))
        if "orders" in holds and "items" not in holds:
            return _("Next: import the item report of the same period")
        if "orders" not in holds:
            return _("Next: import the order report of the same period")
    return _("Next: retcli today") if any(file.state == "imported" for file in results) else ""


def list_imports(shop: Shop) -> ImportsView:
    """What came when, the newest first."""
    names = ("id", "name", "format", "holds", "shop", "state", "rows", "added", "changed", "unchanged", "refused")
    rows = shop.session.scalars(sa.select(Import).order_by(col(Import.id).desc()))
    return ImportsView(tuple({**{n: getattr(row, n) for n in names}, "at": row.started_at} for row in rows))


def show_import(shop: Shop, number: int | None) -> ImportView:
    """How one import fared; the last one when none is named."""
    return ImportView((_file_view(shop, _numbered(shop, number)),))


def faults(shop: Shop, number: int | None) -> FaultsView:
    """The refused rows of an import; of the last one that has any when none is named."""
    imported = _numbered(shop, number, with_faults=True)
    return FaultsView(imported.name, _faults(shop, imported))


def _numbered(shop: Shop, number: int | None, *, with_faults: bool = False) -> Import:
    query = sa.select(Import).order_by(col(Import.id).desc())
    if number is not None:
        query = query.where(col(Import.id) == number)
    elif with_faults:
        query = query.where(col(Import.refused) > 0)
    found = shop.session.scalars(query).first()
    if found is None:
        raise NotFound(_("There is no such import"), "retcli imports list")
    return found


def questions(shop: Shop) -> QuestionsView:
    """Changes that only a person may take, both values beside each other."""
    rows = shop.session.execute(
        sa.select(ImportQuestion, col(Import.name))
        .join(Import, col(Import.id) == col(ImportQuestion.import_id))
        .where(col(ImportQuestion.state) == "open")
        .order_by(col(ImportQuestion.id))
    )
    made = [Question(q.id or 0, q.subject, q.field, q.known, q.found, q.row, name, q.at) for q, name in rows]
    return QuestionsView(tuple(made))
