"""What was taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retcli.language import _
from retcli.views.base import Screen, View, draw_next, when
from retcli.views.documents import instant
from retcli.views.warehouse.undone_scans import UndonePieces, undone


@dataclass(frozen=True)
class UndoneView(View):
    """What was taken back: the kind of act, the number that it was about (of a case or a parcel), when it was done,
    pieces by product, the command that shows how that stands now, and the pieces as what they were taken back.
    """

    act: str
    subject: str
    done_at: datetime
    pieces: Mapping[str, int]
    next: str
    undone_pieces: tuple[UndonePieces, ...] = ()

    def document(self) -> dict[str, Any]:
        """The JSON object of it."""
        return {
            "undone": self.act,
            "subject": self.subject,
            "done_at": instant(self.done_at),
            "pieces": dict(self.pieces),
            "next": self.next,
        }

    def draw(self, screen: Screen) -> None:
        """Shows it in one sentence."""
        what = undone(self.act, self.undone_pieces)
        text = _("Taken back: {what}, {subject} (of {at})")
        screen.line(text.format(what=what, subject=self.subject, at=when(self.done_at)), "bold")
        draw_next(screen, self.next)
