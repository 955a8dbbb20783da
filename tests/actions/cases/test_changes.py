"""Cases changed and handed over on record, on both databases."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from retcli.actions.cases import case_cards, contacts, decisions, queue
from retcli.actions.cases import changes as changing
from retcli.actions.insight import today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.warehouse import inspection, parcels
from retcli.database import engine
from retcli.errors import NotFound, Overdrawn, Refused, WrongCommand
from retcli.models import Case
from retcli.rules.lifecycles import Kind
from retcli.transaction import opened
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


def changed_lines(event: dict[str, Any], what: str) -> list[Any]:
    """What a change says of each line: what it was and what it is."""
    return list(event.get(what, {}).values())


def test_a_refund_becomes_an_exchange_and_a_price_cut_and_the_ledger_follows(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"], by=AGENT).number
    assert drawn(shop) == (2, 0, 0)
    view = shop.do(
        changing.change, number, kind="exchange", want=["TS-L"], reason="SZ_FIT", because="wants it larger", by=AGENT
    )
    assert (view.kind, view.reason.stated, view.reason.set, view.due.minor, view.version) == (
        "exchange",
        "B_7D",
        "SZ_FIT",
        0,
        2,
    )
    assert shop.value("SELECT want_sku FROM case_lines") == "TS-L"
    assert drawn(shop) == (2, 0, 0)
    view = shop.do(changing.change, number, kind="allowance", amount=1500, because="keeps them for 15 yuan", by=AGENT)
    assert (view.kind, view.due.minor, drawn(shop)) == ("allowance", 1500, (0, 0, 0))
    assert shop.value("SELECT want_sku FROM case_lines") == "", "a price cut brings no other goods"
    view = shop.do(changing.change, number, kind="return", because="sends them all back after all", by=AGENT)
    assert (view.lines[0].quantity, view.due.minor, drawn(shop)) == (3, 10000, (3, 0, 0))
    changes = told(shop, "change")
    assert [(each["kind"], each.get("asked"), changed_lines(each, "want")) for each in changes] == [
        ("exchange", None, [["", "TS-L"]]),
        ("allowance", 1500, [["TS-L", ""]]),
        ("return", None, []),
    ]
    assert "sends them all back" not in json.dumps(changes), "what somebody typed is in the note, not in the history"
    assert "小美: sends them all back after all" in shop.do(case_cards.show, number).at_the_desk.note
    shop.check()


def test_a_rejected_case_is_undecided_again_with_what_was_changed(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    shop.do(decisions.reject, number, because="worn", by=AGENT)
    assert drawn(shop) == (0, 0, 0)
    shop.do(decisions.finish, number, by=AGENT)
    view = shop.do(
        changing.change, number, kind="refund-only", amount=2000, reason="Q_LOOK", because="agreed", by=AGENT
    )
    assert (view.decision, view.stage, view.kind, view.due.minor) == ("requested", "to_decide", "refund-only", 2000)
    assert drawn(shop) == (3, 0, 0)
    shop.do(decisions.approve, number, by=MANAGER)
    assert shop.do(case_cards.show, number).due.minor == 2000
    shop.check()


def test_what_is_decided_is_not_changed_any_more(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
    shop.do(decisions.approve, number, by=AGENT)
    with pytest.raises(Refused, match="before the decision, or after a rejection"):
        shop.do(changing.change, number, kind="exchange", because="why", by=AGENT)
    shop.do(decisions.withdraw, number, by=AGENT)
    with pytest.raises(Refused, match="before the decision"):
        shop.do(changing.change, number, reason="SZ_FIT", because="why", by=AGENT)
    assert drawn(shop) == (0, 0, 0)


def test_an_exchange_that_cannot_be_sent_becomes_a_refund_of_what_came_back(shop: Books) -> None:
    """Out of stock after the goods came back: the buyer gets the whole money (`docs/rules.md` §1.1)."""
    number = shop.do(
        decisions.open_case, ORDER, kind=Kind.EXCHANGE, reason="SZ_FIT", lines=["TS-M=2"], want=["TS-L"]
    ).number
    shop.do(decisions.approve, number, by=AGENT)
    shop.do(parcels.expect_by_hand, number, "YT5260493176849", by=AGENT)
    shop.do(inspection.inspect, number, [inspection.parse_item("TS-M=2:A")], by=WAREHOUSE)
    assert shop.do(case_cards.show, number).stage == "to_ship"
    with pytest.raises(Refused, match="before the decision"):
        shop.do(changing.change, number, reason="Q_LOOK", because="another reason undoes no approval", by=AGENT)
    view = shop.do(changing.change, number, kind="return", because="TS-L sold out", by=AGENT)
    assert (view.decision, view.stage, view.kind, view.due.minor) == ("requested", "to_decide", "return", 6667)
    assert shop.rows("SELECT state FROM replacements") == [("cancelled",)]
    assert drawn(shop) == (2, 0, 0)
    view = shop.do(decisions.approve, number, by=AGENT)
    assert (view.stage, drawn(shop)) == ("to_pay", (2, 6667, 6667))
    payout = shop.do(payouts.refund, number, by=MANAGER)
    assert payout.money.minor == 6667
    shop.check()


def test_what_went_out_again_or_was_paid_is_not_reconsidered(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RESEND, reason="L_LOST").number
    shop.do(decisions.approve, number)
    shop.do(payouts.compensate, number, coupon=500, by=MANAGER)
    with pytest.raises(Refused, match="Money is out"):
        shop.do(changing.change, number, kind="refund-only", because="why")
    shop.do(payout_steps.step, shop.value("SELECT number FROM payouts"), "fail", because="typo")
    shop.do(decisions.ship, number, waybill="SF1620041173366")
    with pytest.raises(Refused, match="sent again"):
        shop.do(changing.change, number, kind="refund-only", because="why")
    assert shop.rows("SELECT kind, decision FROM cases") == [("resend", "approved")]
    shop.check()


def test_a_change_needs_something_to_change_a_reason_and_a_wish_that_fits(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
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
    cut = shop.do(decisions.open_case, ORDER, kind=Kind.ALLOWANCE, reason="N_AGREE", amount=500).number
    other = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"]).number
    view = shop.do(changing.change, cut, kind="return", because="sends the third back")
    assert (view.lines[0].quantity, drawn(shop)) == (1, (3, 0, 0))
    shop.do(changing.change, cut, kind="inquiry", because="only asks")
    third = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    with pytest.raises(Overdrawn, match=f"{other}, {third}"):
        shop.do(changing.change, cut, kind="return", because="and now?")
    assert (shop.do(case_cards.show, cut).kind, drawn(shop)) == ("inquiry", (3, 0, 0))
    shop.check()


def test_who_changes_second_is_told_to_look_again(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D").number
    with Session(engine.reading(shop.database), expire_on_commit=False) as session:
        seen = session.execute(sa.select(Case)).scalar_one()
        session.expunge(seen)
    shop.do(changing.change, number, reason="SZ_FIT", because="the chart")
    with pytest.raises(Refused, match="changed by somebody else"), opened(shop.asked()) as work:
        changing.put(work, seen, kind="exchange")
    assert shop.do(case_cards.show, number).kind == "return"


def test_a_case_is_given_to_a_colleague_who_may_decide(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=AGENT).number
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
        numbers.append(shop.do(decisions.open_case, order, kind=Kind.RETURN, reason="B_7D", by=AGENT).number)
    shop.do(decisions.reject, numbers[0], because="worn", by=AGENT)
    shop.do(decisions.finish, numbers[0], by=AGENT)
    others = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", by=OWNER).number
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
    view = shop.do(decisions.open_case, sent, kind=Kind.INQUIRY, reason="L_NOTRACK", by=AGENT)
    assert (view.stage, view.due.minor, view.judgement.verdict, drawn(shop)) == ("to_answer", 0, "person", (0, 0, 0))
    assert "Under way" in view.judgement.findings[0].text
    assert view.next.startswith(f"retcli case note {view.number} TEXT\nretcli case finish {view.number}\n")
    shop.do(contacts.note, view.number, "the carrier looks for it", by=AGENT)
    done = shop.do(decisions.finish, view.number, by=AGENT)
    assert (done.stage, done.decision) == ("finished", "approved")
    lost = shop.do(decisions.open_case, sent, kind=Kind.INQUIRY, reason="L_NOTRACK", by=AGENT).number
    view = shop.do(changing.change, lost, kind="refund-only", reason="L_LOST", because="lost for certain", by=AGENT)
    assert (view.stage, view.due.minor, drawn(shop)) == ("to_decide", 8000, (2, 0, 0))
    shop.do(decisions.approve, lost, by=MANAGER)
    shop.check()


@pytest.mark.parametrize(
    ("options", "text"),
    [({"shipped": False, "signed_at": None}, "Nothing was sent yet"), ({}, "Signed for on")],
)
def test_an_inquiry_says_where_the_goods_are(books: Books, options: dict[str, object], text: str) -> None:
    books.order(ORDER, ("TS-M", 1, 1000), **options)  # type: ignore[arg-type]
    view = books.do(decisions.open_case, ORDER, kind=Kind.INQUIRY, reason="S_LATE")
    assert view.judgement.findings[0].text.startswith(text)


def test_a_report_that_tells_nothing_new_leaves_a_change_on_record(books: Books, folder: Folder) -> None:
    """The buyer agreed on the phone to an exchange; the platform says what it said, until the buyer says more."""
    order = sold(ORDER, ("TS-M", 2, 10000))
    take(books, *folder.both(order), folder.refunds(asked_back("9", order, 10000, status=REQUESTED)))
    books.do(changing.change, "9", kind="exchange", want=["TS-L"], because="agreed on the phone")
    other = sold("2850000000000000002", ("TS-L", 1, 500))
    take(books, *folder.both(other))
    again = [asked_back("9", order, 10000, status=REQUESTED), asked_back("8", other, 500, status=REQUESTED)]
    take(books, folder.refunds(*again))
    assert books.do(case_cards.show, "9").kind == "exchange"
    take(books, folder.refunds(asked_back("9", order, 9000, status=REQUESTED)))
    view = books.do(case_cards.show, "9")
    assert (view.kind, view.due.minor) == ("return", 9000)
    books.check()


TWO = "2850000000000000002"


@pytest.fixture
def pair(shop: Books) -> Books:
    """The shop with an order of a pair of trousers for 80.00 and two hoodies for 240.00."""
    shop.order(TWO, ("TR-32", 1, 8000), ("HD-M", 2, 24000))
    return shop


def put_out(books: Books) -> list[tuple[str, int, str]]:
    """Goods to be sent again: SKU, pieces, state."""
    query = "SELECT sku, quantity, state FROM replacements ORDER BY id"
    return [(row[0], int(row[1]), row[2]) for row in books.rows(query)]


def test_each_line_of_an_exchange_brings_its_own_goods(pair: Books) -> None:
    options: dict[str, Any] = {"kind": Kind.EXCHANGE, "reason": "SZ_FIT", "by": AGENT}
    with pytest.raises(WrongCommand, match="say for which line"):
        pair.do(decisions.open_case, TWO, want=["HD-L"], **options)
    with pytest.raises(NotFound, match="no line TS-M"):
        pair.do(decisions.open_case, TWO, want=["TS-M=TS-L"], **options)
    view = pair.do(decisions.open_case, TWO, want=["HD-M=HD-L"], **options)
    assert [line.want for line in view.lines] == ["", "HD-L"]
    against = {f.rule: f.facts for f in view.judgement.findings if f.answer == "person"}
    assert against["target"]["sku"] == "TR-32", "nobody said what comes for the trousers"
    view = pair.do(changing.change, view.number, want=["TR-32=TR-34"], because="asked on the phone", by=AGENT)
    assert [line.want for line in view.lines] == ["TR-34", "HD-L"]
    assert "target" not in {f.rule for f in view.judgement.findings}
    pair.do(decisions.approve, view.number, by=AGENT)
    assert put_out(pair) == [("TR-34", 1, "due"), ("HD-L", 2, "due")]
    pair.check()


def test_only_the_lines_with_other_goods_are_settled(pair: Books) -> None:
    """Two hoodies for 240.00 become two at 100.00: 40.00 back; the trousers are sent again as they were."""
    pair.product("HD-S", price=10000)
    pair.product("TR-32", price=9900)
    wants = ["HD-M=HD-S", "TR-32=TR-32"]
    view = pair.do(decisions.open_case, TWO, kind=Kind.EXCHANGE, reason="SZ_FIT", want=wants, by=AGENT)
    assert (view.due.minor, view.judgement.amount.collect) == (4000, 0)
    view = pair.do(decisions.approve, view.number, by=MANAGER)
    assert [line.due.minor for line in view.lines] == [0, 4000]
    pair.check()


def asked_in_words(books: Books, folder: Folder) -> str:
    """An exchange of the platform's list; what the buyer wants instead stands in the words alone. Its number."""
    order = sold(ORDER, ("TS-L", 1, 10000))
    wish = asked_back("9", order, 0, status=REQUESTED, kind="换货", note="L换XL", reason="大小/尺寸不合适")
    take(books, *folder.both(order), folder.refunds(wish))
    return str(books.value("SELECT number FROM cases"))


