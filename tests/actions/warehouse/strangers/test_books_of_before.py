"""Books as they were before strangers had numbers (revision 0038) and movements causes (0039): made by the revisions up
to 0037, with rows as those books had, then upgraded to 0039. Nothing is lost, and each is what it was.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from retcli.database import engine, versions
from tests.shopfloor import Books

DAY = "2026-11-0{day} 10:00:00.000000"
PARCELS = (
    # id, number, waybill, state: 1 and 4 are here without a case, 2 serves one, 3 is awaited, 5 was a mistake
    (1, "PK20261101-0001", "SF1620041173366", "inspected"),
    (2, "PK20261101-0002", "YT9000000000022", "received"),
    (3, "PK20261101-0003", "YT9000000000033", "expected"),
    (4, "PK20261102-0001", "SF1620041173399", "received"),
    (5, "PK20261102-0002", "SF1620041173311", "void"),
)
FINDINGS = (
    # id, parcel, sku, pieces, grade, to, day, reverses: a shirt as new, a cup broken after it had been as new
    (1, 1, "TS-L", 1, "A", "sellable", 3, None),
    (2, 1, "CUP", 1, "A", "sellable", 3, None),
    (3, 1, "CUP", -1, "A", "sellable", 4, 2),
    (4, 1, "CUP", 1, "C", "defective", 5, None),
)
MOVES = (
    # id, sku, from, to, pieces, parcel, day; the cause and the row that the upgrade finds for it, by hand
    (1, "TS-L", "", "pending", 1, 1, 1, "counted", None),
    (2, "CUP", "", "pending", 2, 1, 1, "counted", None),
    (3, "TS-L", "pending", "sellable", 1, 1, 3, "found", 1),
    (4, "CUP", "pending", "sellable", 1, 1, 3, "found", 2),
    (5, "CUP", "sellable", "pending", 1, 1, 4, "taken_back", 3),
    (6, "CUP", "pending", "defective", 1, 1, 5, "found", 4),
    (7, "CUP", "pending", "", 1, 1, 5, "uncounted", None),
    (8, "CUP", "", "sellable", 20, None, 6, "stocktake", 1),
    (9, "CUP", "sellable", "", 1, None, 7, "untold", None),
    (10, "CUP", "", "pending", 1, 2, 7, "counted", None),
)
BALANCES = (("TS-L", "sellable", 1), ("CUP", "sellable", 19), ("CUP", "defective", 1), ("CUP", "pending", 1))


def insert(connection: sqlite3.Connection, table: str, **values: object) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def fill(connection: sqlite3.Connection) -> None:
    """The rows of a shop that used the program before: parcels, pieces, findings, moves, a count of the stock."""
    for number, name, waybill, state in PARCELS:
        came = {"received_at": DAY.format(day=1), "received_by": "阿强"} if state in {"inspected", "received"} else {}
        row = {"received_at": None, "received_by": ""} | came
        insert(
            connection, "parcels", id=number, number=name, waybill=waybill, carrier="", state=state, version=2, **row
        )
    insert(connection, "parcel_cases", id=1, parcel_id=2, case_id=1)
    for sku, counted in (("TS-L", 1), ("CUP", 1)):
        insert(connection, "parcel_counts", parcel_id=1, sku=sku, counted=counted, inspected=1)
    insert(connection, "parcel_counts", parcel_id=2, sku="CUP", counted=1, inspected=0)
    for number, parcel, sku, pieces, grade, place, day, reverses in FINDINGS:
        insert(connection, "inspections", id=number, parcel_id=parcel, sku=sku, quantity=pieces, grade=grade,
               disposition=place, by="阿强", at=DAY.format(day=day), reverses_id=reverses)  # fmt: skip
    insert(connection, "stock_counts", id=1, sku="CUP", bucket="sellable", quantity=20,
           counted_at=DAY.format(day=6), import_id=1, row=2)  # fmt: skip
    for number, sku, source, target, pieces, of_parcel, day, _cause, _row in MOVES:
        insert(connection, "stock_moves", id=number, sku=sku, source=source, target=target, quantity=pieces,
               parcel_id=of_parcel, by="阿强", at=DAY.format(day=day))  # fmt: skip
    for sku, bucket, quantity in BALANCES:
        insert(connection, "stock_balances", sku=sku, bucket=bucket, quantity=quantity)


@pytest.fixture
def old(tmp_path: Path) -> Books:
    books = Books(str(tmp_path / "old.db"))
    versions.upgrade(engine.engine(books.database), "0037")
    # past the foreign keys: the case itself has forty columns, of which none is looked at here
    with closing(sqlite3.connect(books.database)) as connection:
        fill(connection)
        connection.commit()
    return books


def rows(books: Books, table: str, columns: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in books.rows(f"SELECT {columns} FROM {table} ORDER BY id")]


def test_parcels_of_before_have_numbers_and_lie_where_they_lay(old: Books) -> None:
    kept = "number, waybill, state, version, received_at, received_by"
    before = rows(old, "parcels", kept)
    assert versions.version(engine.engine(old.database)) == "0037"
    versions.upgrade(engine.engine(old.database), "0039")
    assert versions.version(engine.engine(old.database)) == "0039"
    assert rows(old, "parcels", kept) == before
    assert rows(old, "parcels", "stranger") == [(1,), (None,), (None,), (2,), (None,)]
    assert old.rows("SELECT last FROM counters WHERE series = 'stranger'") == [(2,)]
    told = rows(old, "parcels", "apart, returned_waybill, returned_carrier, left_because")
    assert set(told) == {(0, "", "", "")}
    balances = old.rows("SELECT sku, bucket, quantity FROM stock_balances ORDER BY id")
    assert [tuple(row) for row in balances] == list(BALANCES)


def test_moves_of_before_have_their_causes_and_are_as_they_were(old: Books) -> None:
    versions.upgrade(engine.engine(old.database), "0039")
    moved = rows(old, "stock_moves", "id, sku, source, target, quantity, parcel_id, cause, cause_id")
    assert moved == [(*move[:6], *move[7:]) for move in MOVES]
    found = rows(old, "inspections", "id, parcel_id, sku, quantity, grade, disposition, reverses_id")
    assert found == [(*finding[:6], finding[7]) for finding in FINDINGS]
    with pytest.raises(Exception, match="append-only"), engine.engine(old.database).begin() as connection:
        connection.exec_driver_sql("UPDATE stock_moves SET cause = 'found'")
