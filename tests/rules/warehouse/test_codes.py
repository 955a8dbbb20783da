"""What a scanned code means: codes by states of the books and the table, and the order in which the books are asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.warehouse.barcodes import forms
from retcli.rules.warehouse.codes import Article, Known, Meaning, Read, Step, resolve
from retcli.rules.warehouse.ids import folded, normalised
from retcli.rules.warehouse.spellings import apart, spellings
from tests.rules.warehouse.code_table import (
    AMBIGUOUS,
    BACK,
    BOXED,
    CARTON,
    EAN,
    EAN8,
    EMPTY,
    GROUPED,
    HATS,
    JD_ORDER,
    KNOWN_BY,
    LEFT,
    MUGS,
    OLD_AND_NEW,
    ORDER,
    OURS,
    PK_BACK,
    RC1,
    REFUND,
    ROWS,
    SHIRTS,
    SUB_ORDER,
    UPC,
)  # fmt: skip

M = Meaning
FULL_WIDTH = {ord(ch): chr(ord(ch) + 0xFEE0) for ch in map(chr, range(0x21, 0x7F))}


def of_books(typed: str, on_table: frozenset[str]) -> Known:
    """What the books of the table of codes know of a code as it stands."""
    named = (normalised(typed), folded(typed), *forms(typed))
    known = next((KNOWN_BY[text] for text in named if text in KNOWN_BY), Known())
    return replace(known, expected=on_table)


def read(typed: str, on_table: frozenset[str] = EMPTY, steps: frozenset[Step] = frozenset(Step)) -> Read:
    return resolve([(each, of_books(each.typed, on_table)) for each in spellings(typed)], steps)


def thing(read: Read) -> str:
    """The thing that a code was read as, as the table writes it."""
    if read.meaning in {M.ARTICLE, M.BOTH}:
        return read.article.sku if read.article.pieces == 1 else f"{read.article.sku}×{read.article.pieces}"
    if read.meaning == M.DATA:
        return ""
    return "、".join(read.others or read.cases) or read.parcel or read.case or read.spelling.text


@pytest.mark.parametrize(("typed", "on_table", "meaning", "named"), ROWS)
def test_a_code_means_one_thing_in_each_state(
    typed: str, on_table: frozenset[str], meaning: Meaning, named: str
) -> None:
    assert (read(typed, on_table).meaning, thing(read(typed, on_table))) == (meaning, named)


def test_the_table_is_long_enough_and_names_every_meaning() -> None:
    assert len({(code, on_table) for code, on_table, *_means in ROWS}) == len(ROWS) >= 120
    assert {meaning for _code, _on_table, meaning, _named in ROWS} == set(Meaning)


@pytest.mark.parametrize(
    ("typed", "on_table", "also"),
    [
        (BACK, SHIRTS, ()),
        ("YT8800000000001", EMPTY, ()),
        (AMBIGUOUS, EMPTY, (M.ARTICLE,)),
        (AMBIGUOUS, HATS, (M.ARTICLE,)),
        (ORDER, SHIRTS, ()),
        (JD_ORDER, MUGS, (M.ARTICLE,)),
        ("8888", EMPTY, (M.TAIL,)),
        (f"https://x.cn/?order={ORDER}&mail={BACK}", EMPTY, (M.SLIP,)),
        (f"https://x.cn/?ean={EAN}&order={REFUND}", SHIRTS, (M.ARTICLE,)),
        (EAN, SHIRTS, ()),
        ("RCMDA", SHIRTS, ()),
    ],
)
def test_what_a_code_is_besides_is_named(typed: str, on_table: frozenset[str], also: tuple[Meaning, ...]) -> None:
    assert read(typed, on_table).also == also


def test_a_number_of_an_order_and_of_a_second_article_is_no_line_s_alone() -> None:
    """订单号 TS-M 也是商品 TS-M 的编码，还是 TS-L 的条码：按订单认，并说出还是商品。"""
    spelling = next(iter(spellings("TS-M")))
    own, besides = Article("TS-M"), Article("TS-L")
    line_alone = resolve([(spelling, Known(order=True, articles=(own,), expected=frozenset({"TS-M"})))])
    assert (line_alone.meaning, line_alone.also) == (M.ORDER, ())
    two = resolve([(spelling, Known(order=True, articles=(own, besides), expected=frozenset({"TS-M"})))])
    assert (two.meaning, two.also) == (M.ORDER, (M.ARTICLE,))


KNOWN_THINGS = st.builds(
    Known,
    parcel=st.sampled_from(["", PK_BACK]),
    own=st.sampled_from(["", PK_BACK]),
    sent=st.booleans(),
    cases=st.sampled_from([(), (RC1,), (RC1, "RC20261109-0002")]),
    order=st.booleans(),
    articles=st.sampled_from([(), (Article("TS-M"),), (Article("TS-M"), Article("TS-L"))]),
    expected=st.sampled_from([EMPTY, SHIRTS, OLD_AND_NEW]),
    tails=st.sampled_from([(), (RC1,)]),
)
ASK = {M.SLIPS, M.ARTICLES, M.BOTH, M.SEVERAL, M.TAIL}
"""Meanings that book nothing: a person is asked."""


@given(code=st.sampled_from([BACK, EAN, ORDER, "TS-M", "5678", "HELLO"]), known=KNOWN_THINGS)
def test_a_code_is_never_two_things_in_silence(code: str, known: Known) -> None:
    [*asked] = [(each, known) for each in spellings(code)[:1]]
    result = resolve(asked)
    slip = bool(known.cases or known.order)
    # a line of an order may be called by its number: no article besides
    others = [article for article in known.articles if not slip or article.sku != code]
    kinds = [
        bool(known.parcel or known.own or known.sent),
        slip,
        bool(others),
        bool(known.tails),
    ]
    if sum(kinds) > 1:
        assert result.also or result.meaning in ASK
    several = len(known.cases) > 1 and not (known.parcel or known.own or known.sent)
    if several:
        assert result.meaning in ASK
    if (known.cases or known.order) and result.meaning == M.ARTICLE:
        raise AssertionError("a slip was taken for a piece")
    expected = {article.sku for article in known.articles} & known.expected
    if kinds[0] and expected:
        assert result.meaning == M.BOTH


ASKED_FOR = {
    BACK: (M.PARCEL, PK_BACK), BOXED: (M.PARCEL, "PK20261109-0002"), LEFT: (M.PARCEL, "PK20261109-0003"),
    OURS: (M.REFUSED, OURS), PK_BACK: (M.PARCEL, PK_BACK), RC1: (M.SLIP, RC1), ORDER: (M.SLIP, RC1),
    SUB_ORDER: (M.SLIP, RC1), REFUND: (M.SLIP, RC1), GROUPED: (M.ORDER, GROUPED), EAN: (M.ARTICLE, "TS-M"),
    UPC: (M.ARTICLE, "MUG"), EAN8: (M.ARTICLE, "JUI-01"), CARTON: (M.ARTICLE, "TS-M×6"), "TS-M": (M.ARTICLE, "TS-M"),
    "JUI-01": (M.ARTICLE, "JUI-01"), "RCMDA": (M.COMMAND, "RCMDA"), "5678": (M.TAIL, RC1),
}  # fmt: skip
BEFORE = st.sampled_from(
    ["", " ", "\x1d", "]C0", "]E0", "]Q3", "\ufeff", "\u3000", "\x02", "*", "#", "单号：", "条码："]
)
BEHIND = st.sampled_from(["", "\r\n", "\t", " ", "\x1d", "\x03\r", "\u200b", "*", ";", "!", ",1", ",1,10:31"])


@given(code=st.sampled_from(sorted(ASKED_FOR)), before=BEFORE, behind=BEHIND, small=st.booleans(), wide=st.booleans())
def test_whatever_a_scanner_puts_around_a_code_it_is_found(
    code: str, before: str, behind: str, *, small: bool, wide: bool
) -> None:
    typed = f"{before}{code.lower() if small else code}{behind}"
    result = read(typed.translate(FULL_WIDTH) if wide else typed)
    assert (result.meaning, thing(result)) == ASKED_FOR[code]


@given(
    code=st.sampled_from([code for code in sorted(ASKED_FOR) if len(code) > 8 and code != PK_BACK]),
    around=st.sampled_from(["https://x.cn/t?no={}&v=2", "http://a.b/{}", "{{'k1':'755','k5':'{}'}}", "MMM={}"]),
    small=st.booleans(),
)
def test_a_number_in_an_address_is_found(code: str, around: str, *, small: bool) -> None:
    typed = around.format(code)
    result = read(typed.lower() if small else typed)
    assert (result.meaning, thing(result)) == ASKED_FOR[code]


@given(typed=st.text(max_size=60))
def test_any_text_has_a_meaning_and_nothing_known_is_made_of_it(typed: str) -> None:
    result = resolve([(each, Known()) for each in spellings(typed)])
    assert not (result.parcel or result.case or result.article.sku)
    assert result.meaning not in {M.PARCEL, M.REFUSED, M.SLIP, M.ARTICLE}


@pytest.mark.parametrize(
    ("typed", "steps", "meaning"),
    [
        (ORDER, {Step.ARTICLE}, M.ARTICLE),
        (AMBIGUOUS, {Step.ARTICLE}, M.ARTICLE),
        (AMBIGUOUS, {Step.WAYBILL, Step.OWN}, M.PARCEL),
        (EAN, {Step.WAYBILL, Step.OWN}, M.NOTHING),
        (OURS, {Step.WAYBILL, Step.OWN}, M.NOTHING),
        (SF := f"https://x.cn/{BACK}", {Step.WAYBILL}, M.PARCEL),
        (SF, {Step.ARTICLE}, M.NOTHING),
    ],
)
def test_where_only_one_kind_of_thing_can_be_meant_only_that_counts(
    typed: str, steps: set[Step], meaning: Meaning
) -> None:
    assert read(typed, EMPTY, frozenset(steps)).meaning == meaning


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        (f"{BACK}\t{EAN}", (BACK, EAN)),
        (f"{BACK} {EAN}\r{EAN}\n", (BACK, EAN, EAN)),
        (BACK, ()),
        (f"  {BACK}  ", ()),
        (" ".join("1234567890"), ()),
    ],
)
def test_codes_of_one_line_are_told_apart(typed: str, codes: tuple[str, ...]) -> None:
    assert apart(typed) == codes
