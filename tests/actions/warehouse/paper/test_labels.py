"""What stands on labels, in which letters they are drawn, who may see whose data on them, and how they are printed."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from retcli import language
from retcli.actions.warehouse.bench import scanned_commands
from retcli.actions.warehouse.paper import slips, tags
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.paper import fonts
from retcli.rules.lifecycles import Kind
from retcli.rules.warehouse import payloads
from retcli.settings import settings_file
from retcli.views.warehouse.command_words import WORDS, of_command
from tests.commandtree import ADDRESS, NAME, NICK, PHONE
from tests.letters import squares
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE, Books
from tests.terminal import Desk
from tests.warehouse import Terminal, returning

ORDER = "2850000000000000001"
PERSON: dict[str, Any] = {"buyer": NICK, "receiver": NAME, "phone": PHONE, "address": ADDRESS}


def case(books: Books, kind: Kind, **options: Any) -> str:
    """An open case of a kind, on an order of somebody."""
    from retcli.actions.cases import decisions

    books.order(ORDER, ("CUP-500", 2, 9800), **PERSON)
    return books.do(decisions.open_case, ORDER, kind=kind, **{"reason": "W_WRONG", **options}).number


def text_of(content: Any) -> str:
    """All that stands on some labels."""
    return "\n".join(f"{name} {text}" for label in content.labels for name, text in label.fields)


def test_the_label_of_a_return_says_what_comes_back_and_whose_it_is(sqlite_books: Books) -> None:
    number = returning(sqlite_books, ORDER, ("CUP-500", 2, 9800), waybill="", **PERSON)
    content = sqlite_books.do(slips.returning, [number])
    (label,) = content.labels
    assert (label.code, label.caption) == (payloads.of_case(number), number)
    assert "CUP-500 商品CUP-500 ×2" in text_of(content)
    assert ORDER in text_of(content)
    assert "No return address" in content.remarks[0]
    with pytest.raises(Refused, match="such a slip is for"):
        sqlite_books.do(slips.exchange, [number])


def test_the_slip_of_an_exchange_names_what_goes_out(sqlite_books: Books) -> None:
    sqlite_books.product("CUP-750")
    shown = text_of(sqlite_books.do(slips.exchange, [case(sqlite_books, Kind.EXCHANGE, want=["CUP-750"])]))
    assert "Comes back CUP-500 商品CUP-500 ×2\nGoes out CUP-750 商品CUP-750 ×2" in shown


def test_a_buyer_s_data_are_masked_unless_somebody_may_see_them(sqlite_books: Books) -> None:
    sqlite_books.hire()
    number = case(sqlite_books, Kind.EXCHANGE)
    masked = text_of(sqlite_books.do(slips.exchange, [number], by=WAREHOUSE))
    assert not [needle for needle in (NAME, PHONE, "文三路", NICK) if needle in masked]
    assert sqlite_books.rows("SELECT 1 FROM events WHERE action = 'reveal'") == []
    shown = text_of(sqlite_books.do(slips.exchange, [number], reveal=True, because="打单", by=MANAGER))
    assert [needle for needle in (NAME, PHONE, "文三路") if needle in shown] == [NAME, PHONE, "文三路"]
    assert sqlite_books.value("SELECT COUNT(*) FROM events WHERE action = 'reveal'") == 1
    with pytest.raises(WrongCommand, match="Say why"):
        sqlite_books.do(slips.exchange, [number], reveal=True, by=MANAGER)
    for who in (WAREHOUSE, AGENT):
        with pytest.raises(Refused, match="may not see"):
            sqlite_books.do(slips.exchange, [number], reveal=True, because="打单", by=who)


def test_a_stranger_s_tag_has_its_number_big_and_an_article_its_barcode(sqlite_books: Books) -> None:
    sqlite_books.hire()
    sqlite_books.product("CUP-500", barcode="6901234567892")
    sqlite_books.product("红色-YD12")
    parcel = Terminal(sqlite_books).code("SF1888888888888").parcel
    (label,) = sqlite_books.do(tags.of_parcels, ["SF1888888888888"]).labels
    assert label.code == payloads.of_parcel(parcel)
    assert "1" in label.big
    named, unnamed = sqlite_books.do(tags.of_goods, ["cup-500", "红色-yd12"]).labels
    assert (named.code, unnamed.code) == ("6901234567892", payloads.of_article("红色-YD12"))
    with pytest.raises(NotFound, match="no article"):
        sqlite_books.do(tags.of_goods, ["NOSUCH"])


def test_places_and_badges(sqlite_books: Books) -> None:
    sqlite_books.hire()
    (place,) = sqlite_books.do(tags.of_places, ["a-03"]).labels
    assert (place.code, place.big) == (payloads.of_place("A-03"), "A-03")
    with pytest.raises(WrongCommand, match="A shelf is"):
        sqlite_books.do(tags.of_places, ["A/3"])
    everybody = sqlite_books.do(tags.of_badges, []).labels
    assert everybody[0].big == OWNER
    (one,) = sqlite_books.do(tags.of_badges, [WAREHOUSE]).labels
    assert payloads.badge(one.code) == sqlite_books.value("SELECT id FROM staff WHERE name = :n", n=WAREHOUSE)
    with pytest.raises(NotFound, match="Nobody here"):
        sqlite_books.do(tags.of_badges, ["没这个人"])


def test_the_sheet_has_every_command_of_the_loop_with_its_chinese(sqlite_books: Books) -> None:
    assert {f"RCMD{short}" for short in WORDS} == set(scanned_commands.COMMANDS) - {"RCMDQTY3"}
    language.use(language.CHINESE)
    labels = sqlite_books.do(tags.of_commands).labels
    assert {label.code for label in labels} >= set(scanned_commands.COMMANDS)
    assert [label.code for label in labels if label.big.isascii() and not label.big.startswith("×")] == []
    assert of_command("RCMDQTY3") == ("×3", "下一件算 3 件")


# -- letters ----------------------------------------------------------------------------------------------------------


def font(path: Path, signs: str) -> Path:
    """A font with some signs only, each a square."""
    return squares(path, map(ord, signs), ())


def test_a_sign_that_the_font_lacks_is_named_and_nothing_is_drawn(sqlite_books: Books, tmp_path: Path) -> None:
    squares = font(tmp_path / "squares.ttf", "退货标签ShelfplacA-0123456789of ")
    desk, file = Desk(sqlite_books.database), tmp_path / "a.pdf"
    answer = desk.type("label", "place", "东-Z", "--font", str(squares), "-o", str(file))
    assert answer.code == 5
    assert "The font squares.ttf has no sign for: 东 (U+4E1C), Z (U+005A)" in answer.err
    assert not file.exists()
    assert desk.type("label", "place", "A-03", "--font", str(squares), "-o", str(file)).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_fonts_are_sought_where_each_system_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Fonts" / "deep"
    folder.mkdir(parents=True)
    monkeypatch.setattr(fonts, "LINUX_PLACES", (str(tmp_path),))
    monkeypatch.setattr(fonts, "MAC_PLACES", (str(tmp_path / "Fonts"),))
    monkeypatch.setenv("WINDIR", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    font(folder / "wqy-microhei.ttc.ttf", "退")
    with pytest.raises(NotFound, match="No Chinese font was found") as none:
        fonts.found(None)
    assert "--font FILE" in none.value.hint
    for system, name, place in (
        ("linux", "NotoSansSC-Regular.ttf", folder),
        ("win32", "simhei.ttf", folder.parent),
        ("darwin", "Arial Unicode.ttf", folder.parent),
    ):
        monkeypatch.setattr(sys, "platform", system)
        (place / "simsun.ttc").write_bytes(b"broken")
        known = font(place / name, "退货标签")
        assert fonts.found(None).path == known


def test_the_settings_name_a_font(sqlite_books: Books, tmp_path: Path) -> None:
    squares = font(tmp_path / "squares.ttf", "退货标签")
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(f'[label]\nfont = "{squares}"\n', encoding="utf-8")
    answer = Desk(sqlite_books.database).type("label", "place", "A-03")
    assert "squares.ttf has no sign for" in answer.err
    settings_file().write_text("[label]\nfont = 3\n", encoding="utf-8")
    assert Desk(sqlite_books.database).type("label", "place", "A-03").code == 2


def test_without_the_extra_one_line_says_what_to_install(sqlite_books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("retcli.paper")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fontTools.ttLib", None)
    answer = Desk(sqlite_books.database).type("label", "commands")
    assert answer.code == 5
    assert answer.err.splitlines() == [
        "Error: Labels need libraries that are not installed: pip install 'retcli[label]'",
    ]


# -- printing ---------------------------------------------------------------------------------------------------------


def printing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """A computer with this printing command only."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows prints by another way")
def test_labels_are_given_to_the_system_s_command(
    sqlite_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printing(tmp_path, monkeypatch, "lp", f'echo "$@" >> {tmp_path}/said')
    desk, file = Desk(sqlite_books.database), tmp_path / "a.pdf"
    printed = desk.read("label", "place", "A-03", "-o", str(file), "--print")
    assert printed["printer"] == ""
    raw = desk.read("label", "place", "A-03", "-o", str(tmp_path / "a"), "--format", "tspl", "--printer", "TSC-244")
    assert raw["printer"] == "TSC-244"
    assert (tmp_path / "said").read_text(encoding="utf-8").splitlines() == [
        f"-o print-scaling=none {file}",
        f"-d TSC-244 -o raw {tmp_path / 'a.prn'}",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows prints by another way")
@pytest.mark.parametrize(
    ("name", "script", "why"),
    [("lpr", "echo 'lpr: no such printer' >&2; exit 1", "lpr: no such printer"), ("ls", "", "no printing command")],
)
def test_what_was_not_printed_is_told_and_the_file_stays(
    sqlite_books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str, why: str
) -> None:
    printing(tmp_path, monkeypatch, name, script)
    answer = Desk(sqlite_books.database).type("label", "place", "A-03", "-o", str(tmp_path / "a.pdf"), "--print")
    assert answer.code == 5
    assert "not printed" in answer.err
    assert why in answer.err
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_label_printer_has_no_a4(sqlite_books: Books) -> None:
    desk = Desk(sqlite_books.database)
    assert desk.type("label", "place", "A-03", "--size", "a4", "--format", "tspl").code == 2
    assert desk.type("label", "commands", "--format", "tspl").code == 2
    assert desk.type("label", "place", "A-03", "--copies", "0").code == 2
