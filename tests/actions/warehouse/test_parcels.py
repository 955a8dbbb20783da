"""Parcels that a person expects, matches and inspects by hand."""

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import COMING_BACK, Kind
from tests.shopfloor import Books
from tests.warehouse import Table, returning

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


def test_a_parcel_with_pieces_that_wait_is_not_listed_as_inspected(books: Books) -> None:
    """判过 1 件、还有 1 件没判：状态是「部分验货」，列在已收件里，不列在已验货里；判完才算已验货。"""
    books.hire()
    books.product("CUP")
    returning(books, ORDER, ("CUP", 2, 8000), waybill=WAYBILL)
    table = Table(books)
    table.scan(WAYBILL, "CUP", "RCMDUNDO")
    assert books.do(parcels.list_parcels).parcels[0].contents == (), "what was taken back is no ×0"
    table.scan("CUP", "RCMDPENDING", "CUP", "RCMDA", "CUP")

    def listed(state: str) -> list[str]:
        return [parcel.stage for parcel in books.do(parcels.list_parcels, state=state).parcels]

    assert (listed("received"), listed("inspected")) == (["partly inspected"], [])
    assert books.do(parcels.list_parcels).parcels[0].next == "retcli scan"
    table.scan("CUP")
    assert (listed("received"), listed("inspected")) == ([], ["inspected"])
