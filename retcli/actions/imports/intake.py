"""Takes in any number of files and folders: sorts them out, imports one after the other, tells how each fared; and
lists past imports.
"""

import hashlib
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli import named_files
from retcli.actions.imports import file_import, file_results, folders, mended_sheet, open_faults, refused_rows, runs
from retcli.actions.imports.orders import halves
from retcli.actions.imports.stager import File, Stager
from retcli.actions.warehouse.strangers import fitting
from retcli.database.engine import engine, storage_errors
from retcli.database.locks import alone
from retcli.errors import NeedsPerson, NotFound, Refused, WrongCommand
from retcli.language import _
from retcli.models.imports import Import
from retcli.opening import is_demo, prepare, stand_at
from retcli.platforms import DIALECTS, mapping
from retcli.reading import reader
from retcli.settings import Asked, fixtures
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.transaction import opened
from retcli.views.imports.imports import FaultsView, FileView, ImportsView, ImportView
from retcli.views.imports.mended_sheet import MendView
from retcli.views.imports.not_taken import Refusal
from retcli.views.imports.remarks import NextStep
from retcli.views.warehouse.parcels import Fitted

TURN = ("products", "counts", "orders", "items", "sales", "refunds", "bills", "movements")
"""The order in which kinds of files are taken in: what others refer to comes first."""


def take_in(
    asked: Asked,
    paths: Sequence[Path],
    *,
    shop_name: str = "",
    format_name: str = "",
    map_file: Path | None = None,
    dry_run: bool = False,
    move_done: Path | None = None,
    nightly: bool = False,
    patient: bool = False,
) -> ImportView:
    """Takes in files, and folders of files, of any known kind, or of the kind that a mapping file describes; each file
    has its own result.

    Files wholly in the books are moved to `move_done`; `nightly` says that nobody is watching, `patient` that a person
    rather waits some seconds than calls again. Raises WrongCommand, Busy where another import runs, StorageTrouble, and
    Refused for a shop's own files in the demo's books.
    """
    began, results = time.monotonic(), list[FileView]()
    mapped = _mapped(map_file, format_name)
    shop_name = shop_name or (mapped.shop if mapped else "")
    patience = folders.Patience(asked, patient=patient)
    ready = _sorted_out(folders.files_in(paths, patience), format_name, mapped, results)
    with (
        _books(asked, dry_run=dry_run) as asked,
        alone(asked.database),
        runs.recorded(asked, results, nightly=nightly, dry_run=dry_run) as run,
        Stager(asked) as stager,
    ):
        _refuse_in_demo(asked, ready)
        strangers = frozenset() if dry_run else _strangers(asked)
        ready = file_import.looked_at_again(asked, ready, shop_name)
        done = folders.Done(asked, shop_name, move_done)
        if not dry_run:  # first what was cut off: it is older than what comes now
            results += file_import.finish_interrupted(asked, {file.content for file in ready}, shop_name, stager)
        for view in _each(asked, ready, shop_name, stager, done, dry_run=dry_run):
            results.append(view)  # at once: where the run is cut off, its entry tells what was taken in so far
        if not dry_run:
            _look_again(asked, results)
        fitted = [] if dry_run else _match_again(asked, results, strangers)
        step = _next_step(asked, results, dry_run=dry_run)
    return ImportView(
        tuple(results),
        step,
        time.monotonic() - began,
        waiting=run.waiting,
        questions=run.questions,
        copy=run.copy,
        no_copy_because=run.no_copy_because,
        fitted=tuple(fitted),
    )


def _strangers(asked: Asked) -> frozenset[int | None]:
    """The parcels (ids) that are here without a case."""
    with opened(asked, writes=False) as shop:
        return fitting.waiting(shop)


def _match_again(asked: Asked, results: Sequence[FileView], before: frozenset[int | None]) -> list[Fitted]:
    """Gives parcels without a case to cases whose they surely are, where orders or refunds came in. Of those that had
    none `before`, the ones that have one now, by what a file named or by their points.
    """
    if not before or not any(view.state == "imported" and view.holds in _OF_CASES for view in results):
        return []
    with opened(asked, writes=False) as shop:
        found, sure = fitting.found_of(shop, before), fitting.seem_sure(shop)
    for parcel in sure:
        with opened(asked) as shop:  # each by itself: a scan waits for no more than one
            if fitted := fitting.match_again(shop, parcel):
                found.append(fitted)
    return found


