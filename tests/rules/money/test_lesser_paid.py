"""What cases give back once a lesser sum is taken: the first in the sequence first, and no more than is beyond it."""

import pytest

from retcli.rules.money.lesser_paid import Beyond, given_back

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
