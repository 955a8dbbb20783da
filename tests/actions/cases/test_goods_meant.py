"""What an exchange is to bring, and how many pieces are sent again: named, or asked for."""

from typing import Any

import pytest
from sqlmodel import col, select

from retcli.actions.cases import case_cards, changes, decisions
from retcli.actions.imports.merging import Source
from retcli.actions.imports.refunds import refund_report
from retcli.database.staging.stages import StagedRow
from retcli.errors import NotFound, WrongCommand
from retcli.models import Order, OrderLine
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from tests.shopfloor import Books

ORDER, OTHER = "2850000000000000741", "2850000000000000742"
OPTIONS: dict[str, Any] = {"kind": Kind.EXCHANGE, "reason": "SZ_FIT"}


def shoes(books: Books, *, sheet: bool) -> None:
    """Two pairs of shoes sold in 38 and 39, one of them bought here; with or without a product sheet."""
    books.order(ORDER, ("SHOE-A38", 1, 9900))
    books.order(OTHER, ("SHOE-A39", 1, 9900))
    with_variant(books, {ORDER: "颜色:红;尺码:38", OTHER: "颜色:红;尺码:39"})
    if sheet:
        for sku in ("SHOE-A38", "SHOE-A39", "SHOE-A40"):
            books.product(sku, price=9900)


def with_variant(books: Books, variants: dict[str, str]) -> None:
    with opened(books.asked()) as shop:
        for number, variant in variants.items():
            order = shop.session.exec(select(Order).where(col(Order.number) == number)).one()
            for line in shop.session.exec(select(OrderLine).where(col(OrderLine.order_id) == order.id)):
                line.variant, line.title = variant, "小白鞋"


@pytest.mark.parametrize("sheet", [True, False])
def test_a_size_is_the_product_in_that_size(books: Books, sheet: bool) -> None:
    shoes(books, sheet=sheet)
    view = books.do(decisions.open_case, ORDER, want=["39"], **OPTIONS)
    assert [line.want for line in view.lines] == ["SHOE-A39"]


@pytest.mark.parametrize("sheet", [True, False])
@pytest.mark.parametrize("size", ["44", "XXL", "3XL"])
def test_a_size_that_the_product_never_had_is_refused_with_the_nearest(books: Books, size: str, sheet: bool) -> None:
    shoes(books, sheet=sheet)
    with pytest.raises(NotFound, match=rf"There are no goods {size}") as refused:
        books.do(decisions.open_case, ORDER, want=[size], **OPTIONS)
    assert "SHOE-A38" in str(refused.value.hint)


def test_without_product_sheets_a_merchants_code_is_believed(books: Books) -> None:
    shoes(books, sheet=False)
    view = books.do(decisions.open_case, ORDER, want=["SHOE-A41"], **OPTIONS)
    assert [line.want for line in view.lines] == ["SHOE-A41"]


def test_of_several_pieces_it_is_said_how_many_are_sent_again(books: Books) -> None:
    books.order(ORDER, ("CUP", 3, 9000), ("LID", 1, 1000))
    options: dict[str, Any] = {"kind": Kind.RESEND, "reason": "W_SHORT"}
    with pytest.raises(WrongCommand, match="CUP has 3 pieces: say how many"):
        books.do(decisions.open_case, ORDER, lines=["CUP"], **options)
    view = books.do(decisions.open_case, ORDER, lines=["CUP=1", "LID"], **options)
    assert [line.quantity for line in view.lines] == [1, 1]


@pytest.mark.parametrize(("reason", "pieces"), [("W_SHORT", 0), ("Q_FUNC", 0), ("L_LOST", 3), ("L_NOTRACK", 3)])
def test_where_no_line_is_named_it_is_asked_how_many(books: Books, reason: str, pieces: int) -> None:
    """Of what never arrived all is sent again; of anything else a piece may be meant, or all three."""
    books.order(ORDER, ("CUP", 3, 9000))
    if pieces:
        view = books.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason=reason)
        assert [line.quantity for line in view.lines] == [pieces]
        return
    with pytest.raises(WrongCommand, match="CUP has 3 pieces: say how many") as refused:
        books.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason=reason)
    assert refused.value.hint == "--line CUP=1"


def test_lines_of_a_piece_each_need_no_naming(books: Books) -> None:
    books.order(ORDER, ("CUP", 1, 9000), ("LID", 1, 1000))
    view = books.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason="W_SHORT")
    assert [line.quantity for line in view.lines] == [1, 1]


@pytest.mark.parametrize("was", [Kind.INQUIRY, Kind.ALLOWANCE])
def test_a_question_that_becomes_a_resend_says_how_many_too(books: Books, was: Kind) -> None:
    books.order(ORDER, ("CUP", 3, 9000))
    case = books.do(decisions.open_case, ORDER, kind=was, reason="W_SHORT").number
    with pytest.raises(WrongCommand, match="CUP has 3 pieces: say how many") as refused:
        books.do(changes.change, case, kind="resend", because="one is missing")
    assert refused.value.hint == "--line CUP=1"
    view = books.do(changes.change, case, kind="resend", lines=["CUP=1"], because="one is missing")
    assert [line.quantity for line in view.lines] == [1]


@pytest.mark.parametrize(("named", "pieces", "verdict"), [({"quantity": 1}, 1, "yes"), ({}, 3, "person")])
def test_the_platforms_list_sends_again_what_it_names(
    books: Books, named: dict[str, int], pieces: int, verdict: str
) -> None:
    """One of three cups; where the list does not say how many, a person does."""
    books.order(ORDER, ("CUP", 3, 9000))
    values = {"refund": "R1", "order": f"{ORDER}1", "sku": "CUP", "amount": 0, "kind": "resend", "reason": "W_SHORT",
              "status": "requested", **named}  # fmt: skip
    with opened(books.asked()) as shop:
        tally = refund_report.merge(shop, Source(1, "taobao", ""), [StagedRow(1, ORDER, "R1", values)])
    assert tally.added == 1, tally.faults
    view = books.do(case_cards.show, "R1")
    units = next(each for each in view.judgement.findings if each.rule == "units")
    assert ([line.quantity for line in view.lines], str(units.answer)) == ([pieces], verdict)
