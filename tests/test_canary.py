"""A buyer who stands in every text of the books is read nowhere without --reveal: every command, text and JSON, both
languages, errors and crashes.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel.sql.sqltypes import AutoString

from retcli.actions import cases, orders, today
from retcli.database import engine
from retcli.models import bills, books, imports, metadata, policies, register, stock, tracking
from retcli.views.freetext import numbers
from tests.commandtree import CALLS, CANARY, NEEDLES, REACHED, Scene, leaves, scene, settled
from tests.shopfloor import OWNER
from tests.terminal import Answer

_ALL_TABLES = (bills, books, imports, policies, register, stock, tracking)
OURS = {
    "anchors", "counters", "operations", "runs", "staff", "stock_balances", "barcodes", "parcel_counts", "stock_counts",
    "stock_moves", "platform_actions", "inspections", "payout_parts", "events",
}  # fmt: skip
"""Tables without a text that a person typed: codes, numbers, names of the staff, hashes."""
CODES = {
    "imports": {"by", "format", "header", "holds", "name", "platform", "progress", "sha256", "shop", "shops",
        "state"},
    "orders": {"payment_number", "address", "buyer", "carrier", "currency", "number", "phone", "phone_tail", "platform",
        "receiver", "refunded", "shop", "signed_by", "status", "waybill"},
    "parcels": {"carrier", "number", "received_by", "state", "waybill"},
    "policies": {"by", "document", "starts_on", "text", "version"},
    "products": {"category", "name", "sku"},
    "reason_words": {"by", "code", "words"},
    "bad_reviews": {"by", "state"},
    "bills": {"category", "currency", "format", "number", "order_number", "platform", "refund_number", "shop",
        "trade"},
    "cases": {"channel", "decided_as", "decided_by", "decision", "detail", "filing", "flag", "kind", "number",
        "owner", "payment_number", "platform", "platform_instant", "platform_kind", "platform_number",
        "platform_refunded_by", "platform_reviewed_by", "platform_state", "platform_way", "policy",
        "reason_set", "reason_stated", "reason_verified", "tier", "want_sku"},
    "import_faults": {"cells", "column"},
    "import_questions": {"field", "state", "subject"},
    "movements": {"carrier", "status", "waybill"},
    "order_lines": {"cash_source", "number", "refunded", "sku", "status"},
    "waiting_lines": {"line", "line_refunded", "line_state", "platform", "shop", "sku", "target"},
    "waiting_orders": {"address", "buyer", "carrier", "currency", "phone", "phone_tail", "platform", "receiver",
        "refunded", "shop", "signed_by", "status", "target", "waybill"},
    "waiting_rows": {"holds", "line_number", "order_number", "payload", "platform", "shop"},
    "case_lines": {"want_sku"},
    "contacts": {"by", "result", "way"},
    "escalations": {"by", "kind", "state"},
    "evidence": {"by", "kind", "path", "sha256"},
    "extensions": {"by"},
    "notes": {"by", "flag", "sku"},
    "offers": {"answered_by", "by", "rung", "state"},
    "payouts": {"approved_by", "currency", "decided_by", "kind", "method", "number", "origin", "payee",
        "request", "state"},
    "replacements": {"carrier", "sku", "state", "waybill"},
    "waivers": {"by", "rule"},
}  # fmt: skip
"""Texts that are codes, ids, or the order's own facts of its person (which hold the canary from the beginning); every
other text column is taken for free text.
"""


def free_texts() -> Iterator[tuple[str, str]]:
    """Every column that may hold what somebody typed."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            typed = (
                isinstance(column.type, sa.String | AutoString) and table.name not in OURS and column.computed is None
            )
            if typed and column.name not in CODES.get(table.name, set()):
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
            connection.execute(f'UPDATE {table} SET "{column}" = ?', (CANARY,))
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
    """Each number that a call names is one that the books do not have, with the canary typed beside it: an error may
    quote what was typed, but no number by which somebody is reached.
    """
    desk = spoiled.desk(tmp_path / "books")
    for as_json in (False, True):
        words = [f"{word}{CANARY}" if "{" in word else word for word in CALLS[path][0].split()]
        answer = desk.type(*(["--json"] if as_json else []), *path.split(), *words, typed="")
        assert set(leaks(answer.out + answer.err)) & set(REACHED) == set(), (path, answer)


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
        assert set(leaks(answer.out + answer.err)) & set(REACHED) == set()


def test_with_reveal_it_is_read_so_that_the_canary_lives(spoiled: Scene, tmp_path: Path) -> None:
    desk = spoiled.desk(tmp_path / "books")
    shown = desk.type("--json", "order", "show", spoiled.names["order"], "--reveal", "--because", "x", by=OWNER)
    assert leaks(shown.out) == list(NEEDLES)


def test_numbers_that_are_no_persons_stay() -> None:
    for text in ("2850000000000000411", "261109-138123456789012", "RC20261122-0007", "114-1381234-5678901",
                 "SF1390013800012", "12.50 元 3 件 2026-11-09 12:00", "165/88A 175/100", "微信支付 4200001234",
                 "wxshop.order.2024", "v3 version12345", "JD 312345678901"):  # fmt: skip
        assert numbers(text) == text
