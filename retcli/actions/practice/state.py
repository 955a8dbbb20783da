"""What the check of an exercise reads of the books: cases by their refund number, payouts, parcels and their pieces."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from retcli.errors import NotFound
from retcli.language import _
from retcli.models import Case, CaseLine, Inspection, Order, OrderLine, Parcel, ParcelCase, Payout
from retcli.rules.lifecycles import AT_THE_DOOR, Decision
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop
from retcli.views.practice.lacks import Lack, Missing
from retcli.views.practice.tasks import Task

BOOKS_NAME = "practice.db"
Pieces = Counter[tuple[str, str]]
"""How many pieces of a product have a grade."""


@dataclass(frozen=True)
class State:
    """The books of a practice shop, and the folder in which they lie."""

    shop: Shop
    folder: Path

    def case(self, refund: str) -> Case:
        """The case of a refund number. Raises NotFound in books that are not the packaged shop's."""
        case = self.shop.session.scalars(sa.select(Case).where(col(Case.platform_number) == refund)).first()
        if case is None:
            raise NotFound(_("There is no case {number}").format(number=refund), "retcli case list")
        return case

    def order(self, refund: str) -> Order:
        """The order of a refund number."""
        return self.shop.session.get_one(Order, self.case(refund).order_id)

    def agreed(self, case: Case) -> Money:
        """What was agreed to pay on a case."""
        lines = self.shop.session.scalars(sa.select(CaseLine).where(col(CaseLine.case_id) == case.id))
        return yuan(sum(line.agreed or 0 for line in lines))

    def lines(self, case: Case) -> list[tuple[CaseLine, str]]:
        """The lines of a case, each with its product."""
        query = sa.select(CaseLine, col(OrderLine.sku)).join(OrderLine, col(OrderLine.id) == col(CaseLine.line_id))
        return [(line, sku) for line, sku in self.shop.session.execute(query.where(col(CaseLine.case_id) == case.id))]

    def payout(self, refund: str, minor: int) -> Payout | None:
        """The last payout of a case over an amount in fen."""
        query = sa.select(Payout).where(col(Payout.case_id) == self.case(refund).id, col(Payout.minor) == minor)
        return self.shop.session.scalars(query.order_by(col(Payout.id).desc())).first()

    def parcel(self, waybill: str) -> Parcel | None:
        """The parcel under a waybill."""
        return self.shop.session.scalars(sa.select(Parcel).where(col(Parcel.waybill) == waybill)).first()

    def cases_of(self, parcel: Parcel) -> list[Case]:
        """The cases to which a parcel belongs."""
        query = sa.select(Case).join(ParcelCase, col(ParcelCase.case_id) == col(Case.id))
        return list(self.shop.session.scalars(query.where(col(ParcelCase.parcel_id) == parcel.id)))

    def parcels_of(self, case: Case) -> list[Parcel]:
        """The parcels of a case that are here."""
        query = sa.select(Parcel).join(ParcelCase, col(ParcelCase.parcel_id) == col(Parcel.id))
        query = query.where(col(ParcelCase.case_id) == case.id, col(Parcel.state).in_(AT_THE_DOOR))
        return list(self.shop.session.scalars(query))

    def pieces(self, parcels: list[Parcel]) -> Pieces:
        """The pieces with their grades that inspections found in parcels, without what was taken back."""
        ids = [parcel.id for parcel in parcels]
        found: Pieces = Counter()
        for row in self.shop.session.scalars(sa.select(Inspection).where(col(Inspection.parcel_id).in_(ids))):
            found[(row.sku, row.grade)] += row.quantity
        return +found


@dataclass(frozen=True)
class Rule:
    """An exercise of a role: what fills its text, and what of it is missing in the books."""

    task: Task
    about: Callable[[State], Mapping[str, str]]
    missing: Callable[[State], Iterator[Missing]]


def yuan(minor: int) -> Money:
    """An amount of fen."""
    return Money(minor, "CNY")


def lacks(lack: Lack, command: str = "", **about: object) -> Missing:
    """What is missing, with the command that mends it."""
    return Missing(lack, command, about)


def decided(case: Case, wanted: Decision) -> Iterator[Missing]:
    """What is missing until a case is decided as it should be: agreed to or turned down."""
    agree, turn_down = f"retcli case approve {case.number}", f"retcli case reject {case.number} --because TEXT"
    command = agree if wanted == Decision.APPROVED else turn_down
    if case.decision == wanted:
        return
    if case.decision == Decision.WITHDRAWN:
        command = f"retcli case reopen {case.number}"
    kinds = {Decision.REQUESTED: Lack.UNDECIDED, Decision.WITHDRAWN: Lack.WITHDRAWN}
    other = Lack.REFUSED if wanted == Decision.APPROVED else Lack.AGREED
    yield lacks(kinds.get(Decision(case.decision), other), command, case=case.number)
