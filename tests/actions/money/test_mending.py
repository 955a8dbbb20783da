"""Books of an earlier retcli: each outdated state of money is named by the check, with the command that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from retcli.actions.books import check as checking
from retcli.actions.casefile.records import clicked_payouts
from retcli.actions.cases import decisions, platform_list
from retcli.actions.money import beyond, mending, payouts
from retcli.actions.money.beyond import make_room
from retcli.database import engine
from retcli.errors import Refused
from retcli.transaction import opened
from retcli.views.books.breaches import MEND
from tests.actions.money.test_beyond import BIG, classes, parts, success, two_lines
from tests.actions.money.test_paid_less_there import agreed
from tests.actions.money.test_paid_once_there import money, paid, to_click, wished
from tests.actions.money.test_paid_once_there import told as reported
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, questions, take, take_one
from tests.shopfloor import AGENT, MANAGER, Books, shanghai

THERE = shanghai("2026-11-08 10:00").replace(tzinfo=None)


def written(books: Books, *statements: str) -> None:
    """What an earlier retcli wrote, told by the history as it would tell it."""
    with engine.engine(books.database).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    books.tell()


def named(books: Books) -> list[tuple[int, str, str]]:
    return [(p.invariant, p.where, p.text) for p in books.do(checking.check).problems]


def mended(books: Books) -> list[tuple[str, str, str, int]]:
    return [(m.kind, m.case, m.what, m.amount.minor) for m in books.do(mending.mend, by=MANAGER).mended]


def verified_and_failed(books: Books, folder: Folder) -> tuple[str, str]:
    """50.00 clicked, 45.00 paid there: an earlier retcli took the click for seen. The case, and the payout that failed.

    The click is verified by its lifecycle before what it pays fails, as the older program did it.
    """
    wish = agreed(books, folder)

    def verify(shop: Any) -> Any:
        from retcli.actions.casefile.records.platform_clicks import clicks
        from retcli.models import Case
        from retcli.rules.lifecycles import PLATFORM_ACTION, ActionState
        from retcli.views.base import Said

        case = shop.session.scalars(sa.select(Case)).one()
        for click in clicks(shop, case, ActionState.DONE):
            shop.move(click, f"{case.number}/{click.action}", PLATFORM_ACTION, "verify")
        return Said("")

    books.do(verify)
    take(books, folder.refunds(replace(wish, amount=4500, status=SUCCEEDED, finished_at=THERE)))
    return books.value("SELECT number FROM cases"), books.value("SELECT number FROM payouts ORDER BY id")


def test_a_click_that_counts_as_seen_while_its_payout_failed(books: Books, folder: Folder) -> None:
    case, failed = verified_and_failed(books, folder)
    text = f"the click that paid 50.00 counts as seen on the platform, and {failed} failed; next: {MEND}"
    assert named(books) == [(6, case, text)]
    assert mended(books) == [("click", case, failed, 5000)]
    assert books.rows("SELECT action, state FROM platform_actions") == [("agree_refund", "dropped")]
    assert mended(books) == []
    books.check()


def behind(books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, Any]:
    """44.00 let go and clicked, then another 44.00 by the original route, as an earlier retcli allowed it: the case,
    the second payout, and the wish.
    """
    from retcli.actions.warehouse import inspection
    from tests.shopfloor import WAREHOUSE

    wish = wished(books, folder)
    for again in (False, True):
        books.do(inspection.inspect, "R1", [inspection.parse_item("TS-L=1:A")], more=True, by=WAREHOUSE)
        with monkeypatch.context() as older:
            if again:
                older.setattr(payouts, "spent_there", lambda _held: False)
                older.setattr(clicked_payouts, "spent_there", lambda _held: False)
            number = books.do(payouts.refund, "R1", by=MANAGER).number
            older.setattr(platform_list, "refuse_unready", lambda *_of: None)
            if not again:
                books.do(platform_list.done, ["R1"], by=MANAGER)
    assert paid(books) == [(4400, "original", "due", "own")] * 2
    return books.value("SELECT number FROM cases"), number, wish


def test_a_refund_beside_a_click_that_does_not_pay_it(
    sqlite_books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = sqlite_books
    case, second, wish = behind(books, folder, monkeypatch)
    assert money(books)["clicked"] == 8800, "shown as clicked, of which 44.00 were"
    text = f"{second} of 44.00 is due beside a click that does not pay it; next: {MEND}"
    assert named(books) == [(6, case, text)]
    assert mended(books) == [("payout", case, second, 4400)]
    assert (money(books)["clicked"], to_click(books)) == (4400, [])
    books.check()
    reported(books, folder, wish, 4400)
    assert (paid(books), questions(books)) == (
        [(4400, "original", "confirmed", "own"), (4400, "original", "failed", "own")],
        [],
    )
    assert books.do(payouts.refund, "R1", by=MANAGER).method == "transfer"
    books.check()


def unmade_click(books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> str:
    """55.00 agreed to and said to be clicked, 20.00 paid on another refund: 20.00 over; then the click turns out not to
    have been made, which an earlier retcli did not bring together with what was over.
    """
    books.hire()
    wish = asked_back("R0", two_lines(), 5500, line=None, kind="仅退款", status=REQUESTED)
    take(books, *folder.both(two_lines()), folder.refunds(wish))
    books.do(decisions.approve, "R0", by=MANAGER)
    books.do(platform_list.done, ["R0"], by=MANAGER)
    take(books, folder.refunds(success("R1", BIG, 2000, 9)))
    with monkeypatch.context() as older:
        older.setattr("retcli.actions.imports.refunds.refund_status.make_room", lambda *_of: [])
        take_one(books, folder.refunds(replace(wish, note="again")))
    return str(books.value("SELECT number FROM cases WHERE platform_number = 'R1'"))


def above_its_line(books: Books, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> str:
    """52.00 paid on a line of 50.00 of an order of 55.00, of which an earlier retcli took 2.00 for over."""
    books.hire()
    take(books, *folder.both(two_lines()))
    with monkeypatch.context() as older:
        older.setattr(beyond, "_draw_on_others", lambda *_of: None)
        take(books, folder.refunds(success("R1", BIG, 5200, 9)))
    return str(books.value("SELECT number FROM cases"))


@pytest.mark.parametrize(
    ("older", "over", "stands"),
    [
        (unmade_click, 2000, [("R1", "TS-BIG", 2000)]),
        (above_its_line, 200, [("R1", "TS-BIG", 5000), ("R1", "TS-SMALL", 200)]),
    ],
)
def test_what_stands_as_over_while_the_order_has_room(
    sqlite_books: Books,
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    older: Callable[..., str],
    over: int,
    stands: list[Any],
) -> None:
    books = sqlite_books
    case = older(books, folder, monkeypatch)
    assert classes(books)["D4"] == over
    order = two_lines().number
    amount = f"{over // 100}.00"
    text = f"{amount} stands as paid beyond the order, which has room for it; next: {MEND}"
    assert named(books) == [(1, order, text)]
    assert mended(books) == [("over", case, order, over)]
    assert "D4" not in classes(books)
    assert parts(books) == stands
    assert [each for each in questions(books) if each[1] == "over"] == []
    books.check()


def test_who_may_mend_and_that_a_trial_mends_nothing(books: Books, folder: Folder) -> None:
    case, failed = verified_and_failed(books, folder)
    with pytest.raises(Refused, match="may not mend the books"):
        books.do(mending.mend, by=AGENT)
    told = books.do(mending.mend, by=MANAGER, dry_run=True).document()
    amount = {"currency": "CNY", "minor": 5000, "text": "50.00"}
    assert told == {"mended": [{"kind": "click", "case": case, "what": failed, "amount": amount}]}
    assert len(named(books)) == 1


def test_sound_books_have_nothing_to_mend(books: Books, folder: Folder) -> None:
    agreed(books, folder)
    assert mended(books) == []
    with opened(books.asked()) as shop:
        assert make_room(shop, 1) == []
