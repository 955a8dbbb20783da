"""The one serialiser: each kind of value as the contract has it, each class by the keys that it names."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from pathlib import Path

import pytest

from retcli.rules.money.minor_units import Money
from retcli.views.base import View
from retcli.views.documents import Documented, as_json, document_of


class Colour(StrEnum):
    RED = "red"


class Rule(Enum):
    FIRST = 1


@dataclass(frozen=True)
class Plain:
    at: datetime
    of: str


@dataclass(frozen=True)
class Line(Documented):
    KEYS = ("from_", "doubled")

    pieces: int
    from_: str

    @property
    def doubled(self) -> int:
        return 2 * self.pieces


@dataclass(frozen=True)
class Shown(View):
    ENVELOPE = "thing"
    KEYS = ("lines", "**line", "**nothing", "**more")

    line: Line
    lines: tuple[Line, ...] = ()
    nothing: Line | None = None

    @property
    def more(self) -> dict[str, Money]:
        return {"money": Money(1250, "USD")}


@dataclass(frozen=True)
class ShownAll(View):
    things: tuple[Shown, ...]


NOON = datetime(2026, 11, 9, 4, 0, 30, 999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        ("文", "文"),
        (Money(1250, "CNY"), {"currency": "CNY", "minor": 1250, "text": "12.50"}),
        (Money(1250, "JPY"), {"currency": "JPY", "minor": 1250, "text": "1250"}),
        (Money(0, "CNY"), {"currency": "CNY", "minor": 0, "text": "0.00"}),
        (Money(200, "POINTS"), {"points": 200}),
        (NOON, "2026-11-09T12:00:30+08:00"),
        (date(2026, 11, 9), "2026-11-09"),
        (Path("a/b.xlsx"), "a/b.xlsx"),
        (Colour.RED, "red"),
        (Rule.FIRST, 1),
        ((1, ("a",)), [1, ["a"]]),
        ([Colour.RED], ["red"]),
        ({"a": Money(1, "CNY")}, {"a": {"currency": "CNY", "minor": 1, "text": "0.01"}}),
        (Plain(NOON, "x"), {"at": "2026-11-09T12:00:30+08:00", "of": "x"}),
    ],
)
def test_each_kind_of_value_has_one_form(value: object, wanted: object) -> None:
    assert as_json(value) == wanted
    assert type(as_json(value)) is type(wanted), "a code is a plain text, a flag no number"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", Plain, (1, 2j)])
def test_what_has_no_form_is_refused_and_not_written_as_some_text(value: object) -> None:
    with pytest.raises(TypeError):
        as_json(value)


def test_a_class_names_its_keys_in_their_order() -> None:
    assert list(document_of(Line(2, "stock")).items()) == [("from", "stock"), ("doubled", 4)]


def test_a_view_stands_under_its_name_alone_and_without_it_in_a_list() -> None:
    line = Line(2, "stock")
    document = {"lines": [{"from": "stock", "doubled": 4}], "from": "stock", "doubled": 4}
    shown = Shown(line, (line,))
    bare = document | {"money": {"currency": "USD", "minor": 1250, "text": "12.50"}}
    assert shown.document() == {"thing": bare}
    assert ShownAll((shown,)).document() == {"things": [bare]}
    assert list(bare) == list(document_of(shown)), "in this order"
