"""The contract at the command line: JSON, trials, operation keys, words for things."""

import re
import subprocess
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands.documents import DOCUMENTS, ERROR
from tests.commands.shapes import misfits
from tests.commandtree import CALLS, Scene, leaves, settled
from tests.reports import EXPORTS, Folder, dump, sold
from tests.shopfloor import AGENT, FINANCE, MANAGER, NOON, ORDER_NUMBER, OWNER, WAREHOUSE
from tests.terminal import Desk, environment, program

NUMBER = ORDER_NUMBER
SEVEN_DAY, EIGHTH_DAY, CUSTOM = "260000316158101910", "260000320142022565", "260000366395432435"
SEVEN_DAY_ORDER, PARCEL_BACK = "2850260723884701756", "260000230969172883"
STRAY = "SF1234567890123"


# -- JSON -------------------------------------------------------------------------------------------------------------

LOOKS = (
    ("today",),
    ("case", "show", SEVEN_DAY),
    ("case", "list"),
    ("case", "list", "--kind", "return", "--stage", "to_decide"),
    ("case", "explain", SEVEN_DAY),
    ("order", "show", SEVEN_DAY_ORDER),
    ("order", "find", SEVEN_DAY_ORDER),
    ("imports", "list"),
    ("imports", "show", "1"),
    ("imports", "faults"),
    ("imports", "questions"),
    ("staff", "list"),
    ("platform", "todo"),
    ("parcel", "list"),
    ("parcel", "unclaimed"),
    ("parcel", "match", STRAY),
    ("stock", "show"),
    ("pay", "list"),
    ("books", "check"),
    ("words",),
)


def test_every_command_has_its_document_written_down() -> None:
    assert sorted(DOCUMENTS) == sorted(path for path, _command in leaves())


@pytest.mark.parametrize("path", [path for path in CALLS if path != "demo"])
def test_every_command_answers_its_document_in_whole(whole_shop: Scene, tmp_path: Path, path: str) -> None:
    """No key is added, lost or renamed, and no value becomes of another type."""
    for n, call in enumerate(CALLS[path]):
        tmp = tmp_path / f"{n}"
        answer = whole_shop.desk(tmp).type("--json", *path.split(), *whole_shop.words(call, tmp))
        for document in answer.documents:
            assert [*misfits(document, {"error": ERROR} if path == "books init" else DOCUMENTS[path], path)] == []
        assert answer.documents
        settled(tmp)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sku": None}, ".cases[].lines[].sku: none, not text"),
        ({"pieces": 1}, ".cases[].lines[].pieces: nobody wrote it down"),
        ({"want": 1}, ".cases[].lines[].want: count, not text|none"),
        ({"due": {"currency": "CNY", "minor": 5990}}, ".cases[].lines[].due: dict, not money"),
    ],
)
def test_a_key_that_is_another_is_noticed_wherever_it_stands(
    full_desk: Desk, change: dict[str, object], told: str
) -> None:
    document = full_desk.read("case", "list")
    line = document["cases"][-1]["lines"][0]
    line |= change
    assert [*misfits(document, DOCUMENTS["case list"])] == [told]
    lost = full_desk.read("case", "list")
    del lost["cases"][-1]["clocks"]
    lost["cases"][-1]["timers"] = []
    assert [*misfits(lost, DOCUMENTS["case list"])] == [
        ".cases[].clocks: lost",
        ".cases[].timers: nobody wrote it down",
    ]


def _worked(full_desk: Desk) -> None:
    """A click to make, a piece in stock, a payout that waits, a parcel without a case that holds what one waits for."""
    sku = full_desk.case("approve", SEVEN_DAY)["lines"][0]["sku"]
    full_desk.type("scan", "-", by=WAREHOUSE, typed=f"{STRAY}\n{sku}\n")
    full_desk.read("parcel", "inspect", PARCEL_BACK, "--item", "HUM-01=1:A", by=WAREHOUSE)
    full_desk.pay("refund", PARCEL_BACK, by=AGENT)


