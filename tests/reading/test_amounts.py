"""Amounts and instants of sheets from abroad: in their own currency, with their own offset, days before months."""

import pytest

from retcli.reading import cells
from retcli.reading.cells import Unreadable


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [("12.30", "USD", 1230), ("1,299", "JPY", 1299), ("IDR 5.00", "", 500), ("USD5", "USD", 500), ("", "USD", None)],
)
def test_an_amount_in_its_currency(written: str, currency: str, minor: int | None) -> None:
    assert cells.minor(cells.amount(written), currency) == minor


@pytest.mark.parametrize(("written", "currency"), [("1.5", "JPY"), ("EUR 5.00", "USD"), ("5.00", ""), ("1.2.3", "USD")])
def test_an_amount_that_is_none_in_its_currency(written: str, currency: str) -> None:
    with pytest.raises(Unreadable):
        cells.minor(cells.amount(written), currency)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-04-04 20:49:44 +0500", "2026-04-04T15:49:44+00:00"),
        ("2026-04-04T20:49:44-08:00", "2026-04-05T04:49:44+00:00"),
        ("2026-04-04T20:49:44Z", "2026-04-04T20:49:44+00:00"),
        ("2026-04-04 20:49:44", "2026-04-04T12:49:44+00:00"),
        ("", None),
    ],
)
def test_an_instant_that_says_its_offset(written: str, at: str | None) -> None:
    assert cells.zoned(written) == at


@pytest.mark.parametrize("written", ["2026-04-04 20:49:44 +9900", "2026-13-04 20:49:44 +0500", "soon"])
def test_an_instant_that_is_none(written: str) -> None:
    with pytest.raises(Unreadable):
        cells.zoned(written)


def test_a_day_before_its_month() -> None:
    assert cells.day_first("02/01/2026 03:04:05\t") == "2026-01-01T19:04:05+00:00"
    assert cells.day_first("") is None
    for written in ("13/13/2026 03:04:05", "2026-01-02", "x"):
        with pytest.raises(Unreadable):
            cells.day_first(written)
