"""What a JSON document looks like, written down: all keys, nested, with the type of each value."""

import re
from collections.abc import Iterator
from typing import Any

Shape = str | dict[str, Any] | list[Any] | tuple[Any, ...]
"""A type by its name (``instant`` and ``day`` are texts too), or several with ``|`` between them; a list of one shape;
a document by its keys, of which one that ends in ``?`` may be missing and a lone ``*`` stands for any; a tuple of
shapes, one of which it has; ``any``.
"""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def type_of(value: Any) -> str:
    """The type of a value by its name; a list or another document than an amount is none of them."""
    match value:
        case None:
            return "none"
        case bool():
            return "flag"
        case int():
            return "count"
        case str():
            return "instant" if _INSTANT.fullmatch(value) else "day" if _DAY.fullmatch(value) else "text"
        case {"currency": str(), "minor": int(), "text": str()} if len(value) == 3:
            return "money"
        case {"points": int()} if len(value) == 1:
            return "points"
    return type(value).__name__


def misfits(value: Any, shape: Shape, at: str = "") -> Iterator[str]:
    """Where a value is not of a shape, each place with what is wrong there."""
    match shape:
        case "any":
            return
        case str():
            names = shape.split("|")
            if type_of(value) not in names and not ("text" in names and isinstance(value, str)):
                yield f"{at}: {type_of(value)}, not {shape}"
        case tuple():
            wrong = [list(misfits(value, each, at)) for each in shape]
            if all(wrong):
                yield from min(wrong, key=len)
        case [inner]:
            if not isinstance(value, list):
                yield f"{at}: {type_of(value)}, not a list"
            else:
                for each in value:
                    yield from misfits(each, inner, f"{at}[]")
        case {"*": inner}:
            for key, each in value.items():
                yield from misfits(each, inner, f"{at}.{key}")
        case dict():
            yield from _misfits_of_document(value, shape, at)


def _misfits_of_document(value: Any, shape: dict[str, Any], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: {type_of(value)}, not a document"
        return
    wanted = {key.rstrip("?"): inner for key, inner in shape.items()}
    needed = {key for key in shape if not key.endswith("?")}
    yield from (f"{at}.{key}: lost" for key in sorted(needed - set(value)))
    yield from (f"{at}.{key}: nobody wrote it down" for key in sorted(set(value) - set(wanted)))
    for key in wanted.keys() & value.keys():
        yield from misfits(value[key], wanted[key], f"{at}.{key}")
