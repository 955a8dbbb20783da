"""Reads a mapping file, in which a shop describes as TOML an export that retcli does not know, into a dialect.

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
from retcli.toml_files import place_and_fault, told

KEYS = {
    "": ("name", "platform", "holds", "encoding", "shop", "fields", "values", "skip", "units"),
    "values": ("status", "kind", "direction", "bucket", "way", "instant"),
    "skip": ("rows", "starting"),
    "units": ("money", "dates", "currency"),
}
"""The keys that each table of a mapping file may have, besides our words and the platform's."""
UNITS = ("yuan", "fen")
_SAMPLE = datetime(2026, 11, 23, 13, 45)
"""A date whose year, month and day cannot be taken for each other: a format is tried on it."""


class BadMapping(NeedsPerson):
    """A mapping file that cannot be used; the message names the file, each bad key and what is possible."""

    code = "bad_map"


@dataclass(frozen=True)
class Mapped:
    """A checked mapping file: its dialect, the encoding and shop that it names ("" for none), and its content's SHA-256
    in hex.
    """

    dialect: Dialect
    encoding: str
    shop: str
    digest: str


def load(path: Path, kinds: Sequence[str]) -> Mapped:
    """Reads and checks a mapping file, which may describe one of some `kinds` of file. Raises BadMapping with
    everything that is wrong in it.
    """
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
    """The tables of a TOML file. Raises BadMapping where it is none."""
    # UTF-8 is what TOML asks for; an editor on Windows may have written GB18030 all the same
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return tomllib.loads(content.decode(encoding))
        except UnicodeDecodeError:
            continue
        except tomllib.TOMLDecodeError as wrong:
            line, _fault = place_and_fault(wrong)
            text = _("{file} cannot be read: {why}").format(file=name, why=told(wrong))
            hint = _('A line reads: word = "column", names in quotation marks; a name may stand only once')
            raise BadMapping(text, hint, file=name, row=line or None) from wrong
    raise BadMapping(_("{file} is no text").format(file=name), _("Save it as UTF-8"), file=name)


