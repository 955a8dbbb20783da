"""Ids are looked up in one comparable form, and waybills are kept without the label that stood before them."""

import json
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from alembic import context, op

from retcli.models.base import Comparable
from retcli.rules.warehouse.ids import as_kept, normalised

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEYS = (
    ("orders", "number", "number_key", "#"),
    ("order_lines", "number", "number_key", ""),
    ("cases", "platform_number", "platform_key", ""),
    ("products", "sku", "sku_key", ""),
)
"""Tables, the column with the id, the column made of it, and the signs that people leave out before it."""
WAYBILLS = (
    ("orders", ("id",), ()),
    ("parcels", ("id",), ("waybill",)),
    ("movements", ("id",), ("waybill", "at", "status", "event")),
    ("replacements", ("id",), ()),
    ("waiting_orders", ("platform", "target"), ()),
)
"""Tables with waybills, what tells their rows apart, and the columns that no two rows may share."""
NUMBERS = (
    ("orders", "number", ("id",), ("platform", "number")),
    ("order_lines", "number", ("id",), ("order_id", "number")),
    ("cases", "platform_number", ("id",), ("platform", "platform_number")),
    ("waiting_orders", "target", ("platform", "target"), ("platform", "target")),
)


def upgrade() -> None:
    """Adds the columns, and mends the waybills and numbers that stand in another form than an import would give them."""
    kept = op.get_bind().dialect.name == "postgresql"  # SQLite adds no stored column, PostgreSQL indexes no other
    for table, column, key, signs in KEYS:
        made = sa.Column(key, sa.String(), sa.Computed(Comparable(column, signs), persisted=kept or None), nullable=True)
        op.add_column(table, made)
        op.create_index(op.f(f"ix_{table}_{key}"), table, [key], unique=False)
    op.drop_index(op.f("ix_orders_number"), "orders")
    op.drop_index(op.f("ix_order_lines_number"), "order_lines")
    context.config.attributes.setdefault("remarks", []).extend(mend(op.get_bind()))


Remarks = list[tuple[str, dict[str, object]]]


def mend(books: sa.Connection) -> Remarks:
    """Gives waybills and numbers the form that an import would give them; what there is to tell about it, each a
    message id with its facts.
    """
    remarks: Remarks = []
    changed = sum(_mended(books, remarks, table, "waybill", *rest, normalised) for table, *rest in WAYBILLS)
    changed += sum(_mended(books, remarks, table, column, *rest, as_kept) for table, column, *rest in NUMBERS)
    changed += _mended_refunds(books)
    _sign(books)
    counted = "{n} waybills and numbers in the books were made comparable"
    return [(counted, {"n": changed}), *remarks] if changed or remarks else []


def _mended(
    books: sa.Connection,
    remarks: Remarks,
    table: str,
    column: str,
    keys: tuple[str, ...],
    unique: tuple[str, ...],
    form: Callable[[str], str],
) -> int:
    """Gives a column its one form; how many rows changed. Two rows that would become one stay as they are, and are
    named, but for a carrier's event that was taken in twice.
    """
    changed = 0
    named = {name: f"k{place}" for place, name in enumerate(dict.fromkeys((*keys, *unique)))}
    where = " AND ".join(f"{name} = :{named[name]}" for name in keys)
    for row in _differing(books, table, column, tuple(named), form):
        values = {named[name]: value for name, value in zip(named, row[1:], strict=True)}
        now = {"now": form(row[0])}
        if unique and _taken(books, table, column, unique, named, values | now):
            if table == "movements":
                books.execute(sa.text(f"DELETE FROM movements WHERE {where}"), values)
                changed += 1
            else:
                text = "{table}: {was} and {now} are one number in two rows; look at both"
                remarks.append((text, {"table": table, "was": row[0], **now}))
            continue
        books.execute(sa.text(f"UPDATE {table} SET {column} = :now WHERE {where}"), values | now)
        changed += 1
    return changed


def _differing(
    books: sa.Connection, table: str, column: str, others: tuple[str, ...], form: Callable[[str], str]
) -> list[tuple[str, ...]]:
    """The rows whose id stands in another form: the id, then the other columns."""
    wanted = ", ".join((f"{column} AS was", *others))
    rows = books.execute(sa.text(f"SELECT {wanted} FROM {table} WHERE {column} <> ''"))
    return [tuple(row) for row in rows if form(row[0]) != row[0]]


def _taken(
    books: sa.Connection,
    table: str,
    column: str,
    unique: tuple[str, ...],
    named: dict[str, str],
    values: dict[str, str],
) -> bool:
    """Whether another row has the form already."""
    where = " AND ".join(f"{name} = :now" if name == column else f"{name} = :{named[name]}" for name in unique)
    wanted = {"now", *(named[name] for name in unique if name != column)}
    query = sa.text(f"SELECT COUNT(*) FROM {table} WHERE {where}")
    return bool(books.scalar(query, {name: value for name, value in values.items() if name in wanted}))


def _mended_refunds(books: sa.Connection) -> int:
    """The waybills of refunds that wait for their order; how many rows changed."""
    changed = 0
    for key, values in _waiting(books):
        was = values.get("waybill") or ""
        if was and normalised(was) != was:
            payload = json.dumps(values | {"waybill": normalised(was)}, ensure_ascii=False, sort_keys=True)
            books.execute(sa.text("UPDATE waiting_rows SET payload = :p WHERE id = :k"), {"p": payload, "k": key})
            changed += 1
    return changed


def _waiting(books: sa.Connection) -> Iterator[tuple[int, dict[str, str]]]:
    for key, payload in books.execute(sa.text("SELECT id, payload FROM waiting_rows")).all():
        yield key, json.loads(payload)


def _sign(books: sa.Connection) -> None:
    """The carrier's signature counts for the orders whose waybill is known now."""
    books.execute(
        sa.text(
            "UPDATE orders SET signed_at = m.at, signed_by = 'carrier' FROM (SELECT waybill, MIN(at) AS at"
            " FROM movements WHERE status = 'signed' AND NOT EXISTS (SELECT 1 FROM movements AS b WHERE b.waybill ="
            " movements.waybill AND b.status = 'returned' AND b.at <= movements.at) GROUP BY waybill) AS m"
            " WHERE orders.waybill = m.waybill AND orders.waybill <> '' AND orders.signed_by <> 'carrier'"
        )
    )
