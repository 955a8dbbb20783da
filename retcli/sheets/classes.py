"""The classes of differences between our refunds and the platforms', in words: which, whose, and what is to be done."""

from collections.abc import Sequence

from retcli.language import _, aside, clauses, headed, mark
from retcli.rules.money.agreed_there import By
from retcli.rules.money.reconciliation import BEFORE, BEYOND, MATCHED, UNDONE
from retcli.sheets.month import (
    BESIDE,
    CLEARED,
    CLICKED_CLOSED,
    CLICKED_REFUSED,
    GIVEN_BACK,
    MORE_CAME_BACK,
    NO_ORDER,
    PAID_THERE,
    TAKEN_BACK,
    Gap,
    Movement,
    Owed,
    RefundedThere,
    Transfer,
)
from retcli.views.base import money_text
from retcli.words import platform_word, word

TO_DO = {
    "D1": mark("See on the platform whether the refund was clicked, then import the next refund report"),
    "D2": mark("See who agreed on the platform; it was written down afterwards, pay nothing"),
    "D3": mark("Compare how the amount came about with the platform's, and put the payout right"),
    "D4": mark("Let the buyer or the platform give it back: it is more than the order was paid"),
    "D5": mark("Nothing: decided or paid in another month, carried over"),
    "D7": mark("Bring the payout's state into line: confirm, fail or reverse it"),
    "open": mark("Decided, not paid by the month's end: carried to the next month"),
    MATCHED: mark("Nothing: same refund, same amount, same month"),
    BEFORE: mark("Nothing: refunded before the books were opened, nobody here could decide it"),
    UNDONE: mark("Nothing: it was paid and taken back"),
    NO_ORDER: mark("Import the order report that has its order"),
}
SETTLED = {
    BESIDE: mark("Nothing: what was missing was paid beside the platform"),
    TAKEN_BACK: mark("Nothing: it was taken back in a later month"),
    CLEARED: mark("Nothing: it was settled after the month's end, both sides agree since"),
    GIVEN_BACK: mark("Nothing: what was beyond the order was taken back"),
    MORE_CAME_BACK: mark("Nothing: what the platform paid beyond what was agreed to here was taken back"),
    PAID_THERE: mark(
        "Taken back here, paid there: ask the platform who has the money now; nothing is to be put right here"
    ),
    CLICKED_CLOSED: mark("Clicked here, closed there: see on the platform whether the buyer got the money"),
    CLICKED_REFUSED: mark("Clicked here, turned down there: see on the platform who refused it"),
}
"""What is said of a difference that was settled by the export, in place of what is to be done about its class."""
AGREED_BY = {
    By.PERSON: mark("agreed there by hand"),
    By.PLATFORM: mark("by the platform itself"),
    By.AT_ONCE: mark("at once by the platform"),
    By.TIME_OUT: mark("by the platform's time-out"),
    By.REFUSED: mark("refused here"),
    By.WITHDRAWN: mark("the buyer had withdrawn it"),
    By.UNKNOWN: mark("nobody knows by whom"),
}
"""Who agreed on the platform to what nobody had agreed to here."""
_ENDED_HERE = frozenset({By.REFUSED, By.WITHDRAWN})
"""How a case had ended here, which says nothing of who agreed there."""
TO_DO_BY = {
    By.PERSON: mark("Have the operator agree here first; it was written down afterwards, pay nothing"),
    By.PLATFORM: mark("By its time-out or by its customer service: see whether to appeal; pay nothing"),
    By.AT_ONCE: mark(
        "The platform answered at once for the shop and refunded the buyer; nothing left by us; pay nothing"
    ),
    By.TIME_OUT: mark("Nobody answered within the platform's deadline: see why it was missed; pay nothing"),
    By.REFUSED: mark("It had been turned down here: see on the platform why, and whether to appeal; pay nothing"),
    By.WITHDRAWN: mark("The buyer had withdrawn it: see on the platform why, and whether to appeal; pay nothing"),
    By.UNKNOWN: TO_DO["D2"],
}
CLICKED_IN_TIME = mark("clicked, not seen yet, carried over")
SEE_IT_PAID = mark("Clicked by the month's end, not seen to succeed by then: see it in the next refund report")
GOODS_NOT_IN = mark("Ask the buyer or the carrier for the goods, or inspect what arrived")
GOODS_CAME = mark("Nothing: the goods came in after the month's end")
PART = mark("a part of a refund that counts in its own class")
"""What is said of money beyond an order where the rest of its refund has a class."""
MATCHINGS = {
    "open": mark("not yet paid, carried over"),
    UNDONE: mark("paid and taken back"),
    NO_ORDER: mark("waits for its order"),
    BEFORE: mark("from before the books"),
    "": mark("not a platform refund"),
}


