"""The first evening with an unknown export, and refused rows mended in a sheet, through the command line."""

import json
from pathlib import Path

import openpyxl
import pytest

from fixtures import report_rows
from tests.reports import EXPORTS, ITEMS, ORDERS, Folder, changed, sold
from tests.shopfloor import AGENT, FIXTURES, MANAGER
from tests.terminal import Desk

ORDER = sold("2850000000000000100", ("TS-L", 1, 9397), freight=0)
OTHER = sold("2850000000000000200", ("TS-M", 1, 5000), freight=0)
AFTER_SALES = """售后工单导出,,,,,,,,
售后工单号,订单编号,售后类型,售后状态,退款总金额(元),申请时间,收件人手机号,审核人,备用
PS900001,2850000000000000100,退货退款,等店家点头,93.97,2026-11-05 10:00:00,13900001234,王小二,
"""
"""An invented after-sales list that no dialect knows, with a title above."""


@pytest.fixture
def unknown(folder: Folder) -> Path:
    path = folder.path / "list.csv"
    path.write_text(AFTER_SALES, encoding="utf-8")
    return path


def test_an_unknown_list_becomes_cases_on_the_first_evening(desk: Desk, folder: Folder, unknown: Path) -> None:
    """Drafted, edited in two places, imported."""
    desk.type("import", *map(str, folder.both(ORDER)))
    draft = folder.path / "my.toml"
    assert desk.type("import", str(unknown)).code == 3
    assert desk.type("imports", "draft-map", str(unknown), "-o", str(draft)).code == 0
    text = draft.read_text(encoding="utf-8")
    assert all(
        part in text for part in ('refund = "售后工单号"', 'amount = "退款总金额(元)"', "rows = 1", "139****1234")
    )
    assert "王小二" not in text
    assert "13900001234" not in text
    assert desk.read("import", str(unknown), "--map", str(draft), code=3)["files"][0]["refused"] == 1
    edits = {
        '# "等店家点头" = "requested"': '"等店家点头" = "requested"',
        next(line for line in text.splitlines() if line.startswith("platform =")): 'platform = "taobao"',
    }
    for before, after in edits.items():
        assert before in text
        text = text.replace(before, after)
    draft.write_text(text, encoding="utf-8")
    file = desk.read("import", str(unknown), "--map", str(draft))["files"][0]
    assert (file["rows"], file["added"], file["refused"]) == (1, 1, 0)
    assert desk.case("show", "PS900001")["kind"] == "return"
    assert desk.read("import", str(unknown), "--map", str(draft))["files"][0]["state"] == "unchanged"
    desk.books.check()


def test_explain_says_what_an_unknown_file_comes_near_and_makes_no_books(tmp_path: Path, unknown: Path) -> None:
    desk = Desk(str(tmp_path / "none.db"))
    found = desk.read("imports", "explain", str(unknown), code=3)
    assert (found["header_row"], found["kinds"]) == (2, [])
    assert found["nearest"]
    assert any(near["did_you_mean"] for near in found["nearest"])
    assert not (tmp_path / "none.db").exists()
    answer = desk.type("imports", "explain", str(unknown))
    assert "It is of no known kind" in answer.out
    assert "did you mean" in answer.out


def test_explain_shows_each_column_of_a_known_file_with_persons_masked(tmp_path: Path, folder: Folder) -> None:
    desk = Desk(str(tmp_path / "none.db"))
    found = desk.read("imports", "explain", str(folder.orders(ORDER)))
    columns = {each["word"]: each for each in found["columns"]}
    assert found["kinds"] == [{"format": "taobao.order", "holds": "orders"}]
    assert (columns["paid"]["sample"], columns["paid"]["value"]) == ("93.97", "93.97")
    assert columns["receiver"]["value"] == "林*"
    assert columns["phone"]["value"] == "139****1234"
    assert found["rows"][0]["order"] == ORDER.number
    shown = desk.type("imports", "explain", str(folder.orders(OTHER))).out
    assert "13900001234" not in shown
    assert "林小满" not in shown


def test_a_trial_of_both_halves_does_not_ask_for_the_other_report(desk: Desk, folder: Folder) -> None:
    orders, items = map(str, folder.both(sold("2850000000000000987", ("TS-L", 1, 9397))))
    told = desk.type("import", "--dry-run", orders, items).out
    assert "the halves of an order meet when they are really imported" in told
    assert "Next: import the item report of the same period" not in told


def test_a_file_of_no_known_kind_is_named_in_what_to_do(desk: Desk, folder: Folder) -> None:
    unknown = folder.rows([["单据", "备注"], ["A1", "好"]])
    file = desk.read("import", str(unknown), code=3)["files"][0]
    assert file["hint"].splitlines() == [
        f"What it seems to be: retcli imports explain {unknown}",
        f"To say how to read it: retcli imports draft-map {unknown}",
    ]


