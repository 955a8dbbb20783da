"""Cases changed and handed over on record, on both databases."""

import json

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from retcli.actions import cases, changing, contacts, parcels, payouts, queue, today
from retcli.database import engine
from retcli.errors import NotFound, Overdrawn, Refused, WrongCommand
from retcli.models import Case
from retcli.rules.lifecycles import Kind
from retcli.shop import opened
from tests.reports import REQUESTED, Folder, asked_back, sold, take
from tests.shopfloor import AGENT, FINANCE, MANAGER, OWNER, WAREHOUSE, Books

ORDER = "2850000000000000001"
DRAWN = "SELECT COALESCE(SUM(units), 0), COALESCE(SUM(share), 0), COALESCE(SUM(cash), 0) FROM draws"


@pytest.fixture
def shop(books: Books) -> Books:
    """A shop with its people and one order of three shirts for 100.00."""
    books.hire()
    books.order(ORDER, ("TS-M", 3, 10000))
    return books


def drawn(books: Books) -> tuple[int, ...]:
    """Units, share and cash that all cases together draw."""
    return tuple(int(n) for n in books.rows(DRAWN)[0])


def told(books: Books, action: str) -> list[dict[str, object]]:
    """The payloads of the events of an action, oldest first."""
    rows = books.rows("SELECT payload FROM events WHERE action = :action ORDER BY seq", action=action)
    return [json.loads(row[0]) for row in rows]


def test_a_refund_becomes_an_exchange_and_a_price_cut_and_the_ledger_follows(shop: Books) -> None:
    number = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"], by=AGENT).number
    assert drawn(shop) == (2, 0, 0)
    view = shop.do(
        changing.change, number, kind="exchange", want="TS-L", reason="SZ_FIT", because="wants it larger", by=AGENT
    )
    assert (view.kind, view.stated, view.set_reason, view.due.minor, view.version) == (
        "exchange",
        "B_7D",
        "SZ_FIT",
        0,
        2,
    )
    assert shop.value("SELECT want_sku FROM cases") == "TS-L"
    assert drawn(shop) == (2, 0, 0)
    view = shop.do(changing.change, number, kind="allowance", amount=1500, because="keeps them for 15 yuan", by=AGENT)
    assert (view.kind, view.due.minor, drawn(shop)) == ("allowance", 1500, (0, 0, 0))
    assert shop.value("SELECT want_sku FROM cases") == "", "a price cut brings no other goods"
    view = shop.do(changing.change, number, kind="return", because="sends them all back after all", by=AGENT)
    assert (view.lines[0].quantity, view.due.minor, drawn(shop)) == (3, 10000, (3, 0, 0))
    changes = told(shop, "change")
    assert [(each["kind"], each.get("asked"), each.get("want_sku")) for each in changes] == [
        ("exchange", None, "TS-L"),
        ("allowance", 1500, None),
        ("return", None, None),
    ]
    assert "sends them all back" not in json.dumps(changes), "what somebody typed is in the note, not in the history"
    assert "小美: sends them all back after all" in shop.do(cases.show, number).note
    shop.check()


def test_a_rejected_case_is_undecided_again_with_what_was_changed(shop: Books) -> None:
    number = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    shop.do(cases.reject, number, because="worn", by=AGENT)
    assert drawn(shop) == (0, 0, 0)
    shop.do(cases.finish, number, by=AGENT)
    view = shop.do(
        changing.change, number, kind="refund-only", amount=2000, reason="Q_LOOK", because="agreed", by=AGENT
    )
    assert (view.decision, view.stage, view.kind, view.due.minor) == ("requested", "to_decide", "refund-only", 2000)
    assert drawn(shop) == (3, 0, 0)
    shop.do(cases.approve, number, by=MANAGER)
    assert shop.do(cases.show, number).due.minor == 2000
    shop.check()


def test_what_is_decided_is_not_changed_any_more(shop: Books) -> None:
    number = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    shop.do(cases.approve, number, by=AGENT)
    with pytest.raises(Refused, match="before the decision, or after a rejection"):
        shop.do(changing.change, number, kind="exchange", because="why", by=AGENT)
    shop.do(cases.withdraw, number, by=AGENT)
    with pytest.raises(Refused, match="before the decision"):
        shop.do(changing.change, number, reason="SZ_FIT", because="why", by=AGENT)
    assert drawn(shop) == (0, 0, 0)


