"""`retcli parcel …`: what came back, what waits, and what becomes of it."""

import re
from datetime import date
from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    Because,
    Carrier,
    CaseArgument,
    DryRun,
    Key,
    Output,
    a_reason,
    chosen,
    day,
    group,
    look,
    work,
)
from retcli.errors import WrongCommand
from retcli.language import _, mark, series
from retcli.rules.lifecycles import ParcelState
from retcli.views.base import View

app = group("parcel", mark("Parcels that came back: expected, counted, inspected, matched."))
ParcelArgument = Annotated[str, typer.Argument(metavar=mark("PARCEL"), help=mark("A parcel or waybill number."))]

NotACases = Annotated[bool, typer.Option("--yes", help=mark("It is not the case's that it may belong to."))]


def _days(written: str) -> int:
    """A number of days from what was typed (``3d``, ``3天``, ``3``). Raises WrongCommand."""
    days = re.fullmatch(r"(\d{1,4})\s*(?:d|days?|天|日)?", written.strip(), re.ASCII | re.IGNORECASE)
    if days is None:
        raise WrongCommand(_("{text} is no number of days").format(text=written), "--older 3d")
    return int(days[1])


_state = chosen(lambda: [str(state) for state in ParcelState], mark("state"))


@app.command("list", help=mark("Parcels by state."))
def list_(
    context: typer.Context,
    state: Annotated[
        str, typer.Option("--state", parser=_state, metavar=mark("STATE"), help=mark("Only those of a state."))
    ] = "",
    stalled: Annotated[
        bool, typer.Option("--stalled", help=mark("Only those that do not move on, also on their way to buyers."))
    ] = False,
    held: Annotated[
        bool, typer.Option("--held", help=mark("Only those with pieces held for nobody, whose cases are finished."))
    ] = False,
    unopened: Annotated[
        bool,
        typer.Option("--unopened", help=mark("Only those that are here and were not opened.")),
    ] = False,
    unscanned: Annotated[
        bool, typer.Option("--unscanned", help=mark("Only those handed over by the carrier's word and never scanned."))
    ] = False,
) -> View:
    """Shows parcels, all or those of a state."""
    if sum((stalled, held, unopened, unscanned, bool(state))) > 1:
        raise WrongCommand(_("One choice at a time"), "retcli parcel list --unopened")
    if unopened:
        return look(context, actions.warehouse.deliveries.waiting.list_unopened)
    if unscanned:
        return look(context, actions.warehouse.deliveries.waiting.list_never_scanned)
    if stalled:
        return look(context, actions.warehouse.stalled_parcels.stalled)
    return look(context, actions.warehouse.parcels.list_parcels, state=state, held=held)


@app.command(help=mark("Loads that drivers handed over, with what differs from the driver's number."))
def deliveries(
    context: typer.Context,
    delivery: Annotated[
        str, typer.Argument(metavar=mark("DELIVERY"), help=mark("One of them by its number, with its parcels."))
    ] = "",
) -> View:
    """Shows the loads that drivers handed over in the last days, or one of them."""
    return look(context, actions.warehouse.deliveries.counts.deliveries, delivery)


