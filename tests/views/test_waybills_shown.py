"""A waybill tells parcels apart and reaches nobody: it is shown whole wherever it stands; a telephone number is not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, decisions
from retcli.actions.shop import orders
from retcli.actions.warehouse import parcel_candidates, parcels
from retcli.errors import WrongCommand
from retcli.models import Order
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views import masking
from retcli.views.freetext import Person, numbers
from tests.shopfloor import Books

LIKE_PHONES = [
    "JDVA02345678911", "JDVA01088123456", "JDX13912345678", "JD13912345678", "YD13712345678", "YT13812345678",
    "SF13812345678", "SF13812345679", "JT13812345678", "DPK13812345678", "ZTO13812345678", "STO13912345678",
]  # fmt: skip
"""Letters of a carrier, and digits that would be a telephone number by themselves."""


@pytest.mark.parametrize("waybill", LIKE_PHONES)
def test_a_waybill_is_read_whole_in_a_column_and_in_a_text(waybill: str) -> None:
    buyer = Person("tb云朵", "欧阳金铃", "13987654321", "浙江省杭州市西湖区文三路478号3幢502室")
    assert masking.waybill(waybill) == waybill
    for text in (waybill, f"单号{waybill}，京东", f"已寄 {waybill}", f"{waybill}、{waybill}", f"退件：{waybill}-1-1-"):
        assert numbers(text) == text
        assert buyer.hide(text) == text


@pytest.mark.parametrize("waybill", ["ABC13812345678", "KY13812345678", "773187945217235", "ZZ02345678911", "自提", ""])
def test_a_column_of_waybills_shows_those_of_every_carrier(waybill: str) -> None:
    assert masking.waybill(waybill) == waybill


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("13812345678", "138****5678"),
        ("8613812345678", "138****5678"),
        ("张三13812345678", "张三138****5678"),
        ("138-1234-5678", "138****5678"),
    ],
)
def test_a_telephone_number_is_no_waybill(written: str, shown: str) -> None:
    assert masking.waybill(written) == shown


@pytest.mark.parametrize(
    "before", ["", "电话", "tel", "TEL", "A", "XY", "ABC", "联系我", "mobile:", "SF ", "JD:", "京东SF、", "x"]
)
@pytest.mark.parametrize("behind", ["", "急", " SF13812345678", "，谢谢"])
def test_a_telephone_number_stays_hidden_in_texts(before: str, behind: str) -> None:
    assert numbers(f"{before}13987654321{behind}") == f"{before}139****4321{behind}"


def test_the_buyers_own_number_is_hidden_behind_any_letters() -> None:
    assert "13987654321" not in Person(phone="13987654321").hide("打SF13987654321")


def test_two_parcels_of_a_case_are_told_apart_everywhere(books: Books) -> None:
    books.hire()
    books.order("2850000000000000091", ("TS-L", 1, 1000))
    with opened(books.asked()) as shop:
        shop.session.execute(sa.update(Order).values(waybill="YD13712345678"))
    case = books.do(decisions.open_case, "2850000000000000091", kind=Kind.RETURN, reason="B_7D").number
    books.do(decisions.approve, case)
    both = ["JDVA02345678911", "JDVA02345678922"]
    shown = [books.do(parcels.expect_by_hand, case, waybill).waybill for waybill in both]
    assert shown == both
    assert [view.waybill for view in books.do(parcels.list_parcels).parcels] == both
    assert list(books.do(case_cards.show, case).goods_moving.parcels) == both
    order = books.do(orders.show, "2850000000000000091")
    assert (order.waybill, order.waybills) == ("YD13712345678", ("YD13712345678",))
    with pytest.raises(WrongCommand) as refused:
        books.do(parcel_candidates.candidates, case)
    assert refused.value.hint == ", ".join(both)
