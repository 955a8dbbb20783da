"""升级前的账本：发走的、等着发的，都还在，都还能接着办。"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from retcli.actions.cases import decisions
from retcli.actions.imports.merging import Source
from retcli.actions.imports.refunds import refund_status
from retcli.actions.warehouse.shipments import sent_goods
from retcli.database import engine
from retcli.database.migrations import noting, triggers
from retcli.database.staging.stages import StagedRow
from retcli.database.versions import HEAD, upgrade
from retcli.models import Case
from retcli.opening import _tell
from retcli.transaction import opened
from tests.actions.warehouse.shipments.test_leaving import AGAIN, ONE, OUT, THREE, TWO, count, resend, sale
from tests.shopfloor import WAREHOUSE, Books

BEFORE = ("carrier", "case_id", "quantity", "shipped_at", "sku", "state", "version", "waybill")


def without_boxes(connection: sa.Connection, folder: Path) -> None:
    """The goods sent for cases as they were before revision 0048: in no box, with nothing kept."""
    for statement in triggers.outgoing(connection.dialect.name):
        kind, name = statement.split()[1:3]
        if kind == "TRIGGER" and connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        elif kind == "FUNCTION":
            connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")
    if connection.dialect.name == "sqlite":  # which drops no column that refers to another table
        _made_anew(connection, folder)
    else:
        noting.note_anew(connection, "replacements", BEFORE)
        for column in ("reserved", "taken", "shipment_id"):
            connection.exec_driver_sql(f"ALTER TABLE replacements DROP COLUMN {column}")
        connection.exec_driver_sql("DROP FUNCTION shipments_noted() CASCADE")
    connection.exec_driver_sql("DROP TABLE shipments")


def _made_anew(connection: sa.Connection, folder: Path) -> None:
    """The table of goods sent for cases as books of revision 0047 have it, with the same rows."""
    old, columns = engine.engine(str(folder / "old.db")), ", ".join(("id", *BEFORE))
    upgrade(old, "0047")
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'replacements' AND sql IS NOT NULL ORDER BY type = 'table' DESC"
    )
    with old.begin() as then:
        made = [str(row.sql) for row in then.execute(sa.text(query))]
    connection.exec_driver_sql(f"CREATE TEMP TABLE kept AS SELECT {columns} FROM replacements")
    for verb in ("insert", "update", "delete"):
        connection.exec_driver_sql(f"DROP TRIGGER replacements_noted_{verb}")
    connection.exec_driver_sql("DROP TABLE replacements")
    table, *others = made
    for statement in (table, f"INSERT INTO replacements ({columns}) SELECT {columns} FROM kept", *others):
        connection.exec_driver_sql(statement)


def test_what_was_sent_and_what_waits_goes_on(books: Books, tmp_path: Path) -> None:
    """没盘过时发走 1 件，两单等着发，盘到 2 件。升级后发走的能改单号，等着的照发、出库。"""
    books.hire()
    for sku in ("CUP", "MUG"):
        books.product(sku, price=5990)
    resend(books, ONE, "MUG")
    with opened(books.asked()) as shop:  # by the platform's word, with no box
        sent = shop.session.scalars(sa.select(Case)).one()
        refund_status.follow(shop, Source(1, "", ""), StagedRow(1, "", "", {}), sent, "replacement_sent")
    waiting = [resend(books, number, "CUP") for number in (TWO, THREE)]
    count(books, "CUP", 2)
    query = f"SELECT id, {', '.join(BEFORE)} FROM replacements ORDER BY id"
    before = books.rows(query)
    with engine.engine(books.database).begin() as connection:
        without_boxes(connection, tmp_path)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0047'")
    upgrade(engine.engine(books.database), "0048", lambda connection, noted: _tell(
        books.asked(), "0047", connection, noted))  # fmt: skip
    with engine.engine(books.database).begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{HEAD}'")
    assert books.rows(query) == before
    assert sale(books) == (2, 2, 0)
    books.do(sent_goods.correct_waybill, ONE, waybill=AGAIN, by=WAREHOUSE)
    for case, waybill in zip(waiting, (OUT, "SF1620041173002"), strict=True):
        books.do(decisions.ship, case, waybill=waybill, by=WAREHOUSE)
    assert sale(books) == (0, 0, 0)
    books.check()
