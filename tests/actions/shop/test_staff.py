"""Who works here: another name, and somebody who leaves."""

from pathlib import Path

import pytest

from retcli import settings
from retcli.actions.cases import case_cards, changes, decisions
from retcli.actions.money import payouts
from retcli.actions.shop import staff
from retcli.errors import NotFound, Refused, WrongCommand
from retcli.rules.lifecycles import Kind, Role
from tests.shopfloor import AGENT, MANAGER, OWNER, Books
from tests.terminal import Desk

FIRST, SECOND = "2850000000000000071", "2850000000000000072"


def opened_case(books: Books, order: str, by: str) -> str:
    """A return of one piece of 100.00 that somebody opened."""
    books.order(order, ("TS-L", 1, 10_000))
    return str(books.do(decisions.open_case, order, kind=Kind.RETURN, reason="B_7D", by=by).number)


def test_who_is_called_otherwise_keeps_their_open_cases(books: Books) -> None:
    books.hire()
    case = opened_case(books, FIRST, AGENT)
    view = books.do(staff.rename, AGENT, " 小梅 ")
    assert ("小梅", Role.AGENT) in {(person["name"], person["role"]) for person in view.staff}
    assert books.do(case_cards.show, case).owner == "小梅"
    with pytest.raises(Refused, match=AGENT):
        books.do(case_cards.show, case, by=AGENT)
    assert books.do(decisions.approve, case, by="小梅").stage == "awaiting_goods"
    books.check()


def test_who_let_money_go_is_not_renamed_while_it_waits_for_a_second_person(books: Books) -> None:
    """A manager by another name could countersign a payout of their own."""
    books.hire()
    books.order(FIRST, ("TS-L", 1, 10_000), shipped=False)
    case = books.do(decisions.open_case, FIRST, kind=Kind.REFUND_ONLY, reason="L_DELAY", by=AGENT)
    books.do(decisions.approve, case.number, by=AGENT)
    payout = books.do(payouts.refund, case.number, by=AGENT)
    assert payout.state == "waiting", "100.00, above the agent's 30.00"
    with pytest.raises(Refused, match="second person"):
        books.do(staff.rename, AGENT, "小梅")


@pytest.mark.parametrize("name", ["", " ", "小\x1b美", "retcli"])
def test_what_is_no_name_is_none(books: Books, name: str) -> None:
    books.hire()
    with pytest.raises(WrongCommand):
        books.do(staff.rename, AGENT, name)


def test_nobody_takes_the_name_of_a_colleague(books: Books) -> None:
    books.hire()
    with pytest.raises(Refused):
        books.do(staff.rename, AGENT, MANAGER)
    with pytest.raises(NotFound):
        books.do(staff.rename, "小新", "小梅")


def test_who_leaves_hands_their_open_cases_over_first_and_can_do_nothing_then(books: Books) -> None:
    books.hire()
    case = opened_case(books, FIRST, AGENT)
    with pytest.raises(Refused, match="1 open case"):
        books.do(staff.leave, AGENT)
    books.do(changes.hand_over, giver=AGENT, to=MANAGER)
    books.do(staff.leave, AGENT)
    with pytest.raises(Refused, match=AGENT):
        books.do(case_cards.show, case, by=AGENT)
    books.check()


def test_an_owner_always_stays(books: Books) -> None:
    books.hire()
    with pytest.raises(Refused, match="owner"):
        books.do(staff.leave, OWNER)
    books.do(staff.add, MANAGER, Role.OWNER)
    books.do(staff.leave, OWNER)
    assert [
        person["name"] for person in books.do(staff.list_staff, by=MANAGER).staff if person["role"] == Role.OWNER
    ] == [MANAGER]


def test_who_renames_themselves_is_known_by_it_at_their_computer(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner's books were founded under the name of the computer's account."""
    monkeypatch.setattr(settings, "settings_file", lambda: tmp_path / "settings.toml")
    (tmp_path / "settings.toml").write_text(f'language = "zh"\noperator = "{OWNER}"\n', encoding="utf-8")
    desk.read("staff", "rename", OWNER, "王老板")
    assert settings.user_settings() == {"language": "zh", "operator": "王老板"}
    assert desk.read("staff", "list", by="王老板")["staff"][0]["name"] == "王老板"
