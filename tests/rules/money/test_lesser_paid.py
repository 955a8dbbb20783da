"""What cases give back once a lesser sum is taken: the first in the sequence first, and no more than is beyond it."""

import pytest

from retcli.rules.money.lesser_paid import Agreed, Beyond, given_back, worth_less

Shares = dict[int | None, int]


@pytest.mark.parametrize(
    ("spare", "beyond", "back", "left"),
    [
        ([{1: 2500}, {2: 3000}], Beyond(0, 1500, 1500), [{1: 1500}, {}], Beyond(0, 0, 0)),
        ([{1: 1000}, {2: 3000}], Beyond(0, 1500, 1500), [{1: 1000}, {2: 500}], Beyond(0, 0, 0)),
        ([{1: 1000, None: 600}], Beyond(600, -600, 0), [{None: 600}], Beyond(0, -600, -600)),
        ([{1: 1000, None: 600}], Beyond(0, 200, 1400), [{1: 1000, None: 400}], Beyond(-400, -800, 0)),
        ([{1: 1000, None: 600}], Beyond(600, 300, 300), [{None: 600, 1: 300}], Beyond(0, 0, -600)),
        ([{1: 1000}], Beyond(0, 900, 1100), [{1: 1000}], Beyond(0, -100, 100)),
        ([], Beyond(-5, 10, 10), [], Beyond(-5, 10, 10)),
    ],
)
def test_what_is_given_back(spare: list[Shares], beyond: Beyond, back: list[Shares], left: Beyond) -> None:
    assert given_back(spare, beyond) == (back, left)
    assert left.fits == (max(left.freight, left.goods, left.together) <= 0)


def test_what_is_agreed_to_beyond_the_worth_of_its_pieces() -> None:
    """A line of two pieces for 100.00 that is worth 55.01: 27.51 and 27.50, as if agreed to by then; of 45.00 for a
    piece of 50.00 (a fee of 10 %) 24.76 of 27.51 stay; a named sum stays as far as the piece is worth it; a price cut
    of 10.01 stays, and leaves 45.00 / 2 = 22.50 to a piece.
    """
    assert worth_less([Agreed(1, 5000, 5000), Agreed(1, 5000, 5000)], 5501, 2) == [2249, 2250]
    assert worth_less([Agreed(1, 5000, 4500)], 5501, 2) == [2024]
    assert worth_less([Agreed(1, 5000, 2000, fixed=True), Agreed(1, 5000, 4000, fixed=True)], 5501, 2) == [0, 1250]
    assert worth_less([Agreed(0, 0, 1001, fixed=True), Agreed(1, 4500, 4500)], 5501, 2) == [0, 2250]
