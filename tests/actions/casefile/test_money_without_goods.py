"""Money asked for on a platform while the goods stay (仅退款): what separates it from a price cut by agreement."""

from __future__ import annotations

import pytest

from retcli.actions.cases import case_cards, decisions, queue
from retcli.rules.casefile.findings import Answer
from retcli.rules.lifecycles import Kind
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, Books

ORDER = sold("2850000000000000761", ("TS-L", 1, 500000))


@pytest.mark.parametrize("kind", ["仅退款", "价保"])
@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize(("minor", "small"), [(200, True), (3000, True), (3001, False), (480000, False)])
def test_above_what_an_agent_offers_a_person_looks_where_the_goods_stay(
    books: Books, folder: Folder, kind: str, sent: bool, minor: int, small: bool
) -> None:
    """5,000.00 were paid; 30.00 are what an agent offers alone. What was not sent yet goes out still."""
    books.hire()
    order = ORDER if sent else unsent(ORDER)
    take(books, *folder.both(order), folder.refunds(asked_back("R1", order, minor, kind=kind, status=REQUESTED)))
    view = books.do(case_cards.show, "R1")
    assert view.kind == Kind.ALLOWANCE
    person = kind == "仅退款" and sent and not small
    assert view.judgement.verdict == (Answer.PERSON if person else Answer.YES)
    assert [each.number for each in books.do(queue.plain_ones).cases] == ([] if person else [view.number])


def test_all_of_it_is_a_persons_matter_too(books: Books, folder: Folder) -> None:
    take(books, *folder.both(ORDER), folder.refunds(asked_back("R1", ORDER, 500000, kind="仅退款", status=REQUESTED)))
    view = books.do(case_cards.show, "R1")
    assert (view.kind, view.judgement.verdict) == (Kind.REFUND_ONLY, Answer.PERSON)


def test_what_the_shop_offers_by_hand_is_agreed_to(books: Books) -> None:
    """A price cut that somebody here opened is the shop's own word."""
    books.hire()
    books.order("2850000000000000762", ("TS-L", 1, 500000))
    number = "2850000000000000762"
    view = books.do(decisions.open_case, number, kind=Kind.ALLOWANCE, reason="N_AGREE", amount=480000, by=AGENT)
    assert view.judgement.verdict == Answer.YES
