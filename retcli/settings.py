"""The settings of one call, from its options, the environment and the user's file: which books, which language, who is
working, what time it is.
"""

import getpass
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retcli.errors import WrongCommand
from retcli.language import CHINESE, _, named

COPIES_KEPT = 14
"""Copies of the books that are kept where the settings name no number."""


def _silent(_text: str) -> None:
    return


def _unseen(_name: str, _done: int, _total: int | None) -> None:
    return


@dataclass(frozen=True)
class Asked:
    """The global options of one call: where the books lie, who works, how to answer; `remark` tells people something
    beside the answer, `progress` how far a long piece of work has come (its name, rows done, rows in all if known).
    Books that are not there are made where it `founds` them. `command` is the path of the command that asks, such as
    ``case show``; without one every role may. `by_account`: nobody said who works, `operator` is the computer's
    account.
    """

    database: str
    operator: str
    as_json: bool = False
    quiet: bool = False
    rehearsed_at: datetime | None = None
    remark: Callable[[str], None] = field(default=_silent, compare=False)
    progress: Callable[[str, int, int | None], None] = field(default=_unseen, compare=False)
    founds: bool = True
    command: str = ""
    by_account: bool = False

    def now(self) -> datetime:
        """The present instant in UTC, or the one set for a rehearsal."""
        return self.rehearsed_at or datetime.now(UTC)


def asked(
    database: str | None,
    operator: str | None,
    *,
    as_json: bool = False,
    quiet: bool = False,
    remark: Callable[[str], None] = _silent,
) -> Asked:
    """The call's options, filled from the environment and the user's settings file."""
    saved = user_settings()
    place = _place_of_books(database or os.environ.get("RETCLI_DB") or saved.get("database") or default_database())
    who = operator or os.environ.get("RETCLI_OPERATOR") or saved.get("operator")
    at = rehearsal(os.environ.get("RETCLI_NOW"))
    return Asked(str(place), str(who or _login()), as_json, quiet, at, remark, by_account=not who)


_PASSWORD = re.compile(r"((?:[A-Za-z][\w+.-]*:/{1,3}|postgres(?:ql)?(?:\+\w+)?:)[^\s:/@'\"]*):[^\s/'\"]*(?=@)")
_PASSWORD_OPTION = re.compile(r"(?<=[?&\s]password=)[^\s&'\"]+")
HIDDEN = "***"


def without_passwords(text: str) -> str:
    """A text with the password of every database address in it replaced by ``***``."""
    # asked of all that is printed, of which hardly anything holds an address
    if "@" not in text and "password=" not in text:
        return text
    return _PASSWORD_OPTION.sub(HIDDEN, _PASSWORD.sub(rf"\1:{HIDDEN}", text))


def _place_of_books(written: object) -> str:
    """Where books lie. Raises WrongCommand for what is neither the path of a file nor an address of a server."""
    place = str(written)
    looks_like_address = re.match(r"(?i)[a-z][a-z0-9+.-]+:/|(?:postgres|postgresql|sqlite|mysql|file):", place)
    if place.startswith(":memory:") or (looks_like_address and "://" not in place) or "\0" in place:
        message = _("Books cannot lie at {place}").format(place=place)
        raise WrongCommand(message, _("Use a path or postgresql://…"))
    return place


def rehearsal(written: str | None) -> datetime | None:
    """The instant that RETCLI_NOW sets, in UTC; it must carry its offset."""
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        message = _("RETCLI_NOW is not an instant with an offset: {text}").format(text=written)
        raise WrongCommand(message, "RETCLI_NOW=2026-11-21T10:00:00+08:00")
    return at.astimezone(UTC)


def user_settings() -> dict[str, Any]:
    """What the user's settings file says (language, operator, database); empty without one."""
    path = settings_file()
    if not path.is_file():
        return {}
    import tomllib

    from retcli.toml_files import told

    try:
        # editors of Windows put a mark (BOM) before UTF-8
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        message = _("The settings file cannot be read: {why}").format(why=told(broken))
        raise WrongCommand(message, _("Mend or delete it"), file=path) from broken


def remember_operator(name: str, instead_of: str = "") -> None:
    """Writes into the user's settings file who works here. A name that stands there already stays, unless it is
    `instead_of`, the one that somebody had before. Raises OSError.
    """
    saved = user_settings().get("operator")
    if saved and saved != instead_of:
        return
    path = settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    others = [line for line in written.splitlines(keepends=True) if not re.match(r"operator\s*=", line)]
    # at the top: behind a table such as [backup] the line would be one of that table
    path.write_text(f"operator = {json.dumps(name, ensure_ascii=False)}\n{''.join(others)}", encoding="utf-8")


@dataclass(frozen=True)
class Backups:
    """Where copies of the books go after every import that changed something (None: nowhere), how many are kept."""

    folder: Path | None = None
    keep: int = COPIES_KEPT


def backups() -> Backups:
    """What the user's settings file says under ``[backup]``: ``folder``, an absolute path, and ``keep``.

    Raises WrongCommand for any other kind of value there.
    """
    section = user_settings().get("backup", {})
    folder, keep = None, 0
    if isinstance(section, dict):
        folder, keep = section.get("folder", ""), section.get("keep", COPIES_KEPT)
    place = Path(folder).expanduser() if isinstance(folder, str) else Path()
    # not isinstance: true would pass for a number
    if type(keep) is not int or keep < 1 or not (folder == "" or place.is_absolute()):
        message = _("The settings file says something about backups that cannot be: {text}").format(text=section)
        raise WrongCommand(message, '[backup] folder = "/mnt/usb/retcli", keep = 14', file=settings_file())
    return Backups(nameable(place) if folder else None, keep)


def label_font() -> Path | None:
    """The font file that the user's settings file names for labels (``[label] font``); None for none. Raises
    WrongCommand for what cannot be one.
    """
    section = user_settings().get("label", {})
    font = section.get("font", "") if isinstance(section, dict) else None
    if not isinstance(font, str):
        message = _("The settings file says something about labels that cannot be: {text}").format(text=section)
        raise WrongCommand(message, '[label] font = "/usr/share/fonts/chinese.ttf"', file=settings_file())
    return nameable(Path(font).expanduser()) if font else None


def nameable(path: Path) -> Path:
    """A path with the letters that a new name needs under a bare C locale, which only knows their bytes; any other path
    stays as it is.
    """
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return Path(os.fsdecode(str(path).encode()))
    return path


def settings_file() -> Path:
    """Where the user's settings lie."""
    import platformdirs

    return Path(platformdirs.user_config_dir("retcli", appauthor=False)) / "settings.toml"


def default_database() -> Path:
    """Where the books lie when nobody says otherwise."""
    import platformdirs

    return Path(platformdirs.user_data_dir("retcli", appauthor=False)) / "retcli.db"


def language(wish: str | None, environment: Mapping[str, str]) -> str:
    """The language of the answer, the first that is named by: option, RETCLI_LANG, settings file, locale (C and POSIX
    count as unset); else Chinese.
    """
    for candidate in (wish, environment.get("RETCLI_LANG")):
        if name := named(candidate):
            return name
    try:
        saved = named(str(user_settings().get("language", "")))
    except WrongCommand:  # a broken settings file is told once the language is known, and not by its choice
        saved = None
    locale = (environment.get(variable) for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return saved or next((name for wish in locale if (name := named(wish))), None) or CHINESE


def fixtures() -> Path:
    """The folder of the packaged example exports, in an installed wheel or in a checkout."""
    packaged = Path(__file__).parent / "fixtures" / "exports"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "fixtures" / "exports"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "owner"