def test_what_stands_in_the_buyers_words_only_is_not_sent_until_it_is_named(books: Books, folder: Folder) -> None:
    books.hire()
    number = asked_in_words(books, folder)
    view = books.do(case_cards.show, number)
    assert [line.want for line in view.lines] == [""] and view.judgement.verdict == "person"
    assert {f.rule: f.facts["words"] for f in view.judgement.findings if f.rule == "target"} == {"target": "L换XL"}
    assert not books.do(queue.plain_ones).cases
    books.do(decisions.approve, number, by=MANAGER)
    assert put_out(books)[0][0] == "", "nobody guesses the goods"
    with pytest.raises(Refused, match="not said yet"):
        books.do(decisions.ship, number, waybill="SF1234567890123", by=MANAGER)
    books.do(changing.change, number, want=["TS-XL"], because="as the buyer wrote", by=MANAGER)
    assert [(sku, state) for sku, _n, state in put_out(books)] == [("", "cancelled"), ("TS-XL", "due")]
    assert books.value("SELECT decision FROM cases") == "approved"
    books.do(decisions.ship, number, waybill="SF1234567890123", by=MANAGER)
    with pytest.raises(Refused, match="sent again"):
        books.do(changing.change, number, want=["TS-M"], because="too late", by=MANAGER)
    books.check()


