"""The command `scan`: the scan loop, or what one code is."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retcli import actions
from retcli.commands.asking import Carrier, chosen
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.rules.warehouse.modes import CHECKING, COUNTING, RECEIVING, SENDING
from retcli.settings import Asked
from retcli.views.base import Stream, View

if TYPE_CHECKING:
    from retcli.commands.terminal.incoming_codes import Line


def add_to(root: typer.Typer) -> None:
    """Adds the command `scan` to the root."""
    root.command("scan", help=mark("The scan loop: waybills, barcodes, commands; each is saved at once."))(scan)


def _load(written: str) -> int | str:
    """How many parcels a driver hands over, or the number of a load that goes on, from what was typed. Raises
    WrongCommand.
    """
    plain = written.strip()
    if _LOAD.fullmatch(plain):
        return plain.upper()
    if not (plain.isascii() and plain.isdigit() and 0 < int(plain) <= MOST):
        raise WrongCommand(_("{text} is no number of parcels").format(text=written), "--delivery 60")
    return int(plain)


_LOAD = re.compile(r"DH\d{8}-\d{4,}", re.ASCII | re.IGNORECASE)
MOST = 9999
"""Parcels that one driver hands over at most: more is a slip of the fingers, or a number of something else."""
_mode = chosen(lambda: [RECEIVING, CHECKING, COUNTING, SENDING], mark("mode"), "bench")
_sound = chosen(lambda: ["system", "bell", "none"], mark("sound"), "sound")


def scan(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar=mark("FILE|-"), help=mark("Codes from a file or a pipe."))] = "",
    sound: Annotated[
        str,
        typer.Option(
            "--sound",
            parser=_sound,
            metavar=mark("system|bell|none"),
            help=mark("What is heard: the system's tones, the terminal's bell, or nothing."),
        ),
    ] = "",
    mode: Annotated[
        str,
        typer.Option(
            "--mode",
            parser=_mode,
            metavar=mark("MODE"),
            help=mark(
                "Begin by only receiving parcels, by checking what is in them, by counting the stock, or by sending"
                " goods of cases."
            ),
        ),
    ] = "",
    delivery: Annotated[
        Any,
        typer.Option(
            "--delivery",
            parser=_load,
            metavar=mark("N/DELIVERY"),
            help=mark(
                "A driver hands over so many parcels: each waybill counts, what differs is listed at the end; a load's"
                " number goes on with that, also a colleague's."
            ),
        ),
    ] = None,
    carrier: Carrier = "",
    film: Annotated[
        bool, typer.Option("--film", help=mark("A camera looks at the table: each line begins with its second."))
    ] = False,
    explain: Annotated[
        str, typer.Option("--explain", metavar=mark("CODE"), help=mark("Only says what a code is, and why."))
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar=mark("PARCEL"), help=mark("With --explain: the parcel on the table."))
    ] = "",
) -> Stream | View:
    """Reads codes of parcels, goods and slips one after the other, each saved at once and answered in a line; or says
    of one code what it is.
    """
    if explain:
        return _explained(context.obj, explain, on)
    from retcli.commands.terminal.scan_loop import ScanLoop  # only who scans pays for its sentences

    call: Asked = context.obj
    load = _delivery(delivery or 0, carrier, mode)
    codes, live = _codes(call, source, _what_to_scan(mode))
    heard = _heard(sound, live and not call.as_json)
    loop = ScanLoop(call, codes, live=live, sound=heard, mode=mode, delivery=load, film=film)
    return Stream(loop.views(), end_code=lambda: loop.exit_code)


def _delivery(announced: int | str, carrier: str, mode: str) -> tuple[int | str, str] | None:
    """The driver's load that is begun with the loop: how many parcels, and the carrier. Raises WrongCommand for a
    carrier without a number, and for a load that is not received first.
    """
    if not announced:
        if carrier:
            raise WrongCommand(_("Say how many parcels the driver hands over"), "--delivery 60")
        return None
    if mode in {CHECKING, COUNTING, SENDING}:
        raise WrongCommand(_("A delivery is received first and opened later"), "--mode receiving --delivery 60")
    return announced, carrier.strip()


def _heard(sound: str, somebody: bool) -> str:
    """By what the sounds are played: by what was asked for, else by the system where `somebody` can hear them."""
    return "none" if not somebody else sound or "system"


def _explained(call: Asked, code: str, on: str) -> View:
    """What a code is, and what came of a scan of it that is taken back."""
    from retcli.transaction import Once, opened

    with opened(call, Once(dry_run=True)) as shop:
        view: View = actions.warehouse.bench.explained_scans.explain(shop, code, on)
    return view


def _what_to_scan(mode: str) -> str:
    """What somebody at a terminal is told before the first code."""
    if mode == COUNTING:
        return _("Scan each piece of the stock. To end: scan RCMDEND, or Ctrl-D (Ctrl-Z and Enter on Windows)")
    if mode == SENDING:
        return _(
            "Scan a case, each piece, then the waybill. To end: scan RCMDEND, or Ctrl-D (Ctrl-Z and Enter on Windows)"
        )
    return _("Scan a waybill, then the goods in it. To end: scan RCMDEND, or Ctrl-D (Ctrl-Z and Enter on Windows)")


def _codes(call: Asked, source: str, told: str) -> "tuple[Iterator[Line | None], bool]":
    """The codes to be scanned, each with the moment when it was read (0.0 from a file), None for each second without
    one; and whether a person scans them at a terminal, who is `told` what to scan.
    """
    from retcli import named_files
    from retcli.commands.terminal import incoming_codes

    if source and source != "-":
        written = named_files.content(Path(source), named_files.CODES_AT_MOST)
        lines, heading = incoming_codes.written(written)
        if heading:
            call.remark(_("Taken for a heading, not scanned: {line}").format(line=" ".join(heading.split())))
        return ((line, 0.0, place) for place, line in enumerate(lines, 1)), False
    if sys.stdin.isatty():
        call.remark(told)
        return incoming_codes.incoming(live=True), True
    if _has_descriptor():
        return incoming_codes.incoming(live=False), False
    return ((line, 0.0) for line in iter(sys.stdin.readline, "")), False


def _has_descriptor() -> bool:
    """Whether standard input is a stream of the system, not one that a program (a test) put in its place."""
    try:
        return sys.stdin.fileno() >= 0
    except (OSError, ValueError):
        return False
