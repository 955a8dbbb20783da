"""Money to the fen: the worked cases of `docs/rules.md` §3.2, what counts as an amount, splits that lose nothing."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retcli.rules.money.minor_units import (
    DIGITS,
    Money,
    half_up,
    parse,
    points,
    split,
    text,
    up_to,
)

FEN = st.integers(0, 10**9)
WEIGHTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        pytest.param(1000, [9900, 5900, 3900], [503, 299, 198], id="M01"),
        pytest.param(100, [1000, 1000, 1000], [34, 33, 33], id="M02"),
        pytest.param(1, [500, 500], [1, 0], id="M03"),
        pytest.param(10, [300, 300, 300, 300, 100], [3, 2, 2, 2, 1], id="M04"),
        pytest.param(27000, [20000, 12000], [16875, 10125], id="M06 in proportion"),
        pytest.param(15000, [10000, 10000, 10000], [5000, 5000, 5000], id="M08 in proportion"),
        pytest.param(7, [0, 0, 0], [3, 2, 2], id="gifts only: shared alike"),
        pytest.param(7, [0, 5, 0], [0, 7, 0], id="a gift takes nothing beside goods"),
        pytest.param(1, [1, 1, 2], [0, 0, 1], id="one fen to the largest remainder"),
        pytest.param(3, [2, 2, 1, 1], [1, 1, 1, 0], id="a tie goes to the earlier line"),
        pytest.param(2, [1, 3], [0, 2], id="but first to the larger one"),
        pytest.param(0, [500, 0], [0, 0], id="nothing to share"),
    ],
)
def test_a_discount_is_split_to_the_fen(total: int, weights: list[int], parts: list[int]) -> None:
    assert split(total, weights) == parts


def test_what_is_left_of_the_lines_after_a_discount() -> None:
    """M01: refundable 9397, 5601, 3702."""
    lines = [9900, 5900, 3900]
    assert [a - d for a, d in zip(lines, split(1000, lines), strict=True)] == [9397, 5601, 3702]


@pytest.mark.parametrize(
    ("total", "weights"), [(100, []), (-1, [1]), (100, [1, -1])], ids=["no line", "below zero", "a weight below zero"]
)
def test_a_split_refuses_nonsense(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"nothing to split|no negative"):
        split(total, weights)


@given(total=FEN, weights=WEIGHTS)
def test_parts_sum_to_the_whole_and_none_is_negative(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert (sum(parts), len(parts)) == (total, len(weights))
    assert min(parts) >= 0
    assert parts == split(total, weights)
    if any(weights):
        assert all(abs(part - Fraction(total * w, sum(weights))) < 1 for part, w in zip(parts, weights, strict=True))


@given(weights=WEIGHTS, share=st.fractions(0, 1))
@example(weights=[1, 1, 1], share=Fraction(2, 3))
def test_no_line_gives_more_than_it_is_worth(weights: list[int], share: Fraction) -> None:
    total = int(sum(weights) * share)
    assert all(part <= weight for part, weight in zip(split(total, weights), weights, strict=True)) or not any(weights)


def layers(amounts: list[int], discounts: list[tuple[int, Iterable[int]]]) -> list[list[int]]:
    """Each discount's part on every line: granted one after the other (total, indexes of the lines that it is for),
    each split over what those before left.
    """
    left, parts = list(amounts), []
    for total, eligible in discounts:
        shares = dict(zip(eligible, split(total, [left[i] for i in eligible]), strict=True))
        parts.append([shares.get(i, 0) for i in range(len(left))])
        left = [amount - part for amount, part in zip(left, parts[-1], strict=True)]
    return parts


GOODS = [12900, 6900, 2900]
GRANTED: list[tuple[int, Iterable[int]]] = [(3000, [0, 1, 2]), (500, [0, 1]), (2000, [0, 1, 2]), (350, [0, 1, 2])]


def test_discounts_are_taken_off_in_the_order_they_were_granted() -> None:
    """M10: 满减, shop coupon on two lines, platform coupon, points; 16850 of cash is left."""
    promo, coupon, platform, bonus = layers(GOODS, GRANTED)
    assert (promo, coupon) == ([1705, 912, 383], [326, 174, 0])
    assert (platform, bonus) == ([1132, 606, 262], [198, 106, 46])
    cash = [a - sum(taken) for a, *taken in zip(GOODS, promo, coupon, platform, bonus, strict=True)]
    assert (cash, sum(cash)) == ([9539, 5102, 2209], 16850)


def test_what_line_two_gives_back_to_whom() -> None:
    """M11: the buyer's cash and points, our settlement, our revenue."""
    promo, coupon, platform, bonus = (parts[1] for parts in layers(GOODS, GRANTED))
    cash = GOODS[1] - promo - coupon - platform - bonus
    assert (cash, bonus, cash + platform, GOODS[1] - promo - coupon) == (5102, 106, 5708, 5814)


