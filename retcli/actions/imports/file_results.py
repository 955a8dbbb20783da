"""How a file that was taken in fared, for people and scripts."""

from dataclasses import replace
from typing import Any

from retcli.actions.imports import refused_rows
from retcli.actions.imports.orders import halves
from retcli.actions.money import failed_payouts, making_way
from retcli.actions.orderfile import open_questions
from retcli.models.imports import Import
from retcli.reading import reader
from retcli.shop import Shop
from retcli.views.base import Sayable
from retcli.views.imports.imports import FaultView, FileView
from retcli.views.imports.remarks import FileRemark, Misfits, Noticed, TakenInBefore, Told


def taken_in_before(name: str, imported: Import, faults: tuple[FaultView, ...]) -> FileView:
    """A file that came before: nothing of it changes, and what was refused then still is."""
    return FileView(
        name,
        "unchanged",
        imported.format,
        imported.holds,
        imported.rows,
        unchanged=imported.rows - imported.refused,
        refused=imported.refused,
        faults=faults,
        noticed=(TakenInBefore(imported.done_at, imported.name),),
        platform=imported.platform,
    )


def of_columns(reading: reader.Reading) -> tuple[FileRemark, ...]:
    """What was noticed of a file's columns: names nobody asked for, optional ones that are not there."""
    unused = tuple(reading.match.unknown)
    absent = tuple(dict.fromkeys(wanted.headers[0] for wanted in reading.match.missing))
    noticed = (FileRemark(Noticed.COLUMNS_UNUSED, len(unused), unused), FileRemark(Noticed.COLUMNS_ABSENT, 0, absent))
    return tuple(remark for remark in noticed if remark.names)


def file_view(shop: Shop, imported: Import, noticed: tuple[Sayable, ...] = ()) -> FileView:
    """How an import fared, as it stands now; `noticed` is what was when it ran."""
    number = imported.id or 0
    of_halves = _halves(shop, imported.holds, number)
    if imported.state != "done":
        noticed = (*noticed, FileRemark(Noticed.CUT_OFF))
    noticed = (*noticed, *of_halves["halves"], *map(Told, failed_payouts.failed_by(shop, number).sentences()))
    if imported.mended:
        noticed = (*noticed, FileRemark(Noticed.ORDERS_PUT_RIGHT, imported.mended))
    return FileView(
        path=imported.name,
        state="imported" if imported.state == "done" else imported.state,
        format=imported.format,
        holds=imported.holds,
        rows=imported.rows,
        added=imported.added,
        changed=imported.changed,
        unchanged=imported.unchanged,
        refused=imported.refused,
        **of_halves,
        questions=open_questions.count(shop, {number}),
        faults=refused_rows.faults_of(shop, imported),
        noticed=noticed,
        number=number,
        platform=imported.platform,
        gave_way=making_way.gave_way(shop, number),
    )


def in_the_end(shop: Shop, view: FileView) -> FileView:
    """How a file of a run fared once the run is over: what waited may have been joined by a later file of it."""
    if not view.number:
        return view
    now = _halves(shop, view.holds, view.number)
    if now["halves"] == view.halves:
        return view
    others = [remark for remark in view.noticed if remark not in view.halves]
    return replace(view, **now, noticed=(*others, *now["halves"]))


def _halves(shop: Shop, holds: str, number: int) -> dict[str, Any]:
    """Of an import: what waits, what does not fit, and what is to be said of both."""
    misfits = halves.misfits(shop, number)
    waits = halves.refunds(shop, number) if holds == "refunds" else sum(halves.alone(shop, number))
    noticed: list[Sayable] = [FileRemark(_WAITING.get(holds, Noticed.ITEMS_WAIT), waits)] if waits else []
    noticed += [Misfits(tuple(misfits))] if misfits else []
    too_many = sum(each.too_many for each in misfits)
    return {"waiting": halves.waiting(shop, number), "misfits": too_many, "halves": tuple(noticed)}


_WAITING = {"refunds": Noticed.REFUNDS_WAIT, "orders": Noticed.ORDERS_WAIT}
"""What is noticed where rows of a kind of file wait; of every other kind it is the order report that they wait for."""
