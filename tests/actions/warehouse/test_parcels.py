"""Parcels that a person expects, matches and inspects by hand."""

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import COMING_BACK, Kind
from tests.shopfloor import Books

ORDER, WAYBILL = "2850000000000000001", "YT5260493176849"
REASONS = {Kind.REFUND_ONLY: "Q_LOOK", Kind.RESEND: "W_SHORT", Kind.ALLOWANCE: "Q_LOOK", Kind.INQUIRY: "I_INVOICE"}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in COMING_BACK])
def test_no_parcel_is_expected_where_nothing_comes_back(books: Books, kind: Kind) -> None:
    books.order(ORDER, ("TS-L", 1, 9397))
    case = books.do(decisions.open_case, ORDER, kind=kind, reason=REASONS[kind]).number
    with pytest.raises(Refused, match=f"Nothing comes back for {case}"):
        books.do(parcels.expect_by_hand, case, WAYBILL)
    assert books.rows("SELECT waybill FROM parcels") == []
    books.check()
