"""Checking everything that must always be true (`docs/architecture.md` §5)."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import history, history_clock, money_checks, outdated, refunded_twice, status_checks
from retcli.models import Case, Order, Parcel, Payout
from retcli.models.books import Event
from retcli.models.imports import Import
from retcli.shop import Shop
from retcli.views.books.breaches import Breach, Unreadable
from retcli.views.books.check import CheckView, Problem

_COUNTED = {"orders": Order, "cases": Case, "payouts": Payout, "parcels": Parcel, "events": Event}


def check(shop: Shop, anchors: Sequence[str] = ()) -> CheckView:
    """Checks every invariant over the whole of the books, and names each breach with its place. `anchors` are last
    events of these books that were kept elsewhere (``e123-0a1b2c3d``), or workbooks that name one.
    """
    checks = (
        money_checks.line_money,
        money_checks.order_money,
        refunded_twice.problems,
        money_checks.units,
        money_checks.splits,
        money_checks.approvals,
        money_checks.stock,
        money_checks.causes,
        money_checks.stock_orders,
        money_checks.outgoing,
        money_checks.payouts,
        outdated.problems,
        status_checks.finished,
        status_checks.history,
        history_clock.problems,
        history.compared,
        history.of_copies,
        partial(history.of_anchors, written=anchors),
        imports,
    )
    problems = [problem for look in checks for problem in _problems(shop, look)]
    sizes = {n: shop.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for n, t in _COUNTED.items()}
    return CheckView(sizes, tuple(problems), history.since(shop), tuple(history_clock.remarks(shop)))


def _problems(shop: Shop, look: Callable[[Shop], Iterator[Problem]]) -> list[Problem]:
    """The problems that one check finds; that it cannot read what the books hold is a problem too, named after it."""
    try:
        return list(look(shop))
    except json.JSONDecodeError as cut:
        unreadable = Unreadable(no_json_from=cut.pos + 1)
    except ValueError as error:
        unreadable = Unreadable(str(error))
    return [Problem(8, getattr(look, "__name__", ""), unreadable)]


def imports(shop: Shop) -> Iterator[Problem]:
    """9: of a file taken in, added + changed + unchanged + refused = rows read."""
    total = col(Import.added) + col(Import.changed) + col(Import.unchanged) + col(Import.refused)
    rows = shop.session.scalars(sa.select(Import).where(col(Import.state) == "done", total != col(Import.rows)))
    for imported in rows:
        yield Problem(9, imported.name, Breach.COUNTS_OF_FILE)
