"""Whether the command that a case names as its next step works as it stands, in every state that a case comes to, and
whether what a refusal names works.
"""

import json
import re
import shlex
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.case_view import view_of
from retcli.models import Case
from retcli.rules.lifecycles import Filing
from retcli.transaction import opened
from retcli.views.casefile.cases import CaseView
from retcli.views.casefile.findings import commands_of
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
    "NAME": OWNER,
    "RUNG": "explain",
    "N": "3",
}
"""What only a person knows, and some word for it."""
NOT_TRIED = frozenset({"CASE", "ORDER", "PAYOUT", "QUESTION", "FILE", "--reveal"})
"""What stands in a hint where nobody said which one is meant, and what leaves an event though it has no trial."""
READ = (
    "today",
    "platform todo",
    "parcel list",
    "parcel deliveries",
    "parcel film",
    "parcel unclaimed",
    "case list",
    "case explain",
    "staff list",
    "pick list",
    "stock show",
    "stock moves",
    "policy check",
    "policy history",
    "case show",
    "order find",
    "order show",
    "pay list",
    "imports questions",
    "imports waiting",
    "imports list",
)
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

    def look_at_refusal(self, desk: Desk, answer: Answer) -> None:
        """Tries each command that a refusal names, once each."""
        if self.busy or answer.code not in {2, 3, 4, 5}:
            return
        self.busy = True
        try:
            for command in commands(hint_of(answer)):
                if (answer.code, command) not in self.tried and not NOT_TRIED.intersection(command.split()):
                    self.tried.add((answer.code, command))
                    tried = run(desk, command)
                    second_slip = {4, 5} if answer.code == 2 else set()  # what was typed names nothing there, besides
                    if answer.code == 2 and "names several" in f"{answer.out}{answer.err}":
                        second_slip |= {2}  # which one is meant is settled: another word may be wrong still
                    for _obstacle in range(3):  # what was typed may be wrong in several ways, each told with its own
                        if tried.code not in {2, 5} or not (further := commands(hint_of(tried))):
                            break
                        tried = run(desk, further[0])
                    assert tried.code in {0, 3} | second_slip, (answer, command, tried)
                    assert tried.code != 2 or "names several" not in tried.out, (answer, command, tried)
        finally:
            self.busy = False

    @staticmethod
    def _newest(desk: Desk) -> int:
        if not desk.books.value("SELECT COUNT(*) FROM sqlite_master WHERE name = 'events'"):
            return 0
        return int(desk.books.value("SELECT COALESCE(MAX(seq), 0) FROM events"))

    @staticmethod
    def _try(desk: Desk, case: CaseView) -> None:
        for command in [*case.next.splitlines(), *_of_findings(case)]:
            answer = run(desk, command)
            assert answer.code in {0, 3}, (case.number, case.stage, command, answer)
            if command == "retcli platform todo":
                assert case.number in answer.out, (case.number, "has nothing to click", _state(case))


def _of_findings(case: CaseView) -> list[str]:
    """The commands under the findings of a case."""
    return [command for finding in case.judgement.findings for command in commands_of(finding)]


def hint_of(answer: Answer) -> str:
    """The way out that a refusal names; empty where it names none."""
    if answer.out.startswith('{"error"'):
        return str(json.loads(answer.out)["error"]["hint"])
    return "\n".join(line for line in answer.err.splitlines() if line.startswith("Try: "))


def commands(hint: str) -> list[str]:
    """The commands that stand in a hint, each to the end of its clause; none where that is inside quotation marks."""
    ends = r"[，。；;)\n]|: |, | or | and |$"
    found = [text.strip() for text in re.findall(rf"retcli .*?(?={ends})", hint)]
    return [command for command in found if command.count("'") % 2 == 0 and command.count('"') % 2 == 0]


def run(desk: Desk, command: str) -> Answer:
    """A printed command as it stands, with what only a person knows filled in, as a trial where it would change
    something; by the manager where it takes a second person.
    """
    words = _without_globals(shlex.split(command))
    assert words.pop(0) == "retcli", command
    path = " ".join(words[:2])
    words = [FILLED.get(word, word.replace(":GRADE", ":A")) for word in words]
    if any(word.endswith("=TARGET") for word in words):
        goods = desk.books.value("SELECT MAX(sku) FROM products") or FILLED["SKU"]
        words = [word.replace("=TARGET", f"={goods}") for word in words]
    if words[0] == "import":
        return Answer(0, "", "")
    if words == ["scan"]:
        return desk.type("scan", "-", by=OWNER)
    if path in READ or words[-1] == "--help":
        return desk.type("--json", *words, by=OWNER)
    answer = desk.type("--json", *words, "--dry-run", by=OWNER)
    if "There is no option --dry-run" in answer.out:
        return Answer(0, "", "")
    again = answer.code == 5 and "their own payout" in answer.out
    return desk.type("--json", *words, "--dry-run", by=MANAGER) if again else answer


def _without_globals(words: list[str]) -> list[str]:
    """The command without the books and the operator, which the desk names itself."""
    for name in ("--db", "--operator"):
        while name in words:
            del words[words.index(name) : words.index(name) + 2]
    return words


def _open(desk: Desk) -> list[CaseView]:
    with opened(desk.books.asked(), writes=False) as shop:
        query = sa.select(Case).where(col(Case.filing) == Filing.OPEN).order_by(col(Case.id))
        return [view_of(shop, case) for case in shop.session.scalars(query)]


def _state(case: CaseView) -> tuple[object, ...]:
    """Where a case stands on all of its axes, and the next step without its numbers."""
    stand = case.standing
    axes = (case.kind, case.decision, case.stage, stand.goods, case.money, stand.replacement, stand.platform_action)
    payouts = tuple((p.kind, p.method, p.state) for p in case.payouts)
    command = "".join(sign for sign in case.next if not sign.isdigit())
    offers = tuple((offer.rung, offer.state) for offer in case.offers)
    return (*axes, payouts, offers, command)
