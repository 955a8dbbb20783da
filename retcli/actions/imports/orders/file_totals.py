"""Notes what had gone back of orders in all by each order file, with the time at which the file was made."""

from retcli.actions.imports.merge_step import IN_STEP, Step

_MADE_AT = "CASE WHEN i.exported_at <= i.started_at THEN i.exported_at ELSE i.started_at END"
"""SQL of when an import's file was made, never later than it was taken in: a copied file may bear a later time."""
_SAID_BEFORE = (
    "EXISTS (SELECT 1 FROM refunds_there k WHERE k.order_id = f.order_id AND k.minor >= f.minor"
    f" AND (k.at IS NULL OR k.at <= {_MADE_AT}))"
)
_BEYOND = "f.minor > (SELECT COALESCE(MAX(k.minor), 0) FROM refunds_there k WHERE k.order_id = f.order_id)"


def _of_heads(step: Step) -> str:
    """SQL of what went back of each order in a step, by its head. CROSS JOIN, so that SQLite begins with the stage."""
    return (
        f"SELECT o.id AS order_id, r.refunded_there AS minor FROM {step.heads} r CROSS JOIN orders o"
        f" WHERE o.platform = :platform AND o.number = r.target AND {IN_STEP} AND r.refunded_there > 0"
    )


def _of_lines(step: Step) -> str:
    """SQL of what went back of each order in a step, by all of its lines together."""
    return (
        f"SELECT o.id AS order_id, CAST(SUM(r.refunded_there) AS BIGINT) AS minor FROM {step.lines} r"
        f" CROSS JOIN orders o WHERE o.platform = :platform AND o.number = r.target AND {IN_STEP}"
        " AND r.refunded_there > 0 GROUP BY o.id"
    )


_FILLED = {"orders": (_of_heads,), "items": (_of_lines,), "sales": (_of_heads, _of_lines)}


def _insert(totals: str) -> str:
    """SQL that writes totals of orders down as of the import's file; a condition may follow."""
    return (
        f"INSERT INTO refunds_there (order_id, at, minor) SELECT f.order_id, {_MADE_AT}, f.minor"
        f" FROM ({totals}) f JOIN imports i ON i.id = :import"
    )


def _in_books(orders: str) -> str:
    """SQL of what went back of some orders by the books: the order's own total, or that of its lines where it is
    more.
    """
    return f"""
SELECT o.id AS order_id, CASE WHEN COALESCE(l.minor, 0) > COALESCE(o.refunded_there, 0) THEN l.minor
  ELSE COALESCE(o.refunded_there, 0) END AS minor
FROM orders o LEFT JOIN (
  SELECT x.order_id, CAST(SUM(x.refunded_there) AS BIGINT) AS minor FROM order_lines x
  WHERE x.refunded_there > 0 AND x.order_id IN ({orders}) GROUP BY x.order_id
) l ON l.order_id = o.id
WHERE o.id IN ({orders})
"""


def note(step: Step, before: int) -> None:
    """Notes what went back by the rows of a step, unless a file of that time or earlier told as much, and what only
    several files together tell. Orders that the step itself brought in are known by their ids, all beyond `before`.
    """
    of_file = " UNION ALL ".join(totals_of(step) for totals_of in _FILLED[step.holds])
    largest = f"SELECT b.order_id, MAX(b.minor) AS minor FROM ({of_file}) b GROUP BY b.order_id"
    # the file's own word first: what several files say together is only told where it is beyond every single one
    step.run(f"{_insert(largest)} WHERE NOT {_SAID_BEFORE} ORDER BY f.order_id")
    new = "SELECT n.id FROM orders n WHERE n.id > :before AND n.platform = :platform"
    orders = f"SELECT b.order_id FROM ({of_file}) b UNION {new}"
    step.run(f"{_insert(_in_books(orders))} WHERE {_BEYOND} ORDER BY f.order_id", before=before)
