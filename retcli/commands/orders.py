"""`retcli order …`: shows and finds orders."""

from typing import Annotated

import typer

from retcli import actions
from retcli.commands.asking import Because, FromDay, Reveal, ToDay, group, look, work
from retcli.language import mark
from retcli.views.base import View

app = group("order", mark("Orders, and what can still be claimed on them."))


def add_to(root: typer.Typer) -> None:
    """Adds the group `order` to the root."""
    root.add_typer(app)


@app.command(help=mark("An order with its lines, what is still open on them, and its cases."))
def show(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar=mark("NUMBER"), help=mark("The order's number or its waybill."))],
    reveal: Reveal = False,
    because: Because = "",
) -> View:
    """Shows an order with its lines, what is still open on them, and its cases."""
    # an unmasked look is noted as an event, so that it writes
    if reveal:
        return work(context, actions.shop.orders.show, number, reveal=True, because=because)
    return look(context, actions.shop.orders.show, number)


@app.command(
    help=mark(
        "Finds orders by number, payment number, waybill, refund, or four digits of its end; by phone, buyer's name, or"
        " words for the goods, also by the days of the order."
    )
)
def find(
    context: typer.Context,
    text: Annotated[list[str] | None, typer.Argument(metavar=mark("[TEXT]"), help=mark("What is known of it."))] = None,
    goods: Annotated[
        str, typer.Option("--goods", metavar=mark("TEXT"), help=mark("Words of title, variant or SKU, such as 红 M."))
    ] = "",
    since: FromDay = None,
    until: ToDay = None,
) -> View:
    """Shows the orders that a number or its end, a phone, a buyer's name or some words for goods mean."""
    return look(context, actions.shop.orders.find, " ".join(text or ()), goods=goods, since=since, until=until)