def test_every_looking_command_answers_the_contracts_json(full_desk: Desk) -> None:
    _worked(full_desk)
    before = dump(full_desk.books)
    for words in LOOKS:
        document = full_desk.read(*words)
        behind = full_desk.type(*words, "--json")
        assert behind.document == document, f"--json behind says the same: {words}"
        assert any(document.values()) or words == ("imports", "questions"), words
        plain = full_desk.type(*words)
        assert (plain.code, bool(plain.out), plain.err) == (0, True, ""), words
    assert dump(full_desk.books) == before, "looking changes nothing"


def test_what_is_overdue_on_the_platform_is_a_list_of_the_same_cases(full_desk: Desk) -> None:
    """The shop's own targets alone make no case overdue; the time that the platform gave does."""
    wanted = ("case", "list", "--kind", "return", "--stage", "to_decide")
    assert full_desk.read(*wanted, "--overdue")["cases"] == []
    later = replace(full_desk, at=full_desk.at + timedelta(hours=240))
    late = later.read(*wanted, "--overdue")["cases"]
    assert late


def test_the_case_document_in_full(full_desk: Desk) -> None:
    case = full_desk.case("show", SEVEN_DAY)
    assert set(case["reason"]) == {"stated", "set", "verified", "fault", "detail"}
    assert case["reason"]["stated"] == "B_7D"
    assert set(case["lines"][0]) == {"line", "sku", "quantity", "received", "accepted", "due", "want"}
    assert {"name", "due_at", "source", "estimated", "unverified"} == set(case["clocks"][0])
    assert {clock["source"] for clock in case["clocks"]} <= {"platform", "statute", "patience", "own"}
    assert case["due"] == {"currency": "CNY", "minor": 5990, "text": "59.90"}
    assert re.fullmatch(r"2026-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", case["applied_at"])
    assert isinstance(case["order"], str)
    assert case["order"] == SEVEN_DAY_ORDER


def test_doing_commands_answer_the_contracts_json(desk: Desk, tmp_path: Path) -> None:
    case = desk.case("open", NUMBER, "--kind", "return", "--reason", "W_WRONG", "--line", "TS-M=2", "--note", "错色")
    number = case["number"]
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 crack")
    assert desk.case("attach", number, str(photo))["number"] == number
    assert desk.case("note", number, "say sorry", "--reason", "Q_FUNC")["reason"]["set"] == "Q_FUNC"
    assert desk.case("approve", number, by=AGENT)["decision"] == "approved"
    assert set(desk.read("parcel", "expect", number, "SF1234567890123")) == {"parcel", "moves"}
    found = desk.read("parcel", "inspect", number, "--item", "TS-M=2:A", by=WAREHOUSE)
    assert found["moves"] == [{"sku": "TS-M", "quantity": 2, "from": "pending", "to": "sellable"}]
    payout = desk.pay("refund", number, by=AGENT)
    assert (payout["money"]["minor"], payout["state"], payout["kind"]) == (6667, "waiting", "refund")
    assert desk.pay("approve", payout["number"], by=MANAGER)["state"] == "due"
    assert desk.pay("sent", payout["number"], by=FINANCE)["state"] == "sent"
    assert desk.pay("unknown", payout["number"], by=FINANCE)["state"] == "unknown"
    points = desk.pay("compensate", number, "--points", "200", by=AGENT)
    assert (points["money"], points["method"]) == ({"points": 200}, "points")
    assert desk.pay("confirm", points["number"])["state"] == "confirmed"
    assert desk.pay("confirm", payout["number"], by=FINANCE)["state"] == "confirmed"
    assert desk.case("show", number)["stage"] == "finished"
    assert desk.read("staff", "add", "小红", "--role", "客服")["staff"][-1] == {"name": "小红", "role": "agent"}
    scanned = desk.type("--json", "scan", "-", by=WAREHOUSE, typed="SF1234567890123\nRCMDA\n").documents
    assert [set(each) for each in scanned] == [{"code", "outcome", "parcel", "case", "message"}] * 2
    assert [each["outcome"] for each in scanned] == ["duplicate", "command"]
    desk.books.check()


def test_an_import_and_the_demo_answer_the_contracts_json(desk: Desk, tmp_path: Path) -> None:
    document = desk.read("import", str(EXPORTS / "商品资料.xlsx"))
    assert document["totals"]["added"] == 25
    walked = desk.read("demo", str(tmp_path / "demo"))
    assert [step["step"] for step in walked["steps"]] == list(range(1, len(walked["steps"]) + 1))
    assert all(Path(name).is_file() for name in walked["files"])
    assert walked["steps"][-2]["commands"][0]["output"][0]["ok"], "and the books it leaves are in order"
    assert "is not empty" in desk.refused("demo", str(tmp_path / "demo"))


