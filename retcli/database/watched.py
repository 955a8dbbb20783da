"""Which rows stand in the history with their facts, so that tables and history can be compared both ways; and what is
left out of that, with the reason.
"""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from retcli.models import metadata

ROWS = (
    "bad_reviews", "cases", "case_lines", "contacts", "draws", "escalations", "evidence", "extensions",
    "import_questions", "imports", "inspections", "notes", "offers", "parcel_cases", "parcel_counts", "parcels",
    "payout_parts", "payouts", "platform_actions", "policies", "reason_words", "refunds_there", "replacements", "staff",
    "stock_counts", "stock_moves", "waivers",
)  # fmt: skip
"""Tables of which every column of every row is told."""

LISTS: Mapping[str, tuple[str, ...]] = {
    "barcodes": ("pieces",),
    "bills": ("balance", "category", "currency", "fee", "minor", "order_number", "refund_number"),
    "order_lines": ("cash", "order_id", "platform_share", "price", "quantity", "refunded_there", "sku", "stated"),
    "orders": ("currency", "freight", "number", "paid", "refunded_there"),
    "products": ("category", "cost", "price", "warranty_months"),
}
"""Tables that files fill, a hundred thousand rows at a time: their money and goods are told, as plain lists."""

_MARK = "it only spares the work of reading a row of a list again"
_PLACE = "it says how far a file has come, and is of no use once it is taken in"
_MENDING = "the names of a file's columns, for whoever mends its refused rows"
_FILE = "what a file says beside money and goods: a later file lays its own over it, no amount follows from it alone"
_ORDERS = (
    "address", "buyer", "buyer_remark", "carrier", "ordered_at", "paid_at", "payment_number", "phone",
    "phone_tail", "pieces", "platform", "platform_status", "receiver", "refunded", "seller_remark", "shipped",
    "shipped_at", "shop", "signed_at", "signed_by", "status", "waybill",
)  # fmt: skip
_LINES = (
    "cash_source", "confirmed", "number", "platform_status", "position", "refunded", "status", "title", "variant",
)  # fmt: skip
_BILLS = ("at", "format", "import_id", "number", "platform", "remark", "row", "shop", "trade", "words")
_KEY = "a bare key by which nothing names the row"
HARMLESS: Mapping[str, str] = {
    "anchors.id": _KEY,
    "stock_balances.id": _KEY,
    "cases.platform_mark": _MARK,
    "imports.header": _MENDING,
    "imports.progress": _PLACE,
    "products.name": _FILE,
    **dict.fromkeys((f"orders.{name}" for name in _ORDERS), _FILE),
    **dict.fromkeys((f"order_lines.{name}" for name in _LINES), _FILE),
    **dict.fromkeys((f"bills.{name}" for name in _BILLS), _FILE),
}
"""Columns of these tables that are not told, and why that does no harm."""

ELSEWHERE: Mapping[str, str] = {
    "anchors": "compared with the end of the chain of events",
    "counters": "the next number of a series: a number given twice is refused by the table that bears it",
    "events": "each is covered by the hash of the next one, the last one by the anchor",
    "import_faults": "what was refused: the file itself says it again",
    "movements": "what a carrier's file said: its import puts the dates of the orders right again",
    "operations": "answers kept for a key that comes again: no fact of the shop's",
    "runs": "when jobs ran, for the doctor",
    "stock_balances": "compared with the sum of the moves",
    "waiting_lines": "rows of a file that wait for their order: nothing is decided by them yet",
    "waiting_orders": "rows of a file that wait for their lines: nothing is decided by them yet",
    "waiting_rows": "rows of a file that wait for their order: nothing is decided by them yet",
}
"""Tables that no event tells row by row, and why; `changed_rows` is the notebook of the telling itself."""

NOTEBOOK = "changed_rows"
"""The table in which triggers note the rows that the running piece of work writes; empty when it is saved."""
TABLES = (*ROWS, *LISTS)
"""Every table of which rows are told."""
_ROOMS = ("bills", "books", "imports", "policies", "register", "stock", "tracking")
"""The modules of models that load apart."""

_CODES = frozenset({
    "action", "by", "channel", "code", "currency", "decided_as", "decided_by", "decision", "disposition", "filing",
    "flag", "format", "grade", "holds", "kind", "method", "number", "origin", "platform", "platform_instant",
    "platform_state", "platform_way", "policy", "purpose", "reason_set", "reason_stated", "reason_verified", "result",
    "role", "rule", "rung", "sha256", "sku", "source", "starts_on", "state", "target", "tier", "version", "want_sku",
    "way", "bucket", "category", "order_number", "refund_number", "approved_by", "answered_by", "received_by", "owner",
    "carrier", "field", "payee", "platform_kind", "platform_number", "request", "shops", "subject",
})  # fmt: skip
"""Columns of text that hold codes, numbers of ours or names of staff: they are told as they are."""
_PLAIN = frozenset({"staff.name", "imports.shop"})


def is_plain(table: str, column: str) -> bool:
    """Whether a text is told as it is; of every other text only a digest is, since people type what they like."""
    return column in _CODES or f"{table}.{column}" in _PLAIN


def told_columns(table: str) -> tuple[str, ...]:
    """The columns of a table that are told, in alphabetical order; none where no event tells its rows."""
    if table in LISTS:
        return LISTS[table]
    if table not in ROWS:
        return ()
    kept = (column for column in table_of(table).columns if column.computed is None)
    keys = key_columns(table)
    return tuple(sorted(c.name for c in kept if c.name not in keys and f"{table}.{c.name}" not in HARMLESS))


def key_columns(table: str) -> tuple[str, ...]:
    """The columns of a table's key, in alphabetical order."""
    return tuple(sorted(column.name for column in table_of(table).primary_key.columns))


def table_of(name: str) -> sa.Table:
    """A table by its name, whichever room of the models it stands in."""
    if name not in metadata.tables:
        for room in _ROOMS:
            import_module(f"retcli.models.{room}")
    return metadata.tables[name]


def kind_of(column: sa.Column[Any]) -> type:
    """What a column holds: bool, int, str or datetime."""
    held = column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type
    kind: type = held.python_type
    return kind


def empty(column: sa.Column[Any]) -> Any:
    """What a column holds where an event says nothing of it: what the database fills it with by itself, else nothing,
    or where it must hold something 0 or an empty text.
    """
    kind = kind_of(column)
    if column.server_default is not None:
        text = str(getattr(column.server_default, "arg", "")).strip("'")
        return text.lower() in {"true", "1"} if kind is bool else int(text) if kind is int else text
    if column.nullable:
        return None
    return "" if kind is datetime else kind()
