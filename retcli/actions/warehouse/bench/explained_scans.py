"""What a code means and why, and what a scan of it would do now."""

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import Facts, code_of, questioned
from retcli.language import mark
from retcli.models import Parcel
from retcli.rules.lifecycles import MAY_SCAN, ParcelState
from retcli.rules.warehouse.codes import Step, answers, shape_of
from retcli.shop import Shop
from retcli.views.warehouse.explained_scans import Answer, ExplainedScan


def explain(shop: Shop, typed: str, on: str = "") -> ExplainedScan:
    """Reads a code as the scan loop does, on an empty table or with a parcel `on` it, and does what a scan of it does:
    for a piece of work that is not saved. Raises NotFound for a parcel that is not known.
    """
    shop.may(MAY_SCAN, mark("scan parcels"))
    bench = Bench()
    parcel = _laid(shop, bench, on) if on else None
    code = code_of(shop, typed, parcel)
    asked = questioned(shop, typed, parcel)
    spelling, its = next((each for each in asked if each[0] == code.read.spelling), asked[0])
    return ExplainedScan(
        typed,
        code.read,
        shape_of(spelling),
        tuple(Answer(step, _named(step, spelling.text, its)) for step in answers(spelling.text, its.known)),
        parcel.number if parcel else "",
        scanning.scan(shop, bench, typed),
    )


def _laid(shop: Shop, bench: Bench, ref: str) -> Parcel:
    """A parcel that is laid on the bench, after it was received where it was not yet."""
    parcel = parcels.parcel_of(shop, ref)
    if parcel.state == ParcelState.EXPECTED:
        scanning.scan(shop, bench, parcel.waybill)
    if bench.parcel != parcel.number:
        bench.lay(parcel.number)
    return parcel


def _named(step: Step, code: str, its: Facts) -> tuple[str, ...]:
    """What the books know by a code as the answer to a question: numbers of parcels, orders, cases, or articles."""
    match step:
        case Step.WAYBILL:
            return (its.known.parcel,)
        case Step.SENT:
            return tuple(order.number for order in its.sent) or (its.replaced,)
        case Step.OWN:
            return (its.known.own or its.known.payout,)
        case Step.SLIP:
            return (*its.known.cases, *(order.number for order in its.slip))
        case Step.ARTICLE:
            return tuple(dict.fromkeys(article.sku for article in its.known.articles))
        case Step.TAIL:
            return its.known.tails
    return (code,)
