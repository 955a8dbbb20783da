"""Whose SQLite books are: founding and owners, read from a file that is trusted in nothing, or from its newest copy."""

import contextlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from retcli.database import copies, engine
from retcli.errors import Refused, RetcliError
from retcli.language import _, series

_SHOP = "SELECT shop FROM orders WHERE shop <> '' GROUP BY shop ORDER BY COUNT(*) DESC, shop LIMIT 1"
_FOUNDING = "SELECT hash, operator FROM events WHERE seq = 1"
WORD_DIGITS = 8
"""Digits of the founding's hash that people type as the name of books whose orders name no shop."""


@dataclass(frozen=True)
class Ownership:
    """Whose some books are: the hash of their first event (`founding`) and who wrote it, the names of their owners, and
    the `word` by which people name them: the shop of most orders, or else the first digits of the founding.
    """

    founding: str
    founder: str
    owners: frozenset[str]
    word: str


def of_file(path: Path) -> Ownership | None:
    """Whose the books in a file are; None where there is no file, it cannot be read, or nobody founded them."""
    if not path.is_file() or not path.stat().st_size:
        return None
    with contextlib.suppress(RetcliError, engine.driver_error()), closing(copies.read_only(path)) as connection:
        first = connection.execute(_FOUNDING).fetchone()
        owners = {row[0] for row in connection.execute("SELECT name FROM staff WHERE role = 'owner'")}
        shop = connection.execute(_SHOP).fetchone()
        if first and owners:
            founding, founder = first
            return Ownership(founding, founder, frozenset(owners), shop[0] if shop else founding[:WORD_DIGITS])
    return None


def of_copies(database: str, folders: Iterable[Path], founding: str) -> Ownership | None:
    """Whose books of this name were, by the copy with most events in some folders (not the youngest: a clock may have
    been wrong), of the same founding if there is one, else of any; None where no copy can be read.
    """
    every = [copy for folder in folders for copy in copies.of_any_founding(database, folder)]
    same = [copy for copy in every if f"-{founding[:4]}-" in copy.path.name]
    for copy in sorted(same or every, key=lambda each: (each.seq, each.at), reverse=True):
        if (ownership := of_file(copy.path)) is not None:
            return ownership
    return None


def permitted(standing: Ownership, coming: Ownership | None, operator: str, word: str, file: str) -> None:
    """Raises Refused unless the `operator` who replaces books is their owner, and the copy is of the same founding or
    they named the books that they replace (`word`); `file` is the copy's name for messages.
    """
    if operator not in standing.owners:
        message = _("{who} is no owner of the books that stand there").format(who=operator)
        raise Refused(message, _("Their owner puts books back: {names}").format(names=series(sorted(standing.owners))))
    if coming is not None and coming.founding == standing.founding:
        return
    if word == standing.word:
        return
    message = _("{file} is a copy of other books than those that stand there, which are those of {word}")
    hint = _("Take a copy of these books; or, to replace them by others: --other-books {word}")
    raise Refused(message.format(file=file, word=standing.word), hint.format(word=standing.word), file=file)
