"""Report files for tests, written as the Taobao back-end does it, and the books compared as a whole."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from fixtures import Line, Order, Refund, report_rows, write_rows
from fixtures.reports import Row
from retcli.actions.cases import decisions, platform_list
from retcli.actions.imports import import_questions, intake
from retcli.database import engine
from retcli.models import imports as _tables  # noqa: F401 (its tables belong into a dump)
from retcli.models import metadata
from retcli.views.imports.import_questions import AnsweredView
from retcli.views.imports.imports import FileView, ImportView
from tests.shopfloor import FIXTURES, MANAGER, Books, shanghai

EXPORTS = FIXTURES / "exports"
ORDERS, ITEMS, REFUNDS = "taobao.order.2021a", "taobao.item.2026_xlsx", "taobao.refund.2026"
REQUESTED, SUCCEEDED, CLOSED = "买家已经申请退款，等待卖家同意", "退款成功", "退款关闭"
ORDERED = datetime(2026, 11, 1, 9, 30)
OPENED = shanghai("2026-11-02 09:00")
"""The desk begins with its first files, so that what succeeds later could have been decided in it."""
ABOUT_FILES = frozenset({"imports", "import_faults", "events", "anchors"})
"""Tables that tell how the books came about, not what stands in them."""


def sold(number: str, *lines: tuple[str, int, int], freight: int = 0, **facts: Any) -> Order:
    """An order of (sku, pieces, cash in fen for all of them), paid, sent and confirmed unless said."""
    made = tuple(
        Line(
            number=number if len(lines) == 1 else f"{number[:-2]}{place:02d}",
            sku=sku,
            title=f"商品{sku}",
            variant="",
            price=-(-cash // pieces),
            quantity=pieces,
            discount=-(-cash // pieces) * pieces - cash,
            cash=cash,
        )
        for place, (sku, pieces, cash) in enumerate(lines, 1)
    )
    known: dict[str, Any] = {
        "buyer": f"买家{number[-6:]}",
        "receiver": "林小满",
        "phone": "13900001234",
        "address": "浙江省 金华市 青禾镇 1号",
        "waybill": f"SF1{number[-12:].zfill(12)}",
        "carrier": "顺丰速运",
        "created_at": ORDERED,
        "paid_at": ORDERED + timedelta(minutes=5),
        "shipped_at": ORDERED + timedelta(days=1),
        "confirmed_at": ORDERED + timedelta(days=4),
        "status": "交易成功",
        "paid": sum(cash for _sku, _n, cash in lines) + freight,
        "freight": freight,
        "lines": made,
        "buyer_remark": "",
        "seller_remark": "",
    }
    return Order(number=number, **(known | facts))


def unsent(order: Order) -> Order:
    """The same order, paid and not sent yet."""
    return replace(order, waybill="", carrier="", shipped_at=None, confirmed_at=None, status="买家已付款，等待卖家发货")


def asked_back(
    number: str, order: Order, amount: int, *, line: int | None = 0, kind: str = "退货退款", status: str = SUCCEEDED,
    **facts: Any,
) -> Refund:  # fmt: skip
    """A refund of an order's line (by place; None for the whole order) of so many fen."""
    at = ORDERED + timedelta(days=5)
    known: dict[str, Any] = {
        "reason": "7天无理由退换货",
        "note": "",
        "quantity": 1,
        "applied_at": at,
        "deadline_at": None,
        "finished_at": at + timedelta(days=3) if status in {SUCCEEDED, CLOSED} else None,
        "goods": "买家已收到货",
        "waybill": "",
        "carrier": "",
        "intervention": "不需客服介入",
        "steps": (),
    }
    about = None if line is None else order.lines[line]
    return Refund(number, order, about, kind, amount=amount, status=status, **(known | facts))


def settle(folder: Path) -> Path:
    """The folder an hour later: nobody writes to its files any more."""
    for path in folder.iterdir():
        os.utime(path, (time.time() - 3600,) * 2, follow_symlinks=False)
    return folder


