"""Opens cases by hand, decides them, finishes and reopens them, and sends their goods."""

from collections.abc import Mapping, Sequence
from typing import Any

from retcli.actions.casefile import lookup
from retcli.actions.casefile.axes import axes_of
from retcli.actions.casefile.case_view import view_of
from retcli.actions.casefile.filing import close, open_again, refuse_finished, refuse_unsettled
from retcli.actions.casefile.judgement import judgement_of
from retcli.actions.casefile.records import acts
from retcli.actions.casefile.records.dossiers import dossier_of
from retcli.actions.casefile.records.entitlements import draw_units, give_up_rest
from retcli.actions.casefile.records.one_case import case_lines, replacements_of
from retcli.actions.casefile.records.platform_clicks import ask_click, drop_waiting
from retcli.actions.casefile.waivers import overrule, waive_rules
from retcli.actions.cases.agreement import agree
from retcli.actions.cases.approval_refusals import overrulable, refuse_more, refuse_no
from retcli.actions.cases.undone_decisions import reapply, turn_away
from retcli.actions.orderfile import typed_amounts
from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.pieces import awaited_pieces, held_pieces
from retcli.actions.warehouse.shipments import keeping, leaving
from retcli.actions.warehouse.strangers import labels
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark, series
from retcli.models import Case, CaseLine, Order, OrderLine, Replacement
from retcli.rules.casefile import stages
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import WAIVABLE
from retcli.rules.events import fingerprint
from retcli.rules.lifecycles import (
    COMING_BACK,
    DECISION,
    GOING_OUT,
    MAY_APPROVE_MONEY,
    MAY_DECIDE,
    MAY_SCAN,
    REFUNDING,
    TAKES_NO_PIECES,
    Decision,
    Filing,
    Kind,
    ReplacementState,
)
from retcli.rules.money.amends import excess
from retcli.rules.money.minor_units import Typed
from retcli.rules.money.minor_units import text as money_in_words
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.casefile.cases import CaseView
from retcli.words import word

_DECIDE = mark("decide cases")
_MAY_BE_GIVEN_UP = frozenset({"awaiting_goods", "to_pay", "to_recover", "lost_there"})
"""What of a case may stay open when a manager finishes it with a reason: goods that never came, money never paid out,
or never given back by the buyer.
"""