@given(
    amounts=st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    shares=st.lists(st.fractions(0, Fraction(1, 4)), max_size=4),
)
def test_layers_never_take_a_line_below_zero(amounts: list[int], shares: list[Fraction]) -> None:
    everything = range(len(amounts))
    granted: list[tuple[int, Iterable[int]]] = [(int(sum(amounts) * share), everything) for share in shares]
    taken = layers(amounts, granted)
    assert [sum(parts) for parts in taken] == [total for total, _ in granted]
    left = [amount - sum(parts[i] for parts in taken) for i, amount in enumerate(amounts)]
    assert min(left) >= 0


def refunds_one_by_one(total: int, of: int, *steps: int) -> list[int]:
    """What each refund gives when the rounding is done on what is gone altogether."""
    reached = [up_to(total, gone, of) for gone in accumulate(steps)]
    return [now - before for before, now in zip([0, *reached], reached, strict=False)]


@pytest.mark.parametrize(
    ("total", "of", "steps", "refunds"),
    [
        pytest.param(10000, 3, (1, 1, 1), [3333, 3334, 3333], id="M12"),
        pytest.param(700, 1000, (900,), [630], id="M18 coupon, 900 of 1000"),
        pytest.param(8800, 9999, (3333,), [2933], id="M18 coupon, 3333 of 9999"),
        pytest.param(101, 16837, (5612, 5612, 5613), [34, 33, 34], id="M19"),
        pytest.param(1, 3, (1, 1, 1), [0, 1, 0], id="one fen over three pieces"),
        pytest.param(5, 2, (1, 1), [3, 2], id="an odd fen: half up"),
        pytest.param(0, 4, (1, 3), [0, 0], id="a gift"),
        pytest.param(300, 0, (0,), [0], id="a line of no pieces is worth nothing"),
    ],
)
def test_parts_refunded_one_after_the_other(total: int, of: int, steps: tuple[int, ...], refunds: list[int]) -> None:
    assert refunds_one_by_one(total, of, *steps) == refunds


@given(total=FEN, steps=st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_any_way_of_taking_the_pieces_ends_at_the_whole(total: int, steps: list[int]) -> None:
    refunds = refunds_one_by_one(total, sum(steps), *steps)
    assert sum(refunds) == total
    assert min(refunds) >= 0


SIX_PER_MILLE, FIVE_PER_CENT, TENTH = 60, 500, 1000


@pytest.mark.parametrize(
    ("base", "basis", "fee"),
    [
        pytest.param(26999, TENTH, 2700, id="M15 the fee itself"),
        pytest.param(128805, TENTH, 12881, id="M15b half up, not banker's 12880"),
        pytest.param(16837, SIX_PER_MILLE, 101, id="M19 channel fee"),
        pytest.param(83, SIX_PER_MILLE, 0, id="M20 83"),
        pytest.param(84, SIX_PER_MILLE, 1, id="M20 84"),
        pytest.param(100, SIX_PER_MILLE, 1, id="M20 100"),
        pytest.param(26900, FIVE_PER_CENT, 1345, id="M21 fee"),
        pytest.param(26900 - 8967, FIVE_PER_CENT, 897, id="M21 kept after the refund: 448 come back"),
    ],
)
def test_a_fee_is_rounded_half_up(base: int, basis: int, fee: int) -> None:
    """The share is in basis points."""
    assert points(base, basis) == fee


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1/2", 1), ("-1/2", -1), ("5/2", 3), ("-5/2", -3), ("7/2", 4), ("1/3", 0), ("-2/3", -1), ("0", 0), ("4", 4)],
)
def test_halves_go_away_from_zero(exact: str, rounded: int) -> None:
    assert half_up(Fraction(exact)) == rounded


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("12.50", 1250),
        ("12.5", 1250),
        ("12", 1200),
        ("0", 0),
        ("0.01", 1),
        ("-3.00", -300),
        ("+3", 300),
        ("¥-5.00", -500),
        ("-¥5.00", -500),
        ("-￥1,299.5元", -129950),
        ("+¥5", 500),
        ("(3.00)", -300),
        ("￥1,299.5", 129950),
        ("¥12", 1200),
        ("¥ 12", 1200),
        ("12元", 1200),
        ("12.50 元", 1250),
        (" 12.50\t", 1250),
        ("1,234,567.89", 123456789),
        ("１２．５０", 1250),
        ("１，２９９", 129900),
        ("12.500", 1250),
        ("007", 700),
        ("999999999999", 99999999999900),
    ],
)
def test_amounts_as_people_and_sheets_write_them(written: str, fen: int) -> None:
    assert parse(written) == fen


