"""Who may begin a piece of work on the books: by the role that a command is for, and by the computer's clock."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from retcli.errors import Refused
from retcli.language import _, series
from retcli.rules.events import SKEW
from retcli.rules.lifecycles import Role
from retcli.rules.roles import COMMANDS, may_use
from retcli.settings import Asked
from retcli.views.base import when
from retcli.words import word

_told_of_the_clock: set[str] = set()


class LastEntry(NamedTuple):
    """When the last event of the books was written (ISO text, "" for none), and whether under a set clock."""

    at: str = ""
    rehearsal: bool = False


def by_role(asked: Asked, role: Role) -> None:
    """Raises Refused where the command that was asked for is not for a role (`rules.roles.COMMANDS`)."""
    if may_use(asked.command, role):
        return
    message = _("{who} ({role}) may not use: retcli {command}")
    roles = series(word(each) for each in Role if each in COMMANDS.get(asked.command, frozenset()))
    text = message.format(who=asked.operator, role=word(role), command=asked.command)
    raise Refused(text, _("It is for: {roles}").format(roles=roles))


def by_clock(session: Session, asked: Asked, role: Role, now: datetime, last: LastEntry) -> None:
    """Raises Refused for a clock that was set by hand (RETCLI_NOW) in a shop's books, unless the owner works under it.
    Remarks once in a process on the owner's set clock, and on a real one that is behind the `last` entry.
    """
    if asked.rehearsed_at is not None:
        # books founded under a set clock, such as the demo's, are a rehearsal throughout: anybody may set it there
        founded = session.scalar(sa.text("SELECT rehearsal FROM events WHERE seq = 1"))
        if not founded and role != Role.OWNER:
            message = _("RETCLI_NOW sets the clock by hand: in a shop's books only the owner may work under it")
            raise Refused(message, _("Unset RETCLI_NOW; for rehearsals there is: retcli demo"))
        if not founded and asked.database not in _told_of_the_clock:
            _told_of_the_clock.add(asked.database)
            text = _("RETCLI_NOW sets the clock of a shop's books to {now}: that will stand in their history for ever")
            asked.remark(text.format(now=when(now)))
        return
    if asked.database in _told_of_the_clock:
        return
    # an entry under a set clock tells nothing of this one; SKEW, since the clocks of two computers never agree
    if last.at and not last.rehearsal and datetime.fromisoformat(last.at) - now > SKEW:
        _told_of_the_clock.add(asked.database)
        text = _("This computer's clock says {now}, but the last entry of the books is of {at}: set the clock")
        asked.remark(text.format(now=when(now), at=when(datetime.fromisoformat(last.at))))
