"""Which tables and columns events tell row by row, so that tables and history can be compared both ways; what is left
out of that stands here with the reason.
"""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from retcli.models import metadata

ROWS = (
    "acts", "bad_reviews", "cases", "case_lines", "closed_payments", "contacts", "deliveries", "draws", "escalations",
    "evidence", "extensions", "import_questions", "imports", "inspections", "notes", "offers", "parcel_cases",
    "parcel_counts", "parcel_labels", "parcels", "payout_parts", "payouts", "platform_actions", "policies",
    "reason_words", "refunds_there", "replacements", "scans", "shipments", "staff", "stock_counts", "stock_moves",
    "stock_orders", "stock_tallies", "stocktakes", "waivers",
)  # fmt: skip
"""Tables of which events tell every column of every row, but for `HARMLESS`."""

LISTS: Mapping[str, tuple[str, ...]] = {
    "barcodes": ("pieces",),
    "bills": (
        "at", "balance", "category", "currency", "fee", "format", "minor", "number", "order_number", "platform",
        "refund_number", "shop", "trade",
    ),
    "movements": ("at", "status", "waybill"),
    "order_lines": (
        "cash", "cash_source", "confirmed", "number", "order_id", "platform_share", "platform_status", "position",
        "price", "quantity", "refunded", "refunded_there", "sku", "stated", "status",
    ),
    "order_waybills": ("carrier", "shipped_at"),
    "orders": (
        "carrier", "currency", "freight", "number", "ordered_at", "paid", "paid_at", "payment_number", "pieces",
        "platform", "platform_status", "refunded", "refunded_there", "shipped", "shipped_at", "shop", "signed_at",
        "signed_by", "status", "waybill",
    ),
    "products": ("category", "cost", "price", "warranty_months"),
}  # fmt: skip
"""Tables that files fill, a hundred thousand rows at a time: of their rows what amounts, rights and periods follow from
is told, as plain lists.
"""

LATER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "0025": {
        "bills": ("at", "format", "number", "platform", "shop", "trade"),
        "cases": ("platform_mark",),
        "movements": LISTS["movements"],
        "order_lines": (
            "cash_source", "confirmed", "number", "platform_status", "position", "refunded", "status",
        ),
        "orders": (
            "carrier", "ordered_at", "paid_at", "payment_number", "pieces", "platform", "platform_status", "refunded",
            "shipped", "shipped_at", "shop", "signed_at", "signed_by", "status", "waybill",
        ),
    },
    "0027": {"platform_actions": ("done_at",)},
    "0034": {"order_waybills": ("shipped_at",)},
}  # fmt: skip
"""Columns that are told only from a version of the schema on: books of before tell these as they stand that day."""

_PLACE = "how far a file has come: a file whose counts do not add up to its rows is named"
_MENDING = "the names of a file's columns, for whoever mends its refused rows"
_PERSON = "whom to write to and where: no amount, right or period follows from it, and it is personal"
_WORDS = "what goods are called on screens and sheets: no amount, right or period follows from it"
_ENTRY = "what a statement says beside its entry: no entry is found or summed by it"
_WEIGHT = "what goods weigh: whether a parcel is looked at first, no amount, right or period follows from it"
_SAFETY = "when a product is to be bought again: no amount, right or period follows from it"
_KEY = "a bare key by which nothing names the row"
HARMLESS: Mapping[str, str] = {
    "anchors.id": _KEY,
    "stock_balances.id": _KEY,
    "imports.header": _MENDING,
    "imports.progress": _PLACE,
    "products.name": _WORDS,
    "products.weight": _WEIGHT,
    "products.safety_stock": _SAFETY,
    "orders.weight": _WEIGHT,
    **dict.fromkeys((f"order_lines.{name}" for name in ("title", "variant")), _WORDS),
    **dict.fromkeys(
        (
            f"orders.{name}"
            for name in ("address", "buyer", "buyer_remark", "phone", "phone_tail", "receiver", "seller_remark")
        ),
        _PERSON,
    ),
    **dict.fromkeys((f"parcel_labels.{name}" for name in ("city", "phone_tail", "sender")), _PERSON),
    **dict.fromkeys((f"bills.{name}" for name in ("import_id", "remark", "row", "words")), _ENTRY),
    **dict.fromkeys((f"movements.{name}" for name in ("carrier", "event", "import_id", "place", "row")), _ENTRY),
}
"""Columns of these tables that events do not tell, and why that does no harm."""

