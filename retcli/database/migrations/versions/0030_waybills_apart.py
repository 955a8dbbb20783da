"""Waybills, numbers and barcodes of older books get the form in which they are looked up; joined ones are taken apart."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from retcli.reading import cells, waybills
from retcli.rules.warehouse.ids import as_kept, carrier

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PLAIN = (
    ("orders", "number", ("id",), ("platform",)),
    ("order_lines", "number", ("id",), ("order_id",)),
    ("cases", "platform_number", ("id",), ("platform",)),
)
"""Numbers that only lose what nobody sees: table, column, key, and within what no two rows may share a number."""
# The program's own reader, not a copy of its day: what is stored must have the form that look-ups ask for today.

IN_REMARK = re.compile(r"([A-Z]{0,6}\d{6,20})-([^-\d\s][^-\s]*)")
"""A further parcel of an order of Douyin, as it was put behind the shop's remark."""
LONGEST = 20
"""A waybill of a carrier that is known has at most so many characters; what is longer may be two of them."""

def upgrade() -> None:
    """Mends what earlier programs kept as it stood in a file, and says how much."""
    context.config.attributes.setdefault("remarks", []).extend(mend(op.get_bind()))


Remarks = list[tuple[str, dict[str, object]]]
COUNTED = "{n} waybills and numbers in the books were made comparable"
TWICE = "{table}: {was} and {now} are one number in two rows; look at both"
UNCLEAR = "{table}: {was} is no number that can be compared, or holds several; look at it"
WAITS = "Parcel {number}: of {was} only {now} is waited for; name the others: retcli parcel expect CASE WAYBILL"


def mend(books: sa.Connection) -> Remarks:
    """Gives waybills, numbers and barcodes the form that an import gives them, and takes apart what was kept as one;
    what there is to tell about it, each a message id with its facts.
    """
    remarks: Remarks = []
    steps: tuple[Callable[[sa.Connection, Remarks], int], ...] = (
        _orders, _remarks_of_douyin, _waiting_orders, _waiting_refunds, _movements, _parcels, _replacements,
        _barcodes, _numbers,
    )  # fmt: skip
    changed = sum(step(books, remarks) for step in steps)
    if changed:
        _sign(books)
    return [(COUNTED, {"n": changed}), *remarks] if changed or remarks else []


def taken_apart(stored: str) -> list[str] | None:
    """The waybills of a text as it was kept; the text itself where it holds no digit, None where nobody can tell."""
    if not any(map(str.isdigit, stored)):
        return [stored]
    try:
        each = [_joined(number) for number in waybills.waybills(stored)]
    except cells.Unreadable:
        return None
    return None if None in each or not each else list(dict.fromkeys(n for some in each for n in some or ()))


def _joined(code: str) -> list[str] | None:
    """The waybills that a code without any sign in it is made of; None where it can be read in several ways."""
    if len(code) <= LONGEST or not code.isalnum():
        return [code]
    ways = list(_ways(code))
    if len(ways) > 1:
        return None
    return ways[0] if ways else [code]


def _ways(code: str) -> Iterator[list[str]]:
    """Each way in which a code is a row of waybills whose carriers are known."""
    if carrier(code) and len(code) <= LONGEST:
        yield [code]
    for at in range(11, min(len(code) - 10, LONGEST + 1)):
        if carrier(code[:at]):
            yield from ([code[:at], *rest] for rest in _ways(code[at:]))


def _stored(books: sa.Connection, table: str, columns: str, column: str = "waybill") -> Iterator[tuple[Any, list[str]]]:
    """The rows whose waybill stands in another form, with the numbers that it is; none where it cannot be told."""
    rows = books.execute(sa.text(f"SELECT {column} AS was, {columns} FROM {table} WHERE {column} <> ''"))
    differing = [(row, numbers or []) for row in rows if (numbers := taken_apart(row.was)) != [row.was]]
    yield from differing


def _unclear(remarks: Remarks, table: str, was: str) -> int:
    remarks.append((UNCLEAR, {"table": table, "was": was}))
    return 0