_OF_CASES = ("orders", "items", "sales", "refunds")
"""Kinds of files by which it may turn out whose a parcel is."""


def _each(
    asked: Asked, files: Sequence[File], shop_name: str, stager: Stager, done: folders.Done, *, dry_run: bool
) -> Iterator[FileView]:
    """The results of files, taken in one after the other; a file is moved away after the last of its tables."""
    for place, file in enumerate(files):
        following = files[place + 1 :]
        view = _taken_in(asked, file, shop_name, stager, following, dry_run=dry_run)
        if not dry_run and file.path not in {later.path for later in following}:
            view = done.put_away(view, [each for each in files if each.path == file.path])
        yield view


def _look_again(asked: Asked, results: list[FileView]) -> None:
    """Replaces the results of files of which rows waited: a later file of the run may have brought their other half."""
    if any(view.halves for view in results):
        with opened(asked, writes=False) as shop:
            results[:] = [file_results.in_the_end(shop, view) if view.halves else view for view in results]


def _refuse_in_demo(asked: Asked, files: Sequence[File]) -> None:
    """Raises Refused where any file but the packaged ones would go into the demo's books."""
    if not files or not is_demo(asked):
        return
    packaged = {hashlib.sha256(path.read_bytes()).hexdigest() for path in fixtures().rglob("*") if path.is_file()}
    if any(file.content not in packaged for file in files):
        message = _("These are the demo's books, {path}: a shop's own files do not go in").format(path=asked.database)
        raise Refused(message, _("Open another terminal, or take RETCLI_DB away, then import there"))


@contextmanager
def _books(asked: Asked, *, dry_run: bool) -> Iterator[Asked]:
    """The call on books that exist: founded now where there were none, or, for a dry run where there are none, on empty
    ones in a temporary folder.
    """
    with storage_errors(asked.database):
        stand = not dry_run or stand_at(asked.database)
        if stand:
            prepare(asked)
    if stand:
        yield asked
        return
    with tempfile.TemporaryDirectory(prefix="retcli-trial-") as folder:
        trial = replace(asked, database=str(Path(folder) / "trial.db"), remark=lambda _text: None)
        prepare(trial)
        try:
            yield trial
        finally:
            engine(trial.database).dispose()


def _taken_in(
    asked: Asked, file: File, shop_name: str, stager: Stager, following: Sequence[File], *, dry_run: bool
) -> FileView:
    """How one file fared; what is wrong with it stops no other file."""
    try:
        return file_import.take_in_one(asked, file, shop_name, stager, following, dry_run=dry_run)
    except (FileNotFoundError, NotFound):
        return folders.gone(file.path)
    except Refused as stuck:
        return FileView(file.name, "refused", trouble=Refusal.of(stuck))


def _sorted_out(
    files: Iterable[tuple[Path, FileView | None, bool]],
    format_name: str,
    mapped: mapping.Mapped | None,
    results: list[FileView],
) -> list[File]:
    """The tables of `folders.files_in` that can be read, in the order in which they are taken in; `results` gets those
    of all other files.
    """
    ready: list[File] = []
    for path, waits, named in files:
        if waits is not None:
            results.append(waits)
            continue
        try:
            ready += _recognised(path, format_name, mapped)
        except reader.UnknownKind as unknown:
            state = "refused" if named else "passed_over"
            # a folder's files that are no exports share one hint: only one that was named has its name in it
            hint = unknown.hint.replace("FILE", quoted(str(path))) if named else unknown.hint
            trouble = Refusal(unknown.message, hint)
            results.append(FileView(reader.name_of(path), state, trouble=trouble))
        except (NeedsPerson, Refused) as broken:
            results.append(FileView(reader.name_of(path), "refused", trouble=Refusal.of(broken)))
        except (FileNotFoundError, NotFound):
            results.append(folders.gone(path))
        except OSError as error:
            results.append(folders.unreadable(path, error))
    return sorted(ready, key=lambda file: (TURN.index(file.reading.dialect.holds), file.exported_at, file.path))


def _mapped(map_file: Path | None, format_name: str) -> mapping.Mapped | None:
    """The mapping of the file that is named for it, if any. Raises WrongCommand where a format is named too."""
    if map_file is None:
        return None
    if format_name:
        raise WrongCommand(_("--format and --map both say what kind of file it is"), _("Give one of them"))
    return mapping.load(map_file, TURN)