def test_what_we_call_a_column_is_a_name_that_a_draft_knows(desk: Desk, folder: Folder) -> None:
    """A draft calls the pieces 件数, so it knows a column of that name."""
    path = folder.rows([["售后编号", "订单号", "件数", "退款金额"], ["1", "2", "3", "4.00"]])
    assert '\nquantity = "件数"  # 3\n' in desk.type("imports", "draft-map", str(path)).out


def test_a_draft_is_shown_and_never_written_over_one_that_is_there(desk: Desk, folder: Folder, unknown: Path) -> None:
    assert "[fields]" in desk.type("imports", "draft-map", str(unknown)).out
    (folder.path / "my.toml").write_text("mine", encoding="utf-8")
    assert "is there already" in desk.refused("imports", "draft-map", str(unknown), "-o", str(folder.path / "my.toml"))
    assert (folder.path / "my.toml").read_text(encoding="utf-8") == "mine"
    assert "There is no file" in desk.refused("imports", "explain", "nowhere.csv", code=4)
    both = ("import", str(unknown), "--map", "my.toml", "--format", "taobao.order")
    assert "both say what kind of file" in desk.refused(*both, code=2)


def test_refused_rows_are_mended_in_a_sheet_and_come_in(desk: Desk, folder: Folder) -> None:
    """One row's number was destroyed by a spreadsheet, the other's amount was mistyped."""
    rows = list(report_rows([ORDER, OTHER], ORDERS, ".csv"))
    rows = changed(rows, 1, {"订单编号": "2.85E+18"})
    rows = changed(rows, 2, {"买家实际支付金额": "5O.00"})
    desk.type("import", str(folder.items(ORDER, OTHER)))
    path = folder.rows(rows)
    assert desk.read("import", str(path), code=3)["files"][0]["refused"] == 2
    sheet = folder.path / "faults.xlsx"
    assert desk.read("imports", "faults", "-o", str(sheet)) == {
        "file": str(sheet),
        "import": "2",
        "rows": 2,
        "without_cells": 0,
    }
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    titles = [cell.value for cell in page[1]]
    assert titles == [*(str(name).strip() for name in rows[0]), "Row in the file", "Reason"]
    assert [(row[-2].value, "订单编号" in str(row[-1].value)) for row in page.iter_rows(min_row=2)] == [
        (2, True),
        (3, False),
    ]
    page.cell(2, titles.index("订单编号") + 1).value = ORDER.number
    page.cell(3, titles.index("买家实际支付金额") + 1).value = "50.00"
    mended = folder.path / "mended.xlsx"
    book.save(mended)
    file = desk.read("import", str(mended))["files"][0]
    assert (file["added"], file["refused"]) == (2, 0)
    assert not any("Reason" in remark for remark in file["remarks"])
    assert desk.books.value("SELECT COUNT(*) FROM orders WHERE paid IN (9397, 5000)") == 2
    assert desk.books.value("SELECT COUNT(*) FROM events WHERE action = 'export' AND subject = 'import/2'") == 1
    desk.books.check()


def test_a_row_refused_for_its_sibling_is_in_the_sheet_too(desk: Desk, folder: Folder) -> None:
    two = sold("2850000000000000300", ("TS-L", 1, 9397), ("TS-M", 1, 5000))
    rows = changed(list(report_rows([two], ITEMS, ".csv")), 1, {"购买数量": "zwei"})
    assert desk.read("import", str(folder.rows(rows)), code=3)["files"][0]["refused"] == 2
    sheet = folder.path / "faults.xlsx"
    assert desk.read("imports", "faults", "-o", str(sheet))["rows"] == 2


def test_rows_refused_before_are_kept_when_their_file_comes_again(desk: Desk, folder: Folder) -> None:
    rows = changed(list(report_rows([ORDER], ORDERS, ".csv")), 1, {"订单编号": "2.85E+18"})
    path = folder.rows(rows)
    desk.type("import", str(path))
    from retcli.transaction import opened

    with opened(desk.books.asked()) as shop:
        from sqlalchemy import text

        shop.session.execute(text("UPDATE import_faults SET cells = NULL"))
    refused = desk.refused("imports", "faults", "-o", str(folder.path / "f.xlsx"))
    assert "No cells of refused rows are kept" in refused
    (again,) = desk.read("import", str(path), code=3)["files"]
    assert (again["state"], again["rows"], again["unchanged"], again["refused"]) == ("unchanged", 1, 0, 1)
    assert desk.read("imports", "faults", "-o", str(folder.path / "f.xlsx"))["rows"] == 1