def _orders(books: sa.Connection, remarks: Remarks) -> int:
    """The first waybill is the order's own, the others stand beside it; how many rows changed."""
    changed = 0
    for row, numbers in _stored(books, "orders", "id, carrier"):
        if not numbers:
            _unclear(remarks, "orders", row.was)
            continue
        books.execute(sa.text("UPDATE orders SET waybill = :w WHERE id = :id"), {"w": numbers[0], "id": row.id})
        _beside(books, row.id, waybills.with_carriers(numbers, row.carrier)[1:])
        changed += 1
    return changed


def _beside(books: sa.Connection, order: int, parcels: Sequence[tuple[str, str]]) -> None:
    into = "INSERT INTO order_waybills (order_id, waybill, carrier) VALUES (:o, :w, :c) ON CONFLICT DO NOTHING"
    for waybill, company in parcels:
        books.execute(sa.text(into), {"o": order, "w": waybill, "c": company})


def _remarks_of_douyin(books: sa.Connection, _remarks: Remarks) -> int:
    """Further parcels that were put behind the shop's remark; how many orders have some. The remark stays."""
    query = "SELECT id, waybill, seller_remark FROM orders WHERE platform = 'douyin' AND seller_remark <> ''"
    changed = 0
    for order, own, remark in books.execute(sa.text(query)).all():
        named = [IN_REMARK.fullmatch(part) for part in remark.split(" / ")]
        parcels = [(found[1], found[2]) for found in named if found and found[1] != own]
        _beside(books, order, parcels if own else [])
        changed += bool(parcels and own)
    return changed


def _waiting_orders(books: sa.Connection, remarks: Remarks) -> int:
    """The same for orders that wait for their lines."""
    changed = 0
    for row, numbers in _stored(books, "waiting_orders", "platform, target, carrier"):
        if not numbers:
            _unclear(remarks, "waiting_orders", row.was)
            continue
        key = {"p": row.platform, "t": row.target}
        books.execute(
            sa.text("UPDATE waiting_orders SET waybill = :w WHERE platform = :p AND target = :t"), key | {"w": numbers[0]}
        )
        into = "INSERT INTO waiting_waybills (platform, target, waybill, carrier) VALUES (:p, :t, :w, :c)"
        for waybill, company in waybills.with_carriers(numbers, row.carrier or "")[1:]:
            books.execute(sa.text(f"{into} ON CONFLICT DO NOTHING"), key | {"w": waybill, "c": company})
        changed += 1
    return changed


def _waiting_refunds(books: sa.Connection, _remarks: Remarks) -> int:
    """The waybills of refunds that wait for their order, with a blank between two."""
    changed = 0
    for key, payload in books.execute(sa.text("SELECT id, payload FROM waiting_rows")).all():
        values = json.loads(payload)
        numbers = taken_apart(values.get("waybill") or "")
        if numbers and (text := " ".join(numbers)) != (values.get("waybill") or ""):
            new = json.dumps(values | {"waybill": text}, ensure_ascii=False, sort_keys=True)
            books.execute(sa.text("UPDATE waiting_rows SET payload = :p WHERE id = :k"), {"p": new, "k": key})
            changed += 1
    return changed


def _movements(books: sa.Connection, remarks: Remarks) -> int:
    """What a carrier reports of several parcels in one row is an event of each; one taken in twice is one."""
    changed, columns = 0, "import_id, row, at, status, event, carrier, place"
    for row, numbers in _stored(books, "movements", "id"):
        if not numbers:
            _unclear(remarks, "movements", row.was)
            continue
        for waybill in numbers:
            books.execute(
                sa.text(
                    f"INSERT INTO movements (waybill, {columns}) SELECT :w, {columns} FROM movements WHERE id = :id"
                    " ON CONFLICT DO NOTHING"
                ),
                {"w": waybill, "id": row.id},
            )
        books.execute(sa.text("DELETE FROM movements WHERE id = :id"), {"id": row.id})
        changed += 1
    return changed


