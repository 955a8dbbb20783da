"""Cases of which all that came back was inspected, and pieces lack or goods of another order lie there: a person says
what becomes of the rest.
"""

from collections.abc import Iterator

from retcli.actions.casefile.payable import Payable
from retcli.actions.casefile.records.dossiers import Dossier
from retcli.actions.casefile.records.sent_back import missing
from retcli.rules.lifecycles import COMING_BACK, REFUNDING, ReplacementState
from retcli.shellwords import quoted


def lacks(dossier: Dossier) -> bool:
    """Whether every parcel that a case waits for came and was inspected, and pieces are missing in them."""
    if dossier.sent_back:
        inspected = all(parcel.inspected for parcel in dossier.sent_back)
        return "sent_back" not in dossier.waivers and inspected and bool(missing(dossier.sent_back))
    return dossier.looked_into and bool(dossier.missing)


def ways(dossier: Dossier, ready: Payable, *, left: bool) -> Iterator[str]:
    """The commands that take such a case on beside paying for what came: the case changed to the pieces that are here,
    all of it paid, or sent anew, by a manager, the rest awaited in another parcel, refused where nothing is here or
    goods of another order came; where money or goods may have `left`, what lacks is given up.
    """
    case = dossier.case
    pieces = [(order_line, line.quantity, dossier.accepted(line), dossier.inspected(line))
              for line, order_line in dossier.lines]  # fmt: skip
    accepted = any(here for _line, _wanted, here, _seen in pieces)
    foreign = bool(dossier.strange_articles) or any(seen > here for _line, _wanted, here, seen in pieces)
    if accepted and not left:
        named = (f"--line {quoted(line.sku or line.number)}={here}"
                 for line, wanted, here, _seen in pieces if here < wanted)  # fmt: skip
        if lines := " ".join(named):
            yield f"retcli case change {case.number} {lines} --because TEXT"
    open_money = case.kind in REFUNDING and dossier.due > sum(dossier.paid.values())
    if open_money and ready.in_the_way and all(finding.waivable for finding in ready.in_the_way):
        waivers = " ".join(f"--waive {finding.rule}" for finding in ready.in_the_way)
        yield f"retcli pay refund {case.number} {waivers} --because TEXT"
    if case.kind in COMING_BACK and ReplacementState.DUE in dossier.replacements:
        unsaid = any(not sku for sku in dossier.to_send)
        want, ship = "change {case} --want SKU --because TEXT", "ship {case} --waybill WAYBILL"
        yield f"retcli case {(want if unsaid else ship).format(case=case.number)}"
    if case.kind in COMING_BACK and not dossier.sent_back:
        yield f"retcli parcel expect {case.number} WAYBILL"
    if (foreign or not accepted) and not left and not dossier.sent_back:
        yield f"retcli case reject {case.number} --because TEXT"
    if left:
        yield f"retcli case finish {case.number} --because TEXT"
