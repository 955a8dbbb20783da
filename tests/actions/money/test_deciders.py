"""Who decided: a person by name, a rule by its version, or the platform; and which kind of actor an event is of."""

import json
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa

from retcli.actions.cases import case_cards, decisions
from retcli.actions.shop import policies
from retcli.database import engine
from retcli.database.migrations import versions
from retcli.rules.lifecycles import Kind
from tests.reports import CLOSED, REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, Books

FIRST, SECOND, THIRD = (f"28500000000000006{n:02d}" for n in range(3))


def deciders(books: Books) -> list[tuple[str, ...]]:
    """Decision, who, as what, and the reason that was given, of every case by its order."""
    return [
        tuple(row)
        for row in books.rows(
            "SELECT c.decision, c.decided_by, c.decided_as, c.because FROM cases c"
            " JOIN orders o ON o.id = c.order_id ORDER BY o.number"
        )
    ]


def actors(books: Books, action: str) -> list[str]:
    """The kinds of actor of the events of an action, oldest first; a person's carry none."""
    rows = books.rows("SELECT payload FROM events WHERE action = :action ORDER BY seq", action=action)
    return [json.loads(payload).get("actor", "person") for (payload,) in rows]


def test_a_person_a_rule_and_the_platform_are_told_apart(books: Books, folder: Folder, tmp_path: Path) -> None:
    """Three refunds: one in line with the shop's rule, one already agreed to on the platform, one for a person."""
    books.hire()
    file = tmp_path / "policy.toml"
    file.write_text(
        'version = "plain"\nfrom = 2026-11-09\n'
        '[[auto_approve]]\nkinds = ["refund-only"]\nunshipped = true\nmost = "100.00"',
        encoding="utf-8",
    )
    books.do(policies.load, file)
    orders = [unsent(sold(number, ("TS-L", 1, cash))) for number, cash in ((FIRST, 9000), (SECOND, 30000))]
    returned = sold(THIRD, ("TS-M", 1, 8000))
    take(books, *folder.both(*orders, returned))
    take(books, folder.refunds(
        *(asked_back(f"R{o.number}", o, cash, kind="仅退款", status=REQUESTED, goods="买家未收到货",
                     applied_at=datetime(2026, 11, 9, 9, 0))
          for o, cash in zip(orders, (9000, 30000), strict=True)),
        asked_back("R3", returned, 8000, status="卖家已经同意退款，等待买家退货"),
    ))  # fmt: skip
    books.do(decisions.approve, f"R{SECOND}", because="老客", by=MANAGER)
    assert deciders(books) == [
        ("approved", "plain", "rule", ""),
        ("approved", MANAGER, "person", "老客"),
        ("approved", "taobao", "platform", ""),
    ]
    assert actors(books, "approve") == ["rule", "import", "person"]
    assert set(actors(books, "import")) == {"import"}
    shown = books.do(case_cards.show, f"R{FIRST}").document()["case"]["decided"]
    assert (shown["by"], shown["as"]) == ("plain", "rule")
    books.check()


@pytest.mark.parametrize(("status", "decision"), [(CLOSED, "withdrawn"), ("卖家拒绝退款", "rejected")])
def test_what_ends_on_the_platform_was_ended_by_the_platform(
    sqlite_books: Books, folder: Folder, status: str, decision: str
) -> None:
    order = sold(FIRST, ("TS-L", 1, 9000))
    take(sqlite_books, *folder.both(order))
    take(sqlite_books, folder.refunds(asked_back("R1", order, 9000, status=REQUESTED)))
    take(sqlite_books, folder.refunds(asked_back("R1", order, 9000, status=status)))
    assert deciders(sqlite_books) == [(decision, "taobao", "platform", "")]


def test_an_undone_decision_was_made_by_nobody(books: Books) -> None:
    books.hire()
    books.order(FIRST, ("TS-L", 1, 9000))
    case = books.do(decisions.open_case, FIRST, kind=Kind.RETURN, reason="B_7D")
    assert deciders(books) == [("requested", "", "", "")]
    books.do(decisions.reject, case.number, because="看不清", by=AGENT)
    assert deciders(books) == [("rejected", AGENT, "person", "看不清")]
    books.do(decisions.withdraw, case.number, by=MANAGER)
    assert deciders(books) == [("withdrawn", MANAGER, "person", "")]


def test_older_books_learn_who_decided(books: Books) -> None:
    """The words that stood in place of a reason move over, people's are named by their events."""
    books.hire()
    for number in (FIRST, SECOND, THIRD):
        books.order(number, ("TS-L", 1, 9000))
        case = books.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D")
        books.do(decisions.approve, case.number, by=AGENT)
    with engine.engine(books.database).begin() as connection:
        change = "UPDATE cases SET decided_by = '', decided_as = '', policy = 'v2', because = :because WHERE id = :id"
        for place, because in ((1, "platform"), (2, "policy"), (3, "说好了")):
            connection.execute(sa.text(change), {"because": because, "id": place})
        (revision,) = (path.stem for path in Path(versions.__path__[0]).glob("*_deciders.py"))
        import_module(f"{versions.__name__}.{revision}").move_over(connection)
    assert deciders(books) == [
        ("approved", "taobao", "platform", ""),
        ("approved", "v2", "rule", ""),
        ("approved", AGENT, "person", "说好了"),
    ]
