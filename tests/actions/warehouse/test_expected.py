"""A waybill that a buyer names: a parcel waits under it, where it is one."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse import parcels
from retcli.errors import Refused
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