def _recognised(path: Path, format_name: str, mapped: mapping.Mapped | None) -> list[File]:
    """The tables of a file that are of a known kind: one, or several in an archive or a workbook. Raises WrongCommand
    for a format that does not exist, NeedsPerson or Refused for a file that cannot be read.
    """
    dialects = [mapped.dialect] if mapped else DIALECTS
    wanted = [dialect for dialect in dialects if not format_name or dialect.name == format_name]
    if not wanted:
        names = ", ".join(dialect.name for dialect in DIALECTS)
        raise WrongCommand(_("There is no format {name}").format(name=format_name), names)
    try:
        seen, digest = path.stat(), named_files.digest(path)
        readings = reader.readings(path, wanted, mapped.encoding if mapped else "")
    except PermissionError as held:
        raise NeedsPerson(_("No permission for {path}").format(path=path.name), _("Close it elsewhere")) from held
    name, content = reader.name_of(path), _mapped_content(digest, mapped)
    if len(readings) == 1:
        return [File(path, name, digest, content, readings[0], seen)]
    return [File(path, f"{name} › {each.table}", digest, _part(content, each.table), each, seen) for each in readings]


def _mapped_content(digest: str, mapped: mapping.Mapped | None) -> str:
    """The hash by which a file's content is known, with the mapping's: read by another one it says something else."""
    return hashlib.sha256(f"{digest}{mapped.digest}".encode()).hexdigest() if mapped else digest


def _part(content: str, table: str) -> str:
    """The hash by which one table of a file is known."""
    return hashlib.sha256(f"{content}/{table}".encode()).hexdigest()


def _next_step(asked: Asked, results: Sequence[FileView], *, dry_run: bool) -> NextStep | None:
    """The next thing to do: get the report for which rows wait, else look at the day's list where anything came in."""
    waits = any(file.waiting for file in results)
    if waits and dry_run and {"orders", "items"} <= {file.holds for file in results}:
        return NextStep.REALLY_IMPORT
    if waits:
        with opened(asked, writes=False) as shop:
            (orders, lines), refunds = halves.alone(shop), halves.refunds(shop)
        if orders and not lines:
            return NextStep.ITEM_REPORT
        if not orders and (lines or refunds):
            return NextStep.ORDER_REPORT
    return NextStep.TODAY if any(file.state in {"imported", "unchanged"} for file in results) else None


def list_imports(shop: Shop) -> ImportsView:
    """All imports, the newest first."""
    names = ("id", "name", "format", "holds", "shop", "state", "rows", "added", "changed", "unchanged", "refused")
    rows = shop.session.scalars(sa.select(Import).order_by(col(Import.id).desc()))
    return ImportsView(tuple({**{n: getattr(row, n) for n in names}, "at": row.started_at} for row in rows))


def show_import(shop: Shop, number: int | None) -> ImportView:
    """The result of one import, or of the last one where no number is given. Raises NotFound."""
    return ImportView((file_results.file_view(shop, _numbered(shop, number)),))


def faults(shop: Shop, number: int | None) -> FaultsView:
    """The refused rows of an import, or of the last one that has any where no number is given. Raises NotFound for a
    number that no import has.
    """
    refused = sa.select(col(Import.id)).where(col(Import.refused) > 0).limit(1)
    if number is None and shop.session.scalar(refused) is None:
        return FaultsView("")
    imported = _numbered(shop, number, with_faults=True)
    still_open = imported.id in {each.id for each in open_faults.open_imports(shop)}
    return FaultsView(imported.name, refused_rows.faults_of(shop, imported), imported.id if still_open else None)


def faults_sheet(shop: Shop, number: int | None, target: Path) -> MendView:
    """Writes the refused rows of an import, or of the last one that has any, into a workbook to mend them in."""
    return mended_sheet.sheet(shop, _numbered(shop, number, with_faults=True), target)


def _numbered(shop: Shop, number: int | None, *, with_faults: bool = False) -> Import:
    """An import by its number, else the last one (`with_faults`: that has refused rows). Raises NotFound."""
    query = sa.select(Import).order_by(col(Import.id).desc())
    if number is not None:
        query = query.where(col(Import.id) == number)
    elif with_faults:
        query = query.where(col(Import.refused) > 0)
    imported = shop.session.scalars(query).first()
    if imported is None:
        raise NotFound(_("There is no such import"), "retcli imports list")
    return imported
