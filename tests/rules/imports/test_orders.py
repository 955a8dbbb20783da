"""What the lines of an order are worth: the discount is split, never the cash, and no fen is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.imports.orders import at_least, discounted, line_cash, three_amounts, whole_of
from retcli.rules.money.minor_units import Money, split

prices = st.lists(st.integers(0, 10**7), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("listed", "paid", "cash"),
    [
        ((1000, 1000, 1000), 2900, (966, 967, 967)),
        ((500, 500), 999, (499, 500)),
        ((300, 300, 300, 300, 100), 1290, (297, 298, 298, 298, 99)),
        ((9900, 5900, 3900), 18700, (9397, 5601, 3702)),
        ((1, 1, 9998), 9000, (1, 1, 8998)),
        ((1000, 2000), 3010, (1003, 2007)),
        ((0, 0), 101, (51, 50)),
        ((700, 300), 0, (0, 0)),
    ],
)
def test_without_amounts_of_the_lines_the_discount_is_split(
    listed: tuple[int, ...], paid: int, cash: tuple[int, ...]
) -> None:
    """The worked cases: 1.00 off three of 10.00 is 34, 33, 33 fen, so 9.66, 9.67, 9.67 are left."""
    worth = line_cash(paid + 600, 600, [None] * len(listed), listed)
    assert (worth.cash, worth.source, worth.gap) == (cash, "split", 0)


@given(prices, st.data())
def test_the_lines_sum_to_what_was_paid_and_none_is_dearer_than_its_price(
    listed: list[int], data: st.DataObject
) -> None:
    goods = data.draw(st.integers(0, sum(listed)))
    cash = discounted(goods, listed)
    assert sum(cash) == goods
    assert all(0 <= each <= price for each, price in zip(cash, listed, strict=True))
    assert [price - each for each, price in zip(cash, listed, strict=True)] == split(sum(listed) - goods, listed)


@given(prices, st.integers(0, 10**6))
def test_what_was_paid_beyond_the_prices_is_laid_on(listed: list[int], more: int) -> None:
    cash = discounted(sum(listed) + more, listed)
    assert sum(cash) == sum(listed) + more
    assert all(each >= price for each, price in zip(cash, listed, strict=True))


def test_the_whole_of_three_amounts() -> None:
    assert whole_of(three_amounts(*(Money(minor, "CNY") for minor in (7500, 2000, 10000)))) == "100.00"
    assert whole_of(three_amounts(*(Money(minor, "JPY") for minor in (7500, 2000, 10000)))) == "10000 JPY"


def test_no_line_has_less_than_its_floor_and_the_sum_stays() -> None:
    """5.00 are lacking, 10.00 and 2.00 above their floors give 4.1667 and 0.8333 of them."""
    assert at_least((2182, 1818), (3000, 0)) == (3000, 1000)
    assert at_least((1000, 1000, 1000), (1500, 0, 800)) == (1500, 583, 917)
    assert at_least((1000, 1000), (0, 1000)) == (1000, 1000)
    with pytest.raises(ValueError, match="floors"):
        at_least((1000, 1000), (1500, 501))
