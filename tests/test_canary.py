"""A buyer who stands in every text of the books is read nowhere without --reveal: every command, text and JSON, both
languages, errors and crashes.
"""

import itertools
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from retcli.actions import cases, orders, today
from retcli.database import engine
from retcli.models import bills, books, imports, metadata, policies, register, stock, tracking
from retcli.views.freetext import numbers
from tests.commandtree import CALLS, CANARY, NEEDLES, Scene, leaves, scene, settled
from tests.shopfloor import OWNER
from tests.terminal import Answer, Desk

_ALL_TABLES = (bills, books, imports, policies, register, stock, tracking)
OURS = {
    "anchors", "counters", "operations", "runs", "staff", "stock_balances", "barcodes", "parcel_counts", "stock_counts",
    "stock_moves", "platform_actions", "inspections", "payout_parts", "events",
}  # fmt: skip
"""Tables without a text that a person typed: codes, numbers, names of the staff, hashes."""
CODES = {
    "imports": {"sha256", "format", "holds", "platform", "shop", "state", "progress", "by", "header", "shops"},
    "orders": {"platform", "number", "shop", "status", "currency", "buyer", "receiver", "phone", "phone_tail",
               "address", "waybill", "carrier", "signed_by"},
    "parcels": {"number", "waybill", "carrier", "state", "received_by"},
    "policies": {"version", "starts_on", "document", "text", "by"},
    "products": {"sku", "name", "category"},
    "reason_words": {"words", "code", "by"},
    "bills": {"platform", "format", "shop", "number", "order_number", "refund_number", "trade", "category", "currency"},
    "cases": {"number", "platform", "kind", "decision", "filing", "reason_stated", "reason_set", "reason_verified",
              "channel", "owner", "want_sku", "policy", "platform_number", "platform_state", "tier", "detail", "flag"},
    "import_faults": {"column"},
    "import_questions": {"subject", "field", "state"},
    "movements": {"waybill", "status", "carrier"},
    "order_lines": {"number", "sku", "cash_source", "status"},
    "waiting_lines": {"platform", "target", "line", "shop", "sku", "line_state"},
    "waiting_orders": {"platform", "target", "shop", "status", "currency", "buyer", "receiver", "phone", "phone_tail",
                       "address", "waybill", "carrier", "signed_by"},
    "waiting_rows": {"platform", "shop", "holds", "order_number", "line_number", "payload"},
    "contacts": {"way", "result", "by"},
    "escalations": {"kind", "state", "by"},
    "evidence": {"kind", "sha256", "path", "by"},
    "extensions": {"by"},
    "notes": {"sku", "flag", "by"},
    "offers": {"rung", "state", "by", "answered_by"},
    "payouts": {"number", "request", "kind", "method", "payee", "currency", "origin", "state", "decided_by",
                "approved_by"},
    "replacements": {"sku", "state", "waybill", "carrier"},
    "waivers": {"rule", "by"},
}  # fmt: skip
"""Texts that are codes, ids, or the order's own facts of its person (which hold the canary from the beginning); every
other text column is taken for free text.
"""


def free_texts() -> Iterator[tuple[str, str]]:
    """Every column that may hold what somebody typed."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, sa.String) and table.name not in OURS:
                if column.name not in CODES.get(table.name, set()):
                    yield table.name, column.name


@pytest.fixture(scope="session")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The shop with the canary in every free text of it."""
    shop = scene(tmp_path_factory.mktemp("canary"))
    with closing(engine.bare_connection(shop.path.as_uri())) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for table, column in free_texts():
            text = json.dumps([CANARY] * 40, ensure_ascii=False) if column == "cells" else CANARY
            connection.execute(f'UPDATE {table} SET "{column}" = ?', (text,))
        for _name, sql in guards:
            connection.execute(sql)
    return shop


def leaks(text: str) -> list[str]:
    """What of the canary can be read in a text, whatever stands between its letters."""
    plain = re.sub(r"[\s\-–—·.│|]", "", unicodedata.normalize("NFKC", text))
    return [needle for needle in NEEDLES if re.sub(r"[\-.]", "", needle) in plain]


def everything(answer: Answer, tmp: Path) -> str:
    """What a call printed, and what it wrote into its folder of files."""
    written = [answer.out, answer.err]
    for path in sorted(tmp.rglob("*")):
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            written += [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None]
        elif path.suffix in {".txt", ".md", ".toml"}:
            written.append(path.read_text(encoding="utf-8"))
    return "\n".join(written)


def test_every_command_has_its_words() -> None:
    assert sorted(path for path, _command in leaves()) == sorted(CALLS)


FORMS = list(itertools.product((False, True), ("en", "zh")))


@pytest.mark.parametrize("path", CALLS)
def test_nothing_of_the_buyer_is_read_without_reveal(spoiled: Scene, tmp_path: Path, path: str) -> None:
    for n, (as_json, lang) in enumerate(FORMS):
        for call in CALLS[path]:
            tmp = tmp_path / f"{n}"
            desk = spoiled.desk(tmp)
            words = ["--lang", lang, *(["--json"] if as_json else []), *path.split(), *spoiled.words(call, tmp)]
            answer = desk.type(*words, typed="s\nq\n")
            assert answer.code != 1, (words, answer)
            shown = everything(answer, tmp).replace(call.strip() or "\0", "")
            assert leaks(shown) == [], (words, shown[:3000])
            settled(tmp)


@pytest.mark.parametrize("path", CALLS)
def test_a_command_that_fails_tells_nothing_of_the_buyer(spoiled: Scene, tmp_path: Path, path: str) -> None:
    """Each number that a call names is one that the books do not have, with the canary typed beside it."""
    desk = spoiled.desk(tmp_path / "books")
    for as_json in (False, True):
        words = [f"{word}{CANARY}" if "{" in word else word for word in CALLS[path][0].split()]
        answer = desk.type(*(["--json"] if as_json else []), *path.split(), *words, typed="")
        assert [n for n in leaks(answer.out + answer.err) if n[:1].isascii()] == [], (path, answer)


@pytest.mark.parametrize("debug", ["", "1"])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_crash_tells_nothing_of_the_buyer(
    spoiled: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, debug: str, as_json: bool
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ValueError(CANARY)

    for module, name in ((cases, "show"), (orders, "show"), (today, "today")):
        monkeypatch.setattr(module, name, broken)
    monkeypatch.setenv("RETCLI_DEBUG", debug)
    desk = spoiled.desk(tmp_path / "books")
    for words in (("case", "show", spoiled.names["asked"]), ("order", "show", spoiled.names["order"]), ("today",)):
        answer = desk.type(*(["--json"] if as_json else []), *words, traceback=bool(debug))
        assert answer.code == 1
        assert [n for n in leaks(answer.out + answer.err) if n[:1].isascii()] == []


def test_with_reveal_it_is_read_so_that_the_canary_lives(spoiled: Scene, tmp_path: Path) -> None:
    desk = spoiled.desk(tmp_path / "books")
    shown = desk.type("order", "show", spoiled.names["order"], "--reveal", by=OWNER)
    assert len(leaks(shown.out)) == len(NEEDLES)


def test_numbers_that_are_no_persons_stay() -> None:
    for text in ("2850000000000000411", "261109-138123456789012", "RC20261122-0007", "114-1381234-5678901",
                 "SF1390013800012", "12.50 元 3 件 2026-11-09 12:00", "165/88A 175/100", "微信支付 4200001234",
                 "wxshop.order.2024", "v3 version12345", "JD 312345678901"):  # fmt: skip
        assert numbers(text) == text
