"""A mapping file: what it may say, what it is refused for, and the one table of our words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from retcli.actions.imports.intake import TURN
from retcli.errors import NeedsPerson
from retcli.platforms import DIALECTS, vocabulary
from retcli.platforms.mapping import BadMapping, Mapped, load
from retcli.reading import reader
from retcli.reading.dialect import Dialect, Row
from tests import knownfiles

PLAIN = """
name = "小店"
platform = "own"
holds = "refunds"
[fields]
order = ["订单号", "订单编号"]
refund = "售后编号"
amount = "退款金额"
status = "售后状态"
[values.status]
"待处理" = "requested"
"""
HEADER = ["售后编号", "订单号", "退款金额", "售后状态"]
SAMPLES = {
    "id": "2850000000000000100",
    "codes": "6901 6902",
    "text": "红色 L",
    "word": "红色",
    "money": "12.50",
    "signed": "-12.50",
    "count": "3",
    "pieces": "3",
    "instant": "2026-11-01 09:30:00",
    "waybill": "SF1620041173366",
    "reason": "七天无理由",
    "weight": "0.35",
    "grams": "350",
    "kilograms": "0.35",
}


def mapped(tmp_path: Path, text: str, name: str = "my.toml") -> Mapped:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load(path, TURN)


def read(tmp_path: Path, text: str, *lines: Sequence[str], encoding: str = "utf-8") -> list[dict[str, Any] | str]:
    """What a file says under a mapping: values, or why a row is refused."""
    path = tmp_path / "list.csv"
    path.write_text("\n".join(",".join(line) for line in lines), encoding=encoding)
    made = mapped(tmp_path, text)
    rows = knownfiles.read(path, [made.dialect], made.encoding).rows
    return [row.values if isinstance(row, Row) else f"{row.row} {row.column} {row.problem}" for row in rows]


# -- the one table ----------------------------------------------------------------------------------------------------


OURS = [d for d in DIALECTS if d.row_steps is None and not d.refused and d.holds in vocabulary.WORDS]
NO_AMOUNT = {"shopee.return", "lazada.return"}
"""Lists of which the column of the amount is not known: their rows are refused by name."""


@pytest.mark.parametrize("dialect", OURS, ids=lambda dialect: dialect.name)
def test_a_built_in_dialect_uses_our_words_and_reads_them_as_the_table_says(dialect: Dialect) -> None:
    """Where rows are remade by their neighbours, or columns by each other (``_total``), they may have words of their
    own; elsewhere they are ours.
    """
    words = vocabulary.words_of(dialect.holds)
    own = [field for field in dialect.fields if dialect.across is None or not field.name.startswith("_")]
    assert {field.name for field in own} <= set(words)
    for field in own:
        word = words[field.name]
        if word.sort in vocabulary.VOCABULARIES:
            possible = {*vocabulary.VOCABULARIES[word.sort].values(), ""}
            assert {
                field.read(cell) for cell in vocabulary.VOCABULARIES[word.sort] if readable(field, cell)
            } <= possible
        else:
            sample = SAMPLES[word.sort]
            assert field.read(sample) == vocabulary.READS[word.sort](sample), field.name
    there = {field.name for field in dialect.fields}
    lacking = vocabulary.lacking(dialect.holds, frozenset(there))
    assert lacking == ([("amount",)] if dialect.name in NO_AMOUNT else [])


def readable(field: Any, cell: str) -> bool:
    try:
        field.read(cell)
    except Exception as wrong:
        assert type(wrong).__name__ == "Unreadable"
        return False
    return True


def test_every_sort_of_word_is_read_somehow() -> None:
    sorts = {word.sort for words in vocabulary.WORDS.values() for word in words}
    assert sorts == set(SAMPLES) | set(vocabulary.VOCABULARIES)
    assert set(SAMPLES) == set(vocabulary.READS)


@pytest.mark.parametrize("holds", vocabulary.WORDS)
def test_what_a_kind_needs_is_among_its_words(holds: str) -> None:
    assert vocabulary.required(holds) <= set(vocabulary.words_of(holds))
    assert holds in TURN


# -- what a mapping reads ---------------------------------------------------------------------------------------------


def test_a_platform_may_be_called_by_its_name(tmp_path: Path) -> None:
    """By its code, so that the refunds meet the orders that the platform's own file brought."""
    assert mapped(tmp_path, PLAIN.replace('"own"', '"拼多多"')).dialect.platform == "pdd"
    assert mapped(tmp_path, PLAIN).dialect.platform == "own"


