"""What is being typed: the words before the cursor, and which command, option or argument the last one belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

COMMANDS, OPTIONS, NOTHING = "commands", "options", ""
"""What a word may be beside a value of some kind; `NOTHING`: nobody can say."""
_BLANKS, _SINGLE, _DOUBLE, _ESCAPE = " \t\n", "'", '"', "\\"


@dataclass(frozen=True)
class Typed:
    """A command line up to the cursor: its whole words, the last one as far as it is typed without its quotes, the same
    as it stands there, and the quote that is open in it.
    """

    words: tuple[str, ...]
    current: str
    written: str = ""
    quote: str = ""


@dataclass
class _Reading:
    """Where the reading of a line stands."""

    words: list[str] = field(default_factory=list)
    current: str = ""
    written: str = ""
    quote: str = ""
    begun: bool = False


def read(line: str) -> Typed:
    """The words of a line as a shell of Unix reads them; quotes need not be closed."""
    reading, signs = _Reading(), iter(line)
    for sign in signs:
        if not reading.quote and sign in _BLANKS:
            if reading.begun:
                reading.words.append(reading.current)
            reading.current, reading.written, reading.begun = "", "", False
            continue
        reading.begun = True
        reading.written += sign
        if sign == _ESCAPE and reading.quote != _SINGLE:
            after = next(signs, "")
            reading.current += after
            reading.written += after
        elif sign in {_SINGLE, _DOUBLE} and reading.quote in {"", sign}:
            reading.quote = "" if reading.quote else sign
        else:
            reading.current += sign
    return Typed(tuple(reading.words), reading.current, reading.written, reading.quote)


@dataclass(frozen=True)
class Place:
    """Where the cursor stands: in the command of this `path`, at a word of this `kind` (`COMMANDS`, `OPTIONS`, or the
    name of what is completed), of which `before` stands (``--kind=``) and `typed` is the rest. `node` is the command in
    the tree, `options` what was typed of options with their values, `arguments` the words before.
    """

    kind: str
    typed: str
    before: str = ""
    path: str = ""
    node: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()


def option_named(node: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """The option of a command by one of its names."""
    return next((option for option in node["options"] if name in option["names"]), None)


def place(tree: Mapping[str, Any], typed: Typed) -> Place:
    """Where in the tree of commands a line stands; of kind `NOTHING` behind a command that there is not."""
    walk = _Walk(tree)
    for word in typed.words[1:]:
        if not walk.takes(word):
            return Place(NOTHING, typed.current)
    return walk.at(typed.current)


class _Walk:
    """The way along the words of a line, from command to command."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._node = tree
        self._path: list[str] = []
        self._options: dict[str, str] = {}
        self._arguments: list[str] = []
        self._waiting: Mapping[str, Any] | None = None
        self._only_arguments = False

    def takes(self, word: str) -> bool:
        """Goes one word on; False where there is no such command."""
        if self._waiting is not None:
            self._note(self._waiting, word)
            self._waiting = None
        elif word == "--" and not self._only_arguments:
            self._only_arguments = True
        elif word.startswith("-") and not self._only_arguments:
            self._take_option(word)
        elif "commands" in self._node:
            return self._enter(word)
        else:
            self._arguments.append(word)
        return True

    def _enter(self, word: str) -> bool:
        inner: Mapping[str, Any] | None = self._node["commands"].get(word)
        if inner is None:
            return False
        self._path.append(word)
        self._node = inner
        return True

    def _take_option(self, word: str) -> None:
        name, joined, value = word.partition("=")
        option = option_named(self._node, name)
        if option is None:
            return
        if joined or not option["value"]:
            self._note(option, value)
        else:
            self._waiting = option

    def _note(self, option: Mapping[str, Any], value: str) -> None:
        for name in option["names"]:
            self._options[name] = value

    def at(self, current: str) -> Place:
        """The place of the word under the cursor."""
        if self._waiting is not None:
            return self._place(self._waiting["kind"], current)
        if current.startswith("-") and not self._only_arguments:
            name, joined, value = current.partition("=")
            option = option_named(self._node, name) if joined else None
            if not joined:
                return self._place(OPTIONS, current)
            return self._place(option["kind"] if option else NOTHING, value, f"{name}=")
        if "commands" in self._node:
            return self._place(COMMANDS, current)
        return self._place(self._argument_kind(), current)

    def _argument_kind(self) -> str:
        """What the next argument is; an option where there is none left."""
        arguments: Sequence[Mapping[str, Any]] = self._node["arguments"]
        if len(self._arguments) < len(arguments):
            return str(arguments[len(self._arguments)]["kind"])
        return str(arguments[-1]["kind"]) if arguments and arguments[-1]["many"] else OPTIONS

    def _place(self, kind: str, typed: str, before: str = "") -> Place:
        path = " ".join(self._path)
        return Place(kind, typed, before, path, self._node, dict(self._options), tuple(self._arguments))
