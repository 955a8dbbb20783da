"""The columns of a stage's tables, and the kind of value in each."""

from collections.abc import Mapping

TEXT, WHOLE, INSTANT, CODE, FLAG = "text", "whole", "instant", "code", "flag"
ORDER_FACTS = {
    "status": TEXT,
    "platform_status": TEXT,
    "shipped": FLAG,
    "refunded": TEXT,
    "payment_number": TEXT,
    "currency": TEXT,
    "paid": WHOLE,
    "freight": WHOLE,
    "pieces": WHOLE,
    "buyer": TEXT,
    "receiver": TEXT,
    "phone": TEXT,
    "phone_tail": TEXT,
    "address": TEXT,
    "buyer_remark": TEXT,
    "seller_remark": TEXT,
    "waybill": TEXT,
    "carrier": TEXT,
    "ordered_at": INSTANT,
    "paid_at": INSTANT,
    "shipped_at": INSTANT,
    "signed_at": INSTANT,
    "signed_by": TEXT,
    "refunded_there": WHOLE,
    "weight": WHOLE,
}
"""Columns of an order that a row may tell, named as in the books; NULL where it does not. Amounts in minor units, the
weight in grams.
"""
LINE_FACTS = {
    "sku": TEXT,
    "title": TEXT,
    "variant": TEXT,
    "quantity": WHOLE,
    "price": WHOLE,
    "stated": WHOLE,
    "line_status": TEXT,
    "line_state": TEXT,
    "line_refunded": TEXT,
    "refunded_there": WHOLE,
    "platform_share": WHOLE,
}
"""Columns of an order's line that a row may tell; NULL where it does not. Amounts in minor units."""
READING = {"net": WHOLE, "total": WHOLE}
"""What an order's `paid` was made of, where the file prints what was left of it after refunds; minor units."""
TABLES: Mapping[str, Mapping[str, str]] = {
    "heads": {"row": WHOLE, "target": CODE, "shop": TEXT, **ORDER_FACTS, **READING},
    "lines": {"row": WHOLE, "target": CODE, "line": CODE, **LINE_FACTS},
    "waybills": {"row": WHOLE, "target": CODE, "waybill": TEXT, "carrier": TEXT, "shipped_at": INSTANT},
    "records": {"row": WHOLE, "target": CODE, "line": CODE, "payload": TEXT},
    "faults": {"row": WHOLE, "field": TEXT, "found": TEXT, "problem": TEXT, "target": CODE},
    "complete": {"format": TEXT, "doubles": WHOLE},
}
"""The stage's tables; `target` is the order, refund or product that a row belongs to. ``waybills`` are those that an
order's row names beside the first one, and all that a line's row names.
"""
