"""What a person must look at before a case is approved: asked at a terminal, at whichever door it is approved."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from retcli.language import _

if TYPE_CHECKING:
    from retcli.rules.casefile.verdict import Judgement


def to_look_at(judgement: "Judgement", *, amount_asked: bool, waived: Collection[str] = ()) -> list[str]:
    """The lines that tell what a person must look at first; none where nothing asks for one, but that the amount is not
    named yet, which is asked anyway (`amount_asked`), or what is `waived` with the approval.
    """
    from retcli.rules.casefile.findings import Answer
    from retcli.views.casefile.findings import finding_lines

    wanted = [each for each in judgement.findings if each.answer == Answer.PERSON and not each.waived_by]
    wanted = [each for each in wanted if each.rule not in waived and not (amount_asked and each.rule == "money")]
    lines = [line for finding in wanted for line in finding_lines(finding)]
    return [_("A person must look at it first:"), *lines] if lines else []
