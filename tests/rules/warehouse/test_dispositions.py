"""Category × grade × disposition, against a table written apart from docs/rules.md §5."""

import pytest

from retcli.rules.lifecycles import Bucket, Grade
from retcli.rules.warehouse.dispositions import allowed, natures, needs_whole_seal, place

PLACES = [bucket for bucket in Bucket if bucket not in {Bucket.PENDING, Bucket.UNCLAIMED}]
# where a grade goes by itself (first) and else may go: s sellable, d defective, r repair, x scrapped, h held
ORDINARY = {"A": "sdh", "B": "drxh", "C": "drxh", "D": "xh", "X": "h"}
OF_KIND = {
    "服装/T恤": ORDINARY,
    "数码/耳机": ORDINARY,
    "食品/坚果": ORDINARY | {"B": "hx", "C": "hx"},
    "美妆/护肤/面膜": ORDINARY | {"B": "hx", "C": "hx"},
    "内衣/文胸": ORDINARY,
    "数码/充电宝": ORDINARY | {"C": "h", "D": "h"},
    "": ORDINARY,
}
SEALED = {"食品/坚果", "美妆/护肤/面膜", "内衣/文胸"}
LETTERS = {
    "s": Bucket.SELLABLE, "d": Bucket.DEFECTIVE, "r": Bucket.REPAIR, "x": Bucket.SCRAPPED, "h": Bucket.HELD
}  # fmt: skip


@pytest.mark.parametrize("bucket", PLACES)
@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("category", OF_KIND)
def test_each_category_grade_and_place(category: str, grade: Grade, bucket: Bucket) -> None:
    letters = OF_KIND[category][grade]
    may = {LETTERS[letter] for letter in letters}
    of = natures(category)
    assert (bucket in allowed(grade, of)) == (bucket in may)
    assert place(grade, of) == LETTERS[letters[0]]
    assert needs_whole_seal(grade, of) == (category in SEALED and grade == "A")


def test_nothing_but_grade_a_is_ever_sold_as_new() -> None:
    for category in OF_KIND:
        new = [grade for grade in Grade if Bucket.SELLABLE in allowed(grade, natures(category))]
        assert new == [Grade.A]


def test_what_the_shops_rules_call_sealed_is_as_new_only_with_its_seal() -> None:
    assert needs_whole_seal(Grade.A, natures("耳环", sealed=True))
    assert not needs_whole_seal(Grade.A, natures("耳环"))
    assert place(Grade.B, natures("耳环", sealed=True)) == Bucket.DEFECTIVE
