"""Books changed behind the program's back, the triggers put back after it: every edit is named by the check of the
books, or stands among those that do no harm.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from fixtures import write_rows
from retcli.actions.books import check as actions
from retcli.database import engine
from retcli.database.history import watched
from retcli.models import metadata
from retcli.rules.lifecycles import Role
from retcli.shop import Operator, Shop
from tests.commandtree import CALLS, Scene
from tests.reports import CLOSED, EXPORTS, Folder, asked_back, sold
from tests.shopfloor import NOON, OWNER, WAREHOUSE
from tests.terminal import Desk

watched.table_of("bills")
NAMED_ELSEWHERE = {"anchors", "events", "stock_balances"}
"""Tables that no event tells row by row, and of which an edit is named all the same."""
NOT_EDITED = {table for table in watched.ELSEWHERE if table not in NAMED_ELSEWHERE} | {watched.NOTEBOOK}
EDITED = sorted(set(metadata.tables) - NOT_EDITED)
LEFT_OUT = {"demo", "import", "books restore", "books init", "case review", "scan"}


def furnished(shop: Scene, folder: Path) -> Desk:
    """A shop in which every table has a row: everything was typed once that can be typed."""
    shutil.copytree(shop.path.parent, folder, dirs_exist_ok=True)
    everything = replace(shop, path=folder / shop.path.name)
    desk = Desk(str(everything.path), by=OWNER)
    for path, calls in CALLS.items():
        for call in calls if path not in LEFT_OUT else ():
            desk.type(*path.split(), *everything.words(call, folder))
    desk.read("case", "escalate", everything.names["order"], "--kind", "bad_review")
    desk.type("scan", "-", by=WAREHOUSE, typed="SF1666666666666\nTS-L\nA\nRCMDEND\n")
    count = folder / "盘点.csv"
    write_rows([["商家编码", "库存状态", "数量", "盘点时间"], ["TS-L", "可售", "9", "2026-11-09 10:00:00"]], count)
    statement = next((EXPORTS / "alipay").iterdir())
    tracking = folder / "物流.csv"
    names = ["运单号", "快递公司", "时间", "状态", "轨迹"]
    write_rows([names, ["SF1666666666666", "顺丰速运", "2026-11-08 10:00:00", "已签收", "在路上"]], tracking)
    refunded = [str(EXPORTS / "taobao" / "refunded" / name) for name in ("order_after.csv", "item_after.csv")]
    desk.type("import", str(count), str(EXPORTS / "商品资料.xlsx"), str(statement), str(tracking), *refunded)
    order = sold("2850000000000009900", ("TS-L", 1, 5000), waybill="773187945217235;No:YT9876543210123")
    reports = Folder(folder)
    desk.type("import", *map(str, reports.both(order)))
    paid = asked_back("9009900", order, 5000)
    for refund in (paid, replace(paid, status=CLOSED, finished_at=paid.applied_at + timedelta(days=4))):
        desk.type("import", str(reports.refunds(refund)))
    return desk


@pytest.fixture(scope="module")
def desk(whole_shop: Scene, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return furnished(whole_shop, tmp_path_factory.mktemp("tampering"))


@pytest.fixture(scope="module")
def opened_up(desk: Desk) -> Iterator[sa.Connection]:
    """A connection of somebody who has taken the triggers away and the constraints too."""
    made = engine.engine(desk.database)
    with made.connect() as connection:
        connection.commit()
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("PRAGMA ignore_check_constraints=ON")
        names = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        yield connection
        connection.rollback()
    made.dispose()


def named(connection: sa.Connection) -> set[tuple[int, str, str]]:
    """What the check of the books says of books as they stand on a connection."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        shop = Shop(session, Operator(OWNER, Role.OWNER), NOON, writes=False)
        return {(problem.invariant, problem.where, problem.text) for problem in actions.check(shop).problems}


@contextmanager
def edited(connection: sa.Connection, *statements: str) -> Iterator[None]:
    """Books in which somebody has done something, as long as it lasts."""
    with connection.begin_nested() as step:
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0, statement
        yield
        step.rollback()


