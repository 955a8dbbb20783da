"""Spoken to before refused, more time for customs, notes about an amount, flags: each with who and when."""

from datetime import timedelta

import pytest

from retcli.actions.cases import case_cards, contacts, decisions, queue
from retcli.actions.insight import today as todo
from retcli.actions.warehouse import parcels
from retcli.errors import Refused, WrongCommand
from retcli.language import both
from retcli.rules.lifecycles import Kind
from retcli.views.casefile.cases import CaseView
from tests.shopfloor import AGENT, NOON, WAREHOUSE, Books
from tests.terminal import Desk

ORDER = "2850000000000000111"


def opened(books: Books, kind: Kind = Kind.RETURN) -> CaseView:
    books.hire()
    books.order(ORDER, ("TS-L", 1, 9900), ("TS-M", 1, 5000))
    return books.do(decisions.open_case, ORDER, kind=kind, reason="B_7D", note="电话说不合身")


def clock(case: CaseView, name: str) -> object:
    return next((clock.due_at for clock in case.clocks if clock.name == name), None)


def test_contacts_are_counted_and_told_in_their_order(books: Books) -> None:
    case = opened(books)
    assert case.at_the_desk.contacts == 0
    books.do(contacts.contact, case.number, way="phone", result="no_answer", by=AGENT)
    books.later(hours=1)
    told = books.do(contacts.contact, case.number, way="chat", result="agreed", note="电话 13812348000", by=AGENT)
    assert told.at_the_desk.contacts == 2
    assert told.written_beside is not None
    assert [(c.way, c.result, c.note, c.by) for c in told.written_beside.contact_log] == [
        ("phone", "no_answer", "", AGENT),
        ("chat", "agreed", "电话 138****8000", AGENT),
    ]
    assert told.written_beside.contact_log[1].at - told.written_beside.contact_log[0].at == timedelta(hours=1)
    payloads = books.rows("SELECT payload FROM events WHERE action = 'contact' ORDER BY seq")
    assert [row[0] for row in payloads] == [
        '{"result":"no_answer","way":"phone"}',
        '{"result":"agreed","way":"chat"}',
    ]
    with pytest.raises(Refused, match="may not speak to buyers") as refused:
        books.do(contacts.contact, case.number, way="phone", result="reached", by=WAREHOUSE)
    assert refused.value.hint == "Ask the agent, manager or owner"
    books.check()


def test_days_for_customs_are_added_up_on_the_buyers_clock(books: Books) -> None:
    """The buyer has seven days from the approval at noon of 9 November; two times more days are given: 7 and 3."""
    case = opened(books)
    books.do(contacts.extend, case.number, days=7, because="海外件清关")
    approved = books.do(decisions.approve, case.number)
    assert clock(approved, "buyer_returns") == NOON + timedelta(days=14)
    more = books.do(contacts.extend, case.number, days=3, because="快递停运", by=AGENT)
    assert (clock(more, "buyer_returns"), more.at_the_desk.extended_days) == (NOON + timedelta(days=17), 10)
    assert clock(books.do(case_cards.show, case.number), "buyer_returns") == NOON + timedelta(days=17)
    assert "清关" not in "".join(row[0] for row in books.rows("SELECT payload FROM events"))
    books.check()


def test_no_time_without_a_reason_without_measure_or_for_what_is_over(books: Books) -> None:
    case = opened(books)
    for days, because in ((0, "清关"), (91, "清关"), (-1, "清关"), (3, " ")):
        with pytest.raises(WrongCommand):
            books.do(contacts.extend, case.number, days=days, because=because)
    books.do(decisions.reject, case.number, because="已影响二次销售")
    with pytest.raises(Refused, match="waits for nothing"):
        books.do(contacts.extend, case.number, days=3, because="清关")
    assert books.value("SELECT COUNT(*) FROM extensions") == 0


def test_a_note_may_be_about_an_amount_and_an_article(books: Books) -> None:
    case = opened(books)
    told = books.do(contacts.note, case.number, "差价先补", amount=1250, sku="TS-M", by=AGENT)
    assert told.at_the_desk.note == f"电话说不合身\n{AGENT}: 差价先补"
    assert told.written_beside is not None
    (line,) = told.written_beside.notes
    assert (line.by, line.text, str(line.amount), line.sku) == (AGENT, "差价先补", "12.50", "TS-M")
    with pytest.raises(WrongCommand, match="has no line XX-1"):
        books.do(contacts.note, case.number, "哪件", sku="XX-1")
    with pytest.raises(WrongCommand, match="A note needs its text"):
        books.do(contacts.note, case.number, "", amount=100)
    assert books.do(case_cards.show, case.number).at_the_desk.note == f"电话说不合身\n{AGENT}: 差价先补"


