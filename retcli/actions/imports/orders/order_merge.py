"""Orders joined from their reports and kept up to date by later ones: what is merely taken is taken set-wise, what must
be decided is looked at one by one (`comparing`).
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import sqlalchemy as sa

from retcli.actions.imports.merge_step import IN_STEP, Step
from retcli.actions.imports.merging import Tally, ask, ask_money, was_asked
from retcli.actions.imports.orders import file_totals, order_differences, order_waybills, rereading
from retcli.database.staging.columns import LINE_FACTS, ORDER_FACTS, TEXT
from retcli.platforms.statuses import WHOLE
from retcli.rules.imports.orders import UNPAID, line_cash, three_amounts
from retcli.rules.money.minor_units import Money

_MONEY = ("currency", "paid", "freight")
_TAKEN = tuple(name for name in ORDER_FACTS if name not in _MONEY)
_SIGNATURE = ("signed_at", "signed_by")
_HEAD, _LINE = ", ".join(ORDER_FACTS), ", ".join(LINE_FACTS)


def merge(step: Step) -> Tally:
    """Takes in the orders of a step, each with its lines wholly or not at all: known ones are updated, new ones come in
    once all of their lines are there, and wait until then.
    """
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
        heads = _update_heads(step, tally, heads)
    if step.holds != "orders":
        _update_lines(step, tally, heads)
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


_OF = "o.platform = :platform AND o.number = r.target"


def _known_heads(step: Step) -> str:
    """The step's rows ``r`` of orders ``o`` that are in the books.

    CROSS, so that SQLite begins with the step: else it reads all orders between the step's ends, and the first step
    begins before every order of the books.
    """
    return f"FROM {step.heads} r CROSS JOIN orders o WHERE {_OF} AND {IN_STEP}"


def _known_lines(step: Step) -> str:
    """The step's lines ``r`` of orders ``o`` that are in the books, each with the books' own line ``x`` or none."""
    return (
        f"FROM {step.lines} r CROSS JOIN orders o LEFT JOIN order_lines x ON x.order_id = o.id AND x.number = r.line"
        f" WHERE {_OF} AND {IN_STEP}"
    )


_LOOKED_UP = "o.id = (SELECT k.id FROM orders k WHERE k.platform = :platform AND k.number = r.target)"
"""That an order ``o`` of an update is the one of a row ``r``. No CROSS can be said of the table that is updated; looked
up by its id, it is never the one with which SQLite begins.
"""


_RANK = (
    "CASE {}.status WHEN 'unpaid' THEN 1 WHEN 'paid' THEN 2 WHEN 'shipped' THEN 3 WHEN 'done' THEN 4 WHEN 'closed'"
    " THEN 4 ELSE 0 END"
)


def _taken(step: Step, name: str) -> str:
    """What a column of a known order becomes. How far an order is, some of its lines do not say: a file may have only
    those, as where the export was of one status.
    """
    newer = _newer(name)
    if not step.both or name not in {"status", "platform_status", "shipped", "refunded", *_SIGNATURE}:
        return newer
    in_part = (
        f"(SELECT COUNT(*) FROM {step.lines} k WHERE k.target = r.target)"
        " < (SELECT COUNT(*) FROM order_lines y WHERE y.order_id = o.id)"
    )
    return f"CASE WHEN {newer} IS DISTINCT FROM o.{name} AND {in_part} THEN o.{name} ELSE {newer} END"


def _newer(name: str, new: str = "r", old: str = "o") -> str:
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


_DOUBTFUL = "COALESCE(r.net + COALESCE(r.refunded_there, 0) <> r.total, false)"
"""Whether what is left and what went back are not the whole, so that what was paid cannot be read for certain."""
_MONEY_DIFFERS = (
    "(o.paid_at IS NULL AND o.paid = 0 AND (r.paid <> 0 OR r.paid_at IS NOT NULL))"
    f" OR ((r.paid_at IS NOT NULL OR r.paid > 0) AND NOT {_DOUBTFUL} AND (r.paid <> o.paid OR r.freight <> o.freight))"
)
_LINE_TAKEN = {
    "title": "COALESCE(r.title, x.title)",
    "platform_status": "COALESCE(r.line_status, x.platform_status)",
    "status": "COALESCE(r.line_state, x.status)",
    "refunded": _went_back("r.line_refunded", "x.refunded"),
    "refunded_there": _newer("refunded_there", "r", "x"),
}
"""What the columns of a known line become."""
_LINE_DIFFERS = " OR ".join(f"{value} IS DISTINCT FROM x.{name}" for name, value in _LINE_TAKEN.items())
_TO_BE_DECIDED = (
    "x.id IS NULL OR r.sku <> x.sku OR r.quantity <> x.quantity OR r.price <> x.price"
    " OR (r.stated IS NOT NULL AND (x.cash_source <> 'file' OR r.stated <> x.stated))"
)


_SHOP = "CASE WHEN o.shop = '' THEN COALESCE(NULLIF(:shop, ''), r.shop, '') ELSE o.shop END"
"""Whose an order is: nobody said so far, and the file or whoever takes it in now does."""


def _update_heads(step: Step, tally: Tally, further: set[str]) -> set[str]:
    """Status, logistics and people of known orders are taken; changed money is decided on. The orders that changed,
    with those that have new waybills already (`further`).
    """
    asked = _ask_paid(step, tally)
    rows = step.run(f"SELECT COUNT(*) {_known_heads(step)}").scalar_one()
    if not rows:
        return set()
    unpaid = f"(o.paid_at IS NULL AND o.paid = 0) OR o.status = '{UNPAID}' AS unpaid"
    fields = f"r.row, o.id, {unpaid}, r.paid, r.freight, r.net, o.refunded_there IS NULL AS unread"
    money = step.run(f"SELECT {fields} {_known_heads(step)} AND ({_MONEY_DIFFERS})").all()
    becomes = {name: _taken(step, name) for name in _TAKEN} | {"shop": _SHOP}
    differs = " OR ".join(f"{value} IS DISTINCT FROM o.{name}" for name, value in becomes.items())
    changed = {target for (target,) in step.run(f"SELECT r.target {_known_heads(step)} AND ({differs})")}
    if changed:
        order_waybills.keep_replaced(step)
        values = ", ".join(f"{name} = {value}" for name, value in becomes.items())
        step.run(
            f"UPDATE orders AS o SET {values} FROM {step.heads} r WHERE {_LOOKED_UP} AND {IN_STEP} AND ({differs})"
        )
    if money:
        changed |= order_differences.money(step.shop, step.source, money, tally)
    changed |= asked | further
    rereading.answer_old_questions(step)
    if not step.both:
        tally.changed += len(changed)
        tally.unchanged += rows - len(changed)
    return changed


def _update_lines(step: Step, tally: Tally, heads: set[str]) -> None:
    """Titles and statuses of known lines are taken; changed goods and money are decided on, order by order."""
    rows = step.run(f"SELECT COUNT(*) {_known_lines(step)}").scalar_one()
    if not rows:
        return
    open_orders = {
        target for (target,) in step.run(f"SELECT DISTINCT r.target {_known_lines(step)} AND ({_TO_BE_DECIDED})")
    }
    differing = step.run(
        f"SELECT r.row, r.target {_known_lines(step)} AND x.id IS NOT NULL AND ({_LINE_DIFFERS})"
    ).all()
    changed = {row for row, target in differing}
    if differing:
        step.run(
            f"UPDATE order_lines AS x SET {', '.join(f'{name} = {value}' for name, value in _LINE_TAKEN.items())}"
            f" FROM {step.lines} r, orders o"
            f" WHERE {_LOOKED_UP} AND x.order_id = o.id AND x.number = r.line AND {IN_STEP} AND ({_LINE_DIFFERS})"
        )
    for lines in _rows_of(step, open_orders):
        changed |= order_differences.lines(step.shop, step.source, lines, tally)
    changed |= {line.number for lines in _rows_of(step, set() if step.holds == "orders" else heads) for line in lines}
    tally.changed += len(changed)
    tally.unchanged += rows - len(changed)


def _rows_of(step: Step, targets: set[str]) -> Iterator[list[order_differences.LineRow]]:
    """The stage's lines of some orders, order by order."""
    if not targets:
        return
    statement = sa.text(
        f"SELECT row, target, line, {_LINE} FROM {step.lines} WHERE target IN :targets ORDER BY target, line"
    ).bindparams(sa.bindparam("targets", expanding=True))
    rows = step.shop.session.execute(statement, {"targets": sorted(targets)}).all()
    for _target, group in groupby(rows, key=lambda row: row.target):
        yield [order_differences.LineRow(*row) for row in group]


