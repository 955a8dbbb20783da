"""`retcli label …`: labels and slips on paper, with codes that the scan loop reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import Because, Output, Reveal, chosen, group, look, number, place, work
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.settings import Asked
from retcli.views.base import View

_size = chosen(lambda: ["60x40", "100x150", "a4"], mark("size"))
_format = chosen(lambda: ["pdf", "tspl"], mark("format"))
Size = Annotated[
    str, typer.Option("--size", parser=_size, metavar=mark("SIZE"), help=mark("60x40 or 100x150 (mm), or a4."))
]
Format = Annotated[
    str, typer.Option("--format", parser=_format, metavar=mark("FORMAT"), help=mark("pdf, or tspl for label printers."))
]
Font = Annotated[
    Path | None,
    typer.Option("--font", parser=place, metavar=mark("FILE"), help=mark("The Chinese font; else one of the system.")),
]
MOST = 999
"""Copies of a label at most: more is a slip of the fingers, and a day of paper."""


def _copies(written: str) -> int:
    """How many copies, from what was typed. Raises WrongCommand."""
    copies = number(written)
    if copies > MOST:
        raise WrongCommand(
            _("{text} copies are too many: {most} at most").format(text=written, most=MOST), "--copies 3"
        )
    return copies


Copies = Annotated[
    int | None, typer.Option("--copies", parser=_copies, metavar="N", help=mark("Each so many times; else once."))
]
Print = Annotated[bool, typer.Option("--print", help=mark("Print it at once."))]
Printer = Annotated[str, typer.Option("--printer", metavar=mark("PRINTER"), help=mark("On which printer."))]
app = group("label", mark("Labels and slips to print, with codes that are scanned."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `label` to the root."""
    root.add_typer(app)


@app.callback(help=mark("Labels and slips to print, with codes that are scanned."))
def label() -> None:
    """Holds the commands of the group `label`; it does nothing itself."""


def _slip(name: str, help_text: str, content: Callable[[], Callable[..., View]]) -> None:
    """Adds a command that makes slips of cases. `content` gives the action when it is called, so that its module loads
    only then.
    """

    @app.command(name, help=help_text)
    def command(
        context: typer.Context,
        cases: Annotated[list[str], typer.Argument(metavar=mark("CASE…"), help=mark("The cases."))],
        size: Size = "",
        format_: Format = "",
        output: Output = None,
        font: Font = None,
        copies: Copies = None,
        print_: Print = False,
        printer: Printer = "",
        reveal: Reveal = False,
        because: Because = "",
    ) -> View:
        """Makes the slips of cases."""
        how = _how(size=size, format_=format_, output=output, font=font, copies=copies)
        face = actions.warehouse.paper.made.ready(how)
        # read in one moment, and noted where buyers' data are shown: to draw it holds no lock
        texts: Any = work(context, content(), cases, writes=reveal, reveal=reveal, because=because)
        return _made(context, texts, how, face, printer if print_ or printer else None)


def _tag(
    name: str,
    help_text: str,
    metavar: str,
    named: str,
    content: Callable[[], Callable[..., View]],
    *,
    all_: bool = False,
) -> None:
    """Adds a command that makes labels of what is `named`; of all there is (`all_`) where nothing is."""
    argument = typer.Argument(metavar=metavar, help=named)
    default: Any = [] if all_ else ...

    @app.command(name, help=help_text)
    def command(
        context: typer.Context,
        names: Annotated[list[str], argument] = default,
        size: Size = "",
        format_: Format = "",
        output: Output = None,
        font: Font = None,
        copies: Copies = None,
        print_: Print = False,
        printer: Printer = "",
    ) -> View:
        """Makes labels of things."""
        how = _how(size=size, format_=format_, output=output, font=font, copies=copies)
        face = actions.warehouse.paper.made.ready(how)
        texts = look(context, content(), names)
        return _made(context, texts, how, face, printer if print_ or printer else None)


@app.command(help=mark("The sheet of commands that are scanned beside the bench."))
def commands(
    context: typer.Context,
    size: Size = "a4",
    format_: Format = "",
    output: Output = None,
    font: Font = None,
    copies: Copies = None,
    print_: Print = False,
    printer: Printer = "",
) -> View:
    """Makes the sheet of the scan loop's commands."""
    how = _how(size=size, format_=format_, output=output, font=font, copies=copies)
    face = actions.warehouse.paper.made.ready(how)
    texts = look(context, actions.warehouse.paper.tags.of_commands)
    return _made(context, texts, how, face, printer if print_ or printer else None)


def _how(*, size: str, format_: str, output: Path | None, font: Path | None, copies: int | None) -> Any:
    """How labels are to be drawn."""
    wish = actions.warehouse.paper.made.Wish
    return wish(size, format_ or "pdf", output, font, 1 if copies is None else copies)


def _made(context: typer.Context, texts: Any, how: Any, face: Any, printer: str | None) -> View:
    """Writes labels into a file, and prints it where a printer is named ("" for the computer's own)."""
    call: Asked = context.obj
    view = actions.warehouse.paper.made.made(texts, how, face, call.now())
    return view if printer is None else actions.warehouse.paper.printing.printed(view, printer)


_slip(
    "return", mark("The label for a parcel that a buyer sends back."), lambda: actions.warehouse.paper.slips.returning
)
_slip("exchange", mark("The slip that goes with goods in exchange."), lambda: actions.warehouse.paper.slips.exchange)
_slip("repair", mark("The slip that lies with goods in repair."), lambda: actions.warehouse.paper.slips.repair)
_tag(
    "parcel",
    mark("The tag of a parcel at the door."),
    mark("PARCEL…"),
    mark("Parcels, by number or waybill."),
    lambda: actions.warehouse.paper.tags.of_parcels,
)
_tag(
    "goods",
    mark("The tag of an article."),
    mark("ARTICLE…"),
    mark("Articles, by code or barcode."),
    lambda: actions.warehouse.paper.tags.of_goods,
)
_tag(
    "place",
    mark("The label of a shelf."),
    mark("SHELF…"),
    mark("Names of shelves."),
    lambda: actions.warehouse.paper.tags.of_places,
)
_tag(
    "badge",
    mark("Badges of who works in the shop."),
    mark("[NAME]…"),
    mark("Whose; else of all."),
    lambda: actions.warehouse.paper.tags.of_badges,
    all_=True,
)
