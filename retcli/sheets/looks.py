"""How workbooks look and print: named styles, frozen headings, A4 pages."""

from collections.abc import Iterator, Sequence
from math import ceil

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter as letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from retcli.language import _

FONT, SIZE = "微软雅黑", 10
HEADER, HEADING, NOTE = "retcli header", "retcli heading", "retcli note"
HEADER_HEIGHT, LINE_HEIGHT, HIGHEST = 24, 16, 400
WIDEST = 44
UPRIGHT = 150
"""Characters of a table's width that an upright page still prints in readable letters; a broader one lies across."""
READABLE = 65
"""Per cent of their size below which printed letters of the usual ten points are hard to read."""
ACROSS = 229
"""Characters of a table's width that a page which lies across prints at `READABLE`: 277 mm between its margins, at 7
pixels of 1/96 inch a character.
"""
A4 = 9
_BLUE, _PALE, _GREY = "1F3864", "DDE6F2", "BFBFBF"
_FORMATS = {
    "text": "General",
    "line": "General",
    "id": "@",
    "money": "#,##0.00;[Red]-#,##0.00",
    "money0": "#,##0;[Red]-#,##0",
    "money3": "#,##0.000;[Red]-#,##0.000",
    "count": "#,##0;[Red]-#,##0",
    "percent": "0.00%",
    "time": "yyyy-mm-dd hh:mm",
    "date": "yyyy-mm-dd",
}
_RIGHT = frozenset({"money", "money0", "money3", "count", "percent"})


def name_of(kind: str, *, total: bool = False) -> str:
    """The style of a kind of column, in a row of the table or in its total row."""
    return f"retcli {kind}" + (" total" if total else "")


def styles() -> Iterator[NamedStyle]:
    """Every style of a workbook; each names its font, or a reader falls back to a serif face."""
    white, bold = Font(name=FONT, size=SIZE, bold=True, color="FFFFFF"), Font(name=FONT, size=SIZE, bold=True)
    blue, pale = PatternFill("solid", fgColor=_BLUE), PatternFill("solid", fgColor=_PALE)
    line = Side(style="thin", color=_GREY)
    box = Border(left=line, right=line, top=line, bottom=line)
    middle = Alignment("left", "center", indent=1)
    yield NamedStyle(HEADER, white, blue, box, Alignment("center", "center"))
    yield NamedStyle(HEADING, bold, pale, box, middle)
    yield NamedStyle(NOTE, font=Font(name=FONT, size=SIZE, italic=True, color="595959"), alignment=middle)
    for kind, shown in _FORMATS.items():
        where = "right" if kind in _RIGHT else "left"
        indent = 0 if kind in _RIGHT else 1
        side = Alignment(horizontal=where, vertical="center", wrap_text=kind == "text", indent=indent)
        plain = Font(name=FONT, size=SIZE)
        yield NamedStyle(name_of(kind), plain, border=box, alignment=side, number_format=shown)
        yield NamedStyle(name_of(kind, total=True), bold, pale, box, side, shown)


def readable(widths: Sequence[float], wished: int) -> int:
    """How many of the first `wished` columns a page that lies across shows in readable letters; at least one."""
    printed = wished
    while printed > 1 and sum(widths[:printed]) > ACROSS:
        printed -= 1
    return printed


def arrange(page: Worksheet, widths: Sequence[float], last: int, printed: int, *, detail: bool, filtered: bool) -> None:
    """Widths, frozen heading, filter down to the last row of the table (never the total), and the page for so many
    printed columns: as many pages beside each other as it takes to read them.
    """
    broad = sum(widths[:printed])
    for place, width in enumerate(widths, 1):
        page.column_dimensions[letter(place)].width = width
    page.freeze_panes = "C2" if detail else "A2"
    if filtered:
        page.auto_filter.ref = f"A1:{letter(len(widths))}{last}"
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape" if detail or broad > UPRIGHT else "portrait"
    page.page_setup.fitToWidth = max(ceil(broad / ACROSS), 1)
    page.page_setup.fitToHeight = 0  # 0: as many pages as it takes
    page.print_title_rows = "1:1"
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.5, 0.8, 0.4
    if page.oddFooter is not None:
        page.oddFooter.left.text = "&A"
        page.oddFooter.center.text = _("Page {page} of {pages}").format(page="&P", pages="&N")


def group(page: Worksheet, first: int, last: int) -> None:
    """Makes columns one group that can be folded away; they stay open. None where there are none."""
    for place in range(first, last + 1):
        page.column_dimensions[letter(place)].outlineLevel = 1


def print_area(page: Worksheet, columns: int, rows: int) -> None:
    """What is printed: the table with its charts."""
    page.print_area = f"A1:{letter(columns)}{rows}"


def mark_differences(page: Worksheet, where: str) -> None:
    """Values other than zero stand out."""
    red = PatternFill("solid", bgColor="FFC7CE")  # in a conditional format the background is what is seen
    rule = Rule("cellIs", operator="notEqual", formula=["0"], dxf=DifferentialStyle(fill=red))
    page.conditional_formatting.add(where, rule)
