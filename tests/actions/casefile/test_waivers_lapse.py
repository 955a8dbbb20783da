"""A waiver belongs to the application that it was given on, and to no more money than was due then."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from fixtures import Refund
from retcli.actions.casefile import lookup, waivers
from retcli.actions.casefile.records.dossiers import Dossier, dossier_of
from retcli.actions.cases import case_cards, changes, decisions, queue
from retcli.actions.money import payouts
from retcli.actions.shop import policies
from retcli.errors import Refused
from retcli.rules.casefile.findings import Answer, Finding, standing
from retcli.rules.casefile.verdict import WAIVABLE
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
from retcli.views.screen import Terminal
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import AGENT, MANAGER, Books, shanghai
from tests.terminal import Desk

ORDER = sold("2850000000000000751", ("TS-L", 1, 500000))
SMALL = asked_back("R1", ORDER, 200, kind="仅退款", status=REQUESTED, reason="质量问题")
LARGE = replace(SMALL, amount=480000)
OF_PAYING = ("approval", "goods_first", "sent_back", "went_back")
RULES = tuple(dict.fromkeys((*WAIVABLE, *OF_PAYING)))


@pytest.fixture
def shop(books: Books, folder: Folder) -> Books:
    """2.00 of 5,000.00 are asked for on the platform, the goods kept."""
    books.hire()
    take(books, *folder.both(ORDER), folder.refunds(SMALL))
    return books


def overrule(books: Books, rule: str, because: str = "seen") -> None:
    """A rule is overruled by the manager, whatever it says just now."""
    with opened(books.asked(MANAGER)) as desk:
        waivers.overrule(desk, lookup.case_of(desk, "R1"), rule, because)


def dossier(books: Books) -> Dossier:
    with opened(books.asked(), writes=False) as desk:
        return dossier_of(desk, lookup.case_of(desk, "R1"))


def listed(books: Books, folder: Folder, *wishes: Refund) -> None:
    """The platform's lists of the following days."""
    for wish in wishes:
        books.later(days=1)
        take(books, folder.refunds(wish))


# how the buyer comes to ask for 4,800.00 under the same number


def agreed(books: Books, folder: Folder) -> None:
    """2.00 were agreed to here, and nothing of it has left."""
    books.do(decisions.approve, "R1", by=MANAGER)
    listed(books, folder, LARGE)


def refused_there(books: Books, folder: Folder) -> None:
    listed(books, folder, replace(SMALL, status="卖家拒绝退款"), LARGE)


def closed_there(books: Books, folder: Folder) -> None:
    listed(books, folder, replace(SMALL, status="退款关闭"), LARGE)


def the_same_again(books: Books, folder: Folder) -> None:
    """Refused, and asked for once more: for no more, and still another application."""
    listed(books, folder, replace(SMALL, status="卖家拒绝退款"), replace(SMALL, note="再申请"))


ANEW: dict[str, Callable[[Books, Folder], None]] = {
    each.__name__: each for each in (agreed, refused_there, closed_there, the_same_again)
}


@pytest.mark.parametrize("how", ANEW)
def test_no_waiver_outlives_its_application(shop: Books, folder: Folder, how: str) -> None:
    """Every rule that may be overruled; who did is still told, and it may be overruled anew."""
    for rule in RULES:
        overrule(shop, rule)
    assert set(dossier(shop).waivers) == set(RULES)
    ANEW[how](shop, folder)
    assert shop.value("SELECT COUNT(*) FROM events WHERE action = 'apply_anew'") == 1
    fallen = dossier(shop)
    assert (fallen.waivers, set(fallen.lapsed)) == ({}, set(RULES))
    told = shop.rows("SELECT payload FROM events WHERE action = 'waive' ORDER BY seq")
    assert [json.loads(row[0])["rule"] for row in told] == list(RULES)
    assert {each.rule: each.fell for each in shop.do(policies.waivers).waivers} == dict.fromkeys(RULES, "applied_anew")
    for rule in RULES:
        overrule(shop, rule, "seen again")
    assert {each.fell for each in shop.do(policies.waivers).waivers} == {None}
    assert (set(dossier(shop).waivers), dossier(shop).lapsed) == (set(RULES), {})
    shop.check()


@pytest.mark.parametrize("rule", RULES)
def test_no_waiver_carries_more_than_it_was_given_for(shop: Books, folder: Folder, rule: str) -> None:
    """The wish grows while nothing is decided, which is no new application: for 2.00 it stands, for 2.01 it falls."""
    overrule(shop, rule)
    listed(shop, folder, LARGE)
    assert shop.value("SELECT COUNT(*) FROM events WHERE action = 'apply_anew'") == 0
    read = dossier(shop)
    assert [rule in standing(read.waivers, read.waived_most, minor) for minor in (200, 201, 480000)] == [
        True, False, False
    ]  # fmt: skip
    overrule(shop, rule, "seen again")
    read = dossier(shop)
    assert rule in standing(read.waivers, read.waived_most, 480000)


