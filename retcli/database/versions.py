"""Brings books to this program's schema: one cheap query compares the version, and only books that are behind load
Alembic.
"""

from collections.abc import Callable
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from retcli.database import copies
from retcli.database import engine as engines
from retcli.database.history import facts
from retcli.errors import StorageTrouble
from retcli.language import _, mark
from retcli.settings import COPIES_KEPT

HEAD = "0048"
"""The last revision of the schema; compared as text, so that numbers keep their four digits."""
_HAS_TABLE = {
    "sqlite": "SELECT COUNT(*) FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'alembic_version'",
}
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
}
_MIGRATIONS = Path(__file__).parent / "migrations"


def version(engine: sa.Engine) -> str | None:
    """The version of the books' schema, such as ``0046``; None for an empty database."""
    # without the write lock, which every command would take for it
    with engine.execution_options(sqlite_begin="BEGIN").connect() as connection:
        return version_on(connection)


def version_on(connection: sa.Connection) -> str | None:
    """The version of the schema as an open connection sees it; None for an empty database."""
    if not connection.scalar(sa.text(_HAS_TABLE[connection.dialect.name])):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def bring_up(
    engine: sa.Engine,
    remark: Callable[[str], None] | None = None,
    tell: Callable[[str, sa.Connection, int], None] | None = None,
) -> bool:
    """Makes or upgrades the schema; whether it was made now, in an empty database.

    SQLite books are copied before they change. `remark` is called with what was mended in them, and `tell` writes it
    into their history in the same transaction. Raises StorageTrouble for books of a newer program, before any write.
    """
    before = version(engine)
    if before == HEAD:
        return False
    if before is not None:
        readable(before)
    if before is not None and engine.dialect.name == "sqlite":
        books = str(engine.url.database)
        copies.copy(books, copies.beside(books), COPIES_KEPT)
    behind = partial(tell, before) if tell is not None and before is not None else None
    for message, about in upgrade(engine, afterwards=behind):
        if remark:
            remark(_(message).format(**about))
    return before is None


def readable(revision: str) -> None:
    """Raises StorageTrouble for a schema's version that this program does not know."""
    # by the names of the revisions' files, so that Alembic need not be loaded for it
    if revision in {path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py")}:
        return
    message = _("This retcli knows no schema {version}").format(version=revision)
    if revision.isdecimal() and revision > HEAD:
        message = _("These books were written by a newer retcli (schema {found}, this one knows {head})")
        message = message.format(found=revision, head=HEAD)
    raise StorageTrouble(message, _("Upgrade retcli, then try again"))


def of_ours(database: str) -> bool:
    """Whether a place holds tables of retcli, which looking does not change; False for an empty database. Raises
    StorageTrouble where it holds tables of another program.
    """
    if "://" not in database:
        with closing(copies.read_only(Path(database))) as file:
            names = [str(row[0]) for row in file.execute(_TABLES["sqlite"])]
    else:
        with engines.reading(database).connect() as connection:
            names = [str(name) for name in connection.scalars(sa.text(_TABLES["postgresql"]))]
    if names and "alembic_version" not in names:
        text = _("The database at {place} is another program's: it holds a table {table}")
        hint = _("Name another place with --db or RETCLI_DB")
        raise StorageTrouble(text.format(place=database, table=names[0]), hint)
    return bool(names)


def schema(connection: Any) -> set[tuple[str, str, str, str]]:
    """Every table, index, trigger and view of SQLite books but SQLite's own: type, name, table, the statement that made
    it.
    """
    statement = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE substr(name, 1, 7) <> 'sqlite_'"
    return {tuple(row) for row in connection.execute(statement)}


@cache
def expected(until: str) -> frozenset[tuple[str, str, str, str]]:
    """The schema that this program makes at a version, as `schema` gives it; made in memory, once in a process.

    Raises StorageTrouble for a version that it does not know.
    """
    from alembic.util import CommandError

    empty = engines.in_memory()
    try:
        upgrade(empty, until)
    except CommandError as unknown:
        message = _("This retcli knows no schema {version}").format(version=until)
        raise StorageTrouble(message, _("Upgrade retcli, then try again")) from unknown
    with empty.connect() as connection:
        return frozenset(schema(connection.connection.driver_connection))


MENDED = (
    mark("{n} waybills and numbers in the books were made comparable"),
    mark("{table}: {was} and {now} are one number in two rows; look at both"),
    mark("{table}: {was} is no number that can be compared, or holds several; look at it"),
    mark("Parcel {number}: of {was} only {now} is waited for; name the others: retcli parcel expect CASE WAYBILL"),
)
"""Message ids of what revisions remark about the books; they stand here for the catalogue."""


def upgrade(
    engine: sa.Engine, until: str = "head", afterwards: Callable[[sa.Connection, int], None] | None = None
) -> list[tuple[str, dict[str, Any]]]:
    """Runs every revision that is still missing, then `afterwards`, in one transaction; the revisions' remarks, each a
    message id with its facts. `afterwards` gets the number of the last row noted before the revisions ran.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        noted = facts.last_noted(connection)
        command.upgrade(config, until)
        if afterwards is not None:
            afterwards(connection, noted)
    remarks: list[tuple[str, dict[str, Any]]] = config.attributes.get("remarks", [])
    return remarks
