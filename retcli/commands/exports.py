"""`retcli export …`: writes the workbooks for finance and for the owner."""

from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import Output, Since, Until, group, in_order, look, today, work
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.views.base import View

app = group("export", mark("Workbooks for finance and for the owner."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `export` to the root."""
    root.add_typer(app)


def _month(written: str) -> str:
    """A month as ``2026-11``, or its number alone as it was typed, such as ``11``; "" where none was. Raises
    WrongCommand.
    """
    if not written:  # the option was not given
        return ""
    # loaded for a typed month only: each module costs every start of the program
    from retcli.rules import spoken_dates

    # of which year a number alone is, the action says, which has the books' clock
    try:
        return spoken_dates.month(written, today())
    except (ValueError, OverflowError) as wrong:
        raise WrongCommand(_("{text} is no month").format(text=written), "2026-11") from wrong


@app.command(help=mark("The reconciliation workbook of a month."))
def reconciliation(
    context: typer.Context,
    month: Annotated[
        str, typer.Option("--month", parser=_month, metavar=mark("YYYY-MM"), help=mark("Which month; always said."))
    ] = "",
    output: Output = None,
) -> View:
    """Writes the reconciliation workbook of a month, for finance."""
    # read in one moment, then noted in the books by a transaction of its own: writing it holds no lock
    view = look(context, actions.insight.exports.reconciliation, month, output)
    return work(context, actions.insight.exports.note, view)


@app.command(help=mark("The reason-analysis workbook of a period."))
def reasons(
    context: typer.Context,
    since: Since,
    until: Until,
    output: Output = None,
) -> View:
    """Writes the workbook of return reasons over a period, for the owner."""
    in_order(since, until)
    view = look(context, actions.insight.exports.reasons, since, until, output)
    return work(context, actions.insight.exports.note, view)
