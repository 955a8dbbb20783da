"""Triggers that note in `watched.NOTEBOOK` which rows a piece of work writes, whatever statement does it, and how those
stood before, so that its event can tell what changed.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from retcli.database.history import watched


def everything(dialect: str) -> list[str]:
    """The statements that make the noting triggers of every told table, on ``sqlite`` or ``postgresql``."""
    return [
        statement
        for table in watched.TABLES
        for statement in statements(dialect, table, watched.key_columns(table), watched.told_columns(table))
    ]


def note_anew(connection: sa.Connection, table: str, columns: Sequence[str]) -> None:
    """Makes the noting triggers of a table anew, for some `columns` (the key's aside): called by a revision after
    it has added a column, or made the table anew.
    """
    keys = sorted(sa.inspect(connection).get_pk_constraint(table)["constrained_columns"])
    dialect = connection.dialect.name
    for verb in ("insert", "update", "delete") if dialect == "sqlite" else ():
        connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_noted_{verb}"))
    if dialect == "postgresql":
        connection.execute(sa.text(f"DROP FUNCTION IF EXISTS {table}_noted() CASCADE"))
    for statement in statements(dialect, table, keys, sorted(columns)):
        # else sa.text takes what follows a colon for the name of a value
        connection.execute(sa.text(statement.replace(":", "\\:")))


def statements(dialect: str, table: str, keys: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The statements that make a table's noting triggers: a row is noted by its key where it is new or gone, or where
    one of some `columns` has changed.
    """
    return _sqlite(table, keys, columns) if dialect == "sqlite" else _postgres(table, keys, columns)


def _key(row: str, keys: Sequence[str]) -> str:
    """SQL of a row's key as text, several columns joined by slashes; `row` is ``NEW.`` or ``OLD.``."""
    return " || '/' || ".join(f'CAST({row}"{name}" AS TEXT)' for name in keys)


def _sqlite(table: str, keys: Sequence[str], columns: Sequence[str]) -> list[str]:
    pairs = ", ".join(f"""'{name}', OLD."{name}\"""" for name in columns)
    differs = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in columns)
    noted = f"INSERT INTO {watched.NOTEBOOK} (name, key, was) VALUES ('{table}', "
    was = f"{noted}{_key('OLD.', keys)}, json_object({pairs})); END"
    return [
        f"CREATE TRIGGER {table}_noted_insert AFTER INSERT ON {table} BEGIN {noted}{_key('NEW.', keys)}, NULL); END",
        f"CREATE TRIGGER {table}_noted_update AFTER UPDATE ON {table} WHEN {differs} BEGIN {was}",
        f"CREATE TRIGGER {table}_noted_delete AFTER DELETE ON {table} BEGIN {was}",
    ]


def _postgres(table: str, keys: Sequence[str], columns: Sequence[str]) -> list[str]:
    same = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in columns)
    noted = f"INSERT INTO {watched.NOTEBOOK} (name, key, was) VALUES ('{table}', "
    body = (
        f" IF TG_OP = 'INSERT' THEN {noted}{_key('NEW.', keys)}, NULL); RETURN NULL; END IF;"
        f" IF TG_OP = 'UPDATE' THEN IF {same} THEN RETURN NULL; END IF; END IF;"
        f" {noted}{_key('OLD.', keys)}, CAST(to_jsonb(OLD) AS TEXT)); RETURN NULL;"
    )
    return [
        f"CREATE FUNCTION {table}_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{body} END $$",
        f"CREATE TRIGGER {table}_noted AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_noted()",
    ]
