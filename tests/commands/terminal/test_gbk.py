"""A console of Chinese Windows, which knows GBK alone, shows all that the program itself says."""

import io
from pathlib import Path

from babel.messages.pofile import read_po

from retcli.commands.terminal.streams import unbreakable

CATALOGUE = Path(__file__).parents[3] / "retcli/locale/zh_CN/LC_MESSAGES/retcli.po"


def shown(text: str) -> str:
    """What such a console shows of a text."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="gbk")
    unbreakable(stream)
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode("gbk")


def test_signs_that_it_has_not_are_shown_by_the_nearest() -> None:
    assert shown("▸ retcli case reject --because ‹原因› 😢") == "· retcli case reject --because 〈原因〉 ?"


def test_it_shows_every_text_of_the_catalogue() -> None:
    with CATALOGUE.open("rb") as file:
        texts = [str(message.string) for message in read_po(file) if message.id]
    assert [text for text in texts if shown(text).count("?") > text.count("?")] == []