def test_other_goods_of_another_price_are_decided_anew(pair: Books) -> None:
    pair.product("HD-S", price=10000)
    wants = ["HD-M=HD-M", "TR-32=TR-32"]
    number = pair.do(decisions.open_case, TWO, kind=Kind.EXCHANGE, reason="Q_LOOK", want=wants, by=AGENT).number
    pair.do(decisions.approve, number, by=MANAGER)
    view = pair.do(changing.change, number, want=["HD-M=HD-S"], because="wants it smaller", by=AGENT)
    assert (view.decision, view.due.minor) == ("requested", 4000)
    assert {state for _sku, _n, state in put_out(pair)} == {"cancelled"}
    pair.check()


def test_pieces_change_on_record(shop: Books) -> None:
    """Three shirts for 100.00, two taken though one was meant: 33.33 instead of 66.67."""
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"], by=AGENT).number
    view = shop.do(changing.change, number, lines=["TS-M=1"], because="one only", by=AGENT)
    assert (view.lines[0].quantity, view.due.minor, drawn(shop)) == (1, 3333, (1, 0, 0))
    assert changed_lines(told(shop, "change")[-1], "pieces") == [[2, 1]]
    shop.do(decisions.approve, number, by=AGENT)
    view = shop.do(changing.change, number, lines=["TS-M=3"], because="all of them", by=AGENT)
    assert (view.decision, view.due.minor, drawn(shop)) == ("requested", 10000, (3, 0, 0)), "decided anew"
    with pytest.raises(Overdrawn, match="only 3 were bought"):
        shop.do(changing.change, number, lines=["TS-M=4"], because="too many", by=AGENT)
    with pytest.raises(Refused, match="No piece would be left"):
        shop.do(changing.change, number, lines=["TS-M=0"], because="none", by=AGENT)
    shop.check()


