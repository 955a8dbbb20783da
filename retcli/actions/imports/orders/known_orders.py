"""Brings orders that are in the books up to a newer file: what is simply taken is updated set-wise, differences in
money or goods are looked at one by one (`order_differences`).
"""

from collections.abc import Collection, Iterator
from itertools import groupby

import sqlalchemy as sa

from retcli.actions.imports.merge_step import IN_STEP, Step
from retcli.actions.imports.merging import Tally, ask, was_asked
from retcli.actions.imports.orders import last_word, order_differences, order_waybills, rereading
from retcli.actions.imports.orders.newer_values import (
    DOUBTFUL,
    LINE_DIFFERS,
    LINE_TAKEN,
    MONEY_DIFFERS,
    SHOP,
    TAKEN,
    TO_BE_DECIDED,
    taken,
)
from retcli.database.staging.columns import LINE_FACTS
from retcli.rules.imports.orders import UNPAID, three_amounts
from retcli.rules.money.minor_units import Money

_LINE = ", ".join(LINE_FACTS)


_OF = "o.platform = :platform AND o.number = r.target"


def known_heads(step: Step) -> str:
    """SQL from FROM on: the step's rows ``r`` with their orders ``o`` in the books.

    CROSS, so that SQLite begins with the step: else it reads all orders between the step's ends, and the first step
    begins before every order of the books.
    """
    return f"FROM {step.heads} r CROSS JOIN orders o WHERE {_OF} AND {IN_STEP}"


def known_lines(step: Step) -> str:
    """SQL from FROM on: the step's lines ``r`` with their orders ``o`` in the books and the books' own line ``x``, if
    any.
    """
    return (
        f"FROM {step.lines} r CROSS JOIN orders o LEFT JOIN order_lines x ON x.order_id = o.id AND x.number = r.line"
        f" WHERE {_OF} AND {IN_STEP}"
    )


_LOOKED_UP = "o.id = (SELECT k.id FROM orders k WHERE k.platform = :platform AND k.number = r.target)"
"""The condition that an order ``o`` of an UPDATE is the one of a row ``r``. UPDATE … FROM takes no CROSS JOIN for the
table that is updated; by this subquery SQLite reads the step's rows first and looks each order up by its id.
"""


def update_heads(step: Step, tally: Tally, further: set[str]) -> set[str]:
    """Takes over status, logistics and people of known orders, and decides on changed money. The numbers of the orders
    that changed, with those that got new waybills before (`further`).
    """
    told_later = last_word.of_heads(step)
    asked = _ask_paid(step, tally, told_later)
    rows = step.run(f"SELECT COUNT(*) {known_heads(step)}").scalar_one()
    if not rows:
        return set()
    # all that is compared is read before the update: by its time of payment and status an order counts as unpaid
    unpaid = f"(o.paid_at IS NULL AND o.paid = 0) OR o.status = '{UNPAID}' AS unpaid"
    fields = f"r.row, o.id, {unpaid}, r.paid, r.freight, r.net, o.refunded_there IS NULL AS unread"
    money = step.run(f"SELECT {fields} {known_heads(step)} AND ({MONEY_DIFFERS})").all()
    becomes = {name: taken(step, name) for name in TAKEN} | {"shop": SHOP}
    differs = " OR ".join(f"{value} IS DISTINCT FROM o.{name}" for name, value in becomes.items())
    changed = {target for (target,) in step.run(f"SELECT r.target {known_heads(step)} AND ({differs})")}
    if changed:
        order_waybills.keep_replaced(step)  # before the update overwrites them
        values = ", ".join(f"{name} = {value}" for name, value in becomes.items())
        step.run(
            f"UPDATE orders AS o SET {values} FROM {step.heads} r WHERE {_LOOKED_UP} AND {IN_STEP} AND ({differs})"
        )
    if money:
        changed |= order_differences.money(step.shop, step.source, money, tally, told_later)
    changed |= asked | further
    rereading.answer_old_questions(step)
    if not step.both:
        tally.changed += len(changed)
        tally.unchanged += rows - len(changed)
    return changed


def update_lines(step: Step, tally: Tally, heads: set[str]) -> None:
    """Takes over titles and statuses of known lines, and decides on changed goods and money, order by order; `heads`
    are the orders whose heads changed, whose lines count as changed too.
    """
    rows = step.run(f"SELECT COUNT(*) {known_lines(step)}").scalar_one()
    if not rows:
        return
    told_later = last_word.of_lines(step)
    open_orders = {
        target for (target,) in step.run(f"SELECT DISTINCT r.target {known_lines(step)} AND ({TO_BE_DECIDED})")
    }
    differing = step.run(f"SELECT r.row, r.target {known_lines(step)} AND x.id IS NOT NULL AND ({LINE_DIFFERS})").all()
    changed = {row for row, target in differing}
    if differing:
        step.run(
            f"UPDATE order_lines AS x SET {', '.join(f'{name} = {value}' for name, value in LINE_TAKEN.items())}"
            f" FROM {step.lines} r, orders o"
            f" WHERE {_LOOKED_UP} AND x.order_id = o.id AND x.number = r.line AND {IN_STEP} AND ({LINE_DIFFERS})"
        )
    for lines in _rows_of(step, open_orders):
        changed |= order_differences.lines(step.shop, step.source, lines, tally, told_later)
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


def _ask_paid(step: Step, tally: Tally, told_later: Collection[last_word.Subject]) -> set[str]:
    """Asks about rows in which what is left, what went back and the whole do not fit together, with the three amounts;
    not again where the whole was taken for what was paid, nor where a newer file told of it (`told_later`). The numbers
    of known orders that were asked about.
    """
    rows = step.run(
        "SELECT r.row, r.target, COALESCE(o.paid, r.paid) AS known, r.net, COALESCE(r.refunded_there, 0), r.total,"
        " o.id, COALESCE(o.currency, r.currency, 'CNY')"
        f" FROM {step.heads} r LEFT JOIN orders o ON {_OF} WHERE {IN_STEP} AND {DOUBTFUL}"
    ).all()
    asked = set()
    for row, target, paid, net, back, total, order, currency in rows:
        amounts = three_amounts(*(Money(minor, currency) for minor in (net, back, total)))
        if (target, "paid") in told_later:
            continue
        if paid != total or not was_asked(step.shop, target, "paid_total", amounts):
            new = ask(step.shop, step.source, row, target, "paid_total", Money(paid, currency), amounts)
            tally.questions += new
            asked |= {target} if new and order else set()
    return asked