def test_columns_are_found_by_the_names_that_the_file_gives(tmp_path: Path) -> None:
    (row,) = read(tmp_path, PLAIN, HEADER, ["A1", "285", "12.50", "待处理"])
    assert row == {
        "order": "285",
        "refund": "A1",
        "amount": 1250,
        "status": "requested",
        "platform_status": "待处理",
    }


def test_the_known_words_of_a_status_and_our_own_are_understood_and_others_refuse_their_row(tmp_path: Path) -> None:
    lines = [["A1", "285", "1", "退款成功"], ["A2", "285", "1", "closed"], ["A3", "285", "1", "天知道"]]
    first, second, third = read(tmp_path, PLAIN, HEADER, *lines)
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (first["status"], second["status"]) == ("succeeded", "closed")
    assert third == "4 售后状态 a word that is not known here"


def test_lines_above_the_header_and_records_that_begin_so_are_skipped(tmp_path: Path) -> None:
    skip = '[skip]\nrows = 2\nstarting = { "售后编号" = ["合计", "#"] }\n'
    lines = [HEADER, ["导出说明"], HEADER, ["A1", "285", "1", "closed"], ["合计", "", "1", ""], ["# 完", "", "", ""]]
    rows = read(tmp_path, PLAIN + skip, *lines)
    assert [row["refund"] for row in rows if isinstance(row, dict)] == ["A1"]
    assert len(rows) == 1


def test_amounts_in_fen_dates_of_a_format_and_an_encoding_are_read(tmp_path: Path) -> None:
    text = PLAIN.replace("[values", 'applied_at = "申请时间"\n[values').replace("holds", 'encoding = "utf-16"\nholds')
    units = '[units]\nmoney = "fen"\ndates = "%d/%m/%Y %H:%M"\n'
    lines = [
        [*HEADER, "申请时间"],
        ["A1", "285", "1250", "closed", "02/11/2026 08:30"],
        ["A2", "285", "1.5", "closed", ""],
    ]
    first, second = read(tmp_path, text + units, *lines, encoding="utf-16")
    assert isinstance(first, dict)
    assert (first["amount"], first["applied_at"]) == (1250, "2026-11-02T00:30:00+00:00")
    assert second == "3 退款金额 not an amount of money"


def test_a_sale_in_another_currency_keeps_it_and_has_that_currencys_digits(tmp_path: Path) -> None:
    text = """name = "s"
platform = "own"
holds = "sales"
[fields]
order = "Order"
quantity = "Qty"
paid = "Total"
paid_at = "Paid"
[units]
currency = "JPY"
"""
    (row,) = read(tmp_path, text, ["Order", "Qty", "Total", "Paid"], ["1", "2", "1200", "2026-11-02 08:00"])
    assert isinstance(row, dict)
    assert (row["paid"], row["currency"]) == (1200, "JPY")


STATEMENT = """name = "流水"
platform = "own"
holds = "bills"
[fields]
at = "时间"
order = "单号"
words = "摘要"
{fields}
"""


@pytest.mark.parametrize(
    ("fields", "header", "rows", "minor"),
    [
        ('amount = "金额"', ["金额"], [["-12.50"], ["¥1200"], ["0"]], [-1250, 120000, 0]),
        (
            'amount = "金额"\ndirection = "收支"\n[values.direction]\n"进" = "in"',
            ["金额", "收支"],
            [["12.50", "支出"], ["12.50", "进"], ["-3", "out"]],
            [-1250, 1250, -300],
        ),
        (
            'income = "收入"\noutgo = "支出"',
            ["收入", "支出"],
            [["12.50", ""], ["", "12.50"], ["0.00", "-3"]],
            [1250, -1250, -300],
        ),
        (
            'income = "收入"\noutgo = "支出"\n[units]\nmoney = "fen"\ncurrency = "JPY"',
            ["收入", "支出"],
            [["1250", "0"], ["", "-1250"]],
            [1250, -1250],
        ),
    ],
)
def test_a_statement_says_what_moved_in_one_of_three_ways(
    tmp_path: Path, fields: str, header: list[str], rows: list[list[str]], minor: list[int]
) -> None:
    lines = [["2026-11-02 08:00", "285", "订单退款", *row] for row in rows]
    found = read(tmp_path, STATEMENT.format(fields=fields), ["时间", "单号", "摘要", *header], *lines)
    assert [row["minor"] for row in found if isinstance(row, dict)] == minor
    assert {row["category"] for row in found if isinstance(row, dict)} == {"refund"}
    assert {row["currency"] for row in found if isinstance(row, dict)} == {"JPY" if "JPY" in fields else "CNY"}


