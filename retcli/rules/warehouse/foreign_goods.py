"""What is said of goods of another order that came back in place of a case's pieces."""

from retcli.language import mark
from retcli.rules.casefile.findings import Fact


def foreign_goods(missing: str, right: int, foreign: int) -> tuple[str, dict[str, Fact]]:
    """The sentence (a message id) and its facts, by the pieces that are `missing` (``CUP×1``; "" where more may come):
    that nothing else came, or how many pieces of the order did beside how many of another.
    """
    facts: dict[str, Fact] = {"pieces": missing} if missing else {}
    if right:
        text = mark("{right} pieces of this order came back, and {foreign} of another order")
        text = (
            mark("{right} pieces of this order came back, and {foreign} of another; missing: {pieces}")
            if missing
            else text
        )
        return text, {"right": right, "foreign": foreign} | facts
    text = mark("What came back is not of this order")
    return mark("What came back is not of this order; missing: {pieces}") if missing else text, facts
