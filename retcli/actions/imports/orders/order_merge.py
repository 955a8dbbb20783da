"""Merges a step of orders: known ones are brought up to date, new ones come in once all of their lines are there, and
wait until then.
"""

from functools import lru_cache
from itertools import groupby

import sqlalchemy as sa

from retcli.actions.imports.merge_step import IN_STEP, Step
from retcli.actions.imports.merging import Tally, ask_money
from retcli.actions.imports.orders import file_totals, order_waybills
from retcli.actions.imports.orders.known_orders import update_heads, update_lines
from retcli.actions.imports.orders.newer_values import (
    MONEY,
    newer,
)
from retcli.database.staging.columns import LINE_FACTS, ORDER_FACTS, TEXT
from retcli.rules.imports.orders import UNPAID, line_cash
from retcli.rules.money.minor_units import Money

_HEAD, _LINE = ", ".join(ORDER_FACTS), ", ".join(LINE_FACTS)


def merge(step: Step) -> Tally:
    """Takes in the orders of a step, each with its lines wholly or not at all; how its rows fared."""
    # only one import runs at a time: every order with an id beyond this one comes in by this very step
    before = step.run("SELECT COALESCE(MAX(id), 0) FROM orders").scalar_one()
    tally = _joined(step, before)
    file_totals.note(step, before)
    return tally


def _joined(step: Step, before: int) -> Tally:
    """How the rows of a step fared; the orders that come in have ids beyond `before`."""
    tally = Tally()
    heads = order_waybills.add_to_known(step)
    if step.holds != "items":
        heads = update_heads(step, tally, heads)
    if step.holds != "orders":
        update_lines(step, tally, heads)
    if not _count_new(step, tally):
        return tally
    # while the orders are unknown still: what waits is then this file's and the earlier files' alike, and comes in
    # together
    order_waybills.let_wait(step)
    if (step.holds != "orders" or _lines_wait(step)) and _insert_orders(step):
        _insert_lines(step, before)
        order_waybills.come_in(step, before)
        tally.questions += _split(step, before)
        _stop_waiting(step, before)
    # last, when the orders that came in are known: whatever is of an unknown one waits
    _let_wait(step)
    return tally


def _lines_wait(step: Step) -> bool:
    """Whether lines came before their orders."""
    there = f"SELECT EXISTS (SELECT 1 FROM waiting_lines r WHERE r.platform = :platform AND {IN_STEP})"
    return bool(step.run(there).scalar_one())


_UNKNOWN = "NOT EXISTS (SELECT 1 FROM orders o WHERE o.platform = :platform AND o.number = r.target)"


def _count_new(step: Step, tally: Tally) -> int:
    """Counts the rows of orders that are not in the books: added, or, where they wait from an earlier file, changed or
    unchanged; how many they are in all.
    """
    table, waiting, facts, key = step.lines, "waiting_lines", LINE_FACTS, " AND w.line = r.line"
    if step.holds == "orders":
        table, waiting, facts, key = step.heads, "waiting_orders", ORDER_FACTS, ""
    differs = " OR ".join(f"{newer(name, 'r', 'w')} IS DISTINCT FROM w.{name}" for name in facts)
    differs += f" OR {order_waybills.news_of_waiting(step)}"
    total, waited, changed = step.run(
        f"SELECT COUNT(*), COUNT(w.target), COUNT(CASE WHEN w.target IS NOT NULL AND ({differs}) THEN 1 END)"
        f" FROM {table} r LEFT JOIN {waiting} w"
        f" ON w.platform = :platform AND w.target = r.target{key} WHERE {IN_STEP} AND {_UNKNOWN}"
    ).one()
    tally.added += total - waited
    tally.changed += changed
    tally.unchanged += waited - changed
    return int(total)


