"""Long lines: where they are broken, and under what they go on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.views.folding import cells, folded, hanging

SAMPLES = st.sampled_from(
    [
        "订单",
        "2026-11-09 12:00 申请",
        "RC20261109-0034",
        "，",
        "。",
        "（",
        "）",
        " ",
        "12 张",
        "‹原因›",
        "word",
        "￥12.50",
    ]
)


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("订单：2850000000000000001，实付 90.00", 6),
        ("  ○ 金额在可退额以内", 4),
        ("  买家寄回：2026-11-16 12:00 前", 12),
        ("[注意] 备份：没有设置第二个备份位置", 13),
        ("12 张售后单：待审核 3", 2),
        ("价格.csv：淘宝 订单报表", 2),
        ("周一。从淘宝后台导出订单报表。", 0),
        ("  1. 优惠券", 5),
        ("停  6901234567892  CUP：第 3 件，单上只等 2 件：没记。还是同一件？先撤销", 2),
        ("停  RCMDNEXT  少 CUP×1，再找找。再扫一次就走。", 2),
    ],
)
def test_what_continues_stands_under_what_it_continues(text: str, indent: int) -> None:
    assert hanging(text) == indent


def test_a_line_ends_at_a_late_pause_rather_than_within_a_word() -> None:
    text = "订单：2850000000000000001，实付 2026-11-01 12:00，90.00（含运费 0.00）"
    assert folded(text, 52, 6) == ["订单：2850000000000000001，实付 2026-11-01 12:00，", "      90.00（含运费 0.00）"]


def test_a_number_stays_with_what_it_counts_and_an_instant_whole() -> None:
    assert folded("共一二三 12 张", 11) == ["共一二三", "12 张"]
    assert folded("申请时间 2026-11-09 12:00", 24) == ["申请时间", "2026-11-09 12:00"]


def test_what_is_wider_than_a_line_is_cut() -> None:
    assert folded("一二 ABCDEFGHIJ", 6) == ["一二", "ABCDEF", "GHIJ"]


@given(st.lists(SAMPLES, min_size=1).map("".join), st.integers(24, 60), st.integers(0, 4))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int, hang: int) -> None:
    lines = folded(text, width, hang)
    assert "".join("".join(lines).split()) == "".join(text.split())
    over = [line for line in lines if cells(line) > width]
    assert all(cells(line) <= width + 2 * len(line) for line in over)
    assert all(line.startswith(" " * hang) for line in lines[1:])