def test_a_question_is_answered_at_the_terminal(desk: Desk, folder: Folder) -> None:
    from dataclasses import replace

    desk.type("import", *map(str, folder.both(ORDER)))
    desk.type("import", str(folder.orders(replace(ORDER, paid=9000))))
    listed = desk.type("imports", "questions").out
    assert f"1  {ORDER.number}, Paid: 93.97 in the books, 90.00 in the file" in listed
    assert "Say --take or --keep" in desk.refused("imports", "answer", "1", code=2)
    answer = desk.read("imports", "answer", "1", "--take", "--dry-run")["answers"][0]
    assert (answer["answer"], answer["lines"][0]["now"]["minor"]) == ("take", 9000)
    assert "Paid: 93.97 → 90.00" in desk.type("imports", "answer", "1", "--take", "--because", "改价").out
    assert desk.read("imports", "questions")["questions"] == []


def test_every_packaged_file_is_explained(desk: Desk) -> None:
    """Whatever kind of file it is, and whatever words its rows have."""
    for path in sorted(EXPORTS.rglob("*.*")):
        if "broken" not in path.parts:
            answer = desk.type("imports", "explain", str(path))
            assert answer.code in {0, 3}, (path, answer)
            assert answer.out


def test_every_broken_file_is_refused_with_its_message(desk: Desk) -> None:
    """In the words that a shop reads; the messages stand beside the files, written by hand."""
    messages = json.loads((FIXTURES / "expected" / "broken.json").read_text(encoding="utf-8"))
    assert set(messages) == {path.name for path in (EXPORTS / "broken").iterdir()}
    for name, expected in messages.items():
        answer = desk.type("--lang", "zh", "import", str(EXPORTS / "broken" / name))
        assert answer.code == 3, name
        told = [line.strip().removeprefix("× ") for line in (answer.out + answer.err).splitlines()]
        assert [line for line in expected if line not in told] == [], (name, told)


def test_explain_says_what_a_statement_makes_of_its_rows(desk: Desk) -> None:
    shown = desk.type("imports", "explain", str(EXPORTS / "alipay" / "fund.22.xlsx")).out
    assert "counted as payment, amount moved 59.90" in shown.replace("，", ", ")
    assert "counted as fee, amount moved -0.36" in shown.replace("，", ", ")
    assert "number of the order 2850164703703601200" in shown


def test_a_statement_that_nobody_has_seen_is_read_on_the_first_evening(desk: Desk, tmp_path: Path) -> None:
    """Drafted, looked over, imported: three entries of a bank's list, one of them without a way."""
    path, draft = tmp_path / "流水.csv", tmp_path / "my.toml"
    path.write_text(
        "流水号,记账时间,业务类型,收入金额,支出金额,余额,订单号\n"
        "L1,2026-11-02 08:00,货款,93.97,,1093.97,2850000000000000001\n"
        "L2,2026-11-03 09:00,订单退款,,66.67,1027.30,2850000000000000001\n"
        "L3,2026-11-03 09:30,提现,,,1027.30,\n",
        encoding="utf-8",
    )
    assert desk.type("imports", "draft-map", str(path), "-o", str(draft)).code == 0
    assert 'holds = "bills"' in draft.read_text(encoding="utf-8")
    explained = desk.type("imports", "explain", str(path), "--map", str(draft)).out
    assert "amount moved -66.67" in explained
    file = desk.read("import", str(path), "--map", str(draft), code=3)["files"][0]
    assert (file["format"], file["added"], file["refused"]) == ("流水", 2, 1)
    assert "neither comes in nor goes out" in file["faults"][0]["problem"]
    rows = desk.books.rows("SELECT number, category, minor, balance FROM bills ORDER BY number")
    assert rows == [("L1", "payment", 9397, 109397), ("L2", "refund", -6667, 102730)]


def test_the_line_of_an_import_names_platform_and_layout(desk: Desk, folder: Folder) -> None:
    """So that a wrong guess can be seen."""
    orders, items = folder.both(ORDER)
    shown = desk.type("import", str(orders), str(items))
    assert f"{orders.name}: Taobao order report, " in shown.out.replace("\n", " ")
    assert f"{items.name}: Taobao item report, " in shown.out.replace("\n", " ")
    told = desk.read("import", str(orders))["files"][0]
    assert (told["platform"], told["format"], told["state"]) == ("taobao", "taobao.order", "unchanged")


def test_an_agent_has_only_the_refused_rows_of_their_own_imports(desk: Desk, folder: Folder) -> None:
    rows = changed(list(report_rows([ORDER], ORDERS, ".csv")), 1, {"订单编号": "2.85E+18"})
    path, sheet = folder.rows(rows), str(folder.path / "f.xlsx")
    assert desk.read("import", str(path), by=AGENT, code=3)["files"][0]["refused"] == 1
    assert desk.read("imports", "faults", "-o", sheet, by=AGENT)["rows"] == 1
    later = folder.rows([*rows, rows[-1]])
    desk.read("import", str(later), by=MANAGER, code=3)
    assert "somebody else's import" in desk.refused("imports", "faults", "2", "-o", sheet, by=AGENT)