def test_an_exchange_that_cannot_be_sent_becomes_a_refund_of_what_came_back(shop: Books) -> None:
    """Out of stock after the goods came back: the buyer gets the whole money (`rules.md` §1.1)."""
    number = shop.do(cases.open_case, ORDER, kind=Kind.EXCHANGE, reason="SZ_FIT", lines=["TS-M=2"], want="TS-L").number
    shop.do(cases.approve, number, by=AGENT)
    shop.do(parcels.expect_by_hand, number, "YT5260493176849", by=AGENT)
    shop.do(parcels.inspect, number, [parcels.parse_item("TS-M=2:A")], by=WAREHOUSE)
    assert shop.do(cases.show, number).stage == "to_ship"
    with pytest.raises(Refused, match="before the decision"):
        shop.do(changing.change, number, reason="Q_LOOK", because="another reason undoes no approval", by=AGENT)
    view = shop.do(changing.change, number, kind="return", because="TS-L sold out", by=AGENT)
    assert (view.decision, view.stage, view.kind, view.due.minor) == ("requested", "to_decide", "return", 6667)
    assert shop.rows("SELECT state FROM replacements") == [("cancelled",)]
    assert drawn(shop) == (2, 0, 0)
    view = shop.do(cases.approve, number, by=AGENT)
    assert (view.stage, drawn(shop)) == ("to_pay", (2, 6667, 6667))
    payout = shop.do(payouts.refund, number, by=MANAGER)
    assert payout.money.minor == 6667
    shop.check()


def test_what_went_out_again_or_was_paid_is_not_reconsidered(shop: Books) -> None:
    number = shop.do(cases.open_case, ORDER, kind=Kind.RESEND, reason="L_LOST").number
    shop.do(cases.approve, number)
    shop.do(payouts.compensate, number, coupon=500, by=MANAGER)
    with pytest.raises(Refused, match="Money is out"):
        shop.do(changing.change, number, kind="refund-only", because="why")
    shop.do(payouts.step, shop.value("SELECT number FROM payouts"), "fail", because="typo")
    shop.do(cases.ship, number, waybill="SF1620041173366")
    with pytest.raises(Refused, match="sent again"):
        shop.do(changing.change, number, kind="refund-only", because="why")
    assert shop.rows("SELECT kind, decision FROM cases") == [("resend", "approved")]
    shop.check()


def test_a_change_needs_something_to_change_a_reason_and_a_wish_that_fits(shop: Books) -> None:
    number = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    for options, error, text in (
        ({"because": "why"}, WrongCommand, "what is to change"),
        ({"kind": "exchange"}, WrongCommand, "needs its reason"),
        ({"kind": "exchange", "amount": 100, "because": "x"}, Refused, "no amount of its own"),
        ({"want": "TS-L", "because": "x"}, WrongCommand, "Only an exchange"),
    ):
        with pytest.raises(error, match=text):
            shop.do(changing.change, number, **options, by=AGENT)
    with pytest.raises(Refused, match="may not"):
        shop.do(changing.change, number, reason="SZ_FIT", because="x", by=WAREHOUSE)
    assert (told(shop, "change"), shop.value("SELECT version FROM cases")) == ([], 1)


def test_pieces_that_another_case_took_meanwhile_are_not_taken_twice(shop: Books) -> None:
    """A price cut holds no pieces: by the time it is to become a return they may be gone."""
    cut = shop.do(cases.open_case, ORDER, kind=Kind.ALLOWANCE, reason="N_AGREE", amount=500).number
    other = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"]).number
    view = shop.do(changing.change, cut, kind="return", because="sends the third back")
    assert (view.lines[0].quantity, drawn(shop)) == (1, (3, 0, 0))
    shop.do(changing.change, cut, kind="inquiry", because="only asks")
    third = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    with pytest.raises(Overdrawn, match=f"{other}, {third}"):
        shop.do(changing.change, cut, kind="return", because="and now?")
    assert (shop.do(cases.show, cut).kind, drawn(shop)) == ("inquiry", (3, 0, 0))
    shop.check()


def test_who_changes_second_is_told_to_look_again(shop: Books) -> None:
    number = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    with Session(engine.reading(shop.database), expire_on_commit=False) as session:
        seen = session.execute(sa.select(Case)).scalar_one()
        session.expunge(seen)
    shop.do(changing.change, number, reason="SZ_FIT", because="the chart")
    with pytest.raises(Refused, match="changed by somebody else"), opened(shop.asked()) as work:
        changing.put(work, seen, kind="exchange")
    assert shop.do(cases.show, number).kind == "return"


def test_a_case_is_given_to_a_colleague_who_may_decide(shop: Books) -> None:
    number = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    assert shop.do(changing.assign, [number], to=MANAGER, by=AGENT).owner == MANAGER  # type: ignore[union-attr]
    assert told(shop, "assign") == [{"was": AGENT, "now": MANAGER}]
    shop.do(changing.assign, [number], to=MANAGER, by=AGENT)
    assert len(told(shop, "assign")) == 1, "the same owner again is no change"
    for name, error in ((WAREHOUSE, Refused), (FINANCE, Refused), ("谁", NotFound)):
        with pytest.raises(error):
            shop.do(changing.assign, [number], to=name)
    with pytest.raises(Refused, match="may not"):
        shop.do(changing.assign, [number], to=AGENT, by=WAREHOUSE)
    shop.check()


