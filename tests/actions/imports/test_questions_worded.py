"""Every kind of question that an import asks, and every answer that is printed for it: it works as it stands."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from fixtures import report_rows
from retcli.actions.cases import decisions
from retcli.rules.imports.questions import FIELDS, OF_CASE, TAKEABLE
from retcli.transaction import opened
from tests.next_steps import run
from tests.reports import ITEMS, REQUESTED, Folder, asked_back, changed, sold, take
from tests.shopfloor import AGENT, MANAGER, Books
from tests.source import calls
from tests.terminal import Desk

NUMBER = "2850000000000000100"
ORDER = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), freight=600)
LINE = f"{NUMBER}/{ORDER.lines[0].number}"
ASKED = {
    "paid": (NUMBER, "199.97", "180.00"),
    "freight": (NUMBER, "6.00", "0.00"),
    "paid_total": (NUMBER, "199.97", "180.00 ≠ 150.00 + 0.00"),
    "lines_sum": (NUMBER, "193.97", "150.00"),
    "line": (NUMBER, "", "2850000000000000109"),
    "sku": (LINE, "TS-L", "TS-XL"),
    "quantity": (LINE, "1", "2"),
    "price": (LINE, "93.97", "90.00"),
    "cash": (LINE, "93.97", "50.00"),
    "asked": ("R1", "10.00", "20.00"),
    "kind": ("R1", "refund-only", "return"),
    "pieces": ("R1", "1", "2"),
    "platform_paid": ("R1", "10.00", "20.00"),
    "over": ("R1", "10.00", "30.00"),
    "platform_closed": ("R1", "10.00", "0.00"),
    "platform_refused": ("R1", "10.00", "0.00"),
    "paid_and_closed": ("R1", "10.00", "退款报表.xlsx"),
    "goods_sent": ("R1", "YT5260493176849", "closed"),
    "not_back": ("R1", "0/1", "10.00"),
    "applied_anew": ("R1", "2026-11-06 09:30:00", "2026-11-08 18:00:00"),
    "refund_above_paid": ("R1", "199.97", "300.00"),
    "minor": ("alipay.2026/8801", "10.00", "20.00"),
    "fee": ("alipay.2026/8801", "0.10", "0.20"),
    "waybill": ("R1", "2850000000000000101", "YT5260493176849"),
    "currency": ("alipay.2026/8801", "CNY", "USD"),
}
"""What each question is about, what the books say, what a file says."""
LEFT = {
    "platform_paid",
    "over",
    "refund_above_paid",
    "platform_closed",
    "platform_refused",
    "paid_and_closed",
    "goods_sent",
    "not_back",
    "applied_anew",
}
"""Those about money or goods that left."""


@pytest.fixture
def desk(sqlite_books: Books, folder: Folder) -> Desk:
    """A shop with the order, and a wish on it."""
    sqlite_books.hire()
    wish = asked_back("R1", ORDER, 1000, status=REQUESTED, kind="仅退款", applied_at=datetime(2026, 11, 9, 9))
    take(sqlite_books, *folder.both(ORDER), folder.refunds(wish))
    return Desk(sqlite_books.database)


def asked(desk: Desk, field: str) -> int:
    """An open question about a field."""
    subject, known, found = ASKED[field]
    insert = (
        "INSERT INTO import_questions (import_id, row, subject, field, known, found, state, at)"
        " VALUES (1, 2, :subject, :field, :known, :found, 'open', '2026-11-09 04:00:00+00:00')"
    )
    with opened(desk.books.asked()) as shop:
        shop.session.execute(sa.text(insert), {"subject": subject, "field": field, "known": known, "found": found})
    return int(desk.books.value("SELECT MAX(id) FROM import_questions"))


def offered(desk: Desk, by: str = MANAGER) -> list[str]:
    """The commands that the list of questions prints, each at the end of its line."""
    told = desk.type("imports", "questions", by=by).out
    return [line[line.index("retcli") :] for line in told.splitlines() if "retcli" in line]


def takeable(field: str, *, drawn: bool) -> bool:
    """Whether the file's value may be taken: on an order that 10.00 are drawn on only that 180.00 were paid."""
    return field in TAKEABLE and (not drawn or field in {"paid", "paid_total"})


