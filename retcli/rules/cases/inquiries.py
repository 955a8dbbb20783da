"""The finding on an inquiry (催件, 查件, 疑难件): what to find out for the buyer; it may turn out to be another kind of
case.
"""

from datetime import datetime

from retcli.language import mark
from retcli.rules.casefile.amount_facts import OrderFacts
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.casefile.reasons import NEVER_ARRIVED, NEVER_SENT, REASONS, Group

_ABOUT_THE_WAY = NEVER_ARRIVED | NEVER_SENT | {"L_REJECT", "B_INFO", "X_OTHER"}
"""Reasons by which an inquiry asks where the goods are, or may ask it."""


def inquiry(reason: str, order: OrderFacts, signed_at: datetime | None) -> Finding:
    """What to answer an inquiry, by its reason and by how far the goods are (`signed_at` in UTC, None: not signed for).
    Always for a person, who alone can answer the buyer.
    """
    gaps: dict[str, Fact] = {}
    if reason not in _ABOUT_THE_WAY:
        return _about_the_goods(reason)
    if not order.shipped:
        text = mark("Nothing was sent yet: say when it goes out, or turn it into a refund")
    elif signed_at is None:
        text = mark("Under way: ask the carrier, tell the buyer; lost goods are sent again or refunded")
    else:
        text = mark("Signed for on {signed}: ask who took it in, at the door, the locker or the neighbour's")
        gaps = {"signed": signed_at}
    return Finding("inquiry", Answer.PERSON, mark("contract"), text, gaps, waivable=False)


def _about_the_goods(reason: str) -> Finding:
    """An inquiry that the carrier has no answer to: flaws, sizes, papers and prices."""
    text = mark("Asked about: {reason}. Answer the buyer; where something is wrong, turn it into a return or exchange")
    if REASONS[reason].group in {Group.LIKING, Group.OTHER}:
        text = mark("Asked about: {reason}. Answer the buyer; where money or goods are due, turn it into another kind")
    return Finding("inquiry", Answer.PERSON, mark("contract"), text, {"reason": reason}, waivable=False)