def test_a_shift_hands_over_its_open_cases_only(shop: Books) -> None:
    numbers = []
    for n in range(2, 5):
        order = shop.order(f"285000000000000000{n}", ("TS-L", 1, 5000))
        numbers.append(shop.do(cases.open_case, order, kind=Kind.RETURN, reason="B_7D", by=AGENT).number)
    shop.do(cases.reject, numbers[0], because="worn", by=AGENT)
    shop.do(cases.finish, numbers[0], by=AGENT)
    others = shop.do(cases.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=OWNER).number
    handed = shop.do(changing.hand_over, giver=AGENT, to=MANAGER, by=AGENT)
    assert [case.number for case in handed.cases] == numbers[1:]
    owners = dict(tuple(row) for row in shop.rows("SELECT number, owner FROM cases"))
    assert owners == {numbers[0]: AGENT, numbers[1]: MANAGER, numbers[2]: MANAGER, others: OWNER}
    mine = shop.do(queue.list_cases, mine=True, by=MANAGER)
    assert {case.number for case in mine.cases} == set(numbers[1:])
    assert {item.case for item in shop.do(today.today, mine=True, by=MANAGER).items} == set(numbers[1:])
    assert shop.do(today.today, mine=True, by=AGENT).items == ()
    with pytest.raises(NotFound, match="谁"):
        shop.do(changing.hand_over, giver="谁", to=MANAGER)
    shop.check()


def test_an_inquiry_moves_no_money_is_answered_and_becomes_a_case(shop: Books) -> None:
    sent = shop.order("2850000000000000009", ("TS-L", 2, 8000), signed_at=None)
    view = shop.do(cases.open_case, sent, kind=Kind.INQUIRY, reason="L_NOTRACK", by=AGENT)
    assert (view.stage, view.due.minor, view.judgement.verdict, drawn(shop)) == ("to_answer", 0, "person", (0, 0, 0))
    assert "Under way" in view.judgement.findings[0].text
    assert view.next_step.startswith(f"retcli case note {view.number} TEXT / retcli case finish {view.number} / ")
    shop.do(contacts.note, view.number, "the carrier looks for it", by=AGENT)
    done = shop.do(cases.finish, view.number, by=AGENT)
    assert (done.stage, done.decision) == ("finished", "approved")
    lost = shop.do(cases.open_case, sent, kind=Kind.INQUIRY, reason="L_NOTRACK", by=AGENT).number
    view = shop.do(changing.change, lost, kind="refund-only", reason="L_LOST", because="lost for certain", by=AGENT)
    assert (view.stage, view.due.minor, drawn(shop)) == ("to_decide", 8000, (2, 0, 0))
    shop.do(cases.approve, lost, by=MANAGER)
    shop.check()


@pytest.mark.parametrize(
    ("options", "text"),
    [({"shipped": False, "signed_at": None}, "Nothing was sent yet"), ({}, "Signed for on")],
)
def test_an_inquiry_says_where_the_goods_are(books: Books, options: dict[str, object], text: str) -> None:
    books.order(ORDER, ("TS-M", 1, 1000), **options)  # type: ignore[arg-type]
    view = books.do(cases.open_case, ORDER, kind=Kind.INQUIRY, reason="S_LATE")
    assert view.judgement.findings[0].text.startswith(text)


def test_a_report_that_tells_nothing_new_leaves_a_change_on_record(books: Books, folder: Folder) -> None:
    """The buyer agreed on the phone to an exchange; the platform says what it said, until the buyer says more."""
    order = sold(ORDER, ("TS-M", 2, 10000))
    take(books, *folder.both(order), folder.refunds(asked_back("9", order, 10000, status=REQUESTED)))
    books.do(changing.change, "9", kind="exchange", want="TS-L", because="agreed on the phone")
    other = sold("2850000000000000002", ("TS-L", 1, 500))
    take(books, *folder.both(other))
    again = [asked_back("9", order, 10000, status=REQUESTED), asked_back("8", other, 500, status=REQUESTED)]
    take(books, folder.refunds(*again))
    assert books.do(cases.show, "9").kind == "exchange"
    take(books, folder.refunds(asked_back("9", order, 9000, status=REQUESTED)))
    view = books.do(cases.show, "9")
    assert (view.kind, view.due.minor) == ("return", 9000)
    books.check()