@pytest.mark.parametrize("drawn", [False, True], ids=["free", "drawn on"])
@pytest.mark.parametrize("field", FIELDS)
def test_every_answer_that_is_printed_works_and_no_other(desk: Desk, field: str, *, drawn: bool) -> None:
    if drawn:
        desk.books.do(decisions.approve, "R1", waive=["window"], because="说好的")
    else:
        desk.books.do(decisions.withdraw, "R1")
    number = asked(desk, field)
    answers = desk.read("imports", "questions")["questions"][0]["answers"]
    assert answers == (["take", "keep"] if takeable(field, drawn=drawn) else ["seen"])
    commands = offered(desk)
    assert commands == [
        *(["retcli case show R1"] if field in OF_CASE else []),
        *(f"retcli imports answer {number} --{answer}" for answer in answers),
    ]
    for command in commands:
        assert run(desk, command).code == 0, command
    for answer in {"take", "seen"} - set(answers):
        assert desk.read("imports", "answer", str(number), f"--{answer}", code=5)


@pytest.mark.parametrize("drawn", [False, True], ids=["free", "drawn on"])
@pytest.mark.parametrize("field", FIELDS)
def test_what_an_answer_is_said_to_do_is_what_is_told_after_it(desk: Desk, field: str, *, drawn: bool) -> None:
    if drawn:
        desk.books.do(decisions.approve, "R1", waive=["window"], because="说好的")
    else:
        desk.books.do(decisions.withdraw, "R1")
    number = asked(desk, field)
    listed = desk.type("imports", "questions", by=MANAGER).out
    taken = takeable(field, drawn=drawn)
    mark = "keep: " if taken else "seen, nothing to choose: "
    (does,) = (line.partition(mark)[2] for line in listed.splitlines() if mark in line)
    told = desk.type("imports", "answer", str(number), "--keep" if taken else "--seen", by=MANAGER).out
    said, _then, following = told.strip().rpartition("\nNext: ")
    assert does and said.endswith(does), (does, told)
    assert following.startswith("retcli "), "an act ends with a command"


def test_an_order_and_its_line_are_one_question(desk: Desk, folder: Folder) -> None:
    """180.00 paid instead of 199.97, for the first line 74.00 instead of 93.97: 74.00 and 100.00 and 6.00 freight."""
    desk.books.do(decisions.withdraw, "R1")
    rows = changed(list(report_rows([ORDER], ITEMS, ".csv")), 1, {"买家实付金额": "74.00", "商品价格": "74.00"})
    take(desk.books, folder.orders(replace(ORDER, paid=18000)))
    take(desk.books, folder.rows(rows))
    (question,) = desk.read("imports", "questions")["questions"]
    assert [(v["field"], v["known"], v["found"]) for v in question["values"]] == [
        ("paid", "199.97", "180.00"),
        ("price", "93.97", "74.00"),
        ("cash", "93.97", "74.00"),
    ]
    assert desk.read("today")["questions"] == 1
    told = desk.type("imports", "answer", question["id"], "--take", by=MANAGER).out
    assert all(part in told for part in ("199.97 → 180.00", "93.97 → 74.00"))
    assert desk.books.rows("SELECT cash FROM order_lines ORDER BY position") == [(7400,), (10000,)]
    assert desk.books.value("SELECT COUNT(*) FROM events WHERE action = 'take'") == 3
    assert desk.read("imports", "questions")["questions"] == []


def test_an_order_with_a_line_more_is_one_question_and_nothing_of_it_is_taken(desk: Desk, folder: Folder) -> None:
    """The money of the line that the books lack would be shared out over the other lines."""
    desk.books.do(decisions.withdraw, "R1")
    more = sold(NUMBER, ("TS-L", 1, 9397), ("TS-M", 2, 10000), ("TS-S", 1, 5000), freight=600)
    take(desk.books, *folder.both(more))
    (question,) = desk.read("imports", "questions")["questions"]
    assert ([value["field"] for value in question["values"]], question["answers"]) == (["paid", "line"], ["seen"])
    assert "can be taken" in desk.refused("imports", "answer", question["id"], "--take", by=MANAGER)
    told = desk.type("imports", "answer", question["id"], "--seen", by=MANAGER).out
    assert f"the order stays without the line {more.lines[2].number}" in told


def test_an_amount_and_its_fee_are_one_question_that_is_seen(desk: Desk) -> None:
    first, second = asked(desk, "minor"), asked(desk, "fee")
    (question,) = desk.read("imports", "questions")["questions"]
    assert (question["id"], len(question["values"]), question["answers"]) == (str(first), 2, ["seen"])
    desk.type("imports", "answer", str(second), "--seen", by=MANAGER)
    assert desk.read("imports", "questions")["questions"] == []


