"""Results of a scanned code that need no facts to be told."""

from enum import StrEnum

from retcli.language import _, mark


class ScanNote(StrEnum):
    """Results that need no facts to be told."""

    COUNTING_ONLY = "counting_only"
    NEXT_PARCEL = "next_parcel"
    THE_END = "the_end"
    NO_GRADE_TO_LOCK = "no_grade_to_lock"
    NOTHING_TO_UNDO = "nothing_to_undo"
    NOTHING_TO_CONFIRM = "nothing_to_confirm"
    DROPPED = "dropped"
    SAVED_BEFORE = "saved_before"
    ONLY_RECEIVING = "only_receiving"
    NOW_RECEIVING = "now_receiving"
    NOW_CHECKING = "now_checking"
    NOW_COUNTING = "now_counting"
    ONLY_COUNTING = "only_counting"
    NOW_SENDING = "now_sending"
    ONLY_SENDING = "only_sending"
    NO_CASE_TO_PACK = "no_case_to_pack"
    NOTHING_TO_SEND = "nothing_to_send"
    WAITS_FOR_GOODS = "waits_for_goods"
    NEXT_BOX = "next_box"
    WHICH_SHELF = "which_shelf"
    WHAT_WEIGHT = "what_weight"
    WHAT_NOTE = "what_note"
    WHAT_SERIAL = "what_serial"
    WHAT_OLD_LABEL = "what_old_label"
    NO_OLD_LABEL = "no_old_label"
    NO_SERIAL = "no_serial"
    HOW_MANY_PARCELS = "how_many_parcels"
    NO_DELIVERY = "no_delivery"
    NO_SHELF = "no_shelf"
    NO_WEIGHT = "no_weight"
    NO_CASE_FOR_NOTE = "no_case_for_note"
    CODE_FOR_TEXT = "code_for_text"
    NOTHING_EXPECTED = "nothing_expected"
    SOME_JUDGED_FOREIGN = "some_judged_foreign"
    NOTHING_LACKS = "nothing_lacks"
    NOTHING_COUNTED = "nothing_counted"
    ALL_COMMANDS = "all_commands"
    NO_CASE_WAITS = "no_case_waits"
    NO_PARCEL_ON_TABLE = "no_parcel_on_table"
    SLIP_OF_THIS_PARCEL = "slip_of_this_parcel"
    KNOWN_NOWHERE = "known_nowhere"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    CUT_OFF = "cut_off"
    LETTER_BEFORE = "letter_before"
    NO_SUCH_ARTICLE = "no_such_article"
    NO_NUMBER_OF_OURS = "no_number_of_ours"
    SERIAL_NUMBER = "serial_number"
    NOTHING_IN_IT = "nothing_in_it"
    PHONE_NUMBER = "phone_number"
    NUMBER_OF_AN_AWAITED = "number_of_an_awaited"
    NO_SEAL_ASKED = "no_seal_asked"

    def sentence(self) -> str:
        """The result in the reader's language."""
        return _(_NOTES[self])


