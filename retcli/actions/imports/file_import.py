"""Takes one file into the books: known by its content already, or staged, checked, and merged in short steps."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count as counting

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports import bills, mended_sheet, merge_step, open_faults, refused_rows, staged_rows
from retcli.actions.imports.file_results import file_view, of_columns, taken_in_before
from retcli.actions.imports.goods import products, stock_counts, tracking
from retcli.actions.imports.merging import Source, Tally, save_faults
from retcli.actions.imports.orders import order_merge
from retcli.actions.imports.pace import LONGEST, STEP, Pace
from retcli.actions.imports.refunds import refund_report
from retcli.actions.imports.stager import File, Stager
from retcli.actions.orderfile import shop_names
from retcli.database.staging.stage_places import clear, stage_of
from retcli.database.staging.stages import Stage, StagedRow
from retcli.errors import Busy, RetcliError, StorageTrouble
from retcli.models.imports import Import
from retcli.rules.events import Actor
from retcli.settings import Asked
from retcli.shop import Shop
from retcli.transaction import Once, opened
from retcli.views.base import Sayable
from retcli.views.freetext import Person
from retcli.views.imports.imports import FaultView, FileView
from retcli.views.imports.not_taken import NotTaken, Refusal, Unread
from retcli.views.imports.remarks import NAMED, FileRemark, Noticed, merging

_MERGES: dict[str, Callable[[Shop, Source, Sequence[StagedRow]], Tally]] = {
    "refunds": refund_report.merge,
    "products": products.merge,
    "counts": stock_counts.merge,
    "bills": bills.merge,
    "movements": tracking.merge,
}


def take_in_one(
    asked: Asked, file: File, shop_name: str, stager: Stager, following: Sequence[File] = (), *, dry_run: bool
) -> FileView:
    """Takes in one recognised file, while the next of those `following` it is read; how it fared. A file whose content
    came before changes nothing. Raises Refused, NotFound where the file is gone, Busy, StorageTrouble.
    """
    with opened(asked, writes=False) as shop:
        before = import_of(shop, file.content, shop_name)
    if before is not None and before.state == "done":
        if not dry_run:  # refused rows whose cells nobody has kept yet get them from the same file
            mended_sheet.keep_cells(asked, before, file)
        return taken_in_before(file.name, before, _faults(asked, before, file))
    stage = stage_of(asked.database, file.content)
    refusal = stager.refusal(stage, file)
    # asked before a refusal is told: a file that is still being written may be refused for the end that it lacks
    if _changed_while_read(file, stage):
        return FileView(file.name, "busy", trouble=NotTaken(Unread.STILL_WRITTEN))
    if refusal is not None:
        return refusal
    if dry_run:
        view = _try(asked, stage, file, shop_name)
        if before is None:  # else its stage is what the next import finishes from
            stage.drop()
        return view
    return _merged(asked, stage, file, shop_name, stager, following)


def _changed_while_read(file: File, stage: Stage) -> bool:
    """Whether somebody wrote into a file while it was read; then its stage is dropped."""
    try:
        changed = file.changed_since()
    except FileNotFoundError:
        stage.drop()
        raise
    if changed:
        stage.drop()
    return changed


def _merged(
    asked: Asked, stage: Stage, file: File, shop_name: str, stager: Stager, following: Sequence[File]
) -> FileView:
    """Merges a staged file, while the next of those `following` it is read; how it fared."""
    imported = _begin(asked, file, shop_name)
    coming = _next(asked, file, shop_name, following)
    if coming is not None:
        stager.begin(coming)
    view = merge_all(asked, imported, stage, of_columns(file.reading), stager)
    if file.reading.match.mended and not view.refused:
        with opened(asked) as shop:
            open_faults.mended(shop, shop.session.get_one(Import, imported.id))
    if view.refused:
        mended_sheet.keep_cells(asked, imported, file)
        return replace(view, faults=_faults(asked, imported, file))
    return view


def _faults(asked: Asked, imported: Import, file: File) -> tuple[FaultView, ...]:
    """The refused rows of an import beside the file that they stand in."""
    with opened(asked, writes=False) as shop:
        return refused_rows.faults_of(shop, shop.session.get_one(Import, imported.id), file)


def _next(asked: Asked, file: File, shop_name: str, following: Sequence[File]) -> File | None:
    """The next file that is to be merged: the first of those `following` whose content is not in the books yet."""
    with opened(asked, writes=False) as shop:
        for each in following:
            imported = import_of(shop, each.content, shop_name)
            if each.content != file.content and (imported is None or imported.state != "done"):
                return each
    return None


def _hidden(stage: Stage, statuses: Sequence[str]) -> tuple[str, ...]:
    """Unknown statuses as they may be shown, without the persons of the orders that have them; only those that are
    named to people are treated.
    """
    shown = list(statuses)
    for place, status in enumerate(statuses[:NAMED]):
        for buyer, receiver, phone, address in stage.persons(status):
            shown[place] = Person(buyer, receiver, phone, address).hide(shown[place])
    return tuple(shown)


def looked_at_again(asked: Asked, files: Sequence[File], shop_name: str) -> list[File]:
    """The files, of which a list of refunds whose content came before is one of its own where it was exported later:
    that a platform still says the same is news, such as of a click that was said to be made.
    """
    lists = {file.content for file in files if file.reading.dialect.holds == "refunds"}
    if not lists:
        return list(files)
    query = sa.select(col(Import.sha256), col(Import.exported_at)).where(col(Import.shop) == shop_name)
    query = query.where(col(Import.sha256).in_(lists), col(Import.state) == "done")
    with opened(asked, writes=False) as shop:
        exported = {content: at for content, at in shop.session.execute(query) if at is not None}
    return [
        file.exported_anew() if file.exported_at > exported.get(file.content, file.exported_at) else file
        for file in files
    ]


def import_of(shop: Shop, content: str, shop_name: str) -> Import | None:
    """The import of a file's content for one of the owner's shops; None where it never came."""
    query = sa.select(Import).where(col(Import.sha256) == content, col(Import.shop) == shop_name)
    return shop.session.scalars(query).first()


def _begin(asked: Asked, file: File, shop_name: str) -> Import:
    """The import's own entry, which says how far the merge has come."""
    with opened(asked) as shop:
        return import_of(shop, file.content, shop_name) or _entry(shop, file, shop_name)