@app.command(help=mark("Says why parcels of a delivery are missing: nobody is asked about them any more."))
def settle(
    context: typer.Context,
    delivery: Annotated[str, typer.Argument(metavar=mark("DELIVERY"), help=mark("A delivery, by its number."))],
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes why parcels of a driver's load are missing."""
    say_why = actions.warehouse.deliveries.handovers.settle
    return work(context, say_why, delivery, because=because, key=key, dry_run=dry_run)


@app.command(help=mark("From when to when each parcel lay on the filmed table, to cut a camera's film by."))
def film(
    context: typer.Context,
    parcel: Annotated[
        str, typer.Argument(metavar=mark("PARCEL"), help=mark("One parcel, on any day; else all of a day."))
    ] = "",
    on: Annotated[date | None, typer.Option("--day", parser=day, metavar=mark("DAY"), help=mark("The day."))] = None,
    output: Output = None,
) -> View:
    """Shows from when to when each parcel lay on the filmed table; writes it into a file where one is named."""
    clips: Any = look(context, actions.warehouse.films.clips, parcel, day=on)
    written: View = actions.warehouse.films.write(clips, output) if output else clips
    return written


@app.command(help=mark("Parcels that arrived without a case."))
def unclaimed(
    context: typer.Context,
    older: Annotated[
        int | None,
        typer.Option("--older", parser=_days, metavar=mark("DAYS"), help=mark("Only those that came so long ago: 3d.")),
    ] = None,
) -> View:
    """Shows the parcels that arrived without a case."""
    return look(context, actions.warehouse.parcels.list_parcels, unclaimed=True, older=older or 0)


@app.command(help=mark("A parcel: where it lies, what its label says, what is in it, its history."))
def show(context: typer.Context, parcel: ParcelArgument) -> View:
    """Shows all that is known of a parcel."""
    return look(context, _strangers().cards.show, parcel)


@app.command(help=mark("Takes a parcel out that was written down by mistake."))
def void(
    context: typer.Context, parcel: ParcelArgument, because: Because = "", key: Key = None, dry_run: DryRun = False
) -> View:
    """Takes a parcel out that was written down by mistake."""
    return work(context, _strangers().leaving.void, parcel, because=because, key=key, dry_run=dry_run)


@app.command("send-back", help=mark("A parcel that nobody claims goes back to who sent it."))
def send_back(
    context: typer.Context,
    parcel: ParcelArgument,
    waybill: Annotated[
        str, typer.Option("--waybill", metavar=mark("WAYBILL"), help=mark("The waybill under which it goes back."))
    ],
    carrier: Carrier = "",
    because: Because = "",
    yes: NotACases = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes that a parcel without a case goes back to who sent it."""
    back = _strangers().leaving.send_back
    how: dict[str, Any] = {"waybill": waybill, "company": carrier, "because": because} | _sure(yes)
    return work(context, back, parcel, key=key, dry_run=dry_run, **how)


@app.command(help=mark("A parcel that nobody claims was disposed of."))
def dispose(
    context: typer.Context,
    parcel: ParcelArgument,
    because: Because = "",
    yes: NotACases = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes that a parcel without a case was disposed of."""
    how: dict[str, Any] = {"because": because} | _sure(yes)
    return work(context, _strangers().leaving.dispose, parcel, key=key, dry_run=dry_run, **how)


def _sure(yes: bool) -> dict[str, bool]:
    """What is handed on where somebody is sure; else nothing: what an operation key is compared with stays the same."""
    return {"sure": True} if yes else {}


@app.command(help=mark("The shelf on which a parcel is put aside."))
def shelf(
    context: typer.Context,
    parcel: ParcelArgument,
    shelf: Annotated[str, typer.Argument(metavar=mark("SHELF"), help=mark("The name of the shelf, such as A-03."))],
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes the shelf on which a parcel is put aside."""
    return work(context, _strangers().shelves.shelve, parcel, shelf, key=key, dry_run=dry_run)


@app.command(help=mark("What the label of a parcel says."))
def label(
    context: typer.Context,
    parcel: ParcelArgument,
    sender: Annotated[
        str, typer.Option("--sender", metavar=mark("TEXT"), help=mark("Who sent it, as the label shows it."))
    ] = "",
    phone_tail: Annotated[
        str,
        typer.Option("--phone-tail", metavar=mark("DIGITS"), help=mark("The end of the sender's telephone number.")),
    ] = "",
    old_waybill: Annotated[
        str, typer.Option("--old-waybill", metavar=mark("WAYBILL"), help=mark("The number of an earlier label."))
    ] = "",
    city: Annotated[str, typer.Option("--city", metavar=mark("TEXT"), help=mark("The sender's city."))] = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Writes down what the label of a parcel says."""
    said = {"sender": sender, "phone_tail": phone_tail, "old_waybill": old_waybill, "city": city}
    given: dict[str, Any] = {name: text for name, text in said.items() if text}
    return work(context, _strangers().labels.label, parcel, key=key, dry_run=dry_run, **given)


def _strangers() -> Any:
    """The actions on parcels that came without a case, loaded now."""
    return actions.warehouse.strangers


@app.command(help=mark("The buyer named the waybill of what they sent back."))
def expect(
    context: typer.Context,
    case: CaseArgument,
    waybill: Annotated[str, typer.Argument(metavar=mark("WAYBILL"), help=mark("The buyer's waybill."))],
    carrier: Carrier = "",
    sure: Annotated[bool, typer.Option("--sure", help=mark("A waybill that is like no known carrier's."))] = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes the waybill under which the buyer of a case sends goods back."""
    expect_by_hand = actions.warehouse.parcels.expect_by_hand
    return work(context, expect_by_hand, case, waybill, carrier, sure=sure, key=key, dry_run=dry_run)


@app.command(help=mark("The carrier was asked to bring back what is on its way to the buyer."))
def intercept(context: typer.Context, case: CaseArgument, key: Key = None, dry_run: DryRun = False) -> View:
    """Notes that the carrier was asked to turn round the order's own parcel."""
    return work(context, actions.warehouse.interceptions.intercept, case, key=key, dry_run=dry_run)


@app.command(help=mark("Records what was found: pieces, grade, where they go."))
def inspect(
    context: typer.Context,
    parcel: Annotated[str, typer.Argument(metavar=mark("PARCEL|CASE"), help=mark("A parcel, waybill or case number."))],
    item: Annotated[
        list[str] | None,
        typer.Option(
            "--item",
            metavar=mark("SKU=N:GRADE[:PLACE]"),
            help=mark("Pieces with their grade A B C D X, and where they go."),
        ),
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help=mark("It was opened, and nothing is in it."))] = False,
    reason: Annotated[
        str, typer.Option("--reason", parser=a_reason, metavar=mark("REASON"), help=mark("The verified reason."))
    ] = "",
    serial: Annotated[
        str, typer.Option("--serial", metavar=mark("SERIAL"), help=mark("The serial number of the one piece."))
    ] = "",
    sealed: Annotated[
        bool, typer.Option("--sealed", help=mark("The seal is whole: food, cosmetics, underwear as new."))
    ] = False,
    missing: Annotated[
        list[str] | None,
        typer.Option("--missing", metavar=mark("TEXT"), help=mark("Accessories that are not with them.")),
    ] = None,
    because: Because = "",
    more: Annotated[
        bool, typer.Option("--more", help=mark("The pieces are more than were counted so far: really in the parcel."))
    ] = False,
    regrade: Annotated[
        bool, typer.Option("--regrade", help=mark("Takes earlier findings back; what only waits is left alone."))
    ] = False,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes what an inspection found: pieces, grade and where they go."""
    lacks = series(text for each in missing or () if (text := " ".join(each.split())))
    if empty and (item or more or regrade or serial or lacks):
        raise WrongCommand(_("Either the parcel is empty, or pieces are in it"), _("Leave out --empty, or all else"))
    if empty:
        note = actions.warehouse.empty_boxes.inspect_empty
        return work(context, note, parcel, reason=reason, key=key, dry_run=dry_run)
    if not item:
        raise WrongCommand(
            _("Say what is in the parcel, or that it is empty"), "--item SKU=1:C" if lacks else "--item SKU=1:A"
        )
    # only what was given: arguments are a part of the request that an operation key is compared with
    how: dict[str, Any] = {"more": True} if more else {}
    how |= {"regrade": True} if regrade else {}
    how |= {"sealed": True} if sealed else {}
    how |= {"missing": lacks} if lacks else {}
    how |= {"serial": serial} if serial else {}
    how |= {"because": because} if because else {}
    return work(context, _inspect, parcel, tuple(item), reason, key=key, dry_run=dry_run, **how)


def _inspect(shop: Any, parcel: str, items: tuple[str, ...], reason: str, serial: str = "", **how: Any) -> View:
    """Notes an inspection from items as they were typed (``SKU=N:GRADE[:PLACE]``). Raises WrongCommand."""
    graded = [actions.warehouse.inspection.parse_item(item) for item in items]
    if serial:
        graded = actions.warehouse.inspection.with_serial(graded, serial)
    return actions.warehouse.inspection.inspect(shop, parcel, graded, reason=reason, **how)


@app.command(help=mark("Attaches a parcel to a case, or shows the cases it may belong to."))
def match(
    context: typer.Context,
    parcel: ParcelArgument,
    case: Annotated[str, typer.Argument(metavar=mark("CASE"), help=mark("The case it belongs to."))] = "",
    tail: Annotated[
        str, typer.Option("--tail", metavar=mark("DIGITS"), help=mark("The end of the sender's telephone number."))
    ] = "",
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Attaches a parcel to a case, or shows the cases to which it may belong."""
    if not case:
        return look(context, actions.warehouse.parcel_candidates.candidates, parcel, tail)
    why: dict[str, Any] = {"because": because} if because else {}
    return work(context, actions.warehouse.parcels.match, parcel, case, key=key, dry_run=dry_run, **why)


@app.command(help=mark("Takes a parcel off a case that it was attached to by mistake."))
def detach(
    context: typer.Context,
    parcel: ParcelArgument,
    case: Annotated[
        str, typer.Argument(metavar=mark("CASE"), help=mark("The case, where the parcel serves several."))
    ] = "",
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Takes a parcel off a case that it was attached to by mistake."""
    take_off = actions.warehouse.detaching.detach
    return work(context, take_off, parcel, case, because=because, key=key, dry_run=dry_run)
