"""An operation key that was taken and given up again at the same moment: the call is to be made again."""

import pytest

from retcli.errors import Busy
from retcli.transaction import Once, _claim, opened
from tests.shopfloor import Books


def test_a_key_that_is_taken_and_gone_says_so_in_words(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(books.asked(), Once(dry_run=True)) as shop:
        _claim(shop, "K1", {})
        monkeypatch.setattr(shop.session, "get", lambda *_asked: None)
        with pytest.raises(Busy, match="Somebody else did the same at the same moment"):
            _claim(shop, "K1", {})