def _entry(shop: Shop, file: File, shop_name: str) -> Import:
    """A new import's entry, nothing of it merged yet."""
    entry = Import(
        sha256=file.content,
        name=file.name,
        format=file.reading.dialect.name,
        holds=file.reading.dialect.holds,
        platform=file.reading.dialect.platform,
        shop=shop_name,
        state="merging",
        exported_at=file.exported_at,
        started_at=shop.now,
        by=shop.operator.name,
    )
    shop.add(entry)
    return entry


def merge_all(asked: Asked, imported: Import, stage: Stage, noticed: tuple[Sayable, ...], stager: Stager) -> FileView:
    """Merges an import from where its last run stopped, a step at a time, and closes it; how the file fared."""
    with stage.beside_books() as books:
        pace = Pace(imported.holds, stage, books, stager)
        merged, total = 0, stage.size(staged_rows.counted(imported.holds))
        label = merging(imported.name)
        for step in counting():
            # the pace outside: it measures the commit too, and pauses once the lock is free
            with pace, opened(asked, connection=books) as shop:
                if step & (step - 1) == 0:  # the tables have doubled since
                    stage.count_again(books)
                rows = _step(shop, imported.id or 0, stage, pace.targets)
            if rows is None:
                break
            merged += rows
            asked.progress(label, merged, total)
        with opened(asked, connection=books) as shop:
            noticed = _close(shop, imported.id or 0, stage, noticed)
    # only now: a run that is cut off before this is finished from it
    stage.drop()
    # what is only shown is read once nobody waits for the write lock any more: it took two thirds of the time
    with opened(asked, writes=False) as shop:
        return file_view(shop, shop.session.get_one(Import, imported.id), noticed)


def _step(shop: Shop, import_id: int, stage: Stage, targets: int) -> int | None:
    """Merges the next step and notes how far the import has come, in one piece of work; how many rows it had, None at
    the end.
    """
    # the rows and the place up to which they are merged are saved together: a run that is cut off goes on behind them
    shop.actor = Actor.IMPORT
    imported = shop.hold(shop.session.get_one(Import, import_id))
    table, after = staged_rows.counted(imported.holds), imported.progress
    until = stage.until(shop.session.connection(), table, after, targets)
    if until is None:
        return None
    shop.imported = import_id
    source = Source(import_id, imported.platform, imported.shop, imported.exported_at)
    if imported.holds in staged_rows.TABLES:
        tally = order_merge.merge(merge_step.Step(shop, source, stage.schema, after, until, imported.holds))
        shop.session.refresh(imported)
    else:
        rows = stage.rows(shop.session.connection(), after, until)
        tally = _MERGES[imported.holds](shop, source, rows)
    imported.added += tally.added
    imported.changed += tally.changed
    imported.unchanged += tally.unchanged
    imported.refused += tally.refused
    imported.rows += tally.rows
    imported.mended += tally.mended
    imported.progress = until
    save_faults(shop, imported, tally.faults)
    return tally.rows


