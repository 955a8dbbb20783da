"""The queue at the command line: groups, pipes, JSON, what is refused."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from retcli import actions
from retcli.database.troubles import Uncertain
from retcli.errors import NotFound, StorageTrouble
from retcli.rules.lifecycles import Kind
from retcli.shop import write_events
from tests.actions.money.test_outgoing import wished
from tests.reports import Folder
from tests.shopfloor import AGENT, MANAGER, NOON, Books
from tests.terminal import Desk, environment, program

PROMPT = "[a]pprove"


@pytest.fixture
def desk(sqlite_books: Books) -> Desk:
    """Four undecided cases: plain returns (30.00, 500.00), one too late (20.00), a price cut without its amount."""
    books = sqlite_books
    books.hire()
    desk = Desk(books.database, by=AGENT)
    for n, (cash, days) in enumerate(((3000, 3), (50000, 3), (2000, 20)), 1):
        number = books.order(f"285000000000000000{n}", ("TS-M", 1, cash), signed_at=NOON - timedelta(days=days))
        desk.case("open", number, "--kind", "return", "--reason", "B_7D")
    books.order("2850000000000000004", ("TS-L", 1, 9000))
    desk.case("open", "2850000000000000004", "--kind", "allowance", "--reason", "Q_LOOK")
    return desk


def decisions(desk: Desk) -> list[str]:
    """What was decided, case by case."""
    return [row[0] for row in desk.books.rows("SELECT decision FROM cases ORDER BY id")]


def test_a_group_is_shown_then_approved_each_by_itself(desk: Desk) -> None:
    table = desk.read("case", "approve", "--all-yes", "--dry-run")
    assert [case["number"][-1] for case in table["cases"]] == ["2", "1"]
    assert (table["count"], table["money"][0]["minor"]) == (2, 53000)
    assert decisions(desk) == ["requested"] * 4
    shown = desk.type("case", "approve", "--all-yes", "--dry-run").out
    assert "RC20261109-0001" in shown and "2850000000000000001" in shown
    assert "2 cases (return and refund 2), 530.00 in all" in shown
    assert shown.count("2 days") == 2, "until the platform's first reply, computed: not the shop's own after 24 hours"
    desk.at += timedelta(hours=48, minutes=50)
    assert desk.type("case", "approve", "--all-yes", "--dry-run").out.count("！50 minutes") == 2
    desk.at -= timedelta(hours=48, minutes=50)
    assert desk.refused("case", "approve", "--all-yes", code=2) == "There is nobody to ask"
    assert decisions(desk) == ["requested"] * 4

    done = desk.read("case", "approve", "--all-yes", "--yes", "--max", "100")
    assert [(each["case"], each["money"]["minor"]) for each in done["approved"]] == [("RC20261109-0001", 3000)]
    assert (done["skipped"], done["money"][0]["minor"]) == ([], 3000)
    assert decisions(desk) == ["approved", "requested", "requested", "requested"]
    answer = desk.type("case", "approve", "--all-yes", "--yes", "--kind", "退货退款")
    assert (answer.code, "1 approved, 500.00" in answer.out) == (0, True)
    again = desk.type("case", "approve", "--all-yes")
    assert (again.code, "No undecided case is plainly to be approved" in again.out) == (0, True), "nothing to ask about"
    desk.books.check()


def test_what_changed_since_the_table_was_shown_is_passed_over_and_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = actions.cases.queue.plain_ones

    def meanwhile(shop: object, **options: object) -> object:
        group = shown(shop, **options)  # type: ignore[arg-type]
        monkeypatch.setattr(actions.cases.queue, "plain_ones", shown)
        desk.case("change", "1", "--kind", "refund-only", "--because", "keeps it", by=MANAGER)
        desk.case("reject", "2", "--because", "worn", by=MANAGER)
        return group

    desk.case("open", desk.books.order("2850000000000000005", ("TS-L", 1, 700)), "--kind", "return", "--reason", "B_7D")
    monkeypatch.setattr(actions.cases.queue, "plain_ones", meanwhile)
    done = desk.read("case", "approve", "--all-yes", "--yes", code=3)
    assert [each["case"][-1] for each in done["approved"]] == ["5"]
    assert [(each["case"][-1], each["money"]["minor"]) for each in done["skipped"]] == [("2", 50000), ("1", 3000)]
    assert all("changed by somebody else" in each["why"] for each in done["skipped"])
    assert decisions(desk) == ["requested", "rejected", "requested", "requested", "approved"]
    desk.books.check()


@pytest.mark.parametrize("as_json", [False, True])
def test_a_group_says_which_payouts_wait_for_a_second_person(
    sqlite_books: Books, folder: Folder, *, as_json: bool
) -> None:
    """50.00 is above the agent's limit: agreed to, and its payout waits; with the next command, and exit code 3."""
    sqlite_books.hire()
    wished(sqlite_books, folder, 5000)
    desk, words = Desk(sqlite_books.database, by=AGENT), ("case", "approve", "--all-yes", "--yes")
    if as_json:
        assert [money["minor"] for money in desk.read(*words, code=3)["waiting"]] == [5000]
        return
    answer = desk.type(*words)
    payout = sqlite_books.value("SELECT number FROM payouts WHERE state = 'waiting'")
    assert answer.code == 3
    case = sqlite_books.value("SELECT number FROM cases")
    assert f"1 wait for a second person, 50.00:\n  {case}  50.00  retcli pay approve {payout}" in answer.out


