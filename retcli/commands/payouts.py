"""`retcli pay …`."""

from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    Because,
    CaseArgument,
    DryRun,
    Key,
    Waive,
    chosen,
    group,
    look,
    number,
    typed_amount,
    weighed,
    work,
)
from retcli.language import mark
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money import Typed
from retcli.views.base import View

app = group("pay", mark("Money to the buyer: decide, countersign, follow up."))
PayoutArgument = Annotated[
    str, typer.Argument(metavar=mark("PAYOUT"), help=mark("A payout's number or its last digits."))
]
_state = chosen(lambda: [str(state) for state in PayoutState], mark("state"))


def add_to(root: typer.Typer) -> None:
    """Hangs the group into the tree."""
    root.add_typer(app)


weighed(app, "refund", mark("Pays what is due on a case now."), lambda: actions.payouts.refund)


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
    """The way back."""
    options: dict[str, Any] = {"waive": waive or [], "because": because}
    return work(context, actions.payouts.freight_back, case, amount, **options, key=key, dry_run=dry_run)


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
        typer.Option("--cash", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("A small transfer.")),
    ] = None,
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Compensation."""
    options: dict[str, Any] = {
        "coupon": coupon,
        "points": points,
        "cash": cash,
        "waive": waive or [],
        "because": because,
    }
    return work(context, actions.payouts.compensate, case, **options, key=key, dry_run=dry_run)


@app.command(help=mark("A second person lets a waiting payout go."))
def approve(context: typer.Context, payout: PayoutArgument, key: Key = None, dry_run: DryRun = False) -> View:
    """The second signature."""
    return work(context, actions.payouts.countersign, payout, key=key, dry_run=dry_run)


@app.command(help=mark("The money is on its way."))
def sent(context: typer.Context, payout: PayoutArgument, key: Key = None, dry_run: DryRun = False) -> View:
    """On its way."""
    return work(context, actions.payouts.step, payout, "send", key=key, dry_run=dry_run)


@app.command(help=mark("The money has arrived."))
def confirm(context: typer.Context, payout: PayoutArgument, key: Key = None, dry_run: DryRun = False) -> View:
    """Arrived."""
    return work(context, actions.payouts.step, payout, "confirm", key=key, dry_run=dry_run)


@app.command(help=mark("The payment failed for certain."))
def fail(
    context: typer.Context, payout: PayoutArgument, because: Because = "", key: Key = None, dry_run: DryRun = False
) -> View:
    """Failed."""
    return work(context, actions.payouts.step, payout, "fail", because=because, key=key, dry_run=dry_run)


@app.command(help=mark("Nobody knows whether the payment went through."))
def unknown(context: typer.Context, payout: PayoutArgument, key: Key = None, dry_run: DryRun = False) -> View:
    """Unknown."""
    return work(context, actions.payouts.step, payout, "lose", key=key, dry_run=dry_run)


@app.command(help=mark("Takes a confirmed payout back by its negative."))
def reverse(
    context: typer.Context, payout: PayoutArgument, because: Because = "", key: Key = None, dry_run: DryRun = False
) -> View:
    """Reversed."""
    return work(context, actions.payouts.reverse, payout, because=because, key=key, dry_run=dry_run)


@app.command("list", help=mark("Payouts with something open, or those of a state."))
def list_(
    context: typer.Context,
    state: Annotated[
        str, typer.Option("--state", parser=_state, metavar=mark("STATE"), help=mark("Only those of a state."))
    ] = "",
) -> View:
    """Several payouts."""
    return look(context, actions.payouts.list_payouts, state=state)
