"""Statements and exports from abroad: every file read as its shop meant it, and none that is not complete."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fixtures.make import SMALL_SEED
from fixtures.sheets import Sheet, layouts
from fixtures.shopmaker import make_shop
from fixtures.statements import sheets, write_statements
from retcli.errors import NeedsPerson
from retcli.platforms import DIALECTS
from retcli.platforms.alipay import order_in
from retcli.platforms.bills import category, gone, kept
from retcli.platforms.wechat import REFUNDS
from retcli.reading import cells
from retcli.reading.dialect import Dialect, Fault, Row, match
from retcli.reading.reader import Reading
from retcli.rules.money.minor_units import text
from tests.knownfiles import read
from tests.shopfloor import FIXTURES

EXPORTS, EXPECTED = FIXTURES / "exports", FIXTURES / "expected"
SPECIAL = {"wechat.trade.refund.old": "wechat.trade.refund"}


@cache
def made() -> tuple[Sheet, ...]:
    return tuple(sheets(make_shop(SMALL_SEED, orders=12, refunds=6)))


def sheet_of(path: str) -> Sheet:
    """The file of that path."""
    (found,) = [sheet for sheet in made() if sheet.path == path]
    return found


def kind_of(layout: str) -> Dialect:
    """The dialect of a layout: the one with the longest name that it begins with."""
    fits = [each for each in DIALECTS if layout == each.name or layout.startswith((f"{each.name}.", f"{each.name}_"))]
    return max(fits, key=lambda each: len(each.name))


READ = [pytest.param(sheet, id=sheet.path) for sheet in made() if sheet.meant is not None]
REFUSED = [pytest.param(sheet, id=sheet.path) for sheet in made() if sheet.meant is None]
TOTALLED = [
    pytest.param(sheet, id=sheet.path)
    for sheet in made()
    if sheet.below and sheet.meant is not None and kind_of(sheet.layout).totals
]


def rows_of(reading: Reading) -> list[Row | Fault]:
    """Every row and fault, one by one."""
    return [row for chunk in reading.chunks for row in chunk.rows()]


def meaning(reading: Reading) -> list[dict[str, Any]]:
    """What the rows say; none may be a fault."""
    found = rows_of(reading)
    assert [row for row in found if isinstance(row, Fault)] == []
    return [row.values for row in found if isinstance(row, Row)]


def faults(path: Path) -> list[Fault]:
    return [row for row in rows_of(read(path)) if isinstance(row, Fault)]


def told(sheet: Sheet) -> list[dict[str, Any]]:
    """What the shop meant by a file, worked out when it was made."""
    rows: list[dict[str, Any]] = json.loads((EXPECTED / f"{sheet.layout}.json").read_text("utf-8"))
    return rows


def saved(folder: Path, sheet: Sheet, table: Sequence[Sequence[str]] | None = None) -> Path:
    """The file, or another table in its place, as a text with what stands above and below."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(sheet.table() if table is None else table)
    path = folder / "账单.csv"
    path.write_text("\n".join([*sheet.above, stream.getvalue().strip("\n"), *sheet.below]), encoding="utf-8")
    return path


def changed(sheet: Sheet, place: int, **told: str) -> Sheet:
    """The sheet with cells of one row written otherwise."""
    rows = [dict(row) for row in sheet.rows]
    rows[place] |= told
    return replace(sheet, rows=rows)


# -- what the files say ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", READ)
def test_every_file_says_what_the_shop_meant(sheet: Sheet) -> None:
    reading = read(EXPORTS / sheet.path)
    assert reading.dialect is kind_of(sheet.layout)
    assert meaning(reading) == told(sheet)
    assert len(told(sheet)) >= 2


def test_the_files_are_those_of_the_generator(tmp_path: Path) -> None:
    write_statements(make_shop(SMALL_SEED, orders=12, refunds=6), tmp_path)
    again = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(again) > 60
    assert {name for name in again if (FIXTURES / name).read_bytes() != again[name]} == set()


@pytest.mark.parametrize("layout", layouts())
def test_every_layouts_header_is_known_as_one_kind(layout: str) -> None:
    header = layouts()[layout]
    assert [each.name for each in DIALECTS if (found := match(each, header)) and found.fits] == [kind_of(layout).name]


@pytest.mark.parametrize("sheet", READ)
def test_columns_in_another_turn_say_the_same(tmp_path: Path, sheet: Sheet) -> None:
    turned = [list(reversed(row)) for row in sheet.table()]
    if sheet.explained:
        turned.pop(1)
    assert meaning(read(saved(tmp_path, sheet, turned))) == told(sheet)