def _ask_paid(step: Step, tally: Tally) -> set[str]:
    """Rows of which what is left, what went back and the whole do not fit together become questions, with the three
    amounts; not again where the whole was taken for what was paid. Returns the known orders that were asked about.
    """
    rows = step.run(
        "SELECT r.row, r.target, COALESCE(o.paid, r.paid) AS known, r.net, COALESCE(r.refunded_there, 0), r.total,"
        " o.id, COALESCE(o.currency, r.currency, 'CNY')"
        f" FROM {step.heads} r LEFT JOIN orders o ON {_OF} WHERE {IN_STEP} AND {_DOUBTFUL}"
    ).all()
    asked = set()
    for row, target, known, net, back, total, order, currency in rows:
        found = three_amounts(*(Money(minor, currency) for minor in (net, back, total)))
        if known != total or not was_asked(step.shop, target, "paid_total", found):
            new = ask(step.shop, step.source, row, target, "paid_total", Money(known, currency), found)
            tally.questions += new
            asked |= {target} if new and order else set()
    return asked


_UNKNOWN = "NOT EXISTS (SELECT 1 FROM orders o WHERE o.platform = :platform AND o.number = r.target)"


def _count_new(step: Step, tally: Tally) -> int:
    """Rows of orders not in the books yet: added, or changed or the same where they wait from an earlier file; how many
    there are.
    """
    table, waiting, facts, key = step.lines, "waiting_lines", LINE_FACTS, " AND w.line = r.line"
    if step.holds == "orders":
        table, waiting, facts, key = step.heads, "waiting_orders", ORDER_FACTS, ""
    differs = " OR ".join(f"{_newer(name, 'r', 'w')} IS DISTINCT FROM w.{name}" for name in facts)
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
    """Names ``heads`` and ``lines``: the rows of a step's orders from the stage, each laid over what waits for its
    order from earlier files, and what else waits for these orders.
    """
    return f"""WITH heads AS (
  SELECT r.target, r.row, COALESCE(NULLIF(:shop, ''), r.shop, w.shop, '') AS shop,
    {", ".join(f"{_newer(name, 'r', 'w')} AS {name}" for name in ORDER_FACTS)}
  FROM {schema}.heads r LEFT JOIN waiting_orders w ON w.platform = :platform AND w.target = r.target WHERE {IN_STEP}
  UNION ALL
  SELECT r.target, r.row, r.shop, {_HEAD} FROM waiting_orders r WHERE r.platform = :platform AND {IN_STEP}
    AND NOT EXISTS (SELECT 1 FROM {schema}.heads h WHERE h.target = r.target)
), lines AS (
  SELECT r.target, r.line, {", ".join(f"{_newer(name, 'r', 'w')} AS {name}" for name in LINE_FACTS)}
  FROM {schema}.lines r LEFT JOIN waiting_lines w ON w.platform = :platform AND w.target = r.target AND w.line = r.line
  WHERE {IN_STEP}
  UNION ALL
  SELECT r.target, r.line, {_LINE} FROM waiting_lines r WHERE r.platform = :platform AND {IN_STEP}
    AND NOT EXISTS (SELECT 1 FROM {schema}.lines l WHERE l.target = r.target AND l.line = r.line)
)"""


