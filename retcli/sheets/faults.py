"""The sheet of refused rows: the file's own columns in their order, then the row's number and why it was refused."""

from collections.abc import Sequence

from retcli.language import _
from retcli.rules.imports.mended_sheet import REASON, ROW_NUMBER
from retcli.sheets.writer import Column, Sheet, Value


def sheet(header: Sequence[str], rows: Sequence[tuple[Sequence[str], int, str]]) -> Sheet:
    """A row is its cells, its number in the file, the reason. Every cell of the file is text, so that ids keep their
    digits; cells beyond the header stand in columns without a name.
    """
    width = max([len(header), *(len(cells) for cells, _row, _why in rows)])
    names = [name.strip() for name in header] + [""] * (width - len(header))
    columns = [*(Column(name, "id") for name in names), Column(_(ROW_NUMBER), "count", total=False), Column(_(REASON))]
    values: list[list[Value]] = [[*cells, *[""] * (width - len(cells)), row, why] for cells, row, why in rows]
    return Sheet(_("Refused rows"), tuple(columns), values, total=False, detail=True, whole=True)
