"""Reading back from a workbook of ours which event the books ended with when it was made."""

import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

_LINES = 40
"""The notes say it near their beginning."""


def in_notes(file: Path) -> str:
    """The texts at the beginning of the first sheet; empty where it is no workbook."""
    try:
        with closing(openpyxl.load_workbook(file, read_only=True)) as book:
            rows = book.worksheets[0].iter_rows(max_row=_LINES, values_only=True)
            return "\n".join(cell for row in rows for cell in row if isinstance(cell, str))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError):
        return ""