def test_a_statement_that_does_not_say_which_way_refuses_the_row(tmp_path: Path) -> None:
    fields = 'income = "收入"\noutgo = "支出"'
    lines = [["2026-11-02 08:00", "285", "货款", "1", "1"], ["2026-11-02 08:00", "285", "货款", "", ""]]
    found = read(tmp_path, STATEMENT.format(fields=fields), ["时间", "单号", "摘要", "收入", "支出"], *lines)
    assert found == ["2  comes in and goes out in one row", "3  neither comes in nor goes out"]


def test_entries_without_numbers_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    same = ["2026-11-02 08:00", "285", "货款", "5"]
    lines = [same, ["2026-11-02 08:00", "285", "货款", "6"], same]
    header = ["时间", "单号", "摘要", "金额"]
    numbers = [row["number"] for row in read(tmp_path, STATEMENT.format(fields='amount = "金额"'), header, *lines)]  # type: ignore[index]
    assert len(set(numbers)) == 3
    assert numbers[2] == f"{numbers[0]}#2"
    numbered = read(
        tmp_path, STATEMENT.format(fields='amount = "金额"\nnumber = "流水"'), [*header, "流水"], [*same, "L1"]
    )
    assert [row["number"] for row in numbered if isinstance(row, dict)] == ["L1"]


def test_counts_and_movements_of_a_layout_of_ones_own_are_read(tmp_path: Path) -> None:
    counts = """name = "盘点"
platform = "own"
holds = "counts"
[fields]
sku = "料号"
bucket = "仓"
quantity = "实数"
counted_at = "何时"
[values.bucket]
"A仓" = "sellable"
"""
    (row,) = read(tmp_path, counts, ["料号", "仓", "实数", "何时"], ["TS-L", "A仓", "7", "2026-11-02 08:00"])
    assert row == {"sku": "TS-L", "bucket": "sellable", "quantity": 7, "counted_at": "2026-11-02T00:00:00+00:00"}
    moves = """name = "轨迹"
platform = "own"
holds = "movements"
[fields]
waybill = "单"
at = "何时"
status = "情况"
[values.status]
"到家了" = "signed"
"""
    (row,) = read(tmp_path, moves, ["单", "何时", "情况"], ["SF1620041173366", "2026-11-02 08:00", "到家了"])
    assert row == {"waybill": "SF1620041173366", "at": "2026-11-02T00:00:00+00:00", "status": "signed"}


def test_a_file_without_a_column_that_the_kind_needs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(reader.UnknownKind):
        read(tmp_path, PLAIN, HEADER[1:], ["285", "1", "closed"])


