"""Merges the further waybills of orders, beside each order's own: a row may name several, rows of one order different
ones, and one that a newer row no longer names is kept. The time of sending of each is the one in the newest of the
platform's files; an older file only fills in what was not known.
"""

from retcli.actions.imports.merge_step import IN_STEP, Step

_ONCE = " ON CONFLICT DO NOTHING"
_INTO = "INSERT INTO order_waybills (order_id, waybill, carrier, shipped_at)"
_INTO_WAITING = "INSERT INTO waiting_waybills (platform, target, waybill, carrier, shipped_at) SELECT :platform,"
_DETAILS = "COALESCE(MAX(r.carrier), ''), MIN(r.shipped_at)"
"""Carrier and time of a waybill that several rows name: PostgreSQL refuses a statement that writes one row twice."""
_DATED = (
    " ON CONFLICT ({key}) DO UPDATE SET shipped_at = excluded.shipped_at"
    " WHERE {table}.shipped_at IS NULL AND excluded.shipped_at IS NOT NULL"
)
_CORRECTED = (
    " ON CONFLICT ({key}) DO UPDATE SET shipped_at = excluded.shipped_at WHERE excluded.shipped_at IS NOT NULL"
    " AND ({table}.shipped_at IS NULL OR {table}.shipped_at <> excluded.shipped_at)"
)
_NEWEST = (
    "SELECT NOT EXISTS (SELECT 1 FROM imports i CROSS JOIN imports m WHERE m.id = :import AND i.platform = m.platform"
    " AND i.shop = m.shop AND i.holds = m.holds AND i.exported_at > m.exported_at)"
)
"""A query whether no file of the same kind and shop was exported after the one that is merged."""
_FIRST = (
    "SELECT {key} AS key, waybill, carrier FROM (SELECT r.*, row_number() OVER (PARTITION BY {key}"
    " ORDER BY r.shipped_at NULLS LAST, r.waybill) AS place FROM {table} r WHERE {within}) AS ranked WHERE place = 1"
)
_SENT_FIRST = (
    "SELECT r.target AS key, MIN(r.shipped_at) AS at FROM {table} r WHERE r.shipped_at IS NOT NULL AND {within}"
    " GROUP BY r.target"
)
"""A query of when the first goods of each order were sent."""
_NAMED = "UPDATE orders AS o SET waybill = f.waybill, carrier = COALESCE(NULLIF(o.carrier, ''), f.carrier, '')"

_DATED_BY = "UPDATE orders AS o SET shipped_at = f.at FROM"


def _in_stage(step: Step) -> str:
    """SQL from FROM on: the step's further waybills ``r`` with their orders ``o`` in the books. CROSS, so that SQLite
    begins with the few rows of the stage.
    """
    return (
        f"FROM {step.waybills} r CROSS JOIN orders o WHERE o.platform = :platform AND o.number = r.target AND {IN_STEP}"
    )


def _new(step: Step, *, newest: bool) -> str:
    """SQL from FROM on: the step's further waybills that bring news: unknown ones, the time of one without, and from
    the `newest` file another time.
    """
    dated = "w.shipped_at = r.shipped_at" if newest else "w.shipped_at IS NOT NULL"
    return (
        f"{_in_stage(step)} AND r.waybill <> o.waybill AND NOT EXISTS (SELECT 1 FROM order_waybills w"
        f" WHERE w.order_id = o.id AND w.waybill = r.waybill AND ({dated} OR r.shipped_at IS NULL))"
    )


def _any(step: Step, table: str) -> bool:
    return bool(step.run(f"SELECT EXISTS (SELECT 1 FROM {table} r WHERE {IN_STEP})").scalar_one())


def add_to_known(step: Step) -> set[str]:
    """Adds the step's waybills to orders in the books; an order without one of its own gets the first. The numbers of
    the orders that changed.
    """
    if not _any(step, step.waybills):
        return set()
    newest = bool(step.run(_NEWEST).scalar_one())
    new = _new(step, newest=newest)
    changed = {target for (target,) in step.run(f"SELECT DISTINCT r.target {new}")}
    if step.holds == "items":
        undated = f"SELECT DISTINCT r.target {_in_stage(step)} AND o.shipped_at IS NULL AND r.shipped_at IS NOT NULL"
        changed |= {target for (target,) in step.run(undated)}
    if changed and step.holds == "items":
        number = "(SELECT k.id FROM orders k WHERE k.platform = :platform AND k.number = f.key)"
        first = _FIRST.format(key="target", table=step.waybills, within=IN_STEP)
        step.run(f"{_NAMED} FROM ({first}) f WHERE o.id = {number} AND o.waybill = ''")
        sent = _SENT_FIRST.format(table=step.waybills, within=IN_STEP)
        step.run(f"{_DATED_BY} ({sent}) f WHERE o.id = {number} AND o.shipped_at IS NULL")
    if changed:
        dated = (_CORRECTED if newest else _DATED).format(key="order_id, waybill", table="order_waybills")
        step.run(f"{_INTO} SELECT o.id, r.waybill, {_DETAILS} {new} GROUP BY o.id, r.waybill{dated}")
    return changed


