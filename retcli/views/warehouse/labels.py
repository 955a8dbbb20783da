"""The view of labels and slips that are written or printed: what stands on each."""

from dataclasses import dataclass
from pathlib import Path

from retcli.language import _, series
from retcli.views.base import Screen, View, pairs
from retcli.views.documents import Documented


@dataclass(frozen=True)
class Label(Documented):
    """What stands on one label: its `title`, the `code` that a scanner reads, the number below it as people say it,
    names with their texts, and one word that is as big as the label allows (empty: none). What stands in its texts is
    not told beside it, since a buyer may be in it.
    """

    KEYS = ("title", "code", "caption", "big")

    title: str
    code: str
    caption: str
    fields: tuple[tuple[str, str], ...] = ()
    big: str = ""


@dataclass(frozen=True)
class Content(View):
    """Labels of a `kind` before they are drawn; a slip has room for what is written on it. `remarks` are for who
    prints them.
    """

    kind: str
    labels: tuple[Label, ...]
    slip: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelsView(View):
    """Labels in a file: of which kind, size and format, on how many pages; to which printer they were given, None where
    nothing was printed ("" for the computer's own). `only_qr` are the numbers of those that are too narrow for bars.
    """

    KEYS = ("file", "kind", "size", "format", "pages", "printer", "only_qr", "labels", "remarks")

    file: Path
    kind: str
    size: str
    format: str
    pages: int
    printer: str | None
    only_qr: tuple[str, ...]
    labels: tuple[Label, ...]
    remarks: tuple[str, ...] = ()

    def draw(self, screen: Screen) -> None:
        """Shows the file, how it goes on, and what must be known of it."""
        text = _("Written: {file}, {kind}, {n} labels on {pages} pages ({size})")
        shown = {
            "file": self.file,
            "kind": self.labels[0].title,
            "n": len(self.labels),
            "pages": self.pages,
            "size": self.size,
        }
        screen.line(text.format(**shown), "bold")
        if self.printer is not None:
            pairs(screen, [(_("Printed by"), self.printer or _("the computer's own printer"))])
        if self.only_qr:
            text = _("{n} labels are too narrow for bars and have the QR code only: {numbers}")
            screen.line(text.format(n=len(self.only_qr), numbers=series(self.only_qr)), "yellow")
        for remark in self.remarks:
            screen.line(remark, "yellow")
