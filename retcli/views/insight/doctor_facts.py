"""What may be so of the books' surroundings: the facts of each, and the sentence that says them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from retcli.language import _, mark, series
from retcli.views.base import when
from retcli.views.books.clock import ClockStretch
from retcli.views.imports.runs import Heartbeat
from retcli.views.insight.freshness import Report, next_downloads
from retcli.words import word


class Note(StrEnum):
    """What needs no facts to be said."""

    NO_ORDERS_YET = "no_orders_yet"
    IMPORT_RUNNING = "import_running"
    NO_IMPORT_UNFINISHED = "no_import_unfinished"
    SERVER_COPIES = "server_copies"
    RIGHTS_OF_OWNER = "rights_of_owner"
    NO_LEFTOVERS = "no_leftovers"

    def sentence(self) -> str:
        """The note in the reader's language."""
        return _(_NOTES[self])


_NOTES = {
    Note.NO_ORDERS_YET: mark("No orders were imported yet: retcli import FILE"),
    Note.IMPORT_RUNNING: mark("An import is running"),
    Note.NO_IMPORT_UNFINISHED: mark("No import is left unfinished"),
    Note.SERVER_COPIES: mark("The server makes its own backups"),
    Note.RIGHTS_OF_OWNER: mark("Only their owner may read the books"),
    Note.NO_LEFTOVERS: mark("Nothing half-written lies beside the books"),
}


class Remedy(Enum):
    """What a person does about a line that no single command does."""

    IMPORT_NET_ORDERS = "import_net_orders"
    IMPORT_ANYTHING = "import_anything"
    IMPORT_AGAIN = "import_again"
    LOOK_AT_SCHEDULE = "look_at_schedule"
    SET_COPIES_FOLDER = "set_copies_folder"
    LOOK_AT_CLOCK = "look_at_clock"
    SET_CLOCK = "set_clock"
    FREE_SPACE = "free_space"
    MOVE_BOOKS = "move_books"
    NEXT_IMPORT = "next_import"

    def sentence(self) -> str:
        """The remedy in the reader's language."""
        return _(_REMEDIES[self])


_REMEDIES = {
    Remedy.IMPORT_NET_ORDERS: mark(
        "Import an order report of their days that has 退款金额: it puts them right by itself"
    ),
    Remedy.IMPORT_ANYTHING: mark("Import anything: they are finished first"),
    Remedy.IMPORT_AGAIN: mark("Import the same files again: nothing comes in twice"),
    Remedy.LOOK_AT_SCHEDULE: mark("Look at the schedule and its mails: crontab -l, or the Windows Task Scheduler"),
    Remedy.SET_COPIES_FOLDER: mark('In the settings file: [backup] folder = "D:/retcli"'),
    Remedy.LOOK_AT_CLOCK: mark("Look at the clock; copies are kept by what they hold, not by their time"),
    Remedy.SET_CLOCK: mark("Set the computer's clock before anything else"),
    Remedy.FREE_SPACE: mark("Free some space"),
    Remedy.MOVE_BOOKS: mark(
        "Move the books to a folder of this computer's own: retcli books backup, then restore there"
    ),
    Remedy.NEXT_IMPORT: mark("The next import takes them away"),
}


@dataclass(frozen=True)
class Download:
    """A report that is to be downloaded again where it is stale."""

    report: Report

    def sentence(self) -> str:
        """Which report; empty where it is fresh."""
        return next_downloads([self.report])


class Naming(StrEnum):
    """What is said of things by their names."""

    NO_BOOKS_YET = "no_books_yet"
    IMPORTS_CUT_OFF = "imports_cut_off"
    COPY_OF_FUTURE = "copy_of_future"
    COPY_HOLDS = "copy_holds"
    SYNCHRONISED = "synchronised"
    NETWORK_DRIVE = "network_drive"
    OTHERS_MAY_READ = "others_may_read"
    LEFTOVERS = "leftovers"
    SHOWS_CHINESE = "shows_chinese"
    SHOWS_NO_CHINESE = "shows_no_chinese"


_NAMINGS = {
    Naming.NO_BOOKS_YET: ("path", mark("There are no books at {path} yet")),
    Naming.IMPORTS_CUT_OFF: ("names", mark("Imports that were cut off: {names}")),
    Naming.COPY_OF_FUTURE: ("file", mark("A copy says that it was made in the future: {file}")),
    Naming.COPY_HOLDS: ("file", mark("The newest copy was read and holds: {file}")),
    Naming.SYNCHRONISED: ("name", mark("The books lie in a synchronised folder: {name}")),
    Naming.NETWORK_DRIVE: ("kind", mark("The books lie on a network drive ({kind})")),
    Naming.OTHERS_MAY_READ: ("files", mark("Others may read {files}")),
    Naming.LEFTOVERS: ("files", mark("Left half-written by runs that were cut off: {files}")),
    Naming.SHOWS_CHINESE: ("encoding", mark("The output ({encoding}) can show Chinese")),
    Naming.SHOWS_NO_CHINESE: ("encoding", mark("The output ({encoding}) cannot show Chinese")),
}
"""For each its one blank, and the text."""