def evidence(books: Books) -> Finding:
    (found,) = [each for each in books.do(case_cards.show, "R1").judgement.findings if each.rule == "evidence"]
    return found


def in_group(books: Books) -> Sequence[str]:
    return [view.platform_number for view in books.do(queue.plain_ones).cases]


def test_photos_that_were_waived_for_2_00_are_asked_for_4800_00(shop: Books, folder: Folder) -> None:
    """Agreed to with `--waive evidence`; the next list asks for 4,800.00: a person looks, and the card says why."""
    assert evidence(shop).answer == Answer.PERSON
    shop.do(decisions.approve, "R1", waive=["evidence"], because="2 yuan", by=MANAGER)
    assert evidence(shop).waived_by == MANAGER
    listed(shop, folder, LARGE)
    found = evidence(shop)
    assert (found.answer, found.waived_by, found.lapsed_by) == (Answer.PERSON, "", MANAGER)
    assert in_group(shop) == []
    number = shop.do(case_cards.show, "R1").number
    anew = f"retcli case approve {number} --waive evidence --because TEXT"
    for look in ("show", "explain"):
        told = Desk(shop.database, at=shop.at).type("case", look, "R1", by=AGENT)
        assert f"{MANAGER} waived it for an earlier application" in told.out and anew in told.out
    shop.do(decisions.approve, "R1", waive=["evidence"], because="seen", by=MANAGER)
    assert (evidence(shop).waived_by, evidence(shop).lapsed_by) == (MANAGER, "")
    shop.check()


def test_what_was_waived_for_less_is_no_leave_for_more(books: Books) -> None:
    """By hand: 2.00 agreed to without photos, then changed to 4,800.00; for 1.00 the waiver would have done."""
    books.hire()
    books.order("2850000000000000752", ("TS-L", 1, 500000))
    order, kind = "2850000000000000752", Kind.REFUND_ONLY
    number = books.do(decisions.open_case, order, amount=200, kind=kind, reason="Q_FUNC").number
    books.do(decisions.approve, number, waive=["evidence", "goods_back"], because="2 yuan", by=MANAGER)
    books.do(decisions.reject, number, because="no")
    verdicts = {}
    for minor in (100, 200, 480000):
        books.do(changes.change, number, amount=minor, because="more")
        verdicts[minor] = books.do(case_cards.show, number).judgement.verdict
    assert verdicts == {100: Answer.YES, 200: Answer.YES, 480000: Answer.PERSON}


def test_amends_beyond_the_price_want_a_word_of_their_own_after_a_new_application(books: Books, folder: Folder) -> None:
    """50.00 beyond was let go on a first application; on the next one not a fen is."""
    books.hire()
    bought = sold("2850000000000000753", ("TS-L", 1, 10000))
    wish = asked_back("R1", bought, 10000, status=REQUESTED)
    take(books, *folder.both(bought), folder.refunds(wish))
    books.do(payouts.compensate, "R1", cash=15000, waive=["approval", "beyond_price"], because="x", by=MANAGER)
    listed(books, folder, replace(wish, status="卖家拒绝退款"), replace(wish, note="再申请"))
    with pytest.raises(Refused):
        books.do(payouts.compensate, "R1", cash=1, waive=["approval"], because="x", by=MANAGER)
    with pytest.raises(Refused, match=r"250\.00"):
        books.do(decisions.approve, "R1", by=MANAGER)
    books.do(decisions.approve, "R1", waive=["beyond_price"], because="faulty", by=MANAGER)
    books.check()


def test_the_list_of_waivers_tells_those_that_count_no_more_apart(
    shop: Books, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Photos waived for 2.00: they stand, fall with 4,800.00 asked for, and with an application that was closed."""
    overrule(shop, "evidence")
    (row,) = shop.do(policies.waivers).waivers
    assert row.fell is None
    listed(shop, folder, LARGE)
    view = shop.do(policies.waivers)
    assert [each.fell for each in view.waivers] == ["more_due"]
    capsys.readouterr()
    view.draw(Terminal())
    text = capsys.readouterr().out
    assert "0 waivers stand" in text and "1 count no more" in text
    assert "More is due by now than it was given for" in " ".join(text.split())
    ended = shanghai("2026-11-12 10:00").replace(tzinfo=None)
    listed(shop, folder, replace(LARGE, status="退款关闭", finished_at=ended))
    assert [each.fell for each in shop.do(policies.waivers).waivers] == ["withdrawn"]
