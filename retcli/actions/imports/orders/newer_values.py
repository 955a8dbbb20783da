"""SQL of what a column of a known order, known line or waiting row becomes when a newer row of a file is taken."""

from retcli.actions.imports.merge_step import Step
from retcli.database.staging.columns import ORDER_FACTS
from retcli.platforms.statuses import WHOLE

MONEY = ("currency", "paid", "freight")
TAKEN = tuple(name for name in ORDER_FACTS if name not in MONEY)
_SIGNATURE = ("signed_at", "signed_by")
# no status goes back: an older export that comes late must not undo what a newer one told; an order may still be closed
# when it is done (all of it was refunded), a closed one is never done
_RANK = (
    "CASE {} WHEN 'unpaid' THEN 1 WHEN 'paid' THEN 2 WHEN 'shipped' THEN 3 WHEN 'done' THEN 4 WHEN 'closed'"
    " THEN 5 ELSE 0 END"
)


def taken(step: Step, name: str) -> str:
    """SQL of what a column of a known order becomes. How far the order is stays where a file of lines holds only some
    of its lines, as an export of one status does: those do not tell it of the others.
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
    """SQL of what a column becomes: what the row `new` has, else what `old` has. A carrier's signature is kept before
    the buyer's confirmation, a status is never set back, and neither is how much of the money went back.
    """
    newest = f"COALESCE({new}.{name}, {old}.{name})"
    if name == "refunded_there":
        return f"CASE WHEN {old}.{name} > {new}.{name} THEN {old}.{name} ELSE {newest} END"
    if name in {"status", "platform_status"}:
        return _not_back(newest, f"{old}.{name}", f"{new}.status", f"{old}.status")
    if name == "refunded":
        return _went_back(f"{new}.refunded", f"{old}.refunded")
    if name not in _SIGNATURE:
        return newest
    kept = f"{old}.signed_by = 'carrier' AND {new}.signed_by = 'confirmed'"
    return f"CASE WHEN {kept} THEN {old}.{name} ELSE {newest} END"


def _not_back(newest: str, known: str, status: str, known_status: str) -> str:
    """SQL of what a column that hangs on a status becomes: `newest`, or where the new status comes before the known
    one, what is `known`.
    """
    back = f"{status} IS NOT NULL AND {_RANK.format(status)} < {_RANK.format(known_status)}"
    return f"CASE WHEN {back} THEN {known} ELSE {newest} END"


def _went_back(new: str, old: str) -> str:
    """SQL of what the column ``refunded`` becomes: that all went back stays."""
    return f"CASE WHEN {old} = '{WHOLE}' THEN {old} ELSE COALESCE({new}, {old}) END"


DOUBTFUL = "COALESCE(r.net + COALESCE(r.refunded_there, 0) <> r.total, false)"
"""The condition that what is left and what went back do not add up to the whole, so that what was paid is not
certain.
"""
MONEY_DIFFERS = (
    "(o.paid_at IS NULL AND o.paid = 0 AND (r.paid <> 0 OR r.paid_at IS NOT NULL))"
    f" OR ((r.paid_at IS NOT NULL OR r.paid > 0) AND NOT {DOUBTFUL} AND (r.paid <> o.paid OR r.freight <> o.freight))"
)
LINE_TAKEN = {
    "title": "COALESCE(r.title, x.title)",
    "platform_status": _not_back(
        "COALESCE(r.line_status, x.platform_status)", "x.platform_status", "r.line_state", "x.status"
    ),
    "status": _not_back("COALESCE(r.line_state, x.status)", "x.status", "r.line_state", "x.status"),
    "refunded": _went_back("r.line_refunded", "x.refunded"),
    "refunded_there": newer("refunded_there", "r", "x"),
}
"""SQL of what each column of a known line becomes."""
LINE_DIFFERS = " OR ".join(f"{value} IS DISTINCT FROM x.{name}" for name, value in LINE_TAKEN.items())
TO_BE_DECIDED = (
    "x.id IS NULL OR r.sku <> x.sku OR r.quantity <> x.quantity OR r.price <> x.price"
    " OR (r.stated IS NOT NULL AND (x.cash_source <> 'file' OR r.stated <> x.stated))"
)
SHOP = "CASE WHEN o.shop = '' THEN COALESCE(NULLIF(:shop, ''), r.shop, '') ELSE o.shop END"
"""SQL of the shop of a known order: where none was known, the one named now, for the import or in the row."""
