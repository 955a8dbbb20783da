"""What an inquiry comes to (催件, 查件, 疑难件): an answer, and a case of another kind where it turns out to be one."""

from datetime import datetime

from retcli.language import mark
from retcli.rules.amounts import OrderFacts
from retcli.rules.findings import Answer, Fact, Finding


def inquiry(order: OrderFacts, signed_at: datetime | None) -> Finding:
    """Where the goods are, and so whom to ask; always for a person, since only a person can answer the buyer."""
    gaps: dict[str, Fact] = {}
    if not order.shipped:
        text = mark("Nothing was sent yet: say when it goes out, or turn it into a refund")
    elif signed_at is None:
        text = mark("Under way: ask the carrier, tell the buyer; lost goods are sent again or refunded")
    else:
        text = mark("Signed for on {signed}: ask who took it in, at the door, the locker or the neighbour's")
        gaps = {"signed": signed_at}
    return Finding("inquiry", Answer.PERSON, mark("contract"), text, gaps, waivable=False)
