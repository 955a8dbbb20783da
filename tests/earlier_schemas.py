"""Books as an earlier program left them: what later revisions brought is taken away again."""

import sqlalchemy as sa

from retcli.database.migrations import noting

CAUSES = ("cause", "cause_id")


def without_causes(connection: sa.Connection) -> None:
    """Movements in stock without their causes, as before revision 0039."""
    columns = {row["name"] for row in sa.inspect(connection).get_columns("stock_moves")}
    noting.note_anew(connection, "stock_moves", sorted(columns - {"id", *CAUSES}))
    for column in CAUSES:
        connection.exec_driver_sql(f"ALTER TABLE stock_moves DROP COLUMN {column}")
