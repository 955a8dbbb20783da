"""The history tells what was written of each row; older books are told once, and an edit is never told as if it were
ours.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from retcli import opening
from retcli.actions.books import check as actions
from retcli.actions.books import history
from retcli.actions.cases import decisions
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import staff
from retcli.database import copies, engine, ownership
from retcli.database.history import facts
from retcli.opening import prepare
from retcli.rules.lifecycles import Kind, Role
from retcli.settings import Asked
from retcli.shop import Shop
from retcli.transaction import opened
from tests.shopfloor import MANAGER, NOON, OWNER, Books
from tests.terminal import Desk

ORDER = "2850000000000000441"


def problems(books: Books) -> list[tuple[int, str, str]]:
    with opened(books.asked(), writes=False) as shop:
        return [(problem.invariant, problem.where, problem.text) for problem in actions.check(shop).problems]


def attempt(books: Books, *statements: str) -> None:
    """Somebody works on the books past the program, the triggers in place."""
    with engine.engine(books.database).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.fixture
def paid(books: Books) -> str:
    """A payout that is due."""
    books.hire()
    books.order(ORDER, ("TS-L", 2, 1000))
    case = books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="Q_FUNC")
    books.do(decisions.approve, case.number, waive=["evidence"], because="139 8765 4321 说好的", by=MANAGER)
    return str(books.do(payouts.refund, case.number, by=MANAGER).number)


def test_an_edit_is_named_with_its_column_and_both_values(books: Books, paid: str) -> None:
    books.check()
    attempt(books, "UPDATE payouts SET payee = 'somebody' WHERE id = 1", "UPDATE staff SET role = 'owner' WHERE id = 3")
    assert problems(books) == [
        (13, f"payouts/1 {paid}", "payee is somebody, its events tell buyer"),
        (13, "staff/3", "role is owner, its events tell agent"),
    ]


def test_what_an_edit_left_is_not_told_by_the_next_piece_of_work(books: Books, paid: str) -> None:
    """Somebody edits a payout, then it is worked on as ever: the edit stays named, the work does not count as one."""
    attempt(books, "UPDATE payouts SET payee = 'somebody' WHERE id = 1")
    books.do(payout_steps.step, paid, "send", by=MANAGER)
    assert problems(books) == [(13, f"payouts/1 {paid}", "payee is somebody, its events tell buyer")]


def test_a_row_that_was_slipped_in_stays_untold_when_it_is_worked_on(books: Books, paid: str) -> None:
    with engine.engine(books.database).begin() as connection:
        columns = "kind, method, payee, minor, currency, origin, version, decided_by, decided_at, because"
        connection.execute(
            sa.text(
                f"INSERT INTO payouts (number, request, case_id, order_id, state, {columns})"
                f" SELECT 'PO1', 'slipped', case_id, order_id, 'due', {columns} FROM payouts"
            )
        )
    books.do(payout_steps.step, "PO1", "send", by=MANAGER)
    assert (13, "payouts/2 PO1", "it stands there, but no event tells of it") in problems(books)


def test_paid_and_lines_changed_together_are_named(books: Books, paid: str) -> None:
    attempt(books, "UPDATE orders SET paid = 2000", "UPDATE order_lines SET cash = 2000")
    assert [where for rule, where, _text in problems(books) if rule == 13] == ["order_lines/1", "orders/1"]


@pytest.mark.parametrize(
    "column, value",
    [
        ("orders.signed_at", "2026-11-08 10:00:00+00"),
        ("orders.signed_by", "carrier"),
        ("orders.shipped", True),
        ("orders.pieces", 5),
        ("order_lines.confirmed", True),
        ("order_lines.refunded", "whole"),
        ("cases.platform_mark", "other"),
    ],
)
def test_an_edit_of_what_rights_follow_from_is_named(books: Books, paid: str, column: str, value: object) -> None:
    books.check()
    table, _dot, name = column.partition(".")
    literal = f"'{value}'" if isinstance(value, str) else str(value).upper()
    attempt(books, f"UPDATE {table} SET {name} = {literal} WHERE id = 1")
    ((rule, where, text),) = problems(books)
    assert (rule, where.split()[0]) == (13, f"{table}/1")
    assert text.startswith(f"{name} is ")


def test_a_payload_that_is_no_json_is_said_in_our_words(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retcli.actions.books.history.compared", lambda _shop: json.loads('{"a": 1} x'))
    assert problems(books)[0][2] == "what the books hold here cannot be read: no JSON from character 10 on"


def test_yes_and_no_are_said_in_words(books: Books, paid: str) -> None:
    attempt(books, "UPDATE orders SET shipped = TRUE WHERE id = 1")
    assert problems(books) == [(13, "orders/1", "shipped is true, its events tell false")]


def test_a_later_file_tells_only_the_rows_that_it_changed(books: Books) -> None:
    for number in (ORDER, "2850000000000000442"):
        books.order(number, ("TS-L", 2, 1000))
    before = books.value("SELECT MAX(seq) FROM events")
    with opened(books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE orders SET status = 'closed', buyer = 'b**' WHERE id = 2"))
        shop.session.execute(sa.text("UPDATE orders SET status = status WHERE id = 1"))
    told = books.rows("SELECT payload FROM events WHERE seq > :before", before=before)
    assert [json.loads(row[0]) for row in told] == [{"changed": {"orders": {"2": {"status": "closed"}}}}]
    books.check()


def test_no_event_repeats_what_somebody_typed(books: Books, paid: str) -> None:
    told = "".join(row[0] for row in books.rows("SELECT payload FROM events WHERE action = 'facts'"))
    assert '"because":"#' in told
    assert "8765" not in told
    assert "说好" not in told


def test_the_notebook_is_empty_after_each_piece_of_work(books: Books, paid: str) -> None:
    assert books.value("SELECT COUNT(*) FROM changed_rows") == 0


@pytest.mark.parametrize("name", ["refunded_before", "refunded_since"])
def test_older_books_are_told_once_as_they_stand(tmp_path: Path, name: str) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        script = Path(__file__).parents[2] / "oldbooks" / f"{name}.sql"
        connection.executescript(script.read_text(encoding="utf-8"))
    before = Books(str(path)).value("SELECT MAX(seq) FROM events")
    said: list[str] = []
    owner = Books(str(path)).value("SELECT name FROM staff WHERE role = 'owner'")
    asked = Asked(str(path), owner, rehearsed_at=NOON, remark=said.append)
    prepare(asked)
    assert [text for text in said if "history tells every row" in text]
    with opened(asked, writes=False) as shop:
        view = actions.check(shop)
    told = [problem for problem in view.problems if problem.invariant in {8, 13}]
    assert (told, view.since > before) == ([], True)
    attempt(Books(str(path)), "UPDATE orders SET paid = paid + 1 WHERE id = 1")
    with opened(asked, writes=False) as shop:
        assert (13, "orders/1") in {(problem.invariant, problem.where) for problem in actions.check(shop).problems}


def test_books_that_told_money_alone_tell_the_rest_once(tmp_path: Path) -> None:
    """What they told before stays as it was told: an edit of it is none the less named, and so is a row slipped in."""
    books = Books(str(tmp_path / "old.db"))
    with closing(sqlite3.connect(books.database)) as connection:
        script = Path(__file__).parents[2] / "oldbooks" / "money_told.sql"
        connection.executescript(script.read_text(encoding="utf-8"))
        columns = (
            "platform, shop, status, platform_status, currency, paid, freight, buyer, receiver, phone, phone_tail,"
            " address, buyer_remark, seller_remark, waybill, carrier, signed_at, signed_by"
        )
        connection.execute("UPDATE orders SET paid = paid + 1 WHERE id = 1")
        connection.execute(f"INSERT INTO orders (id, number, {columns}) SELECT 9, 'x', {columns} FROM orders")
        connection.commit()
    edited = {(13, "orders/1", "paid is 1001, its events tell 1000")}
    slipped = {(13, "orders/9", "it stands there, but no event tells of it")}
    assert {problem for problem in problems(books) if problem[0] == 13} == edited | slipped
    assert books.rows("SELECT id FROM changed_rows WHERE id > 2") == []
    attempt(books, "UPDATE orders SET signed_at = NULL WHERE id = 1")
    ((_rule, _where, text),) = [problem for problem in problems(books) if problem[1] == "orders/1"]
    assert "paid is 1001" in text
    assert "signed_at is -, its events tell 2026-11-06" in text


# -- the end of the history, as copies and workbooks remember it ------------------------------------------------------


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    sqlite_books.order(ORDER, ("TS-L", 2, 1000))
    return Desk(sqlite_books.database)


def earlier(desk: Desk, copy: Path) -> None:
    """The books of before are laid over those of now by hand: rows, chain and anchor agree, and the end is gone."""
    engine.engine(desk.database).dispose()
    for ending in ("-wal", "-shm"):
        Path(desk.database + ending).unlink(missing_ok=True)
    shutil.copyfile(copy, desk.database)


def texts(desk: Desk, *words: str, code: int = 3) -> list[tuple[str, str]]:
    found = desk.read("books", "check", *words, code=code)["problems"]
    return [(problem["where"], problem["text"]) for problem in found]


def test_what_an_edit_left_is_not_told_by_an_upgrade_either(books: Books, paid: str) -> None:
    """Only what the revisions themselves changed is told."""
    attempt(books, "UPDATE payouts SET payee = 'somebody' WHERE id = 1")
    with engine.engine(books.database).begin() as connection:
        noted = facts.last_noted(connection)
        connection.execute(sa.text("UPDATE cases SET detail = 'brought up' WHERE id = 1"))
        opening._tell(books.asked(), "0024", connection, noted)
    assert noted > 0
    assert problems(books) == [(13, f"payouts/1 {paid}", "payee is somebody, its events tell buyer")]


def test_an_end_cut_off_with_its_anchor_is_named_by_a_later_copy(desk: Desk) -> None:
    first = Path(desk.read("books", "backup")["file"])
    desk.read("staff", "add", "小美", "--role", "agent")
    later = Path(desk.read("books", "backup")["file"])
    assert texts(desk, code=0) == []
    earlier(desk, first)
    ((where, text),) = texts(desk)
    assert where == later.name
    assert "their end was cut off or written anew" in text
    desk.read("staff", "add", "小红", "--role", "agent")  # a new end as long as the old one
    assert [where for where, _text in texts(desk)] == [later.name]


def test_the_ends_left_behind_are_asked_for_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Path(desk.read("books", "backup")["file"])
    for name in ("小美", "小红", "小明"):
        desk.read("staff", "add", name, "--role", "agent")
        desk.read("books", "backup")
    earlier(desk, first)
    asked, plain = [], history._left_behind

    def counted(shop: Shop, further: Sequence[copies.Copy]) -> set[str]:
        asked.append(len(further))
        return plain(shop, further)

    monkeypatch.setattr(history, "_left_behind", counted)
    assert len(texts(desk)) == 3
    assert asked == [3]


@pytest.mark.parametrize("told", [True, False], ids=["by name", "as older books tell it"])
def test_an_end_left_behind_by_a_restore_is_none_cut_off(
    desk: Desk, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.live = True
    first = desk.read("books", "backup")["file"]
    desk.read("staff", "add", "小美", "--role", "agent", by=OWNER)
    desk.read("books", "backup")
    if not told:
        plain = Shop.record

        def record(shop: Shop, subject: str, action: str, **payload: object) -> None:
            payload.pop("left", None)
            plain(shop, subject, action, **payload)

        monkeypatch.setattr(Shop, "record", record)
    desk.read("books", "restore", first, "--yes")
    assert texts(desk, code=0) == []


def test_a_workbook_remembers_the_end_of_the_books_that_it_was_made_from(desk: Desk, tmp_path: Path) -> None:
    first = Path(desk.read("books", "backup")["file"])
    desk.read("staff", "add", "小美", "--role", "agent")
    anchor = desk.books.rows("SELECT seq, substr(hash, 1, 8) FROM anchors")[0]
    book = tmp_path / "对账.xlsx"
    desk.read("export", "reconciliation", "--month", "2026-11", "-o", str(book))
    written = f"e{anchor[0]}-{anchor[1]}"
    assert texts(desk, str(book), written, first.name, code=0) == []
    for named in ("e8e1", "e123", "cafe"):
        assert texts(desk, re.sub(r"-[0-9a-f]{4}-(?=\d{8}-)", f"-{named}-", first.name), code=0) == [], named
    earlier(desk, first)
    assert [where for where, _text in texts(desk, str(book), written, first.name)] == [book.name, written]
    assert "names no event" in desk.refused("books", "check", "对账", code=2)


def test_whose_books_were_is_read_from_the_copy_that_goes_farthest(desk: Desk, tmp_path: Path) -> None:
    """A clock that was wrong once does not make an old copy the newest."""
    old = Path(desk.read("books", "backup")["file"])
    desk.books.do(staff.add, "二老板", Role.OWNER)
    desk.read("books", "backup")
    old.rename(old.with_name(re.sub(r"-\d{8}-", "-20990101-", old.name)))
    founding = desk.books.value("SELECT hash FROM events WHERE seq = 1")
    theirs = ownership.of_copies(desk.database, [copies.beside(desk.database)], founding)
    assert theirs is not None
    assert theirs.owners == {OWNER, "二老板"}
