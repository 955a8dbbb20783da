"""A waybill that is typed, as the buyer's or as our own: a parcel waits or left under it, where it is one."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books
from tests.warehouse import attached, returning


@pytest.mark.parametrize(
    "typed", ["13812345678", "138 1234 5678", "单号：13812345678", "１３８１２３４５６７８", "8613812345678"]
)
def test_a_telephone_number_is_no_waybill(books: Books, typed: str) -> None:
    case = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    with pytest.raises(Refused) as refused:
        books.do(parcels.expect_by_hand, case, typed)
    assert "138****5678 looks like a phone number" in refused.value.message
    assert attached(books) == []
    books.do(parcels.expect_by_hand, case, "SF13812345678")
    assert attached(books) == [("SF13812345678", case)]
    books.check()


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("", "No waybill was given"),
        (" \u3000", "No waybill was given"),
        ("138 1234 5678", "looks like a phone number"),
        ("SF1620041173366 YT5260493176849", "SF1620041173366, YT5260493176849 are several waybills"),
        ("773187945217235 773187945217236", "are several waybills"),
    ],
)
def test_one_waybill_is_typed_at_a_time(books: Books, typed: str, because: str) -> None:
    """Run together they would be a number that nobody ever finds."""
    back = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    with pytest.raises(Refused, match=because):
        books.do(parcels.expect_by_hand, back, typed)
    books.order("2850000000000000082", ("TS-L", 1, 5490))
    again = books.do(decisions.open_case, "2850000000000000082", kind=Kind.RESEND, reason="W_SHORT").number
    books.do(decisions.approve, again)
    with pytest.raises(Refused, match=because):
        books.do(decisions.ship, again, waybill=typed)
    assert attached(books) == []
    assert books.value("SELECT state FROM replacements") == "due"
    books.check()
