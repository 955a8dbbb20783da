"""A buyer who stands in every text of the books is read nowhere without --reveal: every command, text and JSON, both
languages, errors and crashes.
"""

import itertools
import re
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlmodel.sql.sqltypes import AutoString

from retcli.actions.cases import case_cards
from retcli.actions.insight import today
from retcli.actions.shop import orders
from retcli.completion import in_books, offers, typed_line
from retcli.completion.typed_line import Typed
from retcli.database import engine
from retcli.models import bills, books, imports, metadata, policies, register, stock, tracking
from retcli.views.freetext import Person, numbers
from tests.commandtree import CALLS, CANARY, NAME, NEEDLES, PHONE, REACHED, Scene, leaves, settled
from tests.completion.asking import offered
from tests.shopfloor import OWNER, WAREHOUSE
from tests.terminal import Answer

_ALL_TABLES = (bills, books, imports, policies, register, stock, tracking)
OURS = {
    "anchors", "counters", "operations", "runs", "staff", "stock_balances", "barcodes", "parcel_counts", "stock_counts",
    "stock_tallies", "stocktakes",
    "stock_moves", "platform_actions", "payout_parts", "events",
}  # fmt: skip
"""Tables without a text that a person typed: codes, numbers, names of the staff, hashes."""
CODES = {
    "imports": {"by", "format", "header", "holds", "name", "platform", "progress", "sha256", "shop", "shops",
        "state"},
    "orders": {"payment_number", "address", "buyer", "carrier", "currency", "number", "phone", "phone_tail", "platform",
        "receiver", "refunded", "shop", "signed_by", "status", "waybill"},
    "parcels": {"carrier", "number", "received_by", "returned_carrier", "returned_waybill", "shelf", "state",
        "waybill"},
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
    "acts": {"by", "did", "kind", "session", "subject"},
    # why parcels of a load are missing is of no order, so no name can be known in it: test_one_load_for_two.py
    "deliveries": {"begun_by", "carrier", "number", "settled_because", "state"},
    "scans": {"by", "grade", "meaning", "mode", "outcome", "session"},
    "waiting_rows": {"holds", "line_number", "order_number", "payload", "platform", "shop"},
    "case_lines": {"want_sku"},
    "contacts": {"by", "result", "way"},
    "escalations": {"by", "kind", "state"},
    "evidence": {"by", "kind", "path", "sha256"},
    "inspections": {"by", "disposition", "grade", "serial", "sku"},
    "extensions": {"by"},
    "notes": {"by", "flag", "sku"},
    "offers": {"answered_by", "by", "rung", "state"},
    "payouts": {"approved_by", "currency", "decided_by", "kind", "method", "number", "origin", "payee",
        "request", "state"},
    "replacements": {"carrier", "sku", "state", "waybill"},
    "shipments": {"by", "carrier", "number", "shipped_by", "state", "waybill"},
    # why goods go from one stock to another is of no order, so no name can be known in it: test_stock_orders.py
    "stock_orders": {"approved_by", "because", "by", "kind", "number", "sku", "source", "state", "target"},
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
def spoiled(whole_shop: Scene, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The shop with the canary in every free text of it."""
    shop = replace(whole_shop, path=tmp_path_factory.mktemp("canary") / "scene.db")
    shutil.copyfile(whole_shop.path, shop.path)
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


FORMS = [(as_json, lang) for lang, as_json in itertools.product(("en", "zh"), (False, True))]


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


PLACES = [
    *(("case", "show", ""), ("case", "show", "000"), ("case", "show", "2850"), ("case", "reopen", "")),
    *(("order", "show", "2850"), ("order", "find", NAME), ("order", "find", PHONE[-4:]), ("stock", "show", "")),
    *(("parcel", "match", ""), ("parcel", "inspect", "S"), ("parcel", "inspect", "1", "--item", "")),
    *(("pay", "sent", ""), ("pay", "reverse", ""), ("pay", "approve", ""), ("imports", "answer", "")),
    *(("imports", "show", ""), ("case", "assign", "--to", ""), ("policy", "show", ""), ("import", "--shop", "")),
    *(("case", "ship", "1", "--carrier", ""), ("case", "open", "1", "--want", "")),
    ("case", "open", "1", "--line", ""),
]
"""What stands on a line when TAB is pressed, for everything that is looked for in the books."""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words", PLACES, ids=" ".join)
def test_nothing_of_the_buyer_is_offered_at_tab(spoiled: Scene, words: tuple[str, ...], lang: str) -> None:
    for role in (OWNER, WAREHOUSE):
        shown = offered(spoiled.path, *words, by=role, lang=lang)
        assert leaks("".join(f"{value} {said}" for value, said in shown.items())) == [], (words, shown)


def test_everything_that_is_looked_for_in_the_books_is_tried_at_tab() -> None:
    tree = offers.read_tree()["root"]
    tried = {typed_line.place(tree, Typed(("retcli", *words[:-1]), words[-1])).kind for words in PLACES}
    assert in_books.KINDS - tried == set()


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

    for module, name in ((case_cards, "show"), (orders, "show"), (today, "today")):
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
                 "wxshop.order.2024", "v3 version12345", "JD 312345678901", "JDVA02345678911", "单号SF13812345678",
                 "YD13712345678、JDX13912345678"):  # fmt: skip
        assert numbers(text) == text


@pytest.mark.parametrize("shape", ["{}", "电话{}", "找{}说", "买一{}"])
@pytest.mark.parametrize(
    "number",
    [
        "一三九八七六五四三二一",
        "幺三九 八七六五 四三二幺",
        "一三九-〇零六五-四三二一",
        "13987六五四321",
        "１３９八七六五四三二一",
    ],
)
def test_a_mobile_number_in_chinese_signs_is_a_number(number: str, shape: str) -> None:
    shown = numbers(shape.format(number))
    assert re.search(r"\d{3}\*{4}\d{4}$", shown.removesuffix("说")), shown


def test_the_orders_own_number_is_known_in_chinese_signs() -> None:
    assert Person(phone="05718123456").hide("打〇五七一八一二三四五六") == "打057****3456"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("文三路478号3号501", "…"),
        ("文三路478号三号楼五〇一室吧", "…吧"),
        ("文三路 3号501 2850000000000000411", "… 2850000000000000411"),
        ("西湖花园3号501", "…"),
        ("西湖花园3弄2号", "…"),
        ("西湖花园 3件 12.50元", "… 3件 12.50元"),
        ("小欧阳说", "小*说"),
        ("老 欧阳", "老*"),
        ("欧阳女士", "*女士"),
    ],
)
def test_house_room_and_surname_of_the_buyer_are_hidden(text: str, shown: str) -> None:
    buyer = Person("tb云朵", "欧阳金铃", "13987654321", "浙江省杭州市西湖区文三路西湖花园3号501")
    assert buyer.hide(text) == shown


@given(
    st.from_regex(r"[1-9][0-9]{11,19}", fullmatch=True), st.sampled_from(["", "第一", "二 ", "号", "文三路3号 ", "…"])
)
def test_an_id_of_the_books_is_never_masked(number: str, before: str) -> None:
    """Twelve digits and more, but those that a card of identity has; shorter ones could be somebody's phone."""
    assume(not re.search(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{4}$", number))
    assume(not number.startswith("86"))
    buyer = Person("tb云朵", "欧阳金铃", "13987654321", "浙江省杭州市西湖区文三路478号3幢502室")
    assert number in buyer.hide(f"{before}{number} 三件")
