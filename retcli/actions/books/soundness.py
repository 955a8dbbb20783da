"""Whether the books' own file or server is sound: SQLite's version and journal, pages, references, schema, triggers,
history.
"""

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from retcli.database import engine, versions
from retcli.database.history import eventlog
from retcli.database.migrations import triggers
from retcli.errors import RetcliError
from retcli.rules.events import GENESIS, Broken, last_link
from retcli.views.base import Verbatim
from retcli.views.books import soundness as facts
from retcli.views.books.soundness import FileNote, FileRemedy
from retcli.views.insight.doctor import ATTENTION, ERROR, OK, Finding

_RESTORE = "retcli books restore FILE"
WHOLE_BYTES = 64_000_000
"""A file of up to so many bytes is read as a whole each time, which takes less than the start of the program."""
NEWEST = 4_000_000
"""Letters of the newest events that are read each time; of a longer history `deep` reads all."""
_ERRORS = "3"
"""Errors of a file that SQLite looks for before it stops: one is told, and a damaged file may have one a page."""
_AT_REST = frozenset({"orders", "order_lines", "events"})
"""Tables that grow with the orders, nearly all of which nobody touches any more; the history tells their rows too."""


def of_file(database: str, *, deep: bool) -> Iterator[Finding]:
    """The doctor's lines about the file or the server; after an error the others are left out, since nothing that is
    read behind it can be believed.
    """
    looks: tuple[Callable[[sa.Connection, bool], Finding], ...] = (_schema, _triggers, _history)
    if "://" not in database:
        looks = (_journal, _pages, _references, *looks)  # the pages before all that is read from them
    try:
        with engine.storage_errors(database), engine.reading(database).connect() as connection:
            for look in looks:
                finding = look(connection, deep)
                yield finding
                if finding.state == ERROR:
                    return
    except RetcliError as error:
        yield Finding("books", ERROR, Verbatim(error.message), error.hint or _RESTORE)


def _journal(connection: sa.Connection, _deep: bool) -> Finding:
    """Which SQLite, which journal, and why (`docs/hazards.md` decision 1)."""
    version = str(connection.scalar(sa.text("SELECT sqlite_version()")))
    mode = str(connection.scalar(sa.text("PRAGMA journal_mode"))).upper()
    has_fix = engine.wal_is_safe(tuple(int(part) for part in version.split(".")))
    as_it_should = mode == ("WAL" if has_fix else "TRUNCATE")
    fact = facts.Engine(version, mode, has_fix, as_it_should)
    return (
        Finding("sqlite", OK, fact) if as_it_should else Finding("sqlite", ATTENTION, fact, FileRemedy.CLOSE_PROGRAMS)
    )


def _left_out(connection: sa.Connection, deep: bool) -> bool:
    """Whether the tables of `_AT_REST` are left out, which only a deep look at a large file reads."""
    pages, size = (int(connection.scalar(sa.text(f"PRAGMA page_{what}")) or 0) for what in ("count", "size"))
    return not deep and pages * size > WHOLE_BYTES


def _tables(connection: sa.Connection) -> list[str]:
    """The names of the tables but those of `_AT_REST` and SQLite's own."""
    names = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
    return [str(name) for name in names if name not in _AT_REST and not str(name).startswith("sqlite_")]


def _pages(connection: sa.Connection, deep: bool) -> Finding:
    """SQLite's own check of the file, or of a large one its check of every table but those of the orders at rest."""
    check, partly = "integrity_check" if deep else "quick_check", _left_out(connection, deep)
    # the pragma takes either the name of a table, or how many errors it looks for in the whole file
    for table_or_most in _tables(connection) if partly else (_ERRORS,):
        answers = [str(row[0]) for row in connection.execute(sa.text(f"PRAGMA {check}({table_or_most})"))]
        if answers != ["ok"]:
            return Finding("pages", ERROR, facts.Damaged(answers[0]), _RESTORE)
    return Finding("pages", OK, facts.PagesHold(check, partly))