@pytest.mark.parametrize("as_json", [False, True])
def test_the_trial_of_a_group_says_what_will_wait_for_a_second_person(
    sqlite_books: Books, folder: Folder, *, as_json: bool
) -> None:
    """As the real run says it: 50.00 are above the agent's limit, and nothing of the trial stays."""
    sqlite_books.hire()
    wished(sqlite_books, folder, 5000)
    desk, words = Desk(sqlite_books.database, by=AGENT), ("case", "approve", "--all-yes", "--dry-run")
    if as_json:
        assert [money["minor"] for money in desk.read(*words)["waiting"]] == [5000]
        return
    assert "1 will wait for a second person, 50.00" in desk.type(*words).out
    assert sqlite_books.value("SELECT COUNT(*) FROM payouts") == 0


@pytest.fixture
def group(desk: Desk) -> Desk:
    """Two more returns of 7.00: four cases are plainly to be approved."""
    for n in (5, 6):
        number = desk.books.order(f"285000000000000000{n}", ("TS-L", 1, 700))
        desk.case("open", number, "--kind", "return", "--reason", "B_7D")
    return desk


def breaking(monkeypatch: pytest.MonkeyPatch, at: int, broken: BaseException, *, saved: bool = False) -> None:
    """The group's approval number `at` fails, before or after it was saved."""
    approve, calls = actions.cases.queue.approve_seen, iter(range(1, 100))

    def failing(shop: Any, *args: Any, **options: Any) -> Any:
        if next(calls) != at:
            return approve(shop, *args, **options)
        if saved:
            approve(shop, *args, **options)
            shop.session.flush()
            write_events(shop)
            shop.session.commit()
        raise broken

    monkeypatch.setattr(actions.cases.queue, "approve_seen", failing)


@pytest.mark.parametrize(
    ("broken", "code", "saved"),
    [
        (StorageTrouble("The disk is full", "Free some space"), 7, False),
        (Uncertain("It is not known", "Look"), 7, True),
        (NotFound("gone"), 4, False),
        (KeyboardInterrupt(), 130, False),
    ],
)
def test_a_group_that_breaks_in_the_middle_names_what_was_done_and_what_not(
    group: Desk, monkeypatch: pytest.MonkeyPatch, broken: BaseException, code: int, saved: bool
) -> None:
    wanted = [case["number"] for case in group.read("case", "approve", "--all-yes", "--dry-run")["cases"]]
    assert len(wanted) == 4
    breaking(monkeypatch, 3, broken, saved=saved)
    done = group.read("case", "approve", "--all-yes", "--yes", code=code)
    assert [each["case"] for each in done["approved"]] == wanted[:2]
    unknown = isinstance(broken, Uncertain | KeyboardInterrupt)
    assert [each["case"] for each in done["uncertain"]] == (wanted[2:3] if unknown else [])
    assert [each["case"] for each in done["left"]] == (wanted[3:] if unknown else wanted[2:])
    assert done["error"]["message"] == (str(broken) or "Interrupted")
    states = dict(row for row in group.books.rows("SELECT number, decision FROM cases"))
    assert [states[number] for number in wanted] == [
        "approved",
        "approved",
        "approved" if saved else "requested",
        "requested",
    ]
    group.books.check()


