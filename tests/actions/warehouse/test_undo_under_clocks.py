"""What stands on something that is to be taken back follows from the order of entries, whatever the clock said then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from retcli.actions.cases import decisions, platform_list, undoing
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import Refused
from retcli.rules.lifecycles import Kind
from tests.actions.warehouse.test_undo import BACK, ORDER, listed
from tests.actions.warehouse.test_undo import table as table
from tests.shopfloor import AGENT, MANAGER, OWNER, WAREHOUSE
from tests.warehouse import Table, returning, stock

LATER = pytest.mark.parametrize("hours", [1, 0, -1], ids=["later", "at once", "clock set back"])


@LATER
def test_a_refund_that_left_after_it(table: Table, hours: int) -> None:
    """验货后点了退款；电脑时间往回拨了一小时：撤销照样不行，钱是在验货之后退的。"""
    listed(table.books)
    table.scan(BACK, "RCMDA", "CUP")
    table.books.at += timedelta(hours=hours)
    table.books.do(platform_list.done, [ORDER], by=AGENT)
    said = table.scan("RCMDUNDO")[0]
    assert (said.outcome, stock(table.books)) == ("stop", {("CUP", "sellable"): 1})


@LATER
def test_goods_sent_again_after_it(table: Table, hours: int) -> None:
    table.books.order(ORDER, ("CUP", 1, 8000))
    case = table.books.do(decisions.open_case, ORDER, kind=Kind.EXCHANGE, reason="B_7D", want=["PEN"]).number
    table.books.do(decisions.approve, case, by=OWNER)
    table.books.do(parcels.expect_by_hand, case, BACK)
    table.scan(BACK, "RCMDA", "CUP")
    table.books.at += timedelta(hours=hours)
    table.books.do(decisions.ship, case, waybill="SF9900000000001", by=WAREHOUSE)
    said = table.scan("RCMDUNDO")[0]
    assert (said.outcome, case in said.message) == ("stop", True)


@LATER
def test_a_decision_after_it(table: Table, hours: int) -> None:
    table.books.order(ORDER, ("CUP", 1, 8000))
    case = table.books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    table.books.do(parcels.expect_by_hand, case, BACK)
    table.books.later(minutes=1)
    table.scan(BACK, "RCMDC", "CUP")
    table.books.at += timedelta(hours=hours)
    table.books.do(decisions.approve, case, by=MANAGER)
    said = table.scan("RCMDUNDO")[0]
    assert (said.outcome, "was decided after it" in said.message) == ("stop", True)


@LATER
def test_a_decision_before_it(table: Table, hours: int) -> None:
    """先同意、后验货：即使验货时电脑时间慢了一小时，验货仍可撤销，同意不是看了验货才做的。"""
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    table.books.at += timedelta(hours=hours)
    table.scan(BACK, "RCMDA", "CUP")
    assert table.scan("RCMDUNDO")[0].outcome == "undone"


@LATER
def test_by_command_what_came_after_is_meant(table: Table, hours: int) -> None:
    """验完货又开了一张售后单，时间往回拨过：undo 不会跳过它去撤验货。"""
    returning(table.books, ORDER, ("CUP", 1, 8000), waybill=BACK)
    table.books.do(inspection.inspect, BACK, [inspection.parse_item("CUP=1:A")], by=MANAGER)
    table.books.at += timedelta(hours=hours, seconds=1)
    table.books.order("2850000000000000399", ("PEN", 1, 500))
    table.books.do(decisions.open_case, "2850000000000000399", kind=Kind.RETURN, reason="B_7D", by=MANAGER)
    with pytest.raises(Refused, match="The last that you did is"):
        table.books.do(undoing.undo, by=MANAGER)
    assert stock(table.books) == {("CUP", "sellable"): 1}