def class_word(label: str) -> str:
    """The word for a class of difference."""
    return _(MATCHINGS[label]) if label in MATCHINGS else word(label)


def _class_of(gap: Gap) -> str:
    """The word for the class of a refund; what is carried over and was clicked only waits to be seen."""
    return _(CLICKED_IN_TIME) if gap.clicked else class_word(gap.label)


def gap_word(gap: Gap) -> str:
    """The word for the class of a refund with who agreed to it on the platform where nobody had here."""
    by = gap.agreed_there
    return headed(_class_of(gap), _(AGREED_BY[by.by]) if by else "")


def row_word(gap: Gap) -> str:
    """The word for the class of a row of the differences; it says where the row counts no refund."""
    part = gap.label == BEYOND and not gap.count
    return aside(_class_of(gap), _(PART) if part else gap.written)


def shop_word(row: Movement | Gap | Owed | RefundedThere | Transfer) -> str:
    """Which shop a row is of; by its platform where no file and nobody said."""
    platform = row.platform_name if isinstance(row, Gap) else row.platform
    return row.shop or platform_word(platform)


def class_words(labels: Sequence[str]) -> str:
    """The words for the classes of a refund; one word where it is none."""
    return clauses(class_word(label) for label in labels or ("",))


def agreed_by(gap: Gap) -> str:
    """The operator who agreed on the platform, or what else is known of it; nothing where it had been decided here."""
    by = gap.agreed_there
    return "" if by is None or by.by in _ENDED_HERE else by.operator or _(AGREED_BY[by.by])


def ended_here(gap: Gap) -> str:
    """How a case had ended here before the platform paid it all the same, and what had been agreed to on an earlier
    application; nothing where neither.
    """
    by, before = gap.agreed_there, gap.agreed_before
    ended = [_(AGREED_BY[by.by])] if by and by.by in _ENDED_HERE else []
    earlier = [_("{money} agreed to before the buyer applied anew").format(money=money_text(before))] if before else []
    return clauses([*ended, *earlier])


def remedy(gap: Gap) -> str:
    """What is to be done about the class of a refund; nothing where none is known."""
    by = gap.agreed_there
    if gap.settled:
        return _(SETTLED[gap.settled])
    if gap.clicked:
        return _(SEE_IT_PAID)
    return _(TO_DO_BY[by.by]) if by else _(TO_DO[gap.label]) if gap.label in TO_DO else ""


def to_do(gap: Gap) -> str:
    """What is to be done about a refund: for its class, and for goods that are not in."""
    todo = [remedy(gap)] if gap.label in TO_DO and not (gap.goods_owed and gap.label == MATCHED) else []
    return clauses([*todo, *([_(about_goods([gap]))] if gap.goods_owed else [])])


def about_goods(gaps: Sequence[Gap]) -> str:
    """What is to be done about goods that were not in at the month's end (a message id)."""
    return GOODS_CAME if all(gap.goods_in_since for gap in gaps) else GOODS_NOT_IN


def by_class(gaps: Sequence[Gap]) -> list[list[Gap]]:
    """Refunds of one class and period together, in the order of the classes; D2 by who agreed on the platform."""
    places = list(dict.fromkeys([*TO_DO, *(gap.label for gap in gaps)]))
    groups: dict[tuple[int, int, bool, bool, str], list[Gap]] = {}
    for gap in gaps:
        by = list(By).index(gap.agreed_there.by) if gap.agreed_there else -1
        groups.setdefault((places.index(gap.label), by, gap.carried, gap.clicked, gap.settled), []).append(gap)
    return [groups[key] for key in sorted(groups)]