def test_what_the_platform_paid_is_said_to_be_booked_where_it_is(desk: Desk, folder: Folder) -> None:
    """10.00 agreed here, 20.00 paid there: the books have 20.00, and the answer leaves that as it is."""
    desk.books.do(decisions.approve, "R1", waive=["window"], because="说好的")
    take(desk.books, folder.refunds(asked_back("R1", ORDER, 2000, kind="仅退款")))
    listed = desk.type("imports", "questions", by=MANAGER).out
    assert "the platform paid 20.00, which is in the books already; 10.00 was agreed here" in listed
    (question,) = desk.read("imports", "questions")["questions"]
    assert question["answers"] == ["seen"]
    told = desk.type("imports", "answer", question["id"], "--seen", by=MANAGER).out
    assert "the 20.00 stay in the books as paid" in told
    assert "not taken" not in listed + told
    assert desk.books.value("SELECT SUM(minor) FROM payouts WHERE state = 'confirmed'") == 2000


def test_all_that_leaves_no_choice_is_seen_at_once(desk: Desk) -> None:
    desk.books.do(decisions.withdraw, "R1")
    asked(desk, "minor"), asked(desk, "paid")
    assert [each["field"] for each in desk.read("imports", "answer", "--all", "--seen")["answers"]] == ["minor"]
    (left,) = desk.read("imports", "questions")["questions"]
    assert (left["field"], left["answers"]) == ("paid", ["take", "keep"])


@pytest.mark.parametrize("answer", ["seen", "keep"])
@pytest.mark.parametrize("field", FIELDS)
def test_what_left_is_answered_by_its_number_never_with_others(desk: Desk, field: str, answer: str) -> None:
    """Money and goods that left, by field as a shop would: what was only written otherwise goes with the others."""
    desk.books.do(decisions.withdraw, "R1")
    number, beside = asked(desk, field), asked(desk, "fee" if field != "fee" else "minor")
    singly = field in LEFT or field in {"paid", "paid_total"}
    document = desk.read("imports", "answer", "--all", f"--{answer}", by=MANAGER)
    left = [each["id"] for each in document["singly"]]
    assert left == ([str(number)] if singly else [])
    assert str(beside) not in left
    (state,) = desk.books.rows("SELECT state FROM import_questions WHERE id = :id", id=number)[0]
    if not singly:
        assert state == ("kept" if answer == "keep" or not takeable(field, drawn=False) else "open")
        return
    assert state == "open"
    told = desk.type("imports", "answer", "--all", f"--{answer}", by=MANAGER).out
    commands = document["singly"][0]["commands"]
    assert all(command in told for command in commands)
    desk.type(*commands[-1].split()[1:], by=MANAGER)
    assert desk.books.value("SELECT COUNT(*) FROM import_questions WHERE state = 'open'") == 0


def test_who_may_not_answer_is_told_who_may(desk: Desk) -> None:
    asked(desk, "paid")
    assert offered(desk, by=AGENT) == []
    assert "Managers and the owner answer these" in desk.type("imports", "questions", by=AGENT).out


def kinds() -> Iterator[str]:
    """The fields that the source asks about."""
    for path, called in calls():
        if "actions" in path.parts and ast.unparse(called.func) in {"ask", "ask_money"}:
            name = called.args[4]
            yield from [name.value] if isinstance(name, ast.Constant) and isinstance(name.value, str) else []


def test_every_kind_of_question_has_its_words_and_is_tried() -> None:
    assert set(kinds()) <= set(FIELDS) == set(ASKED)


@pytest.mark.parametrize("field", FIELDS)
def test_what_holds_until_the_answer_is_said_as_it_is(desk: Desk, field: str) -> None:
    """What a platform paid makes other money wait; of an order's facts the books keep their values."""
    asked(desk, field)
    told = desk.type("imports", "questions", by=MANAGER).out
    expected = (field in {"platform_paid", "over"}, field in TAKEABLE)
    assert ("waits for the answer" in told, "keep their values" in told) == expected


def test_nobody_is_said_to_have_agreed_who_had_not(desk: Desk, folder: Folder) -> None:
    """The platform paid 130.00 for the line of 100.00 by itself: what is due by the lines is nobody's word here."""
    bought = sold("2850000000000000991", ("TS-L", 1, 10000), ("TS-M", 1, 5000))
    paid = asked_back("R9", bought, 13000, kind="仅退款")
    take(desk.books, *folder.both(bought), folder.refunds(paid))
    listed = desk.type("imports", "questions", by=MANAGER).out
    assert "the platform paid 130.00, which is in the books already; 100.00 is due by the lines (nobody" in listed
    assert "agreed here" not in listed
    shown, told = desk.type("case", "show", "R9").out, desk.type("case", "explain", "R9").out
    assert "100.00 agreed" not in shown
    assert desk.read("case", "show", "R9")["case"]["agreed"] is None
    assert "Decided on the platform: approved; " in told
    assert "130.00 due by it (nobody here had agreed)" in told
    assert "fixed then" not in told
