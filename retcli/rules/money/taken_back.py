"""What a case is due no more once a payment on it was taken back (`docs/rules.md` §3.1): what a platform paid is owed
to nobody for that alone, only what was agreed to here.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LineTaken:
    """A line of a case, or its freight, after a payment was taken back: what of it was `taken` back, and what is due,
    `agreed` to here and still `paid` on it, in minor units.
    """

    taken: int
    due: int
    agreed: int
    paid: int


def due_no_more(lines: Mapping[int | None, LineTaken]) -> dict[int | None, int]:
    """What is due no more, by line: as much of what was taken back as exceeds both what was agreed to and what is
    still paid, over all lines; of lines that have more than was agreed to first.
    """
    each = list(lines.values())
    still = max(sum(line.agreed for line in each), sum(line.paid for line in each))
    left = min(sum(line.taken for line in each), max(sum(line.due for line in each) - still, 0))
    less = dict.fromkeys(lines, 0)
    for beyond_first in (True, False):
        for key, line in lines.items():
            room = line.due - (max(line.agreed, line.paid) if beyond_first else line.paid) - less[key]
            cut = max(min(line.taken - less[key], room, left), 0)
            less[key], left = less[key] + cut, left - cut
    return {key: minor for key, minor in less.items() if minor}