def test_exports_answer_file_sheets_and_totals(full_desk: Desk, tmp_path: Path) -> None:
    month = ["export", "reconciliation", "--month", "2026-11", "-o", str(tmp_path / "对账.xlsx")]
    period = ["--since", "2026-10-01", "--until", "2026-11-30"]
    for words in (month, ["export", "reasons", *period, "-o", str(tmp_path / "原因.xlsx")]):
        document = full_desk.read(*words)
        assert Path(document["file"]).is_file()
        assert all({"name", "rows"} <= set(sheet) for sheet in document["sheets"])
        assert document["totals"]


def test_an_error_is_one_json_document(desk: Desk) -> None:
    for words in (["case", "show", "77"], ["today", "--nonsense"], ["today"]):
        by = "路人" if words == ["today"] else OWNER
        answer = desk.type(*words, "--json", by=by)
        assert answer.code in {2, 4, 5}
        assert set(answer.document["error"]) == {"code", "message", "hint", "where"}
        assert answer.err == ""


# -- trials and keys --------------------------------------------------------------------------------------------------


def _half_way(desk: Desk) -> tuple[str, str]:
    """A case with goods back, and the payout of another that waits."""
    first = desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    desk.case("approve", first)
    desk.read("parcel", "expect", first, "SF1234567890123")
    desk.read("parcel", "inspect", first, "--item", "TS-L=1:A")
    payout = desk.pay("refund", first, by=AGENT)["number"]
    second = desk.case("open", NUMBER, "--kind", "return", "--reason", "Q_FUNC", "--line", "TS-M=1")["number"]
    return second, payout


def test_a_trial_changes_nothing(desk: Desk) -> None:
    case, payout = _half_way(desk)
    trials = [
        ["case", "open", NUMBER, "--kind", "allowance", "--reason", "I_PRICE", "--line", "TS-M", "--amount", "5"],
        ["case", "approve", case],
        ["case", "reject", case, "--because", "no"],
        ["case", "withdraw", case],
        ["parcel", "expect", case, "SF1234567890999"],
        ["parcel", "match", "SF1234567890123", case, "--because", "both orders in one box"],
        ["parcel", "inspect", "SF1234567890123", "--item", "TS-M=1:A", "--more"],
        ["pay", "approve", payout],
        ["pay", "fail", payout, "--because", "no"],
    ]
    before = dump(desk.books)
    for words in trials:
        by = MANAGER if words[:2] == ["pay", "approve"] else OWNER
        answer = desk.type(*words, "--dry-run", by=by)
        assert answer.code == 0, (words, answer)
        assert "A trial: nothing was saved" in answer.err
        assert answer.out, "and what would have come of it is shown"
        assert dump(desk.books) == before, words
    assert desk.type(*trials[1], "--dry-run", "--quiet").code == 2, "--quiet stands before the command"
    assert desk.type("--quiet", *trials[1], "--dry-run").err == ""


def test_a_trial_import_counts_and_says_so(desk: Desk, tmp_path: Path) -> None:
    before = dump(desk.books)
    path = Folder(tmp_path).orders(sold("2850000000000000300", ("A", 1, 500)))
    answer = desk.type("import", str(path), "--dry-run")
    assert (answer.code, "A trial: nothing was saved" in answer.err) == (0, True)
    assert desk.read("import", str(path), "--dry-run")["totals"]["added"] == 1
    assert dump(desk.books) == before


def test_the_same_key_never_does_it_twice(desk: Desk) -> None:
    words = ["case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L", "--key", "job-1"]
    first = desk.read(*words)
    before = dump(desk.books)
    assert desk.read(*words) == first
    again = desk.type(*words)
    assert (again.code, again.out) == (0, "Done before under the key job-1; nothing was done again\n")
    assert dump(desk.books) == before
    other = [*words[:-1], "job-1"]
    other[other.index("TS-L")] = "TS-M"
    assert "The key job-1 was used for something else" in desk.refused(*other)
    assert dump(desk.books) == before
    desk.case("approve", first["case"]["number"], "--key", "job-2")
    assert desk.case("approve", first["case"]["number"], "--key", "job-2")["decision"] == "approved"
    assert "nobody can approve once more" in desk.refused("case", "approve", first["case"]["number"], "--key", "job-3")
    desk.books.check()


