"""What a platform has heard already is not asked to be clicked once more, whatever a case is changed to and back."""

from dataclasses import replace

import pytest

from fixtures.model import Refund
from retcli.actions.cases import changes, decisions, platform_list
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import MANAGER, Books

AGREED, REFUSED = "卖家已经同意退款，等待买家退货", "卖家拒绝退款"


@pytest.fixture
def wish(books: Books, folder: Folder) -> Refund:
    """Two pieces of 88.00 together are to come back by the platform's refund R1; agreed to here and clicked."""
    books.hire()
    bought = sold("2850000000000000861", ("TS-L", 2, 8800))
    made = asked_back("R1", bought, 8800, status=REQUESTED, quantity=2)
    take(books, *folder.both(bought), folder.refunds(made))
    books.do(decisions.approve, "R1", waive=["window"], because="seen", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    return made


def to_click(books: Books) -> list[str]:
    return [item.action for item in books.do(platform_list.todo).items]


def changed_and_back(books: Books) -> None:
    """One piece, then two again, each time agreed to anew."""
    for pieces in (1, 2):
        books.do(
            changes.change,
            "R1",
            lines=[f"TS-L={pieces}"],
            amount=4400 * pieces,
            because="the buyer says so",
            by=MANAGER,
        )
        books.do(decisions.approve, "R1", by=MANAGER)


def test_what_the_platform_agreed_to_is_not_clicked_again(books: Books, folder: Folder, wish: Refund) -> None:
    take(books, folder.refunds(replace(wish, status=AGREED)))
    assert books.value("SELECT state FROM platform_actions") == "verified"
    changed_and_back(books)
    assert to_click(books) == []
    books.check()


def test_a_click_that_no_list_could_prove_yet_stands(books: Books, folder: Folder, wish: Refund) -> None:
    """The application there never changed: the click waits for its proof, which the next list gives or refuses."""
    at = books.value("SELECT done_at FROM platform_actions")
    changed_and_back(books)
    assert to_click(books) == []
    assert books.rows("SELECT state, done_at FROM platform_actions ORDER BY id")[-1] == ("done", at)
    take(books, folder.refunds(replace(wish, note="still waits")))
    assert [(item.action, item.missed) for item in books.do(platform_list.todo).items] == [("agree_return", 1)]
    books.check()


def test_a_click_that_stands_is_proved_by_the_next_list(books: Books, folder: Folder, wish: Refund) -> None:
    changed_and_back(books)
    take(books, folder.refunds(replace(wish, status=AGREED)))
    assert (to_click(books), books.rows("SELECT state FROM platform_actions ORDER BY id")[-1]) == ([], ("verified",))
    books.check()


def test_what_a_later_list_has_not_seen_is_clicked_again(books: Books, folder: Folder, wish: Refund) -> None:
    """Changed here, then a list in which the platform still waits, then changed back."""
    books.do(changes.change, "R1", lines=["TS-L=1"], amount=4400, because="the buyer says so", by=MANAGER)
    books.later(hours=1)
    take(books, folder.refunds(replace(wish, note="still waits")))
    books.do(changes.change, "R1", lines=["TS-L=2"], amount=8800, because="the buyer says so", by=MANAGER)
    books.do(decisions.approve, "R1", by=MANAGER)
    assert to_click(books) == ["agree_return"]


def test_another_click_made_between_is_the_last_that_was_said(books: Books, folder: Folder, wish: Refund) -> None:
    books.do(decisions.reject, "R1", because="worn", by=MANAGER)
    books.do(platform_list.done, ["R1"], by=MANAGER)
    books.do(decisions.approve, "R1", by=MANAGER)
    assert to_click(books) == ["agree_return"]
    books.check()


def test_a_refusal_between_makes_it_new(books: Books, folder: Folder, wish: Refund) -> None:
    """Agreed there, then refused there, then agreed to here: the platform must hear of it."""
    take(books, folder.refunds(replace(wish, status=AGREED)))
    books.do(decisions.reject, "R1", because="worn", by=MANAGER)
    assert to_click(books) == ["refuse"]
    books.do(platform_list.done, ["R1"], by=MANAGER)
    take(books, folder.refunds(replace(wish, status=REFUSED)))
    books.do(changes.change, "R1", lines=["TS-L=1"], amount=4400, because="not worn", by=MANAGER)
    books.do(decisions.approve, "R1", by=MANAGER)
    assert to_click(books) == ["agree_return"]
    books.check()
