"""`retcli case …`: the group itself, and the commands that open, decide, change, finish and ship a case."""

import sys
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    A_CASE,
    AskedAmount,
    Because,
    Carrier,
    CaseArgument,
    DryRun,
    Key,
    LessAmount,
    Note,
    RealReason,
    Waive,
    Want,
    Yes,
    a_kind,
    a_reason,
    attempt,
    for_good,
    group,
    look,
    reasoned,
    typed_amount,
    work,
)
from retcli.commands.case import offers, queue
from retcli.commands.case.to_look_at import to_look_at
from retcli.commands.terminal.one_by_one import Asking, one_by_one
from retcli.errors import WrongCommand
from retcli.language import _, mark, series
from retcli.rules.lifecycles import Decision, Kind
from retcli.rules.money.minor_units import Typed
from retcli.settings import Asked
from retcli.shellwords import either
from retcli.views.base import Said, Stream, View

app = group("case", mark("After-sales cases: open, decide, explain, finish."))

_KINDS = mark("return, refund-only, exchange, resend, allowance, inquiry – or the Chinese word.")
_REASONS = mark("A code such as B_7D, or its Chinese name: retcli words.")
KindOption = Annotated[str, typer.Option("--kind", parser=a_kind, metavar=mark("KIND"), help=_KINDS)]
ReasonOption = Annotated[str, typer.Option("--reason", parser=a_reason, metavar=mark("REASON"), help=_REASONS)]


def add_to(root: typer.Typer) -> None:
    """Adds the group `case` to the root."""
    root.add_typer(app)


