"""`retcli case …`: what is written down beside a case (evidence, contacts, notes, flags), and the register of disputes
with what goes to the platform.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import (
    Because,
    CaseArgument,
    DryRun,
    Key,
    Note,
    RealReason,
    Reveal,
    chosen,
    day,
    look,
    number,
    place,
    typed_amount,
    work,
)
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.rules.cases.media import FITTING
from retcli.rules.cases.register import Entry
from retcli.rules.money.minor_units import Typed
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked
from retcli.shellwords import quoted
from retcli.views.base import View

WAYS = ("phone", "chat", "sms")
RESULTS = ("reached", "no_answer", "agreed", "refused")
FLAGS = ("red", "yellow", "green", "blue", "purple", "none")
_evidence = chosen(lambda: list(FITTING), mark("kind of evidence"))
_entry = chosen(lambda: [str(kind) for kind in Entry], mark("kind of entry"))
_way = chosen(lambda: list(WAYS), mark("way to speak to the buyer"), "contact")
_outcome = chosen(lambda: list(RESULTS), mark("outcome of a contact"), "contact")
_flag = chosen(lambda: list(FLAGS), mark("flag"))
app = typer.Typer()


def add_to(group: typer.Typer) -> None:
    """Adds this file's commands to the group `case`."""
    group.registered_commands += app.registered_commands


def moment(written: str) -> datetime:
    """An instant from what was typed in Shanghai's time, as ``2026-11-12 18:00``, 明天18点; of a day alone its end.
    Raises WrongCommand.
    """
    try:
        at = datetime.fromisoformat(written.strip())
    except ValueError:
        at = None
    if at is not None and len(written.strip()) > len("2026-11-12"):
        return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
    timed = _TIMED.fullmatch(written.strip())
    on = day(timed["day"] if timed else written, ahead=True)
    if timed is None:
        on += timedelta(days=1)
    hour, minute = (int(timed["hour"]), int(timed["minute"] or 0)) if timed else (0, 0)
    try:
        return datetime(on.year, on.month, on.day, hour, minute, tzinfo=SHANGHAI)
    except ValueError as wrong:
        raise WrongCommand(_("{text} is no date").format(text=written), "2026-11-12T18:00") from wrong


_TIMED = re.compile("(?P<day>.+?) *(?P<hour>[0-9]{1,2})(?:[:：点时])(?P<minute>[0-9]{2})?分?")
"""A day with a time of day behind it."""


EntryArgument = Annotated[
    str,
    typer.Argument(
        metavar=mark("CASE"), help=mark("A case, refund, order or waybill number; of a bad review the order's will do.")
    ),
]
EntryOption = Annotated[
    str,
    typer.Option("--kind", parser=_entry, metavar=mark("KIND"), help=mark("intervention, complaint or bad_review.")),
]


@app.command(help=mark("Stores photos, videos, chats or reports with a case, copied beside the books."))
def attach(
    context: typer.Context,
    case: CaseArgument,
    files: Annotated[list[Path], typer.Argument(metavar=mark("FILE…"), help=mark("One or several files."))],
    kind: Annotated[
        str, typer.Option("--kind", parser=_evidence, metavar=mark("KIND"), help=mark("photo, video, chat, report"))
    ] = "photo",
) -> View:
    """Copies photos, videos, chats or reports into the books' folder of evidence."""
    return actions.cases.disputes.evidence.attach(context.obj, case, [place(str(file)) for file in files], kind=kind)


@app.command(help=mark("The evidence of a case, and whether each file is still there."))
def evidence(
    context: typer.Context,
    case: CaseArgument,
    check: Annotated[bool, typer.Option("--check", help=mark("Read each file and compare its content."))] = False,
) -> View:
    """Shows the evidence of a case, and whether each file is still there unchanged."""
    return look(context, actions.cases.disputes.evidence.evidence_of, case, check=check)


