"""How fresh each shop's reports are, and which to download next."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.orderfile.order_standing import shops_with_orders
from retcli.models import Case, Order
from retcli.models.imports import Import
from retcli.rules.money.refunded_on_platform import REPORTING
from retcli.shop import Shop
from retcli.views.insight.freshness import Report

STALE = timedelta(days=2)
"""A report that came longer ago than this is to be downloaded again."""
_SOLD = ("orders", "items", "sales")
"""Kinds of report that tell of orders; the refund report tells of refunds."""
_Imported = tuple[str, str, list[str], str, datetime]
"""Imports that share platform, shop named for the import, shops named in their rows, and what they hold; the newest's
time.
"""
_Newest = dict[tuple[str, str], datetime | None]


def reports(shop: Shop) -> list[Report]:
    """When each kind of report came last, by platform and shop, with the newest order or refund that the books have."""
    came = _came(shop)
    orders, refunds = _newest_orders(shop), _newest_refunds(shop)
    apart = _unnamed_apart(shop)
    reports = []
    for (platform, name, holds), at in came.items():
        of_past = not name and platform not in apart and _named_since(came, platform, holds, at)
        if holds != "products" and not of_past:
            newest = _of_shop(refunds if holds == "refunds" else orders, platform, name)
            reports.append(Report(platform, name, holds, at, newest, shop.now - at > STALE))
    reports += _never_came(came)
    several = len({report.platform for report in reports}) > 1
    return [replace(report, of_several=several) for report in reports]


def _came(shop: Shop) -> dict[tuple[str, str, str], datetime]:
    """When a file last came, by platform, shop and what it holds. The shop is the one named for the import, else each
    that its rows name where a platform's files name several, else the first shop, "" where that is not known. A shop
    that rows name goes by the name that was once given for an import of its rows.
    """
    keys = (col(Import.platform), col(Import.shop), col(Import.shops), col(Import.holds))
    query = sa.select(*keys, sa.func.max(Import.done_at)).where(col(Import.done_at).is_not(None)).group_by(*keys)
    rows = _by_said_names(
        [
            (platform, said_shop, json.loads(shops), holds, at)
            for platform, said_shop, shops, holds, at in shop.session.execute(query)
        ]
    )
    # rows that name a shop count only on a platform with several: else its files without a name would look like
    # another shop's that has stayed away
    named = {
        (platform, name) for platform, said_shop, shops, *_ in rows for name in ([said_shop] if said_shop else shops)
    }
    several = {platform for platform, count in Counter(platform for platform, _name in named).items() if count > 1}
    first = {platform: _first_shop(rows, platform) for platform in several}
    came: dict[tuple[str, str, str], datetime] = {}
    for platform, said_shop, shops, holds, at in rows:
        for name in [said_shop] if said_shop else (platform in several and shops) or [first.get(platform, "")]:
            came[platform, name, holds] = max(at, came.get((platform, name, holds), at))
    return dict(sorted(came.items()))


def _by_said_names(rows: Sequence[_Imported]) -> list[_Imported]:
    """The imports, with shops that their rows name under the names that somebody once gave for them."""
    given_names = {(platform, name): given for platform, given, shops, *_ in rows if given for name in shops}
    return [
        (platform, said_shop, [given_names.get((platform, name), name) for name in shops], holds, at)
        for platform, said_shop, shops, holds, at in rows
    ]


def _first_shop(rows: Iterable[_Imported], platform: str) -> str:
    """The shop of a platform's files that name none: the only one that rows name and nobody gave for an import; ""
    where they name several or none.
    """
    by_rows = {name for each, said_shop, shops, *_rest in rows if each == platform and not said_shop for name in shops}
    return by_rows.pop() if len(by_rows) == 1 else ""


def _unnamed_apart(shop: Shop) -> set[str]:
    """The platforms that have a shop which nobody named beside named ones: orders of no shop are left, and none of them
    came again in the first file that was imported for a named shop.
    """
    left = {platform for platform, name in shops_with_orders(shop) if not name}
    if not left:
        return left
    keys = col(Import.platform), col(Import.changed) + col(Import.unchanged)
    query = sa.select(*keys).where(col(Import.shop) != "", col(Import.holds).in_(_SOLD)).order_by(col(Import.id).desc())
    met_orders = {row[0]: row[1] for row in shop.session.execute(query)}  # the first file of each platform comes last
    return {platform for platform in left if met_orders.get(platform) == 0}


def _named_since(came: Mapping[tuple[str, str, str], datetime], platform: str, holds: str, at: datetime) -> bool:
    """Whether a report of the same kind with a shop's name came since, so that one without is a thing of the past."""
    return any((each, kind) == (platform, holds) and name and later >= at for (each, name, kind), later in came.items())


def _of_shop(newest: _Newest, platform: str, name: str) -> datetime | None:
    """The newest instant of a shop's orders or refunds; for "" that of all shops of the platform."""
    fitting = [at for key, at in newest.items() if at and key[0] == platform and name in {"", key[1]}]
    return max(fitting, default=None)


def _never_came(came: Iterable[tuple[str, str, str]]) -> list[Report]:
    """The refund reports that never came, of shops of which orders did and whose platform has such a report; one
    without a shop's name may be any shop's of its platform.
    """
    kinds = set(came)
    refunds = {(platform, name) for platform, name, holds in kinds if holds == "refunds"}
    sold = {(platform, name) for platform, name, holds in kinds if holds in _SOLD}
    named = {platform for platform, name in sold if name}
    reporting = REPORTING | {platform for platform, _name in refunds}
    lacking = sorted(
        key
        for key in sold
        if key[0] in reporting and not {key, (key[0], "")} & refunds and (key[1] or key[0] not in named)
    )
    return [Report(*key, "refunds", None, None, stale=True) for key in lacking]


def _newest_orders(shop: Shop) -> _Newest:
    """When the newest order of each platform and shop was placed."""
    newest: _Newest = {}
    # a query a shop takes the last entry of an index; one query grouped by shop reads every order
    for platform, name in shops_with_orders(shop):
        query = sa.select(sa.func.max(Order.ordered_at))
        newest[platform, name] = shop.session.scalar(
            query.where(col(Order.platform) == platform, col(Order.shop) == name)
        )
    return newest


def _newest_refunds(shop: Shop) -> _Newest:
    """When the newest refund of each platform and shop was applied for."""
    keys = [key.concat("") for key in (col(Order.platform), col(Order.shop))]  # else SQLite walks its index of orders
    newest = sa.select(*keys, sa.func.max(sa.func.coalesce(Case.applied_anew_at, Case.applied_at))).join(
        Order, col(Order.id) == col(Case.order_id)
    )
    rows = shop.session.execute(newest.where(col(Case.platform_number).is_not(None)).group_by(*keys))
    return {(platform, name): at for platform, name, at in rows}
