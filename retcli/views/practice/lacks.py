"""What an exercise still lacks, or what was done wrongly in it, as sentences with the command that mends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from retcli.language import _, mark, series
from retcli.rules.money.minor_units import Money
from retcli.views.base import money_text
from retcli.views.documents import Documented


class Lack(StrEnum):
    """The ways in which an exercise is not done, or not done rightly."""

    UNDECIDED = "undecided"
    REFUSED = "refused"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
    AMOUNT = "amount"
    NO_TARGET = "no_target"
    TARGET = "target"
    NO_CASE = "no_case"
    KIND = "kind"
    PIECES = "pieces"
    TOO_SOON = "too_soon"
    NO_CONTACT = "no_contact"
    RESULT = "result"
    NO_NOTE = "no_note"
    NO_CLICK_YET = "no_click_yet"
    NOT_CLICKED = "not_clicked"
    NOT_TAKEN_IN = "not_taken_in"
    NOT_GRADED = "not_graded"
    GRADE = "grade"
    NOT_IN_IT = "not_in_it"
    NOT_OPENED = "not_opened"
    NO_PHOTO = "no_photo"
    ON_ITS_OWN = "on_its_own"
    OTHER_CASE = "other_case"
    NOT_SIGNED = "not_signed"
    STRUCK_OUT = "struck_out"
    NOT_SENT = "not_sent"
    NOT_CONFIRMED = "not_confirmed"
    NOT_LEFT = "not_left"
    NOT_FAILED = "not_failed"
    CONFIRMED = "confirmed"
    NOT_CLOSED = "not_closed"
    VERDICT = "verdict"
    QUESTIONS = "questions"
    NO_WORKBOOK = "no_workbook"
    OTHER_MONTH = "other_month"
    OUTDATED = "outdated"


SENTENCES = {
    Lack.UNDECIDED: mark("{case} is not decided yet"),
    Lack.REFUSED: mark("{case} was turned down, and it was to be agreed to"),
    Lack.AGREED: mark("{case} was agreed to, and it was to be turned down"),
    Lack.WITHDRAWN: mark("{case} was withdrawn, which is for a buyer who no longer wants it"),
    Lack.AMOUNT: mark("{case}: {amount} was agreed to, and the buyer asks for {right}"),
    Lack.NO_TARGET: mark("{case}: what is to be sent is not written down, so the warehouse does not know the size"),
    Lack.TARGET: mark("{case}: {sku} is to be sent, and the buyer wants {right}"),
    Lack.NO_CASE: mark("there is no case for {sku} of order {order} yet"),
    Lack.KIND: mark("{case} is of another kind: the mug comes back and is paid back"),
    Lack.PIECES: mark("{case} is for {n} pieces, and the buyer sends back {right}"),
    Lack.TOO_SOON: mark("{case} was decided, and nobody has spoken to the buyer yet"),
    Lack.NO_CONTACT: mark("{case}: the call is not written down"),
    Lack.RESULT: mark("{case}: the call is written down with another result: nobody picked up"),
    Lack.NO_NOTE: mark("{case}: that you try again in the afternoon is not written down"),
    Lack.NO_CLICK_YET: mark("{n} of these requests have nothing to click yet: decide on them first"),
    Lack.NOT_CLICKED: mark("{n} clicks are still open: {cases}"),
    Lack.NOT_TAKEN_IN: mark("{waybill} was not taken in yet"),
    Lack.NOT_GRADED: mark("{parcel}: {n} of {right} pieces of {sku} are inspected"),
    Lack.GRADE: mark("{parcel}: {sku} has the grade {grade}, and should have {right}"),
    Lack.NOT_IN_IT: mark("{parcel}: {sku} is booked, and it does not lie in the parcel"),
    Lack.NOT_OPENED: mark("{parcel} was taken in, and nobody has said that it is empty"),
    Lack.NO_PHOTO: mark("{case}: the photo is not with the case"),
    Lack.ON_ITS_OWN: mark("{waybill} was taken in and belongs to no case"),
    Lack.OTHER_CASE: mark("{waybill} was put to {case}, and belongs to {right}"),
    Lack.NOT_SIGNED: mark("{payout} still waits for the second signature"),
    Lack.STRUCK_OUT: mark("{payout} was noted as failed, and the manager said yes to it"),
    Lack.NOT_SENT: mark("{payout} still counts as not paid"),
    Lack.NOT_CONFIRMED: mark("{payout} is noted as sent, but not that it arrived"),
    Lack.NOT_LEFT: mark("{payout} is not noted as arrived, and the buyer has the money"),
    Lack.NOT_FAILED: mark("{payout} is not noted as failed"),
    Lack.CONFIRMED: mark("{payout} is noted as arrived, and the money came back"),
    Lack.NOT_CLOSED: mark("{case}: its entry in the register is still open"),
    Lack.VERDICT: mark("{case}: it is closed with another result, and the buyer got the money"),
    Lack.QUESTIONS: mark("{n} questions are still open"),
    Lack.NO_WORKBOOK: mark("the workbook of {month} is not written yet"),
    Lack.OTHER_MONTH: mark("a workbook was written, but of another month"),
    Lack.OUTDATED: mark("the workbook is older than what was done to payouts since: write it again"),
}
"""The message id of each. The codes stand by themselves: actions find out what lacks and make no sentences."""


@dataclass(frozen=True)
class Missing(Documented):
    """One thing that is missing or wrong, what fills its sentence, and the command that mends it ("" for none)."""

    KEYS = ("text", "command")

    lack: Lack
    command: str = ""
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence."""
        return _(SENTENCES[self.lack]).format_map({name: _shown(value) for name, value in self.about.items()})


def _shown(value: object) -> str:
    """A value within a sentence."""
    if isinstance(value, tuple):
        return series(map(str, value))
    return money_text(value) if isinstance(value, Money) else str(value)
