"""Pieces in the parcels of cases that are held for nobody, or not inspected yet, read for many cases at once."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import col

from retcli.models import CaseLine, Inspection, Parcel, ParcelCase, ParcelCount
from retcli.models.books import Event
from retcli.rules.lifecycles import Grade
from retcli.shop import Shop

_IDS: sa.BindParameter[int] = sa.bindparam("ids", expanding=True)
_HELD_FOR_NOBODY = (
    sa.select(col(ParcelCase.case_id), col(Inspection.sku), sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
    .join(Inspection, col(Inspection.parcel_id) == col(ParcelCase.parcel_id))
    .where(col(ParcelCase.case_id).in_(_IDS), col(Inspection.case_line_id).is_(None), col(Inspection.grade) == Grade.X)
    .group_by(col(ParcelCase.case_id), col(Inspection.sku))
    .having(sa.func.sum(Inspection.quantity) > 0)  # a finding that was taken back stands beside its negative
)
_FOUND_FOR_NOBODY = (
    sa.select(col(ParcelCase.case_id), col(Inspection.sku), sa.cast(sa.func.sum(Inspection.quantity), sa.BigInteger))
    .join(Inspection, col(Inspection.parcel_id) == col(ParcelCase.parcel_id))
    .where(col(ParcelCase.case_id).in_(_IDS), col(Inspection.case_line_id).is_(None), col(Inspection.grade) != Grade.X)
    .group_by(col(ParcelCase.case_id), col(Inspection.sku))
)
_WAITING = (
    sa.select(
        col(ParcelCase.case_id),
        col(Parcel.number),
        col(ParcelCount.sku),
        col(ParcelCount.counted) - col(ParcelCount.inspected),
    )
    .join(Parcel, col(Parcel.id) == col(ParcelCase.parcel_id))
    .join(ParcelCount, col(ParcelCount.parcel_id) == col(Parcel.id))
    .where(col(ParcelCase.case_id).in_(_IDS), col(ParcelCount.counted) > col(ParcelCount.inspected))
    .order_by(col(Parcel.id), col(ParcelCount.sku))
)


def found_for_nobody(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """How many pieces in the parcels of some cases were found right ones (any grade but X) and count for no line of any
    case, by case and article.
    """
    by_case: dict[int, dict[str, int]] = defaultdict(dict)
    for case_id, sku, pieces in shop.session.execute(_FOUND_FOR_NOBODY, {"ids": case_ids}):
        by_case[case_id][sku] = int(pieces)
    return by_case


def held_for_nobody(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """How many pieces in the parcels of some cases are held as goods of another order (X) and count for no line of any
    case, by case and article.
    """
    by_case: dict[int, dict[str, int]] = defaultdict(dict)
    for case_id, sku, pieces in shop.session.execute(_HELD_FOR_NOBODY, {"ids": case_ids}):
        by_case[case_id][sku] = int(pieces)
    return by_case


def waiting(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Mapping[str, Mapping[str, int]]]:
    """How many pieces in the parcels of some cases are counted and not inspected, by case, number of the parcel, and
    article.
    """
    by_case: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for case_id, parcel, sku, pieces in shop.session.execute(_WAITING, {"ids": case_ids}):
        by_case[case_id][parcel][sku] = int(pieces)
    return by_case


def found_until_turned_down(shop: Shop, case_ids: Sequence[int]) -> Mapping[int, Mapping[Grade, int]]:
    """The pieces that were found for lines of some turned-down cases and are held since, for nobody: how many of each
    grade, by case line.
    """
    numbers = {
        number
        for (number,) in shop.session.execute(
            sa.select(col(Parcel.number))
            .join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
            .where(col(ParcelCase.case_id).in_(case_ids))
        )
    }
    held = _held_findings(shop, numbers) if numbers else []
    lines: dict[int, tuple[int, str]] = {}
    if held:
        query = sa.select(col(Inspection.id), col(Inspection.case_line_id), col(Inspection.grade))
        query = query.join(CaseLine, col(CaseLine.id) == col(Inspection.case_line_id))
        query = query.where(col(Inspection.id).in_([finding for finding, _pieces in held]))
        query = query.where(col(CaseLine.case_id).in_(case_ids))
        lines = {finding: (line, grade) for finding, line, grade in shop.session.execute(query)}
    by_line: dict[int, dict[Grade, int]] = defaultdict(lambda: defaultdict(int))
    for finding, pieces in held:
        if finding in lines:
            line, grade = lines[finding]
            by_line[line][Grade(grade)] += pieces
    return by_line


def _held_findings(shop: Shop, parcels: Collection[str]) -> list[tuple[int, int]]:
    """The findings whose pieces are held in some parcels since their case was turned down, by the parcels' events, each
    with how many pieces were not freed since.
    """
    query = sa.select(col(Event.subject), col(Event.action), col(Event.payload))
    query = query.where(col(Event.subject).in_(parcels), col(Event.action).in_(["grade", "free"]))
    rows = shop.session.execute(query.order_by(col(Event.seq)))
    told = [(subject, action, json.loads(payload)) for subject, action, payload in rows]
    # what this piece of work did stands in the history only at its end
    told += [(event["subject"], event["action"], event["payload"]) for event in shop.events]
    held: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for subject, action, facts in told:
        if subject in parcels and action == "grade" and "finding" in facts:
            held[subject, facts["sku"]].append((facts["finding"], facts["pieces"]))
        elif subject in parcels and action == "free":
            held[subject, facts["sku"]] = _without_first(held[subject, facts["sku"]], facts["pieces"])
    return [each for findings in held.values() for each in findings]


def _without_first(findings: Sequence[tuple[int, int]], freed: int) -> list[tuple[int, int]]:
    """Findings with their pieces, less the first so many of these."""
    left = []
    for finding, pieces in findings:
        taken = min(freed, pieces)
        freed -= taken
        left += [(finding, pieces - taken)] if pieces > taken else []
    return left
