"""What a parcel weighs beside what it should."""

from dataclasses import dataclass

from retcli.language import _, clauses
from retcli.rules.warehouse.weights import Basis, Expected
from retcli.views.documents import Documented


@dataclass(frozen=True)
class ParcelWeight(Documented):
    """What a parcel weighed at the door, in grams (None where nobody weighed it), and what it should weigh (None where
    nobody knows), `by` what that is known; whether it is too `light` to be opened without a photograph.
    """

    KEYS = ("weighed", "expected", "by", "light")

    weighed: int | None
    should: Expected | None = None

    @property
    def expected(self) -> int | None:
        """What it should weigh, in grams."""
        return self.should.grams if self.should else None

    @property
    def by(self) -> str:
        """By what that is known; "" where it is not."""
        return str(self.should.basis) if self.should else ""

    @property
    def light(self) -> bool:
        """Whether it is too light for what should be in it."""
        return self.weighed is not None and self.should is not None and self.should.lacks(self.weighed)

    def sentence(self) -> str:
        """Both weights; "" where nobody weighed it."""
        if self.weighed is None:
            return ""
        weighs = _("{n} g").format(n=self.weighed)
        if self.should is None:
            return weighs
        text = _("by its articles some {n} g are expected")
        if self.should.basis == Basis.SENT:
            text = _("its order says {n} g")
        light = _("too light: under 60 %") if self.light else ""
        return clauses(filter(None, [weighs, text.format(n=self.should.grams), light]))
