"""`retcli pay …`: lets money go to a buyer, countersigns it, and follows it until it arrives."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    Because,
    CaseArgument,
    DryRun,
    Key,
    LessAmount,
    Waive,
    Yes,
    a_kind,
    chosen,
    for_good,
    group,
    look,
    number,
    typed_amount,
    work,
)
from retcli.commands.terminal.one_by_one import Asking, one_by_one
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.rules.lifecycles import CLICKED, PayoutState
from retcli.rules.money.minor_units import Typed
from retcli.settings import Asked
from retcli.shellwords import either
from retcli.views.base import Stream, View

app = group("pay", mark("Money to the buyer: decide, countersign, follow up."))
PayoutArgument = Annotated[
    str, typer.Argument(metavar=mark("PAYOUT"), help=mark("A payout's number or its last digits."))
]
_state = chosen(lambda: [*(str(state) for state in PayoutState), CLICKED], mark("state"), "payout")


def add_to(root: typer.Typer) -> None:
    """Adds the group `pay` to the root."""
    root.add_typer(app)


@app.command(help=mark("Pays what is due on a case now, or on all."))
def refund(
    context: typer.Context,
    case: Annotated[
        str, typer.Argument(metavar=mark("[CASE]"), help=mark("A case, refund, order or waybill number."))
    ] = "",
    amount: LessAmount = None,
    waive: Waive = None,
    because: Because = "",
    all_due: Annotated[bool, typer.Option("--all-due", help=mark("Every refund that is to be decided."))] = False,
    kind: Annotated[
        str, typer.Option("--kind", parser=a_kind, metavar=mark("KIND"), help=mark("With --all-due: of a kind."))
    ] = "",
    most: Annotated[
        Typed | None,
        typer.Option(
            "--max", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("With --all-due: of at most so much.")
        ),
    ] = None,
    yes: Yes = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View | Stream:
    """Lets the refund go that is due on a case now, or on every case with one due."""
    if bool(case) == all_due:
        ways = either("retcli pay refund CASE", "retcli pay refund --all-due")
        raise WrongCommand(_("Name a case, or --all-due"), ways)
    if not all_due:
        if kind or most is not None or yes:
            raise WrongCommand(_("--kind, --max and --yes go with --all-due"), "retcli pay refund --all-due")
        options: dict[str, Any] = {"amount": amount, "waive": waive or [], "because": because}
        return work(context, actions.money.payouts.refund, case, **options, key=key, dry_run=dry_run)
    if amount is not None or waive or because or key:
        raise WrongCommand(_("--amount, --waive, --because and --key go with one case"), "retcli pay refund CASE")
    return Stream(_all_due(context.obj, kind, most, yes=yes, trial=for_good(context) if dry_run else ""))


def _all_due(call: Asked, kind: str, most: Typed | None, *, yes: bool, trial: str) -> Iterator[View]:
    """Shows all refunds that are due as a table, asks once, then lets each go in a transaction of its own; as a `trial`
    shows only the table and that call.
    """
    from retcli.transaction import Once, opened
    from retcli.views.money.group_payment import PaidGroupView
    from retcli.views.sums import sums, sums_text

    # as a trial: each refund is tried for real and rolled back, so that the table shows just what will leave
    with opened(call, Once(dry_run=True)) as shop:
        table = actions.money.group_payment.due_refunds(shop, kind=kind, most=most)
    total = sums_text(sums(seen.due for seen in table.seen))
    question = _("Pay all {n}, {money}?").format(n=len(table.seen), money=total)
    ask = Asking(question, "retcli pay refund --all-due", yes, trial)
    begun = PaidGroupView(total=len(table.seen)).without(table.stopped)
    yield from one_by_one(call, table, ask, actions.money.group_payment.refund_seen, begun)


@app.command(help=mark("Repays the way back that the buyer advanced."))
def freight(
    context: typer.Context,
    case: CaseArgument,
    amount: Annotated[
        Typed, typer.Option("--amount", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("What the buyer paid."))
    ],
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Repays the postage that the buyer advanced for sending goods back."""
    options: dict[str, Any] = {"waive": waive or [], "because": because}
    return work(context, actions.money.payouts.freight_back, case, amount, **options, key=key, dry_run=dry_run)


@app.command(help=mark("Gives a coupon, points or cash on top."))
def compensate(
    context: typer.Context,
    case: CaseArgument,
    coupon: Annotated[
        Typed | None, typer.Option("--coupon", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("A coupon."))
    ] = None,
    points: Annotated[
        int | None, typer.Option("--points", parser=number, metavar=mark("N"), help=mark("Points."))
    ] = None,
    cash: Annotated[
        Typed | None,
        typer.Option(
            "--cash",
            parser=typed_amount,
            metavar=mark("AMOUNT"),
            help=mark("Money to the buyer: a small transfer where the platform has it."),
        ),
    ] = None,
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Gives a coupon, points or cash beside a refund."""
    options: dict[str, Any] = {
        "coupon": coupon,
        "points": points,
        "cash": cash,
        "waive": waive or [],
        "because": because,
    }
    return work(context, actions.money.payouts.compensate, case, **options, key=key, dry_run=dry_run)


@app.command(help=mark("A second person lets a waiting payout go."))
def approve(
    context: typer.Context,
    payout: PayoutArgument,
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Lets a payout go that waits for a second person."""
    options: dict[str, Any] = {"waive": waive or [], "because": because}
    return work(context, actions.money.payout_steps.countersign, payout, **options, key=key, dry_run=dry_run)


@app.command(help=mark("The money is on its way."))
def sent(
    context: typer.Context,
    payout: PayoutArgument,
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes that the money of a payout is on its way."""
    options: dict[str, Any] = {"waive": waive or [], "because": because}
    return work(context, actions.money.payout_steps.step, payout, "send", **options, key=key, dry_run=dry_run)


@app.command(help=mark("The money has arrived."))
def confirm(
    context: typer.Context,
    payout: PayoutArgument,
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes that the money of a payout arrived."""
    options: dict[str, Any] = {"waive": waive or [], "because": because}
    return work(context, actions.money.payout_steps.step, payout, "confirm", **options, key=key, dry_run=dry_run)


@app.command(help=mark("The payment failed for certain."))
def fail(
    context: typer.Context,
    payout: PayoutArgument,
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes that the payment of a payout failed for certain."""
    options: dict[str, Any] = {"waive": waive or [], "because": because}
    return work(context, actions.money.payout_steps.step, payout, "fail", **options, key=key, dry_run=dry_run)


@app.command(help=mark("Nobody knows whether the payment went through."))
def unknown(context: typer.Context, payout: PayoutArgument, key: Key = None, dry_run: DryRun = False) -> View:
    """Notes that nobody knows whether a payment went through; until that is found out it is not paid again."""
    return work(context, actions.money.payout_steps.step, payout, "lose", key=key, dry_run=dry_run)


@app.command(help=mark("Takes a confirmed payout back by its negative."))
def reverse(
    context: typer.Context, payout: PayoutArgument, because: Because = "", key: Key = None, dry_run: DryRun = False
) -> View:
    """Takes back a confirmed payout by a payout of its negative amount."""
    return work(context, actions.money.payout_steps.reverse, payout, because=because, key=key, dry_run=dry_run)


@app.command("list", help=mark("Payouts with something open, or those of a state."))
def list_(
    context: typer.Context,
    state: Annotated[
        str, typer.Option("--state", parser=_state, metavar=mark("STATE"), help=mark("Only those of a state."))
    ] = "",
) -> View:
    """Shows payouts with something open, or those of a state."""
    return look(context, actions.money.payouts.list_payouts, state=state)
