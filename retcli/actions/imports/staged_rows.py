"""Makes the rows of a file into rows of the stage: of orders (heads), of lines, of waybills, or records of anything
else.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from retcli.database.staging.columns import LINE_FACTS, ORDER_FACTS, READING
from retcli.database.staging.stages import Part, Stage, StagedFault
from retcli.language import mark
from retcli.platforms import line_standing, order_standing
from retcli.reading.dialect import Fault
from retcli.reading.reader import Reading
from retcli.reading.records import Chunk
from retcli.reading.waybills import with_carriers
from retcli.rules.imports.orders import UNPAID

HEADS, LINES, RECORDS, WAYBILLS = "heads", "lines", "records", "waybills"
TABLES = {"orders": (HEADS,), "items": (LINES,), "sales": (HEADS, LINES)}
"""The stage's tables that a kind of file fills; every other kind fills the records."""
_PAID = frozenset({"paid", "shipped", "done"})


def counted(holds: str) -> str:
    """The stage's table whose rows count as the rows of a kind of file."""
    return TABLES.get(holds, (RECORDS,))[-1]


def parts(reading: Reading, stage: Stage) -> Iterator[Part]:
    """The rows and faults of a recognised file as parts of its stage, chunk by chunk."""
    tables = TABLES.get(reading.dialect.holds, (RECORDS,))
    for chunk in reading.chunks:
        rows = _Rows(chunk, stage, reading.dialect.platform)
        part = Part({table: _MAKERS[table](rows) for table in tables})
        if tables[0] != RECORDS:
            part.rows[WAYBILLS] = _waybills(rows, 1 if HEADS in tables else 0)
        if tables == (HEADS, LINES):
            _refuse_unpriced(chunk, part)
        part.rows.setdefault("faults", []).extend(_fault(fault) for fault in chunk.faults)
        yield part


def _fault(fault: Fault) -> tuple[Any, ...]:
    return StagedFault(fault.row, fault.column, fault.text, fault.problem, fault.order).cells()


class _Rows:
    """The columns of a chunk of rows by our words; a word that the file does not have is a column of None."""

    def __init__(self, chunk: Chunk, stage: Stage, platform: str) -> None:
        self.chunk = chunk
        self.stage = stage
        self.platform = platform
        self.nothing = [None] * len(chunk.numbers)

    def first_of(self, *names: str) -> Sequence[Any]:
        """For each row the value of the first of some words that it has; an empty text counts as none (None)."""
        columns = [self.chunk.columns[name] for name in names if name in self.chunk.columns]
        if not columns:
            return self.nothing
        if len(columns) == 1:
            return [None if value == "" else value for value in columns[0]]
        return [next((value for value in row if value not in (None, "")), None) for row in zip(*columns, strict=True)]


def _heads(rows: _Rows) -> list[tuple[Any, ...]]:
    """The heads of orders, a row each. Unpaid orders are worth nothing yet; a carrier's signature beats the buyer's
    confirmation; a phone is also kept by its last digits; of a deposit the whole price is not there to compare.
    """
    facts = {name: rows.first_of(name) for name in (*ORDER_FACTS, *READING)}
    facts["refunded_there"] = rows.first_of("refunded_amount")
    # of several waybills in a cell the first is the order's own; the others are `_waybills`
    facts["waybill"] = [text and text.partition(" ")[0] for text in facts["waybill"]]
    paid_for = [at is not None or status in _PAID for at, status in zip(facts["paid_at"], facts["status"], strict=True)]
    for name in ("paid", "freight"):
        facts[name] = [minor if yes else 0 for minor, yes in zip(facts[name], paid_for, strict=True)]
    facts["phone_tail"] = [_tail(phone) for phone in facts["phone"]]
    words = zip(facts["platform_status"], facts["status"], strict=True)
    standings = [order_standing(rows.platform, written or "", status or "") for written, status in words]
    facts["shipped"] = [standing.shipped or None for standing in standings]
    facts["refunded"] = [standing.refunded or None for standing in standings]
    by_carrier, confirmed = rows.first_of("carrier_signed_at"), rows.first_of("confirmed_at")
    facts["signed_at"] = [at or later for at, later in zip(by_carrier, confirmed, strict=True)]
    facts["signed_by"] = [
        "carrier" if at else "confirmed" if later else None for at, later in zip(by_carrier, confirmed, strict=True)
    ]
    reading = [yes and status != UNPAID for yes, status in zip(paid_for, facts["status"], strict=True)]
    for name in READING:
        facts[name] = [minor if yes else None for minor, yes in zip(facts[name], reading, strict=True)]
    for name in ("ordered_at", "paid_at", "shipped_at", "signed_at"):
        facts[name] = rows.stage.instants(facts[name])
    return list(
        zip(rows.chunk.numbers, rows.first_of("order"), rows.first_of("shop_name"), *facts.values(), strict=True)
    )


