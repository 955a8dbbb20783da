"""`retcli import` takes in exports; `retcli imports …` shows how imports fared, and answers their questions."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asked_name import ask_founder
from retcli.commands.asking import Because, DryRun, Key, Output, founding, group, look, number, place, tried, work
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.settings import Asked
from retcli.views.base import View

Number = Annotated[
    int | None,
    typer.Argument(parser=number, metavar=mark("NUMBER"), help=mark("An import's number; the last without.")),
]
Map = Annotated[
    Path | None, typer.Option("--map", metavar=mark("FILE"), help=mark("How to read a file that is not known (TOML)."))
]
OneFile = Annotated[Path, typer.Argument(metavar=mark("FILE"), help=mark("A file that was exported."))]
listing = group("imports", mark("What came in when, what was refused, what needs your word."))


def add_to(app: typer.Typer) -> None:
    """Adds the command `import` and the group `imports` to the root."""
    app.command("import", help=mark("Takes in files or folders that a platform exported."))(import_)
    app.add_typer(listing)


def import_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar=mark("PATH…"), help=mark("Files or folders."))],
    shop: Annotated[str, typer.Option("--shop", metavar=mark("NAME"), help=mark("Which shop they are of."))] = "",
    format_name: Annotated[
        str, typer.Option("--format", metavar=mark("NAME"), help=mark("What kind of file it is."))
    ] = "",
    map_file: Map = None,
    move_done: Annotated[
        Path | None,
        typer.Option(
            "--move-done", parser=place, metavar=mark("DIR"), help=mark("Where files go that are wholly in the books.")
        ),
    ] = None,
    dry_run: DryRun = False,
) -> View:
    """Takes files and folders of exports into the books; each file has a result of its own."""
    founding(context)
    if not dry_run:
        ask_founder(context)
    call: Asked = context.obj
    # a run without a terminal is the night's: `retcli today` says when the last one was
    view = actions.imports.intake.take_in(
        call,
        paths,
        shop_name=shop,
        format_name=format_name,
        map_file=map_file,
        dry_run=dry_run,
        move_done=move_done,
        nightly=not sys.stdin.isatty(),
        patient=sys.stdin.isatty(),
    )
    view = replace(view, quiet=call.quiet)
    return tried(context, view.before_the_day()) if dry_run else view


@listing.command("list", help=mark("Every import, the newest first."))
def list_(context: typer.Context) -> View:
    """Shows every import, the newest first."""
    return look(context, actions.imports.intake.list_imports)


@listing.command(help=mark("How one import fared."))
def show(context: typer.Context, import_number: Number = None) -> View:
    """Shows how one import fared: its counts, its questions, what waits for another file."""
    return look(context, actions.imports.intake.show_import, import_number)


@listing.command(help=mark("The refused rows of an import; with -o as a sheet to mend in Excel and import again."))
def faults(
    context: typer.Context,
    import_number: Number = None,
    output: Output = None,
    seen: Annotated[
        bool, typer.Option("--seen", help=mark("Noted: what was to be done about them is done, they wait no more."))
    ] = False,
) -> View:
    """Shows the refused rows of an import, writes them into a workbook to be mended and imported again, or notes that
    nothing more is to be done about them.
    """
    if seen and output is not None:
        raise WrongCommand(_("Say --seen or -o, not both"), "retcli imports faults --seen")
    if seen:
        return work(context, actions.imports.open_faults.seen, import_number)
    if output is None:
        return look(context, actions.imports.intake.faults, import_number)
    view = look(context, actions.imports.intake.faults_sheet, import_number, output)
    return work(context, actions.imports.mended_sheet.note, view)


@listing.command(help=mark("Changed amounts, articles and quantities that only a person may take."))
def questions(context: typer.Context) -> View:
    """Shows changed amounts, articles and quantities that an import left to a person."""
    return look(context, actions.imports.import_questions.questions)


@listing.command(help=mark("Refunds of the platforms' reports that wait for their order, with their deadlines."))
def waiting(context: typer.Context) -> View:
    """Shows the refunds that wait for their order."""
    return look(context, actions.orderfile.waiting_refunds.waiting_list)


@listing.command(help=mark("Answers such a question: the file's value is taken, or the books' kept."))
def answer(
    context: typer.Context,
    question: Annotated[
        int | None, typer.Argument(parser=number, metavar=mark("QUESTION"), help=mark("A question's number."))
    ] = None,
    take: Annotated[bool, typer.Option("--take", help=mark("The file's value goes into the books."))] = False,
    keep: Annotated[bool, typer.Option("--keep", help=mark("The books' value stands."))] = False,
    seen: Annotated[
        bool, typer.Option("--seen", help=mark("Noted, where there is nothing to choose: the books stand either way."))
    ] = False,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help=mark(
                "Every open question, with --keep; with --seen those without a choice. What left, and how much an order"
                " was paid, is answered singly."
            ),
        ),
    ] = False,
    because: Because = "",
    dry_run: DryRun = False,
    key: Key = None,
) -> View:
    """Answers questions of imports: the file's value is taken, the books' is kept, or it is noted as seen."""
    decisions = [name for name, chosen in (("take", take), ("keep", keep), ("seen", seen)) if chosen]
    if len(decisions) != 1:
        message = _("Say --take or --keep, or --seen where there is nothing to choose")
        raise WrongCommand(message, "retcli imports questions")
    return work(
        context,
        actions.imports.import_questions.answer,
        question,
        decisions[0],
        because=because,
        every=every,
        key=key,
        dry_run=dry_run,
    )


@listing.command(help=mark("How a file would be read, column by column; changes nothing."))
def explain(file: OneFile, map_file: Map = None) -> View:
    """Shows how a file would be read, column by column, without changing anything."""
    return actions.imports.explaining.explain(file, map_file)


@listing.command("draft-map", help=mark("Drafts how to read a file that is not known, for you to look over."))
def draft_map(file: OneFile, output: Output = None) -> View:
    """Drafts a mapping file for an export that no known layout fits."""
    return actions.imports.explaining.draft(file, output)
