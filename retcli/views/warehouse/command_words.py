"""The words for the commands of the scan loop, as they stand on the sheet beside the bench."""

import re

from retcli.language import _, mark
from retcli.rules.warehouse.ids import COMMAND

WORDS = {
    "A": (mark("A as new"), mark("the next pieces get this grade")),
    "B": (mark("B opened"), mark("the next pieces get this grade")),
    "C": (mark("C defective"), mark("the next pieces get this grade")),
    "D": (mark("D scrap"), mark("the next pieces get this grade")),
    "X": (mark("X of another order"), mark("the next pieces get this grade")),
    "WRONG": (mark("wrong goods"), mark("the next pieces are of another order: X")),
    "PENDING": (mark("only count"), mark("the next pieces get no grade")),
    "LOCK": (mark("keep the grade"), mark("it stays for the next parcels")),
    "UNDO": (mark("take back"), mark("the last that was done")),
    "YES": (mark("confirm it"), mark("books it after a stop")),
    "SEALED": (mark("seal whole"), mark("answers the question about a seal: whole")),
    "OPENED": (mark("seal broken"), mark("answers the question about a seal: opened, graded B")),
    "EMPTY": (mark("empty box"), mark("nothing is in it")),
    "REJECT": (mark("refuse at the door"), mark("not taken in, back with the driver")),
    "NEXT": (mark("next parcel"), mark("clears the table")),
    "END": (mark("the end"), mark("clears the table and ends the round")),
    "SHELF": (mark("shelf"), mark("the next line says where it is put")),
    "WEIGHT": (mark("weight"), mark("the next line says what it weighs")),
    "NOTE": (mark("note"), mark("the next line is the note")),
    "SN": (mark("serial number"), mark("the next line is that of the piece read last")),
    "OLD": (mark("old label"), mark("the next line is the old waybill on the same box")),
    "DELIVERY": (mark("driver's load"), mark("the next line says how many parcels")),
    "RECEIVE": (mark("receive"), mark("parcels are only received")),
    "CHECK": (mark("check"), mark("parcels are opened and checked")),
    "COUNT": (mark("count the stock"), mark("each piece that is read is counted")),
    "SHIP": (mark("send goods of cases"), mark("the case, each piece, then the waybill")),
    "ALL": (mark("all"), mark("all that is missing is there")),
    "SHORT": (mark("short"), mark("the rest is not in it")),
    "HOLD": (mark("put aside"), mark("somebody must look at it")),
    "LIST": (mark("the last five"), mark("what was read, and what came of it")),
    "WHO": (mark("who scans"), mark("who stands here, what lies on the table")),
    "HELP": (mark("help"), mark("all commands on the screen")),
}
"""By what stands behind ``RCMD``: the name, and what it does."""
_SEVERAL = re.compile(rf"{COMMAND}QTY(\d+)")


def of_command(code: str) -> tuple[str, str]:
    """The name of a command, and what it does, in the reader's language; a code without words names itself."""
    if several := _SEVERAL.fullmatch(code):
        return _("×{n}").format(n=several[1]), _("the next piece counts as {n}").format(n=several[1])
    short = code.removeprefix(COMMAND)
    name, does = WORDS.get(short, (short, ""))
    return (_(name), _(does)) if does else (name, "")
