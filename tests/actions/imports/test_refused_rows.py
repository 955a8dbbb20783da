"""Refused rows: told once where they are alike, in time that grows with their number, the file as one where it is."""

import time

import pytest

from retcli.views.imports.imports import FaultView, gathered
from tests.reports import Folder, sold
from tests.terminal import Desk


def numbered(n: int) -> str:
    return f"28500000000{n:08d}"


def emptied(folder: Folder, orders: int, every: int) -> str:
    """An item report of so many orders of which every so many have no price."""
    from benchmarks.refused import without_prices

    path = folder.items(*(sold(numbered(n), ("A", 1, 500)) for n in range(orders)))
    return str(without_prices(path, path, every))


def test_a_file_without_a_column_that_is_needed_is_refused_as_one(desk: Desk, folder: Folder) -> None:
    document = desk.read("import", emptied(folder, 40, 1), code=3)
    (file,) = document["files"]
    assert (file["state"], file["rows"], file["faults"]) == ("refused", 0, [])
    assert file["problem"].startswith("Column 商品价格: is empty, in 40 of 40 rows")
    assert file["hint"] == "Tick 商品价格 in the export, then download again"
    assert desk.books.value("SELECT COUNT(*) FROM imports") == 0


def test_a_few_rows_that_lack_it_are_refused_by_themselves(desk: Desk, folder: Folder) -> None:
    document = desk.read("import", emptied(folder, 40, 2), code=3)
    (file,) = document["files"]
    assert (file["state"], file["rows"], file["refused"]) == ("imported", 40, 20)
    shown = desk.type("imports", "faults", "1").out
    assert shown.count("商品价格") == 1, "those that are alike are told once"
    assert "and 19 rows more" in shown


def test_alike_is_what_says_the_same() -> None:
    faults = [FaultView(n, "A", "", "is empty") for n in range(2, 12)] + [FaultView(20, "A", "x", "is no number")]
    assert gathered(faults) == [
        ("row 2, column A: is empty (and 9 rows more: 3, 4, 5, 6, 7…)", 10),
        ("row 20, column A: x – is no number", 1),
    ]


@pytest.mark.timeout(120)
def test_the_time_grows_with_the_number_of_refused_rows(desk: Desk, folder: Folder) -> None:
    """Eight times the rows may take some ten times as long, not sixty-four times."""
    taken = []
    for orders in (500, 4000):
        path = emptied(folder, orders, 2)
        began = time.process_time()
        assert desk.type("import", path).code == 3
        taken.append(time.process_time() - began)
    assert taken[1] < 20 * taken[0]
