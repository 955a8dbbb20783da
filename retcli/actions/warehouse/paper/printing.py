"""Gives a file of labels to a printer by the system's own command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from retcli.errors import Refused
from retcli.language import _
from retcli.views.warehouse.labels import LabelsView

_PATIENCE = 60
"""Seconds that the system's command may take to accept a file."""


def printed(view: LabelsView, printer: str) -> LabelsView:
    """Prints a file of labels on a printer ("" for the computer's own). Raises Refused where it cannot; the file stays
    in any case.
    """
    if sys.platform == "win32":
        _by_the_shell(view, printer)
    else:
        _by_command(view.file, _command(view, printer))
    return replace(view, printer=printer)


def _command(view: LabelsView, printer: str) -> list[str]:
    """The words by which a file is printed here: a label printer gets its bytes as they are, a PDF is not scaled."""
    path = str(view.file.absolute())
    raw = view.format == "tspl"
    if lp := shutil.which("lp"):
        return [lp, *(["-d", printer] if printer else []), "-o", "raw" if raw else "print-scaling=none", path]
    if lpr := shutil.which("lpr"):
        return [lpr, *(["-P", printer] if printer else []), *(["-l"] if raw else []), path]
    message = _("Written to {file}, but not printed: this computer has no printing command (lp, lpr)")
    raise Refused(message.format(file=view.file), _("Install CUPS, or open the file and print it from there"))


def _by_command(file: Path, words: Sequence[str]) -> None:
    try:
        ended = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False)
        said = ended.stderr.strip() or ended.stdout.strip() or str(ended.returncode)
        done = ended.returncode == 0
    except (OSError, subprocess.TimeoutExpired) as failed:
        said, done = str(failed), False
    if not done:
        message = _("Written to {file}, but not printed: {why}")
        raise Refused(message.format(file=file, why=said), _("Which printers there are: lpstat -p"))


def _by_the_shell(view: LabelsView, printer: str) -> None:
    """Prints by the program that Windows opens such files with."""
    if view.format == "tspl" or printer:
        message = _("Written to {file}, but not printed: Windows prints a PDF on its default printer only")
        hint = _("Share the label printer, then: copy /b {file} {printer}")
        share = rf"\\localhost\{printer or 'LABEL'}"
        raise Refused(message.format(file=view.file), hint.format(file=view.file, printer=share))
    try:
        os.startfile(view.file.absolute(), "print")  # type: ignore[attr-defined,unused-ignore]
    except OSError as failed:
        message = _("Written to {file}, but not printed: {why}")
        hint = _("Open the file and print it from there")
        raise Refused(message.format(file=view.file, why=failed.strerror or str(failed)), hint) from failed
