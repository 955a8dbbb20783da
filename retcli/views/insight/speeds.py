"""The view of how fast the shop is: each step with median, slowest tenth and target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from retcli.language import _, headed, mark, series
from retcli.rules.insight.speed import Speed
from retcli.views.base import Column, Screen, View

STEPS = {
    "reply": mark("first answer"),
    "agreement": mark("decision"),
    "refund": mark("refund after the goods came"),
    "refund_before_goods": mark("refunded before the goods came"),
    "back_on_shelf": mark("inspected after it came"),
    "whole_case": mark("from application to finish"),
}
DEFINITIONS = {
    "reply": mark("from the application to the first thing a person did on the case; one without any is missed"),
    "agreement": mark("from the application to a person's approval or refusal"),
    "refund": mark("from the goods' arrival, without goods from the decision, to the money's arrival"),
    "refund_before_goods": mark("money that went ahead of the goods, or whose goods never came: no time is counted"),
    "back_on_shelf": mark("from the scan at the door to the last inspection"),
    "whole_case": mark("from the application to the end"),
}

DECIDED = {"person": mark("people"), "rule": mark("a rule"), "platform": mark("the platform")}
"""Who decided a case."""


@dataclass(frozen=True)
class SpeedsView(View):
    """The speed of each step, over the cases of a period."""

    KEYS = ("since", "until", "rows", "definitions", "decided")

    since: date
    until: date
    speeds: tuple[Speed, ...]
    decided_by: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The steps for the document; times are hours with one decimal, as text."""
        return [
            {
                "step": each.name,
                "cases": each.cases,
                "median_hours": _hours(each.median),
                "slow_hours": _hours(each.slow),
                "target_hours": _hours(each.target),
                "kept": each.kept,
                "missed": each.missed,
            }
            for each in self.speeds
        ]

    @property
    def definitions(self) -> dict[str, str]:
        """What each step measures, in the reader's language."""
        return {name: _(text) for name, text in DEFINITIONS.items()}

    @property
    def decided(self) -> dict[str, int]:
        """How many cases were decided by people, by rules and by the platform."""
        return {kind: self.decided_by.get(kind, 0) for kind in DECIDED}

    def draw(self, screen: Screen) -> None:
        """Shows a row for each step, then what each measures."""
        columns = [Column(_("Step")), Column(_("Cases"), "count"), Column(_("Half within"), "count")]
        columns += [
            Column(_("Nine of ten within"), "count"),
            Column(_("Target"), "count", spare=True),
            Column(_("Kept"), "count"),
        ]
        screen.table(columns, [_row(each) for each in self.speeds])
        counts = series(f"{_(name)} {self.decided[kind]}" for kind, name in DECIDED.items())
        screen.line(_("Decided by: {counts}").format(counts=counts))
        for step in self.speeds:
            if step.missed:
                text = _("{step}: {n} cases more had none within the target: retcli case review")
                screen.line(text.format(step=_(STEPS[step.name]), n=step.missed), "yellow")
        for name, text in DEFINITIONS.items():
            screen.line("  " + headed(_(STEPS[name]), _(text)))


def _hours(length: timedelta | None) -> str | None:
    """A length of time in hours with one decimal, as text; None for none."""
    return None if length is None else f"{length / timedelta(hours=1):.1f}"


def _in_words(length: timedelta | None) -> str:
    """A length of time for people: in hours, from three days on in days; a dash for none."""
    if length is None:
        return "-"
    if length < timedelta(hours=72):
        return _("{n} h").format(n=f"{length / timedelta(hours=1):.1f}")
    return _("{n} d").format(n=f"{length / timedelta(days=1):.1f}")


def _row(each: Speed) -> Sequence[str]:
    """The cells of a step in the table."""
    reached = each.cases + each.missed
    kept = f"{100 * each.kept // reached}%" if reached and each.target is not None else "-"
    times = (_in_words(each.median), _in_words(each.slow), _in_words(each.target))
    return (_(STEPS[each.name]), str(each.cases), *times, kept)
