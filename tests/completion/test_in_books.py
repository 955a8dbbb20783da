"""What the books have at TAB: the numbers, to whom they may be told, and nothing where the books cannot be read."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from retcli.completion import in_books
from retcli.database import engine
from tests.commandtree import Scene
from tests.completion.asking import answered, offered, values
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE, Books
from tests.terminal import program


def test_open_cases_come_with_kind_masked_buyer_and_amount(whole_shop: Scene) -> None:
    cases = offered(whole_shop.path, "case", "show", "")
    assert cases[whole_shop.names["asked"]].split("  ") == ["return and refund", "t*", "requested"]
    assert cases[whole_shop.names["approved"]].split("  ") == ["return and refund", "t*", "90.00", "approved"]
    assert whole_shop.names["withdrawn"] not in cases
    assert list(cases) == sorted(cases, reverse=True)


def test_a_case_is_found_by_its_end_by_its_order_and_in_any_letters(whole_shop: Scene) -> None:
    number = whole_shop.names["approved"]
    for typed in (number[-4:], number.lower(), number[:-1].lower()):
        assert number in values(whole_shop.path, "case", "show", typed)
    assert values(whole_shop.path, "case", "show", number[-4:]) == [number]
    assert values(whole_shop.path, "case", "show", "2850000000000000004") == [number]
    assert values(whole_shop.path, "case", "show", "%") == values(whole_shop.path, "case", "show", "_") == []


def test_finished_cases_stand_behind_open_ones_and_alone_where_one_is_to_be_opened_again(whole_shop: Scene) -> None:
    withdrawn = whole_shop.names["withdrawn"]
    with_all = values(whole_shop.path, "case", "show", withdrawn[:-4])
    assert with_all[-1] == withdrawn or withdrawn in with_all
    again = offered(whole_shop.path, "case", "reopen", "")
    assert withdrawn in again
    assert whole_shop.names["asked"] not in again


def test_cases_named_before_are_not_offered_again(whole_shop: Scene) -> None:
    first = values(whole_shop.path, "platform", "done", "")[0]
    assert first not in values(whole_shop.path, "platform", "done", first, "")


def test_a_line_is_one_of_the_case_or_order_that_was_typed_before(whole_shop: Scene, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(whole_shop.path, tmp_path / "shop.db"))
    with closing(sqlite3.connect(path)) as books:
        books.execute("INSERT INTO products (sku, name, category, warranty_months) VALUES ('ZZ-9', 'x', '', 0)")
        books.commit()
    order, case = whole_shop.names["order"], whole_shop.names["approved"]
    assert values(path, "case", "open", order, "--line", "") == ["TS-L"]
    assert values(path, "case", "change", case, "--line", "") == ["TS-L"]
    assert values(path, "case", "change", case[-4:], "--line", "") == ["TS-L"]
    assert values(path, "case", "change", case, "--line", "ZZ") == []
    assert "ZZ-9" in values(path, "case", "open", "--line", ""), "nothing was typed before: every article"


def test_an_order_is_offered_from_four_signs_on(whole_shop: Scene) -> None:
    order = whole_shop.names["order"]
    assert values(whole_shop.path, "order", "show", order[-3:]) == []
    assert values(whole_shop.path, "order", "show", "") == []
    assert offered(whole_shop.path, "order", "show", order[-4:])[order].startswith("t*  90.00")


def test_payouts_are_those_that_the_command_can_take(whole_shop: Scene) -> None:
    names = whole_shop.names
    for command, state in (("approve", "waiting"), ("sent", "due"), ("reverse", "confirmed")):
        payouts = offered(whole_shop.path, "pay", command, "")
        assert names[f"payout_{state}"] in payouts
        others = {names[f"payout_{other}"] for other in ("waiting", "due", "sent", "confirmed")}
        assert others & set(payouts) == {names[f"payout_{state}"]}


def test_parcels_are_those_on_the_floor_and_by_waybill_all(whole_shop: Scene) -> None:
    names = whole_shop.names
    parcels = offered(whole_shop.path, "parcel", "match", "")
    assert "parcel without a case" in parcels[names["stray"]]
    assert parcels[names["arrived"]] == "SF1666666666666  received"
    assert values(whole_shop.path, "parcel", "inspect", "SF16666") == ["SF1666666666666"]


def test_goods_questions_imports_and_people(whole_shop: Scene) -> None:
    path = whole_shop.path
    assert "TS-L" in values(path, "stock", "show", "ts-")
    assert "TS-L=" in values(path, "parcel", "inspect", "1", "--item", "TS")
    assert values(path, "parcel", "inspect", "1", "--item", "TS-L=1:a") == ["TS-L=1:A"]
    assert whole_shop.names["question"] in values(path, "imports", "answer", "")
    assert whole_shop.names["import"] in values(path, "imports", "show", "")
    assert offered(path, "staff", "leave", "小") == {AGENT: "agent"}


def test_who_may_not_use_a_command_is_told_nothing_for_it(whole_shop: Scene) -> None:
    path = whole_shop.path
    assert values(path, "pay", "sent", "", by=FINANCE)
    assert values(path, "pay", "sent", "", by=WAREHOUSE) == []
    assert values(path, "case", "approve", "", by=WAREHOUSE) == []
    assert values(path, "case", "show", "", by=WAREHOUSE) == values(path, "case", "show", "", by=MANAGER)
    assert values(path, "case", "show", "", by="nobody here") == []


def _seen(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nothing_is_made_or_changed(whole_shop: Scene, tmp_path: Path) -> None:
    shutil.copyfile(whole_shop.path, tmp_path / "shop.db")
    before = _seen(tmp_path)
    assert values(tmp_path / "shop.db", "case", "show", "")
    assert _seen(tmp_path) == before
    assert values(tmp_path / "none.db", "case", "show", "") == []
    assert _seen(tmp_path) == before


def test_the_books_are_open_for_reading_only(whole_shop: Scene, tmp_path: Path) -> None:
    shutil.copyfile(whole_shop.path, tmp_path / "shop.db")
    with closing(in_books.opened(tmp_path / "shop.db")) as books, pytest.raises(engine.driver_error()):
        books.execute("DELETE FROM draws")


def test_a_writer_is_neither_kept_waiting_nor_waited_for(whole_shop: Scene, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    shutil.copyfile(whole_shop.path, path)
    with closing(engine.bare_connection(path.as_uri())) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE staff SET role = 'agent' WHERE name = ?", (FINANCE,))
        assert values(path, "case", "show", "")
        writer.execute("COMMIT")
    with closing(engine.bare_connection(path.as_uri())) as writer:
        writer.execute("PRAGMA journal_mode=DELETE")
        writer.execute("BEGIN EXCLUSIVE")
        assert values(path, "case", "show", "") == []


@pytest.mark.parametrize("journal", ["WAL", "TRUNCATE"])
def test_a_change_that_is_saved_is_seen(whole_shop: Scene, tmp_path: Path, journal: str) -> None:
    path = tmp_path / "shop.db"
    shutil.copyfile(whole_shop.path, path)
    with closing(engine.bare_connection(path.as_uri())) as writer:
        writer.execute(f"PRAGMA journal_mode={journal}")
        writer.execute("INSERT INTO staff (name, role, created_at) VALUES ('新来的', 'agent', '2026-11-09')")
        assert values(path, "staff", "leave", "新") == ["新来的"]


def _damaged(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + os.urandom(len(whole) - 100))


def _older(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as books:
        books.execute("CREATE TABLE staff (name TEXT, role TEXT)")
        books.execute("INSERT INTO staff VALUES (?, 'owner')", (OWNER,))
        books.commit()


@pytest.mark.parametrize(
    "spoil",
    [
        _damaged,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("no books at all"),
        lambda path: (path.unlink(), path.mkdir()),
        _older,
        lambda path: path.unlink(),
    ],
    ids=["damaged", "empty", "text", "folder", "older", "missing"],
)
def test_books_that_cannot_be_read_offer_nothing_and_say_nothing(whole_shop: Scene, tmp_path: Path, spoil: Any) -> None:
    path = tmp_path / "shop.db"
    shutil.copyfile(whole_shop.path, path)
    spoil(path)
    words = "\n".join(("retcli", "--db", str(path), "--operator", OWNER, "case", "show", "")) + "\n"
    env = {**os.environ, "_RETCLI_COMPLETING": "fish", "_RETCLI_WORDS": words}
    ended = program(env=env)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"words\n", b"")


def test_books_on_a_server_offer_commands_and_words_only(postgres_books: Books) -> None:
    assert values(postgres_books.database, "staff", "leave", "") == []
    assert "case" in values(postgres_books.database, "")


def test_a_search_that_takes_too_long_is_given_up(whole_shop: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_books, "PATIENCE_SECONDS", -1)
    monkeypatch.setattr(in_books, "_STEPS", 1)
    assert values(whole_shop.path, "case", "show", "") == []


def test_an_unknown_shell_or_a_broken_settings_file_says_nothing(tmp_path: Path) -> None:
    env = {**os.environ, "_RETCLI_COMPLETING": "tcsh", "_RETCLI_WORDS": "retcli\n\n"}
    ended = program(env=env)
    assert (ended.stdout, ended.stderr) == (b"", b"")


def test_signs_that_steer_a_terminal_never_reach_it(whole_shop: Scene, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    shutil.copyfile(whole_shop.path, path)
    with closing(engine.bare_connection(path.as_uri())) as books:
        books.execute(
            "INSERT INTO products (sku, name, category, warranty_months) VALUES ('AA-1', ?, '', 0)",
            ("杯\x1b]0;x\x07子\n\t\u202e1",),
        )
        books.execute(
            "INSERT INTO products (sku, name, category, warranty_months) VALUES (?, 'x', '', 0)", ("AA-\x1b[31m2",)
        )
    for shell in ("fish", "zsh", "powershell"):
        lines = answered("--db", str(path), "--operator", OWNER, "stock", "show", "AA", shell=shell)
        assert len(lines) == 2
        assert lines[1].replace("\t", "").isprintable()
        assert "AA-1" in lines[1]