REFUSED = {
    "nothing": "",
    "blank": "  ",
    "sign only": "-",
    "currency only": "¥",
    "underscore": "1_000",
    "Arabic digits": "١٢",
    "Devanagari digits": "१२",
    "a superscript": "12²",
    "a circled digit": "①",
    "not a number": "NaN",
    "infinity": "Infinity",
    "exponent": "1e3",
    "destroyed by Excel": "1.23E+05",
    "a huge exponent": "1E+400",
    "three decimals": "1.234",
    "a tenth of a fen": "0.001",
    "a float's remainder": "0.30000000000000004",
    "two points": "12.3.4",
    "no whole part": ".5",
    "no decimals": "12.",
    "thirteen digits": "1234567890123",
    "two signs": "--5",
    "a sign on each side of the currency": "-¥-5",
    "a sign between two currencies": "¥-¥5",
    "a sign and the currency only": "-¥",
    "a currency inside": "5-¥5",
    "a sign in brackets": "(-3.00)",
    "an open bracket": "(3.00",
    "a decimal comma": "12,50",
    "commas in the wrong place": "1,2,3",
    "a comma first": ",100",
    "two numbers": "1 299",
    "a sign behind": "5-",
    "hexadecimal": "0x10",
    "a word": "十二元",
    "another currency": "USD 5",
    "twice 元": "5元元",
    "Chinese full stop": "12。50",
}


def test_abroad_a_point_before_three_digits_may_part_thousands() -> None:
    """``IDR 100.000`` is a hundred thousand rupiah, read as 100 it is a thousandth of it."""
    for currency in ("IDR", "VND", "JPY", "USD"):
        with pytest.raises(ValueError):
            parse("100.000", currency)
        assert parse("100,000", currency) == 100_000 * 10 ** DIGITS.get(currency, 2)
    assert parse("100.000") == 10_000, "an ERP prints yuan with more zeros"


@pytest.mark.parametrize("written", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        parse(written)


def test_currencies_have_their_own_digits() -> None:
    assert (parse("1200", "JPY"), parse("1200.00", "JPY")) == (1200, 1200)
    with pytest.raises(ValueError, match="12"):
        parse("12.5", "JPY")
    assert (text(1200, "JPY"), text(1250), text(-5), text(0), text(106, "POINTS")) == (
        "1200",
        "12.50",
        "-0.05",
        "0.00",
        "106",
    )


@given(fen=st.integers(1 - 10**12, 10**12 - 1), currency=st.sampled_from(["CNY", "USD", "JPY"]))
def test_what_is_written_is_read_again(fen: int, currency: str) -> None:
    assert parse(text(fen, currency), currency) == fen


@given(st.text(alphabet="0123456789.,-+()¥元eE_ ２²١", max_size=10))
def test_whatever_is_read_as_an_amount_says_so_exactly(written: str) -> None:
    """What passes holds only plain or full-width digits, and means what its digits say."""
    try:
        fen = parse(written)
    except ValueError:
        return
    plain = written.translate(str.maketrans("２", "2", ",¥元() +-"))
    assert abs(fen) == Fraction(plain) * 100
    assert (fen < 0) <= ("-" in written or "(" in written)


def test_currencies_do_not_mix() -> None:
    assert Money(150, "CNY") + Money(50, "CNY") - Money(1, "CNY") == Money(199, "CNY")
    assert (-Money(5, "CNY"), bool(Money(0, "CNY")), str(Money(1250, "CNY"))) == (Money(-5, "CNY"), False, "12.50")
    with pytest.raises(ValueError, match="CNY"):
        Money(1, "CNY") + Money(1, "USD")