def open_case(
    shop: Shop,
    order_ref: str,
    *,
    kind: Kind,
    reason: str,
    lines: Sequence[str] = (),
    channel: str = "",
    note: str = "",
    want: Sequence[str] = (),
    amount: int | Typed | None = None,
    parcel: str = "",
) -> CaseView:
    """Opens a case by hand on an order, to which the `parcel` belongs that came without a case, where one is named.

    `lines` are named as ``SKU``, ``SKU=2`` or a line's number (all lines where none is), `want` is what an exchange is
    to bring for them (``SKU=TARGET``, or ``TARGET`` for a single line). `amount`, in the currency of the order, is less
    than the lines are worth, or the price cut asked for. Raises NotFound, WrongCommand, or Overdrawn where other cases
    have the pieces.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    order = lookup.order_of(shop, order_ref)
    case = Case(
        number=shop.number("RC"),
        order_id=order.id or 0,
        platform=order.platform,
        kind=kind,
        decision=Decision.REQUESTED,
        filing=Filing.OPEN,
        reason_stated=reason,
        channel=channel,
        note=note,
        asked=None if amount is None else typed_amounts.in_currency(amount, order.currency),
        owner=shop.operator.name,
        applied_at=shop.now,
        opened_at=shop.now,
        policy=shop.policy_at(shop.now).version,
    )
    pieces = lookup.lines_meant(shop, order, kind, lines, reason=reason)
    if want and kind != Kind.EXCHANGE:
        raise WrongCommand(_("Only an exchange brings other goods"), "--kind exchange --want SKU")
    enter(shop, case, order, pieces, lookup.targets_meant(shop, [line for line, _n in pieces], want))
    parcels.claim_own(shop, case)
    if parcel:
        _bring(shop, case, parcel)
    return shop.shown(view_of, case)


def _bring(shop: Shop, case: Case, ref: str) -> None:
    """Attaches a parcel to a new case. Raises Refused where nothing comes back for it, or the parcel is another's, or
    not here.
    """
    if case.kind not in COMING_BACK | {Kind.REFUND_ONLY}:
        raise Refused(_("Nothing comes back for {case}").format(case=case.number), "--kind return", case=case.number)
    brought = parcels.parcel_of(shop, ref)
    labels.refuse_not_here(brought)
    shop.session.flush()
    if case not in awaited_pieces.cases_of(shop, brought):
        parcels.match(shop, brought.number, case.number)


def enter(
    shop: Shop,
    case: Case,
    order: Order,
    pieces: Sequence[tuple[OrderLine, int]],
    targets: Mapping[int | None, str] | None = None,
) -> None:
    """Writes a new case with its lines into the books and draws its pieces; `targets` are the SKUs that an exchange is
    to bring, by the id of the order line. Raises Overdrawn where other cases have the pieces.
    """
    shop.add(case)
    for order_line, quantity in pieces:
        line = CaseLine(case_id=case.id or 0, line_id=order_line.id or 0, quantity=quantity)
        line.want_sku = (targets or {}).get(order_line.id, "")
        shop.add(line)
    draw_units(shop, case, order)
    facts: dict[str, Any] = {"kind": case.kind, "order": order.number, "reason": case.reason_stated}
    # of a refund that succeeded the list names what was paid, which need not be what the buyer asked for
    if case.asked is not None and case.platform_state != "succeeded":
        facts["asked"] = case.asked
    if targets:
        facts["want"] = {line.number: targets[line.id] for line, _n in pieces if line.id in targets}
    shop.born(case.number, DECISION, case.decision, **facts)


def approve(
    shop: Shop, ref: str, *, amount: int | Typed | None = None, waive: Sequence[str] = (), because: str = ""
) -> CaseView:
    """Approves a case; `amount`, in the currency of its order, fixes less than is due, and `waive` overrules rules with
    the reason `because`. Raises Refused where a rule says no, Overdrawn where nobody may overrule it or more is wanted
    than is due.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    shop.allow(case, case.number, DECISION, "approve")
    parcels.claim_own(shop, case)  # before it is judged: a parcel that came back is a fact of its verdict
    wanted = typed_amounts.of_case(shop, case, amount)
    if waive:
        before = judgement_of(shop, case, asked=wanted)
        beyond = excess(before.findings)
        waive_rules(shop, case, waive, because, WAIVABLE, standing=overrulable(before), beyond=beyond,
                    worth=before.amount.due)  # fmt: skip
    if wanted is not None and case.kind in {Kind.EXCHANGE, Kind.RESEND, Kind.REPAIR}:
        message = _("A case of kind {kind} pays no amount of its own").format(kind=word(case.kind))
        raise Refused(message, case=case.number)
    # held before it is judged: else two approvals on one order would each find its money still open
    order = shop.hold(shop.session.get_one(Order, case.order_id))
    judged = judgement_of(shop, case, asked=wanted)
    refuse_no(shop, case, judged, wanted, waive)
    refuse_more(shop, case, judged, wanted if wanted is not None else case.asked)
    case.asked = wanted if wanted is not None else case.asked
    taken_up = case.decision == Decision.REJECTED
    if taken_up:  # the rejection gave its pieces back
        draw_units(shop, case, order)
        drop_waiting(shop, case, "refuse")
    agree(shop, case, judged.amount, because)
    if taken_up:  # behind it: what came back counts for the case again, and may let its money go
        held_pieces.settle(shop, case)
    else:
        named = wanted is not None
        acts.note(shop, "approve", case.number, case=case, version=case.version, amount_named=named)
    return shop.shown(view_of, case, about=_not_kept(shop, case))


def reject(shop: Shop, ref: str, *, because: str) -> CaseView:
    """Rejects a case, gives back what it drew, and asks for the click that tells the platform. Where every finding says
    yes, the rejection is on record as a waiver of the verdict. Raises WrongCommand without a reason, Refused where
    money or goods are out.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    if not because.strip():
        raise WrongCommand(_("A refusal needs a reason that the buyer can be told"), "--because TEXT")
    if case.decision == Decision.REQUESTED and judgement_of(shop, case).verdict == Answer.YES:
        overrule(shop, case, "verdict", because)
    turn_away(shop, case, "reject", because)
    # behind it, since turning a case away drops every click of it
    if case.platform_number:
        ask_click(shop, case, "refuse", 0)
    return shop.shown(view_of, case)


def withdraw(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """Notes that the buyer withdrew a case, and gives back what it drew. Raises Refused where money or goods are
    out.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    refuse_finished(case)
    turn_away(shop, case, "withdraw", because)
    return shop.shown(view_of, case)


