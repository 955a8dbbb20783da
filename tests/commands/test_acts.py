"""What an act on a case answers: a line of what changed, how it stands, and one next command; never the card."""

from datetime import timedelta

import pytest

from tests.shopfloor import AGENT, ORDER_NUMBER
from tests.terminal import Desk


@pytest.fixture
def case(desk: Desk) -> str:
    """A return inside the seven days, on the phone."""
    return str(desk.case("open", ORDER_NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"])


ACTS = {
    "note": (("note", "{case}", "要换色"), "{case}  noted: 老板: 要换色"),
    "flag": (("flag", "{case}", "red"), "{case}  flag: red"),
    "contact": (("contact", "{case}", "--by", "phone", "--result", "reached"), "{case}  contact: phone reached"),
    "assign": (("assign", "{case}", "--to", AGENT), f"{{case}}  given to {AGENT}"),
    "approve": (("approve", "{case}"), "{case}  agreed to"),
    "reject": (("reject", "{case}", "--because", "穿过了"), "{case}  the wish is refused"),
    "withdraw": (("withdraw", "{case}", "--because", "买家不退了"), "{case}  withdrawn"),
    "escalate": (
        ("escalate", "{case}", "--kind", "intervention"),
        "{case}  in the register: platform intervention: to be answered by 2026-11-12 12:00 (estimated)",
    ),
    "change": (
        ("change", "{case}", "--reason", "B_MIND", "--because", "买家改口"),
        "{case}  changed: does not like it",
    ),
    "fact": (("fact", "{case}", "opened=yes"), "{case}  written down: the buyer opened it"),
}
ENDS = {"reject", "withdraw"}
"""The acts that end a case: where it stands is said already."""


@pytest.mark.parametrize("act", ACTS)
def test_an_act_says_what_changed_and_what_is_next(desk: Desk, case: str, act: str) -> None:
    words, first = ACTS[act]
    answer = desk.type("case", *(word.format(case=case) for word in words))
    lines = answer.out.splitlines()
    assert answer.code == 0, answer.err
    assert lines[0] == first.format(case=case)
    assert lines[1].startswith("  now ") != (act in ENDS), answer.out
    assert len(lines) <= 8, answer.out
    assert all(line.startswith(("Next: retcli ", "Or: retcli ")) for line in lines if "retcli" in line)


def test_opening_says_the_money_the_deadline_and_what_speaks_against_it(desk: Desk) -> None:
    words = ("open", ORDER_NUMBER, "--kind", "return", "--reason", "Q_LOOK", "--line", "TS-L")
    out = desk.type("case", *words).out
    assert out.splitlines()[0].endswith("  opened")
    assert "93.97 due, nothing paid" in out
    assert "TS-L" not in out.partition("Next:")[0], "the goods stand on the card"


@pytest.mark.parametrize(
    ("words", "first", "goods"),
    [
        (("--kind", "refund-only"), "return and refund → refund only", "refund only TS-L ×1"),
        (("--kind", "refund-only", "--amount", "5"), "return and refund → refund only, 5.00", "refund only TS-L ×1"),
        (("--kind", "exchange", "--reason", "SZ_FIT", "--want", "TS-M"),
         "return and refund → exchange, size does not fit",
         "exchange TS-L ×1, TS-M instead"),
        (("--line", "TS-M=1"), "", "return and refund TS-L ×1, TS-M ×1"),
    ],
)  # fmt: skip
def test_a_change_says_what_was_changed(desk: Desk, case: str, words: tuple[str, ...], first: str, goods: str) -> None:
    lines = desk.type("case", "change", case, *words, "--because", "买家改口").out.splitlines()
    assert lines[0] == (f"{case}  changed: {first}" if first else f"{case}  changed")
    assert goods in lines[1].split("; ")


def test_what_goes_out_is_said_when_it_is_settled(desk: Desk) -> None:
    opened = desk.type("case", "open", ORDER_NUMBER, "--kind", "resend", "--reason", "W_SHORT", "--line", "TS-L=1").out
    assert "; resend TS-L ×1; " in opened.splitlines()[1]


def test_a_trial_shows_the_whole_card(desk: Desk, case: str) -> None:
    out = desk.type("case", "approve", case, "--dry-run").out
    assert "Verdict: " in out


def test_what_has_arrived_is_not_said_to_be_due_alone(desk: Desk, case: str) -> None:
    """Due, sent and arrived are three numbers, also in a line about a note."""
    desk.case("approve", case)
    desk.read("parcel", "expect", case, "SF1620041173366")
    desk.read("parcel", "inspect", "SF1620041173366", "--item", "TS-L=1:A")
    desk.pay("confirm", desk.pay("refund", case)["number"])
    out = desk.type("case", "note", case, "买家来电").out
    assert "now finished; 93.97 due, 93.97 arrived" in out


def test_the_end_of_an_entry_of_the_register_is_said(desk: Desk, case: str) -> None:
    desk.case("escalate", case, "--kind", "complaint")
    desk.case("answer", case)
    words = ("case", "verdict", case, "--won", "--because", "凭证充分")
    assert desk.type(*words).out.splitlines()[0] == f"{case}  in the register: complaint: won by the shop (凭证充分)"


def test_each_step_of_a_payout_names_the_next(desk: Desk, case: str) -> None:
    """Sent, not known what became of it, failed, paid anew, arrived, taken back: each with what comes after it."""
    desk.case("approve", case)
    desk.read("parcel", "expect", case, "SF1620041173366")
    desk.read("parcel", "inspect", "SF1620041173366", "--item", "TS-L=1:A")
    first = desk.pay("refund", case)["number"]
    assert f"Next: retcli pay confirm {first}" in desk.type("pay", "sent", first).out
    unknown = desk.type("pay", "unknown", first).out
    assert f"Next: retcli pay confirm {first}\nOr: retcli pay fail {first} --because TEXT" in unknown
    assert f"Next: retcli pay refund {case}" in desk.type("pay", "fail", first, "--because", "账号不对").out
    second = desk.pay("refund", case)["number"]
    assert f"{case}: now finished" in desk.type("pay", "confirm", second).out
    back = desk.type("pay", "reverse", second, "--because", "多付").out
    assert f"takes back {second}" in back
    assert f"Next: retcli pay refund {case}" in back
    amends = desk.pay("compensate", case, "--coupon", "3")["number"]
    failed = desk.type("pay", "fail", amends, "--because", "账号不对").out
    assert f"Next: retcli pay compensate {case} --coupon 3.00" in failed


def test_a_bad_review_is_entered_in_a_line(desk: Desk) -> None:
    said, then = desk.type("case", "escalate", ORDER_NUMBER, "--kind", "bad_review").out.splitlines()
    assert said == f"{ORDER_NUMBER}  in the register: bad review: to be followed up"
    assert then == f"Write to the buyer; then: retcli case answer {ORDER_NUMBER} --kind bad_review"
    said, then = desk.type("case", "answer", ORDER_NUMBER, "--kind", "bad_review").out.splitlines()
    assert (said, then) == (
        f"{ORDER_NUMBER}  in the register: bad review: buyer written to",
        "Next: retcli case register",
    )


def test_an_offer_without_money_has_no_gap(desk: Desk, case: str) -> None:
    assert desk.type("case", "offer", case, "--rung", "explain").out.startswith(f"{case}  Offered explanation: waits")


def test_an_empty_parcel_is_said_to_be_empty(desk: Desk, case: str) -> None:
    desk.case("approve", case)
    desk.read("parcel", "expect", case, "SF1620041173366")
    assert "nothing lay in it" in desk.type("parcel", "inspect", "SF1620041173366", "--empty").out


def test_what_cannot_be_undone_is_named_in_words(desk: Desk, case: str) -> None:
    desk.case("note", case, "问过了")
    desk.at += timedelta(minutes=1)
    desk.read("case", "offer", case, "--rung", "explain")
    assert desk.refused("undo").startswith(f"The last that you did is {case}: offer;")


def test_a_change_of_the_staff_list_is_a_line_with_what_is_next(desk: Desk) -> None:
    for words, line in (
        (("add", "小新", "--role", "agent"), "小新 added, as agent"),
        (("add", "小新", "--role", "warehouse"), "小新 is warehouse now"),
        (("rename", "小新", "阿新"), "小新 is called 阿新 now"),
        (("leave", "阿新"), "阿新 left: what they did stays, they can do nothing in these books any more"),
    ):
        said, then = desk.type("staff", *words).out.splitlines()
        assert said == line
        assert then.startswith("Next: retcli ")
    assert "小新" in str(desk.read("staff", "add", "小新", "--role", "agent")["staff"]), "scripts get the whole list"
