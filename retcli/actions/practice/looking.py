"""Looks through a practice shop: what of its exercises is done, by the state of the books and not by what was typed."""

import json
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import demo
from retcli.actions.practice import agents, finance, warehouse
from retcli.actions.practice.state import BOOKS_NAME, Rule, State
from retcli.errors import Refused
from retcli.language import _
from retcli.models.books import Event
from retcli.opening import DEMO, stand_at
from retcli.rules.lifecycles import Role
from retcli.settings import Asked
from retcli.shop import BOOKS, Shop
from retcli.transaction import opened
from retcli.views.practice.sheet import Exercise, LookedThrough

OPERATORS = {Role.AGENT: demo.AGENT, Role.WAREHOUSE: demo.WAREHOUSE, Role.FINANCE: "小林"}
"""Who practises, by role."""
RULES: dict[Role, tuple[Rule, ...]] = {
    Role.AGENT: agents.RULES,
    Role.WAREHOUSE: warehouse.RULES,
    Role.FINANCE: finance.RULES,
}
"""The exercises of each role."""


def look(call: Asked, folder: Path | None, *, hints: bool = False) -> LookedThrough:
    """What is done and missing in the practice shop of a folder, else in the books of the call. Raises Refused for
    books that are no practice shop's.
    """
    place = str(folder / BOOKS_NAME) if folder is not None else call.database
    # whoever calls may be on no staff list: looking is the owner's, who is always on it
    asked = replace(call, database=place, operator=demo.OWNER, founds=False, command="")
    if not stand_at(place):
        raise _no_practice(place)
    with opened(asked, writes=False) as shop:
        role = _made_for(shop)
        if role is None:
            raise _no_practice(place)
        exercises = sheet_of(State(shop, Path(place).parent), role, look=True)
    return LookedThrough(role, OPERATORS[role], place, call.now(), exercises, hints=hints)


def sheet_of(state: State, role: Role, *, look: bool = False) -> tuple[Exercise, ...]:
    """The exercises of a role, looked through where that is asked for."""
    return tuple(
        Exercise(number, rule.task, rule.about(state), tuple(rule.missing(state)) if look else None)
        for number, rule in enumerate(RULES[role], 1)
    )


def _made_for(shop: Shop) -> Role | None:
    """The role for which the practice shop was made; None in other books."""
    query = sa.select(col(Event.payload)).where(col(Event.subject) == BOOKS, col(Event.action) == DEMO)
    payload = shop.session.scalar(query)
    role = json.loads(payload).get("practice") if payload else None
    return Role(role) if role else None


def _no_practice(place: str) -> Refused:
    message = _("These are no practice books: {path}").format(path=place)
    hint = _("Copy the lines that begin with {export} into this window first, or name the folder of the practice")
    return Refused(message, hint.format(export="RETCLI_DB") + "\nretcli demo --practice agent")
