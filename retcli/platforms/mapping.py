"""A mapping file: how to read an export that retcli does not know, written by the shop as TOML.

``name``, ``platform``, ``holds``, ``encoding`` and ``shop``; ``[fields]`` our word = the column's name or names;
``[values.status]``, ``.kind``, ``.direction``, ``.bucket`` their word = our word; ``[skip]`` the first ``rows`` lines,
and records whose cell in a column starts with a text (``starting``); ``[units]`` ``money`` yuan or fen, ``dates``,
``currency``.
"""

import codecs
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from retcli import named_files
from retcli.errors import NeedsPerson, NotFound, Refused, why
from retcli.language import _, clauses, mark, series
from retcli.platforms import bills, vocabulary
from retcli.reading import limits
from retcli.reading.cells import Read, Unreadable, one_of, plain, word, zoned
from retcli.reading.dialect import Dialect, Fault, Field, Row, RowSteps, bare_name
from retcli.rules.money import minor_units
from retcli.rules.names import platform_of
from retcli.rules.zone import SHANGHAI
from retcli.shellwords import quoted

KEYS = {
    "": ("name", "platform", "holds", "encoding", "shop", "fields", "values", "skip", "units"),
    "values": ("status", "kind", "direction", "bucket", "way", "instant"),
    "skip": ("rows", "starting"),
    "units": ("money", "dates", "currency"),
}
"""The keys that each table of a mapping file may have, besides our words and theirs."""
UNITS = ("yuan", "fen")
_SAMPLE = datetime(2026, 11, 23, 13, 45)
_LINE = re.compile(r"line (\d+)")


class BadMapping(NeedsPerson):
    """A mapping file that cannot be used; the message names file, key and what is possible."""

    code = "bad_map"


@dataclass(frozen=True)
class Mapped:
    """A mapping file that was checked: the dialect it makes, the encoding and shop it names, its content's hash."""

    dialect: Dialect
    encoding: str
    shop: str
    digest: str


def load(path: Path, kinds: Sequence[str]) -> Mapped:
    """Reads and checks a mapping file; `kinds` of file are possible. Raises BadMapping with all that is wrong."""
    try:
        content = named_files.content(path)
    except (NotFound, Refused) as missing:
        cause = missing.__cause__
        reason = why(cause) if isinstance(cause, OSError) else missing.message
        text = _("{file} cannot be read: {why}").format(file=path, why=reason)
        raise BadMapping(text, "retcli imports draft-map") from missing
    checked = _Checked(path.name, _toml(path.name, content))
    dialect = checked.dialect([kind for kind in kinds if kind in vocabulary.WORDS])
    encoding, shop = checked.encoding(), checked.text("", "shop", needed=False)
    if checked.problems or dialect is None:
        text, hint = (
            clauses(checked.problems),
            _("Mend the file, then look: retcli imports explain FILE --map {file}"),
        )
        raise BadMapping(text, hint.format(file=quoted(str(path))))
    return Mapped(dialect, encoding, shop, hashlib.sha256(content).hexdigest())


