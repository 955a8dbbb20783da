"""A refused row is told without the person whom it is about, by what the row itself or the books say of them, wherever
its text is shown.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fixtures import report_rows, write_rows
from retcli.platforms import DIALECTS
from retcli.platforms.vocabulary import PEOPLE
from retcli.transaction import opened
from retcli.views import masking
from tests.reports import ITEMS, ORDERS, Folder, changed, sold
from tests.terminal import Desk

NAME, PHONE, STREET = "欧阳金铃", "13987654321", "文三路478号"
PERSON: dict[str, Any] = {
    "buyer": "云朵小铺",
    "receiver": NAME,
    "phone": PHONE,
    "address": f"浙江省 杭州市 西湖区 {STREET}3幢502室",
}
CELL = f"一百 {PHONE} {NAME} 云朵小铺 {STREET}"
SHOWN = "一百 139****4321 欧* 云* …"
ONE = sold("2850000000000000801", ("TS-L", 1, 5000), **PERSON)
TWO = sold("2850000000000000802", ("TS-L", 1, 5000), **PERSON)


@pytest.fixture
def bad(folder: Folder) -> Path:
    """An order report of which one row has its own buyer in the cell of an amount."""
    rows = list(report_rows([ONE, TWO], ORDERS, ".csv"))
    path = folder.rows(changed(rows, 1, {"买家实际支付金额": CELL}), "坏.csv")
    os.utime(path, (1_790_000_000, 1_790_000_000))  # a folder's file that was written just now waits
    return path


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "calls",
    [
        [("import", "{bad}")],
        [("import", "{bad}"), ("import", "{bad}")],
        [("import", "--dry-run", "{bad}")],
        [("import", "{bad}"), ("import", "--dry-run", "{bad}")],
        [("--quiet", "import", "{folder}")],
        [("import", "{bad}"), ("imports", "show")],
        [("import", "{bad}"), ("imports", "faults")],
        [("imports", "explain", "{bad}")],
    ],
    ids=["import", "again", "trial", "trial again", "night", "show", "faults", "explain"],
)
def test_a_refused_cell_hides_the_rows_own_buyer(
    desk: Desk, folder: Folder, bad: Path, calls: list[tuple[str, ...]], lang: str
) -> None:
    told = {"bad": str(bad), "folder": str(folder.path)}
    *before, last = [[word.format_map(told) for word in call] for call in calls]
    for call in before:
        desk.type(*call)
    for form in ((), ("--json",)):
        answer = desk.type(*form, "--lang", lang, *last)
        assert SHOWN in answer.out + answer.err, answer
        assert not [word for word in (NAME, PHONE, "云朵小铺", "文三路") if word in answer.out + answer.err]


def test_a_row_without_a_name_hides_the_buyer_of_the_order_that_it_names(desk: Desk, folder: Folder) -> None:
    """The item report names nobody; the books know whose order it is."""
    desk.type("import", *map(str, folder.both(ONE)))
    rows = changed(list(report_rows([ONE], ITEMS, ".csv")), 1, {"购买数量": f"二 {NAME}"})
    bad = folder.rows(rows, "坏.csv")
    for call in (("import", "--dry-run"), ("import",), ("import",)):
        (fault,) = desk.read(*call, str(bad), code=3)["files"][0]["faults"]
        assert fault["text"] == "二 欧*"


def test_a_row_whose_cells_nobody_kept_shows_no_words(desk: Desk, bad: Path) -> None:
    """Of a row of which only one cell is left, nobody knows whom it is about."""
    desk.type("import", str(bad))
    with opened(desk.books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE import_faults SET cells = NULL"))
    (fault,) = desk.read("imports", "faults", "1", code=0)["faults"]
    assert fault["text"] == masking.remark(CELL)
    with opened(desk.books.asked()) as shop:
        shop.session.execute(sa.text("UPDATE import_faults SET text = '12.3.4'"))
    assert desk.read("imports", "faults", "1", code=0)["faults"][0]["text"] == "12.3.4"


def test_a_draft_hides_the_person_of_the_row_that_a_value_stands_in(desk: Desk, tmp_path: Path) -> None:
    head = ["订单编号", "订单状态", "收货人姓名", "别的"]
    path = tmp_path / "x.csv"
    write_rows([head, ["1", "", "", ""], ["2850", f"{NAME}说好了", NAME, f"找{NAME}"]], path)
    for call in (("imports", "draft-map"), ("imports", "explain")):
        for form in ((), ("--json",)):
            answer = desk.type(*form, *call, str(path))
            assert NAME not in answer.out, answer.out


def test_a_sample_from_further_down_hides_the_person_of_its_row(desk: Desk, folder: Folder) -> None:
    orders = [replace(sold(f"28500000000000009{n:02d}", ("TS-L", 1, 5000)), buyer_remark="") for n in range(6)]
    rows = list(report_rows([*orders, replace(ONE, buyer_remark=f"找{NAME}")], ORDERS, ".csv"))
    answer = desk.type("--json", "imports", "explain", str(folder.rows(rows, "x.csv")))
    assert NAME not in answer.out


def test_the_words_of_an_unknown_status_hide_the_buyer(desk: Desk, folder: Folder) -> None:
    rows = changed(list(report_rows([ONE], ORDERS, ".csv")), 1, {"订单状态": f"{NAME}已拿走 {PHONE}"})
    answer = desk.type("--json", "import", str(folder.rows(rows, "x.csv")))
    remarks = json.loads(answer.out)["files"][0]["remarks"]
    assert any("欧*已拿走" in remark for remark in remarks), remarks
    assert NAME not in answer.out


def test_every_platforms_columns_about_a_person_are_known_by_their_names() -> None:
    """What hides the person of a row knows them by its headers."""
    for dialect in DIALECTS:
        for field in dialect.fields:
            if field.name in PEOPLE and field.name in {"buyer", "receiver", "phone", "address"}:
                for header in field.headers:
                    cells = ["杭州市西湖区文三路478号" if field.name == "address" else "13987654321"]
                    assert masking.person_in([header], cells) != masking.person_in([], []), (dialect.name, header)
