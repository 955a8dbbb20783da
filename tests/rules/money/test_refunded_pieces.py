"""How many pieces a platform's refund stands for, since it prints only money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.money.minor_units import up_to
from retcli.rules.money.refunded_pieces import units_for


@pytest.mark.parametrize(
    ("cash", "pieces", "refunded", "returning", "units"),
    [
        pytest.param(10000, 3, 10000, True, 3, id="all of it"),
        pytest.param(10000, 3, 10001, True, 3, id="more than the line: freight inside"),
        pytest.param(10000, 3, 3333, True, 1, id="the first or last of three"),
        pytest.param(10000, 3, 3334, True, 1, id="the middle one"),
        pytest.param(10000, 3, 6667, True, 2, id="the first two"),
        pytest.param(10000, 3, 6666, True, 2, id="the first and the last, by another's rounding"),
        pytest.param(10000, 3, 3333, False, 1, id="one piece, not sent back"),
        pytest.param(10000, 3, 3000, True, 1, id="less than a piece is worth, sent back"),
        pytest.param(10000, 3, 4000, True, 2, id="between one and two, sent back"),
        pytest.param(10000, 3, 4000, False, 0, id="matches no share and nothing comes back: a price cut"),
        pytest.param(10000, 3, 500, False, 0, id="a small price cut"),
        pytest.param(10000, 1, 9999, False, 0, id="a single piece, less, kept"),
        pytest.param(10000, 1, 9999, True, 1, id="a single piece, less, sent back"),
        pytest.param(10000, 3, 0, False, 0, id="nothing paid"),
        pytest.param(0, 2, 0, True, 2, id="a gift comes back"),
        pytest.param(2, 5, 1, True, 1, id="fewer fen than pieces"),
    ],
)
def test_pieces_behind_an_amount(cash: int, pieces: int, refunded: int, returning: bool, units: int) -> None:
    assert units_for(cash, pieces, refunded, returning=returning) == units


@given(st.data())
def test_an_exact_share_is_its_number_of_pieces(data: st.DataObject) -> None:
    """Wherever the pieces are worth some fen each, any run of k pieces is k."""
    pieces = data.draw(st.integers(1, 20))
    cash = data.draw(st.integers(4 * pieces, 10**7))
    gone = data.draw(st.integers(0, pieces - 1))
    more = data.draw(st.integers(1, pieces - gone))
    worth = up_to(cash, gone + more, pieces) - up_to(cash, gone, pieces)
    assert units_for(cash, pieces, worth, returning=data.draw(st.booleans())) == more


@given(cash=st.integers(0, 10**7), pieces=st.integers(1, 20), refunded=st.integers(0, 10**7), returning=st.booleans())
def test_never_more_pieces_than_bought_and_never_none_for_goods_that_come_back(
    cash: int, pieces: int, refunded: int, returning: bool
) -> None:
    units = units_for(cash, pieces, refunded, returning=returning)
    assert (1 if returning else 0) <= units <= pieces
    if refunded >= cash:
        assert units == pieces