@app.command(help=mark("Writes down that the buyer was spoken to."))
def contact(
    context: typer.Context,
    case: CaseArgument,
    by: Annotated[str, typer.Option("--by", parser=_way, metavar=mark("WAY"), help=mark("phone, chat or sms."))],
    result: Annotated[
        str,
        typer.Option(
            "--result", parser=_outcome, metavar=mark("RESULT"), help=mark("reached, no_answer, agreed or refused.")
        ),
    ],
    note: Note = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes that the buyer was spoken to, how and with which result."""
    return work(
        context, actions.cases.contacts.contact, case, way=by, result=result, note=note, key=key, dry_run=dry_run
    )


@app.command(help=mark("Gives the buyer more days to send the goods back, such as for customs."))
def extend(
    context: typer.Context,
    case: CaseArgument,
    days: Annotated[int, typer.Option("--days", parser=number, metavar="N", help=mark("So many days more."))],
    because: Because,
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Gives the buyer more days to send the goods back."""
    return work(context, actions.cases.contacts.extend, case, days=days, because=because, key=key, dry_run=dry_run)


@app.command(help=mark("Adds a note, or sets the real reason."))
def note(
    context: typer.Context,
    case: CaseArgument,
    text: Annotated[str, typer.Argument(metavar=mark("TEXT"), help=mark("The note."))] = "",
    reason: RealReason = "",
    amount: Annotated[
        Typed | None,
        typer.Option("--amount", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("The amount it is about.")),
    ] = None,
    sku: Annotated[str, typer.Option("--sku", metavar="SKU", help=mark("The article it is about."))] = "",
) -> View:
    """Adds a note to a case, or sets its real reason."""
    return work(context, actions.cases.contacts.note, case, text, reason=reason, amount=amount, sku=sku)


@app.command(help=mark("Sets a case's flag: red, yellow, green, blue, purple or none."))
def flag(
    context: typer.Context,
    case: CaseArgument,
    colour: Annotated[str, typer.Argument(parser=_flag, metavar=mark("COLOUR"), help=mark("Its colour, or none."))],
    because: Because = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Sets the flag of a case to a colour, or takes it away."""
    return work(context, actions.cases.contacts.flag, case, colour, because=because, key=key, dry_run=dry_run)


@app.command(help=mark("Enters an intervention of the platform, a complaint or a bad review into the register."))
def escalate(
    context: typer.Context,
    case: EntryArgument,
    kind: EntryOption,
    due: Annotated[
        datetime | None,
        typer.Option("--due", parser=moment, metavar=mark("WHEN"), help=mark("Evidence until: 2026-11-12 18:00.")),
    ] = None,
    authority: Annotated[
        bool, typer.Option("--authority", help=mark("A market regulator's complaint: seven working days."))
    ] = False,
    note: Note = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Enters an intervention of the platform, a complaint or a bad review into the register."""
    if kind == Entry.BAD_REVIEW:
        if due or authority:
            raise WrongCommand(
                _("Nothing is due for a bad review"), f"retcli case escalate {quoted(case)} --kind bad_review"
            )
        return work(context, actions.cases.disputes.bad_reviews.enter, case, note=note, key=key, dry_run=dry_run)
    options: dict[str, Any] = {"kind": Entry(kind), "due": due, "authority": authority, "note": note}
    return work(context, actions.cases.disputes.register.escalate, case, **options, key=key, dry_run=dry_run)


@app.command(help=mark("The evidence or the answer was sent, or the buyer was written to about a bad review."))
def answer(
    context: typer.Context, case: EntryArgument, kind: EntryOption = "", key: Key = None, dry_run: DryRun = False
) -> View:
    """Notes that evidence or an answer was sent, or that the buyer of a bad review was contacted."""
    if kind == Entry.BAD_REVIEW:
        return work(context, actions.cases.disputes.bad_reviews.contacted, case, key=key, dry_run=dry_run)
    return work(context, actions.cases.disputes.register.answer, case, kind=kind, key=key, dry_run=dry_run)


@app.command(help=mark("How an entry of the register ended."))
def verdict(
    context: typer.Context,
    case: EntryArgument,
    because: Because,
    won: Annotated[bool, typer.Option("--won", help=mark("For the shop."))] = False,
    lost: Annotated[bool, typer.Option("--lost", help=mark("Against the shop."))] = False,
    settled: Annotated[bool, typer.Option("--settled", help=mark("Both agreed."))] = False,
    changed: Annotated[bool, typer.Option("--changed", help=mark("A bad review was changed."))] = False,
    added: Annotated[bool, typer.Option("--added", help=mark("A bad review was added to for the better."))] = False,
    given_up: Annotated[bool, typer.Option("--given-up", help=mark("A bad review stays as it is."))] = False,
    kind: EntryOption = "",
    key: Key = None,
    dry_run: DryRun = False,
) -> View:
    """Notes how an entry of the register ended."""
    outcomes = {"won": won, "lost": lost, "settled": settled}
    ends = {"changed": changed, "added": added, "given_up": given_up}
    named = [name for name, given in (outcomes | ends).items() if given]
    if len(named) != 1:
        raise WrongCommand(
            _("Say just one outcome"), _ended(case, "--changed" if kind == Entry.BAD_REVIEW else "--won")
        )
    if (named[0] in ends) != (kind == Entry.BAD_REVIEW) and (named[0] in outcomes or kind):
        message = _("--changed, --added and --given-up are ends of a bad review, and its only ones")
        raise WrongCommand(message, _ended(case, "--changed"))
    if named[0] in ends:
        return work(
            context,
            actions.cases.disputes.bad_reviews.end,
            case,
            outcome=named[0],
            because=because,
            key=key,
            dry_run=dry_run,
        )
    options: dict[str, Any] = {"outcome": named[0], "because": because, "kind": kind}
    return work(context, actions.cases.disputes.register.verdict, case, **options, key=key, dry_run=dry_run)


@app.command(help=mark("Interventions, complaints and bad reviews of all cases."))
def register(
    context: typer.Context,
    live: Annotated[bool, typer.Option("--open", help=mark("Only those that are not ended."))] = False,
    kind: EntryOption = "",
) -> View:
    """Shows the platform's interventions, complaints and bad reviews."""
    return look(context, actions.cases.disputes.register.listed, live=live, kind=kind)


@app.command(
    help=mark("Packs what the platform asks for when it steps in: a text to paste, and the evidence in order.")
)
def pack(
    context: typer.Context,
    case: CaseArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            parser=place,
            metavar=mark("FOLDER"),
            help=mark("Where to; else a folder named by the case."),
        ),
    ] = None,
    reveal: Reveal = False,
    everything: Annotated[
        bool, typer.Option("--all", help=mark("For yourself: the shop's own doubts too, which serve nobody else."))
    ] = False,
    because: Because = "",
) -> View:
    """Writes what the platform asks for when it steps in into a folder: a text to paste, and the evidence in order."""
    call: Asked = context.obj
    view = actions.cases.disputes.evidence_pack.pack(
        call, case, folder=output, reveal=reveal, because=because, everything=everything
    )
    for line in view.remarks:
        call.remark(line)
    return view


def _ended(case: str, outcome: str) -> str:
    """The command that ends an entry of the register with an outcome; every outcome but ``--won`` is a bad review's."""
    kind = "" if outcome == "--won" else f" --kind {Entry.BAD_REVIEW}"
    return f"retcli case verdict {quoted(case)} {outcome}{kind} --because TEXT"