def test_each_line_of_a_group_is_said_when_it_is_saved(group: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [case["number"] for case in group.read("case", "approve", "--all-yes", "--dry-run")["cases"]]
    breaking(monkeypatch, 3, StorageTrouble("The disk is full", "Free some space"))
    answer = group.type("case", "approve", "--all-yes", "--yes")
    assert answer.code == 7
    assert f"{wanted[0]} approved" in answer.out and f"{wanted[1]} approved" in answer.out
    assert f"Not approved (2): {wanted[2]}, {wanted[3]}" in answer.out
    assert "Error: The disk is full" in answer.err and "Try: Free some space" in answer.err
    assert "nothing" not in (answer.out + answer.err).lower()


def test_a_group_whose_answer_nobody_can_read_says_on_the_other_stream_what_was_not_done(group: Desk) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        streams: dict[str, Any] = {"capture_output": False, "stdout": full, "stderr": subprocess.PIPE}
        ended = program("case", "approve", "--all-yes", "--yes", env=environment(group.database), **streams)
    assert ended.returncode == 7
    approved = decisions(group).count("approved")
    assert approved < 4
    assert (b"Not approved (%d)" % (4 - approved)) in ended.stderr or approved == 0


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((), "Name a case, or --all-yes"),
        (("1", "--all-yes"), "Name a case, or --all-yes"),
        (("1", "--max", "3"), "go with --all-yes"),
        (("--all-yes", "--amount", "3"), "go with one case"),
        (("--all-yes", "--key", "k"), "go with one case"),
        (("--all-yes", "--waive", "window", "--because", "x"), "go with one case"),
    ],
)
def test_one_case_or_all_of_them(desk: Desk, words: tuple[str, ...], text: str) -> None:
    assert text in desk.refused("case", "approve", *words, code=2)
    assert decisions(desk) == ["requested"] * 4


def test_one_case_is_approved_as_before_once_under_its_key(desk: Desk) -> None:
    assert desk.case("approve", "1", "--dry-run")["decision"] == "approved"
    assert desk.case("approve", "1", "--amount", "20", "--key", "k")["due"]["minor"] == 2000
    assert desk.case("approve", "1", "--amount", "20", "--key", "k")["due"]["minor"] == 2000
    assert decisions(desk)[0] == "approved"


def test_a_round_from_a_pipe_reads_one_key_a_line_and_prints_a_document_a_case(desk: Desk) -> None:
    """The dearest comes first: approved; 30.00 gets a coupon; the late one cannot be, and is rejected; the price cut
    its amount.
    """
    keys = "a\no\n2\n\nz\na\nr\n1\na\n12\n"
    answer = desk.type("--json", "case", "review", typed=keys)
    assert answer.code == 0, answer
    *done, summary = answer.documents
    assert [(each["number"][-1], each["outcome"]) for each in done] == [
        ("2", "approved"),
        ("1", "offered"),
        ("3", "rejected"),
        ("4", "approved"),
    ]
    assert done[0]["case"]["due"]["minor"] == 50000
    assert done[1]["offer"]["amount"]["minor"] == 500
    told = summary["summary"]
    assert [told[name] for name in ("approved", "rejected", "offered", "handed_over", "skipped", "left")] == [
        2,
        1,
        1,
        0,
        0,
        0,
    ]
    assert told["money"] == [{"currency": "CNY", "minor": 51200, "text": "512.00"}]
    assert "ended" in answer.err and "z means nothing here" in answer.err
    assert PROMPT in answer.err and PROMPT not in answer.out
    assert decisions(desk) == ["requested", "approved", "rejected", "approved"]
    assert (
        desk.books.value("SELECT because FROM cases WHERE decision = 'rejected'")
        == "Past the seven days without reason"
    )
    desk.books.check()


def test_a_round_from_a_pipe_takes_its_last_decision_back(desk: Desk) -> None:
    """The approval is undone, the same case rejected instead; the next one waits for its key as before."""
    answer = desk.type("--json", "case", "review", typed="u\na\nu\nr\n2\nq\n")
    assert answer.code == 0, answer
    *done, summary = answer.documents
    assert [(each["number"][-1], each["outcome"]) for each in done] == [
        ("2", "approved"),
        ("2", "taken_back"),
        ("2", "rejected"),
    ]
    assert "Nothing was decided in this round" in answer.err
    told = summary["summary"]
    assert [told[name] for name in ("approved", "rejected", "taken_back", "left")] == [0, 1, 1, 3]
    assert [each["minor"] for each in told["money"]] == [0]
    assert decisions(desk)[1] == "rejected"
    desk.books.check()