def finish(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """Finishes a case with nothing open; an inquiry counts as answered by that. With a reason a manager may give up
    goods that never came, and money for which no payout was made. Raises Refused where anything else is open.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    if case.kind == Kind.INQUIRY and case.decision == Decision.REQUESTED:
        agree(shop, case, judgement_of(shop, case).amount, because)
    still_open = stages.still_open(axes_of(shop, case))
    if still_open and because:
        refuse_unsettled(shop, case)
    if still_open and because and _may_be_given_up(shop, case).issuperset(still_open):
        _give_up(shop, case, because)
    elif still_open:
        words = series(word(name) for name in still_open)
        message = _("{case} still has something open: {what}").format(case=case.number, what=words)
        raise Refused(message, view_of(shop, case).next, case=case.number)
    close(shop, case)
    return shop.shown(view_of, case)


def _may_be_given_up(shop: Shop, case: Case) -> frozenset[str]:
    """What of a case may stay open when it is finished with a reason; also a box at the door in which nobody counted a
    piece, since it may be empty.
    """
    dossier = dossier_of(shop, case)
    counted = dossier.uninspected or dossier.awaits_sent_back
    return _MAY_BE_GIVEN_UP if counted else _MAY_BE_GIVEN_UP | {"to_inspect"}


def _give_up(shop: Shop, case: Case, because: str) -> None:
    """Gives up what is still open of a case, for a manager's reason. Raises Refused for anybody else."""
    shop.may(MAY_APPROVE_MONEY, mark("close a case with goods outstanding"))
    given_up = give_up_rest(shop, case)
    # what somebody typed may name a person: the event, which stays for ever, has its hash, the note the words
    shop.record(case.number, "give_up", **given_up, because=fingerprint(because))
    _add_note(shop, case, because)


def _add_note(shop: Shop, case: Case, because: str) -> None:
    case.note = f"{case.note}\n{shop.operator.name}: {because}".strip()
    shop.session.flush()


def reopen(shop: Shop, ref: str, *, because: str = "") -> CaseView:
    """Opens a finished case again. One that was withdrawn, finished or not, is undecided again and draws its pieces
    anew. Raises Overdrawn where another case has them by now, Refused where the platform closed the refund and its
    pieces are no longer known.
    """
    shop.may(MAY_DECIDE, _DECIDE)
    case = lookup.case_of(shop, ref)
    if case.decision == Decision.WITHDRAWN:
        _refuse_without_pieces(shop, case)
        reapply(shop, case)
    else:
        open_again(shop, case)
    if because:
        _add_note(shop, case, because)
    return shop.shown(view_of, case)


def _refuse_without_pieces(shop: Shop, case: Case) -> None:
    """Raises Refused for a refund that was closed on its platform and whose pieces are no longer known."""
    lines = case_lines(shop, case)
    pieces_known = any(line.quantity for line, _order_line in lines) and not any(
        line.wanted for line, _order_line in lines
    )
    if case.platform_state != "closed" or pieces_known or case.kind in TAKES_NO_PIECES:
        return
    message = _("{case} was closed on the platform: the buyer applies anew there, and the next import takes it up")
    hint = _("Or a case of its own: {command}").format(command=_command_to_open_anew(shop, case))
    raise Refused(message.format(case=case.number), hint)


def _command_to_open_anew(shop: Shop, case: Case) -> str:
    """The command that opens a case of our own for the same order lines."""
    order = shop.session.get_one(Order, case.order_id)
    kind, reason = quoted(word(case.kind)), quoted(word(case.reason))
    command = f"retcli case open {quoted(order.number)} --kind {kind} --reason {reason}"
    for _line, order_line in case_lines(shop, case):
        command += f" --line {quoted(order_line.sku or order_line.number)}"
    if case.asked is not None and case.kind in REFUNDING:
        command += f" --amount {money_in_words(case.asked, order.currency)}"
    return command


def ship(shop: Shop, ref: str, *, waybill: str, carrier: str = "") -> CaseView:
    """Notes that the goods of an exchange or resend left, under which waybill; their pieces leave the stock where they
    are counted. Raises Refused where nothing is to be sent, or too few are left, what was typed is no waybill, or that
    of another box, or somebody but a manager sends before the goods are back.
    """
    shop.may(MAY_SCAN, mark("send goods"))
    case = lookup.case_of(shop, ref)
    sent = leaving.leave(shop, case, waybill=waybill, carrier=carrier)
    return shop.shown(view_of, case, about=_left_uncounted(shop, case, sent))


def _not_kept(shop: Shop, case: Case) -> str:
    """What is to be said of goods that were just agreed to and of which the stock has too few; "" for none."""
    to_send = replacements_of(shop, case, ReplacementState.DUE) if case.kind in GOING_OUT - {Kind.REPAIR} else []
    skus = sorted({goods.sku for goods in to_send if not goods.reserved and keeping.counted(shop, goods.sku)})
    return _("too few in stock, nothing is kept: {skus}").format(skus=series(skus)) if skus else ""


def _left_uncounted(shop: Shop, case: Case, sent: Sequence[Replacement]) -> str:
    """What is to be said of goods that were sent and that nobody counts, in a shop that counts its stock: nothing was
    taken out of it for them; "" for none.
    """
    skus = sorted({goods.sku for goods in sent if not goods.taken}) if case.kind != Kind.REPAIR else []
    if not skus or not keeping.counts_stock(shop):
        return ""
    return _("the stock stays as it is, never counted: {skus}").format(skus=series(skus))
