"""An import of refunds that decides rows of a step without the books does what one does that asks each time."""

import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from fixtures import Refund, make_shop, write_report
from retcli.actions.casefile.records import case_rows
from retcli.actions.imports import intake
from retcli.actions.orderfile import sent_orders, step_memory
from retcli.actions.shop import policies
from retcli.database.pending import AsksBooks, Pending
from retcli.database.staging.stages import StagedRow
from retcli.models.imports import Import
from retcli.models.tracking import Movement
from retcli.shop import Shop
from retcli.transaction import opened
from tests.reports import CLOSED, REQUESTED, SUCCEEDED, facts
from tests.shopfloor import NOON, Books

AGREED, REFUSED = "卖家已经同意退款，等待买家退货", "卖家拒绝退款"
RULES = """
version = "a"
from = 2026-06-20
[[auto_approve]]
kinds = ["refund-only", "return"]
most = "300.00"
"""
FILES = (("orders", "order.2016"), ("items", "item.2026_xlsx"))


def _odd(refunds: tuple[Refund, ...], seed: int) -> list[Refund]:
    """The refunds at other stations of their course, some for too much, of another's order or with another's parcel."""
    chance, odd = random.Random(seed), list[Refund]()
    for refund in refunds:
        before = chance.choice(odd or [refund])
        odd.append(
            chance.choice(
                [
                    refund,
                    replace(refund, status=chance.choice([REQUESTED, AGREED, REFUSED, CLOSED, SUCCEEDED])),
                    replace(refund, amount=refund.amount + chance.choice([-1, 1, 90_000])),
                    replace(refund, order=before.order, line=before.line),
                    replace(refund, waybill=before.waybill, carrier=before.carrier),
                ]
            )
        )
    return [*odd, *odd[:2]]


def _taken_in(books: Books, folder: Path) -> dict[str, Any]:
    """All that new books say after the reports of a made shop, with every event: first its refunds at odd stations, of
    which the shop's rules agree to some.
    """
    rules = folder / "policy.toml"
    rules.write_text(RULES, encoding="utf-8")
    replace(books, at=NOON - timedelta(days=150)).do(policies.load, rules)
    made = make_shop(5, 240, 40)
    paths = [folder / f"{name}.csv" for name, _layout in FILES]
    for path, (_name, layout) in zip(paths, FILES, strict=True):
        write_report(made.orders, f"taobao.{layout}", path)
    lists = [folder / "odd.csv", folder / "refunds.csv"]
    for path, refunds in zip(lists, (_odd(made.refunds[:30], 5), made.refunds), strict=True):
        write_report(refunds, "taobao.refund.2026", path)
    for path in (*paths, *lists):
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
        intake.take_in(books.asked(), [path])
    books.check()
    told = books.rows("SELECT subject, action, payload FROM events WHERE subject NOT LIKE 'books%' ORDER BY seq")
    problems = books.rows("SELECT import_id, row, problem FROM import_faults ORDER BY id")
    return facts(books) | {
        "events": [(subject, action, json.loads(payload)) for subject, action, payload in told],
        "faults": [tuple(fault) for fault in problems],
    }


def _asks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_memory, "of", lambda _shop: step_memory.StepMemory())


def _asks_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row asks the books when nearly all of it is decided."""
    born = Shop.born

    def asks(shop: Shop, *args: Any, **payload: Any) -> None:
        born(shop, *args, **payload)
        if shop.pending is not None and len(shop.pending.rows) > 1:
            raise AsksBooks

    monkeypatch.setattr(Shop, "born", asks)


def _is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The books refuse a row of all that is written together, once the most of it is written."""

    def refuses(_pending: Pending, connection: sa.Connection) -> None:
        connection.execute(sa.text("INSERT INTO draws SELECT * FROM draws LIMIT 1"))

    monkeypatch.setattr(Pending, "_write_numbers", refuses)