def test_a_round_in_words_and_what_is_left_when_it_ends_early(desk: Desk) -> None:
    answer = desk.type("case", "review", typed="s\nm\n1\nplease look\nq\n")
    assert answer.code == 0
    assert "1 of 4  RC20261109-0002" in answer.out
    assert "RC20261109-0002 skipped" in answer.out
    assert f"RC20261109-0001 left to {MANAGER}" in answer.out
    assert "left to the manager 1, skipped 1" in answer.out
    assert "3 still wait: retcli case review" in answer.out
    assert desk.books.value("SELECT owner FROM cases WHERE number LIKE '%1'") == MANAGER
    again = desk.type("case", "review", typed="")
    assert "1 of 3" in again.out and "1 wait for the manager" in again.out, "the end of the input ends it"
    assert decisions(desk) == ["requested"] * 4


def test_going_back_leaves_the_case_where_it_is(desk: Desk) -> None:
    """No reason, no rung, no person picked: nothing happened, the same case waits for its key."""
    answer = desk.type("case", "review", typed="r\nx\no\n9\nm\n0\na\nq\n")
    assert "500.00" in answer.out and "RC20261109-0002 approved" in answer.out
    assert decisions(desk) == ["requested", "approved", "requested", "requested"]
    assert desk.books.value("SELECT COUNT(*) FROM offers") == 0


def test_a_line_that_is_no_single_key_decides_nothing(desk: Desk) -> None:
    answer = desk.type("case", "review", typed="approve\nalready sent back\nq\n")
    assert answer.err.count("means nothing here") == 2
    assert decisions(desk) == ["requested"] * 4


def test_roles_hold_and_an_agent_offers_within_the_limit(desk: Desk) -> None:
    assert "may not" in desk.refused("case", "review", by="阿强")
    answer = desk.type("--json", "case", "review", typed="o\n3\n31\no\n3\nabc\nq\n")
    assert "offers from 5.00 to 30.00" in answer.err
    assert "is no amount of money" in answer.err
    assert answer.documents[-1]["summary"]["offered"] == 0
    assert desk.books.value("SELECT COUNT(*) FROM offers") == 0


def test_nothing_waits(sqlite_books: Books) -> None:
    answer = Desk(sqlite_books.database).type("case", "review")
    assert (answer.code, "Nothing waits for a decision" in answer.out) == (0, True)


def test_change_assign_advise_and_offer_at_the_command_line(desk: Desk) -> None:
    case = desk.case("change", "1", "--kind", "换货", "--want", "TS-L", "--reason", "SZ_FIT", "--because", "larger")
    assert (case["kind"], case["reason"]["set"], case["version"]) == ("exchange", "SZ_FIT", 2)
    assert desk.case("change", "1", "--kind", "return", "--because", "x", "--dry-run")["kind"] == "return"
    assert desk.case("show", "1")["kind"] == "exchange"
    assert desk.case("assign", "1", "--to", MANAGER)["owner"] == MANAGER
    both = desk.read("case", "assign", "2", "3", "--to", MANAGER)["cases"]
    assert [case["owner"] for case in both] == [MANAGER, MANAGER]
    assert len(desk.read("case", "list", "--mine")["cases"]) == 1
    assert len(desk.read("today", "--mine", by=MANAGER)["items"]) == 3
    assert len(desk.read("case", "assign", "--from", MANAGER, "--to", AGENT)["cases"]) == 3
    assert "Name the cases" in desk.refused("case", "assign", "--to", AGENT, code=2)
    assert "Name the cases" in desk.refused("case", "assign", "1", "--from", AGENT, "--to", MANAGER, code=2)

    advice = desk.read("case", "advise", "2")
    assert advice["remedies"][0]["then"] == ["explain", "coupon", "return"]
    assert advice["limits"]["most"]["minor"] == 3000
    assert "You may offer from 5.00 to 30.00" in desk.type("case", "advise", "2").out
    assert desk.read("case", "offer", "2", "--rung", "优惠券", "--amount", "10", "--note", "a gift")["warnings"] == []
    assert "waits for the buyer" in desk.type("case", "show", "2").out
    assert desk.read("case", "offer", "2", "--accepted")["offer"]["saved"]["minor"] == 49000
    assert "490.00 saved" in desk.type("case", "show", "2").out
    for words in ((), ("--rung", "coupon", "--accepted"), ("--accepted", "--declined"), ("--declined", "--note", "x")):
        desk.refused("case", "offer", "2", *words, code=2)
    desk.books.check()


