"""The short view after an act on a case: what changed, how the case stands, and the next command."""

from collections.abc import Iterator
from dataclasses import dataclass

from retcli.language import _, clauses, mark
from retcli.rules.casefile.findings import Answer
from retcli.rules.lifecycles import GOING_OUT, Decision
from retcli.views.base import Screen, View, draw_next, money_text, pairs
from retcli.views.casefile.cases import CaseView
from retcli.views.casefile.clock_lines import clock_line
from retcli.views.casefile.findings import finding_lines
from retcli.views.casefile.written_beside import Beside
from retcli.words import word

DONE = {
    "open_case": mark("opened"),
    "approve": mark("agreed to"),
    "reject": mark("the wish is refused"),
    "withdraw": mark("withdrawn"),
    "finish": mark("the case is finished"),
    "reopen": mark("taken up again"),
    "change": mark("changed"),
    "assign": mark("given to {owner}"),
    "learn": mark("written down: {about}"),
    "ship": mark("its goods have left"),
    "correct_waybill": mark("its goods left under {about}"),
    "take_sending_back": mark("its goods are still to be sent"),
    "contact": mark("contact: {contact}"),
    "extend": mark("the buyer has {days} days more"),
    "note": mark("noted: {note}"),
    "flag": mark("flag: {flag}"),
    "escalate": mark("in the register: {entry}"),
    "answer": mark("in the register: {entry}"),
    "verdict": mark("in the register: {entry}"),
}
"""The line about what an act did, by the action's name."""
_ENDS = {"finish": "finished", "reject": "rejected", "withdraw": "withdrawn"}
"""The acts that say with their own words at which stage the case stands then."""


_CHANGED = mark("changed: {about}")


@dataclass(frozen=True)
class Acted(View):
    """A case after an act on it; its JSON document is that of the case."""

    KEYS = ("case",)

    case: CaseView
    act: str

    @property
    def exit_code(self) -> int:
        """The exit code of the case."""
        return self.case.exit_code

    def draw(self, screen: Screen) -> None:
        """Shows what was done, how the case stands, what speaks against an undecided one, and the next command."""
        case = self.case
        screen.line(f"{case.number}  {self._done()}", "bold")
        if stands := clauses(self._stands()):
            screen.line("  " + stands)
        if case.decision == Decision.REQUESTED:
            for finding in case.judgement.findings:
                for line in finding_lines(finding) if finding.answer != Answer.YES else ():
                    screen.line("  " + line, "yellow")
        pairs(screen, [(_("Return address"), case.return_address)])
        draw_next(screen, case.next or "retcli today")
        if case.stage == "to_withdraw_there":
            screen.line(case.on_platform.still_open, "yellow")

    def _done(self) -> str:
        """What the act did, with what it was about."""
        case, desk = self.case, self.case.at_the_desk
        beside = case.written_beside or Beside()
        done = _CHANGED if self.act == "change" and case.about else DONE[self.act]
        return _(done).format(
            days=desk.extended_days,
            flag=word(desk.flag or "none"),
            owner=case.owner,
            note=next(reversed(desk.note.splitlines()), ""),
            about=case.about,
            contact=next((line.outcome for line in reversed(beside.contact_log)), ""),
            entry=next((line.sentence() for line in beside.register if line.entry == case.about), ""),
        )

    def _stands(self) -> Iterator[str]:
        """The stage, the goods where they were settled, how far the money has come, and the deadline that counts."""
        case = self.case
        if _ENDS.get(self.act) != case.stage:
            yield _("now {stage}").format(stage=word(case.stage))
        if self.act == "change" or (self.act == "open_case" and case.kind in GOING_OUT):
            yield case.wish
        if self.act in {"approve", "ship"} and case.about:
            yield case.about
        if case.due.minor:
            yield case.so_far.sentence()
        if case.collect.minor:
            yield _("to come from the buyer {amount}").format(amount=money_text(case.collect))
        if case.clock is not None and not case.clock.unverified:
            yield clock_line(case.clock)
