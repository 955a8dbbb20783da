"""The exercises of each role: what happened in the shop, and what is to be reached. Never a command."""

from dataclasses import dataclass
from enum import StrEnum

from retcli.language import mark


class Task(StrEnum):
    """The exercises, those of a role one after the other."""

    CALL = "call"
    PHOTO = "photo"
    SIZE = "size"
    ONE_OF_TWO = "one_of_two"
    CLEAR = "clear"
    REFUSE = "refuse"
    NO_ANSWER = "no_answer"
    CLICKS = "clicks"
    PLAIN = "plain"
    TWO_PIECES = "two_pieces"
    WRONG_PIECE = "wrong_piece"
    CAME_BACK = "came_back"
    SMEARED = "smeared"
    EMPTY = "empty"
    STRAY = "stray"
    SIGNATURE = "signature"
    ARRIVED = "arrived"
    BOUNCED = "bounced"
    RULED = "ruled"
    QUESTIONS = "questions"
    MONTH = "month"


@dataclass(frozen=True)
class Wording:
    """The message ids of an exercise; its text has gaps for what is read from the books."""

    title: str
    text: str


WORDINGS = {
    Task.CALL: Wording(
        mark("A buyer calls"),
        mark(
            "“I asked for a refund on Saturday, why does nobody answer?” The phone number ends in {tail}. Find the"
            " order, see what the buyer wants and whether it is within the seven days, and decide."
        ),
    ),
    Task.PHOTO: Wording(
        mark("One that a person must look at"),
        mark(
            "Order {order}, crushed grapes: the buyer wants {amount} back and keeps the rest. The program does not"
            " decide without a photo; the photo has just come in the chat, and it is true. Agree to what they ask."
        ),
    ),
    Task.SIZE: Wording(
        mark("Another size"),
        mark(
            "Order {order}: the hoodie in L is too tight, the buyer wants XL, which is {sku} here. Agree to the"
            " exchange, so that the warehouse knows what to send."
        ),
    ),
    Task.ONE_OF_TWO: Wording(
        mark("One of two"),
        mark(
            "The buyer whose phone ends in {tail} calls: of the two mugs ({sku}) they keep one and send the other one"
            " back, without any reason. There is no request on the platform. Write down the case and agree to it."
        ),
    ),
    Task.CLEAR: Wording(
        mark("All that is clear, in one go"),
        mark("Some requests of the list leave nothing to look at. Agree to all of them together, not one by one."),
    ),
    Task.REFUSE: Wording(
        mark("A no that can be read out"),
        mark(
            "Order {order}: a desk lamp, asked for on the eighth day, and nothing is wrong with it. Turn it down with a"
            " reason that the buyer may read."
        ),
    ),
    Task.NO_ANSWER: Wording(
        mark("Nobody picks up"),
        mark(
            "Order {order}: the carrier has not moved for a week. You rang the buyer and nobody picked up; you will try"
            " again in the afternoon. Write that down, and decide nothing yet."
        ),
    ),
    Task.CLICKS: Wording(
        mark("What must be clicked on the platform"),
        mark(
            "What you decided is not known on the platform yet. See what must be clicked there; take it that you have"
            " clicked all of it in the back-end, and say so here."
        ),
    ),
    Task.PLAIN: Wording(
        mark("A plain parcel"),
        mark(
            "A parcel with the waybill {waybill}; in it one humidifier ({sku}), as good as new. You have no scanner"
            " here: type the code and press Enter."
        ),
    ),
    Task.TWO_PIECES: Wording(
        mark("One whole, one broken"),
        mark("Waybill {waybill}: two mugs ({sku}). One is as good as new, the handle of the other is off."),
    ),
    Task.WRONG_PIECE: Wording(
        mark("That is not what was bought"),
        mark(
            "Waybill {waybill}: {sku} was to come back. In the parcel lies another hoodie, its tag says {other}; it is"
            " not of this order."
        ),
    ),
    Task.CAME_BACK: Wording(
        mark("Our own parcel is back"),
        mark(
            "The carrier could not deliver a parcel of ours and brings it back: our own waybill {waybill}; in it one"
            " pair of jeans ({sku}), never opened."
        ),
    ),
    Task.SMEARED: Wording(
        mark("A label that nobody can read"),
        mark(
            "Rain has washed the label out. In the parcel lie a vacuum cup ({sku}), as good as new, and a slip with the"
            " order number {order}. Book the cup to its case."
        ),
    ),
    Task.EMPTY: Wording(
        mark("An empty box"),
        mark(
            "Waybill {waybill}: a juicer ({sku}) was to come back, but the box is empty. Take the parcel in, say that"
            " it is empty (RCMDEMPTY), and put the photo {file} with the case."
        ),
    ),
    Task.STRAY: Wording(
        mark("Whose is it?"),
        mark(
            "A parcel that nobody waits for: waybill {waybill}; in it a hoodie ({sku}), as good as new, and a slip:"
            " “order {order}, please change it for XL”. Find its case, put the parcel there, and book the hoodie."
        ),
    ),
    Task.SIGNATURE: Wording(
        mark("The second signature"),
        mark(
            "{agent} promised {amount} in amends, more than one person may let go. You may not sign either: only the"
            " manager may. You have asked, the manager says yes. Have it signed; here you are the manager too: put"
            " --operator {manager} behind the word retcli."
        ),
    ),
    Task.ARRIVED: Wording(
        mark("Paid, and arrived"),
        mark("You made the small transfer of {amount} in the back-end, and it shows there as received by the buyer."),
    ),
    Task.BOUNCED: Wording(
        mark("A transfer that failed"),
        mark("The small transfer of {amount} came back: the buyer's account is not verified. No money has left."),
    ),
    Task.RULED: Wording(
        mark("Paid against our will"),
        mark(
            "The shop refused the refund of order {order}. The platform stepped in and paid {amount} to the buyer all"
            " the same. Find it in the register and close it there as lost, with the reason (the manager may:"
            " --operator {manager})."
        ),
    ),
    Task.QUESTIONS: Wording(
        mark("The platform paid another amount"),
        mark(
            "The last refund report left questions: what was paid there is not what we agreed to. The manager has seen"
            " all of them, the platform's amounts stand. Answer them one by one (the manager may:"
            " --operator {manager})."
        ),
    ),
    Task.MONTH: Wording(
        mark("The month goes to the accountant"),
        mark("Once all of this is done: write the workbook of November 2026 that reconciles the month."),
    ),
}
"""The texts of each exercise."""