def test_an_inquiry_at_the_command_line(desk: Desk) -> None:
    order = desk.books.order("2850000000000000006", ("TS-L", 1, 700), signed_at=None)
    case = desk.case("open", order, "--kind", "咨询", "--reason", "L_NOTRACK")
    assert (case["kind"], case["stage"], case["due"]["minor"]) == ("inquiry", "to_answer", 0)
    assert [each["number"] for each in desk.read("case", "list", "--stage", "to_answer")["cases"]] == [case["number"]]
    assert desk.case("finish", case["number"])["stage"] == "finished"


def test_a_change_that_the_platform_does_not_know_of_is_said(full_desk: Desk) -> None:
    number = full_desk.books.value(
        "SELECT number FROM cases WHERE decision = 'requested' AND kind = 'return' AND platform_number IS NOT NULL"
    )
    answer = full_desk.type("case", "change", number, "--reason", "Q_LOOK", "--because", "the photo")
    assert (answer.code, answer.err) == (0, ""), "what only we know of needs no word"
    answer = full_desk.type("case", "change", number, "--kind", "exchange", "--because", "on the phone")
    assert "The platform has the old wish still" in answer.err


def test_the_ladder_of_a_month_at_a_terminal(desk: Desk) -> None:
    """A coupon of 8.00 is taken on the case of 30.00."""
    number = "RC20261109-0001"
    days = ("--since", "2026-11-01", "--until", "2026-11-30")
    assert "case advise" in desk.type("report", "offers", *days).out
    desk.read("case", "offer", number, "--rung", "coupon", "--amount", "8")
    desk.read("case", "offer", number, "--accepted")
    (row,) = desk.read("report", "offers", *days)["rows"]
    assert (row["rung"], row["made"], row["accepted"], row["cost"]["minor"]) == ("coupon", 1, 1, 800)
    assert row["saved"]["minor"] == 2200
    shown = desk.type("--lang", "zh", "report", "offers", *days).out
    assert "优惠券" in shown
    assert "22.00" in shown
    desk.refused("report", "offers", "--since", "2026-11-30", "--until", "2026-11-01", code=2)


def test_what_another_case_of_the_order_changes_is_said_before(sqlite_books: Books) -> None:
    """Two faulty goods of one order: once 30.00 are approved the other return takes the last of it, and the 6.00 of
    freight with it; the trial says so in the words of the real run.
    """
    books = sqlite_books
    books.hire()
    order = books.order("2850000000000000881", ("TS-M", 1, 3000), ("TS-L", 1, 2500), freight=600)
    for sku in ("TS-M", "TS-L"):
        books.do(actions.cases.decisions.open_case, order, kind=Kind.RETURN, reason="Q_FUNC", lines=[sku])
    other = books.order("2850000000000000882", ("TS-M", 1, 1000))
    books.do(actions.cases.decisions.open_case, other, kind=Kind.RETURN, reason="B_7D")
    desk = Desk(books.database, by=MANAGER)
    events = books.value("SELECT COUNT(*) FROM events")
    tried = desk.read("case", "approve", "--all-yes", "--dry-run", code=3)
    assert sorted(case["due"]["minor"] for case in tried["cases"]) == [1000, 3000]
    ((case, minor, why),) = ((each["case"], each["money"]["minor"], each["why"]) for each in tried["stopped"])
    assert (minor, "31.00 due" in why) == (2500, True)
    assert books.value("SELECT COUNT(*) FROM events") == events
    assert "1 are stopped:" in desk.type("case", "approve", "--all-yes", "--dry-run").out
    done = desk.read("case", "approve", "--all-yes", "--yes", code=3)
    assert sorted(each["money"]["minor"] for each in done["approved"]) == [1000, 3000]
    assert [(each["case"], each["why"]) for each in done["skipped"]] == [(case, why)]
    again = desk.read("case", "approve", "--all-yes", "--yes")
    assert [each["money"]["minor"] for each in again["approved"]] == [3100]
    books.check()