def test_the_books_are_in_order_before(opened_up: sa.Connection) -> None:
    assert named(opened_up) == set()
    for table in EDITED:
        assert opened_up.scalar(sa.text(f"SELECT COUNT(*) FROM {table}")), f"{table} has no row to change"


def other(column: sa.Column[Any], value: Any) -> str:
    """Another value of a column, in SQL."""
    kind = watched.kind_of(column)
    if kind.__name__ == "datetime":
        return "'2026-11-01 01:02:03.000000'" if value is None else f"'{value}'"
    if kind is str:
        return f"'{value or ''}x'"
    if kind is bool:
        return str(int(not value))
    return "7" if value is None else str(int(value) + 1)


def edits(connection: sa.Connection, table: str) -> Iterator[tuple[str, str]]:
    """Every column changed in one row, a row deleted, a row added: what is changed, and the statement."""
    columns = [column for column in metadata.tables[table].columns if column.computed is None]
    keys = metadata.tables[table].primary_key.columns
    last = sa.select(*columns).order_by(*(key.desc() for key in keys)).limit(1)
    row = connection.execute(last).one()._mapping
    here = " AND ".join(f'"{key.name}" = {literal(row[key.name])}' for key in keys)
    unique = {column.name for column in keys} | set(one_of_a_kind(table))
    for column in columns:
        value = row[column.name]
        if column.name in unique and value is not None:
            yield column.name, f'UPDATE {table} SET "{column.name}" = {plus(column)} WHERE {here}'
            continue
        if watched.kind_of(column).__name__ == "datetime" and value is not None:
            value = f"{value - timedelta(seconds=1):%Y-%m-%d %H:%M:%S.%f}"
        yield column.name, f'UPDATE {table} SET "{column.name}" = {other(column, value)} WHERE {here}'
    yield "delete", f"DELETE FROM {table} WHERE {here}"
    values = [plus(column) if column.name in unique else f'"{column.name}"' for column in columns]
    names = ", ".join(f'"{column.name}"' for column in columns)
    yield "insert", f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE {here}"


def one_of_a_kind(table: str) -> Iterator[str]:
    """The columns of which the database allows each value once."""
    for constraint in metadata.tables[table].constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield from constraint.columns.keys()
    for index in metadata.tables[table].indexes:
        if index.unique:
            yield from index.columns.keys()


def plus(column: sa.Column[Any]) -> str:
    """A value that no row has yet."""
    return f'"{column.name}" + 100000' if watched.kind_of(column) is int else f"\"{column.name}\" || 'x'"


def literal(value: Any) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


@pytest.mark.parametrize("table", EDITED)
def test_every_edit_is_named_or_does_no_harm(opened_up: sa.Connection, table: str) -> None:
    unnamed = []
    for what, statement in edits(opened_up, table):
        with edited(opened_up, statement):
            if f"{table}.{what}" not in watched.HARMLESS and not named(opened_up):
                unnamed.append(statement)
    assert unnamed == []


def test_what_no_event_tells_is_said_with_its_reason() -> None:
    """Column by column and table by table, in one list for whoever relies on the history."""
    by_reason = defaultdict[str, list[str]](list)
    for name, reason in {**watched.HARMLESS, **watched.ELSEWHERE}.items():
        by_reason[reason].append(f"`{name}`")
    text = (Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8")
    listed = " ".join(text.partition("## What no event tells")[2].partition("\n## ")[0].split())
    names = {f"`{name}`" for name in re.findall(r"`([a-z_.]+)`", listed)}
    assert names == {name for named_so in by_reason.values() for name in named_so}
    for reason, names_of in by_reason.items():
        assert f"- {', '.join(sorted(names_of))}: {reason}." in listed


def test_only_persons_words_and_weights_are_untold_of_orders() -> None:
    """Every column of an order and its lines that a verdict reads is told."""
    untold = {name for name in watched.HARMLESS if name.startswith(("orders.", "order_lines."))}
    persons = {"address", "buyer", "buyer_remark", "phone", "phone_tail", "receiver", "seller_remark"}
    goods = {"orders.weight", "order_lines.title", "order_lines.variant"}
    assert untold == {f"orders.{name}" for name in persons} | goods
