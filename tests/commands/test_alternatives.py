"""The words that an option's help offers, one of which is to be typed, are understood in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from retcli import language
from retcli.language import _
from tests.commandtree import leaves

OFFERING: dict[str, Any] = {
    f"{path} {option.name}": option
    for path, command in leaves()
    for option in command.params
    if "|" in (option.metavar or "") and hasattr(option.type, "func")
}
"""Each option of a command whose help offers words to choose from."""


@pytest.mark.parametrize("spoken", [language.ENGLISH, language.CHINESE])
@pytest.mark.parametrize("option", OFFERING)
def test_each_word_that_is_offered_is_understood(option: str, spoken: str) -> None:
    language.use(spoken)
    parameter = OFFERING[option]
    words = _(parameter.metavar).split("|")
    understood = [parameter.type.convert(word, parameter, None) for word in words if word.isalpha()]
    assert len({str(value) for value in understood}) == len(understood) > 0
