"""The words for codes: a platform that a shop named itself is called as the shop calls it."""

from __future__ import annotations

import re
from pathlib import Path

from retcli.language import CHINESE, use
from retcli.rules.names import PLATFORMS
from retcli.words import WORDS, platform_word, report_of

PACKAGE = Path(__file__).parent.parent / "retcli"


def test_a_platform_of_the_shops_own_is_called_as_its_mapping_file_calls_it() -> None:
    """自写的对应表里平台叫 own、sent、open，显示的就是 own、sent、open，不是“本店时限”“已打出”。"""
    use(CHINESE)
    assert {code: platform_word(code) for code in WORDS if code not in PLATFORMS} == {
        code: code for code in WORDS if code not in PLATFORMS
    }
    assert (platform_word("taobao"), platform_word("own"), platform_word("微店")) == ("淘宝", "own", "微店")
    assert report_of("own", "refunds").startswith("own")


def test_every_place_asks_for_a_platforms_word_by_its_own_name() -> None:
    other = re.compile(r"(?<![\w.])word\((?:\w+\.)*platform(?:_name)?[,)]")
    asked = [path.name for path in PACKAGE.rglob("*.py") if other.search(path.read_text(encoding="utf-8"))]
    assert asked == []