def test_a_line_is_taken_out_and_another_put_in(pair: Books) -> None:
    number = pair.do(decisions.open_case, TWO, kind=Kind.RETURN, reason="B_7D", lines=["TR-32"], by=AGENT).number
    view = pair.do(changing.change, number, lines=["TR-32=0", "HD-M=1"], because="the hoodie", by=AGENT)
    assert {line.sku: line.quantity for line in view.lines} == {"TR-32": 0, "HD-M": 1}
    assert (view.due.minor, drawn(pair)) == (12000, (1, 0, 0))
    pair.check()


def test_pieces_that_came_back_or_were_paid_do_not_change(shop: Books) -> None:
    number = shop.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-M=2"], by=AGENT).number
    shop.do(decisions.approve, number, by=MANAGER)
    shop.do(parcels.expect_by_hand, number, "SF1234567890123", by=AGENT)
    shop.do(inspection.inspect, number, [inspection.parse_item("TS-M=2:A")], by=WAREHOUSE)
    with pytest.raises(Refused, match="2 pieces came back already"):
        shop.do(changing.change, number, lines=["TS-M=1"], because="one only", by=MANAGER)
    shop.check()


def test_what_nobody_knows_is_not_said_to_be_missing(books: Books) -> None:
    """Sent with a waybill and done, when is not known: neither "not yet" nor an empty place."""
    books.order(ORDER, ("TS-M", 1, 1000))
    with engine.engine(books.database).begin() as connection:
        connection.execute(sa.text("UPDATE orders SET shipped_at = NULL, signed_at = NULL"))
    view = books.do(decisions.open_case, ORDER, kind=Kind.REFUND_ONLY, reason="L_LOST")
    assert view.order_facts["sent"].startswith("time unknown") and view.order_facts["signed"] == "time unknown"
    assert any("sent: sent, nobody knows when" in text for text in books.do(case_cards.show, view.number).stands_out)