@lru_cache(maxsize=20)
def _all(schema: str) -> str:
    """SQL that defines ``heads`` and ``lines``: the rows of a step's orders from the stage, each laid over the one that
    waits from earlier files, and those that only wait.
    """
    return f"""WITH heads AS (
  SELECT r.target, r.row, COALESCE(NULLIF(:shop, ''), r.shop, w.shop, '') AS shop,
    {", ".join(f"{newer(name, 'r', 'w')} AS {name}" for name in ORDER_FACTS)}
  FROM {schema}.heads r LEFT JOIN waiting_orders w ON w.platform = :platform AND w.target = r.target WHERE {IN_STEP}
  UNION ALL
  SELECT r.target, r.row, r.shop, {_HEAD} FROM waiting_orders r WHERE r.platform = :platform AND {IN_STEP}
    AND NOT EXISTS (SELECT 1 FROM {schema}.heads h WHERE h.target = r.target)
), lines AS (
  SELECT r.target, r.line, {", ".join(f"{newer(name, 'r', 'w')} AS {name}" for name in LINE_FACTS)}
  FROM {schema}.lines r LEFT JOIN waiting_lines w ON w.platform = :platform AND w.target = r.target AND w.line = r.line
  WHERE {IN_STEP}
  UNION ALL
  SELECT r.target, r.line, {_LINE} FROM waiting_lines r WHERE r.platform = :platform AND {IN_STEP}
    AND NOT EXISTS (SELECT 1 FROM {schema}.lines l WHERE l.target = r.target AND l.line = r.line)
)"""


def _insert_orders(step: Step) -> int:
    """Inserts the new orders of which head, lines and all pieces are there; how many."""
    texts = [name for name, kind in ORDER_FACTS.items() if kind == TEXT and name not in MONEY]
    filled = {name: f"COALESCE(r.{name}, '')" for name in texts}
    filled |= {
        "currency": "COALESCE(r.currency, 'CNY')",
        "shipped": "COALESCE(r.shipped, false)",
        "paid": "COALESCE(r.paid, l.stated + COALESCE(r.freight, 0))",
        "freight": "CASE WHEN r.freight > r.paid THEN r.paid ELSE COALESCE(r.freight, 0) END",
    }
    values = ", ".join(filled.get(name, f"r.{name}") for name in ORDER_FACTS)
    # the sums are cast since PostgreSQL's sum of a BIGINT is a NUMERIC
    inserted = step.run(
        f"INSERT INTO orders (platform, number, shop, {_HEAD}) {_all(step.schema)}"
        f" SELECT :platform, r.target, r.shop, {values} FROM heads r JOIN"
        " (SELECT target, CAST(SUM(quantity) AS BIGINT) AS pieces, CAST(SUM(stated) AS BIGINT) AS stated FROM lines"
        "  GROUP BY target) l ON l.target = r.target"
        f" WHERE (r.pieces IS NULL OR r.pieces = l.pieces) AND {_UNKNOWN}"
    )
    return int(inserted.rowcount)


_OWN_AMOUNTS = (
    "COUNT(r.stated) OVER t = COUNT(*) OVER t AND (SUM(r.stated) OVER t = o.paid - o.freight"
    " OR (COUNT(*) OVER t = 1 AND r.stated = o.paid))"
)
"""The condition under which `rules.imports.orders.line_cash` takes the file's own amounts; for all other orders the
rule itself is asked (`_split`).
"""


def _insert_lines(step: Step, before: int) -> None:
    """Inserts the lines of the orders that just came in, with the file's own amounts where they add up. The orders are
    found by their ids, all beyond `before`: ``number || ''`` keeps SQLite from its index of numbers, by which it would
    read all orders up to the step's end.
    """
    # where the file's own amounts do not add up, the cash is 0 until `_split` has asked the rule, in this same
    # transaction
    step.run(
        "INSERT INTO order_lines (order_id, number, position, sku, title, variant, quantity, price, stated, cash,"
        " cash_source, platform_status, status, refunded, confirmed, refunded_there, platform_share)"
        f" {_all(step.schema)}"
        " SELECT o.id, r.line, row_number() OVER (PARTITION BY r.target ORDER BY r.line), COALESCE(r.sku, ''),"
        " COALESCE(r.title, ''), COALESCE(r.variant, ''), r.quantity, COALESCE(r.price, 0), r.stated,"
        f" CASE WHEN NOT ({_OWN_AMOUNTS}) THEN 0 WHEN COUNT(*) OVER t = 1 THEN o.paid - o.freight ELSE r.stated END,"
        f" CASE WHEN {_OWN_AMOUNTS} THEN 'file' ELSE 'split' END, COALESCE(r.line_status, ''),"
        " COALESCE(r.line_state, ''), COALESCE(r.line_refunded, ''), false,"
        f" r.refunded_there, CASE WHEN {_OWN_AMOUNTS} THEN 0 ELSE r.platform_share END"
        " FROM lines r JOIN orders o ON o.id > :before AND o.number || '' = r.target"
        " WINDOW t AS (PARTITION BY r.target)",
        before=before,
    )


