"""`retcli case review`, `approve`, `change` and `assign`: the morning's queue."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    AskedAmount,
    Because,
    DryRun,
    Key,
    LessAmount,
    RealReason,
    Waive,
    Want,
    Yes,
    chosen,
    typed_amount,
    work,
)
from retcli.commands.one_by_one import Asking, one_by_one
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.rules.lifecycles import Kind
from retcli.rules.money.minor_units import Typed
from retcli.settings import Asked
from retcli.shellwords import either
from retcli.views.base import Stream, View
from retcli.words import word

_kind = chosen(lambda: [str(kind) for kind in Kind], mark("kind"))
_any_kind = chosen(lambda: [str(kind) for kind in Kind], mark("kind"))
_CASE = mark("A case, refund, order or waybill number.")


def add_to(app: typer.Typer) -> None:
    """Hangs the commands into the group of cases."""
    app.command(help=mark("The undecided cases, the most urgent first: one screen, one key each."))(review)
    app.command(help=mark("Agrees to a case, or to all whose verdict is yes."))(approve)
    app.command(help=mark("Changes kind, reason, pieces, wish or amount."))(change)
    app.command(help=mark("Gives cases to a colleague."))(assign)


def review(context: typer.Context) -> Stream:
    """The queue."""
    from retcli.commands.case.reviewing import Round

    return Stream(Round(context.obj).views())


def approve(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar=mark("[CASE]"), help=_CASE)] = "",
    amount: LessAmount = None,
    waive: Waive = None,
    because: Because = "",
    all_yes: Annotated[bool, typer.Option("--all-yes", help=mark("Every case whose verdict is yes."))] = False,
    kind: Annotated[
        str, typer.Option("--kind", parser=_any_kind, metavar=mark("KIND"), help=mark("With --all-yes: of a kind."))
    ] = "",
    most: Annotated[
        Typed | None,
        typer.Option(
            "--max", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("With --all-yes: of at most so much.")
        ),
    ] = None,
    yes: Yes = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View | Stream:
    """One case, or a group."""
    if bool(case) == all_yes:
        ways = either("retcli case approve CASE", "retcli case approve --all-yes")
        raise WrongCommand(_("Name a case, or --all-yes"), ways)
    if not all_yes:
        if kind or most is not None or yes:
            raise WrongCommand(_("--kind, --max and --yes go with --all-yes"), "retcli case approve --all-yes")
        options: dict[str, Any] = {"amount": amount, "waive": waive or [], "because": because}
        view = work(context, actions.cases.decisions.approve, case, **options, key=key, dry_run=dry_run)
        if idle := set(waive or []) - set(view.document()["case"]["waived"]) - {"freight"}:
            text = _("Not written down, since there is nothing to overrule: {rules}")
            context.obj.remark(text.format(rules="、".join(word(rule, "rule") for rule in sorted(idle))))
        return view
    if amount is not None or waive or because or key:
        raise WrongCommand(_("--amount, --waive, --because and --key go with one case"), "retcli case approve CASE")
    return Stream(_all_yes(context.obj, kind, most, yes=yes, dry_run=dry_run))


def _all_yes(call: Asked, kind: str, most: Typed | None, *, yes: bool, dry_run: bool) -> Iterator[View]:
    """The table, one question, then each by itself."""
    from retcli.transaction import opened
    from retcli.views.cases.group import GroupDoneView

    with opened(call, writes=False) as shop:
        table = actions.cases.queue.plain_ones(shop, kind=kind, most=most)
    ask = Asking(_("Approve all {n}?").format(n=len(table.cases)), "retcli case approve --all-yes", yes, dry_run)
    save = partial(actions.cases.queue.approve_seen, plain=True)
    yield from one_by_one(call, table, ask, save, GroupDoneView(total=len(table.seen)))


def change(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar=mark("CASE"), help=_CASE)],
    kind: Annotated[str, typer.Option("--kind", parser=_kind, metavar=mark("KIND"), help=mark("Another kind."))] = "",
    reason: RealReason = "",
    line: Annotated[
        list[str] | None,
        typer.Option("--line", metavar=mark("SKU[=N]"), help=mark("Pieces of a line; SKU=0 takes it out.")),
    ] = None,
    want: Want = None,
    amount: AskedAmount = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """What it is about."""
    options: dict[str, Any] = {"kind": kind, "reason": reason, "amount": amount, "because": because}
    options |= {"want": want or [], "lines": line or []}
    view: Any = work(context, actions.cases.changes.change, case, **options, key=key, dry_run=dry_run)
    changed = view if dry_run else view.case
    if changed.platform_number and (kind or amount is not None) and not changed.as_there:
        text = _("The platform has the old wish still: let the buyer change it there too")
        context.obj.remark(text)
    return view  # type: ignore[no-any-return]


def assign(
    context: typer.Context,
    to: Annotated[str, typer.Option("--to", metavar=mark("NAME"), help=mark("Who takes them."))],
    case: Annotated[list[str] | None, typer.Argument(metavar=mark("[CASE]…"), help=_CASE)] = None,
    giver: Annotated[
        str, typer.Option("--from", metavar=mark("NAME"), help=mark("All open cases of this colleague."))
    ] = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Whose they are."""
    if bool(case) == bool(giver):
        raise WrongCommand(_("Name the cases, or --from a colleague"), "retcli case assign CASE --to NAME")
    if giver:
        return work(context, actions.cases.changes.hand_over, giver=giver, to=to, key=key, dry_run=dry_run)
    return work(context, actions.cases.changes.assign, tuple(case or ()), to=to, key=key, dry_run=dry_run)
