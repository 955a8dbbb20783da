"""How fresh each shop's files are, as `today` says it, and which to download next."""

from dataclasses import replace
from datetime import timedelta

from fixtures import Order, report_rows
from tests.reports import ORDERS, Folder, asked_back, changed, settle, sold
from tests.terminal import Desk

ONE, TWO, THREE = (sold(f"285000000000000040{n}", ("A", 1, 100 * n)) for n in (1, 2, 3))


def test_today_says_how_fresh_the_files_are_and_which_to_download_next(night: Desk, folder: Folder) -> None:
    night.type("import", str(folder.orders(ONE)))
    night = Desk(night.database, night.at + timedelta(hours=1))
    night.type("import", str(folder.items(ONE)))
    lines = night.type("today").out.splitlines()
    assert lines[1] == "  Download next: refund report (never)"
    late = Desk(night.database, night.at + timedelta(days=3))
    wanted = "  Download next: refund report (never), order report (11-09), item report (11-09)"
    assert wanted in late.type("today").out.splitlines()
    files = late.read("today")["files"]
    assert [(f["holds"], f["stale"], f["newest_at"]) for f in files] == [
        ("items", True, "2026-11-01T09:30:00+08:00"),
        ("orders", True, "2026-11-01T09:30:00+08:00"),
        ("refunds", True, None),
    ]


def test_each_shop_that_the_files_name_has_its_own_freshness(night: Desk, folder: Folder) -> None:
    """Two shops in one folder: 店铺名称 tells them apart, and the one whose export stayed out is named."""

    def named(order: Order, shop: str, name: str) -> None:
        rows = list(report_rows([order], ORDERS, ".csv"))
        folder.rows(changed(rows, 1, {"店铺名称": shop}), name)

    named(ONE, "青禾旗舰店", "a.csv")
    named(TWO, "青禾企业店", "b.csv")
    folder.items(ONE, TWO)
    folder.refunds(asked_back("9001", ONE, 9397))
    night.type("import", str(settle(folder.path)))
    later = Desk(night.database, night.at + timedelta(days=3))
    named(TWO, "青禾企业店", "c.csv")
    later.type("import", str(folder.orders(THREE, name="d.csv")), "--shop", "青禾老店")
    changes = list(report_rows([replace(TWO, seller_remark="已联系")], ORDERS, ".csv"))
    later.type("import", str(folder.rows(changed(changes, 1, {"店铺名称": "青禾企业店"}), "e.csv")))
    came = {f["shop"]: f["stale"] for f in later.read("today")["files"] if f["holds"] == "orders"}
    assert came == {"青禾旗舰店": True, "青禾企业店": False, "青禾老店": False}
    lacking = {f["shop"]: f["at"] for f in later.read("today")["files"] if f["holds"] == "refunds"}
    assert list(lacking) == [""], "a refund report that names no shop may be any shop's"
    assert "青禾旗舰店 order report" in later.type("today").out


def test_files_that_name_no_shop_are_of_the_past_once_others_do(night: Desk, folder: Folder) -> None:
    for path in (*folder.both(ONE), folder.refunds(asked_back("9001", ONE, 9397))):
        night.type("import", str(path))
    later = Desk(night.database, night.at + timedelta(days=5))
    for path in (*folder.both(TWO), folder.refunds(asked_back("9002", TWO, 700))):
        later.type("import", str(path), "--shop", "青禾旗舰店")
    files = later.read("today")["files"]
    assert {(f["shop"], f["stale"]) for f in files} == {("青禾旗舰店", False)}
    assert "Download next" not in later.type("today").out


def test_a_second_shop_leaves_the_first_shop_s_reports_in_the_list(night: Desk, folder: Folder) -> None:
    """Taobao's order report names the shop in its rows, its item and refund reports do not."""
    for path in (*folder.both(ONE), folder.refunds(asked_back("9001", ONE, 9397))):
        night.type("import", str(path))
    later = Desk(night.database, night.at + timedelta(days=5))
    rows = list(report_rows([TWO], ORDERS, ".csv"))
    other = folder.rows(changed(rows, 1, {"店铺名称": ""}), "other.csv")
    for path in (other, folder.items(TWO), folder.refunds(asked_back("9002", TWO, 700))):
        later.type("import", str(path), "--shop", "小蓝家")
    files = {(f["shop"], f["holds"]): f["stale"] for f in later.read("today")["files"]}
    mine = dict.fromkeys(("orders", "items", "refunds"), True)
    first = {holds: stale for (shop, holds), stale in files.items() if shop != "小蓝家"}
    assert first == mine, "the first shop's three reports are all to be downloaded"
    assert {holds for (shop, holds), stale in files.items() if shop == "小蓝家" and not stale} == set(mine)
    assert len({shop for shop, _holds in files}) == 2


def test_a_first_shop_that_nobody_named_keeps_its_list_too(night: Desk, folder: Folder) -> None:
    def unnamed(order: Order, name: str) -> str:
        return str(folder.rows(changed(list(report_rows([order], ORDERS, ".csv")), 1, {"店铺名称": ""}), name))

    refunds = folder.refunds(asked_back("9001", ONE, 9397))
    for path in (unnamed(ONE, "a.csv"), str(folder.items(ONE)), str(refunds)):
        night.type("import", path)
    later = Desk(night.database, night.at + timedelta(days=5))
    for path in (unnamed(TWO, "b.csv"), str(folder.items(TWO)), str(folder.refunds(asked_back("9002", TWO, 700)))):
        later.type("import", path, "--shop", "小蓝家")
    files = later.read("today")["files"]
    assert sorted(f["holds"] for f in files if f["shop"] == "" and f["stale"]) == ["items", "orders", "refunds"]