def _insert_orders(step: Step) -> int:
    """New orders of which the head, a line and every piece are there; how many."""
    texts = [name for name, kind in ORDER_FACTS.items() if kind == TEXT and name not in _MONEY]
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
"""Where `rules.imports.orders.line_cash` takes the file's own amounts; it is asked itself about the others."""


def _insert_lines(step: Step, before: int) -> None:
    """The lines of the orders that just came in, with the file's own amounts where they add up. Those orders are found
    by their ids, all beyond `before`; a bare number would have all orders up to the step's end read.
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
    """What the other new lines are worth, by the rule; how many questions their own amounts leave. Of an order whose
    rest is still to be paid only the deposit is there to share out.
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
    """The lines' own amounts do not add up to what was paid for goods: a person must look."""
    row = step.run(
        f"{_all(step.schema)} SELECT r.row FROM heads r WHERE r.target = :target", target=target
    ).scalar_one()
    return ask_money(step.shop, step.source, row, target, "lines_sum", goods, goods.minor + gap)


def _stop_waiting(step: Step, before: int) -> None:
    """Takes away what waited for the orders that just came in."""
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
    """Rows of orders that are not whole yet wait for the rest; a newer row is laid over an older one."""
    for table, waiting, key, facts in _WAITS[step.holds]:
        shop = ":shop" if table == "lines" else "COALESCE(NULLIF(:shop, ''), r.shop, '')"
        names = [*key, *facts]
        newest = [f"{name} = excluded.{name}" for name in ("import_id", "row", "shop")]
        newer = ", ".join([*newest, *(f"{name} = {_newer(name, 'excluded', waiting)}" for name in facts)])
        differs = " OR ".join(
            f"{_newer(name, 'excluded', waiting)} IS DISTINCT FROM {waiting}.{name}" for name in facts
        )
        step.run(
            f"INSERT INTO {waiting} (platform, import_id, row, shop, {', '.join(names)})"
            f" SELECT :platform, :import, r.row, {shop}, {', '.join(f'r.{name}' for name in names)}"
            f" FROM {step.schema}.{table} r WHERE {IN_STEP} AND {_UNKNOWN}"
            f" ON CONFLICT (platform, {', '.join(key)}) DO UPDATE SET {newer} WHERE {differs}"
        )
