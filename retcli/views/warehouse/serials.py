"""Results of reading the serial number of a piece, which is no personal data and masked nowhere."""

from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, series
from retcli.views.base import when


@dataclass(frozen=True)
class CameBack:
    """A serial number that came back before: on which product, when (UTC), for which cases (by number), in which
    parcel.
    """

    serial: str
    sku: str
    at: datetime
    cases: tuple[str, ...]
    parcel: str

    def sentence(self) -> str:
        """Where and when that was; a piece comes back once."""
        text = _("{serial} came back before: {sku}, {case}, {at}. A piece comes back once: look which one lies here")
        case = series(self.cases) or self.parcel
        return text.format(serial=self.serial, sku=self.sku, case=case, at=when(self.at))


@dataclass(frozen=True)
class SerialWritten:
    """The serial number of a piece was written down."""

    serial: str
    sku: str
    parcel: str

    def sentence(self) -> str:
        """Of which piece."""
        return _("serial of {sku}: {serial}").format(sku=self.sku, serial=self.serial)


@dataclass(frozen=True)
class WhichPiece:
    """Several pieces were read at once, or none: whose serial number it is cannot be told; or the piece has one
    (`serial`).
    """

    sku: str = ""
    pieces: int = 0
    serial: str = ""

    def sentence(self) -> str:
        """What to do instead."""
        if self.serial:
            text = _("the {sku} that was read last has the serial {serial} already: RCMDUNDO takes it off")
            return text.format(sku=self.sku, serial=self.serial)
        if self.pieces:
            text = _("{n} pieces of {sku} were read at once, a serial is one piece's: RCMDUNDO, then scan each alone")
            return text.format(n=self.pieces, sku=self.sku)
        return _("no piece was graded yet whose serial it could be: scan the grade, then the piece, then RCMDSN")
