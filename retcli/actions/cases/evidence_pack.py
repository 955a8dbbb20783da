"""Packing what the platform is told when it steps in: a text in Chinese, and copies of the evidence in order."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from retcli.actions.casefile import lookup
from retcli.actions.casefile.dossiers import dossier_of
from retcli.actions.casefile.judgement import judgement
from retcli.actions.casefile.written_beside import beside
from retcli.actions.cases import platform_text
from retcli.actions.cases.evidence import rows_of
from retcli.actions.cases.left_out import left_out
from retcli.actions.orderfile.persons import hiding_of
from retcli.actions.shop import reveals
from retcli.database import copies, engine
from retcli.errors import Refused, StorageTrouble, why
from retcli.language import CHINESE, _, speaking
from retcli.models import Evidence, Order
from retcli.settings import Asked, nameable
from retcli.transaction import opened
from retcli.views.cases.evidence import NOT_STORED
from retcli.views.cases.evidence_pack import LeftOut, PackView, Piece, written
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
    """Writes the text and copies the evidence into a new or empty folder, the case's number where none is named;
    personal data is masked unless revealed, which leaves an event. The shop's own doubts are in it only where
    `everything` is asked for.
    """
    with opened(asked, writes=reveal) as shop:
        case = lookup.case_of(shop, ref)
        if reveal:
            order = shop.session.get_one(Order, case.order_id)
            reveals.reveal(shop, order, case.number, what="pack", because=because)
        hide = hiding_of(shop, case, reveal=reveal)
        with speaking(CHINESE):
            account = platform_text.account(shop, case, hide, reveal=reveal, everything=everything)
            rows = rows_of(shop, case)
        judged = judgement(shop, dossier_of(shop, case), asked=case.asked)
        silent = [] if everything else list(left_out(case, judged.findings, beside(shop, case)))
        named = [hide(row.name or "") for row in rows]
    place = folder or Path(case.number)
    _made(place)
    try:
        with speaking(CHINESE):
            pieces = _copied(asked.database, rows, named, place)
            text = written(account, pieces)
            file = nameable(place / (_("statement for the platform") + ".txt"))
        engine.create_file(file)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = _("Nothing can be stored in {folder}: {why}").format(folder=place, why=why(error))
        raise StorageTrouble(message, _("Look whether the disk is there, has room, and may be written")) from error
    return PackView(case.number, str(place), str(file), text, tuple(pieces), tuple(LeftOut(*each) for each in silent))


def _made(folder: Path) -> None:
    """The folder, its owner's alone; one with something in it is not written into."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        full = any(folder.iterdir())
    except OSError as error:
        message = _("Nothing can be stored in {folder}: {why}").format(folder=folder, why=why(error))
        raise StorageTrouble(message, _("Look whether the disk is there, has room, and may be written")) from error
    if full:
        message = _("There is something in {folder} already").format(folder=folder)
        raise Refused(message, _("Name another folder with -o, or empty it"))


def _copied(database: str, rows: Sequence[Evidence], names: Sequence[str], folder: Path) -> list[Piece]:
    """The evidence, numbered in the order in which it came; a copy counts where its content is what was stored."""
    pieces = []
    for number, (row, name) in enumerate(zip(rows, names, strict=True), 1):
        source = copies.evidence_of(database) / row.path
        target = nameable(folder / f"{number:02d}-{word(row.kind)}{source.suffix}")
        state = _put(row, source, target)
        file = target.name if state == "present" else ""
        pieces.append(Piece(number, row.kind, file, name, row.at, state))
    return pieces


def _put(row: Evidence, source: Path, target: Path) -> str:
    if row.name is None:
        return NOT_STORED
    if not source.is_file():
        return "missing"
    engine.create_file(target)
    shutil.copyfile(source, target)
    if copies.digest(target) == row.sha256:
        return "present"
    target.unlink()
    return "damaged"
