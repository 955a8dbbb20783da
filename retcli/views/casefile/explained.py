"""The view that explains a case: why this verdict, and how its amount came about."""

from dataclasses import dataclass
from typing import Any

from retcli.language import _
from retcli.rules.casefile.verdict import Judgement
from retcli.rules.money.minor_units import Money
from retcli.views.base import Screen, View, pairs
from retcli.views.casefile.case_money import CaseMoney
from retcli.views.casefile.decided import AgreedBefore, Decided, Fixed
from retcli.views.casefile.findings import Judged, draw_amount, finding_lines, step_document
from retcli.words import word


@dataclass(frozen=True)
class ExplainView(Judged, View):
    """The findings on a case, the derivation of its amount, and how far its money has come."""

    KEYS = ("case", "policy", "verdict", "findings", "**so_far", "amount", "agreed_before")

    case: str
    judgement: Judgement
    currency: str
    so_far: CaseMoney
    fixed: Fixed | None = None
    decided: Decided | None = None
    policy: str = ""
    agreed_before: AgreedBefore | None = None

    @property
    def amount(self) -> dict[str, Any]:
        """What is due, what the buyer owes, and the steps of the derivation, for the document."""
        amount = self.judgement.amount
        due, collect = Money(amount.due, self.currency), Money(amount.collect, self.currency)
        return {"due": due, "collect": collect, "steps": [step_document(step, self.currency) for step in amount.steps]}

    def draw(self, screen: Screen) -> None:
        """Shows the findings with their articles, then the derivation."""
        verdict = word(self.judgement.verdict)
        screen.line(_("Case {number}: {verdict}").format(number=self.case, verdict=verdict), "bold")
        for finding in self.judgement.findings:
            for line in finding_lines(finding):
                screen.line("  " + line)
        draw_amount(screen, self.judgement.amount, self.currency)
        if self.decided and self.decided.against:
            screen.line(_("Decided: {ours}").format(ours=self.decided.sentence()))
        elif self.fixed:
            for line in self.fixed.lines():
                screen.line(line)
        elif self.agreed_before:
            screen.line(self.agreed_before.sentence())
        pairs(screen, [(_("Money"), self.so_far.sentence()), (_("Beside"), self.so_far.beside_sentence())])
        screen.line(_("Judged by the rules {version}").format(version=self.policy))