@pytest.mark.parametrize("sheet", READ)
def test_a_column_less_is_refused_or_nothing_shifts(tmp_path: Path, sheet: Sheet) -> None:
    """What a row still says is true; an account changes by the same amount however its parts are told."""
    table = sheet.table()
    for place, name in enumerate(table[0]):
        try:
            reading = read(saved(tmp_path, sheet, [row[:place] + row[place + 1 :] for row in table]))
            found = rows_of(reading)
        except NeedsPerson:
            continue
        whole = told(sheet)
        good = [(row.values, whole[at]) for at, row in enumerate(found) if isinstance(row, Row)]
        for row, meant in good:
            if reading.dialect.holds == "bills":
                assert row["minor"] + (row["fee"] or 0) == meant["minor"] + (meant["fee"] or 0), name
                assert row["order"] in {meant["order"], ""}, name
                assert (row["balance"], row["trade"]) in {
                    (balance, trade) for balance in (meant["balance"], None) for trade in (meant["trade"], "")
                }, name
            else:
                same = [word for word in row if row[word] in {meant.get(word), None, ""}]
                assert set(row) - set(same) <= {"address", "status", "phone", "payment_number", "reason", "price"}, name


# -- what files say of themselves --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", TOTALLED)
@pytest.mark.parametrize("place", [0, -1], ids=["the first", "the last"])
def test_a_statement_that_lacks_an_entry_is_not_taken(tmp_path: Path, sheet: Sheet, place: int) -> None:
    table = sheet.table()
    table.pop(1 if place == 0 else len(table) - 1)
    with pytest.raises(NeedsPerson, match=r"The file says .* its rows say .*: it is not complete") as refusal:
        rows_of(read(saved(tmp_path, sheet, table)))
    assert refusal.value.hint == "Download it again"


def test_there_are_statements_that_say_their_totals() -> None:
    assert len(TOTALLED) == 8


ALIPAY, WECHAT, PDD = sheet_of("alipay/fund.classic.csv"), sheet_of("wechat/trade.all.csv"), sheet_of("pdd/settle.csv")


@pytest.mark.parametrize(
    ("sheet", "below", "message"),
    [
        (ALIPAY, "#收入合计：18笔，共14989.00元", "The file says 14989.00 (coming in), its rows say 1661.13"),
        (PDD, "#支出合计：3485笔-59276.09元", "The file says 3485 (entries going out), its rows say"),
        (WECHAT, "`16,`1.00,`431.15,`0,`0,`0,`0", "The file says 1.00 (payments), its rows say 1594.87"),
        (WECHAT, "`17.0,`1.00,`0.00,`0,`0,`0,`0", "The file says 17 (entries), its rows say 16"),
    ],
)
def test_both_numbers_are_named(tmp_path: Path, sheet: Sheet, below: str, message: str) -> None:
    with pytest.raises(NeedsPerson) as refusal:
        rows_of(read(saved(tmp_path, replace(sheet, below=[below]))))
    assert message in refusal.value.message


def test_a_sum_is_compared_to_the_fen(tmp_path: Path) -> None:
    first = dict(ALIPAY.rows[0])
    sheet = changed(ALIPAY, 0, **{"收入金额（+元）": f"{float(first['收入金额（+元）']) + 0.01:.2f}"})
    with pytest.raises(NeedsPerson, match=r"\(coming in\)") as refusal:
        rows_of(read(saved(tmp_path, sheet)))
    stated, found = refusal.value.message.split(" (coming in), its rows say ")
    before, after = cells.money(stated.split()[-1]), cells.money(found.split(":")[0])
    assert before and after == before + 1


def test_where_a_row_is_refused_nothing_is_compared(tmp_path: Path) -> None:
    sheet = changed(ALIPAY, 0, **{"收入金额（+元）": "1.2.3"})
    assert [(fault.row, fault.problem) for fault in faults(saved(tmp_path, sheet))] == [(6, "not an amount of money")]


def test_totals_that_are_no_numbers_stop_the_file(tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="own totals cannot be read"):
        rows_of(read(saved(tmp_path, replace(ALIPAY, below=["#收入合计：18笔，共1.2.3元"]))))


def test_without_its_frame_a_statement_is_read_all_the_same(tmp_path: Path) -> None:
    assert meaning(read(saved(tmp_path, replace(ALIPAY, above=[], below=[])))) == told(ALIPAY)


@pytest.mark.parametrize("sheet", REFUSED)
def test_a_personal_bill_is_known_and_refused(sheet: Sheet) -> None:
    with pytest.raises(NeedsPerson) as refusal:
        read(EXPORTS / sheet.path)
    assert refusal.value.message == "this is a personal bill, export the merchant's"
    assert "back-end" in refusal.value.hint


