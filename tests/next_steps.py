"""Whether the command that a case names as its next step works as it stands, in every state that a case comes to."""

import shlex
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.standing import view_of
from retcli.models import Case
from retcli.rules.lifecycles import Filing
from retcli.shop import opened
from retcli.views.cases import CaseView
from tests.shopfloor import MANAGER, OWNER
from tests.terminal import Answer, Desk

FILLED = {
    "TEXT": "说好的",
    "WAYBILL": "SF1888888888888",
    "WAY": "phone",
    "RESULT": "reached",
    "KIND": "return",
    "AMOUNT": "5.00",
    "SKU": "TS-NEW",
}
"""What only a person knows, and some word for it."""
READ = ("platform todo", "case show", "order show", "pay list", "imports questions")
"""Commands that change nothing, and so have no trial."""


@dataclass
class NextSteps:
    """The next steps of the cases of some books, each tried once for every state; nothing is saved by a trial."""

    tried: set[tuple[object, ...]] = field(default_factory=set)
    seen: int = 0
    busy: bool = False

    def look(self, desk: Desk) -> None:
        """Tries what the open cases name, wherever one is in a state that was not tried yet."""
        if self.busy or self.seen == (newest := self._newest(desk)):
            return
        self.busy, self.seen = True, newest
        try:
            for case in _open(desk):
                if (state := _state(case)) not in self.tried:
                    self.tried.add(state)
                    self._try(desk, case)
        finally:
            self.busy = False

    @staticmethod
    def _newest(desk: Desk) -> int:
        if not desk.books.value("SELECT COUNT(*) FROM sqlite_master WHERE name = 'events'"):
            return 0
        return int(desk.books.value("SELECT COALESCE(MAX(seq), 0) FROM events"))

    @staticmethod
    def _try(desk: Desk, case: CaseView) -> None:
        for command in filter(None, case.next_step.split(" / ")):
            answer = run(desk, command)
            assert answer.code in {0, 3}, (case.number, case.stage, command, answer)
            if command == "retcli platform todo":
                assert case.number in answer.out, (case.number, "has nothing to click", _state(case))


def run(desk: Desk, command: str) -> Answer:
    """A printed command as it stands, with what only a person knows filled in, as a trial where it would change
    something; by the manager where it takes a second person.
    """
    words = shlex.split(command)
    assert words.pop(0) == "retcli", command
    path = " ".join(words[:2])
    words = [FILLED.get(word, word.replace(":GRADE", ":A")) for word in words]
    if words[0] == "import":
        return Answer(0, "", "")
    if words == ["scan"]:
        return desk.type("scan", "-", by=OWNER)
    if path in READ:
        return desk.type("--json", *words, by=OWNER)
    answer = desk.type("--json", *words, "--dry-run", by=OWNER)
    again = answer.code == 5 and "their own payout" in answer.out
    return desk.type("--json", *words, "--dry-run", by=MANAGER) if again else answer


def _open(desk: Desk) -> list[CaseView]:
    with opened(desk.books.asked(), writes=False) as shop:
        query = sa.select(Case).where(col(Case.filing) == Filing.OPEN).order_by(col(Case.id))
        return [view_of(shop, case) for case in shop.session.scalars(query)]


def _state(case: CaseView) -> tuple[object, ...]:
    """Where a case stands on all of its axes, and the next step without its numbers."""
    axes = (case.kind, case.decision, case.stage, case.goods, case.money_axis, case.replacement, case.platform_action)
    payouts = tuple((p["kind"], p["method"], p["state"]) for p in case.payouts)
    command = "".join(sign for sign in case.next_step if not sign.isdigit())
    offers = tuple((offer["rung"], offer["state"]) for offer in case.offers)
    return (*axes, payouts, offers, command)