def test_a_flag_is_seen_in_the_list_and_its_why_is_kept(books: Books) -> None:
    case = opened(books)
    flagged = books.do(contacts.flag, case.number, "red", because="职业打假", by=AGENT)
    assert flagged.at_the_desk.flag == "red"
    assert [view.at_the_desk.flag for view in books.do(queue.list_cases).cases] == ["red"]
    assert books.do(contacts.flag, case.number, "none").at_the_desk.flag == ""
    told = books.do(case_cards.show, case.number).written_beside
    assert told is not None
    assert [(n.flag, n.text, n.by) for n in told.notes] == [("red", "职业打假", AGENT)]
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'flag'") == 2


def test_an_agent_calls_before_she_refuses(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused without a call: a warning first. What was due all the same is on the list of what was overruled. The flag
    stands in the list in Chinese.
    """
    order = "2850000000000000001"
    first = desk.case("open", order, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    second = desk.case("open", order, "--kind", "return", "--reason", "B_7D", "--line", "TS-M")["number"]
    silent = desk.type("case", "reject", first, "--because", "已拆吊牌")
    assert (silent.code, "Nobody spoke to the buyer yet" in silent.err) == (0, True)
    assert "Every finding says yes (暂行办法 §10)" in silent.err
    assert "Nobody spoke" not in silent.out
    desk.type("case", "contact", second, "--by", "电话", "--result", "买家不同意", "--note", "要平台介入")
    spoken = desk.type("case", "reject", second, "--because", "已拆吊牌")
    assert (spoken.code, "Nobody spoke" in spoken.err) == (0, False)
    overruled = desk.read("policy", "waivers")["waivers"]
    assert [(w["case"], w["rule"]) for w in overruled] == [(second, "verdict"), (first, "verdict")]
    assert desk.case("show", second)["contact_log"][0]["result"] == "refused"
    desk.type("case", "flag", second, "红", "--because", "要介入")
    monkeypatch.setenv("RETCLI_WIDTH", "80")  # a terminal of that width; off one nothing is left out
    shown = desk.type("--lang", "zh", "case", "list").out
    assert "  红 退货退款" in shown
    assert max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in shown.splitlines()) <= 80
    assert desk.type("case", "contact", second, "--by", "brieftaube", "--result", "reached").code == 2


def test_ways_and_outcomes_of_a_contact_have_words_of_their_own(desk: Desk) -> None:
    """A chat is 聊天, not the 聊天记录 of the evidence; a buyer refuses, where a row of a file is 未导入."""
    number = desk.case("open", "2850000000000000001", "--kind", "return", "--reason", "B_7D", "--line", "TS-L")[
        "number"
    ]
    ways = {"phone": ("phone", "电话"), "chat": ("chat", *both("online chat")), "sms": ("sms", "text message", "短信")}
    outcomes = {
        "reached": ("已联系上",),
        "no_answer": ("no answer", "no_answer", "未接通"),
        "agreed": ("协商一致",),
        "refused": ("refused", *both("buyer refused")),
    }
    said = [(way, result) for way in ways for result in outcomes]
    for way, result in said:
        for by in ways[way]:
            for came in outcomes[result]:
                log = desk.case("contact", number, "--by", by, "--result", came)["contact_log"]
                assert (log[-1]["way"], log[-1]["result"]) == (way, result)
    for words, wrong in (
        (("--by", "phone", "--result", "未导入"), "未导入"),
        (("--by", "聊天记录", "--result", "reached"), "聊天记录"),
    ):
        answer = desk.type("--lang", "zh", "case", "contact", number, *words)
        assert (answer.code, wrong in answer.err) == (2, True)
        offered = answer.err.replace(wrong, "")
        assert "未导入" not in offered
        assert "聊天记录" not in offered
    assert "refused 买家" in desk.type("--lang", "zh", "case", "contact", number, "--by", "phone", "--result", "x").err


def test_a_buyer_who_sends_nothing_is_asked_again_after_two_days(books: Books) -> None:
    """同意退货两天没寄：列入今日待办，催过一次再过两天才又提醒；报了运单号就不催了。"""
    number = books.order("2850000000000000031", ("TS-L", 1, 9900))
    case = books.do(decisions.open_case, number, kind=Kind.RETURN, reason="B_7D").number
    books.do(decisions.approve, case)
    asks = f"retcli case contact {case} --by WAY --result RESULT\nretcli parcel expect {case} WAYBILL"

    def waiting() -> list[tuple[str, str, str]]:
        found = books.do(todo.today).items
        return [(item.urgency, item.clock, item.action) for item in found]

    books.later(hours=43)
    assert waiting() == []
    books.later(hours=5)
    assert waiting() == [("target", "ask_again", asks)]
    books.do(contacts.contact, case, way="phone", result="reached")
    assert waiting() == []
    books.later(hours=48)
    assert waiting() == [("target", "ask_again", asks)]
    books.do(parcels.expect_by_hand, case, "YT5260493176849")
    assert "ask_again" not in {clock.name for clock in books.do(case_cards.show, case).clocks}
