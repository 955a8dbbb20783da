"""The agent's morning: its exercises, and how each is looked through."""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions import demo
from retcli.actions.practice.state import Rule, State, decided, lacks, yuan
from retcli.language import _, mark
from retcli.models import Case, CaseLine, OrderLine, PlatformAction
from retcli.models.register import Contact, Note
from retcli.rules.lifecycles import ActionState, Decision, Kind
from retcli.views.base import money_text
from retcli.views.practice.lacks import Lack, Missing
from retcli.views.practice.tasks import Task

SIZE = "260000333065468995"
"""The exchange for another size."""
BIGGER, MUG = "HD02-GY-XL", "MUG-01"
CRUSHED = 1200
"""What the buyer of the crushed grapes asks for, in fen."""
CLEAR = (demo.UNSHIPPED, demo.MIXED, demo.LAST_DAY, demo.WRONG_GOODS, demo.SECOND_PIECE)
"""The requests that leave nothing to look at, beside the one of the buyer who calls."""
CLICKED = (demo.SEVEN_DAY, demo.PRICE_CUT, SIZE, demo.EIGHTH_DAY, *(each for each in CLEAR if each != demo.UNSHIPPED))
"""The requests whose decisions are to be clicked; the money of what was not sent waits for a second person."""
_CONTACT = mark("retcli case contact {case} --by phone --result no_answer --note TEXT")
_OPEN = mark("retcli case open {order} --kind return --reason B_7D --line {sku}=1 --channel phone")


def _call(state: State) -> Iterator[Missing]:
    yield from decided(state.case(demo.SEVEN_DAY), Decision.APPROVED)


def _photo(state: State) -> Iterator[Missing]:
    case = state.case(demo.PRICE_CUT)
    # an amount that was named once stays with the case until another one is named
    amount = "" if case.asked == CRUSHED else f" --amount {yuan(CRUSHED)}"
    for missing in decided(case, Decision.APPROVED):
        more = amount if " approve " in missing.command else ""
        yield lacks(missing.lack, missing.command + more, **missing.about)
    agreed = state.agreed(case)
    if case.decision == Decision.APPROVED and agreed.minor != CRUSHED:
        # the amount of what was agreed to changes no more: it is turned down, and agreed to in full
        command = f"retcli case reject {case.number} --because TEXT"
        yield lacks(Lack.AMOUNT, command, case=case.number, amount=agreed, right=yuan(CRUSHED))


def _size(state: State) -> Iterator[Missing]:
    case = state.case(SIZE)
    wanted = {line.want_sku for line, _sku in state.lines(case)}
    command = f"retcli case change {case.number} --want {BIGGER} --because TEXT"
    if wanted == {""}:
        yield lacks(Lack.NO_TARGET, command, case=case.number)
    elif wanted != {BIGGER}:
        yield lacks(Lack.TARGET, command, case=case.number, sku=tuple(sorted(wanted)), right=BIGGER)
    yield from decided(case, Decision.APPROVED)


def _one_of_two(state: State) -> Iterator[Missing]:
    order = state.order(demo.WRONG_GOODS)
    query = sa.select(Case).join(CaseLine, col(CaseLine.case_id) == col(Case.id))
    query = query.join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id)).where(col(OrderLine.sku) == MUG)
    query = query.where(col(Case.order_id) == order.id, col(Case.decision) != Decision.WITHDRAWN)
    cases = list(state.shop.session.scalars(query.order_by(col(Case.id))).unique())
    if not cases:
        command = _(_OPEN).format(order=order.number, sku=MUG)
        yield lacks(Lack.NO_CASE, command, sku=MUG, order=order.number)
        return
    for case in cases:
        if case.kind != Kind.RETURN:
            command = f"retcli case change {case.number} --kind return --line {MUG}=1 --because TEXT"
            yield lacks(Lack.KIND, command, case=case.number)
        yield from decided(case, Decision.APPROVED)
    pieces = sum(line.quantity for case in cases for line, sku in state.lines(case) if sku == MUG)
    if pieces != 1:
        case = cases[-1]
        command = f"retcli case change {case.number} --line {MUG}=1 --because TEXT"
        yield lacks(Lack.PIECES, command, case=case.number, n=pieces, right=1)


def _clear(state: State) -> Iterator[Missing]:
    for refund in CLEAR:
        for missing in decided(state.case(refund), Decision.APPROVED):
            together = missing.lack == Lack.UNDECIDED
            yield lacks(missing.lack, "retcli case approve --all-yes" if together else missing.command, **missing.about)


def _refuse(state: State) -> Iterator[Missing]:
    yield from decided(state.case(demo.EIGHTH_DAY), Decision.REJECTED)


def _no_answer(state: State) -> Iterator[Missing]:
    case = state.case(demo.LOST)
    session = state.shop.session
    contacts = list(session.scalars(sa.select(Contact).where(col(Contact.case_id) == case.id)))
    notes = list(session.scalars(sa.select(Note).where(col(Note.case_id) == case.id)))
    command = _(_CONTACT).format(case=case.number)
    if not contacts:
        yield lacks(Lack.NO_CONTACT, command, case=case.number)
    elif contacts[-1].result != "no_answer":
        yield lacks(Lack.RESULT, command, case=case.number)
    if not notes and not any(contact.note for contact in contacts):
        yield lacks(Lack.NO_NOTE, f"retcli case note {case.number} TEXT", case=case.number)
    if case.decision != Decision.REQUESTED:
        yield lacks(Lack.TOO_SOON, case=case.number)


_CLICKED = {ActionState.DONE, ActionState.VERIFIED}


def _clicks(state: State) -> Iterator[Missing]:
    ids = [state.case(refund).id for refund in CLICKED]
    query = sa.select(PlatformAction).where(col(PlatformAction.case_id).in_(ids))
    actions = list(state.shop.session.scalars(query.order_by(col(PlatformAction.id))))
    clicked = {action.case_id for action in actions if action.state in _CLICKED}
    to_do = {action.case_id for action in actions if action.state == ActionState.TODO}
    unready = len(set(ids) - clicked - to_do)
    if unready:
        yield lacks(Lack.NO_CLICK_YET, "retcli today", n=unready)
    if to_do:
        numbers = [state.shop.session.get_one(Case, each).number for each in sorted(to_do)]
        command = "retcli platform done " + " ".join(numbers)
        yield lacks(Lack.NOT_CLICKED, command, n=len(numbers), cases=tuple(numbers))


def _tail(refund: str) -> Callable[[State], Mapping[str, str]]:
    return lambda state: {"tail": state.order(refund).phone_tail, "sku": MUG}


def _number(refund: str) -> Callable[[State], Mapping[str, str]]:
    return lambda state: {"order": state.order(refund).number, "sku": BIGGER, "amount": money_text(yuan(CRUSHED))}


RULES = (
    Rule(Task.CALL, _tail(demo.SEVEN_DAY), _call),
    Rule(Task.PHOTO, _number(demo.PRICE_CUT), _photo),
    Rule(Task.SIZE, _number(SIZE), _size),
    Rule(Task.ONE_OF_TWO, _tail(demo.WRONG_GOODS), _one_of_two),
    Rule(Task.CLEAR, lambda _state: {}, _clear),
    Rule(Task.REFUSE, _number(demo.EIGHTH_DAY), _refuse),
    Rule(Task.NO_ANSWER, _number(demo.LOST), _no_answer),
    Rule(Task.CLICKS, lambda _state: {}, _clicks),
)
"""The exercises of an agent, in their order."""