_NOTES = {
    ScanNote.COUNTING_ONLY: mark("pieces are only counted and wait for inspection"),
    ScanNote.NEXT_PARCEL: mark("next parcel"),
    ScanNote.THE_END: mark("the end"),
    ScanNote.NO_GRADE_TO_LOCK: mark("no grade is in force: scan the grade first, then RCMDLOCK"),
    ScanNote.NOTHING_TO_UNDO: mark("nothing was scanned in this round that could be taken back"),
    ScanNote.NOTHING_TO_CONFIRM: mark("no stop waits to be confirmed; nothing is booked"),
    ScanNote.NO_SEAL_ASKED: mark("no seal was asked about just before; nothing is booked"),
    ScanNote.DROPPED: mark("what waited for the next code is dropped; nothing that was booked is taken back"),
    ScanNote.SAVED_BEFORE: mark("was saved already before the program ended; nothing is booked twice"),
    ScanNote.ONLY_RECEIVING: mark("parcels are only received in this round: to open them, scan RCMDCHECK first"),
    ScanNote.NOW_RECEIVING: mark("parcels are only received from now on"),
    ScanNote.NOW_CHECKING: mark("parcels are opened and checked from now on"),
    ScanNote.NOW_COUNTING: mark(
        "the stock is counted from now on: scan each sellable piece; no parcel is on the table"
    ),
    ScanNote.ONLY_COUNTING: mark("only the stock is counted in this round: for parcels, scan RCMDCHECK first"),
    ScanNote.NOW_SENDING: mark(
        "goods of cases are sent from now on: scan the case, each piece, then the waybill; no parcel is on the table"
    ),
    ScanNote.ONLY_SENDING: mark("only goods of cases are sent in this round: for parcels, scan RCMDCHECK first"),
    ScanNote.NO_CASE_TO_PACK: mark("scan the case first, then each piece, then the waybill"),
    ScanNote.NOTHING_TO_SEND: mark("nothing of it is to be sent"),
    ScanNote.WAITS_FOR_GOODS: mark("its goods wait for what comes back"),
    ScanNote.NEXT_BOX: mark("the next box"),
    ScanNote.WHICH_SHELF: mark("scan or type the shelf it is put on"),
    ScanNote.WHAT_WEIGHT: mark("type what it weighs: 850 (grams) or 1.25kg"),
    ScanNote.WHAT_NOTE: mark("type the note, then Enter"),
    ScanNote.WHAT_SERIAL: mark("scan the serial number of the piece that was read last"),
    ScanNote.WHAT_OLD_LABEL: mark("scan or type the old label that is on the same box"),
    ScanNote.NO_OLD_LABEL: mark("no waybill, where the old label was asked for: nothing is written"),
    ScanNote.NO_SERIAL: mark("no serial number: letters, digits and . / : _ - only; nothing is written"),
    ScanNote.HOW_MANY_PARCELS: mark("type how many parcels the driver hands over, and the carrier: 60 圆通"),
    ScanNote.NO_DELIVERY: mark("no number of parcels: no delivery is begun, and nothing booked; scan it again"),
    ScanNote.NO_SHELF: mark("no name of a shelf: letters, digits, - and . only; nothing is written"),
    ScanNote.NO_WEIGHT: mark("no weight; nothing is written"),
    ScanNote.NO_CASE_FOR_NOTE: mark("the parcel has no case yet that a note could stand on"),
    ScanNote.CODE_FOR_TEXT: mark("a waybill or barcode, where a text was asked for: nothing is written; scan it again"),
    ScanNote.NOTHING_EXPECTED: mark(
        "nothing is missing in the parcel, or nobody knows what belongs into it: scan each piece"
    ),
    ScanNote.SOME_JUDGED_FOREIGN: mark(
        "some of the missing product are graded X, and whether they are meant too is not known: nothing is booked;"
        " scan each piece"
    ),
    ScanNote.NOTHING_LACKS: mark("nothing is missing in it, as far as anybody knows; nothing is written"),
    ScanNote.NOTHING_COUNTED: mark("nothing was counted in it yet: where it is empty, scan RCMDEMPTY"),
    ScanNote.ALL_COMMANDS: mark(
        "the sheet of commands\n"
        "RCMDA RCMDB RCMDC RCMDD RCMDX: the grade of the next pieces; RCMDWRONG is X\n"
        "RCMDLOCK: the grade for the next parcels as well; RCMDPENDING: only count\n"
        "RCMDQTY3: the next piece counts as 3; RCMDALL: all that is missing\n"
        "RCMDEMPTY: nothing is in it; RCMDSHORT: the rest is not in it\n"
        "RCMDHOLD: put aside, somebody must look\n"
        "RCMDREJECT: not taken in, back with the driver\n"
        "RCMDNOTE RCMDSHELF RCMDWEIGHT: the next line is the text\n"
        "RCMDOLD: the old label on the same box, asked about or on the next line\n"
        "RCMDSN: the next line is the serial of the piece read last\n"
        "RCMDUNDO: take back; RCMDYES: book it after a stop\n"
        "RCMDSEALED RCMDOPENED: the seal is whole, or not; opened is B\n"
        "RCMDNEXT: the next parcel; RCMDEND: the end\n"
        "RCMDRECEIVE RCMDCHECK: only receive, or open and check\n"
        "RCMDDELIVERY: a driver's load; the next line is how many parcels\n"
        "RCMDCOUNT: count the stock; RCMDSHELF then says where\n"
        "RCMDSHIP: send goods of cases: the case, each piece, the waybill\n"
        "RCMDLIST: the last five; RCMDWHO: who scans; RCMDHELP: this sheet"
    ),
    ScanNote.NO_CASE_WAITS: mark("no case waits for it; put it aside"),
    ScanNote.NO_PARCEL_ON_TABLE: mark("scan the parcel first, then what is in it"),
    ScanNote.SLIP_OF_THIS_PARCEL: mark("slip of the parcel on the table"),
    ScanNote.KNOWN_NOWHERE: mark("neither a waybill nor a product nor an order known here"),
    ScanNote.WRONG_CHECK_DIGIT: mark(
        "its check digit is wrong: a barcode read wrong, or no barcode; nothing is booked, scan it again"
    ),
    ScanNote.CUT_OFF: mark(
        "begins like a carrier's waybill, but has too few or too many digits: nothing is booked, scan it again"
    ),
    ScanNote.LETTER_BEFORE: mark(
        "a waybill behind a letter that your scanner may put there: nothing is booked; type the number without it"
    ),
    ScanNote.NO_SUCH_ARTICLE: mark(
        "a barcode that no product sheet here has: nothing is booked; type the article's merchant code"
    ),
    ScanNote.NO_NUMBER_OF_OURS: mark("has the form of our own numbers, and these books did not give it"),
    ScanNote.SERIAL_NUMBER: mark(
        "looks like the serial number of a device (IMEI): nothing is booked; scan the barcode of the article"
    ),
    ScanNote.NOTHING_IN_IT: mark(
        "an address or data without a number known here: nothing is booked; scan the bars on the label"
    ),
    ScanNote.PHONE_NUMBER: mark("looks like a phone number, not a waybill: nothing is booked; scan the waybill"),
    ScanNote.NUMBER_OF_AN_AWAITED: mark(
        "our own number of a parcel that has not come yet: nothing received; scan the waybill on its label"
    ),
}
NAMING = frozenset(
    {
        ScanNote.NO_PARCEL_ON_TABLE,
        ScanNote.NUMBER_OF_AN_AWAITED,
        ScanNote.NO_CASE_FOR_NOTE,
        ScanNote.NO_OLD_LABEL,
        ScanNote.NO_GRADE_TO_LOCK,
        ScanNote.NOTHING_TO_UNDO,
        ScanNote.NOTHING_TO_CONFIRM,
        ScanNote.NO_SEAL_ASKED,
        ScanNote.NOTHING_EXPECTED,
        ScanNote.SOME_JUDGED_FOREIGN,
        ScanNote.NOTHING_LACKS,
        ScanNote.NOTHING_COUNTED,
        ScanNote.ONLY_COUNTING,
        ScanNote.ONLY_SENDING,
        ScanNote.NO_CASE_TO_PACK,
    }
)
"""Notes on codes that are known, commands too, and that book nothing as they stand."""