_WAITS = (
    "it waits for its other half: nothing is decided by it yet; what is changed there before that comes is not named"
)
ELSEWHERE: Mapping[str, str] = {
    "anchors": "compared with the end of the chain of events",
    "counters": "the next number of a series: a number given twice is refused by the table that bears it",
    "events": "each is covered by the hash of the next one, the last one by the anchor",
    "import_faults": "which rows were refused, for whoever mends them: their number is the import's, and is told there",
    "operations": (
        "answers said again to a key that comes again: a forged one misleads whoever asks by that key, but what the"
        " books themselves hold is compared"
    ),
    "runs": "when jobs ran, for the doctor's word on jobs that stay away",
    "stock_balances": "compared with the sum of the moves",
    "waiting_lines": _WAITS,
    "waiting_orders": _WAITS,
    "waiting_rows": _WAITS,
    "waiting_waybills": _WAITS,
}
"""Tables that no event tells row by row, and why; `changed_rows` is the notebook of the telling itself."""

NOTEBOOK = "changed_rows"
"""The table in which triggers note the rows that the running piece of work writes; emptied before its commit."""
TABLES = (*ROWS, *LISTS)
"""Every table of which rows are told."""
_ROOMS = ("acts", "bills", "books", "imports", "policies", "register", "stock", "tracking")
"""Modules of models that are loaded on first use; a table of theirs is not known before."""

_CODES = frozenset({
    "action", "by", "channel", "code", "currency", "decided_as", "decided_by", "decision", "disposition", "filing",
    "flag", "format", "grade", "holds", "kind", "method", "number", "origin", "platform", "platform_instant",
    "platform_state", "platform_way", "policy", "purpose", "reason_set", "reason_stated", "reason_verified", "result",
    "role", "rule", "rung", "sha256", "sku", "source", "starts_on", "state", "target", "tier", "version", "want_sku",
    "answered_by", "approved_by", "begun_by", "bucket", "carrier", "category", "field", "order_number",
    "owner", "payee", "platform_kind", "platform_number", "posted_by", "received_by", "refund_number",
    "request", "returned_carrier", "shipped_by", "shops", "subject", "way",
})  # fmt: skip
"""Columns of text that hold codes, numbers of ours or names of staff: they are told as they are."""
_PLAIN = frozenset({"staff.name", "imports.shop"})
_FROM_CELLS = frozenset({("orders", "carrier")})
_READ = frozenset({("scans", "code")})
"""A code as it was read: a gun reads whatever is printed, a buyer's telephone number too."""


def is_plain(table: str, column: str) -> bool:
    """Whether events tell a text as it is; any other one is told as a digest, since people type what they like."""
    code = column in _CODES and (table, column) not in _READ
    return code or column in LISTS.get(table, ()) or f"{table}.{column}" in _PLAIN


def is_shown(table: str, column: str) -> bool:
    """Whether the values of a column may stand in a message: numbers, instants and codes, and no text that people typed
    or that a file's cell may hold.
    """
    text = kind_of(table_of(table).columns[column]) is str
    return (
        not text or f"{table}.{column}" in _PLAIN or (column in _CODES and (table, column) not in _FROM_CELLS | _READ)
    )


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
    """The type of a column's values: bool, int, str or datetime."""
    stored = column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type
    kind: type = stored.python_type
    return kind


def empty(column: sa.Column[Any]) -> Any:
    """The value of a column that an event leaves out: the database's own default, else None, or 0 or "" where the
    column must hold something.
    """
    kind = kind_of(column)
    if column.server_default is not None:
        text = str(getattr(column.server_default, "arg", "")).strip("'")
        return int(text.lower() in {"true", "1"}) if kind is bool else int(text) if kind is int else text
    if column.nullable:
        return None
    return "" if kind is datetime else 0 if kind is bool else kind()