# -- what an entry is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "minor", "kind"),
    [
        ("在线支付", 100, "payment"),
        ("交易", 100, "payment"),
        ("0010002|交易收入-订单收入", 100, "payment"),
        ("货款结算入账", 100, "payment"),
        ("订单支付", 100, "payment"),
        ("退款", -100, "refund"),
        ("0020002|交易退款-订单退款", -100, "refund"),
        ("退款-结算后退款-退用户", -100, "refund"),
        ("退款关闭", 100, "refund_returned"),
        ("扣除交易手续费", -1, "fee"),
        ("退还交易手续费", 1, "fee_returned"),
        ("0030002|技术服务费-基础技术服务费", -1, "fee"),
        ("0030002|技术服务费-基础技术服务费", 1, "fee_returned"),
        ("退款-订单退款触发-退分账", 1, "fee_returned"),
        ("转账 支付宝转账小额打款-关联订单号：2850000000000000001", -100, "small_payment"),
        ("转账", -100, "transfer"),
        ("转账 淘宝消费者保证金-交易售后", -100, "deposit"),
        ("淘宝消费者保证金-退货邮费", -100, "deposit"),
        ("淘宝消费者保证金-延迟发货", -100, "deposit"),
        ("卖家延迟发货赔付红包", -100, "compensation"),
        ("虚假发货赔付红包", -100, "compensation"),
        ("淘宝缺货赔付红包", -100, "compensation"),
        ("淘宝物流轨迹异常/超时红包", -100, "compensation"),
        ("延迟换货补偿红包", -100, "compensation"),
        ("消费者赔付", -100, "compensation"),
        ("保险承保", -85, "insurance"),
        ("退货包运费代扣", -85, "insurance"),
        ("淘宝联盟推广佣金返还", 100, "commission"),
        ("达人佣金", -100, "commission"),
        ("提现", -100, "withdrawal"),
        ("0140028|其他支出-电子面单", -100, "other"),
        ("", -100, "other"),
    ],
)
def test_the_text_of_an_entry_tells_what_it_is(words: str, minor: int, kind: str) -> None:
    assert category((words,), minor) == kind
    assert category(("", words), minor) == kind


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ("T200P2850164703703601200", "2850164703703601200"),
        ("支付宝转账小额打款-关联订单号：2850164703703601200", "2850164703703601200"),
        ("关联订单号: 2850164703703601200 完", "2850164703703601200"),
        ("tradeid:2850164703703601200", "2850164703703601200"),
        ("TradeId：2850164703703601200", "2850164703703601200"),
        ("FP301_2850164703703601200", ""),
        ("2850164703703601200", ""),
        ("", ""),
    ],
)
def test_the_order_that_a_text_names(place: str, order: str) -> None:
    assert order_in(place) == order
    assert order_in("FP301_1", place) == order


def test_income_and_outgo_in_one_row_are_refused(tmp_path: Path) -> None:
    bare = replace(ALIPAY, above=[], below=[])
    both = changed(bare, 0, **{"支出金额（-元）": "-1.00"})
    assert [(f.row, f.problem) for f in faults(saved(tmp_path, both))] == [(2, "comes in and goes out in one row")]
    neither = changed(bare, 0, **{"收入金额（+元）": ""})
    assert [(f.row, f.problem) for f in faults(saved(tmp_path, neither))] == [(2, "neither comes in nor goes out")]


def test_what_goes_out_is_the_same_with_and_without_its_minus(tmp_path: Path) -> None:
    rows = [{**row, "支出金额（-元）": row["支出金额（-元）"].lstrip("-")} for row in ALIPAY.rows]
    assert meaning(read(saved(tmp_path, replace(ALIPAY, rows=rows)))) == told(ALIPAY)


def test_an_entry_whose_text_looks_like_a_comment_is_no_comment(tmp_path: Path) -> None:
    """The shop may move columns: then a remark stands first."""
    rows = [dict(row) for row in PDD.rows]
    rows[0]["业务描述"] = "#合计|交易收入"
    table = [list(reversed(row)) for row in replace(PDD, rows=rows).table()]
    assert len(meaning(read(saved(tmp_path, PDD, table)))) == len(rows)


def test_entries_without_a_number_are_told_apart_by_their_place(tmp_path: Path) -> None:
    twice = replace(PDD, rows=[PDD.rows[0], PDD.rows[0], PDD.rows[0]], above=[], below=[])
    first, second, third = (row["number"] for row in meaning(read(saved(tmp_path, twice))))
    assert (second, third) == (f"{first}#2", f"{first}#3")


