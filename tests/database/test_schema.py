"""The schema: the models' own, equal on both databases, strict, and append-only where it must be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from retcli import models
from retcli.actions.cases import contacts, decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.stocktakes import posting, takes
from retcli.actions.warehouse.strangers import labels
from retcli.database import engine, versions
from retcli.database.history import watched
from retcli.database.migrations import triggers
from retcli.models import ClosedPayment
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import MANAGER, NOON, WAREHOUSE, Books

BY_PEOPLE = triggers.REGISTER + triggers.DONE_BY_PEOPLE + triggers.LABELS + triggers.COUNTED
LEDGERS = triggers.APPEND_ONLY + BY_PEOPLE + triggers.CLOSED
NOT_OURS = {"alembic_version"}


def stocked(books: Books) -> None:
    """Books with a row in every append-only table."""
    books.hire()
    books.order("2850000000000000051", ("TS-L", 2, 1000), freight=100)
    case = books.do(decisions.open_case, "2850000000000000051", kind=Kind.RETURN, reason="B_7D", lines=["TS-L=2"])
    books.do(decisions.approve, case.number, waive=["freight"], because="why", by=MANAGER)
    books.do(parcels.expect_by_hand, case.number, "YT5260493176849")
    books.do(inspection.inspect, case.number, [inspection.parse_item("TS-L=2:A")], by=WAREHOUSE)
    payout = books.do(payouts.refund, case.number, by=MANAGER)
    books.do(payout_steps.step, payout.number, "fail", because="why", by=MANAGER)
    books.do(contacts.contact, case.number, way="phone", result="reached")
    books.do(contacts.extend, case.number, days=3, because="清关")
    books.do(contacts.note, case.number, "老客")
    books.do(scanning.scan, Bench(), "RCMDA", by=WAREHOUSE)
    books.product("TS-L")
    books.do(takes.count, "TS-L", 2, by=WAREHOUSE)
    books.do(posting.post, by=MANAGER)
    books.do(labels.label, "YT5260493176849", phone_tail="5678", by=WAREHOUSE)
    with opened(books.asked()) as shop:
        shop.add(ClosedPayment(case_id=1, minor=100, paid_at=NOON, closed_at=NOON))


def refused(books: Books, statement: str) -> None:
    """The database itself says no."""
    with pytest.raises(sa.exc.DBAPIError, match=r"append-only|overdrawn|NOT NULL|UNIQUE|unique|null value"):
        attempt(books, statement)


def attempt(books: Books, statement: str) -> None:
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text(statement))


def test_the_migrated_schema_is_the_models(books: Books) -> None:
    books.rows("SELECT 1")
    with engine.engine(books.database).connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), models.metadata)
    assert found == []


def test_both_databases_have_the_same_tables_columns_and_constraints(
    sqlite_books: Books, postgres_books: Books
) -> None:
    def shape(books: Books) -> dict[str, object]:
        seen = sa.inspect(engine.engine(books.database))
        made: dict[str, object] = {}
        for table in sorted(set(seen.get_table_names()) - NOT_OURS):
            made[table] = (
                {column["name"]: column["nullable"] for column in seen.get_columns(table)},
                sorted(str(c["name"]) for c in seen.get_check_constraints(table)),
                sorted(sorted(c["column_names"]) for c in seen.get_unique_constraints(table)),
                sorted((c["constrained_columns"], c["referred_table"]) for c in seen.get_foreign_keys(table)),
                sorted(
                    str(index["name"]) for index in seen.get_indexes(table) if not index.get("duplicates_constraint")
                ),
            )
        return made

    assert shape(sqlite_books) == shape(postgres_books)


def test_the_program_knows_the_version_it_made(books: Books) -> None:
    assert books.value("SELECT version_num FROM alembic_version") == versions.HEAD
    assert versions.bring_up(engine.engine(books.database)) is False


def test_every_table_and_column_has_a_verdict() -> None:
    """A new table or column says whether an edit of it is named, and where not, why that does no harm."""
    watched.table_of("bills")
    assert set(models.metadata.tables) == {*watched.TABLES, *watched.ELSEWHERE, watched.NOTEBOOK}
    for table in watched.TABLES:
        columns = {column.name for column in models.metadata.tables[table].columns if column.computed is None}
        harmless = {name.partition(".")[2] for name in watched.HARMLESS if name.startswith(f"{table}.")}
        told = {*watched.told_columns(table), *watched.key_columns(table)}
        assert told | harmless == columns, table
        assert not told & harmless
    assert all(len(reason.split()) > 3 for reason in (*watched.HARMLESS.values(), *watched.ELSEWHERE.values()))


def test_the_triggers_are_those_of_the_models(books: Books) -> None:
    """A revision that adds a column to a table of which rows are told, or makes it anew, notes it anew after that."""
    dialect = "postgresql" if "://" in books.database else "sqlite"
    made = [words for words in triggers.everything(dialect) if words.startswith("CREATE TRIGGER ")]
    if dialect == "sqlite":
        assert {row[0] for row in books.rows("SELECT sql FROM sqlite_master WHERE type = 'trigger'")} == set(made)
        return
    named = {row[0] for row in books.rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    assert named == {words.split()[2] for words in made}
    bodies = [words.split("$$")[1] for words in triggers.everything(dialect) if words.startswith("CREATE FUNCTION ")]
    known = books.rows("SELECT prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace")
    assert {row[0] for row in known} == set(bodies)


def test_every_sqlite_table_is_strict(sqlite_books: Books) -> None:
    tables = sqlite_books.rows("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    loose = {name for name, strict in tables if not strict and not name.startswith("sqlite_")}
    assert loose <= NOT_OURS
    assert len(tables) > len(models.metadata.tables)


def test_a_sum_as_text_or_half_a_fen_is_refused(sqlite_books: Books) -> None:
    stocked(sqlite_books)
    for value in ("'twelve'", "1.5", "-1"):
        with pytest.raises(sa.exc.IntegrityError):
            attempt(sqlite_books, f"UPDATE order_lines SET cash = {value}")


def test_every_connection_keeps_its_promises(sqlite_books: Books) -> None:
    promised = {"foreign_keys": 1, "recursive_triggers": 1, "trusted_schema": 0, "secure_delete": 1, "synchronous": 2}
    assert {name: sqlite_books.value(f"PRAGMA {name}") for name in promised} == promised
    safe = engine.wal_is_safe(tuple(int(n) for n in sqlite_books.value("SELECT sqlite_version()").split(".")))
    assert sqlite_books.value("PRAGMA journal_mode") == ("wal" if safe else "truncate")


@pytest.mark.parametrize("table", LEDGERS)
def test_history_is_neither_changed_nor_deleted_nor_replaced(books: Books, table: str) -> None:
    stocked(books)
    assert books.value(f"SELECT COUNT(*) FROM {table}") > 0
    key = "seq" if table == "events" else "id"
    refused(books, f"UPDATE {table} SET {key} = {key} + 100000")
    refused(books, f"DELETE FROM {table}")
    if "://" in books.database:
        return
    columns = [row[0] for row in books.rows(f"SELECT name FROM pragma_table_info('{table}')")]
    refused(books, f"INSERT OR REPLACE INTO {table} SELECT {', '.join(columns)} FROM {table}")


def test_every_column_of_the_ledgers_is_frozen(books: Books) -> None:
    stocked(books)
    for table in LEDGERS:
        for column in models.metadata.tables[table].columns:
            refused(books, f"UPDATE {table} SET {column.name} = {column.name}")


def test_a_payout_changes_its_state_only_and_never_after_its_end(books: Books) -> None:
    stocked(books)
    refused(books, "UPDATE payouts SET state = 'due'")
    refused(books, "DELETE FROM payouts")
    case = books.value("SELECT number FROM cases")
    books.do(payouts.refund, case, by=MANAGER)
    live = "WHERE state = 'due'"
    for column in triggers.FROZEN:
        changed = "minor + 1" if column == "minor" else f"{column} + 1" if column.endswith("_id") else "'other'"
        refused(books, f"UPDATE payouts SET {column} = {changed} {live}")
    attempt(books, f"UPDATE payouts SET state = 'sent' {live}")


def test_an_inspection_stays_as_it_was_found(books: Books) -> None:
    stocked(books)
    refused(books, "DELETE FROM inspections")
    for column in (*triggers.FOUND, "case_line_id"):
        changed = f"{column} + 1" if column in {"parcel_id", "quantity", "case_line_id"} else "'B'"
        refused(books, f"UPDATE inspections SET {column} = {changed}")


def test_an_overdraw_is_refused_by_the_database_by_one_fen_and_one_piece(books: Books) -> None:
    books.order("2850000000000000052", ("TS-L", 2, 1000), freight=100)
    case = books.do(decisions.open_case, "2850000000000000052", kind=Kind.ALLOWANCE, reason="N_AGREE", amount=1)
    line, order = books.rows("SELECT l.id, l.order_id FROM order_lines l")[0]
    assert case.number
    into = "INSERT INTO draws (order_id, line_id, case_id, units, share, cash, at)"
    for units, cash, freight in ((3, 0, False), (0, 1001, False), (-1, 0, False), (0, -1, False), (0, 101, True)):
        place = "NULL" if freight else str(line)
        with pytest.raises(sa.exc.DBAPIError, match="overdrawn"):
            attempt(books, f"{into} VALUES ({order}, {place}, 1, {units}, 0, {cash}, '2026-11-09 12:00:00')")
    attempt(books, f"{into} VALUES ({order}, {line}, 1, 2, 1000, 1000, '2026-11-09 12:00:00')")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_the_owner_may_read_the_books(tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        path = tmp_path / "deep" / "shop.db"
        books = Books(str(path))
        books.order("2850000000000000053", ("TS-L", 1, 500))
        files = list(path.parent.glob("shop.db*"))
        assert len(files) >= 1
        assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        engine.engine(str(path)).dispose()
    finally:
        os.umask(before)
