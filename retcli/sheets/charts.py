"""Native charts below a table: sorted bars, and lines over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

_CM_A_CHARACTER = 0.196
"""Charts are sized in centimetres and columns in characters: one of the usual letters is about so broad."""
_CM_A_ROW = 0.5
_NARROWEST, _BROADEST = 15.0, 26.0
"""Below the one labels run into each other; the other is what a page that lies across has room for."""
_ROWS_A_PAGE = 42
"""Rows of a usual height on an upright A4 page, some a little higher; a chart that no longer fits begins the next."""
_PALE, _DARK = "D9D9D9", "A6A6A6"


@dataclass(frozen=True)
class Chart:
    """A chart of the table above it: bars (the table's order, downwards) or lines; columns by their heading, `first`
    limits it to so many rows. The points of the rows `hollow` (from 0) are drawn hollow and reached by a dotted line.
    """

    kind: Literal["bar", "line"]
    title: str
    labels: str
    values: tuple[str, ...]
    first: int | None = None
    hollow: tuple[int, ...] = ()


def draw(
    page: Worksheet,
    charts: Sequence[Chart],
    columns: Mapping[str, int],
    last: int,
    below: int,
    widths: Sequence[float],
) -> tuple[int, int]:
    """Draws charts one below the other under the row `below` of a table that ends in row `last`.

    Answers the last column and row that they reach, so that the printed page holds them whole.
    """
    if not charts:
        return 0, 0
    broad = min(max(sum(widths) * _CM_A_CHARACTER, _NARROWEST), _BROADEST)
    row, used = below, below
    for chart in charts:
        rows = min(chart.first or last, last - 1)
        height = 3.0 + 0.75 * rows * len(chart.values) if chart.kind == "bar" else 9.0
        if used + height / _CM_A_ROW > _ROWS_A_PAGE:
            page.row_breaks.append(Break(id=row))
            used = 0
        drawing = _bars(page, chart, columns, rows) if chart.kind == "bar" else _lines(page, chart, columns, rows)
        drawing.width, drawing.height = round(broad), height
        page.add_chart(drawing, f"A{row + 2}")
        lines = 2 + int(height / _CM_A_ROW) + 1
        row, used = row + lines, used + lines
    return _columns_under(broad, widths), row


def _columns_under(broad: float, widths: Sequence[float]) -> int:
    """How many columns a chart lies over; columns beyond the table have the usual width."""
    place, covered = 0, 0.0
    while covered < broad:
        covered += (widths[place] if place < len(widths) else 8.43) * _CM_A_CHARACTER
        place += 1
    return place


def _bars(page: Worksheet, chart: Chart, columns: Mapping[str, int], rows: int) -> BarChart:
    drawing = BarChart()
    drawing.type, drawing.grouping, drawing.gapWidth = "bar", "clustered", 40
    _fill(drawing, page, chart, columns, rows)
    # bars begin at the bottom: turned round they stand in the table's order, and the scale must follow to the bottom
    drawing.x_axis.scaling.orientation = "maxMin"
    drawing.y_axis.crosses = "max"
    drawing.y_axis.majorGridlines = None
    return drawing


def _lines(page: Worksheet, chart: Chart, columns: Mapping[str, int], rows: int) -> LineChart:
    drawing = LineChart()
    _fill(drawing, page, chart, columns, rows)
    for line in drawing.series:
        line.smooth = False
        line.marker.symbol = "circle"
        line.dPt = [_hollow(place) for place in chart.hollow if place < rows]
    return drawing


def _hollow(place: int) -> DataPoint:
    """A point that is not to be read like the others."""
    white = GraphicalProperties(solidFill="FFFFFF", ln=LineProperties(solidFill=_DARK))
    dotted = GraphicalProperties(ln=LineProperties(solidFill=_DARK, prstDash="sysDot"))
    return DataPoint(idx=place, marker=Marker(symbol="circle", size=7, spPr=white), spPr=dotted)


def _fill(drawing: BarChart | LineChart, page: Worksheet, chart: Chart, columns: Mapping[str, int], rows: int) -> None:
    """What both kinds share: values with their headings, labels, axes in sight, every number at its bar or point where
    there is one row of them: those of several lines lie on one another.
    """
    for title in chart.values:
        place = columns[title]
        drawing.add_data(Reference(page, place, 1, place, rows + 1), titles_from_data=True)
    drawing.set_categories(Reference(page, columns[chart.labels], 2, columns[chart.labels], rows + 1))
    drawing.title = chart.title
    if drawing.title is not None:
        drawing.title.overlay = False
    if len(chart.values) == 1:
        drawing.legend = None
    elif drawing.legend is not None:
        drawing.legend.position, drawing.legend.overlay = "b", False
    # openpyxl says nothing of it, which Excel takes for deleted axes
    drawing.x_axis.delete = drawing.y_axis.delete = False
    if drawing.y_axis.majorGridlines is not None:
        drawing.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=_PALE))
    if len(chart.values) > 1:
        return
    shown = DataLabelList()
    shown.showVal, shown.position = True, "outEnd" if isinstance(drawing, BarChart) else "t"
    shown.showSerName = shown.showCatName = shown.showLegendKey = shown.showPercent = False
    drawing.dataLabels = shown
