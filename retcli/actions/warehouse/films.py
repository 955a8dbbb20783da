"""From when to when each parcel lay on a filmed bench, by the codes that were read there: by that a film is cut."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.pieces import awaited_pieces
from retcli.database import engine
from retcli.errors import Refused, StorageTrouble, why
from retcli.language import _
from retcli.models import Parcel
from retcli.models.acts import Scan
from retcli.rules.zone import SHANGHAI
from retcli.shop import Shop
from retcli.views.warehouse.films import Clip, FilmView, headings

_FILMED: sa.ColumnElement[bool] = sa.literal_column("filmed")
"""As the index of filmed codes has it, word for word."""


def clips(shop: Shop, ref: str = "", *, day: date | None = None) -> FilmView:
    """The clips of a parcel on any day, or of all parcels on one (today where none is named)."""
    query = sa.select(Scan).where(_FILMED)
    wanted = parcels.parcel_of(shop, ref).id if ref else None
    if wanted is not None:
        # a parcel lies there until the next code of its round, which is another one's
        rounds = sa.select(col(Scan.session)).where(_FILMED, col(Scan.parcel_id) == wanted)
        query = query.where(col(Scan.session).in_(rounds))
    else:
        began = datetime.combine(day or shop.now.astimezone(SHANGHAI).date(), time(), SHANGHAI).astimezone(UTC)
        query = query.where(col(Scan.at) >= began, col(Scan.at) < began + timedelta(days=1))
    rows = shop.session.scalars(query.order_by(col(Scan.session), col(Scan.id)))
    spans = [span for span in _spans(rows) if wanted in {None, span[0]}]
    return FilmView(tuple(sorted((_clip(shop, *span) for span in spans), key=lambda clip: clip.from_)))


def _spans(rows: Iterable[Scan]) -> Iterator[tuple[int, datetime, datetime, str, str]]:
    """The spans in which a parcel (its row) lay on a bench, from when to when, by whom, in which round: until the code
    by which it left, else until the last one.
    """
    for session, of_round in groupby(rows, lambda row: row.session):
        codes = list(of_round)
        for parcel, together in groupby(enumerate(codes), lambda placed: placed[1].parcel_id):
            places = [place for place, _row in together]
            if parcel is not None:
                first, left = codes[places[0]], codes[min(places[-1] + 1, len(codes) - 1)]
                yield parcel, first.at, left.at, first.by, session


def _clip(shop: Shop, parcel: int, began: datetime, ended: datetime, by: str, session: str) -> Clip:
    row = shop.session.get_one(Parcel, parcel)
    cases = tuple(case.number for case in awaited_pieces.cases_of(shop, row))
    return Clip(row.number, row.waybill, began, ended, by, session, cases)


def _as_text(cell: str) -> str:
    """A cell that a spreadsheet takes for a text: what begins like a formula would be computed by Excel."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


def write(film: FilmView, path: Path) -> FilmView:
    """Writes clips into a new file of comma-separated values, by which a film is cut. Raises Refused where a file lies
    there already, StorageTrouble.
    """
    if path.exists():
        raise Refused(_("There is a file {file} already").format(file=path), _("Name another one with -o"))
    written = io.StringIO()
    csv.writer(written).writerows([headings(), *(map(_as_text, clip.cells()) for clip in film.clips)])
    try:
        engine.create_file(path)
        # with the mark at its beginning by which Excel and WPS read Chinese
        path.write_text(written.getvalue(), encoding="utf-8-sig", newline="")
    except OSError as error:
        message = _("Nothing can be stored in {folder}: {why}").format(folder=path.parent, why=why(error))
        raise StorageTrouble(message, _("Look whether the disk is there, has room, and may be written")) from error
    return FilmView(film.clips, str(path))