def _split(step: Step, before: int) -> int:
    """Shares out by the rule what the other new lines are worth, and asks about own amounts that do not add up; how
    many questions. Of an order of which only a deposit was paid, that alone is shared out, without a question.
    """
    rows = step.run(
        "SELECT o.number AS target, o.status, o.currency, o.paid, o.freight, x.id, x.stated,"
        " x.price * x.quantity AS weight, x.platform_share AS share"
        " FROM order_lines x JOIN orders o ON o.id = x.order_id WHERE x.order_id > :before"
        " AND x.cash_source = 'split' ORDER BY x.order_id, x.position",
        before=before,
    ).all()
    shares, asked = [], 0
    for target, group in groupby(rows, key=lambda row: row.target):
        lines = list(group)
        paid, freight = lines[0].paid, lines[0].freight
        stated, vouchers = [line.stated for line in lines], [line.share for line in lines]
        worth = line_cash(paid, freight, stated, [line.weight for line in lines], vouchers)
        parts = zip(lines, worth.cash, worth.vouchers, strict=True)
        shares += [{"id": x.id, "cash": cash, "source": worth.source, "voucher": share} for x, cash, share in parts]
        if worth.gap and paid and lines[0].status != UNPAID:
            asked += _ask_sum(step, target, Money(paid - freight, lines[0].currency), worth.gap)
    if shares:
        values = "cash = :cash, cash_source = :source, platform_share = :voucher"
        step.shop.session.execute(sa.text(f"UPDATE order_lines SET {values} WHERE id = :id"), shares)
    return asked


def _ask_sum(step: Step, target: str, goods: Money, gap: int) -> int:
    """Asks about an order whose lines' own amounts differ by `gap` (minor units) from what was paid for goods; how many
    questions.
    """
    row = step.run(
        f"{_all(step.schema)} SELECT r.row FROM heads r WHERE r.target = :target", target=target
    ).scalar_one()
    return ask_money(step.shop, step.source, row, target, "lines_sum", goods, goods.minor + gap)


def _stop_waiting(step: Step, before: int) -> None:
    """Deletes the waiting rows of the orders that just came in."""
    for table in ("waiting_orders", "waiting_lines"):
        step.run(
            f"DELETE FROM {table} AS r WHERE r.platform = :platform AND {IN_STEP} AND EXISTS (SELECT 1 FROM orders o"
            " WHERE o.platform = :platform AND o.number = r.target AND o.id > :before)",
            before=before,
        )


_HEADS_WAIT = ("heads", "waiting_orders", ("target",), ORDER_FACTS)
_LINES_WAIT = ("lines", "waiting_lines", ("target", "line"), LINE_FACTS)
_WAITS = {"orders": (_HEADS_WAIT,), "items": (_LINES_WAIT,), "sales": (_HEADS_WAIT, _LINES_WAIT)}


def _let_wait(step: Step) -> None:
    """Keeps the rows of orders that are not whole yet, each laid over the one that waits from an earlier file."""
    for table, waiting, key, facts in _WAITS[step.holds]:
        shop = ":shop" if table == "lines" else "COALESCE(NULLIF(:shop, ''), r.shop, '')"
        names = [*key, *facts]
        whence = [f"{name} = excluded.{name}" for name in ("import_id", "row", "shop")]
        laid_over = ", ".join([*whence, *(f"{name} = {newer(name, 'excluded', waiting)}" for name in facts)])
        differs = " OR ".join(f"{newer(name, 'excluded', waiting)} IS DISTINCT FROM {waiting}.{name}" for name in facts)
        step.run(
            f"INSERT INTO {waiting} (platform, import_id, row, shop, {', '.join(names)})"
            f" SELECT :platform, :import, r.row, {shop}, {', '.join(f'r.{name}' for name in names)}"
            f" FROM {step.schema}.{table} r WHERE {IN_STEP} AND {_UNKNOWN}"
            f" ON CONFLICT (platform, {', '.join(key)}) DO UPDATE SET {laid_over} WHERE {differs}"
        )
