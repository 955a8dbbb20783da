"""`retcli case …`."""

from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    AskedAmount,
    Carrier,
    CaseArgument,
    DryRun,
    Key,
    Mine,
    Note,
    Want,
    a_reason,
    chosen,
    group,
    look,
    number,
    reasoned,
    stages,
    work,
)
from retcli.commands.case import offers, queue
from retcli.language import mark
from retcli.rules.lifecycles import Kind
from retcli.views.base import View

app = group("case", mark("After-sales cases: open, decide, explain, finish."))

_kind = chosen(lambda: [str(kind) for kind in Kind], mark("kind"))
_any_kind = chosen(lambda: [str(kind) for kind in Kind], mark("kind"))
_stage = chosen(stages, mark("stage"))

_KINDS = mark("return, refund-only, exchange, resend, allowance, inquiry – or the Chinese word.")
_REASONS = mark("A code such as B_7D, or its Chinese name: retcli words.")
KindOption = Annotated[str, typer.Option("--kind", parser=_kind, metavar=mark("KIND"), help=_KINDS)]
ReasonOption = Annotated[str, typer.Option("--reason", parser=a_reason, metavar=mark("REASON"), help=_REASONS)]


def add_to(root: typer.Typer) -> None:
    """Hangs the group into the tree."""
    root.add_typer(app)


@app.command("open", help=mark("Opens a case on an order; all lines when none is named."))
def open_(
    context: typer.Context,
    order: Annotated[str, typer.Argument(metavar=mark("ORDER"), help=mark("The order's number or its waybill."))],
    kind: KindOption,
    reason: ReasonOption,
    line: Annotated[
        list[str] | None, typer.Option("--line", metavar=mark("SKU[=N]"), help=mark("A line, with pieces."))
    ] = None,
    channel: Annotated[
        str, typer.Option("--channel", metavar=mark("TEXT"), help=mark("Where it came from: phone, chat …"))
    ] = "",
    note: Note = "",
    want: Want = None,
    amount: AskedAmount = None,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """By hand, from phone or chat."""
    options: dict[str, Any] = {"lines": line or [], "channel": channel, "note": note, "amount": amount}
    options["want"] = want or []
    return work(
        context,
        actions.cases.decisions.open_case,
        order,
        kind=Kind(kind),
        reason=reason,
        **options,
        key=key,
        dry_run=dry_run,
    )


@app.command(help=mark("A case with its order, findings, clocks and money."))
def show(context: typer.Context, case: CaseArgument) -> View:
    """One case."""
    return look(context, actions.cases.decisions.show, case)


@app.command(help=mark("Why this verdict, why this amount."))
def explain(context: typer.Context, case: CaseArgument) -> View:
    """Findings and derivation."""
    return look(context, actions.cases.decisions.explain, case)


@app.command("list", help=mark("Open cases, the most urgent first."))
def list_(
    context: typer.Context,
    stage: Annotated[
        str, typer.Option("--stage", parser=_stage, metavar=mark("STAGE"), help=mark("Only those of a stage."))
    ] = "",
    kind: Annotated[
        str, typer.Option("--kind", parser=_any_kind, metavar=mark("KIND"), help=mark("Only those of a kind."))
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
) -> View:
    """Several cases."""
    options: dict[str, Any] = {"stage": stage, "kind": kind, "overdue": overdue, "mine": mine, "gave_way": gave_way}
    return look(context, actions.cases.queue.list_cases, **options)


queue.add_to(app)
reasoned(app, "withdraw", mark("The buyer takes the case back."), lambda: actions.cases.decisions.withdraw)
reasoned(
    app,
    "reopen",
    mark("Opens a finished case again, and takes up one that was withdrawn."),
    lambda: actions.cases.decisions.reopen,
)
reasoned(app, "finish", mark("Closes a case with nothing open."), lambda: actions.cases.decisions.finish)


@app.command(help=mark("Writes down what was learnt: opened=yes, misused=no, confirmed=SKU, tier=NAME, detail=CODE."))
def fact(
    context: typer.Context,
    case: CaseArgument,
    facts: Annotated[list[str], typer.Argument(metavar=mark("NAME=VALUE…"), help=mark("One or several facts."))],
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Facts."""
    return work(context, actions.cases.case_facts.learn, case, facts, key=key, dry_run=dry_run)


@app.command(help=mark("The new goods of an exchange or resend have left."))
def ship(
    context: typer.Context,
    case: CaseArgument,
    waybill: Annotated[str, typer.Option("--waybill", metavar=mark("WAYBILL"), help=mark("Their waybill."))],
    carrier: Carrier = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Goods out."""
    return work(context, actions.cases.decisions.ship, case, waybill=waybill, carrier=carrier, key=key, dry_run=dry_run)


offers.add_to(app)
