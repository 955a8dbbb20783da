"""`retcli` without a command: the day in three lines; on a terminal without books the first day, with its questions;
help everywhere else.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from retcli import actions, settings
from retcli.commands.asked_name import answer, name_asked
from retcli.commands.asking import look
from retcli.errors import WrongCommand
from retcli.language import _, series
from retcli.rules.names import PLATFORMS, near_platform, platform_of, platforms_in
from retcli.settings import Asked
from retcli.views.base import Stream, View
from retcli.views.shop.first_day import Greeting, HowToExport, NothingThere, PlatformChoice
from retcli.words import platform_word

if TYPE_CHECKING:
    from retcli.views.insight.today import TodayView


def alone(context: typer.Context, *, as_json: bool) -> View | Stream | None:
    """The answer to a call without a command; None where help was printed. Raises WrongCommand where a JSON document is
    wanted.
    """
    call: Asked = context.obj
    if as_json:
        raise WrongCommand(_("No command was given"), "retcli --help")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        typer.echo(context.get_help())
        return None
    from retcli.opening import stand_at

    if stand_at(call.database):
        from retcli.views.insight.brief_day import BriefDay

        return BriefDay(cast("TodayView", look(context, actions.insight.today.today)))
    return Stream(_first_day(context, replace(call, founds=True)))


def _first_day(context: typer.Context, call: Asked) -> Iterator[View]:
    """The screens of the first day: three questions, how to export from each platform, the import of the files that lie
    in the folder, and the day's list.
    """
    # no books are founded before the last question is answered: Ctrl-C leaves nothing behind
    yield Greeting(call.database)
    named = name_asked(call, _("1. Your name, as the history is to tell it"), remember=False)
    yield PlatformChoice()
    platforms = _platforms()
    folder = answer(_("3. The folder where your downloads go"), str(_downloads()), _folder)
    settings.remember_operator(named.operator)
    context.obj = call = named
    yield HowToExport(platforms, folder)
    if any(folder.iterdir()):
        imported = actions.imports.intake.take_in(call, [folder], patient=True)
        yield imported.before_the_day()
        yield look(context, actions.insight.today.today)
        yield look(context, actions.insight.exports.onward, folder)
    else:
        from retcli.opening import prepare

        prepare(call)
        yield NothingThere(folder)


def _platforms() -> tuple[str, ...]:
    """The codes of the platforms that a person names, each once. What was understood is kept while a word that was not
    is asked about again.
    """
    chosen: list[str] = []
    text = str(typer.prompt(_("2. Where you sell: numbers or names, with blanks between"), default="1", err=True))
    while True:
        meant = {word: code or _confirmed(word) for word, code in platforms_in(text).items()}
        chosen += filter(None, meant.values())
        unknown = [word for word, code in meant.items() if not code]
        if chosen and not unknown:
            return tuple(dict.fromkeys(chosen))
        if unknown:
            typer.echo(_("{text} is no platform of the list").format(text=series(unknown)), err=True)
        if chosen:
            taken = series(map(platform_word, dict.fromkeys(chosen)))
            typer.echo(_("Taken so far: {platforms}").format(platforms=taken), err=True)
        question = _("Which further ones, by number or name; Enter for none") if chosen else _("A number or a name")
        text = str(typer.prompt(question, default="", err=True, show_default=False))


def _confirmed(word: str) -> str:
    """The code of the platform that comes nearest to a word, where the person says that it is meant; else ""."""
    near = near_platform(word)
    code = platform_of(near) if near else ""
    if code not in PLATFORMS:
        return ""
    question = _("{text}: do you mean {platform}?").format(text=word, platform=platform_word(code))
    return code if typer.confirm(question, default=True, err=True) else ""


def _folder(text: str) -> Path:
    """A folder that is there. Raises WrongCommand where it is not."""
    # a folder that was dragged onto the terminal comes in quotation marks
    folder = settings.nameable(Path(text.strip("\"'")).expanduser())
    if not folder.is_dir():
        raise WrongCommand(_("{path} is no folder").format(path=folder), "")
    return folder


def _downloads() -> Path:
    """The folder into which the system's browsers download, else the current one."""
    import platformdirs

    there = Path(platformdirs.user_downloads_dir())
    return there if there.is_dir() else Path(os.curdir).resolve()
