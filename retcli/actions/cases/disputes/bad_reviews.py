"""Bad reviews in the register: entered on an order, with or without a case, followed up with the buyer, and ended."""

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile import lookup
from retcli.actions.casefile.records.written_beside import review_line, reviews_of
from retcli.actions.orderfile.persons import hiding
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Order
from retcli.models.register import BadReview
from retcli.rules.lifecycles import BAD_REVIEW, MAY_DECIDE, ReviewState
from retcli.shellwords import quoted
from retcli.shop import Shop
from retcli.views.casefile.written_beside import EntryLine
from retcli.views.cases.register import RegisterView
from retcli.words import word

_KEEP = mark("keep the register")
LIVE = (ReviewState.TO_FOLLOW_UP, ReviewState.CONTACTED)
ENDS = {"changed": "change", "added": "add_to", "given_up": "give_up"}
"""How a bad review may end, and the move that ends it."""


def enter(shop: Shop, ref: str, *, note: str = "") -> RegisterView:
    """Enters a bad review of an order, which is named by its own numbers or by those of a case. Raises Refused where
    the order has one that is not ended.
    """
    shop.may(MAY_DECIDE, _KEEP)
    order = shop.hold(_order_of(shop, ref))  # of two who enter one at once the second finds that of the first
    if live := _live(shop, order):
        message = _("{order} has a bad review in the register already: {state}")
        state = word(live[0].state, BAD_REVIEW.axis)
        hint = _("retcli case answer {order} --kind bad_review").format(order=quoted(order.number))
        raise Refused(message.format(order=order.number, state=state), hint)
    row = BadReview(order_id=order.id or 0, state=BAD_REVIEW.start, note=note.strip(), by=shop.operator.name,
                    opened_at=shop.now)  # fmt: skip
    shop.add(row)
    shop.born(_subject(order, row), BAD_REVIEW, row.state, order=order.number)
    return _view(shop, order)


def contacted(shop: Shop, ref: str) -> RegisterView:
    """Writes down that the buyer was written to about the review."""
    order, row = _live_review(shop, ref)
    shop.move(row, _subject(order, row), BAD_REVIEW, "contact", contacted_at=shop.now)
    return _view(shop, order)


def end(shop: Shop, ref: str, *, outcome: str, because: str) -> RegisterView:
    """Writes down how a review ended: ``changed``, ``added`` to, or ``given_up``, and what was said."""
    order, row = _live_review(shop, ref)
    if not because.strip():
        raise WrongCommand(_("A verdict needs what was said"), "--because TEXT")
    shop.move(row, _subject(order, row), BAD_REVIEW, ENDS[outcome], closed_at=shop.now, because=because.strip())
    return _view(shop, order)


def _order_of(shop: Shop, ref: str) -> Order:
    """The order that is named by its own numbers, else by those of a case. Raises NotFound."""
    try:
        return lookup.order_of(shop, ref)
    except NotFound as no_order:
        try:
            case = lookup.case_of(shop, ref)
        except NotFound:
            raise no_order from None
        return shop.session.get_one(Order, case.order_id)


def _live_review(shop: Shop, ref: str) -> tuple[Order, BadReview]:
    """The order and its first bad review that is open. Raises NotFound where it has none."""
    shop.may(MAY_DECIDE, _KEEP)
    order = _order_of(shop, ref)
    live = _live(shop, order)
    if not live:
        message = _("{order} has no bad review in the register that is open").format(order=order.number)
        raise NotFound(message, _("retcli case register --kind bad_review"))
    return order, live[0]


def _live(shop: Shop, order: Order) -> list[BadReview]:
    return [review for review in reviews_of(shop, order) if review.state in LIVE]


def _subject(order: Order, row: BadReview) -> str:
    return f"{order.number}/V{row.id}"


def _view(shop: Shop, order: Order) -> RegisterView:
    """The reviews of one order."""
    shop.session.flush()
    hide = hiding(order)
    lines = (review_line(order.number, review, hide) for review in reviews_of(shop, order))
    return RegisterView(shop.now, tuple((order.number, line) for line in lines))


def listed(shop: Shop, *, live: bool = False) -> list[tuple[str, EntryLine]]:
    """The bad reviews of all orders with the order's number, oldest first; `live` leaves out what is ended."""
    query = sa.select(BadReview, Order).join(Order).order_by(col(BadReview.id))
    if live:
        query = query.where(col(BadReview.state).in_(LIVE))
    return [
        (order.number, review_line(order.number, review, hiding(order)))
        for review, order in shop.session.execute(query)
    ]


def waiting(shop: Shop) -> int:
    """How many bad reviews nobody has followed up yet."""
    query = sa.select(sa.func.count()).where(col(BadReview.state) == ReviewState.TO_FOLLOW_UP)
    return shop.session.scalar(query) or 0
