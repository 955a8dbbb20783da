"""Answers a shell that asks what can be typed: candidates on standard output, nothing on any error."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from retcli import language
from retcli.completion import offers, shells, typed_line
from retcli.settings import Asked, asked
from retcli.settings import language as chosen_language


def main() -> None:
    """Answers what the environment asks; prints nothing where there is no answer."""
    try:
        text = reply(os.environ)
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except Exception:
        os._exit(1)  # without the streams, whose closing would complain


def reply(environment: Mapping[str, str]) -> str:
    """The answer to what the environment asks. Raises KeyError for a shell that is not known."""
    tree = offers.read_tree()
    typed = shells.typed_line(environment)
    place = typed_line.place(tree["root"], typed)
    language.use(chosen_language(place.options.get("--lang"), environment))
    return shells.answer(environment, typed, offers.offer(tree, place, _call(place)))


def _call(place: typed_line.Place) -> Asked:
    """Which books are meant and who asks, as the command itself would have it."""
    database = place.options.get("--db")
    if database and "://" not in database:
        database = str(Path(database).expanduser())
    return asked(database, place.options.get("--operator"))
