"""What `pay refund --all-due --dry-run` lists is what would really be decided, each at its turn and in the same words:
for each limit of the door the trial and the real run have the same rows.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from retcli.actions.cases import decisions
from retcli.actions.warehouse import inspection, parcels
from retcli.rules.lifecycles import Kind
from tests.actions.casefile.test_refunded_by_word import sold_at_pdd
from tests.actions.insight.month.test_order_file_refunds import exported
from tests.actions.money.test_paid_less_there import agreed
from tests.actions.orderfile.test_refunded_on_platform import after
from tests.reports import SUCCEEDED, Folder, sold, take, take_one
from tests.shopfloor import AGENT, MANAGER, WAREHOUSE, Books
from tests.terminal import Desk

NUMBER = "2850000000000000991"
ORDER = sold(NUMBER, ("A", 1, 3000), ("B", 1, 2500))
Row = tuple[str, int, str]


def cut(books: Books, order: str, minor: int) -> str:
    """A price cut that a manager agreed to; nobody has decided its refund."""
    options: dict[str, Any] = {"kind": Kind.ALLOWANCE, "reason": "Q_LOOK", "amount": minor}
    number = books.do(decisions.open_case, order, **options).number
    books.do(decisions.approve, number, waive=["evidence"], because="seen", by=MANAGER)
    return number


def _lesser(books: Books, folder: Folder) -> list[Row]:
    """30.00, 10.00 and 5.00 of 55.00; then a file says that 40.00 was paid: nothing is left for the third."""
    take(books, *folder.both(ORDER))
    for minor in (3000, 1000, 500):
        cut(books, NUMBER, minor)
    take(books, folder.orders(replace(ORDER, paid=4000)))
    return [("1", 3000, "due"), ("2", 1000, "due"), ("3", 500, "")]


def _lesser_passed_over(books: Books, folder: Folder) -> list[Row]:
    """30.00, 15.00 and 10.00: the second does not fit into the 40.00, and the third does."""
    take(books, *folder.both(ORDER))
    for minor in (3000, 1500, 1000):
        cut(books, NUMBER, minor)
    take(books, folder.orders(replace(ORDER, paid=4000)))
    return [("1", 3000, "due"), ("2", 1500, ""), ("3", 1000, "due")]


def _gone_by_file(books: Books, folder: Folder) -> list[Row]:
    """Of 55.00 the order file says that 30.00 went back, then 37.00: since each was agreed to."""
    order = sold(NUMBER, ("A", 1, 5500))
    take(books, *folder.both(order))
    take(books, *folder.both(after(order, 3000)))
    for minor in (1500, 500, 500):
        cut(books, NUMBER, minor)
    take(books, *folder.both(after(order, 3700)))
    return [("1", 1500, ""), ("2", 500, ""), ("3", 500, "")]


def _alone(books: Books, _folder: Folder) -> list[Row]:
    """An agent lets 30.00 of an order go alone: 20.00 and 10.00, and a fen waits for a second person."""
    books.order(NUMBER, ("A", 1, 9000))
    for minor in (2000, 1000, 1):
        cut(books, NUMBER, minor)
    return [("1", 2000, "due"), ("2", 1000, "due"), ("3", 1, "waiting")]


def _went_back(books: Books, folder: Folder) -> list[Row]:
    """Money went back there since the first was decided; the other order's is paid."""
    line = {"Name": "#glow1", "Total": "127.95", "Refunded Amount": "0.00"}
    take_one(books, exported(folder.path / "sold.csv", line))
    cut(books, "#glow1", 1999)
    books.order(NUMBER, ("A", 1, 9000))
    cut(books, NUMBER, 1000)
    take_one(books, exported(folder.path / "told.csv", line | {"Refunded Amount": "19.99"}))
    return [("1", 1999, ""), ("2", 1000, "due")]


def _by_word(books: Books, folder: Folder) -> list[Row]:
    """The order file says that money went back, and not how much."""
    take_one(books, sold_at_pdd(folder.path / "pdd.csv"))
    cut(books, "261117-100000000000002", 3490)
    return [("1", 3490, "")]


