"""A waybill that is typed, as the buyer's or as our own: a parcel waits or left under it, where it is one."""

from __future__ import annotations

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.shopfloor import Books
from tests.warehouse import Table, attached, returning


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678", "138 1234 5678", "单号：13812345678", "１３８１２３４５６７８", "8613812345678", "138-1234-5678",
        "+8613812345678", "86 138 1234 5678", "0086 138 1234 5678",
    ],
)  # fmt: skip
def test_a_telephone_number_is_no_waybill(books: Books, typed: str) -> None:
    case = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    with pytest.raises(Refused) as refused:
        books.do(parcels.expect_by_hand, case, typed)
    assert "138****5678 looks like a phone number" in refused.value.message
    assert attached(books) == []
    books.do(parcels.expect_by_hand, case, "JD13812345678")
    assert attached(books) == [("JD13812345678", case)]
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


@pytest.mark.parametrize("typed", ["010-62345678", "01062345678", "400-820-8820", "4008208820", "+1 212 555 0123"])
def test_neither_is_a_firm_s_number(books: Books, typed: str) -> None:
    books.hire()
    case = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    with pytest.raises(Refused, match="looks like a phone number") as refused:
        books.do(parcels.expect_by_hand, case, typed)
    assert typed.replace(" ", "") not in refused.value.message
    view = Table(books).scan(typed)[0]
    assert (view.outcome, books.value("SELECT COUNT(*) FROM parcels")) == ("stop", 0)
    assert typed.replace(" ", "") not in str(view.document())


def test_a_number_of_our_own_is_no_waybill(books: Books) -> None:
    books.product("TS-L", barcode="6901234567892")
    case = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    for typed, name in (
        ("6901234567892", "barcode of TS-L"),
        ("06901234567892", "barcode of TS-L"),
        ("(01)06901234567892", "barcode of TS-L"),
        ("690-1234-56789-2", "barcode of TS-L"),
        ("ts-l", "merchant code"),
        ("2850000000000000081", "2850000000000000081 is the number of an order"),
        ("28500000000000000811", "order 2850000000000000081"),
        (case, f"{case} is the number of a case"),
    ):
        with pytest.raises(Refused, match=name):
            books.do(parcels.expect_by_hand, case, typed)
    assert attached(books) == []


EXTENDED = ("13812345678-1234", "138 1234 5678 转 1234", "13812345678ext.12")
ARTICLES = ("6954767423579", "96385074", "036000291452", "16901234560012", "(01)06954767423579", "9787111123453")


@pytest.mark.parametrize("typed", [*EXTENDED, *ARTICLES])
def test_what_is_certainly_no_waybill_is_never_awaited(books: Books, typed: str) -> None:
    """带分机的虚拟号、校验位正确的条码：肯定不是运单号，说“照收”也不收。"""
    case = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    for sure in (False, True):
        with pytest.raises(Refused, match="not a waybill"):
            books.do(parcels.expect_by_hand, case, typed, sure=sure)
    assert attached(books) == []


@pytest.mark.parametrize("typed", ["356938035643809", "777777", "SF12", "1234567890", "1100000000006"])
def test_what_is_like_no_carrier_s_waybill_is_asked_about(books: Books, typed: str) -> None:
    """不像任何快递的号（IMEI、随手数字、位数不对；邮政号碰巧合得上条码校验位）：再问一次，确认了才收。"""
    case = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    with pytest.raises(Refused, match="like no carrier's") as refused:
        books.do(parcels.expect_by_hand, case, typed)
    assert f"retcli parcel expect {case} {typed} --sure" in str(refused.value.hint)
    assert attached(books) == []
    books.do(parcels.expect_by_hand, case, typed, sure=True)
    assert attached(books) == [(typed, case)]


@pytest.mark.parametrize("typed", ["1Z999AA10123456784", "BEST1234567890", "LX123456785CN", "1100000000008"])
def test_other_carriers_waybills_are_awaited_at_once(books: Books, typed: str) -> None:
    case = returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="")
    books.do(parcels.expect_by_hand, case, typed)
    assert attached(books) == [(typed, case)]


def sent_again(books: Books, number: str) -> str:
    """A case of which goods are to be sent."""
    books.order(number, ("TS-L", 1, 5490))
    case = books.do(decisions.open_case, number, kind=Kind.RESEND, reason="W_SHORT").number
    books.do(decisions.approve, case)
    return case


def test_goods_do_not_leave_under_a_waybill_of_others(books: Books) -> None:
    one, two, three = (f"285000000000000008{n}" for n in (1, 2, 3))
    back = returning(books, one, ("TS-L", 1, 5490), waybill="YT5260493176849")
    first, second = sent_again(books, two), sent_again(books, three)
    books.do(decisions.ship, first, waybill="SF1620041173366")
    for waybill, name in (("YT5260493176849", back), (f"SF{one[-12:]}", one), ("SF1620041173366", two)):
        with pytest.raises(Refused, match=name):
            books.do(decisions.ship, second, waybill=waybill)
    books.do(decisions.ship, second, waybill="SF1620041173377")
    books.check()


def test_a_return_is_not_awaited_under_another_buyer_s(books: Books) -> None:
    """One buyer's two orders come back in one parcel; another order's goods do after a look, by `parcel match`."""
    one, two, three = (f"285000000000000008{n}" for n in (1, 2, 3))
    first = returning(books, one, ("TS-L", 1, 5490), waybill="YT5260493176849", buyer="小雅")
    second = returning(books, two, ("TS-L", 1, 5490), waybill="YT5260493176849", buyer="小雅")
    third = returning(books, three, ("TS-L", 1, 5490), waybill="", buyer="阿明")
    with pytest.raises(Refused, match=first) as refused:
        books.do(parcels.expect_by_hand, third, "YT5260493176849")
    assert f"retcli parcel match PK20261109-0001 {third}" in str(refused.value.hint)
    assert [case for _waybill, case in attached(books)] == [first, second]
    books.do(parcels.match, "YT5260493176849", third)
    assert [case for _waybill, case in attached(books)] == [first, second, third]
    books.check()


def test_our_own_number_of_a_parcel_from_a_list_receives_nothing(books: Books) -> None:
    """从列表上扫到还没到的退件的本店编号：不算收件。"""
    books.hire()
    returning(books, "2850000000000000081", ("TS-L", 1, 5490), waybill="YT5260493176849")
    number = str(books.value("SELECT number FROM parcels"))
    table = Table(books)
    (said,) = table.scan(number)
    assert (said.outcome, books.value("SELECT state FROM parcels")) == ("unknown", "expected")
    assert "scan the waybill on its label" in said.message
    assert table.outcomes("YT5260493176849", number) == ["received", "duplicate"]
