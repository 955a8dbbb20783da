"""Packs what the platform is told when it steps in: a statement in Chinese, and numbered copies of the evidence."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from retcli.actions.casefile import lookup
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.written_beside import beside
from retcli.actions.cases.disputes.evidence import rows_of
from retcli.actions.cases.disputes.left_out import left_out
from retcli.actions.cases.disputes.platform_account import account
from retcli.actions.orderfile.persons import hiding_of
from retcli.actions.shop import reveals
from retcli.database import copies, engine
from retcli.errors import Refused, StorageTrouble, why
from retcli.language import CHINESE, _, mark, speaking
from retcli.models import Evidence, Order
from retcli.rules.lifecycles import MAY_DECIDE
from retcli.settings import Asked, nameable
from retcli.transaction import opened
from retcli.views.cases.account_text import written
from retcli.views.cases.evidence import NOT_STORED
from retcli.views.cases.evidence_pack import PackView, Piece
from retcli.words import word


def pack(
    asked: Asked,
    ref: str,
    *,
    folder: Path | None = None,
    reveal: bool = False,
    because: str = "",
    everything: bool = False,
) -> PackView:
    """Writes the statement and copies the evidence into a new or empty folder, by default one named like the case.
    Persons are masked unless `reveal`, which leaves an event with the reason `because`. The shop's own doubts are in it
    only with `everything`. Raises Refused where something is in the folder, StorageTrouble.
    """
    with opened(asked, writes=reveal) as shop:
        shop.may(MAY_DECIDE, mark("pack evidence"))
        case = lookup.case_of(shop, ref)
        if reveal:
            order = shop.session.get_one(Order, case.order_id)
            reveals.reveal(shop, order, case.number, what="pack", because=because)
        hide, dossier = hiding_of(shop, case, reveal=reveal), dossier_of(shop, case)
        judged = judgement(shop, dossier, asked=case.asked)
        facts = account(shop, dossier, judged, reveal=reveal, everything=everything)
        rows = rows_of(shop, case)
        names = [hide(row.name or "") for row in rows]
        silent = () if everything else tuple(left_out(case, judged.findings, beside(shop, case)))
    # the books are closed by now: copying the evidence may take long
    place = folder or Path(case.number)
    _empty_folder(place)
    try:
        with speaking(CHINESE):  # the platform reads it, whoever packs it
            pieces = _copied(asked.database, rows, names, place)
            text = written(facts, pieces, hide)
            file = nameable(place / (_("statement for the platform") + ".txt"))
        engine.create_file(file)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _cannot_store(place, error) from error
    return PackView(case.number, str(place), str(file), text, tuple(pieces), silent)


def _empty_folder(folder: Path) -> None:
    """Makes a folder that only its owner may open (0700). Raises Refused where something is in it already."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        full = any(folder.iterdir())
    except OSError as error:
        raise _cannot_store(folder, error) from error
    if full:
        message = _("There is something in {folder} already").format(folder=folder)
        raise Refused(message, _("Name another folder with -o, or empty it"))


def _cannot_store(folder: Path, error: OSError) -> StorageTrouble:
    message = _("Nothing can be stored in {folder}: {why}").format(folder=folder, why=why(error))
    return StorageTrouble(message, _("Look whether the disk is there, has room, and may be written"))


def _copied(database: str, rows: Sequence[Evidence], names: Sequence[str], folder: Path) -> list[Piece]:
    """Copies the evidence, numbered in the order in which it came; of each piece what came of it."""
    pieces = []
    for number, (row, name) in enumerate(zip(rows, names, strict=True), 1):
        source = copies.evidence_of(database) / row.path
        target = nameable(folder / f"{number:02d}-{word(row.kind)}{source.suffix}")
        state = _copy_checked(row, source, target)
        file = target.name if state == "present" else ""
        pieces.append(Piece(number, row.kind, file, name, row.at, state))
    return pieces


def _copy_checked(row: Evidence, source: Path, target: Path) -> str:
    """Copies a piece of evidence: ``present``, ``missing``, or ``damaged`` where its content is not what was stored, of
    which no copy is left.
    """
    if row.name is None:
        return NOT_STORED
    if not source.is_file():
        return "missing"
    engine.create_file(target)  # its owner's alone from the first byte on, which a copy by itself is not
    shutil.copyfile(source, target)
    if copies.digest(target) == row.sha256:
        return "present"
    target.unlink()
    return "damaged"