def _parcels(books: sa.Connection, remarks: Remarks) -> int:
    """A parcel has one waybill; others that were kept with it are named, since they are parcels of their own."""
    changed = 0
    for row, numbers in _stored(books, "parcels", "id, number"):
        free = [number for number in numbers if not _taken(books, "parcels", "waybill", number)]
        if not numbers:
            _unclear(remarks, "parcels", row.was)
        elif not free:
            remarks.append((TWICE, {"table": "parcels", "was": row.was, "now": numbers[0]}))
        else:
            books.execute(sa.text("UPDATE parcels SET waybill = :w WHERE id = :id"), {"w": free[0], "id": row.id})
            changed += 1
            if len(free) > 1:
                remarks.append((WAITS, {"number": row.number, "was": row.was, "now": free[0]}))
    return changed


def _taken(books: sa.Connection, table: str, column: str, value: Any, more: str = "TRUE", **values: Any) -> bool:
    query = sa.text(f"SELECT COUNT(*) FROM {table} WHERE {column} = :now AND {more}")
    return bool(books.scalar(query, {"now": value} | values))


def _replacements(books: sa.Connection, remarks: Remarks) -> int:
    """Goods that went out again have one waybill."""
    changed = 0
    for row, numbers in _stored(books, "replacements", "id"):
        if len(numbers) != 1:
            _unclear(remarks, "replacements", row.was)
            continue
        books.execute(sa.text("UPDATE replacements SET waybill = :w WHERE id = :id"), {"w": numbers[0], "id": row.id})
        changed += 1
    return changed


def _barcodes(books: sa.Connection, _remarks: Remarks) -> int:
    """Barcodes in the form that a product sheet gives them; several that were kept as one stand apart."""
    changed = 0
    for code, sku, pieces in books.execute(sa.text("SELECT code, sku, pieces FROM barcodes")).all():
        codes = cells.codes(code)
        if not codes or codes == [code]:
            continue
        into = "INSERT INTO barcodes (code, sku, pieces) VALUES (:c, :s, :n) ON CONFLICT DO NOTHING"
        for each in codes:
            books.execute(sa.text(into), {"c": each, "s": sku, "n": pieces})
        if code not in codes:
            books.execute(sa.text("DELETE FROM barcodes WHERE code = :c AND sku = :s"), {"c": code, "s": sku})
        changed += 1
    return changed


def _numbers(books: sa.Connection, remarks: Remarks) -> int:
    """Numbers of orders, lines and refunds without what nobody sees in them."""
    changed = 0
    for table, column, (key,), (within,) in PLAIN:
        rows = books.execute(sa.text(f"SELECT {column}, {key}, {within} FROM {table} WHERE {column} IS NOT NULL"))
        for was, row, home in [each for each in rows if as_kept(each[0]) != each[0]]:
            now = as_kept(was)
            if _taken(books, table, column, now, f"{within} = :home", home=home):
                remarks.append((TWICE, {"table": table, "was": was, "now": now}))
                continue
            books.execute(sa.text(f"UPDATE {table} SET {column} = :now WHERE {key} = :k"), {"now": now, "k": row})
            changed += 1
    return changed


def _sign(books: sa.Connection) -> None:
    """The carrier's signature counts for the orders of one parcel whose waybill is known now."""
    books.execute(
        sa.text(
            "UPDATE orders SET signed_at = m.at, signed_by = 'carrier' FROM (SELECT waybill, MIN(at) AS at"
            " FROM movements WHERE status = 'signed' AND NOT EXISTS (SELECT 1 FROM movements AS b WHERE b.waybill ="
            " movements.waybill AND b.status = 'returned' AND b.at <= movements.at) GROUP BY waybill) AS m"
            " WHERE orders.waybill = m.waybill AND orders.waybill <> '' AND orders.signed_by <> 'carrier'"
            " AND orders.id NOT IN (SELECT order_id FROM order_waybills)"
        )
    )
