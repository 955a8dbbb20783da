"""Whether the books' own file is sound: SQLite, its pages and references, schema, triggers, history."""

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from retcli.database import engine, eventlog, versions
from retcli.database.migrations import triggers
from retcli.errors import RetcliError
from retcli.language import _
from retcli.rules.events import GENESIS, Broken, last_link
from retcli.views.insight.doctor import ATTENTION, ERROR, OK, Finding

_RESTORE = "retcli books restore FILE"
WHOLE_BYTES = 64_000_000
"""A file up to this size is read as a whole each time: that takes less than the start of the program."""
NEWEST = 4_000_000
"""So many letters of the newest events are read each time."""
_AT_REST = frozenset({"orders", "order_lines", "events"})
"""Tables that grow with the orders at rest: the history tells each of these too."""


def of_file(database: str, *, deep: bool) -> Iterator[Finding]:
    """Every line about the file or the server; after an error the rest is left, since nothing else can be believed."""
    looks: tuple[Callable[[sa.Connection, bool], Finding], ...] = (_schema, _triggers, _history)
    if "://" not in database:
        looks = (_journal, _pages, _references, *looks)
    try:
        with engine.storage_errors(database), engine.reading(database).connect() as connection:
            for look in looks:
                finding = look(connection, deep)
                yield finding
                if finding.state == ERROR:
                    return
    except RetcliError as error:
        yield Finding("books", ERROR, error.message, error.hint or _RESTORE)


def _journal(connection: sa.Connection, _deep: bool) -> Finding:
    """Which SQLite, which journal, and why (`docs/hazards.md` decision 1)."""
    version = str(connection.scalar(sa.text("SELECT sqlite_version()")))
    mode = str(connection.scalar(sa.text("PRAGMA journal_mode"))).upper()
    safe = engine.wal_is_safe(tuple(int(part) for part in version.split(".")))
    why = _("it has the fix that WAL needs") if safe else _("without the fix that WAL needs, which is 3.51.3 or 3.50.7")
    text = f"SQLite {version}, {mode}: {why}"
    if mode != ("WAL" if safe else "TRUNCATE"):
        return Finding("sqlite", ATTENTION, text, _("Close every program that has the books open, then try again"))
    return Finding("sqlite", OK, text)


def _left_out(connection: sa.Connection, deep: bool) -> bool:
    """Whether the orders at rest are left to the deep look: nobody waits for them who looks every day."""
    pages, size = (int(connection.scalar(sa.text(f"PRAGMA page_{what}")) or 0) for what in ("count", "size"))
    return not deep and pages * size > WHOLE_BYTES


def _tables(connection: sa.Connection) -> list[str]:
    """The tables but those that grow with the orders at rest."""
    names = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
    return [str(name) for name in names if name not in _AT_REST and not str(name).startswith("sqlite_")]


def _pages(connection: sa.Connection, deep: bool) -> Finding:
    check, some = "integrity_check" if deep else "quick_check", _left_out(connection, deep)
    for what in _tables(connection) if some else ("3",):
        told = [str(row[0]) for row in connection.execute(sa.text(f"PRAGMA {check}({what})"))]
        if told != ["ok"]:
            return Finding("pages", ERROR, _("The file is damaged: {text}").format(text=told[0]), _RESTORE)
    text = _("All of the file but the orders and the history holds ({check}); those too: retcli doctor --deep")
    text = text if some else _("The file holds ({check})")
    return Finding("pages", OK, text.format(check=check))


def _references(connection: sa.Connection, deep: bool) -> Finding:
    some = _left_out(connection, deep)
    for what in [f"({table})" for table in _tables(connection)] if some else [""]:
        lost = connection.execute(sa.text(f"PRAGMA foreign_key_check{what}")).first()
        if lost is not None:
            text = _("{table} names rows of {other} that are not there").format(table=lost[0], other=lost[2])
            return Finding("references", ERROR, text, _RESTORE)
    every = _("Every reference holds")
    return Finding("references", OK, _("Every reference but the orders' own holds") if some else every)


def _schema(connection: sa.Connection, deep: bool) -> Finding:
    found = versions.version_on(connection)
    if found is None:
        return Finding("schema", ERROR, _("These are no books of retcli"), _("Check --db and RETCLI_DB"))
    try:
        versions.readable(found)
    except RetcliError as unknown:
        return Finding("schema", ERROR, unknown.message, unknown.hint)
    if deep and connection.dialect.name == "sqlite":
        strange = versions.schema(connection.connection.driver_connection) ^ versions.expected(found)
        if strange:
            names = "、".join(sorted({name for _kind, name, *_rest in strange})[:5])
            return Finding(
                "schema", ERROR, _("The schema is not as retcli makes it: {what}").format(what=names), _RESTORE
            )
    if found < versions.HEAD:
        text = _("Schema {found}; the next command brings it to {head}, after a copy").format(
            found=found, head=versions.HEAD)  # fmt: skip
        return Finding("schema", ATTENTION, text, "retcli today")
    return Finding("schema", OK, _("Schema {found}").format(found=found))


_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')",
    "postgresql": "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _triggers(connection: sa.Connection, _deep: bool) -> Finding:
    """What the database itself refuses is refused: every trigger is there as it was made, and no other. Books that are
    behind have the guards of their own day, some of which the next upgrade makes anew.
    """
    name = connection.dialect.name
    found = {str(row[0]): row[1] for row in connection.execute(sa.text(_TRIGGERS[name]))}
    made = [words for words in triggers.everything(name) if words.startswith("CREATE TRIGGER ")]
    wanted = {words.split()[2]: words if name == "sqlite" else "" for words in made}
    behind = versions.version_on(connection) != versions.HEAD
    if behind:
        wanted = {each: words for each, words in found.items() if each in wanted}
    wrong = sorted(each for each in {*found, *wanted} if found.get(each) != wanted.get(each))
    if wrong:
        text = _("Guards of the database are missing, changed or not ours: {names}").format(names="、".join(wrong[:5]))
        return Finding("triggers", ERROR, text, _RESTORE)
    return Finding("triggers", OK, _("All {n} guards of the database are there").format(n=len(wanted)))


def _history(connection: sa.Connection, deep: bool) -> Finding:
    """The chain of events up to its anchor; of a long history that is not looked at deeply, its newest part."""
    anchor = connection.execute(sa.text("SELECT seq, hash FROM anchors")).first() or (0, GENESIS)
    before = (0, GENESIS) if deep else _before_newest(connection)
    rows = eventlog.events(connection, "seq > :last", {"last": before[0]})
    try:
        head = last_link(rows, *before)
    except Broken as broken:
        text = _("The history was changed at event {seq}").format(seq=broken.seq)
        return Finding("history", ERROR, text, "retcli books check", invariant=8)
    if head != tuple(anchor):
        return Finding("history", ERROR, _("The end of the history is missing"), "retcli books check", invariant=8)
    text = _("The last {n} events are one chain; all {all} of them: retcli doctor --deep")
    text = text if before[0] else _("{n} events, one chain")
    return Finding("history", OK, text.format(n=head[0] - before[0], all=head[0]))


def _before_newest(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the event before the newest part of the history, as much as can be read each day."""
    query = sa.text("SELECT seq, hash, LENGTH(payload) FROM events ORDER BY seq DESC").execution_options(yield_per=100)
    room = NEWEST
    for seq, head, letters in connection.execute(query):
        if room < 0:
            return int(seq), str(head)
        room -= letters
    return 0, GENESIS
