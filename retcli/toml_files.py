"""Words in the reader's language for what is wrong with a TOML file: rules, columns or settings."""

import re

from retcli.language import _, mark

_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)\s*\Z")
_SAYINGS: tuple[tuple[str | tuple[str, ...], str], ...] = (
    ("Expected '='", mark("a name is followed by = and its value")),
    (
        ("Cannot overwrite", "Cannot declare", "Duplicate", "Cannot redefine", "Cannot mutate"),
        mark("the name stands there twice"),
    ),
    (("Expected ']", "Unclosed", "Expected '}"), mark("a bracket is not closed")),
    (
        ("Unterminated", "Illegal character", "Expected '\"'", 'Expected "\'"'),
        mark("a text has no quotation mark at its end, or a sign that no file may hold"),
    ),
    (
        ("Unescaped", "Invalid hex", "Escaped"),
        mark("a \\ stands in a text in double quotation marks: take single ones"),
    ),
    ("Invalid date", mark("there is no such day or time")),
    (
        ("Invalid initial", "Invalid statement"),
        mark("a name that is not of letters, digits, - and _ stands in quotation marks"),
    ),
    ("Expected newline", mark("only one name with its value stands in a line")),
    ("Invalid value", mark("a text stands in quotation marks; an amount too")),
)
"""How a message of tomllib begins, or how several do, and what a person is told instead: its own are English, and name
rules of TOML that nobody in a shop knows.
"""


def place_and_fault(wrong: Exception) -> tuple[str, str]:
    """The line of a TOML file's fault, in digits ("" where nobody can say, as at the end), and what is wrong there."""
    text = str(wrong)
    at = _PLACE.search(text)
    saying = next((saying for begins, saying in _SAYINGS if text.startswith(begins)), mark("it is no TOML"))
    return (at[1] or "" if at else ""), _(saying)


def told(wrong: Exception) -> str:
    """A TOML file's fault in words: the line, and what is wrong there."""
    line, fault = place_and_fault(wrong)
    if not line and "end of document" in str(wrong):
        return _("at its end: {fault}").format(fault=fault)
    return _("line {line}: {fault}").format(line=line, fault=fault) if line else fault
