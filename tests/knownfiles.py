"""Files read by every layout that is known, as an import reads them when nobody says which it is."""

from collections.abc import Iterable
from pathlib import Path

from retcli.platforms import DIALECTS
from retcli.reading import reader
from retcli.reading.dialect import Dialect
from retcli.reading.reader import Reading


def readings(path: Path, dialects: Iterable[Dialect] = DIALECTS) -> list[Reading]:
    """The tables of a file that are known."""
    return reader.readings(path, dialects)


def read(path: Path, dialects: Iterable[Dialect] = DIALECTS, encoding: str = "") -> Reading:
    """The one table that a file holds."""
    (found,) = reader.readings(path, dialects, encoding)
    return found