def _close(shop: Shop, import_id: int, stage: Stage, noticed: tuple[Sayable, ...]) -> tuple[Sayable, ...]:
    """Closes an import whose rows are all merged: its last counts, what only all rows together show, and its event. A
    closed one stays as it is. What was noticed, with what all rows together show.
    """
    shop.actor, shop.imported = Actor.IMPORT, import_id
    imported = shop.hold(shop.session.get_one(Import, import_id))
    if imported.state != "done":
        _count_the_rest(shop, imported, stage)
        imported.state, imported.done_at = "done", shop.now
        if imported.holds in {*staged_rows.TABLES, "movements"}:
            tracking.sign(shop)
            tracking.deliver(shop)
        if imported.holds in staged_rows.TABLES:
            noticed = (*noticed, *_of_orders(shop, imported, stage))
        counts = {name: getattr(imported, name) for name in ("rows", "added", "changed", "unchanged", "refused")}
        shop.record(f"import/{import_id}", "import", format=imported.format, sha256=imported.sha256, **counts)
        shop.session.flush()
    return noticed


def _count_the_rest(shop: Shop, imported: Import, stage: Stage) -> None:
    """Counts the rows that never came to a merge: those refused when they were staged, and doubles."""
    faults, doubles = stage.faults(), stage.doubles()
    save_faults(shop, imported, faults)
    imported.refused += len(faults)
    imported.unchanged += doubles
    imported.rows += len(faults) + doubles


def _of_orders(shop: Shop, imported: Import, stage: Stage) -> Iterator[Sayable]:
    """Takes in the refunds that waited for a file's orders; the remarks about the file as a whole."""
    shops = stage.shops()
    imported.shops = json.dumps(shops, ensure_ascii=False)
    if unknown := stage.unknown_statuses():
        yield FileRemark(Noticed.STATUSES_UNKNOWN, len(unknown), _hidden(stage, unknown))
    if given_up := refund_report.take_waiting(shop, Source(imported.id or 0, imported.platform, imported.shop)):
        yield FileRemark(Noticed.REFUNDS_GIVEN_UP, given_up)
    yield from shop_names.left_unnamed(shop, imported)
    yield from shop_names.overruled(imported, shops)
    yield from shop_names.kept(shop, imported, shops, f"{stage.schema}.heads")


def _try(asked: Asked, stage: Stage, file: File, shop_name: str) -> FileView:
    """Merges a file in one piece of work that is rolled back: how it would fare."""
    with stage.beside_books() as books, opened(asked, Once(dry_run=True), connection=books) as shop:
        imported = import_of(shop, file.content, shop_name) or _entry(shop, file, shop_name)
        while _step(shop, imported.id or 0, stage, STEP.get(imported.holds, LONGEST)) is not None:
            pass
        noticed = _close(shop, imported.id or 0, stage, of_columns(file.reading))
        view = file_view(shop, imported, noticed)
        return replace(view, faults=refused_rows.faults_of(shop, imported, file))


def finish_interrupted(asked: Asked, coming: set[str], shop_name: str, stager: Stager) -> list[FileView]:
    """Merges imports that were cut off to their end, from their complete stages; how each fared. `coming` are the
    contents that this run takes in anyway, for the shop `shop_name`. Stages that nothing needs are deleted.
    """
    with opened(asked, writes=False) as shop:
        cut = list(shop.session.scalars(sa.select(Import).where(col(Import.state) != "done").order_by(col(Import.id))))
        done = set(shop.session.scalars(sa.select(col(Import.sha256)).where(col(Import.state) == "done")))
    clear(asked.database, (coming - done) | {imported.sha256 for imported in cut})
    results = []
    for imported in cut:
        stage = stage_of(asked.database, imported.sha256)
        comes_again = imported.sha256 in coming and imported.shop == shop_name
        if not comes_again and stage.complete():
            try:
                results.append(merge_all(asked, imported, stage, (FileRemark(Noticed.FINISHED_NOW),), stager))
            # these are no fault of this one file, and meet the next one too
            except (Busy, StorageTrouble):
                raise
            except RetcliError as stuck:
                results.append(FileView(imported.name, "refused", trouble=Refusal.of(stuck)))
    return results