@dataclass
class Folder:
    """A folder that report files are downloaded to; every file gets a name of its own unless it is named."""

    path: Path
    made: int = 0

    def _new(self, name: str, suffix: str) -> Path:
        self.made += 1
        return self.path / (name or f"{self.made:03d}{suffix}")

    def orders(self, *orders: Order, layout: str = ORDERS, name: str = "") -> Path:
        """An order report."""
        return self.rows(list(report_rows(orders, layout, ".csv")), name or "")

    def items(self, *orders: Order, layout: str = ITEMS, name: str = "") -> Path:
        """An item report."""
        return self.rows(list(report_rows(orders, layout, ".csv")), name or "")

    def refunds(self, *refunds: Refund, layout: str = REFUNDS, name: str = "") -> Path:
        """A refund report."""
        return self.rows(list(report_rows(refunds, layout, ".csv")), name or "")

    def both(self, *orders: Order) -> tuple[Path, Path]:
        """An order report and its item report."""
        return self.orders(*orders), self.items(*orders)

    def rows(self, rows: Sequence[Row], name: str = "", *, encoding: str = "gb18030") -> Path:
        """Ready rows, the header first."""
        path = self._new(name, ".csv")
        write_rows(rows, path, encoding=encoding)
        return path


def changed(rows: Sequence[Row], place: int, cells: Mapping[str, Any]) -> list[Row]:
    """The rows with cells of one of them (the header is 0) replaced, by column name."""
    made = [list(row) for row in rows]
    for column, value in cells.items():
        made[place][[str(name).strip() for name in made[0]].index(column)] = value
    return made


def take(books: Books, *paths: Path, **options: Any) -> ImportView:
    """Files taken in."""
    return intake.take_in(books.asked(), paths, **options)


def clicked(books: Books, folder: Folder, bought: Order, amount: int, number: str = "31", **facts: Any) -> Refund:
    """What the buyer of an order that was not sent asks back without goods (fen), agreed to by the manager and said to
    be clicked two days before the desk looks at it again.
    """
    books.hire()
    unsent_order = unsent(bought)
    wish = asked_back(number, unsent_order, amount, kind="仅退款", status=REQUESTED, goods="买家未收到货", **facts)
    take(books, *folder.both(unsent_order), folder.refunds(wish))
    books.at = shanghai("2026-11-07 12:00")
    books.do(decisions.approve, number, by=MANAGER)
    books.do(platform_list.done, [number], by=MANAGER)
    return wish


def take_one(books: Books, path: Path, **options: Any) -> FileView:
    """One file taken in; every row of it is accounted for."""
    (file,) = take(books, path, **options).files
    assert file.added + file.changed + file.unchanged + file.refused == file.rows
    return file


def counts(file: FileView) -> tuple[int, int, int, int, int]:
    """Rows, added, changed, unchanged, refused."""
    return file.rows, file.added, file.changed, file.unchanged, file.refused


def dump(books: Books, *, without: frozenset[str] = frozenset(), plain: bool = False) -> dict[str, list[Any]]:
    """Everything that stands in the books, table by table, but when somebody ran an import; `plain` leaves out which
    file it came from.
    """
    hidden = {"import_id", "row", "at", "version", "opened_at"} if plain else set()
    found: dict[str, list[Any]] = {}
    with Session(engine.reading(books.database)) as session:
        for table in metadata.sorted_tables:
            if table.name not in {"runs", *without}:
                columns = [column for column in table.columns if column.name not in hidden]
                rows = session.execute(sa.select(*columns).order_by(*table.primary_key)).all()
                found[table.name] = [tuple(row) for row in rows]
    return found


def facts(books: Books) -> dict[str, list[Any]]:
    """What stands in the books, however it came there."""
    return dump(books, without=ABOUT_FILES, plain=True)


def in_books(books: Books) -> dict[str, dict[str, Any]]:
    """Orders as fixtures/expected/shop.json tells them."""
    orders: dict[str, dict[str, Any]] = {
        number: {"paid": paid, "freight": freight, "lines": []}
        for number, paid, freight in books.rows("SELECT number, paid, freight FROM orders")
    }
    rows = books.rows(
        "SELECT o.number, l.number, l.sku, l.quantity, l.cash FROM order_lines l JOIN orders o ON o.id = l.order_id"
        " ORDER BY o.id, l.position"
    )
    for order, *line in rows:
        orders[order]["lines"].append(list(line))
    return orders


def see_each(books: Books, by: str) -> AnsweredView | None:
    """Each open question noted as seen, one by one; the last answer."""
    view = None
    for change in books.do(import_questions.questions).questions:
        view = books.do(import_questions.answer, change.number, "seen", by=by)
    return view


def questions(books: Books) -> list[tuple[str, str, str, str]]:
    """The questions a person must answer: subject, field, what the books say, what the file says."""
    changes = books.do(import_questions.questions).questions
    return [(value.subject, value.field, value.known, value.found) for change in changes for value in change.values]