def test_a_refund_of_wechat_that_failed_moved_nothing(tmp_path: Path) -> None:
    place = next(n for n, row in enumerate(WECHAT.rows) if row["交易状态"] == "REFUND")
    rows = meaning(read(saved(tmp_path, changed(WECHAT, place, 退款状态="FAIL"))))
    assert (rows[place]["minor"], rows[place]["fee"], rows[place]["category"]) == (0, 0, "refund")


@pytest.mark.parametrize("column", ["微信退款单号", "退款金额"])
def test_a_refund_of_wechat_without_number_or_amount_is_refused(tmp_path: Path, column: str) -> None:
    place = next(n for n, row in enumerate(WECHAT.rows) if row["交易状态"] == "REFUND")
    names, values = WECHAT.below
    count, paid, back, *others = values.split(",")
    if column == "退款金额":
        left = (cells.money(back) or 0) - (cells.money(WECHAT.rows[place][column]) or 0)
        values = ",".join([count, paid, text(left), *others])
    found = faults(saved(tmp_path, replace(changed(WECHAT, place, **{column: ""}), below=[names, values])))
    assert [(f.row, f.problem) for f in found] == [(place + 2, "the refund's number or amount is not there")]


def test_a_bill_of_refunds_needs_the_refunds_columns() -> None:
    header = layouts()["wechat.trade.refund.old"]
    for name in ("微信退款单号", "退款金额", "退款状态"):
        found = match(REFUNDS, [column for column in header if column != name])
        assert found
        assert not found.fits


def test_a_settlement_whose_parts_do_not_add_up_is_refused(tmp_path: Path) -> None:
    sheet = changed(sheet_of("douyin/settle.34.csv"), 0, 收入合计="1.00")
    found = faults(saved(tmp_path, sheet))
    assert [f.problem for f in found] == ["income and outgo do not make the amount settled"]


def test_a_fee_is_told_from_net_and_gross_whichever_sign_it_has() -> None:
    assert kept(9940, 10000, [-50, -10]) == -60
    assert kept(9940, 10000, [50, 10]) == -60
    assert kept(-9940, -10000, [60]) == 60
    assert kept(9940, 10000, [59]) is None


@pytest.mark.parametrize("status", ["打款失败", "待打款", "已取消", "未打款", "已退回", "已驳回"])
def test_money_that_did_not_go_is_not_gone(status: str) -> None:
    assert gone(500, status) == 0
    assert gone(500, "打款成功") == -500


# -- shops abroad ------------------------------------------------------------------------------------------------------

SHOPIFY, TIKTOK = sheet_of("shopify/orders.csv"), sheet_of("tiktok/orders.csv")


def test_a_line_more_belongs_to_the_order_above(tmp_path: Path) -> None:
    place = next(n for n, row in enumerate(SHOPIFY.rows) if "Financial Status" not in row)
    rows = meaning(read(saved(tmp_path, SHOPIFY)))
    assert rows[place]["paid"] == rows[place - 1]["paid"] > 0
    alone = replace(SHOPIFY, rows=SHOPIFY.rows[place:])
    found = faults(saved(tmp_path, alone))
    assert found[0].problem == "the order that this line belongs to is not above it"
    assert found[0].order == SHOPIFY.rows[place]["Name"]


def test_lines_of_an_order_that_was_refused_are_refused_too(tmp_path: Path) -> None:
    place = next(n for n, row in enumerate(SHOPIFY.rows) if "Financial Status" not in row)
    found = faults(saved(tmp_path, changed(SHOPIFY, place - 1, **{"Lineitem quantity": "x"})))
    assert [fault.order for fault in found[:2]] == [SHOPIFY.rows[place]["Name"]] * 2


def test_yen_have_no_fen(tmp_path: Path) -> None:
    place = next(n for n, row in enumerate(SHOPIFY.rows) if row.get("Currency") == "JPY")
    written = SHOPIFY.rows[place]["Total"]
    assert meaning(read(saved(tmp_path, SHOPIFY)))[place]["paid"] == int(written)
    half = changed(SHOPIFY, place, Total=f"{written}.50")
    assert faults(saved(tmp_path, half))[0].problem == "not an amount of money"


def test_an_amount_of_an_unknown_currency_is_not_guessed(tmp_path: Path) -> None:
    rows = [{**row, "Country": "Atlantis", "SKU Unit Original Price": "12.00"} for row in TIKTOK.rows]
    found = faults(saved(tmp_path, replace(TIKTOK, rows=rows)))
    assert len(found) == len(rows)
    assert {fault.problem for fault in found} == {cells.NO_CURRENCY}
