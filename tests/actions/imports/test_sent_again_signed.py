"""Goods that were sent again are with the buyer once the carrier says that they were signed for."""

from __future__ import annotations

from pathlib import Path

import pytest

from retcli.actions.cases import decisions
from retcli.rules.lifecycles import Kind
from tests.actions.warehouse.test_stalled_parcels import movements
from tests.shopfloor import NOON, Books

ONE, AGAIN = "2850000000000000081", "SF1620041173366"


@pytest.fixture
def sent_again(books: Books) -> str:
    """A resend whose goods are on their way. The case's number."""
    books.hire()
    books.product("TS-L")
    books.order(ONE, ("TS-L", 1, 5490))
    case = books.do(decisions.open_case, ONE, kind=Kind.RESEND, reason="W_SHORT").number
    books.do(decisions.approve, case)
    books.do(decisions.ship, case, waybill=AGAIN)
    return str(case)


def states(books: Books) -> list[str]:
    return [state for (state,) in books.rows("SELECT state FROM replacements ORDER BY id")]


def test_a_signature_delivers_what_was_sent_again(books: Books, sent_again: str, tmp_path: Path) -> None:
    """补发的运单，快递轨迹说已签收：补发件就是已送达，售后单能完结。"""
    movements(books, tmp_path, (AGAIN, NOON, "运输中"))
    assert states(books) == ["shipped"]
    movements(books, tmp_path, (AGAIN, NOON, "已签收"))
    assert states(books) == ["delivered"]
    box = books.value("SELECT number FROM shipments WHERE state = 'delivered'")
    assert [tuple(row) for row in books.rows("SELECT subject FROM events WHERE action = 'deliver'")] == [
        (f"{sent_again}/1",),
        (box,),
    ]
    movements(books, tmp_path, (AGAIN, NOON, "已签收"))
    assert states(books) == ["delivered"]
    books.check()


def test_what_turned_round_is_signed_for_by_the_shop_and_not_delivered(
    books: Books, sent_again: str, tmp_path: Path
) -> None:
    movements(books, tmp_path, (AGAIN, NOON, "退回"), (AGAIN, NOON, "已签收"))
    assert states(books) == ["shipped"]
    assert sent_again
    books.check()
