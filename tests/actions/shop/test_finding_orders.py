"""An order or a case is found by what a buyer says on the phone: the end of a number, goods, a nickname."""

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from retcli.actions.cases import case_cards, decisions, offers
from retcli.actions.shop import orders
from retcli.actions.warehouse import parcels
from retcli.errors import Ambiguous, NotFound
from retcli.models import Case, Order, OrderLine, OrderWaybill
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import Books
from tests.terminal import Desk

MEANT, OTHER = "2850000000000047123", "2850000000000058234"
OUT, FURTHER, BACK = "SF1446000061935", "YT8830000029416", "JT5300000073508"
REFUND, PHONE = "190000000000084627", "13900004321"
NICK = "tb小雨2019"


@pytest.fixture
def shop(books: Books) -> Books:
    """Two orders that have nothing in common; the first with two waybills, a refund, a parcel back, a phone, a nick."""
    for number, nick, phone in ((MEANT, NICK, PHONE), (OTHER, "abc_红太阳", "13800005678")):
        books.order(number, (f"TS-{number[-2:]}", 1, 9900), buyer=nick, phone=phone, phone_tail=phone[-4:])
    case = books.do(decisions.open_case, MEANT, kind=Kind.RETURN, reason="B_7D")
    books.do(decisions.approve, case.number)
    books.do(parcels.expect_by_hand, case.number, BACK)
    with opened(books.asked()) as work:
        order = work.session.scalars(sa.select(Order).where(col(Order.number) == MEANT)).one()
        order.waybill = OUT
        work.add(OrderWaybill(order_id=order.id or 0, waybill=FURTHER))
        work.session.get_one(Case, 1).platform_number = REFUND
    return books


def found(books: Books, *typed: str) -> list[str]:
    """The numbers of the orders that are found for what was typed."""
    return [str(order["number"]) for order in books.do(orders.find, *typed).orders]


NUMBERS = {"order": MEANT, "waybill": OUT, "further waybill": FURTHER, "way back": BACK, "refund": REFUND}


@pytest.mark.parametrize("what", NUMBERS)
@pytest.mark.parametrize("length", [4, 5, 6, 10])
def test_the_end_of_each_number_finds_the_order(shop: Books, what: str, length: int) -> None:
    assert found(shop, NUMBERS[what][-length:]) == [MEANT]
    assert found(shop, f" {NUMBERS[what][-length:].lower()} ") == [MEANT]


@pytest.mark.parametrize("what", NUMBERS)
@pytest.mark.parametrize("length", [4, 7])
def test_the_end_of_each_number_shows_its_case(shop: Books, what: str, length: int) -> None:
    assert shop.do(case_cards.show, NUMBERS[what][-length:]).order == MEANT


def test_four_digits_are_a_phones_and_a_numbers_end(shop: Books) -> None:
    """The end of one order's number is the end of another buyer's phone: both are shown."""
    shop.order("2850000000000064321", ("TS-X", 1, 9900))
    assert sorted(found(shop, "4321")) == sorted([MEANT, "2850000000000064321"])
    assert found(shop, PHONE) == [MEANT]


@pytest.mark.parametrize("typed", ["123", "47124", "zzzz"])
def test_what_is_no_end_of_anything_finds_nothing(shop: Books, typed: str) -> None:
    assert found(shop, typed) == []


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [("商品TS-23", [MEANT]), ("ts-34", [OTHER]), ("商品 23", [MEANT]), ("商品", [OTHER, MEANT]), ("商品 蓝", [])],
)
def test_words_for_goods_find_what_was_ordered_of_late(shop: Books, typed: str, numbers: list[str]) -> None:
    assert found(shop, typed) == numbers
    shop.later(days=90)
    assert found(shop, typed) == [], "sixty days back, as with --goods"


def test_the_goods_sought_are_told_by_colour_and_size_first(shop: Books) -> None:
    """A narrow column has room for 红;39, and not for the names of the attributes."""
    with opened(shop.asked()) as desk:
        line = desk.session.scalars(select(OrderLine).where(col(OrderLine.sku) == "TS-23")).one()
        line.variant = "颜色分类:红;尺码:39"
    told = Desk(shop.database, at=shop.at).type("--lang", "zh", "order", "find", "TS-23").out
    assert "红;39 商品TS-23" in told and "颜色分类" not in told


def test_a_nickname_counts_before_goods(shop: Books) -> None:
    assert found(shop, "tb小") == found(shop, NICK.upper()) == [MEANT]
    shop.order("2850000000000069999", ("TS-Y", 1, 9900), buyer="商品控")
    assert found(shop, "商品控") == ["2850000000000069999"]


@pytest.mark.parametrize("typed", [NICK, NICK.upper(), f" {NICK} ", "tb小"])
def test_a_nickname_shows_the_case(shop: Books, typed: str) -> None:
    case = shop.do(case_cards.show, typed)
    assert case.order == MEANT
    assert shop.do(case_cards.explain, typed).case == shop.do(offers.advise, typed).case == case.number


def test_a_nickname_of_two_open_cases_names_both(shop: Books) -> None:
    shop.order("2850000000000069999", ("TS-Y", 1, 9900), buyer=NICK)
    other = shop.do(decisions.open_case, "2850000000000069999", kind=Kind.RETURN, reason="B_7D")
    with pytest.raises(Ambiguous) as several:
        shop.do(case_cards.show, NICK)
    assert several.value.candidates[-1] == other.number


def test_a_name_is_not_enough_to_act_on(shop: Books) -> None:
    """Two persons may have one name: what changes a case takes a number, and says how to come by it."""
    shop.order("2850000000000069998", ("TS-Y", 1, 9900), receiver="张伟")
    case = shop.do(decisions.open_case, "2850000000000069998", kind=Kind.RETURN, reason="B_7D")
    assert shop.do(case_cards.show, "张伟").number == case.number
    with pytest.raises(NotFound) as refused:
        shop.do(decisions.approve, "张伟")
    assert refused.value.hint == "retcli case show 张伟"


def test_where_nothing_is_found_it_is_said_how_to_search(shop: Books) -> None:
    desk = Desk(shop.database)
    for typed in ("47124", "zzzz", "没有的东西"):
        answer = desk.type("--lang", "zh", "order", "find", typed)
        assert answer.code == 0
        assert "没有这样的订单" in answer.out
        assert "下一步：retcli order find --goods 红 --since 上周" in answer.out


def test_words_need_no_quotes(shop: Books) -> None:
    answer = Desk(shop.database).type("--lang", "zh", "order", "find", "商品", "23")
    assert MEANT in answer.out and OTHER not in answer.out
