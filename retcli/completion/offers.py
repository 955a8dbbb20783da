"""What is offered for the word under the cursor."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from retcli.completion import in_books
from retcli.completion.typed_line import COMMANDS, NOTHING, OPTIONS, Place
from retcli.language import _, both
from retcli.settings import Asked

FILES, FOLDERS, WORDS = "files", "folders", "words"
"""Who names the candidates: the shell by the files that there are, or we."""
Pair = tuple[str, str]
"""A value, and its heading: what is said of it beside."""


@dataclass(frozen=True)
class Offer:
    """The candidates for a word, or that the shell shall name `FILES` or `FOLDERS`; with `goes_on` a word is not at its
    end with the candidate.
    """

    how: str = WORDS
    pairs: tuple[Pair, ...] = ()
    goes_on: bool = False

    def shown_only(self, typed: str) -> bool:
        """Whether none can stand for all of them: what was typed is the end of a number, say, and several have it."""
        return len(self.pairs) > 1 and not all(value.startswith(typed) for value, _heading in self.pairs)


def read_tree() -> dict[str, Any]:
    """The commands and what their values are, as they stand in the package."""
    written = Path(__file__).with_name("tree.json").read_text(encoding="utf-8")
    tree: dict[str, Any] = json.loads(written)
    return tree


def offer(tree: Mapping[str, Any], place: Place, call: Asked) -> Offer:
    """The candidates for a place; `call` tells which books, who asks and what time it is."""
    if place.kind in {FILES, FOLDERS}:
        return Offer(place.kind)
    if place.kind == NOTHING:
        return Offer()
    pairs, goes_on = _pairs(tree, place, call)
    # an article or a name with an escape in it would act on the terminal
    harmless = {value: heading for value, heading in pairs if value.isprintable()}
    shown = ((f"{place.before}{value}", _printable(heading)) for value, heading in harmless.items())
    return Offer(WORDS, tuple(shown), goes_on)


def _pairs(tree: Mapping[str, Any], place: Place, call: Asked) -> tuple[list[Pair], bool]:
    """The candidates, and whether a word goes on behind them."""
    simple: dict[str, Callable[[], Iterable[Pair]]] = {
        COMMANDS: partial(_commands, place),
        OPTIONS: partial(_options, place),
        "days": partial(_days, place, call),
        "months": partial(_months, place, call),
    }
    if place.kind in simple:
        return list(simple[place.kind]()), False
    if place.kind in _PARTS:
        return _PARTS[place.kind](tree, place, call)
    if place.kind in tree["choices"]:
        return list(chosen(tree["choices"][place.kind], place.typed)), False
    return in_books.pairs(tree, place, call), False


def _commands(place: Place) -> Iterator[Pair]:
    for name, node in place.node["commands"].items():
        if name.startswith(place.typed):
            yield name, _heading(node)


def _heading(thing: Mapping[str, Any]) -> str:
    """The help of a command or option, as a heading."""
    english: str = thing["help"]
    return _(english).rstrip("。.")


def _options(place: Place) -> Iterator[Pair]:
    """The options that were not typed yet, by their long names."""
    for option in place.node["options"]:
        if option["many"] or not set(option["names"]) & set(place.options):
            for name in option["names"]:
                if name.startswith(place.typed) and (name.startswith("--") or name == place.typed):
                    yield name, _heading(option)


def chosen(choices: Iterable[tuple[str, str]], typed: str) -> Iterator[Pair]:
    """Of codes with their words those that begin as was typed: by the code, or by the word, Chinese or the reader's,
    which then stands.
    """
    small = typed.casefold()
    for code, english in choices:
        word = _(english) if typed.isascii() else both(english)[1]
        if code.casefold().startswith(small):
            yield code, word
        elif word.casefold().startswith(small):
            yield word, code


def _today(call: Asked) -> date:
    from retcli.rules.zone import SHANGHAI

    return (call.now() if call.rehearsed_at else datetime.now(UTC)).astimezone(SHANGHAI).date()


def _days(place: Place, call: Asked) -> Iterator[Pair]:
    """Today, yesterday, and the first day of this month and of the last one."""
    today = _today(call)
    first = today.replace(day=1)
    last = (first - timedelta(days=1)).replace(day=1)
    for day in dict.fromkeys((today, today - timedelta(days=1), first, last)):
        if str(day).startswith(place.typed):
            yield str(day), ""


def _months(place: Place, call: Asked) -> Iterator[Pair]:
    """The last twelve months that are over, then this one."""
    first = _today(call).replace(day=1)
    this = first
    for _number in range(12):
        first = (first - timedelta(days=1)).replace(day=1)
        if f"{first:%Y-%m}".startswith(place.typed):
            yield f"{first:%Y-%m}", ""
    if f"{this:%Y-%m}".startswith(place.typed):
        yield f"{this:%Y-%m}", ""


def _targets(tree: Mapping[str, Any], place: Place, call: Asked) -> tuple[list[Pair], bool]:
    """``[SKU=]TARGET``: goods, before the sign or behind it."""
    sku, joined, target = place.typed.rpartition("=")
    goods = in_books.pairs(tree, _part(place, "skus", target), call)
    return [(f"{sku}{joined}{value}", heading) for value, heading in goods], not joined


def _pieces(tree: Mapping[str, Any], place: Place, call: Asked) -> tuple[list[Pair], bool]:
    """``SKU=N:GRADE[:PLACE]``: goods, then a grade, then a place."""
    sku, joined, rest = place.typed.rpartition("=")
    if not joined:
        return [
            (f"{value}=", heading) for value, heading in in_books.pairs(tree, _part(place, "line_skus", rest), call)
        ], True
    parts = rest.split(":")
    if len(parts) not in {2, 3}:
        return [], False
    begun = f"{sku}={':'.join(parts[:-1])}:"
    found = chosen(tree["choices"]["grades" if len(parts) == 2 else "places"], parts[-1])
    return [(f"{begun}{value}", heading) for value, heading in found], False


def _facts(tree: Mapping[str, Any], place: Place, call: Asked) -> tuple[list[Pair], bool]:
    """``NAME=VALUE``: the name of a fact, then yes and no, or goods."""
    name, joined, value = place.typed.partition("=")
    if not joined:
        return list(chosen(tree["choices"]["facts"], name)), True
    if name in {"opened", "misused"}:
        found: Iterable[Pair] = chosen((("yes", "yes"), ("no", "no")), value)
    elif name in {"confirmed", "unconfirmed"}:
        found = in_books.pairs(tree, _part(place, "skus", value), call)
    else:
        found = ()
    return [(f"{name}={each}", heading) for each, heading in found], False


def _part(place: Place, kind: str, typed: str) -> Place:
    return Place(kind, typed, path=place.path, node=place.node, options=place.options, arguments=place.arguments)


_PARTS = {"targets": _targets, "pieces": _pieces, "facts": _facts}
"""Words of several values."""
PARTS = frozenset(_PARTS)


def _printable(text: str) -> str:
    """A text in one line without signs that could steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()