def _toml(name: str, content: bytes) -> dict[str, Any]:
    """The tables of a TOML file; an editor on Windows may have written it in GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return tomllib.loads(content.decode(encoding))
        except UnicodeDecodeError:
            continue
        except tomllib.TOMLDecodeError as wrong:
            at = _LINE.search(str(wrong))
            text = _("{file} is no valid TOML, line {line}").format(file=name, line=at[1] if at else "-")
            hint = _('A line reads: word = "column", names in quotation marks; a name may stand only once')
            raise BadMapping(text, hint, file=name, row=at[1] if at else None) from wrong
    raise BadMapping(_("{file} is no text").format(file=name), _("Save it as UTF-8"), file=name)


class _Checked:
    """A mapping file's tables, and everything that is wrong with them."""

    def __init__(self, file: str, raw: Mapping[str, Any]) -> None:
        self.file = file
        self.raw = raw
        self.problems: list[str] = []
        for table, keys in KEYS.items():
            for key in self.table(table):
                if key not in keys:
                    self.unknown(table, key, keys)

    def wrong(self, table: str, key: str, problem: str) -> None:
        """Notes a problem of a key."""
        where = f"[{table}] {key}" if table else key
        self.problems.append(_("{file}, {key}: {problem}").format(file=self.file, key=where, problem=problem))

    def unknown(self, table: str, key: str, possible: Iterable[str]) -> None:
        """Notes that a name is none of those that are possible, and the nearest of them."""
        names = list(possible)
        near = get_close_matches(key, names, n=1, cutoff=0.7)
        if near:
            self.wrong(table, key, _("unknown; did you mean {near}?").format(near=near[0]))
        else:
            self.wrong(table, key, _("unknown; possible are {all}").format(all=series(names)))

    def table(self, name: str) -> Mapping[str, Any]:
        """A table of the file, empty where there is none; ``values.kind`` is one inside another."""
        found: Mapping[str, Any] = self.raw
        for part in name.split(".") if name else ():
            inside = found.get(part, {})
            if not isinstance(inside, dict):
                self.wrong("", name, _("must be a table: [{name}]").format(name=name))
                return {}
            found = inside
        return found

    def text(self, table: str, key: str, *, needed: bool = True) -> str:
        """A text; a problem where it is missing and needed, or something else."""
        found = self.table(table).get(key, "")
        if not isinstance(found, str) or (needed and not found.strip()):
            self.wrong(table, key, _("must be a text in quotation marks") if key in self.table(table) else _("missing"))
            return ""
        return found.strip()

    def choice(self, table: str, key: str, possible: Sequence[str], otherwise: str = "") -> str:
        """One of some words."""
        if otherwise and key not in self.table(table):
            return otherwise
        found = self.text(table, key)
        if found and found not in possible:
            self.wrong(table, key, _("{text}: possible are {all}").format(text=found, all=series(possible)))
            return ""
        return found

    def encoding(self) -> str:
        """The encoding, empty where the file does not say."""
        found = self.text("", "encoding", needed=False)
        try:
            codecs.lookup(found or "utf-8")
        except LookupError:
            self.wrong("", "encoding", _("{text}: possible are {all}").format(text=found, all="utf-8、gb18030、utf-16"))
        return found

    def dialect(self, kinds: Sequence[str]) -> Dialect | None:
        """The dialect that the file describes, or None where that cannot be said."""
        name, platform = self.text("", "name"), platform_of(self.text("", "platform"))
        holds = self.choice("", "holds", kinds)
        if not holds:
            return None
        headers = self.headers(holds)
        for group in vocabulary.lacking(holds, frozenset(headers)):
            self.wrong("fields", " / ".join(group), _("missing: this kind of file needs it"))
        reads = self.reads(holds)
        required, needed = vocabulary.required(holds), vocabulary.needed(holds)
        fields = tuple(
            Field(word, names, reads[word], required=word in required, needed=word in needed)
            for word, names in headers.items()
        )
        return Dialect(
            name,
            platform,
            holds,
            fields,
            after=self.rows(),
            starting=self.starting(),
            row_steps=self.row_steps(holds, headers),
            by_hand=True,
        )

    def row_steps(self, holds: str, headers: Mapping[str, object]) -> RowSteps | None:
        """What is made of the rows: of a statement's its entries, and all in the file's currency."""
        currency = self.currency()
        foreign = _in_currency(currency) if currency != "CNY" and "currency" not in headers else None
        if holds != "bills":
            return foreign
        entered = bills.entries(bills.moved, None if "number" in headers else bills.unnumbered)
        return (lambda rows: foreign(entered(rows))) if foreign else entered

    def headers(self, holds: str) -> dict[str, tuple[str, ...]]:
        """Each of our words with its column's names; a column that stands under two words is a problem."""
        known = vocabulary.words_of(holds)
        found: dict[str, tuple[str, ...]] = {}
        for name, written in self.table("fields").items():
            if name not in known:
                self.unknown("fields", name, known)
            elif names := self.names("fields", name, written):
                found[name] = names
        self.not_twice(found)
        for name, beside in vocabulary.BESIDE.items():
            if name in found and beside in known:
                found.setdefault(beside, found[name])
        return found

    def names(self, table: str, key: str, written: Any) -> tuple[str, ...]:
        """One name or several."""
        names = [written] if isinstance(written, str) else written
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.wrong(table, key, _('must be a name in quotation marks, or several: ["a", "b"]'))
            return ()
        return tuple(name for name in names if name.strip())

    def not_twice(self, found: Mapping[str, tuple[str, ...]]) -> None:
        """Notes columns that stand under two words, other than a status beside its own words."""
        seen: dict[str, str] = {}
        for word_, names in found.items():
            for name in dict.fromkeys(map(bare_name, names)):
                before = seen.setdefault(name, word_)
                if before != word_ and {before, word_} not in [set(pair) for pair in vocabulary.BESIDE.items()]:
                    text = _("the column {name} stands under {word} already").format(name=name, word=before)
                    self.wrong("fields", word_, text)

    def reads(self, holds: str) -> dict[str, Read]:
        """How each word's cells are read, in the file's units and words."""
        special = self.money() | self.dates()
        made: dict[str, Read] = {}
        for each in vocabulary.WORDS[holds]:
            if each.sort in vocabulary.VOCABULARIES:
                made[each.name] = self.vocabulary(each)
            else:
                made[each.name] = special.get(each.sort, vocabulary.READS.get(each.sort, word))
        return made

    def vocabulary(self, each: vocabulary.Word) -> Read:
        """The words of a status: ours, the known ones, and those of the file."""
        known = vocabulary.VOCABULARIES[each.sort]
        ours = list(dict.fromkeys(known.values()))
        theirs = {}
        for name, meant in self.table(f"values.{each.name}").items():
            if meant in ours:
                theirs[name] = meant
            else:
                self.unknown(f"values.{each.name}", str(meant), ours)
        return one_of({code: code for code in ours} | dict(known) | theirs)

    def money(self) -> dict[str, Read]:
        """How amounts are read, where it is not in yuan."""
        currency = self.currency()
        if self.choice("units", "money", UNITS, "yuan") == "fen":
            return {"money": _worth(_whole), "signed": _whole}
        return {} if currency == "CNY" else {"money": _worth(_minor(currency)), "signed": _minor(currency)}

    def currency(self) -> str:
        """The currency's code."""
        found = self.text("units", "currency", needed=False) or "CNY"
        if not re.fullmatch(r"[A-Z]{3}", found) and not self.noted("currency"):
            self.wrong("units", "currency", _("{text}: possible is a code such as {all}").format(text=found, all="CNY"))
        return found

    def noted(self, key: str) -> bool:
        """Whether a problem was noted for a key."""
        return any(f" {key}:" in problem for problem in self.problems)

    def dates(self) -> dict[str, Read]:
        """How dates are read, where a format is given; it must give back a whole date."""
        pattern = self.text("units", "dates", needed=False)
        if not pattern:
            return {}
        try:
            whole = datetime.strptime(_SAMPLE.strftime(pattern), pattern).date() == _SAMPLE.date()
        except ValueError:
            whole = False
        if not whole:
            text = _("{text} is no format of a whole date, such as {all}")
            self.wrong("units", "dates", text.format(text=pattern, all="%d/%m/%Y %H:%M:%S"))
        return {"instant": _dated(pattern)}

    def rows(self) -> int:
        """How many lines stand before the header."""
        found = self.table("skip").get("rows", 0)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < limits.HEADER_WITHIN:
            self.wrong("skip", "rows", _("must be a number from 0 to {most}").format(most=limits.HEADER_WITHIN - 1))
            return 0
        return found

    def starting(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Columns, and how the records begin in them that are no data."""
        found = self.table("skip.starting")
        return tuple((column, self.names("skip.starting", column, written)) for column, written in found.items())


def _whole(cell: str) -> int | None:
    """An amount in fen as it stands."""
    found = word(cell).replace(",", "").removesuffix(".0")
    if not found:
        return None
    if not _FEN.fullmatch(found):
        raise Unreadable(mark("not an amount of money"))
    return int(found)


_FEN = re.compile(r"[+-]?[0-9]{1,14}")


def _worth(signed: Read) -> Read:
    """A reader of amounts that cannot be below zero."""

    def read(cell: str) -> int | None:
        minor: int | None = signed(cell)
        if minor is not None and minor < 0:
            raise Unreadable(mark("not an amount of money"))
        return minor

    return read


def _minor(currency: str) -> Read:
    """A reader of amounts in a currency's main unit."""

    def read(cell: str) -> int | None:
        found = word(cell)
        if not found:
            return None
        try:
            return minor_units.parse(found, currency)
        except ValueError as wrong:
            raise Unreadable(mark("not an amount of money")) from wrong

    return read


def _dated(pattern: str) -> Read:
    """A reader of instants in a format, in Shanghai's time unless it has a zone; a year that comes first is known."""

    def read(cell: str) -> str | None:
        found = plain(cell)
        try:
            at = datetime.strptime(found, pattern)
        except ValueError:
            return zoned(cell)
        return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC).isoformat()

    return read


def _in_currency(currency: str) -> RowSteps:
    """Rows whose amounts are in one currency."""

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        for row in rows:
            yield replace(row, values=row.values | {"currency": currency}) if isinstance(row, Row) else row

    return stepped
