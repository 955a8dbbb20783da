"""Books of before, with waybills as a file had them: an upgrade lets each number be found, and says how many."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.casefile import lookup
from retcli.actions.cases import decisions
from retcli.actions.shop import orders
from retcli.actions.warehouse import article_codes, code_facts, parcels
from retcli.database import engine, versions
from retcli.models import Barcode
from retcli.models.tracking import Movement
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import NOON, Books

APART: Any = import_module("retcli.database.migrations.versions.0030_waybills_apart")
NUMBER = "2850000000000000071"
FIRST, SECOND, THIRD = "773187945217235", "YT9876543210123", "SF1620041173366"


def mended(books: Books) -> list[tuple[str, dict[str, object]]]:
    with engine.engine(books.database).begin() as connection:
        remarks: list[tuple[str, dict[str, object]]] = APART.mend(connection)
    books.tell()
    return remarks


def changed(books: Books, statement: str, **values: object) -> None:
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text(statement), values)
    books.tell()


def found(books: Books, typed: str) -> bool:
    with opened(books.asked(), writes=False) as shop:
        return bool(orders.find(shop, typed).orders) and bool(code_facts.facts(shop, typed, None).sent)


@pytest.mark.parametrize(
    ("stored", "numbers"),
    [
        (f"{FIRST};NO:{SECOND}", [FIRST, SECOND]),
        (f"{FIRST},{SECOND},{THIRD}", [FIRST, SECOND, THIRD]),
        (f"{FIRST}773187945217243", [FIRST, "773187945217243"]),
        (f"{SECOND}YT9876543210456", [SECOND, "YT9876543210456"]),
        ("SF16-20041173366", [THIRD]),
        ("JDVA0123456789-1-2-,JDVA0123456789-2-2-", ["JDVA0123456789"]),
        (f"申通快递{FIRST}", [FIRST]),
        (f"NO:{FIRST}", [FIRST]),
        (f"{SECOND}/{FIRST}", [SECOND, FIRST]),
        ("7731-8791-0000-004", ["773187910000004"]),
        ("7731-8791-0000-004;7731-9990-0000-002", ["773187910000004", "773199900000002"]),
        (f"NO:{FIRST}。NO:{SECOND}", [FIRST, SECOND]),
        (f"单号1:{FIRST}单号2:{SECOND}", [FIRST, SECOND]),
        (f'["{FIRST}","{SECOND}"]', [FIRST, SECOND]),
    ],
)
def test_an_order_is_found_by_each_of_its_numbers(books: Books, stored: str, numbers: list[str]) -> None:
    books.order(NUMBER, ("TS-L", 1, 1000))
    changed(books, "UPDATE orders SET waybill = :was, carrier = '申通快递'", was=stored)
    assert not found(books, numbers[-1])
    assert mended(books) == [(versions.MENDED[0], {"n": 1})]
    assert books.value("SELECT waybill FROM orders") == numbers[0]
    further = [row[0] for row in books.rows("SELECT waybill FROM order_waybills ORDER BY waybill")]
    assert further == sorted(numbers[1:])
    for number in numbers:
        for typed in (number, number.lower(), f"No:{number}", f"]C1{number}"):
            assert found(books, typed), typed
    assert mended(books) == [], "nothing is left to be mended"
    books.check()


@pytest.mark.parametrize("stored", [FIRST, "自提", "A/B-123", "1001", "1Z999AA10123456784", "9400110200881234567890"])
def test_what_is_one_number_stays(books: Books, stored: str) -> None:
    books.order(NUMBER, ("TS-L", 1, 1000))
    changed(books, "UPDATE orders SET waybill = :was", was=stored)
    assert mended(books) == []
    assert books.value("SELECT waybill FROM orders") == stored


def test_what_may_be_read_in_two_ways_is_named_and_stays(books: Books) -> None:
    stored = f"{THIRD}{FIRST}"
    books.order(NUMBER, ("TS-L", 1, 1000))
    changed(books, "UPDATE orders SET waybill = :was", was=stored)
    assert mended(books) == [(versions.MENDED[0], {"n": 0}), (versions.MENDED[2], {"table": "orders", "was": stored})]
    assert books.value("SELECT waybill FROM orders") == stored


def test_parcels_behind_a_remark_of_douyin_are_found(books: Books) -> None:
    books.order(NUMBER, ("TS-L", 1, 1000))
    changed(books, "UPDATE orders SET platform = 'douyin', seller_remark = :said", said=f"勿催 / {SECOND}-圆通速递")
    assert mended(books)[0][1] == {"n": 1}
    assert books.rows("SELECT waybill, carrier FROM order_waybills") == [(SECOND, "圆通速递")]
    assert found(books, SECOND)
    books.check()


def test_a_parcel_with_two_numbers_is_waited_for_under_one_and_the_other_is_named(books: Books) -> None:
    books.order(NUMBER, ("TS-L", 1, 1000))
    case = books.do(decisions.open_case, NUMBER, kind=Kind.RETURN, reason="B_7D")
    parcel = books.do(parcels.expect_by_hand, case.number, FIRST)
    changed(books, "UPDATE parcels SET waybill = :was", was=f"{FIRST};NO:{SECOND}")
    said = {"number": parcel.number, "was": f"{FIRST};NO:{SECOND}", "now": FIRST}
    assert mended(books) == [(versions.MENDED[0], {"n": 1}), (versions.MENDED[3], said)]
    with opened(books.asked(), writes=False) as shop:
        assert lookup.case_of(shop, FIRST).number == case.number
    books.do(parcels.expect_by_hand, case.number, SECOND)
    books.check()


def test_what_a_carrier_said_of_two_parcels_in_one_row_is_said_of_each(books: Books) -> None:
    books.order(NUMBER, ("TS-L", 1, 1000), signed_at=None)
    changed(books, "UPDATE orders SET waybill = :was", was=SECOND)
    changed(
        books,
        "INSERT INTO imports (sha256, name, format, holds, platform, shop, state, progress, rows, added, changed,"
        " unchanged, refused, started_at, by) VALUES"
        " ('x', 'x', 'x', 'movements', '', '', 'done', '', 0, 0, 0, 0, 0, '2026-11-01 00:00:00', 'x')",
    )
    with opened(books.asked()) as shop:
        shop.add(Movement(import_id=1, row=1, waybill=f"{FIRST},{SECOND}", at=NOON, status="signed"))
    assert mended(books) == [(versions.MENDED[0], {"n": 1})]
    assert sorted(books.rows("SELECT waybill FROM movements")) == [(FIRST,), (SECOND,)]
    assert books.value("SELECT signed_by FROM orders") == "carrier"
    books.check()


def test_barcodes_that_were_kept_as_one_stand_apart(books: Books) -> None:
    books.product("TS-L")
    with opened(books.asked()) as shop:
        for code in ("6901234567892|6901234567885", "978-7-111-12345-3"):
            shop.add(Barcode(code=code, sku="TS-L"))
    assert mended(books) == [(versions.MENDED[0], {"n": 2})]
    with opened(books.asked(), writes=False) as shop:
        for typed in ("6901234567892", "6901234567885", "9787111123453"):
            assert article_codes.sku_of(shop, typed) == "TS-L"
    books.check()


def test_an_order_that_waits_and_a_refund_that_waits_are_mended_too(books: Books) -> None:
    changed(
        books,
        "INSERT INTO imports (sha256, name, format, holds, platform, shop, state, progress, rows, added, changed,"
        " unchanged, refused, started_at, by) VALUES"
        " ('x', 'x', 'x', 'orders', 'taobao', '', 'done', '', 0, 0, 0, 0, 0, '2026-11-01 00:00:00', 'x')",
    )
    changed(
        books,
        "INSERT INTO waiting_orders (platform, target, import_id, shop, row, waybill)"
        " VALUES ('taobao', :n, 1, '', 1, :w)",
        n=NUMBER,
        w=f"{FIRST};NO:{SECOND}",
    )
    assert mended(books) == [(versions.MENDED[0], {"n": 1})]
    assert books.rows("SELECT waybill FROM waiting_orders") == [(FIRST,)]
    assert books.rows("SELECT target, waybill FROM waiting_waybills") == [(NUMBER, SECOND)]


@pytest.mark.parametrize("revision", ["0029", "0030"])
def test_old_books_are_told_once_what_was_mended(tmp_path: Path, revision: str) -> None:
    engine.create_file(tmp_path / "old.db")
    old = engine.engine(str(tmp_path / "old.db"))
    versions.upgrade(old, revision)
    unclear = "773187945217235第3个YT9876543210123"
    with old.begin() as connection:
        for number, waybill in (("PK1", "7731-8791-0000-004"), ("PK2", unclear)):
            connection.execute(
                sa.text(
                    "INSERT INTO parcels (number, waybill, carrier, state, version, received_by)"
                    " VALUES (:n, :w, '', 'expected', 1, '')"
                ),
                {"n": number, "w": waybill},
            )
    remarks: list[str] = []
    assert versions.bring_up(old, remarks.append) is False
    assert remarks[0] == "1 waybills and numbers in the books were made comparable"
    assert [unclear in remark for remark in remarks[1:]] == [True]
    with old.connect() as connection:
        waybills = list(connection.scalars(sa.text("SELECT waybill FROM parcels ORDER BY number")))
    assert waybills == ["773187910000004", unclear]
