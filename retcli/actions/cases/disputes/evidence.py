"""Evidence of cases: photos, videos, chats and reports, copied into a folder beside the books."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.records.one_case import parcels_of
from retcli.actions.orderfile.persons import Hide, hiding_of
from retcli.actions.warehouse import films, weights
from retcli.database import engine
from retcli.database import evidence as folder
from retcli.language import mark
from retcli.models import Case, Evidence, Parcel
from retcli.rules.lifecycles import MAY_SCAN
from retcli.settings import Asked
from retcli.shop import Shop
from retcli.transaction import opened
from retcli.views.cases.evidence import NOT_STORED, Attached, AttachedView, EvidenceRow, EvidenceView
from retcli.views.insight.doctor import ERROR, OK, Finding
from retcli.views.insight.doctor_facts import EvidenceLost, EvidenceThere
from retcli.views.warehouse.parcel_evidence import ParcelEvidence


def attach(asked: Asked, ref: str, paths: Sequence[Path], *, kind: str) -> AttachedView:
    """Copies files into the folder of evidence and writes them down with a case; all of them or none. Raises NotFound
    for the case or a file, Refused for a file that is not of its `kind`, StorageTrouble.
    """
    with opened(asked, writes=False) as shop:
        shop.may(MAY_SCAN, mark("attach evidence"))
        lookup.case_of(shop, ref)
    # between two pieces of work: a video takes seconds to copy, for which nobody else shall wait with the books
    stored = [folder.store(asked.database, path, kind) for path in paths]
    with opened(asked) as shop:
        return shop.answer(note_down(shop, ref, stored, kind=kind))


def note_down(shop: Shop, ref: str, stored: Sequence[folder.Stored], *, kind: str) -> AttachedView:
    """Writes stored files down as evidence of a case, each content once, and tells of each what came of it."""
    case = lookup.case_of(shop, ref)
    hide = hiding_of(shop, case)
    files = tuple(Attached(hide(file.name), _note_file(shop, case, file, kind)) for file in stored)
    return AttachedView(view_of(shop, case), files)


def _note_file(shop: Shop, case: Case, file: folder.Stored, kind: str) -> str:
    """Writes one file down; ``stored``, ``shared`` where another case has the content too, or ``known`` where this case
    has it already.
    """
    columns = {"path": file.place, "name": file.name, "size": file.size}
    values = {"case_id": case.id, "kind": kind, "sha256": file.sha256, "by": shop.operator.name, "at": shop.now}
    insert = shop.insert(Evidence).values(**values, **columns)
    unstored = Evidence.__table__.c.name.is_(None)  # type: ignore[attr-defined]
    written = insert.on_conflict_do_update(index_elements=["case_id", "sha256"], set_=columns, where=unstored)
    # a row is given back where one was written, or one of which only a place was known got its file; none where the
    # case has the content
    if shop.session.execute(written.returning(sa.literal_column("id"))).first() is None:
        return "known"
    shop.record(case.number, "attach", kind=kind, sha256=file.sha256)
    return "stored" if file.new else "shared"


def evidence_of(shop: Shop, ref: str, *, check: bool = False) -> EvidenceView:
    """The evidence of a case, and whether each file is still there, with what the warehouse knows of its parcels;
    `check` also compares the files' content.
    """
    case = lookup.case_of(shop, ref)
    hide = hiding_of(shop, case)
    files = tuple(_row(shop, row, hide, check=check) for row in rows_of(shop, case))
    return EvidenceView(case.number, files, tuple(_parcel(shop, parcel) for parcel in parcels_of(shop, case)))


def _parcel(shop: Shop, parcel: Parcel) -> ParcelEvidence:
    """What is known of a parcel that may serve as evidence."""
    return ParcelEvidence(parcel.number, weights.of(shop, parcel), films.clips(shop, parcel.number).clips)


def rows_of(shop: Shop, case: Case) -> list[Evidence]:
    """What is written down of a case's evidence, in the order in which it came."""
    query = sa.select(Evidence).where(col(Evidence.case_id) == case.id).order_by(col(Evidence.id))
    return list(shop.session.scalars(query))


def _row(shop: Shop, row: Evidence, hide: Hide, *, check: bool) -> EvidenceRow:
    """One piece of evidence as it is shown, with whether its file is there; `check` reads the file."""
    state, name = NOT_STORED, folder.shown_name(row.path)
    if row.name is not None:
        state = folder.state_of(engine.address(shop.session.get_bind().engine), row.path, row.sha256, read=check)
        name = row.name
    return EvidenceRow(row.kind, hide(name), row.size, row.sha256, row.by, row.at, state)


def doctors_look(shop: Shop, *, deep: bool) -> Iterator[Finding]:
    """The doctor's line about evidence: whether every stored file is still there; `deep` also compares contents."""
    stored = shop.session.execute(
        sa.select(col(Case.number), Evidence)
        .join(Case, col(Case.id) == col(Evidence.case_id))
        .where(col(Evidence.name).is_not(None))
        .order_by(col(Evidence.id))
    )
    states: dict[str, str] = {}
    lost: dict[str, int] = {}
    database = engine.address(shop.session.get_bind().engine)
    for number, row in stored:
        if row.sha256 not in states:
            states[row.sha256] = folder.state_of(database, row.path, row.sha256, read=deep)
        if states[row.sha256] != "present":
            lost[number] = lost.get(number, 0) + 1
    if lost:
        fact = EvidenceLost(tuple(lost.items())[:5])
        yield Finding("evidence", ERROR, fact, f"retcli case evidence {next(iter(lost))} --check")
    else:
        yield Finding("evidence", OK, EvidenceThere(len(states)))
