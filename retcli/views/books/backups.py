"""Copies of the books, as people and scripts see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from retcli.language import _, clauses, mark, series
from retcli.views.base import Screen, View, when
from retcli.views.documents import Documented

OLD = timedelta(days=2)
"""The newest copy may be so old where something changed since."""


class CopyNote(StrEnum):
    """What a person should know of how copies are made."""

    SAME_DISK = "same_disk"

    def sentence(self) -> str:
        """The note in the reader's language."""
        return _(_NOTES[self])


_NOTES = {
    CopyNote.SAME_DISK: mark("No second place for copies is set: this one lies on the same disk as the books"),
}
_STRANGE = mark("Not taken, since it is no evidence by name and content: {names}")


def _named(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return (text.format(names=series(names)),) if names else ()


@dataclass(frozen=True)
class BackupView(View):
    """A copy that was made and verified: the number of its last event and the first digits of its hash."""

    file: str
    seq: int
    head: str
    kept: int = 0
    evidence: int = 0
    differing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where evidence is no longer what it was, or something else lies among it."""
        return 3 if self.differing or self.strange else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """Evidence that changed since it was copied, and what is none."""
        text = _("Evidence is no longer what it was when it was copied: {names}")
        return (*_named(text, self.differing), *_named(_(_STRANGE), self.strange))

    def draw(self, screen: Screen) -> None:
        """Where it lies and how far it goes."""
        screen.line(_("Copied and verified: {file}").format(file=self.file), "green")
        if self.seq:
            screen.line("  " + _("up to event {seq} ({head}); {n} copies kept").format(
                seq=self.seq, head=self.head, n=self.kept))  # fmt: skip
        if self.evidence:
            screen.line("  " + _("{n} files of evidence went along").format(n=self.evidence))


@dataclass(frozen=True)
class RestoredView(View):
    """Books put back from a copy, and where those that stood there before went."""

    file: str
    database: str
    seq: int
    before: str = ""
    evidence: int = 0
    strange: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """3 where something beside the copy was not taken as evidence."""
        return 3 if self.strange else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """What lies beside the copy and is no evidence."""
        return _named(_(_STRANGE), self.strange)

    def draw(self, screen: Screen) -> None:
        """What stands there now, and where the other books went."""
        text = _("The books are those of {file} again, up to event {seq}")
        screen.line(text.format(file=self.file, seq=self.seq), "green")
        if self.before:
            screen.line(_("What stood there before lies in {file}").format(file=self.before))


@dataclass(frozen=True)
class BackupState(Documented):
    """Whether copies are made in a second place, and how old the newest is; `changed` where something came since."""

    folder: str | None
    newest_at: datetime | None = None
    changed: bool = False

    def late(self, now: datetime) -> bool:
        """Whether somebody should look."""
        if not self.folder or self.newest_at is None:
            return True
        return self.changed and now - self.newest_at > OLD

    def sentence(self) -> str:
        """How it stands."""
        if not self.folder:
            newest = _("the newest copy is of {at}").format(at=when(self.newest_at)) if self.newest_at else ""
            return clauses(filter(None, [_("No second place for copies is set"), newest]))
        if self.newest_at is None:
            return _("No copy of these books lies in {folder} yet").format(folder=self.folder)
        text = _("The newest copy is of {at}, and the books changed since") if self.changed else _(
            "The newest copy is of {at} and holds everything")  # fmt: skip
        return text.format(at=when(self.newest_at))