queue.add_to(app)


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
    parcel: Annotated[
        str, typer.Option("--parcel", metavar=mark("PARCEL"), help=mark("The parcel in which its goods came already."))
    ] = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Opens a case on an order, for what came by phone or chat."""
    options: dict[str, Any] = {"lines": line or [], "channel": channel, "note": note, "amount": amount}
    options["want"] = want or []
    # only what was given: arguments are a part of the request that an operation key is compared with
    options |= {"parcel": parcel} if parcel else {}
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


@app.command(help=mark("Agrees to a case, or to all whose verdict is yes."))
def approve(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar=mark("[CASE]"), help=A_CASE)] = "",
    amount: LessAmount = None,
    waive: Waive = None,
    because: Because = "",
    all_yes: Annotated[bool, typer.Option("--all-yes", help=mark("Every case whose verdict is yes."))] = False,
    kind: Annotated[
        str, typer.Option("--kind", parser=a_kind, metavar=mark("KIND"), help=mark("With --all-yes: of a kind."))
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
    """Agrees to one case, or to every case whose verdict is yes."""
    if bool(case) == all_yes:
        ways = either("retcli case approve CASE", "retcli case approve --all-yes")
        raise WrongCommand(_("Name a case, or --all-yes"), ways)
    if not all_yes:
        if kind or most is not None:
            raise WrongCommand(_("--kind and --max go with --all-yes"), "retcli case approve --all-yes")
        options: dict[str, Any] = {"amount": amount, "waive": waive or [], "because": because}
        if not (yes or dry_run or _looked_at(context, case, options)):
            return Said(_("Nothing was done"))
        view = work(context, actions.cases.decisions.approve, case, **options, key=key, dry_run=dry_run)
        # `freight` is never among a case's waivers, it is asked when the way back is repaid
        if idle := set(waive or []) - set(view.document()["case"]["waived"]) - {"freight"}:
            text = _("Not written down, since there is nothing to overrule: {rules}")
            from retcli.words import word

            context.obj.remark(text.format(rules=series(word(rule, "rule") for rule in sorted(idle))))
        return view
    if amount is not None or waive or because or key:
        raise WrongCommand(_("--amount, --waive, --because and --key go with one case"), "retcli case approve CASE")
    return Stream(_all_yes(context.obj, kind, most, yes=yes, trial=for_good(context) if dry_run else ""))


def _looked_at(context: typer.Context, case: str, options: dict[str, Any]) -> bool:
    """Whether a case is to be approved although a person must look at something: asked at a terminal, as in the review;
    yes from a pipe, where each command is meant.
    """
    if not sys.stdin.isatty():
        return True
    seen: Any = look(context, actions.cases.case_cards.show, case)
    named = options["amount"] is not None
    lines = to_look_at(seen.judgement, amount_asked=named, waived=options["waive"])
    if seen.decision == Decision.APPROVED or not lines:
        return True
    # what would refuse it, or is missing, is said before anybody is asked
    attempt(context, actions.cases.decisions.approve, case, **options)
    for line in lines:
        context.obj.remark(line)
    return typer.confirm(_("Approve it all the same?"), err=True)


def _all_yes(call: Asked, kind: str, most: Typed | None, *, yes: bool, trial: str) -> Iterator[View]:
    """Shows the cases whose verdict is yes as a table, asks once, then approves each in a transaction of its own; as a
    `trial` shows only the table and that call.
    """
    from retcli.transaction import Once, opened
    from retcli.views.cases.group import GroupDoneView

    with opened(call, writes=False) as shop:
        table = actions.cases.queue.plain_ones(shop, kind=kind, most=most)
    # Two cases of one order may each be a yes alone and not both: tried one after the other, then rolled back, those
    # that would be refused at their turn, or wait for a second person, are named before anybody says yes.
    if table.to_be_tried:
        with opened(call, Once(dry_run=True)) as shop:
            table = actions.cases.queue.at_their_turn(shop, table)
    ask = Asking(_("Approve all {n}?").format(n=len(table.cases)), "retcli case approve --all-yes", yes, trial)
    save = partial(actions.cases.queue.approve_seen, plain=True)
    yield from one_by_one(call, table, ask, save, GroupDoneView(total=len(table.seen)).without(table.stopped))


@app.command(help=mark("Changes kind, reason, pieces, wish or amount."))
def change(
    context: typer.Context,
    case: CaseArgument,
    kind: Annotated[str, typer.Option("--kind", parser=a_kind, metavar=mark("KIND"), help=mark("Another kind."))] = "",
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
    """Changes the kind, reason, pieces, wish or amount of a case; says so where the platform still has the old wish."""
    options: dict[str, Any] = {"kind": kind, "reason": reason, "amount": amount, "because": because}
    options |= {"want": want or [], "lines": line or []}
    view: Any = work(context, actions.cases.changes.change, case, **options, key=key, dry_run=dry_run)
    changed = view.of if dry_run else view.case
    if changed.platform_number and (kind or amount is not None) and not changed.on_platform.as_there:
        text = _("The platform has the old wish still: let the buyer change it there too")
        context.obj.remark(text)
    return view  # type: ignore[no-any-return]


@app.command(help=mark("Refuses a case."))
def reject(
    context: typer.Context,
    case: CaseArgument,
    because: Because = "",
    yes: Yes = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Rejects a case; what speaks against a refusal is shown first, and at a terminal asked about."""
    call: Asked = context.obj
    seen: Any = look(context, actions.cases.case_cards.show, case)
    if seen.against_refusal:  # what is missing, or stands against it for good, is said before anybody is asked
        attempt(context, actions.cases.decisions.reject, case, because=because)
    for warning in seen.against_refusal:
        call.remark(warning)
    asks = bool(seen.against_refusal) and sys.stdin.isatty() and not (yes or dry_run)
    if asks and not typer.confirm(_("Refuse it all the same?"), err=True):
        return Said(_("Nothing was done"))
    return work(context, actions.cases.decisions.reject, case, because=because, key=key, dry_run=dry_run)


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
    """Notes facts about a case's goods or buyer that its verdict asks for."""
    return work(context, actions.cases.case_facts.learn, case, facts, key=key, dry_run=dry_run)


@app.command(help=mark("The new goods of an exchange or resend have left."))
def ship(
    context: typer.Context,
    case: CaseArgument,
    waybill: Annotated[str, typer.Option("--waybill", metavar=mark("WAYBILL"), help=mark("Their waybill."))] = "",
    carrier: Carrier = "",
    correct: Annotated[
        bool, typer.Option("--correct", help=mark("They left under this waybill, not the one that was noted."))
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help=mark("They have not left after all."))] = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes that the new goods of a case have left, under their waybill; under another one; or that they did not."""
    if undo == bool(waybill) or (undo and (correct or carrier)):
        raise WrongCommand(_("Name the waybill, or take the sending back"), "--waybill WAYBILL")
    how: dict[str, Any] = {"key": key, "dry_run": dry_run}
    if undo:
        return work(context, actions.warehouse.shipments.sent_goods.take_sending_back, case, **how)
    ship = actions.warehouse.shipments.sent_goods.correct_waybill if correct else actions.cases.decisions.ship
    return work(context, ship, case, waybill=waybill, carrier=carrier, **how)


offers.add_to(app)
