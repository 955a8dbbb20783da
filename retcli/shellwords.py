"""Commands that a person is told to type: their values quoted for the shell, and placeholders such as CASE in the
reader's language.
"""

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retcli.language import _, mark

_PLAIN = re.compile(r"[\w@%+=:,./-]+")
"""A value that no shell reads as anything but itself; letters of any script may be in it."""
PLACEHOLDERS = {
    "CASE": mark("‹case›"),
    "ORDER": mark("‹order›"),
    "TEXT": mark("‹words›"),
    "FILE": mark("‹file›"),
    "NAME": mark("‹name›"),
    "AMOUNT": mark("‹amount›"),
    "KIND": mark("‹kind›"),
    "REASON": mark("‹reason›"),
    "WAY": mark("‹way›"),
    "RESULT": mark("‹result›"),
    "WAYBILL": mark("‹waybill›"),
    "SKU": mark("‹sku›"),
    "TARGET": mark("‹other sku›"),
    "RUNG": mark("‹offer›"),
    "PAYOUT": mark("‹payout›"),
    "QUESTION": mark("‹question›"),
    "GRADE": mark("‹grade›"),
    "CODE": mark("‹code›"),
    "SHOP": mark("‹shop›"),
}
"""Placeholders in commands for what only the reader knows, and the word for each in other languages."""
_BECAUSE = "--because TEXT"
_WHY = mark("‹why›")
"""What a reason is called where other words are not."""
_BRACKETED = re.compile(r"‹[^‹›]*›")
_BRACKETED_ELSEWHERE = re.compile(r"[〈<][^〈〉<>]+[〉>]")
"""A placeholder as consoles show it that lack its brackets."""
_COMMAND = re.compile(r"(?:\bretcli |--)[^，。；\n]*")
_AXES = {"kind": "", "reason": "", "waive": "rule", "rung": "", "state": "payout", "stage": "", "role": ""}
"""The options whose value is one of some codes, and on which axis of the words."""
_VALUE = re.compile(rf"(?<=--)({'|'.join(_AXES)}) ([\w-]+)(?!\S)", re.ASCII)
_PLACEHOLDER = re.compile(rf"(?<![\w#‹-])(?:{'|'.join(PLACEHOLDERS)})(?![\w›-])")


def quoted(value: str) -> str:
    """A value as one word of a command, whatever is in it: for the shells of Windows or for those of the others."""
    if _PLAIN.fullmatch(value):
        return value
    return '"' + value.replace('"', '""') + '"' if os.name == "nt" else shlex.quote(value)


@dataclass(frozen=True)
class Setting:
    """The lines that set variables for the rest of a window in a shell; `shell` is its name where there are several."""

    shell: str
    lines: tuple[str, ...]


def settings_lines(books: Path, **others: str) -> tuple[Setting, ...]:
    """The lines that name the books (a path below the present folder is told from there, so that a long one is not
    broken) and set further variables, for each shell that a person of this system may have before them.
    """
    others = {f"RETCLI_{name.upper()}": value for name, value in others.items()}
    if os.name != "nt":
        place = f'"$PWD/{books}"' if _plain_below(books) else quoted(str(books))
        lines = (f"export {name}={quoted(value)}" for name, value in others.items())
        return (Setting("", (f"export RETCLI_DB={place}", *lines)),)
    below = _plain_below(books)
    place = "'" + str(books).replace("'", "''") + "'"
    power = [f'$env:RETCLI_DB = "$PWD\\{books}"' if below else f"$env:RETCLI_DB = {place}"]
    power += [f"$env:{name} = '{value}'" for name, value in others.items()]
    prompt = [f"set RETCLI_DB=%CD%\\{books}" if below else f"set RETCLI_DB={books}"]
    prompt += [f"set {name}={value}" for name, value in others.items()]
    return (Setting("PowerShell", tuple(power)), Setting("cmd", tuple(prompt)))


def _plain_below(path: Path) -> bool:
    """Whether a path is told from the present folder, in letters that stand for themselves within quotation marks."""
    return not path.is_absolute() and all(_PLAIN.fullmatch(part) and part != ".." for part in path.parts)


def either(*commands: str) -> str:
    """Commands to choose from, each a line: two in one line are one wrong command. Empty ones are left out."""
    return "\n".join(filter(None, commands))


def unfilled(typed: Sequence[str]) -> str:
    """The first placeholder that was typed as it stood in a hint: with its brackets anywhere in a word, or an argument
    or value that is nothing else than capitals such as TEXT, or dots; empty where there is none.
    """
    for word in typed:
        if bracketed := _BRACKETED.search(word):
            return bracketed[0]
        value = word.partition("=")[2] if word.startswith("--") else word
        if value in PLACEHOLDERS or _BRACKETED_ELSEWHERE.fullmatch(value) or (value and not value.strip("…")):
            return value
    return ""


def in_own_words(text: str) -> str:
    """A text whose commands have their placeholders, and the codes that an option takes, in the reader's language;
    English keeps the capitals and the codes.
    """
    return _COMMAND.sub(lambda command: _VALUE.sub(_value, _PLACEHOLDER.sub(_named, _reasoned(command[0]))), text)


def completed(hint: str, typed: Sequence[str]) -> str:
    """A hint that is only some options (``--kind return``) as the whole command: what was `typed` without those options
    and their values, then the hint. Any other hint, and one that offers a choice, stays as it is.
    """
    # only options that are meant to be added as they stand: a choice (a|b) or a list of values is for a person to pick
    words = shlex.split(hint) if hint.startswith("--") and "\n" not in hint else []
    if not words or any(sign in hint for sign in "|、,"):
        return hint
    following = dict(zip(words, [*words[1:], "--"], strict=True))
    takes_value = {word: not after.startswith("--") for word, after in following.items() if word.startswith("--")}
    kept, remaining = [], list(typed)
    while remaining:
        word = remaining.pop(0)
        option = word.split("=")[0]
        if option in takes_value:
            if takes_value[option] and "=" not in word and remaining:
                remaining.pop(0)
        elif word != "--json":
            kept.append(quoted(word))
    return " ".join(["retcli", *kept, hint])


def spelled_out(named: str, candidates: Sequence[str], typed: Sequence[str]) -> str:
    """What was `typed`, once for each candidate in place of what `named` several; empty where it does not stand there
    as a word of its own.
    """
    if named not in typed:
        return ""
    words = [word for word in typed if word != "--json"]
    place = words.index(named)
    return either(*(whole([*words[:place], each, *words[place + 1 :]]) for each in candidates))


def whole(words: Sequence[str]) -> str:
    """The words of a call as one command."""
    return " ".join(["retcli", *(quoted(word) for word in words)])


def _reasoned(command: str) -> str:
    named = _(_WHY)
    return command if named == _WHY else command.replace(_BECAUSE, f"--because {named}")


def _named(placeholder: re.Match[str]) -> str:
    source = PLACEHOLDERS[placeholder[0]]
    named = _(source)
    return placeholder[0] if named == source else named


def _value(given: re.Match[str]) -> str:
    # loaded for a line with such a command only: what it needs would cost every start
    from retcli.words import as_typed

    option, code = given.groups()
    return f"{option} {quoted(as_typed(code, _AXES[option]))}"
