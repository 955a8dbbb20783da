"""Founds empty books, for who does not begin with an import."""

from retcli.database import engine
from retcli.errors import Refused
from retcli.language import _
from retcli.opening import prepare, stand_at
from retcli.settings import Asked
from retcli.views.base import Said


def init(asked: Asked) -> Said:
    """Makes empty books, owned by whoever makes them. Raises Refused where books stand there already."""
    with engine.storage_errors(asked.database):
        if stand_at(asked.database):
            message = _("Books stand there already: {path}").format(path=asked.database)
            raise Refused(message, _("Name another place with --db or RETCLI_DB"))
        prepare(asked)
    text = _("Books were made at {path}; {who} is their owner").format(path=asked.database, who=asked.operator)
    return Said(text, {"database": asked.database, "owner": asked.operator})
