"""`retcli case list`, `show`, `explain`, `review` and `assign`: looks at cases, and gives them to colleagues."""

from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import A_CASE, CaseArgument, DryRun, Key, Mine, a_kind, chosen, look, number, stages, work
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.views.base import Stream, View

_stage = chosen(stages, mark("stage"))


def add_to(app: typer.Typer) -> None:
    """Adds `list`, `show`, `explain`, `review` and `assign` to the group `case`."""
    app.command("list", help=mark("Open cases, the most urgent first."))(list_)
    app.command(help=mark("A case with its order, findings, clocks and money."))(show)
    app.command(help=mark("Why this verdict, why this amount."))(explain)
    app.command(help=mark("The undecided cases, the most urgent first: one screen, one key each."))(review)
    app.command(help=mark("Gives cases to a colleague."))(assign)


def list_(
    context: typer.Context,
    stage: Annotated[
        str, typer.Option("--stage", parser=_stage, metavar=mark("STAGE"), help=mark("Only those of a stage."))
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", parser=a_kind, metavar=mark("KIND"), help=mark("Only those of a kind."))
    ] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help=mark("Only those past a deadline."))] = False,
    mine: Mine = False,
    gave_way: Annotated[
        int | None,
        typer.Option(
            "--gave-way",
            parser=number,
            metavar=mark("IMPORT"),
            help=mark("All that made way for what an import says the platform paid, by its number."),
        ),
    ] = None,
    without_goods: Annotated[
        bool,
        typer.Option(
            "--without-goods", help=mark("Those that were paid and whose goods never came, finished ones too.")
        ),
    ] = False,
    applied_anew: Annotated[
        bool,
        typer.Option(
            "--applied-anew", help=mark("Undecided ones that had been agreed to before the buyer applied anew.")
        ),
    ] = False,
) -> View:
    """Shows cases, the most urgent first, narrowed by stage, kind, owner and the like."""
    options: dict[str, Any] = {"stage": stage, "kind": kind, "overdue": overdue, "mine": mine, "gave_way": gave_way}
    options |= {"without_goods": without_goods, "applied_anew": applied_anew}
    return look(context, actions.cases.queue.list_cases, **options)


def show(
    context: typer.Context,
    case: CaseArgument,
    history: Annotated[bool, typer.Option("--history", help=mark("With all that was done, and by whom."))] = False,
) -> View:
    """Shows one case as a card."""
    return look(context, actions.cases.case_cards.show, case, history=history)


def explain(
    context: typer.Context,
    case: CaseArgument,
    for_buyer: Annotated[bool, typer.Option("--for-buyer", help=mark("As a text to paste to the buyer."))] = False,
) -> View:
    """Shows the findings on a case with their articles, and its amount step by step."""
    return look(context, actions.cases.told_buyer.tell_buyer if for_buyer else actions.cases.case_cards.explain, case)


def review(context: typer.Context) -> Stream:
    """Shows undecided cases one by one, each decided by a key."""
    from retcli.commands.case.reviewing import Round

    return Stream(Round(context.obj).views())


def assign(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar=mark("NAME"), help=mark("Who takes them."))],
    case: Annotated[list[str] | None, typer.Argument(metavar=mark("[CASE]…"), help=A_CASE)] = None,
    giver: Annotated[
        str, typer.Option("--from", metavar=mark("NAME"), help=mark("All open cases of this colleague."))
    ] = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Gives cases to somebody, or all cases of one person to another."""
    if bool(case) == bool(giver):
        raise WrongCommand(_("Name the cases, or --from a colleague"), "retcli case assign CASE --to NAME")
    if giver:
        return work(context, actions.cases.changes.hand_over, giver=giver, to=to, key=key, dry_run=dry_run)
    return work(context, actions.cases.changes.assign, tuple(case or ()), to=to, key=key, dry_run=dry_run)
