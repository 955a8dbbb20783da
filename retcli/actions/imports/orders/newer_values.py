"""What a column of a known order, a known line or a waiting row becomes by a newer row of a file, said in SQL."""

from retcli.actions.imports.merge_step import Step
from retcli.database.staging.columns import ORDER_FACTS
from retcli.platforms.statuses import WHOLE

MONEY = ("currency", "paid", "freight")
TAKEN = tuple(name for name in ORDER_FACTS if name not in MONEY)
_SIGNATURE = ("signed_at", "signed_by")
_RANK = (
    "CASE {}.status WHEN 'unpaid' THEN 1 WHEN 'paid' THEN 2 WHEN 'shipped' THEN 3 WHEN 'done' THEN 4 WHEN 'closed'"
    " THEN 4 ELSE 0 END"
)


def taken(step: Step, name: str) -> str:
    """What a column of a known order becomes. How far an order is, some of its lines do not say: a file may have only
    those, as where the export was of one status.
    """
    newest = newer(name)
    if not step.both or name not in {"status", "platform_status", "shipped", "refunded", *_SIGNATURE}:
        return newest
    in_part = (
        f"(SELECT COUNT(*) FROM {step.lines} k WHERE k.target = r.target)"
        " < (SELECT COUNT(*) FROM order_lines y WHERE y.order_id = o.id)"
    )
    return f"CASE WHEN {newest} IS DISTINCT FROM o.{name} AND {in_part} THEN o.{name} ELSE {newest} END"


def newer(name: str, new: str = "r", old: str = "o") -> str:
    """What a column becomes: what the new row says, else what the old one has. The carrier's signature is kept before
    the buyer's word; a status that an order has left behind is an older export's, and so is a part of the money
    where all of it went back, or less of it than before.
    """
    newest = f"COALESCE({new}.{name}, {old}.{name})"
    if name == "refunded_there":
        return f"CASE WHEN {old}.{name} > {new}.{name} THEN {old}.{name} ELSE {newest} END"
    if name in {"status", "platform_status"}:
        back = f"{new}.status IS NOT NULL AND {_RANK.format(new)} < {_RANK.format(old)}"
        return f"CASE WHEN {back} THEN {old}.{name} ELSE {newest} END"
    if name == "refunded":
        return _went_back(f"{new}.refunded", f"{old}.refunded")
    if name not in _SIGNATURE:
        return newest
    kept = f"{old}.signed_by = 'carrier' AND {new}.signed_by = 'confirmed'"
    return f"CASE WHEN {kept} THEN {old}.{name} ELSE {newest} END"


def _went_back(new: str, old: str) -> str:
    """What a column that says how much went back becomes: never less than it said before."""
    return f"CASE WHEN {old} = '{WHOLE}' THEN {old} ELSE COALESCE({new}, {old}) END"


DOUBTFUL = "COALESCE(r.net + COALESCE(r.refunded_there, 0) <> r.total, false)"
"""Whether what is left and what went back are not the whole, so that what was paid cannot be read for certain."""
MONEY_DIFFERS = (
    "(o.paid_at IS NULL AND o.paid = 0 AND (r.paid <> 0 OR r.paid_at IS NOT NULL))"
    f" OR ((r.paid_at IS NOT NULL OR r.paid > 0) AND NOT {DOUBTFUL} AND (r.paid <> o.paid OR r.freight <> o.freight))"
)
LINE_TAKEN = {
    "title": "COALESCE(r.title, x.title)",
    "platform_status": "COALESCE(r.line_status, x.platform_status)",
    "status": "COALESCE(r.line_state, x.status)",
    "refunded": _went_back("r.line_refunded", "x.refunded"),
    "refunded_there": newer("refunded_there", "r", "x"),
}
"""What the columns of a known line become."""
LINE_DIFFERS = " OR ".join(f"{value} IS DISTINCT FROM x.{name}" for name, value in LINE_TAKEN.items())
TO_BE_DECIDED = (
    "x.id IS NULL OR r.sku <> x.sku OR r.quantity <> x.quantity OR r.price <> x.price"
    " OR (r.stated IS NOT NULL AND (x.cash_source <> 'file' OR r.stated <> x.stated))"
)
SHOP = "CASE WHEN o.shop = '' THEN COALESCE(NULLIF(:shop, ''), r.shop, '') ELSE o.shop END"
"""Whose an order is: nobody said so far, and the file or whoever takes it in now does."""