def _references(connection: sa.Connection, deep: bool) -> Finding:
    """Whether each foreign key names a row; of large books those of the orders at rest are left out."""
    partly = _left_out(connection, deep)
    for arguments in [f"({table})" for table in _tables(connection)] if partly else [""]:
        lost = connection.execute(sa.text(f"PRAGMA foreign_key_check{arguments}")).first()
        if lost is not None:
            return Finding("references", ERROR, facts.RowsMissing(str(lost[0]), str(lost[2])), _RESTORE)
    note = FileNote.REFERENCES_HOLD_BUT_ORDERS if partly else FileNote.REFERENCES_HOLD
    return Finding("references", OK, note)


def _schema(connection: sa.Connection, deep: bool) -> Finding:
    """The revision of the schema, and looked at deeply, whether everything in it is as retcli makes it."""
    revision = versions.version_on(connection)
    if revision is None:
        return Finding("schema", ERROR, FileNote.NOT_OURS, FileRemedy.CHECK_DATABASE)
    try:
        versions.readable(revision)
    except RetcliError as unknown:
        return Finding("schema", ERROR, Verbatim(unknown.message), unknown.hint)
    if deep and connection.dialect.name == "sqlite":
        strange = versions.schema(connection.connection.driver_connection) ^ versions.expected(revision)
        if strange:
            names = sorted({name for _kind, name, *_rest in strange})[:5]
            return Finding("schema", ERROR, facts.SchemaDiffers(tuple(names)), _RESTORE)
    if revision < versions.HEAD:
        return Finding("schema", ATTENTION, facts.SchemaVersion(revision, versions.HEAD), "retcli today")
    return Finding("schema", OK, facts.SchemaVersion(revision))


_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')",
    "postgresql": "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _triggers(connection: sa.Connection, _deep: bool) -> Finding:
    """Whether every trigger stands as this program makes it, and no other. Books that are behind have the triggers of
    their own day, of which only the names are compared.
    """
    dialect = connection.dialect.name
    there = {str(row[0]): row[1] for row in connection.execute(sa.text(_TRIGGERS[dialect]))}
    statements = [sql for sql in triggers.everything(dialect) if sql.startswith("CREATE TRIGGER ")]
    wanted = {sql.split()[2]: sql if dialect == "sqlite" else "" for sql in statements}
    behind = versions.version_on(connection) != versions.HEAD
    if behind:
        wanted = {name: sql for name, sql in there.items() if name in wanted}
    wrong = sorted(name for name in {*there, *wanted} if there.get(name) != wanted.get(name))
    if wrong:
        return Finding("triggers", ERROR, facts.GuardsDiffer(tuple(wrong[:5])), _RESTORE)
    return Finding("triggers", OK, facts.GuardsThere(len(wanted)))


def _history(connection: sa.Connection, deep: bool) -> Finding:
    """The chain of events up to its anchor; of a long history that is not looked at deeply, its newest part."""
    anchor = connection.execute(sa.text("SELECT seq, hash FROM anchors")).first() or (0, GENESIS)
    before = (0, GENESIS) if deep else _before_newest(connection)
    rows = eventlog.events(connection, "seq > :last", {"last": before[0]})
    try:
        head = last_link(rows, *before)
    except Broken as broken:
        return Finding("history", ERROR, facts.HistoryChanged(broken.seq), "retcli books check", invariant=8)
    if head != tuple(anchor):
        return Finding("history", ERROR, FileNote.HISTORY_CUT_OFF, "retcli books check", invariant=8)
    return Finding("history", OK, facts.HistoryHolds(head[0] - before[0], head[0]))


def _before_newest(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the event before the newest part of the history, as much as can be read each day."""
    query = sa.text("SELECT seq, hash, LENGTH(payload) FROM events ORDER BY seq DESC").execution_options(yield_per=100)
    room = NEWEST
    for seq, head, letters in connection.execute(query):
        if room < 0:
            return int(seq), str(head)
        room -= letters
    return 0, GENESIS