@pytest.mark.parametrize("hampered", [_asks_each_time, _asks_at_last, _is_refused])
def test_what_is_decided_without_the_books_is_what_they_would_have_said(
    hampered: Callable[[pytest.MonkeyPatch], None], decided: dict[str, Any], sqlite_books: Books, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    hampered(monkeypatch)
    hampered_books = replace(sqlite_books, database=str(tmp_path / "hampered.db"))
    assert _taken_in(hampered_books, tmp_path) == decided
    assert decided["faults"], "some rows are refused among those that are taken in"
    assert "agree_by_rule" in {action for _subject, action, _payload in decided["events"]}


@pytest.fixture
def decided(sqlite_books: Books, tmp_path: Path) -> dict[str, Any]:
    """What the books say after the reports where nothing hampers the import."""
    others = replace(sqlite_books, database=str(tmp_path / "others.db"))
    return _taken_in(others, tmp_path)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The statements that all connections are given as long as the test lasts."""
    given: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        given.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield given
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_first_refunds_of_their_orders_are_written_many_at_once(
    sqlite_books: Books, tmp_path: Path, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, report = make_shop(5, 240, 40), tmp_path / "refunds.csv"
    for name, layout in FILES:
        write_report(made.orders, f"taobao.{layout}", tmp_path / f"{name}.csv")
        intake.take_in(sqlite_books.asked(), [tmp_path / f"{name}.csv"])
    firsts = list({refund.order.number: refund for refund in made.refunds}.values())
    write_report(firsts, "taobao.refund.2026", report)
    monkeypatch.setattr("retcli.actions.imports.pace.SHORTEST_OF", {"refunds": len(firsts)})
    statements.clear()
    intake.take_in(sqlite_books.asked(), [report])
    assert len([text for text in statements if text.startswith(("INSERT INTO cases", "INSERT INTO draws"))]) == 2
    assert len(statements) < 200, "whatever the number of rows"
    sqlite_books.check()


def test_orders_in_one_parcel_are_lost_together_by_the_carriers_last_word(sqlite_books: Books) -> None:
    for place, waybill in enumerate(("SF1", "SF1", "SF2", ""), 1):
        sqlite_books.order(f"285000000000000001{place}", ("TS-L", 1, 1000), shipped=False)
        with opened(sqlite_books.asked()) as shop:
            shop.session.execute(sa.text("UPDATE orders SET waybill = :w WHERE id = :id"), {"w": waybill, "id": place})
    told = (("SF1", "lost", 2), ("SF1", "sent", 1), ("SF2", "lost", 1), ("SF2", "signed", 2))
    with opened(sqlite_books.asked()) as shop:
        facts_of_file: dict[str, Any] = dict.fromkeys(
            ("sha256", "name", "format", "holds", "platform", "state", "by"), "track"
        )
        track = shop.add(Import(**facts_of_file, started_at=NOON))
        for waybill, status, hours in told:
            at = NOON - timedelta(hours=9 - hours)
            shop.add(Movement(import_id=track.id, row=hours, waybill=waybill, status=status, at=at))
    rows = [StagedRow(n, "", "", {"order": f"285000000000000001{n}", "refund": str(n)}) for n in range(1, 5)]
    with opened(sqlite_books.asked()) as shop, step_memory.remembered(shop, "taobao", rows) as memory:
        assert memory.lost == {1, 2}


def test_what_a_step_reads_is_looked_up(sqlite_books: Books) -> None:
    """However many rows there are, the books' own rows that no index names are never walked through."""
    modules = (step_memory, sent_orders, case_rows)
    statements = [each for module in modules for each in vars(module).values() if isinstance(each, sa.Select)]
    values = {"names": [str(n) for n in range(50)], "ids": list(range(50)), "platform": "taobao"}
    with opened(sqlite_books.asked(), writes=False) as shop:
        for statement in statements:
            whole = statement.params(**{name: values[name] for name in statement.compile().params if name in values})
            text = whole.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            for *_place, step in shop.session.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")):
                assert "SCAN" not in step
                assert "(platform=?)" not in step
    assert len(statements) > 10
