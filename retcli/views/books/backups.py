"""Views of copies of the books: made, put back, and how old the newest is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from retcli.language import _, clauses, mark, series
from retcli.views.base import Screen, View, draw_next, when
from retcli.views.documents import Documented

OLD = timedelta(days=2)
"""How old the newest copy may be once something changed since."""


class CopyNote(StrEnum):
    """A remark on how copies are made."""

    SAME_DISK = "same_disk"

    def sentence(self) -> str:
        """The remark in the reader's language."""
        return _(_NOTES[self])


_NOTES = {
    CopyNote.SAME_DISK: mark("No second place for copies is set: this one lies on the same disk as the books"),
}
_STRANGE = mark("Not taken, since it is no evidence by name and content: {names}")


def _named(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """A complaint with names; none where there are no names."""
    return (text.format(names=series(names)),) if names else ()


@dataclass(frozen=True)
class BackupView(View):
    """A copy of the books that was made and verified."""

    file: str
    seq: int  # number of its last event
    head: str  # first digits of that event's hash
    kept: int = 0  # copies that are kept
    evidence: int = 0  # files of evidence that were copied along
    differing: tuple[str, ...] = ()  # evidence that changed since it was copied before
    strange: tuple[str, ...] = ()  # files in its folder that are no evidence

    @property
    def exit_code(self) -> int:
        """3 where evidence changed, or something else lies among it; else 0."""
        return 3 if self.differing or self.strange else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """The evidence that changed since it was copied, and the files that are none."""
        text = _("Evidence is no longer what it was when it was copied: {names}")
        return (*_named(text, self.differing), *_named(_(_STRANGE), self.strange))

    def draw(self, screen: Screen) -> None:
        """Shows where the copy lies and up to which event it goes."""
        screen.line(_("Copied and verified: {file}").format(file=self.file), "green")
        if self.seq:
            screen.line("  " + _("up to event {seq} ({head}); {n} copies kept").format(
                seq=self.seq, head=self.head, n=self.kept))  # fmt: skip
        if self.evidence:
            screen.line("  " + _("{n} files of evidence went along").format(n=self.evidence))
        draw_next(screen, "retcli doctor")


@dataclass(frozen=True)
class RestoredView(View):
    """Books that were put back from a copy; `before` is where those went that stood there."""

    file: str
    database: str
    seq: int
    before: str = ""
    evidence: int = 0
    strange: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where a file beside the copy was not taken as evidence, else 0."""
        return 3 if self.strange else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """The files beside the copy that are no evidence."""
        return _named(_(_STRANGE), self.strange)

    def draw(self, screen: Screen) -> None:
        """Shows which books stand there now, and where the others went."""
        text = _("The books are those of {file} again, up to event {seq}")
        screen.line(text.format(file=self.file, seq=self.seq), "green")
        if self.before:
            screen.line(_("What stood there before lies in {file}").format(file=self.before))
        draw_next(screen, "retcli books check")


@dataclass(frozen=True)
class BackupState(Documented):
    """How copies stand: the second place for them (None: none is set), the newest one's time (UTC), and whether
    something `changed` since.
    """

    folder: str | None
    newest_at: datetime | None = None
    changed: bool = False

    def late(self, now: datetime) -> bool:
        """Whether copies need somebody's attention."""
        if not self.folder or self.newest_at is None:
            return True
        return self.changed and now - self.newest_at > OLD

    def sentence(self) -> str:
        """How copies stand, in the reader's language."""
        if not self.folder:
            newest = _("the newest copy is of {at}").format(at=when(self.newest_at)) if self.newest_at else ""
            return clauses(filter(None, [_("No second place for copies is set"), newest]))
        if self.newest_at is None:
            return _("No copy of these books lies in {folder} yet").format(folder=self.folder)
        text = _("The newest copy is of {at}, and the books changed since") if self.changed else _(
            "The newest copy is of {at} and holds everything")  # fmt: skip
        return text.format(at=when(self.newest_at))
