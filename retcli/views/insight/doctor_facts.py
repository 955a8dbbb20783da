"""Findings of the doctor about the surroundings of the books: the facts of each kind, with its sentence."""

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
    """Findings that need no facts to be told."""

    NO_ORDERS_YET = "no_orders_yet"
    IMPORT_RUNNING = "import_running"
    NO_IMPORT_UNFINISHED = "no_import_unfinished"
    SERVER_COPIES = "server_copies"
    RIGHTS_OF_OWNER = "rights_of_owner"
    NO_LEFTOVERS = "no_leftovers"

    def sentence(self) -> str:
        """The finding in the reader's language."""
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
    """Remedies that a person has to see to and no single command does."""

    IMPORT_NET_ORDERS = "import_net_orders"
    IMPORT_ANYTHING = "import_anything"
    IMPORT_AGAIN = "import_again"
    LOOK_AT_SCHEDULE = "look_at_schedule"
    SET_COPIES_FOLDER = "set_copies_folder"
    LOOK_AT_CLOCK = "look_at_clock"
    SET_CLOCK = "set_clock"
    UNSET_CLOCK = "unset_clock"
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
    Remedy.UNSET_CLOCK: mark("For the real time take the variable RETCLI_NOW away, or open a new terminal"),
    Remedy.FREE_SPACE: mark("Free some space"),
    Remedy.MOVE_BOOKS: mark(
        "Move the books to a folder of this computer's own: retcli books backup, then restore there"
    ),
    Remedy.NEXT_IMPORT: mark("The next import takes them away"),
}


@dataclass(frozen=True)
class Download:
    """The remedy of a stale report: to download it again."""

    report: Report

    def sentence(self) -> str:
        """Which report to download; "" where it is fresh."""
        return next_downloads([self.report])


class Naming(StrEnum):
    """Findings that name something: files, imports, a folder, an encoding."""

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
"""For each the name of its one gap, and the message id."""


@dataclass(frozen=True)
class Named:
    """A finding with the names that it is about."""

    what: Naming
    names: tuple[str, ...]

    def sentence(self) -> str:
        """The names in their sentence."""
        blank, text = _NAMINGS[self.what]
        return _(text).format(**{blank: series(self.names)})


@dataclass(frozen=True)
class KeptCodes:
    """Codes that somebody read at a bench since an instant (UTC; None for not known) and that are not saved yet."""

    who: str
    codes: int
    since: datetime | None

    def sentence(self) -> str:
        """How many, whose, and since when."""
        if self.since is None:
            return _("{n} codes that {who} scanned are kept and not saved yet").format(n=self.codes, who=self.who)
        text = _("{n} codes that {who} scanned from {at} on are kept and not saved yet")
        return text.format(n=self.codes, who=self.who, at=when(self.since))


# -- imports ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnnamedShops:
    """Platforms with orders for which no shop is named."""

    platforms: tuple[str, ...]

    def sentence(self) -> str:
        """Which platforms, and how to name the shop."""
        text = _("No shop is named for the orders of {platforms}: retcli import {file} --shop {name} names it")
        return text.format(platforms=series(map(word, self.platforms)), file=_("‹file›"), name=_("‹shop›"))


@dataclass(frozen=True)
class OrdersPutRight:
    """Orders whose payment had stood at what refunds left of it were put right."""

    orders: int

    def sentence(self) -> str:
        """How many."""
        text = _("{n} orders were put right that stood with what was left of them after refunds")
        return text.format(n=self.orders)


@dataclass(frozen=True)
class OrdersReadNet:
    """Orders whose payment may stand at what refunds left of it, with the numbers of the first of them; `at_least`:
    they were not counted to the end.
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
    """An import was cut off before it came to any of its files; when it began (UTC)."""

    began_at: datetime

    def sentence(self) -> str:
        """When it began."""
        return _("The import that began {at} was cut off").format(at=when(self.began_at))


@dataclass(frozen=True)
class NightAt:
    """The heartbeat of the nightly import, as it stands at an instant (UTC)."""

    heartbeat: Heartbeat
    now: datetime

    def sentence(self) -> str:
        """When it last went through."""
        return self.heartbeat.sentence(self.now)


# -- the computer -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DiskSpace:
    """The free space where the books lie, and their size, in bytes."""

    free: int
    books: int

    def sentence(self) -> str:
        """Both in megabytes."""
        text = _("{free} MB free, the books have {size} MB")
        return text.format(free=self.free // 1_000_000, size=self.books // 1_000_000)


@dataclass(frozen=True)
class ClockBehind:
    """The clock is before the last entry of the books (both in UTC)."""

    now: datetime
    last_at: datetime

    def sentence(self) -> str:
        """Both instants."""
        text = _("It is {now}, but the last entry of the books is of {at}")
        return text.format(now=when(self.now), at=when(self.last_at))


@dataclass(frozen=True)
class ClockSetByHand:
    """The clock is set by hand, by RETCLI_NOW."""

    now: datetime

    def sentence(self) -> str:
        """The time that it is set to."""
        return _("RETCLI_NOW sets the clock to {now}").format(now=when(self.now))


@dataclass(frozen=True)
class ClockRuns:
    """The time (UTC), and the zone of this computer as an offset such as +0800."""

    now: datetime
    zone: str

    def sentence(self) -> str:
        """The time in Shanghai, and the zone."""
        text = _("{now} in Shanghai; this computer's zone is {zone}")
        return text.format(now=when(self.now), zone=self.zone)


@dataclass(frozen=True)
class EntryUnderClock:
    """Entries of the history that were written under a wrong clock."""

    stretch: ClockStretch

    def sentence(self) -> str:
        """Which entries, and what was wrong."""
        return _("Entry {where}: {text}").format(where=self.stretch.where, text=self.stretch.sentence())


# -- evidence ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EvidenceThere:
    """All stored files of evidence are there; how many."""

    files: int

    def sentence(self) -> str:
        """How many."""
        return _("{n} files of evidence are there").format(n=self.files)


@dataclass(frozen=True)
class EvidenceLost:
    """Cases whose evidence is missing or damaged, each with the number of files."""

    cases: tuple[tuple[str, int], ...]

    def sentence(self) -> str:
        """Which cases."""
        names = series(f"{number} ×{n}" for number, n in self.cases)
        return _("Evidence is missing or damaged: {cases}").format(cases=names)
