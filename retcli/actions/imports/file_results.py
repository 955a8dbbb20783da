"""The result of a file that was taken in, as people and scripts see it."""

from dataclasses import replace
from typing import Any

from retcli.actions.casefile.records.agreed_before import fallen_agreements
from retcli.actions.imports import refused_rows
from retcli.actions.imports.orders import halves
from retcli.actions.money import failed_payouts, making_way
from retcli.actions.orderfile import open_questions
from retcli.models.imports import Import
from retcli.reading import reader
from retcli.shop import Shop
from retcli.views.base import Sayable
from retcli.views.casefile.fallen_agreements import FallenAgreements
from retcli.views.imports.imports import FaultView, FileView
from retcli.views.imports.remarks import FileRemark, Misfits, Noticed, TakenInBefore, Told


def taken_in_before(name: str, imported: Import, faults: tuple[FaultView, ...]) -> FileView:
    """The result of a file whose content came before: nothing changed, and the rows refused then still are."""
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
    """Remarks about a file's columns: those that nothing reads, and optional ones that are missing."""
    unused = tuple(reading.match.unknown)
    absent = tuple(dict.fromkeys(wanted.headers[0] for wanted in reading.match.missing))
    noticed = (FileRemark(Noticed.COLUMNS_UNUSED, len(unused), unused), FileRemark(Noticed.COLUMNS_ABSENT, 0, absent))
    return tuple(remark for remark in noticed if remark.names)


def file_view(shop: Shop, imported: Import, noticed: tuple[Sayable, ...] = ()) -> FileView:
    """The result of an import as the books stand now; `noticed` are remarks from when it ran."""
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
        fell=fallen_agreements(shop, number) if imported.holds == "refunds" else FallenAgreements(),
    )


def in_the_end(shop: Shop, view: FileView) -> FileView:
    """The result of a file once its run is over: rows that waited may have been joined by a later file."""
    if not view.number:
        return view
    now = _halves(shop, view.holds, view.number)
    if now["halves"] == view.halves:
        return view
    others = [remark for remark in view.noticed if remark not in view.halves]
    return replace(view, **now, noticed=(*others, *now["halves"]))


def _halves(shop: Shop, holds: str, number: int) -> dict[str, Any]:
    """The fields of a result about an import's rows that wait for another report or do not fit it, with remarks."""
    misfits = halves.misfits(shop, number)
    waits = halves.refunds(shop, number) if holds == "refunds" else sum(halves.alone(shop, number))
    noticed: list[Sayable] = [FileRemark(_WAITING.get(holds, Noticed.ITEMS_WAIT), waits)] if waits else []
    noticed += [Misfits(tuple(misfits))] if misfits else []
    too_many = sum(each.too_many for each in misfits)
    return {"waiting": halves.waiting(shop, number), "misfits": too_many, "halves": tuple(noticed)}


_WAITING = {"refunds": Noticed.REFUNDS_WAIT, "orders": Noticed.ORDERS_WAIT}
"""The remark about waiting rows by the kind of file; lines of items wait for the order report."""
