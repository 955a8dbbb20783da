"""What a parcel should weigh, and when it is too light, worked out by hand."""

import pytest

from retcli.rules.warehouse.weights import Basis, Expected, expected

TWO_CUPS, AND_A_LID = {"CUP": 2}, {"CUP": 2, "LID": 1}


@pytest.mark.parametrize(
    ("awaited", "of_articles", "sent", "left_with", "what"),
    [
        (TWO_CUPS, {}, TWO_CUPS, 900, Expected(900, Basis.SENT)),
        (TWO_CUPS, {"CUP": 350}, TWO_CUPS, 900, Expected(900, Basis.SENT)),  # with its box
        (TWO_CUPS, {"CUP": 350}, AND_A_LID, 900, Expected(700, Basis.GOODS)),  # only a part of it comes back
        (TWO_CUPS, {}, AND_A_LID, 900, None),
        (TWO_CUPS, {"CUP": 350}, TWO_CUPS, None, Expected(700, Basis.GOODS)),
        (TWO_CUPS, {"CUP": 350}, TWO_CUPS, 0, Expected(700, Basis.GOODS)),  # nobody weighed it
        (AND_A_LID, {"CUP": 350, "LID": None}, AND_A_LID, None, None),
        (AND_A_LID, {"CUP": 350, "LID": 40}, AND_A_LID, None, Expected(740, Basis.GOODS)),
        ({}, {}, {}, 900, None),
    ],
)
def test_what_a_parcel_should_weigh(
    awaited: dict[str, int],
    of_articles: dict[str, int | None],
    sent: dict[str, int],
    left_with: int | None,
    what: Expected | None,
) -> None:
    assert expected(awaited, of_articles, sent, left_with) == what


@pytest.mark.parametrize(
    ("weighed", "light"),
    [(899, False), (540, False), (539, True), (1, True), (1500, False)],  # 60 % of 900 are 540
)
def test_under_sixty_per_cent_is_too_light(weighed: int, light: bool) -> None:
    assert Expected(900, Basis.SENT).lacks(weighed) is light
