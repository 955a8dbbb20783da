"""One card for a case, whoever looks at it: who, what they wrote, what they want, the money, what was done."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import retcli.actions
from retcli import words
from retcli.rules import lifecycles
from tests.shopfloor import AGENT, ORDER_NUMBER
from tests.terminal import Desk

RED = "2850000000000000071"
OF_NO_CASE = {"policy", "staff", "reasons", "export", "restore", "import", "reread", "resolve", "map", "role", "rename"}
OF_NO_CASE |= {"leave", "load", "reveal"}
"""What is recorded about the shop, its staff, its rules or its files, and never about a case, a payout or a parcel."""


@pytest.fixture
def case(desk: Desk) -> str:
    """A return of a red shirt, told of by telephone, with a note on it."""
    desk.books.order(RED, ("TS-RED", 1, 12800), buyer="晴天娃娃", receiver="赵小晴", phone="13900004321")
    words = ("--kind", "return", "--reason", "B_7D", "--channel", "旺旺", "--note", "颜色不喜欢")
    number = str(desk.case("open", RED, *words)["number"])
    desk.case("note", number, "买家说周末寄回", by=AGENT)
    return number


def test_whoever_decides_and_whoever_looks_read_the_same_facts(desk: Desk, case: str) -> None:
    shown, decided = desk.type("case", "show", case).out, desk.type("case", "review", typed="q\n").out
    for fact in (
        "Buyer: 晴* 赵* 139****4321 (旺旺)",
        "Wish: return and refund TS-RED ×1",
        "Reason: seven days, no reason (the buyer)",
        f"Order: {RED}, paid ",
        "platform: first reply: by 2026-11-11 12:00, 2 days left (estimated)",
    ):
        assert fact in shown and fact in decided, fact
    assert "晴天" not in shown + decided and "13900004321" not in shown + decided


def test_a_first_reply_that_is_late_stays_in_sight(desk: Desk, case: str) -> None:
    """24 hours for it, 30 are over; the platform's two days still run, and a talk with the buyer ends it."""
    desk.at += timedelta(hours=30)
    late = "  own: first reply: by 2026-11-10 12:00, 6 hours overdue\n"
    assert late in desk.type("case", "show", case).out
    assert late in desk.type("case", "review", typed="q\n").out
    assert "platform: first reply: by 2026-11-11 12:00, 18 hours left" in desk.type("case", "show", case).out
    desk.case("contact", case, "--by", "phone", "--result", "reached")
    assert "own: first reply" not in desk.type("case", "show", case).out


def test_the_buyers_own_words_are_shown(full_desk: Desk) -> None:
    """What a buyer wrote on the platform stands on the card, without the platform's own label of it."""
    told = [row for row in full_desk.read("case", "list")["cases"] if row["words"]]
    assert told
    assert f"Their words: {told[0]['words']}" in full_desk.type("case", "show", told[0]["number"]).out


def test_a_note_has_its_time_and_its_writer(desk: Desk, case: str) -> None:
    out = desk.type("case", "show", case).out
    assert f"Note: 2026-11-09 12:00 {AGENT}: 买家说周末寄回" in out
    assert "颜色不喜欢" in out


def test_what_goes_out_is_shown_with_its_waybill(desk: Desk) -> None:
    number = desk.case("open", ORDER_NUMBER, "--kind", "resend", "--reason", "W_SHORT", "--line", "TS-L")["number"]
    desk.case("approve", number)
    desk.case("ship", number, "--waybill", "SF1620041173999")
    assert "Going out: TS-L ×1 shipped 2026-11-09 12:00 SF1620041173999" in desk.type("case", "show", number).out


def test_the_history_is_told_where_it_is_asked_for(desk: Desk, case: str) -> None:
    assert "What was done:" not in desk.type("case", "show", case).out
    desk.case("approve", case)
    lines = desk.type("case", "show", case, "--history").out.splitlines()
    told = [line.strip() for line in lines[lines.index("What was done:") + 1 :] if line.startswith("  2026")]
    assert told == [
        "2026-11-09 12:00  decision: requested (老板)",
        f"2026-11-09 12:00  note ({AGENT})",
        "2026-11-09 12:00  decision: approved 128.00 (老板)",
    ]
    document = desk.read("case", "show", case, "--history")["case"]["history"]
    assert [line["action"] for line in document] == ["open", "note", "approve"]


def recorded() -> set[str]:
    """The names of all events that the actions write down outside a lifecycle."""
    names = set()
    for path in Path(*retcli.actions.__path__).rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "record":
                what = call.args[1] if len(call.args) > 1 else None
                names |= {what.value} if isinstance(what, ast.Constant) and isinstance(what.value, str) else set()
    return names


def test_every_event_has_its_words() -> None:
    """A step of a lifecycle is told by its axis, all else by its own name."""
    axes = {cycle.axis for cycle in vars(lifecycles).values() if isinstance(cycle, lifecycles.Lifecycle)}
    assert len(recorded()) > 20
    assert sorted(recorded() - OF_NO_CASE - set(words.EVENTS)) == []
    assert sorted(axes - set(words.EVENTS)) == []


def test_before_a_refusal_what_is_missing_is_said_first_then_what_follows(desk: Desk, case: str) -> None:
    """Without a reason nothing else is said; with one it is refused, and nobody reads of a trial."""
    desk.case("approve", case)
    desk.read("parcel", "expect", case, "SF1620041173999")
    without = desk.type("case", "reject", case)
    assert without.code == 2 and "Nobody spoke" not in without.err and "needs a reason" in without.err
    done = desk.type("case", "reject", case, "--because", "穿过")
    assert done.code == 0 and "trial" not in done.out + done.err
    assert "It was agreed to before: 2026-11-09 12:00 老板" in done.err
    assert "The buyer's goods are on their way or here (SF1620041173999)" in done.err
