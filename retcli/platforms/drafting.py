"""Drafts a mapping file for an unknown export: a guess for each column, to be looked over by a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

from retcli.language import _, both, series
from retcli.platforms import DIALECTS, vocabulary
from retcli.platforms.explaining import ALIKE, LOOKED_AT, best_header, sample_row
from retcli.reading.cells import plain
from retcli.reading.dialect import bare_name
from retcli.reading.heads import first
from retcli.views.masking import cell as masked
from retcli.views.masking import person_in
from retcli.words import word

VALUES_AT_MOST = 40
"""Different words of a column that a draft lists to be translated."""
"""Different words of a column that a draft lists to be translated."""


@dataclass(frozen=True)
class Guess:
    """Our word that a column (`place`, from 0) may be, and how sure that is, up to 1 for a name that is known."""

    word: str
    place: int
    sure: float


def draft(path: Path, kinds: Sequence[str], encoding: str = "") -> str:
    """The text of a mapping file for an export, of the kind among `kinds` that explains its header best. Raises
    NeedsPerson where the file holds no table.
    """
    header_line = best_header(path, encoding)
    header = [name.strip() for name in header_line.header]
    body = first(header_line.table, header_line.line + 1 + LOOKED_AT)[header_line.line + 1 :]
    ranked = {holds: guesses(header, holds) for holds in kinds if holds in vocabulary.WORDS}
    holds = max(ranked, key=lambda each: _score(each, ranked[each]))
    lines = [*_top(path, holds, list(ranked), header, encoding), ""]
    lines += [*_fields(holds, ranked[holds], header, body), ""]
    lines += [*_values(holds, ranked[holds], header, body), *_rest(header_line.line)]
    return "\n".join(lines) + "\n"


def guesses(header: Sequence[str], holds: str) -> dict[str, Guess]:
    """The likeliest column for each of our words of a kind of file. The surest pairs are made first, and no column is
    used twice.
    """
    names = _names(holds)
    # every pair of a column and a word that is alike enough, before any is chosen
    pairs = [
        Guess(name, place, sure)
        for place, title in enumerate(header)
        if title
        for name, known in names.items()
        if (sure := max((_alike(bare_name(title), each) for each in known), default=0)) >= ALIKE
    ]
    chosen: dict[str, Guess] = {}
    used = set[int]()
    for guess in sorted(pairs, key=lambda each: -each.sure):
        if guess.word not in chosen and guess.place not in used:
            chosen[guess.word] = guess
            used.add(guess.place)
    return chosen


def _names(holds: str) -> Mapping[str, frozenset[str]]:
    """Column names by which each of our words is known: what we call it, those often seen, those of the built-in
    dialects.
    """
    names_of = {each.name: {*each.often, *both(each.meaning)} for each in vocabulary.WORDS[holds]}
    for dialect in DIALECTS:
        fields = dialect.fields if dialect.holds == holds else ()
        # a column that names a person is one for that word alone, whatever else is read from it: under another word it
        # would be shown unmasked
        personal = {header for field in fields if field.name in vocabulary.PEOPLE for header in field.headers}
        for field in fields:
            beside = set() if field.name in vocabulary.PEOPLE else personal
            names_of.get(field.name, set()).update(set(field.headers) - beside)
    doubled = set(vocabulary.BESIDE.values())
    return {name: frozenset(map(bare_name, names)) for name, names in names_of.items() if name not in doubled}


def _alike(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1; 1 for the same name alone."""
    return 1.0 if one == other else min(SequenceMatcher(None, one, other).ratio(), 0.99)


def _score(holds: str, guessed: Mapping[str, Guess]) -> tuple[int, float]:
    """How well a kind of file explains a header: a column that it needs counts most where its name is known, less where
    it is guessed, against it where it is missing; then all guesses together.
    """
    sure = frozenset(name for name, guess in guessed.items() if guess.sure == 1)
    needs = len(vocabulary.NEEDS[holds])
    lacks = len(vocabulary.lacking(holds, sure)) + len(vocabulary.lacking(holds, frozenset(guessed)))
    return 2 * (needs - lacks) + len(sure), sum(guess.sure for guess in guessed.values())


def _top(path: Path, holds: str, kinds: Sequence[str], header: Sequence[str], encoding: str) -> Iterator[str]:
    """The lines before the first table: name, platform, kind, encoding."""
    yield _("# How to read {file}: drafted, look it over. Lines that begin with # say nothing.").format(file=path.name)
    yield _("# See what it does: retcli imports explain FILE --map THIS; then: retcli import FILE --map THIS")
    yield f"name = {_quoted(path.stem)}"
    platforms = list(dict.fromkeys(dialect.platform for dialect in DIALECTS if dialect.platform))
    yield _("# As the platform's other files name it, so that both meet: {all}, or a name of your own").format(
        all=series(platforms)
    )
    guess = _("# a guess")
    yield f"platform = {_quoted(_platform(holds, header))}  {guess}"
    yield "# " + series(f"{kind} {word(kind)}" for kind in kinds)
    yield f"holds = {_quoted(holds)}  {guess}"
    yield ("" if encoding else "# ") + f"encoding = {_quoted(encoding or 'gb18030')}"


