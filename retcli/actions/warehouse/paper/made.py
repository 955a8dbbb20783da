"""Draws labels into a file that only its owner may read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from retcli import settings
from retcli.errors import NotFound, Refused, StorageTrouble, WrongCommand, why
from retcli.language import _
from retcli.views.warehouse.labels import Content, LabelsView

if TYPE_CHECKING:
    from retcli.paper.fonts import Face

_ENDINGS = {"pdf": ".pdf", "tspl": ".prn"}


@dataclass(frozen=True)
class Wish:
    """How labels are to be drawn: `size` and `format` by their names ("" for the usual ones), into which file (None:
    named after what they are), in the letters of which font file (None: one of the system), each how many times.
    """

    size: str = ""
    format: str = "pdf"
    output: Path | None = None
    font: Path | None = None
    copies: int = 1


def ready(wish: Wish) -> "Face":
    """The font in which labels are drawn. Raises Refused where the libraries for labels are not installed, NotFound
    where there is no Chinese font, WrongCommand for what cannot be drawn.
    """
    if wish.format == "tspl" and wish.size == "a4":
        message = _("A label printer has no A4 paper")
        raise WrongCommand(message, "--format tspl --size 60x40")
    if wish.copies < 1:
        raise WrongCommand(_("{n} copies cannot be printed").format(n=wish.copies), "--copies 2")
    with _installed():
        from retcli.paper import fonts
    return fonts.found(wish.font or settings.label_font())


@contextmanager
def _installed() -> Iterator[None]:
    """Says which extra is missing, where a library for labels is."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise Refused(_("Labels need libraries that are not installed: pip install 'retcli[label]'")) from missing


def made(content: Content, wish: Wish, face: "Face", at: datetime) -> LabelsView:
    """Draws labels, and writes them into a file in place of an older one; `at` is the present instant. Raises Refused
    where the font lacks a sign, NotFound without the folder, StorageTrouble.
    """
    with _installed():
        from retcli.paper import fonts, layout, pdf, sizes, tspl
    size = wish.size or ("100x150" if content.slip else "60x40")
    one = sizes.label(size, slip=content.slip)
    fonts.refuse_missing(face, (text for label in content.labels for text in layout.texts_of(label)))
    each = [(label, layout.laid_out(label, one, face)) for label in content.labels]
    only_qr = tuple(label.caption for label, drawn in each if not drawn[0].bars)
    labels = [page for _label, drawn in each for page in drawn for _copy in range(wish.copies)]
    if wish.format == "tspl":
        written, pages = tspl.drawn(labels, one, face), len(labels)
    else:
        written, pages = pdf.drawn(labels, one, sizes.sheet(size, one), face, at)
    file = _named(wish, content.kind)
    _save(file, written)
    shown = (content.labels, content.remarks)
    return LabelsView(file, content.kind, size, wish.format, pages, None, only_qr, *shown)


def _named(wish: Wish, kind: str) -> Path:
    """The file's name: with the ending of its format, where another one was named."""
    ending = _ENDINGS[wish.format]
    path = wish.output or Path(f"labels-{kind}{ending}")
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def _save(path: Path, content: bytes) -> None:
    """Puts a whole file in place (0600)."""
    if not path.parent.is_dir():
        raise NotFound(_("There is no folder {path}").format(path=path.parent), _("Check the name"), file=path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        draft.replace(path)
    except OSError as refused:
        message = _("{path} cannot be written: {why}").format(path=path, why=why(refused))
        raise StorageTrouble(message, _("Check the folder's permissions and its free space")) from refused
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