def _tail(phone: str | None) -> str | None:
    """The last four digits of a phone (without an extension); None where they are masked."""
    tail = (phone or "").split("-")[0][-4:]
    return tail if tail.isdigit() else None


def _waybills(rows: _Rows, first: int) -> list[tuple[Any, ...]]:
    """The waybills that each row names from the place `first` on, with the carrier of each where as many are named, and
    the time of sending.
    """
    named = rows.first_of("waybill")
    several = [place for place, text in enumerate(named) if text and (not first or " " in text)]
    orders, carriers = rows.first_of("order"), rows.first_of("carriers", "carrier")
    shipped_at = rows.stage.instants(rows.first_of("shipped_at"))
    return [
        (rows.chunk.numbers[place], orders[place], waybill, carrier, shipped_at[place])
        for place in several
        for waybill, carrier in with_carriers(named[place].split(), carriers[place] or "")[first:]
    ]


def _lines(rows: _Rows) -> list[tuple[Any, ...]]:
    """The lines of orders, a row each."""
    facts = {name: rows.first_of(name) for name in LINE_FACTS}
    facts["sku"] = rows.first_of("sku", "outer_sku")
    facts["variant"] = rows.first_of("variant", "bundle")
    standings = [line_standing(rows.platform, words or "") for words in facts["line_status"]]
    facts["line_state"] = [standing.status or None for standing in standings]
    facts["line_refunded"] = [standing.refunded or None for standing in standings]
    facts["refunded_there"] = rows.first_of("line_refunded_amount")
    return list(zip(rows.chunk.numbers, rows.first_of("order"), rows.first_of("line"), *facts.values(), strict=True))


def _refuse_unpriced(chunk: Chunk, part: Part) -> None:
    """Makes faults of rows that name neither what their order nor what their line cost the buyer."""
    paid, stated = _place("paid", ORDER_FACTS), _place("stated", LINE_FACTS)
    lacking = {
        head[0]: head[1]
        for head, line in zip(part.rows[HEADS], part.rows[LINES], strict=True)
        if head[paid] is None and line[stated] is None
    }
    if lacking:
        for table in (HEADS, LINES, WAYBILLS):
            part.rows[table] = [row for row in part.rows[table] if row[0] not in lacking]
        problem = mark("neither the order's nor the line's paid amount is in the file")
        part.rows["faults"] = [StagedFault(row, "", order, problem, order).cells() for row, order in lacking.items()]


def _place(name: str, facts: Iterable[str]) -> int:
    """The place of a fact in a row of heads or lines: behind row number, order, and shop or line."""
    return 3 + list(facts).index(name)


def _records(rows: _Rows) -> list[tuple[Any, ...]]:
    """Records of any other kind, with their values as JSON. `target` and `line` tell them apart: two records that share
    both must be equal.
    """
    names, columns = tuple(rows.chunk.columns), rows.chunk.columns.values()
    payloads = (
        json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, sort_keys=True)
        for row in zip(*columns, strict=True)
    )
    targets = [text or "" for text in rows.first_of("number", "order", "sku", "waybill")]
    lines = [text or "" for text in rows.first_of("number", "refund", "line")]
    # a count is known by bucket and instant, a movement by instant, status and words
    if "counted_at" in rows.chunk.columns:
        lines = [
            f"{bucket} {at}" for bucket, at in zip(rows.first_of("bucket"), rows.first_of("counted_at"), strict=True)
        ]
    if "event" in rows.chunk.columns:
        when_and_what = zip(rows.first_of("at"), rows.first_of("status"), rows.first_of("event"), strict=True)
        lines = [" ".join(part or "" for part in event) for event in when_and_what]
    return list(zip(rows.chunk.numbers, targets, lines, payloads, strict=True))


_MAKERS = {HEADS: _heads, LINES: _lines, RECORDS: _records}
