"""The filing of a case: finished once nothing of it is open, opened again where something is, and what is refused on a
finished one.
"""

from retcli.actions.casefile.axes import axes_of
from retcli.actions.casefile.next_steps import payout_step
from retcli.actions.casefile.payable import failed_there, off_route, overdrawn
from retcli.actions.casefile.records import offer_records
from retcli.actions.casefile.records.clicked_payouts import by_click, failing
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.entitlements import draw_lacking, draw_units, release, sent_again
from retcli.actions.casefile.records.one_case import payouts_of
from retcli.errors import Refused
from retcli.language import _, series
from retcli.models import Case, Order, Payout
from retcli.rules.casefile import stages
from retcli.rules.casefile.stages import UNSETTLED
from retcli.rules.lifecycles import FILING, GOING_OUT, Decision, Filing
from retcli.shellwords import either
from retcli.shop import Shop
from retcli.words import word


def refuse_finished(case: Case, then: str = "") -> None:
    """Raises Refused for a finished case: what began on it now would be open without anybody seeing it. `then` is the
    command to type once it is open again.
    """
    if case.filing == Filing.FINISHED:
        message, reopen = _("{case} is finished").format(case=case.number), f"retcli case reopen {case.number}"
        hint = _("{first}, then {second}").format(first=reopen, second=then) if then else reopen
        raise Refused(message, hint, case=case.number)


def open_again(shop: Shop, case: Case) -> None:
    """Opens a finished case again; where goods are to be sent and did not leave yet, its pieces are drawn again."""
    shop.move(case, case.number, FILING, "reopen", finished_at=None)
    if case.decision == Decision.APPROVED and case.kind in GOING_OUT and not sent_again(shop, case):
        draw_units(shop, case, shop.session.get_one(Order, case.order_id))


def open_if_undone(shop: Shop, case: Case) -> None:
    """Opens a finished case again where something of it is open once more."""
    if case.filing == Filing.FINISHED and stages.still_open(axes_of(shop, case)):
        open_again(shop, case)


def refuse_unsettled(shop: Shop, case: Case) -> None:
    """Raises Refused where payouts of a case are not settled: money that was let go is called off or followed to its
    end before the case is finished.
    """
    unsettled = [payout for payout in payouts_of(shop, case) if payout.state in UNSETTLED]
    if unsettled:
        named = series(f"{payout.number} {word(payout.state, 'payout')}" for payout in unsettled)
        message = _("Money was let go for {case} and is given up with its payout only: {payouts}")
        hint = _called_off(shop, case, unsettled[0])
        raise Refused(message.format(case=case.number, payouts=named), hint, case=case.number)


def _called_off(shop: Shop, case: Case, payout: Payout) -> str:
    """The commands that end a payout which is not settled: the one that calls it off, and its next step."""
    clicked = dossier_of(shop, case).clicked
    fail = failing(payout, clicked, disproved=failed_there(shop, case, payout))
    step = payout_step(payout, clicked=by_click(payout, clicked))
    if fail in step:
        return step
    if by_click(payout, clicked):  # first what the platform says of it
        return either(step, fail)
    return fail if off_route(case, payout) or overdrawn(shop, payout) else either(fail, step)


def close(shop: Shop, case: Case) -> None:
    """Marks a case as finished. Pieces that were replaced are given back to the line: they are the buyer's again, and
    may be returned another time.
    """
    offer_records.lapse(shop, case)
    shop.move(case, case.number, FILING, "finish", finished_at=shop.now)
    if case.decision == Decision.APPROVED and case.kind in GOING_OUT:
        release(shop, case, units_only=True)
    draw_lacking(shop, case)


def finish_if_done(shop: Shop, case: Case) -> None:
    """Finishes a case by itself once nothing is open."""
    if case.filing == Filing.OPEN and not stages.still_open(axes_of(shop, case)):
        close(shop, case)
