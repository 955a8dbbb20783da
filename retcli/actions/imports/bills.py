"""Merges statements of payment channels: each entry comes in once, whichever files it stands in, and its amounts are
never overwritten.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.imports.merging import Source, Tally, ask, ask_money, table_of
from retcli.database.staging.stages import StagedRow
from retcli.models.bills import Bill
from retcli.models.imports import Import
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop

_AMOUNTS = ("minor", "fee")
"""Columns of money, which a file never changes: another amount becomes a question."""
_FACTS = ("order_number", "refund_number", "trade", "at", "words", "category", "balance", "remark")


def merge(shop: Shop, source: Source, rows: Sequence[StagedRow]) -> Tally:
    """Takes in rows of a statement: new entries are inserted together, known ones compared one by one."""
    kind = shop.session.get_one(Import, source.import_id).format
    in_books = _known(shop, kind, [row.values["number"] for row in rows])
    tally, fresh = Tally(), []
    for row in rows:
        facts = _facts(row.values, source)
        bill = _same(in_books[facts["number"]], facts["shop"])
        if bill is None:
            fresh.append(facts | {"import_id": source.import_id, "row": row.number, "format": kind})
            tally.added += 1
            continue
        asked = _ask(shop, source, row.number, bill, facts)
        changed = _take(bill, facts)
        tally.questions += asked
        tally.count("changed" if asked or changed else "unchanged")
    if fresh:
        shop.session.execute(sa.insert(table_of(Bill)), fresh)
    shop.session.flush()
    return tally


def _known(shop: Shop, kind: str, numbers: Sequence[str]) -> dict[str, list[Bill]]:
    """The entries of a kind of statement in the books that have some numbers, by number."""
    bills: dict[str, list[Bill]] = defaultdict(list)
    query = sa.select(Bill).where(col(Bill.format) == kind, col(Bill.number).in_(numbers)).order_by(col(Bill.id))
    for bill in shop.session.scalars(query):
        bills[bill.number].append(bill)
    return bills


def _same(bills: Sequence[Bill], shop_name: str) -> Bill | None:
    """The one of some entries of a number that a row tells of again: its own shop's, else one whose shop nobody named,
    or any where the row names no shop; None where only other shops have the number.
    """
    own = [bill for bill in bills if bill.shop == shop_name]
    unnamed = [bill for bill in bills if not (bill.shop and shop_name)]
    return next(iter([*own, *unnamed]), None)


def _facts(values: Mapping[str, Any], source: Source) -> dict[str, Any]:
    """The columns of a bill as a row tells them."""
    return {
        "platform": source.platform,
        "shop": source.shop or values["shop_name"],
        "number": values["number"],
        "order_number": values["order"],
        "refund_number": values["refund"],
        "at": datetime.fromisoformat(values["at"]) if values["at"] else None,
        **{name: values[name] for name in ("trade", "words", "category", "currency", "balance", "remark", *_AMOUNTS)},
    }


def _ask(shop: Shop, source: Source, row: int, bill: Bill, facts: Mapping[str, Any]) -> int:
    """Asks about amounts that differ from those in the books, or about the currency alone where that does; how many
    questions.
    """
    asked, subject = 0, f"{bill.format}/{bill.number}"
    if facts["currency"] != bill.currency:
        return ask(shop, source, row, subject, "currency", bill.currency, facts["currency"])
    for name in _AMOUNTS:
        ours, theirs = getattr(bill, name), facts[name]
        if theirs is not None and ours is not None and theirs != ours:
            asked += ask_money(shop, source, row, subject, name, Money(ours, bill.currency), theirs)
    return asked


def _take(bill: Bill, facts: Mapping[str, Any]) -> bool:
    """Takes over what a later file tells of a bill, amounts only where there are none; whether anything changed."""
    new = {name: facts[name] for name in _FACTS if facts[name] not in {None, "", getattr(bill, name)}}
    new |= {name: facts[name] for name in _AMOUNTS if getattr(bill, name) is None and facts[name] is not None}
    if facts["shop"] and not bill.shop:
        new["shop"] = facts["shop"]
    for name, value in new.items():
        setattr(bill, name, value)
    return bool(new)