@dataclass(frozen=True)
class Named:
    """What is so, and of what: files, imports, a folder, an encoding, by name."""

    what: Naming
    names: tuple[str, ...]

    def sentence(self) -> str:
        """The names in their sentence."""
        blank, text = _NAMINGS[self.what]
        return _(text).format(**{blank: series(self.names)})


# -- imports ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnnamedShops:
    """Platforms of which orders are of no named shop."""

    platforms: tuple[str, ...]

    def sentence(self) -> str:
        """Which platforms, and how to name the shop."""
        text = _("No shop is named for the orders of {platforms}: retcli import {file} --shop {name} names it")
        return text.format(platforms=series(map(word, self.platforms)), file=_("‹file›"), name=_("‹shop›"))


@dataclass(frozen=True)
class OrdersPutRight:
    """How many orders that stood with what was left of them after refunds were put right."""

    orders: int

    def sentence(self) -> str:
        """How many."""
        text = _("{n} orders were put right that stood with what was left of them after refunds")
        return text.format(n=self.orders)


@dataclass(frozen=True)
class OrdersReadNet:
    """How many orders may stand with what was left of them after refunds, and the numbers of the first of them;
    `at_least` where they were not counted to the end.
    """

    orders: int
    first: tuple[str, ...]
    at_least: bool

    def sentence(self) -> str:
        """How many and which."""
        names = series(self.first) + (" …" if self.orders > len(self.first) else "")
        text = _("{n} Taobao orders may stand with what was left of them after refunds: {orders}")
        return text.format(n=f"{self.orders}+" if self.at_least else self.orders, orders=names)


@dataclass(frozen=True)
class RunCutOff:
    """When the import began that was cut off before any of its files."""

    began_at: datetime

    def sentence(self) -> str:
        """When it began."""
        return _("The import that began {at} was cut off").format(at=when(self.began_at))


@dataclass(frozen=True)
class NightAt:
    """How the nightly import stands at an instant."""

    heartbeat: Heartbeat
    now: datetime

    def sentence(self) -> str:
        """When it last went through."""
        return self.heartbeat.sentence(self.now)


# -- the computer -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DiskSpace:
    """Free space beside the books, and their size, in bytes."""

    free: int
    books: int

    def sentence(self) -> str:
        """Both in megabytes."""
        text = _("{free} MB free, the books have {size} MB")
        return text.format(free=self.free // 1_000_000, size=self.books // 1_000_000)


@dataclass(frozen=True)
class ClockBehind:
    """The clock says an instant before that of the last entry in the books."""

    now: datetime
    last_at: datetime

    def sentence(self) -> str:
        """Both instants."""
        text = _("It is {now}, but the last entry of the books is of {at}")
        return text.format(now=when(self.now), at=when(self.last_at))


@dataclass(frozen=True)
class ClockSetByHand:
    """RETCLI_NOW says what time it is."""

    now: datetime

    def sentence(self) -> str:
        """Which time."""
        return _("RETCLI_NOW sets the clock to {now}").format(now=when(self.now))


@dataclass(frozen=True)
class ClockRuns:
    """The time, and the zone of this computer as an offset such as +0800."""

    now: datetime
    zone: str

    def sentence(self) -> str:
        """The time in Shanghai, and the zone."""
        text = _("{now} in Shanghai; this computer's zone is {zone}")
        return text.format(now=when(self.now), zone=self.zone)


@dataclass(frozen=True)
class EntryUnderClock:
    """Entries of the history (their numbers) that were written under a wrong clock, and what was wrong with it."""

    stretch: ClockStretch

    def sentence(self) -> str:
        """Which entries, and what was wrong."""
        return _("Entry {where}: {text}").format(where=self.stretch.where, text=self.stretch.sentence())


# -- evidence ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EvidenceThere:
    """How many files of evidence are stored, all of them there."""

    files: int

    def sentence(self) -> str:
        """How many."""
        return _("{n} files of evidence are there").format(n=self.files)


@dataclass(frozen=True)
class EvidenceLost:
    """Cases of which evidence is missing or damaged: each with how many files."""

    cases: tuple[tuple[str, int], ...]

    def sentence(self) -> str:
        """Which cases."""
        names = series(f"{number} ×{n}" for number, n in self.cases)
        return _("Evidence is missing or damaged: {cases}").format(cases=names)