def keep_replaced(step: Step) -> None:
    """Keeps the own waybills of known orders that newer rows are about to replace, as further ones."""
    step.run(
        f"{_INTO} SELECT o.id, o.waybill, o.carrier, o.shipped_at FROM {step.heads} r CROSS JOIN orders o"
        f" WHERE o.platform = :platform AND o.number = r.target AND {IN_STEP}"
        f" AND o.waybill <> '' AND r.waybill <> o.waybill{_ONCE}"
    )


def news_of_waiting(step: Step) -> str:
    """The condition in SQL that a row ``r`` of the stage names a waybill that does not wait yet."""
    return (
        f"EXISTS (SELECT 1 FROM {step.waybills} f WHERE f.target = r.target AND NOT EXISTS (SELECT 1"
        " FROM waiting_waybills k WHERE k.platform = :platform AND k.target = f.target AND k.waybill = f.waybill)"
        " AND NOT EXISTS (SELECT 1 FROM waiting_orders k WHERE k.platform = :platform AND k.target = f.target"
        " AND k.waybill = f.waybill))"
    )


def let_wait(step: Step) -> None:
    """Keeps the waybills of orders that are not in the books yet, and those of waiting orders that newer rows
    replace.
    """
    unknown = "NOT EXISTS (SELECT 1 FROM orders o WHERE o.platform = :platform AND o.number = r.target)"
    if _any(step, step.waybills):
        dated = _DATED.format(key="platform, target, waybill", table="waiting_waybills")
        step.run(
            f"{_INTO_WAITING} r.target, r.waybill, {_DETAILS} FROM {step.waybills} r WHERE {IN_STEP} AND {unknown}"
            " AND (r.shipped_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM waiting_orders w"
            " WHERE w.platform = :platform AND w.target = r.target AND w.waybill = r.waybill))"
            f" GROUP BY r.target, r.waybill{dated}"
        )
    if step.holds != "items":
        step.run(
            f"{_INTO_WAITING} w.target, w.waybill, COALESCE(w.carrier, ''), w.shipped_at FROM {step.heads} r"
            f" JOIN waiting_orders w ON w.platform = :platform AND w.target = r.target WHERE {IN_STEP}"
            f" AND w.waybill <> r.waybill{_ONCE}"
        )


def come_in(step: Step, before: int) -> None:
    """Adds the waybills that waited for the orders that just came in, whose ids are beyond `before`, and deletes them
    from those that wait.
    """
    if not _any(step, "waiting_waybills"):
        return
    # looked up by platform and number: found by their ids alone all new orders were read for each waiting waybill, and
    # 21,000 rows took 11 s of processor time instead of 2.8
    new = "o.platform = :platform AND o.number = r.target AND o.id > :before"
    step.run(
        f"{_INTO} SELECT o.id, r.waybill, r.carrier, r.shipped_at FROM waiting_waybills r CROSS JOIN orders o"
        f" WHERE {new} AND r.platform = :platform AND {IN_STEP} AND r.waybill <> o.waybill{_ONCE}",
        before=before,
    )
    first = _FIRST.format(key="order_id", table="order_waybills", within="r.order_id > :before")
    step.run(f"{_NAMED} FROM ({first}) f WHERE o.id = f.key AND o.id > :before AND o.waybill = ''", before=before)
    sent = _SENT_FIRST.format(table="waiting_waybills", within=f"r.platform = :platform AND {IN_STEP}")
    step.run(
        f"{_DATED_BY} ({sent}) f WHERE o.platform = :platform AND o.number = f.key AND o.id > :before"
        " AND o.shipped_at IS NULL",
        before=before,
    )
    step.run(
        f"DELETE FROM waiting_waybills AS r WHERE r.platform = :platform AND {IN_STEP} AND EXISTS (SELECT 1"
        f" FROM orders o WHERE {new})",
        before=before,
    )