def test_a_key_of_a_refused_or_tried_call_stays_free(desk: Desk) -> None:
    case = desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    desk.refused("pay", "refund", case, "--key", "k")
    desk.case("approve", case, "--dry-run", "--key", "k")
    assert desk.case("approve", case, "--key", "k")["decision"] == "approved"


# -- words ------------------------------------------------------------------------------------------------------------


def test_a_short_number_that_names_several_cases_ends_with_2_and_the_candidates(desk: Desk) -> None:
    first = desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    tomorrow = Desk(desk.database, NOON + timedelta(days=1))
    second = tomorrow.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-M")["number"]
    error = desk.read("case", "show", "0001", code=2)["error"]
    assert error["message"] == "0001 names several cases"
    ways = [line.split("retcli ")[1].partition("case ")[2] for line in error["hint"].splitlines()]
    assert ways == [f"show {first}", f"show {second}"]
    assert desk.case("show", second[-8:].replace("-", "") if second[-8:].isdigit() else second)["number"] == second
    assert desk.read("case", "show", NUMBER, code=2)["error"]["hint"] == error["hint"], "so does their order"


def test_a_case_is_found_by_any_number_that_names_it(desk: Desk) -> None:
    case = desk.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")["number"]
    desk.case("approve", case)
    desk.read("parcel", "expect", case, "SF1234567890123")
    for ref in (case, case.lower(), "0001", "1", NUMBER, "SF1234567890123", "ｓｆ1234567890123", f" {case} "):
        assert desk.case("show", ref)["number"] == case, ref


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("仅退款", "refund-only"),
        ("退货退款", "return"),
        ("换货", "exchange"),
        ("补发", "resend"),
        ("补偿", "allowance"),
    ],
)
def test_choices_take_the_chinese_word(desk: Desk, kind: str, code: str) -> None:
    words = ["case", "open", NUMBER, "--kind", kind, "--reason", "七天无理由", "--line", "TS-L", "--amount", "5"]
    case = desk.case(*words[1:])
    assert (case["kind"], case["reason"]["stated"]) == (code, "B_7D")
    assert desk.read("case", "list", "--kind", kind)["cases"][0]["number"] == case["number"]
    assert desk.read("case", "list", "--stage", "待审核")["cases"][0]["number"] == case["number"]


def test_the_clock_is_set_for_rehearsals_and_events_say_so(desk: Desk) -> None:
    assert desk.read("today")["at"] == "2026-11-09T12:00:00+08:00"
    later = Desk(desk.database, NOON + timedelta(hours=3))
    case = later.case("open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L")
    assert case["applied_at"] == "2026-11-09T15:00:00+08:00"
    assert {row[0] for row in desk.books.rows("SELECT rehearsal FROM events")} == {1}
    for wrong in ("yesterday", "2026-11-21T10:00:00"):
        ended = program("today", env=environment(desk.database, RETCLI_NOW=wrong))
        assert (ended.returncode, b"RETCLI_NOW is not an instant with an offset" in ended.stderr) == (2, True)


def test_quiet_leaves_out_the_remarks(tmp_path: Path) -> None:
    loud, still = Desk(str(tmp_path / "a.db")), Desk(str(tmp_path / "b.db"))
    assert "New books were made" in loud.type("books", "init").err
    assert still.type("--quiet", "books", "init").err == ""


def test_two_terminals_at_once_do_it_once(desk: Desk) -> None:
    """Three programs with one key: one effect, and the same document for all."""
    words = ["--json", "case", "open", NUMBER, "--kind", "return", "--reason", "B_7D", "--line", "TS-L", "--key", "k"]
    answers: list[subprocess.CompletedProcess[bytes]] = []
    env = environment(desk.database)
    crowd = [threading.Thread(target=lambda: answers.append(program(*words, env=env))) for _ in range(3)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert [answer.returncode for answer in answers] == [0] * 3
    assert len({answer.stdout for answer in answers}) == 1
    assert desk.books.value("SELECT COUNT(*) FROM cases") == 1