@pytest.mark.parametrize(
    ("change", "header", "message", "hint"),
    [
        (("[values.status]", "[skip]\nrows = 1\n[values.status]"), HEADER,
         "The header stands in line 1, but [skip] rows = 1 passes over it", "Write rows = 0"),
        (("退款金额", "退了多少"), HEADER, "The file looks like refund report, but these columns are missing: 退了多少",
         "Under [fields] of the mapping file, write the names as the file has them"),
        (("", ""), list("甲乙丙丁"), "The file is of no known kind",
         "None of its first lines has the columns that 小店 needs: 订单号, 售后编号, 退款金额"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_the_file_says_what_to_mend(
    tmp_path: Path, change: tuple[str, str], header: list[str], message: str, hint: str
) -> None:
    with pytest.raises(NeedsPerson) as refusal:
        read(tmp_path, PLAIN.replace(*change), header, ["1", "2", "3", "待处理"])
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


def test_a_mapping_saved_by_an_old_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(PLAIN.encode("gb18030"))
    assert load(path, TURN).dialect.name == "小店"


# -- what a mapping is refused for ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('order = ["订单号", "订单编号"]', 'ordr = "订单号"'), "my.toml, [fields] ordr: unknown; did you mean order?"),
        (('order = ["订单号", "订单编号"]', ""), "my.toml, [fields] order: missing: this kind of file needs it"),
        (
            ('amount = "退款金额"', 'amount = "订单 号"'),
            "[fields] amount: the column 订单号 stands under order already",
        ),
        (('amount = "退款金额"', "amount = 3"), "[fields] amount: must be a name in quotation marks, or several"),
        (('name = "小店"', ""), "my.toml, name: missing"),
        (('name = "小店"', "name = 3"), "my.toml, name: must be a text in quotation marks"),
        (('platform = "own"', ""), "my.toml, platform: missing"),
        (
            ('holds = "refunds"', 'holds = "refund"'),
            "my.toml, holds: refund: possible are products, counts, orders, items",
        ),
        (
            ('holds = "refunds"', 'holds = "refunds"\nencodng = "x"'),
            "my.toml, encodng: unknown; did you mean encoding?",
        ),
        (
            ('holds = "refunds"', 'holds = "refunds"\nzz = "x"'),
            "my.toml, zz: unknown; possible are name, platform, holds",
        ),
        (
            ('holds = "refunds"', 'holds = "refunds"\nencoding = "latin-99"'),
            "my.toml, encoding: latin-99: possible are",
        ),
        (('"requested"', '"request"'), "my.toml, [values.status] request: unknown; did you mean requested?"),
        (
            ("[values.status]", "[values.zz]"),
            "my.toml, [values] zz: unknown; possible are status, kind, direction, bucket",
        ),
        (("[values.status]", "[skip]\nrows = 99\n[values.status]"), "[skip] rows: must be a number from 0 to 29"),
        (("[values.status]", "skip = 3\n[values.status]"), "[fields] skip: unknown"),
        (
            ("[values.status]", '[units]\nmoney = "jiao"\n[values.status]'),
            "[units] money: jiao: possible are yuan, fen",
        ),
        (("[values.status]", '[units]\ndates = "%d/%m"\n[values.status]'), "[units] dates: %d/%m is no format of a"),
        (
            ("[values.status]", '[units]\ndates = "%Q"\n[values.status]'),
            "[units] dates: %Q is no format of a whole date",
        ),
        (("[values.status]", '[units]\ncurrency = "元"\n[values.status]'), "[units] currency: 元: possible is a code"),
        (('"待处理" = "requested"', '"待处理" = "requested"\n[units.x]\ny = 1'), "[units] x: unknown"),
        (('name = "小店"', 'name = "小店"\nskip = 3'), "my.toml, skip: must be a table: [skip]"),
        (("[values.status]", "[values.status"), "my.toml cannot be read: line 10: a bracket is not closed"),
    ],
)
def test_each_mistake_is_named_with_file_key_and_what_is_possible(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    assert change[0] in PLAIN
    with pytest.raises(BadMapping) as refused:
        mapped(tmp_path, PLAIN.replace(*change))
    assert said in refused.value.message
    assert refused.value.exit_code == 3


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    text = PLAIN.replace("own", "").replace("refund =", "refnd =").replace('"requested"', '"x"')
    with pytest.raises(BadMapping) as refused:
        mapped(tmp_path, text)
    assert refused.value.message.count("my.toml") == 4


def test_a_mapping_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="cannot be read"):
        load(tmp_path / "none.toml", TURN)
    (tmp_path / "picture.toml").write_bytes(b"\xff\xfe\x00\x81\xff")
    with pytest.raises(BadMapping, match="is no text"):
        load(tmp_path / "picture.toml", TURN)


def test_two_columns_of_the_file_with_one_read_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="stand twice in the header: 售后编号"):
        read(tmp_path, PLAIN, [*HEADER, "售后编号"], ["A1", "285", "1", "closed", "A2"])


def test_a_fault_names_row_and_column(tmp_path: Path) -> None:
    (row,) = read(tmp_path, PLAIN, HEADER, ["", "285", "1", "closed"])
    assert row == "2 售后编号 is empty"