def _platform(holds: str, header: Sequence[str]) -> str:
    """The platform whose files of a kind share the most column names with a header; ``own`` where none shares more than
    may be chance.
    """
    names = set(map(bare_name, header))
    of_kind = [dialect for dialect in DIALECTS if dialect.holds == holds and dialect.platform]

    def shared(place: int) -> int:
        """How many names a dialect of the kind shares with the header."""
        of_dialect = {bare_name(name) for field in of_kind[place].fields for name in field.headers}
        return len(names & of_dialect)

    best = max(range(len(of_kind)), key=shared, default=None)
    return "own" if best is None or shared(best) < _NO_CHANCE else of_kind[best].platform


_NO_CHANCE = 3
"""Column names in common that are too many for chance."""


def _fields(
    holds: str, guessed: Mapping[str, Guess], header: Sequence[str], body: Sequence[Sequence[str]]
) -> Iterator[str]:
    """The table of fields: each of our words with its meaning, set where a column was guessed; then, as comments, the
    columns that nothing reads.
    """
    yield "[fields]"
    required = vocabulary.required(holds)
    beside = set(vocabulary.BESIDE.values())
    for each in vocabulary.WORDS[holds]:
        if each.name in beside:
            continue
        yield f"# {each.name}: {_(each.meaning)}" + (" " + _("(needed)") if each.name in required else "")
        if guess := guessed.get(each.name):
            sample = _sample(header, each.name, body, guess.place)
            sure = "" if guess.sure == 1 else _("a guess, look at it") + "; "
            yield f"{each.name} = {_quoted(header[guess.place])}  # {sure}{_comment(sample)}"
        else:
            yield f'# {each.name} = ""'
    used = {guess.place for guess in guessed.values()}
    yield _("# Columns that nothing reads yet:")
    for place, title in enumerate(header):
        if title and place not in used:
            yield f"#   {_comment(title)}: {_comment(_sample(header, '', body, place))}"


def _sample(header: Sequence[str], word: str, body: Sequence[Sequence[str]], place: int) -> str:
    """The first filled cell of a column, masked, and without the name of the person of its row."""
    row = sample_row(body, place)
    return person_in(header, row).hide(masked(header[place], word, row[place].strip())) if row else ""


def _values(
    holds: str, guessed: Mapping[str, Guess], header: Sequence[str], body: Sequence[Sequence[str]]
) -> Iterator[str]:
    """The tables of values: words of status and kind in the file that are not known, each to be given one of ours."""
    for each in vocabulary.WORDS[holds]:
        if each.sort not in vocabulary.VOCABULARIES:
            continue
        vocabulary_of = vocabulary.VOCABULARIES[each.sort]
        ours = list(dict.fromkeys(vocabulary_of.values()))
        theirs = _different(header, guessed[each.name].place, body) if each.name in guessed else []
        yield f"[values.{each.name}]"
        for code in ours:
            yield f"# {code}: " + series(name for name, meant in vocabulary_of.items() if meant == code)
        bare = {bare_name(name) for name in vocabulary_of}
        for value in theirs:
            if bare_name(value) not in bare and value not in ours:
                unknown = _("# not known: take off the # and say which it is")
                yield f"# {_quoted(value)} = {_quoted(ours[0])}  {unknown}"
        yield ""


def _different(header: Sequence[str], place: int, body: Sequence[Sequence[str]]) -> list[str]:
    """The different words of a column, each without the name of the person in its first row."""
    rows = dict[str, Sequence[str]]()
    for cells in body:
        if place < len(cells) and plain(cells[place]):
            rows.setdefault(plain(cells[place]), cells)
    return [person_in(header, row).hide(text) for text, row in islice(rows.items(), VALUES_AT_MOST)]


def _rest(header_at: int) -> Iterator[str]:
    """The tables of lines to be skipped and of units; `header_at` counts the lines above the header."""
    yield "[skip]"
    yield f"rows = {header_at}  " + _("# lines above the header")
    yield '# starting = { "column" = ["total"] }  ' + _("# records that begin so in a column are no data")
    yield ""
    yield "[units]"
    yield 'money = "yuan"  ' + _("# or fen")
    yield '# dates = "%d/%m/%Y %H:%M:%S"'
    yield '# currency = "CNY"'


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(ch if ch.isprintable() else f"\\u{ord(ch):04x}" for ch in escaped) + '"'


def _comment(text: str) -> str:
    """A text for a comment: on one line, 60 characters at most."""
    return "".join(ch if ch.isprintable() else " " for ch in text)[:60]
