"""What can be sold: the stock since the last count, less what was sent; unknown without a count."""

from datetime import UTC, datetime

from retcli.rules.warehouse.sellable import Sellable, sellable

SUNDAY = datetime(2026, 11, 8, 10, 0, tzinfo=UTC)


def test_what_was_sent_since_the_count_is_taken_off() -> None:
    """周日点了 20 件，之后良品入库 1 件（库存 21），发走 3 件：18 件。"""
    assert sellable(SUNDAY, 21, 3) == Sellable(18, SUNDAY)


def test_without_a_count_nobody_knows() -> None:
    assert sellable(None, 2, 0) is None


def test_counted_empty_is_none_and_more_sent_than_counted_is_told() -> None:
    assert sellable(SUNDAY, 0, 0) == Sellable(0, SUNDAY)
    assert sellable(SUNDAY, 2, 3) == Sellable(-1, SUNDAY)
