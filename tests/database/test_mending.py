"""Books made by an earlier retcli: what its revisions mend in them, and what they say."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.casefile import lookup
from retcli.actions.cases import decisions
from retcli.actions.shop import orders
from retcli.actions.warehouse import parcels
from retcli.database import engine, versions
from retcli.models.tracking import Movement
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import NOON, Books

IDS: Any = import_module("retcli.database.migrations.versions.0014_ids")
ORDER, WAYBILL = "2850000000000000071", "773187945217235"


def mended(books: Books) -> list[tuple[str, dict[str, object]]]:
    with engine.engine(books.database).begin() as connection:
        remarks: list[tuple[str, dict[str, object]]] = IDS.mend(connection)
    books.tell()
    return remarks


def changed(books: Books, *statements: str) -> None:
    with engine.engine(books.database).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement.replace(":", "\\:")))


def movement(books: Books, waybill: str) -> None:
    with opened(books.asked()) as shop:
        shop.add(Movement(import_id=1, row=1, waybill=waybill, at=NOON - timedelta(days=2), status="signed"))


@pytest.fixture
def labelled(books: Books) -> Books:
    """Books into which an order and a parcel came with a label before their waybills."""
    books.order(ORDER, ("TS-L", 2, 1000), signed_at=None)
    case = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D")
    books.do(parcels.expect_by_hand, case.number, "YT5260493176849")
    imported = (
        "INSERT INTO imports (sha256, name, format, holds, platform, shop, state, progress, rows, added, changed,"
        " unchanged, refused, started_at, by) VALUES"
        " ('x', 'x', 'x', 'movements', '', '', 'done', '', 0, 0, 0, 0, 0, '2026-11-01 00:00:00', 'x')"
    )
    changed(
        books,
        f"UPDATE orders SET waybill = 'NO:{WAYBILL}'",
        "UPDATE parcels SET waybill = '单号:YT5260493176849'",
        imported,
    )
    books.tell()
    return books


def test_waybills_lose_their_label_and_it_is_said_how_many(labelled: Books) -> None:
    movement(labelled, f"NO:{WAYBILL}")
    movement(labelled, WAYBILL)
    assert mended(labelled) == [(versions.MENDED[0], {"n": 3})]
    assert labelled.rows("SELECT waybill FROM movements") == [(WAYBILL,)], "the same event, taken in twice"
    assert labelled.value("SELECT signed_by FROM orders") == "carrier", "its signature counts from now on"
    with opened(labelled.asked(), writes=False) as shop:
        assert orders.find(shop, f"No: {WAYBILL}").orders
        assert lookup.case_of(shop, "yt5260493176849").number
        assert parcels.parcel_of(shop, "运单号：YT5260493176849").waybill == "YT5260493176849"
    assert mended(labelled) == []
    labelled.check()


def test_two_parcels_of_one_waybill_are_named_and_stay(labelled: Books) -> None:
    other = labelled.do(
        decisions.open_case, labelled.order("2850000000000000072", ("TS-M", 1, 500)), kind=Kind.RETURN, reason="B_7D"
    )
    labelled.do(parcels.expect_by_hand, other.number, "YT5260493176849")
    told = mended(labelled)
    assert told[1:] == [
        (versions.MENDED[1], {"table": "parcels", "was": "单号:YT5260493176849", "now": "YT5260493176849"})
    ]
    assert sorted(labelled.rows("SELECT waybill FROM parcels")) == [("YT5260493176849",), ("单号:YT5260493176849",)]


def test_numbers_with_invisible_characters_are_mended_too(books: Books) -> None:
    books.order("E2026\u200b1109A", ("TS-L", 1, 1000))
    assert mended(books) == [(versions.MENDED[0], {"n": 3})], "the order's number, its line's, its waybill"
    assert books.value("SELECT number FROM orders") == "E20261109A"
    assert books.do(decisions.open_case, "e20261109a", kind=Kind.RETURN, reason="B_7D").number


def test_old_books_are_told_about_when_they_are_brought_up(tmp_path: Path) -> None:
    engine.create_file(tmp_path / "old.db")
    old = engine.engine(str(tmp_path / "old.db"))
    versions.upgrade(old, "0013")
    with old.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO parcels (number, waybill, carrier, state, version, received_by)"
                " VALUES ('PK1', 'NO.773187945217235', '', 'expected', 1, '')"
            )
        )
    remarks: list[str] = []
    assert versions.bring_up(old, remarks.append) is False
    assert remarks == ["1 waybills and numbers in the books were made comparable"]
    with old.connect() as connection:
        assert connection.scalar(sa.text("SELECT waybill FROM parcels")) == WAYBILL