class _Checked:
    """Reads the tables of a mapping file; `problems` collects all that is wrong, so that it is mended at once."""

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
        """Notes that a name is none of the possible ones, with the nearest of them."""
        names = list(possible)
        near = get_close_matches(key, names, n=1, cutoff=0.7)
        if near:
            self.wrong(table, key, _("unknown; did you mean {near}?").format(near=near[0]))
        else:
            self.wrong(table, key, _("unknown; possible are {all}").format(all=series(names)))

    def table(self, name: str) -> Mapping[str, Any]:
        """A table of the file by its name, which may be one inside another (``values.kind``); empty where there is
        none.
        """
        inner: Mapping[str, Any] = self.raw
        for part in name.split(".") if name else ():
            inside = inner.get(part, {})
            if not isinstance(inside, dict):
                self.wrong("", name, _("must be a table: [{name}]").format(name=name))
                return {}
            inner = inside
        return inner

    def text(self, table: str, key: str, *, needed: bool = True) -> str:
        """The text of a key; "" with a problem where it is missing and needed, or something else."""
        written = self.table(table).get(key, "")
        if not isinstance(written, str) or (needed and not written.strip()):
            self.wrong(table, key, _("must be a text in quotation marks") if key in self.table(table) else _("missing"))
            return ""
        return written.strip()

    def choice(self, table: str, key: str, possible: Sequence[str], otherwise: str = "") -> str:
        """One of the possible words of a key, `otherwise` where the key is missing; "" with a problem for another."""
        if otherwise and key not in self.table(table):
            return otherwise
        chosen = self.text(table, key)
        if chosen and chosen not in possible:
            self.wrong(table, key, _("{text}: possible are {all}").format(text=chosen, all=series(possible)))
            return ""
        return chosen

    def encoding(self) -> str:
        """The encoding that the file names, "" for none; a problem where there is none of that name."""
        encoding_name = self.text("", "encoding", needed=False)
        try:
            codecs.lookup(encoding_name or "utf-8")
        except LookupError:
            self.wrong(
                "", "encoding", _("{text}: possible are {all}").format(text=encoding_name, all="utf-8、gb18030、utf-16")
            )
        return encoding_name

    def dialect(self, kinds: Sequence[str]) -> Dialect | None:
        """The dialect that the file describes; None where it names no possible kind. It is not to be used while there
        are `problems`.
        """
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
        """The row steps of the dialect: rows of a statement become its entries, and all get the file's currency."""
        currency = self.currency()
        foreign = _in_currency(currency) if currency != "CNY" and "currency" not in headers else None
        if holds != "bills":
            return foreign
        entered = bills.entries(bills.moved, None if "number" in headers else bills.unnumbered)
        return (lambda rows: foreign(entered(rows))) if foreign else entered

    def headers(self, holds: str) -> dict[str, tuple[str, ...]]:
        """Our words with the names of their columns; a problem for an unknown word or a column under two words."""
        our_words = vocabulary.words_of(holds)
        columns: dict[str, tuple[str, ...]] = {}
        for name, written in self.table("fields").items():
            if name not in our_words:
                self.unknown("fields", name, our_words)
            elif names := self.names("fields", name, written):
                columns[name] = names
        self.not_twice(columns)
        # the platform's own words are kept too, from the same column, though the file names only the code
        for name, beside in vocabulary.BESIDE.items():
            if name in columns and beside in our_words:
                columns.setdefault(beside, columns[name])
        return columns

    def names(self, table: str, key: str, written: Any) -> tuple[str, ...]:
        """The names that a key holds, one or several; none with a problem for anything else."""
        names = [written] if isinstance(written, str) else written
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.wrong(table, key, _('must be a name in quotation marks, or several: ["a", "b"]'))
            return ()
        return tuple(name for name in names if name.strip())

    def not_twice(self, columns: Mapping[str, tuple[str, ...]]) -> None:
        """Notes columns that stand under two words. A status and its own words may share one."""
        seen: dict[str, str] = {}
        for word_, names in columns.items():
            for name in dict.fromkeys(map(bare_name, names)):
                before = seen.setdefault(name, word_)
                if before != word_ and {before, word_} not in [set(pair) for pair in vocabulary.BESIDE.items()]:
                    text = _("the column {name} stands under {word} already").format(name=name, word=before)
                    self.wrong("fields", word_, text)

    def reads(self, holds: str) -> dict[str, Read]:
        """The reader of each of our words, in the file's units and with its own words."""
        special = self.money() | self.dates()
        readers: dict[str, Read] = {}
        for each in vocabulary.WORDS[holds]:
            if each.sort in vocabulary.VOCABULARIES:
                readers[each.name] = self.vocabulary(each)
            else:
                readers[each.name] = special.get(each.sort, vocabulary.READS.get(each.sort, word))
        return readers

    def vocabulary(self, each: vocabulary.Word) -> Read:
        """The reader of a fixed vocabulary: our codes, the known words, and those of the file."""
        common = vocabulary.VOCABULARIES[each.sort]
        ours = list(dict.fromkeys(common.values()))
        theirs = {}
        for name, meant in self.table(f"values.{each.name}").items():
            if meant in ours:
                theirs[name] = meant
            else:
                self.unknown(f"values.{each.name}", str(meant), ours)
        return one_of({code: code for code in ours} | dict(common) | theirs)

    def money(self) -> dict[str, Read]:
        """The readers of amounts, where they are not in yuan."""
        currency = self.currency()
        if self.choice("units", "money", UNITS, "yuan") == "fen":
            return {"money": _worth(_whole), "signed": _whole}
        return {} if currency == "CNY" else {"money": _worth(_minor(currency)), "signed": _minor(currency)}

    def currency(self) -> str:
        """The code of the file's currency, CNY where it names none."""
        # asked several times: a problem of it is noted once
        code = self.text("units", "currency", needed=False) or "CNY"
        if not re.fullmatch(r"[A-Z]{3}", code) and not self.noted("currency"):
            self.wrong("units", "currency", _("{text}: possible is a code such as {all}").format(text=code, all="CNY"))
        return code

    def noted(self, key: str) -> bool:
        """Whether a problem of a key was noted already."""
        return any(f" {key}:" in problem for problem in self.problems)

    def dates(self) -> dict[str, Read]:
        """The reader of instants by the format that the file gives, none without one."""
        pattern = self.text("units", "dates", needed=False)
        if not pattern:
            return {}
        # a format without the year or the day would read every row into a wrong date without an error
        try:
            whole = datetime.strptime(_SAMPLE.strftime(pattern), pattern).date() == _SAMPLE.date()
        except ValueError:
            whole = False
        if not whole:
            text = _("{text} is no format of a whole date, such as {all}")
            self.wrong("units", "dates", text.format(text=pattern, all="%d/%m/%Y %H:%M:%S"))
        return {"instant": _dated(pattern)}

    def rows(self) -> int:
        """How many lines at the top are no header."""
        lines = self.table("skip").get("rows", 0)
        if isinstance(lines, bool) or not isinstance(lines, int) or not 0 <= lines < limits.HEADER_WITHIN:
            self.wrong("skip", "rows", _("must be a number from 0 to {most}").format(most=limits.HEADER_WITHIN - 1))
            return 0
        return lines

    def starting(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Pairs of a column and how its cell begins in records that are no data."""
        beginnings = self.table("skip.starting")
        return tuple((column, self.names("skip.starting", column, written)) for column, written in beginnings.items())


def _whole(cell: str) -> int | None:
    """An amount that is written in fen, None for an empty cell. Raises Unreadable."""
    amount = word(cell).replace(",", "").removesuffix(".0")
    if not amount:
        return None
    if not _FEN.fullmatch(amount):
        raise Unreadable(mark("not an amount of money"))
    return int(amount)


_FEN = re.compile(r"[+-]?[0-9]{1,14}")


def _worth(signed: Read) -> Read:
    """A reader of amounts that cannot be negative, from one of signed amounts."""

    def read(cell: str) -> int | None:
        """Minor units of a cell, None for an empty one. Raises Unreadable."""
        minor: int | None = signed(cell)
        if minor is not None and minor < 0:
            raise Unreadable(mark("not an amount of money"))
        return minor

    return read


def _minor(currency: str) -> Read:
    """A reader of amounts in a currency's major unit into minor units."""

    def read(cell: str) -> int | None:
        """Minor units of a cell, None for an empty one. Raises Unreadable."""
        written = word(cell)
        if not written:
            return None
        try:
            return minor_units.parse(written, currency)
        except ValueError as wrong:
            raise Unreadable(mark("not an amount of money")) from wrong

    return read


def _dated(pattern: str) -> Read:
    """A reader of instants in a format, as ISO text in UTC: Shanghai's time unless the format has a zone. Where the
    format does not fit, a usual time is read all the same.
    """

    def read(cell: str) -> str | None:
        """The instant of a cell, None for an empty one. Raises Unreadable."""
        written = plain(cell)
        try:
            at = datetime.strptime(written, pattern)
        except ValueError:
            return zoned(cell)
        return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC).isoformat()

    return read


def _in_currency(currency: str) -> RowSteps:
    """A row step that gives all rows one currency."""

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        """The rows, each in the currency."""
        for row in rows:
            yield replace(row, values=row.values | {"currency": currency}) if isinstance(row, Row) else row

    return stepped
