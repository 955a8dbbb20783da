"""What is asked at the bench about a parcel that came without a case: the end of the sender's number, their name, the
shelf. Enter skips a question; any label, piece or command that is scanned instead ends them, and is done.
"""

from retcli.actions.warehouse import parcels
from retcli.actions.warehouse.bench.benches import Bench
from retcli.actions.warehouse.code_facts import code_of
from retcli.actions.warehouse.strangers import labels, read_labels, shelves
from retcli.errors import WrongCommand
from retcli.models import Parcel
from retcli.rules.warehouse.codes import Meaning
from retcli.rules.warehouse.ids import COMMAND, normalised
from retcli.shop import Shop
from retcli.views.warehouse.scans import ScanOutcome, ScanView
from retcli.views.warehouse.stranger_results import Fitting, StrangerAsked, StrangersQuestion

_ORDER = (StrangersQuestion.TAIL, StrangersQuestion.SENDER, StrangersQuestion.SHELF, StrangersQuestion.NOTHING)
ASKED = frozenset(_ORDER) - {StrangersQuestion.NOTHING}
"""What a bench may await beside the texts of commands."""
_MAY_BE = {
    StrangersQuestion.TAIL: {Meaning.NOTHING, Meaning.TAIL, Meaning.PHONE},
    StrangersQuestion.SENDER: {Meaning.NOTHING},
    StrangersQuestion.SHELF: {Meaning.NOTHING},
}
"""What a code may mean that answers a question."""


def answered(shop: Shop, bench: Bench, typed: str) -> ScanView | None:
    """Takes a line as the answer to the question about the parcel on the bench, and asks the next one; None where the
    line is something else, which ends the questions.
    """
    question, bench.awaits = StrangersQuestion(bench.awaits), ""
    text = " ".join(typed.split())
    if text and not _may_answer(shop, question, text):
        return None
    parcel = shop.hold(parcels.numbered(shop, bench.parcel))
    then = _ORDER[_ORDER.index(question) + 1]
    if text and question == StrangersQuestion.SHELF:
        shelves.put(shop, parcel, "shelf", shelves.shelf_of(text))
    elif text and (view := _label(shop, bench, parcel, question, text)):
        return view
    bench.awaits = "" if then == StrangersQuestion.NOTHING else then
    result = StrangerAsked(parcel.stranger, then, parcel.shelf or "")
    return ScanView("", ScanOutcome.COMMAND, result, parcel.number)


def _may_answer(shop: Shop, question: StrangersQuestion, text: str) -> bool:
    """Whether a text can be the answer to a question, and is nothing else that the bench knows."""
    if normalised(text).startswith(COMMAND) or code_of(shop, text, None).read.meaning not in _MAY_BE[question]:
        return False
    if question == StrangersQuestion.SHELF:
        return bool(shelves.shelf_of(text))
    if question == StrangersQuestion.SENDER:
        return not any(letter.isdigit() for letter in text)
    try:
        return bool(labels.tail_of(text))
    except WrongCommand:
        return False


def _label(shop: Shop, bench: Bench, parcel: Parcel, question: StrangersQuestion, text: str) -> ScanView | None:
    """Writes what the label says; the answer where the parcel went to its case by that, else None."""
    said = (
        read_labels.Said(phone_tail=labels.tail_of(text))
        if question == StrangersQuestion.TAIL
        else read_labels.Said(text)
    )
    known = read_labels.last(shop, parcel)
    if said in (read_labels.Said(phone_tail=known.phone_tail), read_labels.Said(known.sender)):
        return None
    fitted = labels.note(shop, parcel, said, bench.session)
    if fitted is None:
        return None
    return ScanView("", ScanOutcome.RECEIVED, Fitting(fitted), parcel.number, fitted.cases)