def _another_amount(books: Books, folder: Folder) -> list[Row]:
    """The platform paid 45.00 of the 50.00 that were agreed: nobody has answered, and the rest waits."""
    wish = agreed(books, folder)
    at = books.at.replace(tzinfo=None)
    take(books, folder.refunds(replace(wish, amount=4500, status=SUCCEEDED, finished_at=at)))
    return [("1", 500, "")]


def _doubtful_goods(books: Books, _folder: Folder) -> list[Row]:
    """Of two returns one came back broken: a person looks at it by itself."""
    for place, grade in enumerate("DA", 1):
        order = books.order(f"{NUMBER}{place}", ("TS-M", 1, 1000 * place))
        case = books.do(decisions.open_case, order, kind=Kind.RETURN, reason="B_7D").number
        books.do(decisions.approve, case, by=MANAGER)
        books.do(parcels.expect_by_hand, case, f"SF162004117336{place}")
        books.do(inspection.inspect, f"SF162004117336{place}", [inspection.parse_item(f"TS-M=1:{grade}")], by=WAREHOUSE)
    return [("1", 1000, ""), ("2", 2000, "due")]


LIMITS: dict[str, tuple[Callable[[Books, Folder], list[Row]], str]] = {
    "lesser": (_lesser, MANAGER),
    "lesser, passed over": (_lesser_passed_over, MANAGER),
    "gone by the order file": (_gone_by_file, MANAGER),
    "alone": (_alone, AGENT),
    "went back": (_went_back, MANAGER),
    "by word": (_by_word, MANAGER),
    "another amount": (_another_amount, MANAGER),
    "doubtful goods": (_doubtful_goods, MANAGER),
}


def rows(listed: list[dict[str, Any]]) -> list[Row]:
    """The last digit of each case, its fen, the state that its payout has (nothing where it is stopped)."""
    return sorted((each["case"][-1], each["money"]["minor"], each.get("state", "")) for each in listed)


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_tried_is_what_is_done(books: Books, folder: Folder, limit: str) -> None:
    build, who = LIMITS[limit]
    if "agreed" not in build.__code__.co_names:
        books.hire()
    expected = build(books, folder)
    desk = Desk(books.database, at=books.at, by=who)
    before = books.rows("SELECT number, state FROM payouts ORDER BY id")
    events = books.value("SELECT COUNT(*) FROM events")
    stops = any(not state for _case, _minor, state in expected)
    tried = desk.read("pay", "refund", "--all-due", "--dry-run", code=3 if stops else 0)
    assert rows([*tried["payments"], *tried["stopped"]]) == expected
    assert books.rows("SELECT number, state FROM payouts ORDER BY id") == before, "nothing is decided by a trial"
    assert books.value("SELECT COUNT(*) FROM events") == events
    if not tried["payments"]:
        return
    waits = any(state == "waiting" for _case, _minor, state in expected)
    done = desk.read("pay", "refund", "--all-due", "--yes", code=3 if stops or waits else 0)
    assert rows([*done["payouts"], *done["skipped"]]) == expected
    assert [(each["case"], each["why"]) for each in done["skipped"]] == [
        (each["case"], each["why"]) for each in tried["stopped"]
    ]
    books.check()


def test_each_alone_is_refused_in_the_same_words(books: Books, folder: Folder) -> None:
    """What the trial says of the third is what the third is told."""
    books.hire()
    _lesser(books, folder)
    desk = Desk(books.database, at=books.at, by=MANAGER)
    (stopped,) = desk.read("pay", "refund", "--all-due", "--dry-run", code=3)["stopped"]
    desk.read("pay", "refund", "--all-due", "--yes", code=3)
    assert desk.refused("pay", "refund", stopped["case"]) == stopped["why"]


def test_what_waits_for_a_second_person_is_said_before(books: Books, folder: Folder) -> None:
    books.hire()
    _alone(books, folder)
    desk = Desk(books.database, at=books.at, by=AGENT)
    shown = desk.type("pay", "refund", "--all-due", "--dry-run").out
    assert "3 refunds, 30.01 in all" in shown
    assert "1 will wait for a second person, 0.01" in shown
