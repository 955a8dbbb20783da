"""A case's filing: finished once nothing of it is open, and nothing new begins on it afterwards."""

from retcli.actions.casefile import offer_records
from retcli.actions.casefile.case_view import axes_of
from retcli.actions.casefile.entitlements import draw_lacking, release
from retcli.errors import Refused
from retcli.language import _
from retcli.models import Case
from retcli.rules.casefile import stages
from retcli.rules.lifecycles import FILING, GOING_OUT, Decision, Filing
from retcli.shop import Shop


def refuse_finished(case: Case) -> None:
    """Nothing new begins on a finished case: it would be open again without anybody seeing it."""
    if case.filing == Filing.FINISHED:
        message = _("{case} is finished").format(case=case.number)
        raise Refused(message, f"retcli case reopen {case.number}", case=case.number)


def close(shop: Shop, case: Case) -> None:
    """Marks a case finished; pieces that were replaced are the buyer's again and may come back another time."""
    offer_records.lapse(shop, case)
    shop.move(case, case.number, FILING, "finish", finished_at=shop.now)
    if case.decision == Decision.APPROVED and case.kind in GOING_OUT:
        release(shop, case, units_only=True)
    draw_lacking(shop, case)


def finish_if_done(shop: Shop, case: Case) -> None:
    """Finishes a case by itself once nothing is open."""
    if case.filing == Filing.OPEN and not stages.still_open(axes_of(shop, case)):
        close(shop, case)
