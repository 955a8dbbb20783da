"""What is printed says what is so: sums that add up, calm answers, goods that exist, moments that are known."""

from typing import Any

import pytest

from retcli.actions.cases import changes, decisions
from retcli.actions.cases.disputes import evidence_pack
from retcli.actions.shop import orders
from retcli.errors import NotFound
from retcli.rules.lifecycles import Kind
from retcli.views.imports.imports import FileView, ImportView
from retcli.views.imports.remarks import Told
from tests.reports import REQUESTED, SUCCEEDED, Folder, asked_back, sold, take
from tests.shopfloor import ORDER_NUMBER, Books
from tests.terminal import Desk

REMARK = "Columns not used: 3"


def exchange(books: Books) -> str:
    """A case about an exchange, undecided."""
    return books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.EXCHANGE, reason="SZ_FIT").number


def test_goods_that_do_not_exist_are_never_to_be_sent(books: Books) -> None:
    """Neither by a change nor when the case is opened; the nearest are named."""
    for sku in ("TS-L", "TS-XL", "MUG"):
        books.product(sku)
    books.order(ORDER_NUMBER, ("TS-L", 1, 9900))
    for wrong, near in (("TS-XXL", "TS-XL"), ("TS-L=TS-XXL", "TS-XL")):
        with pytest.raises(NotFound, match="TS-XXL") as refused:
            books.do(decisions.open_case, ORDER_NUMBER, kind=Kind.EXCHANGE, reason="SZ_FIT", want=[wrong])
        assert near in str(refused.value.hint)
    case = exchange(books)
    with pytest.raises(NotFound, match="no goods TS-XXL"):
        books.do(changes.change, case, want=["TS-XXL"], because="as the buyer says")
    books.do(changes.change, case, want=["TS-XL"], because="as the buyer says")
    assert books.value("SELECT want_sku FROM case_lines") == "TS-XL"


def test_what_is_due_on_the_lines_adds_up_before_anything_is_decided(desk: Desk) -> None:
    """93.97 and 100.00 of two lines; the case says 193.97."""
    desk.books.order("2850000000000000077", ("A", 1, 9397), ("B", 3, 10000), freight=600, shipped=False, signed_at=None)
    case = desk.case("open", "2850000000000000077", "--kind", "refund-only", "--reason", "B_MIND")
    assert [line["due"]["minor"] for line in case["lines"]] == [9397, 10000]
    assert case["due"]["minor"] == 9397 + 10000 + 600
    shown = desk.type("case", "show", case["number"]).out
    assert [line.split()[-1] for line in shown.splitlines() if line.startswith("Freight")] == ["6.00"]


def test_that_nothing_was_refused_is_a_calm_answer(desk: Desk) -> None:
    answer = desk.type("imports", "faults")
    assert (answer.code, answer.out.strip(), answer.err) == (0, "No row was refused", "")
    assert desk.read("imports", "faults") == {"file": "", "faults": []} | _beside(desk)


def _beside(desk: Desk) -> dict[str, Any]:
    """What stands in every document."""
    document = desk.read("imports", "faults")
    return {name: value for name, value in document.items() if name not in {"file", "faults"}}


def test_what_was_clicked_is_one_line_each(desk: Desk, folder: Folder) -> None:
    """And a click that moves no money names none."""
    bought = sold("2850000000000000511", ("TS-L", 1, 19800))
    wish = asked_back("31", bought, 19800, status=REQUESTED)
    take(desk.books, *folder.both(bought), folder.refunds(wish))
    desk.type("case", "approve", "31")
    listed = desk.type("platform", "todo").out
    assert "0.00" not in listed
    done = desk.type("platform", "done", "31").out
    number = desk.books.value("SELECT number FROM cases")
    assert done.splitlines()[0] == f"{number} marked as clicked: agree to the return"
    assert "Refund number" not in done


def test_the_platforms_agreement_is_told_as_of_its_report_at_the_latest(books: Books, folder: Folder) -> None:
    """The file of 10:00 says that it was paid; when somebody agreed there, nobody knows."""
    bought = sold("2850000000000000511", ("TS-L", 1, 19800))
    take(books, *folder.both(bought), folder.refunds(asked_back("31", bought, 19800, kind="仅退款", status=SUCCEEDED)))
    told = evidence_pack.pack(books.asked(), "31", folder=folder.path.parent / "pack").text
    assert "平台上最迟于 2026-11-09 12:00 已同意，金额 198.00。" in told
    assert "2026-11-09 12:00  平台上已同意（不晚于此时，由导入的报表得知）" in told


def test_a_remark_about_a_kind_of_file_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    files = [FileView(f"{n}.csv", "imported", "taobao.order", "orders", noticed=(Told(REMARK),)) for n in (1, 2)]
    lines: list[str] = []

    class Paper:
        """A screen that keeps what it is shown."""

        def line(self, text: str = "", style: str = "") -> None:
            """One line."""
            lines.append(text)

        def table(self, *_: Any, **__: Any) -> None:
            """No table."""

        def clear(self) -> None:
            """No screen to clear."""

        def verbatim(self, text: str) -> None:
            """No file to show."""

    ImportView(tuple(files)).draw(Paper())
    assert sum("Columns not used" in line for line in lines) == 1


def test_an_order_is_found_by_the_end_of_its_number(books: Books) -> None:
    number = books.order(ORDER_NUMBER, ("TS-L", 1, 9900))
    assert [order["number"] for order in books.do(orders.find, number[-6:]).orders] == [number]
    assert books.do(orders.find, "999999").orders == ()
