"""`retcli case advise` and `retcli case offer`: what to offer a buyer, and what was offered and answered."""

from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    Because,
    CaseArgument,
    DryRun,
    Key,
    Note,
    Waive,
    chosen,
    look,
    typed_amount,
    work,
)
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.rules.money.minor_units import Typed
from retcli.shellwords import quoted
from retcli.views.base import View


def _rungs() -> list[str]:
    from retcli.rules.cases.remedies import Rung

    return [str(rung) for rung in Rung]


_rung = chosen(_rungs, mark("rung"))


def add_to(app: typer.Typer) -> None:
    """Adds `advise` and `offer` to the group `case`."""
    app.command(help=mark("What to offer, by the kind of goods and the reason."))(advise)
    app.command(help=mark("Notes an offer to the buyer, or what the buyer said to it."))(offer)


def advise(context: typer.Context, case: CaseArgument) -> View:
    """Shows which rung of the ladder of offers is advised for a case, and why."""
    return look(context, actions.cases.offers.advise, case)


def offer(
    context: typer.Context,
    case: CaseArgument,
    rung: Annotated[
        str,
        typer.Option(
            "--rung", parser=_rung, metavar=mark("RUNG"), help=mark("explain, coupon, compensation, exchange, return.")
        ),
    ] = "",
    amount: Annotated[
        Typed | None,
        typer.Option("--amount", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("Of a coupon or transfer.")),
    ] = None,
    note: Note = "",
    accepted: Annotated[bool, typer.Option("--accepted", help=mark("The buyer says yes; it is paid."))] = False,
    declined: Annotated[bool, typer.Option("--declined", help=mark("The buyer says no."))] = False,
    waive: Waive = None,
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes an offer to the buyer of a case, or the buyer's answer to it."""
    if [bool(rung), accepted, declined].count(True) != 1:
        hint = f"retcli case offer {quoted(case)} --rung coupon --amount 5.00"
        raise WrongCommand(_("Name one of --rung, --accepted and --declined"), hint)
    options: dict[str, Any] = {"waive": waive or [], "because": because, "key": key, "dry_run": dry_run}
    if rung:
        return work(context, actions.cases.offers.offer, case, rung, amount=amount, note=note, **options)
    if amount is not None or note:
        raise WrongCommand(_("Amount and note belong to an offer, not to its answer"), _answer(case, accepted=accepted))
    return work(context, actions.cases.offers.answer, case, accepted=accepted, **options)


def _answer(case: str, *, accepted: bool) -> str:
    """The command that notes the buyer's answer to an offer."""
    return f"retcli case offer {quoted(case)} --{'accepted' if accepted else 'declined'}"
