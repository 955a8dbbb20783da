"""Explains how a file would be read, and drafts a mapping for an unknown one; the books are not asked."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from retcli import named_files
from retcli.actions.imports.intake import TURN
from retcli.actions.orderfile.persons import Hide
from retcli.errors import Refused, StorageTrouble, why
from retcli.language import _
from retcli.platforms import DIALECTS, drafting, explaining, mapping, vocabulary
from retcli.reading import reader
from retcli.reading.dialect import Fault, Row
from retcli.rules.money import minor_units
from retcli.views import masking
from retcli.views.base import when
from retcli.views.imports.explaining import (
    Alike,
    ColumnView,
    DraftView,
    ExplainView,
    FaultyRow,
    Kind,
    Missing,
    NearKind,
)
from retcli.words import word


def explain(path: Path, map_file: Path | None = None) -> ExplainView:
    """The kind that a file seems to be, what its columns are taken for, and its first rows as they would be read."""
    named_files.require(path)
    mapped = mapping.load(map_file, TURN) if map_file else None
    dialects = (mapped.dialect,) if mapped else DIALECTS
    return _view(reader.name_of(path), explaining.explained(path, dialects, mapped.encoding if mapped else ""))


def _view(name: str, file: explaining.Explained) -> ExplainView:
    words, hide = vocabulary.words_of(file.fits[0].holds) if file.fits else {}, _hiding(file)
    return ExplainView(
        file=name,
        container=file.container,
        table=file.table,
        header_row=file.header_at,
        header=tuple(title.strip() for title in file.header),
        kinds=tuple(Kind(dialect.name, dialect.holds) for dialect in file.fits),
        columns=tuple(_column(words, taken, hide) for taken in file.taken),
        ignored=file.ignored,
        missing=tuple(
            Missing(lacking, _meaning(words, lacking), header, required) for lacking, header, required in file.missing
        ),
        rows=tuple(_row(words, row, hide) for row in file.rows),
        meanings={name: each.meaning for name, each in words.items()},
        nearest=tuple(_near_kind(near) for near in file.nearest),
    )


def _near_kind(near: explaining.Near) -> NearKind:
    """A kind that nearly fits, as it is shown."""
    alike = tuple(Alike(wanted, header) for wanted, header in near.alike)
    return NearKind(near.dialect.name, near.dialect.holds, near.lacks, alike)


def _meaning(words: Mapping[str, vocabulary.Word], name: str) -> str:
    """The meaning of a word, as a message id; "" for a dialect's own word, from which one of ours is worked out."""
    if name in words:
        return words[name].meaning
    return next((each.meaning for each in _ALL if each.name == name), "")


_ALL = [each for words in vocabulary.WORDS.values() for each in words]


def _column(words: Mapping[str, vocabulary.Word], taken: explaining.Taken, hide: Hide) -> ColumnView:
    sample = hide(masking.cell(taken.header, taken.word, taken.sample))
    value = (
        minor_units.text(taken.value) if taken.money and taken.value else hide(_shown(words, taken.word, taken.value))
    )
    return ColumnView(taken.word, _meaning(words, taken.word), taken.header, sample, value, taken.problem)


def _row(words: Mapping[str, vocabulary.Word], row: Row | Fault, hide: Hide) -> dict[str, str] | FaultyRow:
    """A row as it would be read, or the fault that would have it refused."""
    if isinstance(row, Fault):
        text = hide(masking.cell(row.column, "", row.text))
        return FaultyRow(str(row.row), row.column, text, row.problem)
    shown = {name: hide(_shown(words, name, value)) for name, value in row.values.items()}
    return {"row": str(row.number)} | shown


def _hiding(file: explaining.Explained) -> Hide:
    """The function that hides in a text the persons of all rows that are shown."""
    persons = [masking.person_in(file.header, cells) for cells in file.cells]

    def hidden(text: str) -> str:
        for person in persons:
            text = person.hide(text)
        return text

    return hidden


def _shown(words: Mapping[str, vocabulary.Word], name: str, value: Any) -> str:
    """A value as a person reads it, masked where it is about one."""
    if value is None or value == "":
        return ""
    sort = words[name].sort if name in words else ""
    if (sort in {"money", "signed"} or name == "minor") and isinstance(value, int):
        return minor_units.text(value)
    if sort == "instant":
        return when(datetime.fromisoformat(str(value)))
    if sort in {*vocabulary.VOCABULARIES, "reason"} or name == "category":
        return word(str(value), "file")
    return masking.cell("", name, " ".join(value) if isinstance(value, list) else str(value))


def draft(path: Path, target: Path | None) -> DraftView:
    """Drafts a mapping file for an export, and writes it to `target` where one is named. Raises Refused where a file
    lies there already, StorageTrouble.
    """
    named_files.require(path)
    text = drafting.draft(path, TURN)
    if target is None:
        return DraftView(text, None, path)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as there:
        message = _("{path} is there already").format(path=target)
        raise Refused(message, _("Take another name: a map that was mended is not written over")) from there
    except OSError as refused:
        message = _("{path} cannot be written: {why}").format(path=target, why=why(refused))
        raise StorageTrouble(message, _("Check the folder's permissions and its free space")) from refused
    return DraftView(text, target, path)
