"""A console of Chinese Windows, which knows GBK alone, shows all that the program itself says; a western one shows its
signs and whatever is English.
"""

import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from retcli.commands.terminal.streams import unbreakable

CATALOGUE = Path(__file__).parents[3] / "retcli/locale/zh_CN/LC_MESSAGES/retcli.po"


def shown(text: str, encoding: str = "gbk") -> str:
    """What such a console shows of a text."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    unbreakable(stream)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode(encoding)


def test_signs_that_it_has_not_are_shown_by_the_nearest() -> None:
    assert shown("▸ retcli case reject --because ‹原因› 😢") == "· retcli case reject --because 〈原因〉 ?"


def test_it_shows_every_text_of_the_catalogue() -> None:
    with CATALOGUE.open("rb") as file:
        texts = [str(message.string) for message in read_po(file) if message.id]
    assert [text for text in texts if shown(text).count("?") > text.count("?")] == []


@pytest.mark.parametrize(
    ("encoding", "instead"),
    [
        ("cp437", "> o ok x no ? (who) ! late > 1 x 2 ... <why> S17 * ¥5"),
        ("cp1252", "> o ok × no ? (who) ! late > 1 × 2 … ‹why› §17 * ¥5"),
    ],
)
def test_a_western_console_shows_the_signs(encoding: str, instead: str) -> None:
    text = "▸ ○ ok × no ？ （who） ！ late → 1 × 2 … ‹why› §17 ● ¥5"
    assert shown(text, encoding) == instead


@pytest.mark.parametrize("encoding", ["cp437", "cp1252"])
def test_a_western_console_shows_every_english_text(encoding: str) -> None:
    """But Chinese words that stand in them, such as the name of a column of an export."""
    with CATALOGUE.open("rb") as file:
        texts = [str(message.id) for message in read_po(file) if message.id]
    texts = [text for text in texts if not any("\u3400" <= sign <= "\u9fff" for sign in text)]
    assert [text for text in texts if shown(text, encoding).count("?") > text.count("?") + text.count("？")] == []
