"""What is due no more of a case after a payment on it was taken back."""

import pytest

from retcli.rules.money.taken_back import LineTaken, due_no_more

CUP, BAG, FREIGHT = 1, 2, None


@pytest.mark.parametrize(
    ("lines", "less"),
    [
        # nothing was agreed to here, the platform paid 100.00: nothing is due
        ({CUP: LineTaken(10000, 10000, 0, 0)}, {CUP: 10000}),
        # 60.00 agreed to and paid, the platform paid 15.00 more, which came back
        ({CUP: LineTaken(1500, 7500, 6000, 6000)}, {CUP: 1500}),
        # the 60.00 came back instead: 45.00 are open beside the 15.00
        ({CUP: LineTaken(6000, 7500, 6000, 1500)}, {CUP: 1500}),
        # the 15.00 lie on another line: again 45.00 are open, of the line that was agreed to
        ({CUP: LineTaken(6000, 6000, 6000, 0), BAG: LineTaken(0, 1500, 0, 1500)}, {CUP: 1500}),
        # one payment of 75.00 over both lines came back: the line that nobody agreed to goes first
        ({CUP: LineTaken(6000, 6000, 6000, 0), BAG: LineTaken(1500, 1500, 0, 0)}, {BAG: 1500}),
        ({CUP: LineTaken(6000, 6000, 6000, 0), FREIGHT: LineTaken(800, 800, 0, 0)}, {FREIGHT: 800}),
        # what was agreed to and given up since is not due again
        ({CUP: LineTaken(1000, 4000, 6000, 3000)}, {}),
        # 40.00 of the platform came back of 100.00 that nobody here agreed to; 60.00 went another way and stay open
        ({CUP: LineTaken(4000, 10000, 0, 0)}, {CUP: 4000}),
    ],
)
def test_only_what_was_agreed_to_or_is_paid_stays_due(lines: dict[int | None, LineTaken], less: dict[int, int]) -> None:
    assert due_no_more(lines) == less
