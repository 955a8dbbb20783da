"""What is written down beside cases (clicks, waivers, proofs, notes …), read for many cases by one statement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.standing_waivers import drop_spent
from retcli.models import Case, Evidence, Offer, PlatformAction, Replacement, Waiver
from retcli.models.register import Contact, Escalation, Extension, Note
from retcli.shop import Shop

Written = Mapping[str, Sequence[tuple[str, str]]]
"""What was written down beside a case, by the kind of thing: for each the two texts that its columns in `_NOTED`
tell.
"""
_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_NOTED: tuple[tuple[str, Any, str, str], ...] = (
    ("replacement", Replacement, "state", "sku"),
    ("action", PlatformAction, "state", "action"),
    ("waiver", Waiver, "rule", "by"),
    ("evidence", Evidence, "kind", "by"),
    ("contact", Contact, "at", "by"),
    ("note", Note, "text", "by"),
    ("extension", Extension, "days", "at"),
    ("offer", Offer, "state", "rung"),
)
"""What may be written down beside a case: the kind of thing, its table, and the two columns that tell it."""


def _all_written() -> sa.CompoundSelect[Any]:
    """One statement for all that is written down beside some cases, from nine tables. An entry of the register has its
    state, its deadline and whether that is estimated, joined by ``|``.
    """
    looks = [_look(name, model.__table__.c, model.__table__.c[what], second) for name, model, what, second in _NOTED]
    model: Any = Escalation
    register = model.__table__.c
    state, due_at, estimated = (sa.cast(register[name], sa.String) for name in ("state", "due_at", "estimated"))
    entry = _look("entry", register, state + "|" + due_at + "|" + estimated, "kind")
    # by the id in each table, which is the order of writing there; between two tables it tells nothing
    return sa.union_all(*looks, entry).order_by("place")


def _look(name: str, table: Any, what: Any, second: str) -> sa.Select[Any]:
    """The part of the statement for one table; every value as text, since a column of a union has one type."""
    text = sa.cast(what, sa.String).label("told")
    columns = table.case_id, sa.literal(name), text, sa.cast(table[second], sa.String), table.id.label("place")
    some = sa.select(*columns).where(table.case_id.in_(_IDS))
    return some.where(table.id.not_in(acts.rows_taken_back(name, _IDS))) if name in acts.WITH_ROWS else some


_WRITTEN = _all_written()


def written_beside(shop: Shop, cases: Sequence[Case]) -> dict[int, Written]:
    """What is written down beside some cases, by the id of the case; of waivers those that still stand."""
    ids = [case.id or 0 for case in cases]
    by_case: dict[int, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for case_id, name, text, second, _place in shop.session.execute(_WRITTEN, {"ids": ids}):
        by_case[case_id][name].append((text, second))
    drop_spent(shop, cases, by_case)
    return {case_id: by_case[case_id] for case_id in ids}
