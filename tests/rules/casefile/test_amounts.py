"""What is due on a case, to the fen: the worked cases of `docs/rules.md` §3.2, and any way to take a line apart."""

from dataclasses import dataclass
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.casefile.amount_facts import LineFacts
from retcli.rules.casefile.amounts import amount, share_of
from retcli.rules.casefile.findings import Answer
from retcli.rules.casefile.verdict import judge
from retcli.rules.lifecycles import Kind
from retcli.rules.policy.policy import Difference, Policy, Terms
from tests.facts import after_refund, case, line, order, wish

RETURN, REFUND_ONLY = Kind.RETURN, Kind.REFUND_ONLY
ORDINARY = Policy()
FREE_FROM_99 = Policy(free_freight_from=9900, freight_fee=800)


def test_three_pieces_come_back_one_by_one() -> None:
    """M12: 10000 for three pieces is 3333, 3334, 3333."""
    back = [share_of(after_refund(10000, 3, gone, 1)) for gone in range(3)]
    assert back == [3333, 3334, 3333]


@pytest.mark.parametrize(
    ("facts", "worth"),
    [
        pytest.param(line(10000, pieces=2, wanted=1), 5000, id="one of two"),
        pytest.param(line(10000, pieces=2, wanted=1, allowances=3000, cash_open=7000), 3500, id="after a price cut"),
        pytest.param(after_refund(10000, 2, 1, 1, allowances=3000, cash_open=2000), 2000, id="the rest after both"),
        pytest.param(
            after_refund(10000, 2, 1, 1, cash_open=4000), 4000, id="the platform paid more than was due before"
        ),
        pytest.param(
            after_refund(10000, 2, 1, 1, cash_open=6000), 5000, id="less was agreed for the first: no more now"
        ),
        pytest.param(after_refund(10000, 3, 1, 1, allowances=6667, cash_open=0), 0, id="nothing is left"),
    ],
)
def test_a_piece_is_worth_its_part_of_what_was_really_paid_for_it(facts: LineFacts, worth: int) -> None:
    assert share_of(facts) == worth


@pytest.mark.parametrize(
    ("reason", "kept_before", "leaving", "freight_paid", "due"),
    [
        pytest.param("B_7D", 10500, 4500, 0, 3700, id="M14 no reason: 800 of freight is taken back"),
        pytest.param("Q_FUNC", 10500, 4500, 0, 4500, id="M14 quality: nothing is taken back"),
        pytest.param("L_DAMAGE", 10500, 4500, 0, 4500, id="damaged on the way: nothing is taken back"),
        pytest.param("B_7D", 10500, 10500, 0, 10500, id="everything comes back: no parcel was kept cheaply"),
        pytest.param("B_7D", 10500, 600, 0, 600, id="exactly 9900 is kept: delivery stays free"),
        pytest.param("B_7D", 10500, 601, 0, 0, id="9899 is kept: the freight eats the whole refund, not more"),
        pytest.param("B_7D", 9900, 4500, 0, 3700, id="exactly 9900 had earned it"),
        pytest.param("B_7D", 8000, 2000, 0, 2000, id="delivery was never earned by the goods"),
        pytest.param("B_7D", 10500, 4500, 800, 4500, id="delivery was paid for"),
    ],
)
def test_free_delivery_that_is_no_longer_earned(
    reason: str, kept_before: int, leaving: int, freight_paid: int, due: int
) -> None:
    given_order = order(kept_before, leaving=leaving, freight=freight_paid)
    found = amount(wish(RETURN, reason), given_order, [line(leaving)], FREE_FROM_99)
    assert (found.due, sum(each.cash for each in found.lines), found.freight) == (due, due, 0)
    assert found.lines[0].share == leaving, "the pieces are used up by what they are worth"


def test_an_unshipped_order_is_cancelled_whatever_the_policy_takes_for_freight() -> None:
    given_order = order(10500, leaving=4500, shipped=False)
    assert amount(wish(REFUND_ONLY, "B_7D"), given_order, [line(4500)], FREE_FROM_99).due == 4500


@pytest.mark.parametrize(
    ("new_price", "pieces", "due", "collect"),
    [
        pytest.param(15900, 1, 0, 3030, id="M26 dearer: the buyer pays 3030"),
        pytest.param(9900, 1, 2970, 0, id="M26 cheaper: 2970 goes back"),
        pytest.param(None, 1, 0, 0, id="M26 the same SKU: no money"),
        pytest.param(12870, 1, 0, 0, id="the same price: no money"),
        pytest.param(9900, 2, 0, 6930, id="two pieces wanted instead of two that cost 12870 together"),
    ],
)
def test_an_exchange_settles_the_difference(new_price: int | None, pieces: int, due: int, collect: int) -> None:
    want = "" if new_price is None else "OTHER"
    found = amount(
        wish(Kind.EXCHANGE, "SZ_FIT"),
        order(12870),
        [line(12870, pieces=pieces, want=want, new_price=new_price)],
        ORDINARY,
    )
    assert (found.due, found.collect, sum(each.cash for each in found.lines)) == (due, collect, due)


BOTH, COLLECT, NONE = Difference
SETTLED = {
    # of the cheaper line 2970 would go back, of the dearer one the buyer would owe 3030
    (BOTH, BOTH): (0, 60),
    (BOTH, COLLECT): (0, 60),
    (BOTH, NONE): (2970, 0),
    (COLLECT, BOTH): (0, 3030),
    (COLLECT, COLLECT): (0, 60),
    (COLLECT, NONE): (0, 0),
    (NONE, BOTH): (0, 3030),
    (NONE, COLLECT): (0, 3030),
    (NONE, NONE): (0, 0),
}
"""What goes back and what the buyer owes, by the rules of the cheaper and of the dearer line."""


def changed_line(number: str, rule: Difference, new_price: int) -> LineFacts:
    return line(12870, number=number, want="OTHER", new_price=new_price, terms=Terms(difference=rule))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("cheaper", "dearer"), SETTLED)
def test_each_line_of_an_exchange_is_settled_by_its_own_rule(
    cheaper: Difference, dearer: Difference, turned: bool
) -> None:
    """Lines under one rule are settled together, whichever stands first."""
    lines = [changed_line("1", cheaper, 9900), changed_line("2", dearer, 15900)]
    result = amount(wish(Kind.EXCHANGE, "SZ_FIT"), order(25740), lines[::-1] if turned else lines, ORDINARY)
    assert (result.due, result.collect) == SETTLED[cheaper, dearer]
    cash = {each.number: each.cash for each in result.lines}
    assert cash == {"1": result.due, "2": 0}
    assert [each.units for each in result.lines] == [1, 1]


@pytest.mark.parametrize("first", Difference)
def test_a_line_that_stays_the_same_has_no_say_in_the_difference(first: Difference) -> None:
    lines = [line(5000, terms=Terms(difference=first)), changed_line("2", BOTH, 9900)]
    result = amount(wish(Kind.EXCHANGE, "SZ_FIT"), order(17870), lines, ORDINARY)
    assert (result.due, result.collect, [each.cash for each in result.lines]) == (2970, 0, [0, 2970])


def test_an_exchange_for_the_same_goods_costs_nothing_whatever_they_cost_now() -> None:
    """M26: quality exchange, the price is 15900 today, 12870 was paid."""
    found = amount(wish(Kind.EXCHANGE, "Q_FUNC"), order(12870), [line(12870)], ORDINARY)
    assert (found.due, found.collect) == (0, 0)


PAID_24999 = after_refund(24999, 3, 2, 1, drawn_by=("RC-1", "RC-2"))


def test_one_fen_too_much_is_refused() -> None:
    """M27: 24999 paid, twice 8333 refunded, 8334 asked for: 8333 is left."""
    judged = judge(case(RETURN, "B_7D", PAID_24999, asked=8334), ORDINARY)
    refusal = next(f for f in judged.findings if f.rule == "money")
    assert (judged.verdict, refusal.answer, refusal.waivable) == (Answer.NO, Answer.NO, False)
    assert (str(refusal.facts["asked"]), str(refusal.facts["left"])) == ("83.34", "83.33")
    assert refusal.facts["earlier"] == "RC-1, RC-2"
    exact = judge(case(RETURN, "B_7D", PAID_24999, asked=8333), ORDINARY)
    assert (exact.verdict, exact.amount.due) == (Answer.YES, 8333)


@pytest.mark.parametrize(
    ("reason", "shipped", "due", "freight"),
    [
        pytest.param("Q_FUNC", True, 13900, 1000, id="M28 quality: freight of the way out too"),
        pytest.param("L_DAMAGE", True, 13900, 1000, id="damaged on the way"),
        pytest.param("L_LOST", True, 13900, 1000, id="lost on the way"),
        pytest.param("B_7D", True, 12900, 0, id="no reason: the goods only"),
        pytest.param("SZ_FIT", True, 12900, 0, id="does not fit: the goods only"),
        pytest.param("B_7D", False, 13900, 1000, id="unshipped: everything"),
    ],
)
def test_the_freight_out_goes_back_with_the_whole_order(reason: str, shipped: bool, due: int, freight: int) -> None:
    given_order = order(12900, freight=1000, shipped=shipped)
    found = amount(wish(RETURN, reason), given_order, [line(12900)], ORDINARY)
    assert (found.due, found.freight, found.lines[0].cash) == (due, freight, 12900)
    assert found.steps[-1].money == due


def test_the_freight_out_stays_when_a_part_of_the_order_stays() -> None:
    given_order = order(12900, leaving=5000, freight=1000)
    found = amount(wish(RETURN, "Q_FUNC"), given_order, [line(5000)], ORDINARY)
    assert (found.due, found.freight) == (5000, 0)


M01_CASH = (9397, 5601, 3702)


@pytest.mark.parametrize("turn", list(permutations(M01_CASH)), ids=lambda turn: "-".join(map(str, turn)))
def test_lines_returned_on_different_days_sum_to_what_was_paid(turn: tuple[int, ...]) -> None:
    """M33: 9397, 5601 and 3702 in any order are 18700."""
    dues, kept = [], sum(M01_CASH)
    for cash in turn:
        given_order = order(kept, leaving=cash)
        dues.append(amount(wish(RETURN, "B_7D"), given_order, [line(cash)], ORDINARY).due)
        kept -= cash
    assert (dues, sum(dues)) == (list(turn), 18700)


def test_an_unshipped_order_gives_everything_back() -> None:
    """M34, the cash: 16850 for goods and 800 freight are 17650."""
    cash = [9539, 5102, 2209]
    lines = [line(each, number=str(place)) for place, each in enumerate(cash, 1)]
    found = amount(wish(REFUND_ONLY, "B_MIND"), order(16850, freight=800, shipped=False), lines, ORDINARY)
    assert (found.due, found.freight, [each.cash for each in found.lines]) == (17650, 800, cash)


@pytest.mark.parametrize(
    ("kind", "shipped", "asked", "units", "cash", "freight"),
    [
        pytest.param(RETURN, True, 5000, 1, 5000, 0, id="less agreed for goods that come back: pieces used up"),
        pytest.param(REFUND_ONLY, True, 5000, 0, 5000, 0, id="less, and the goods stay: a price cut"),
        pytest.param(REFUND_ONLY, False, 5000, 1, 5000, 0, id="less for goods never sent: pieces used up"),
        pytest.param(REFUND_ONLY, False, 13000, 1, 12900, 100, id="part of the freight with the goods"),
        pytest.param(REFUND_ONLY, True, 12900, 1, 12900, 0, id="the whole worth without return"),
    ],
)
def test_less_than_the_pieces_are_worth(
    kind: Kind, shipped: bool, asked: int, units: int, cash: int, freight: int
) -> None:
    given_order = order(12900, freight=1000, shipped=shipped)
    found = amount(wish(kind, "B_MIND", asked=asked), given_order, [line(12900)], ORDINARY)
    due = found.lines[0]
    assert (found.due, due.units, due.cash, found.freight) == (asked, units, cash, freight)


def test_a_price_cut_is_spread_over_the_lines_and_never_above_what_is_open() -> None:
    lines = [line(3000, number="1"), line(1000, number="2")]
    found = amount(wish(Kind.ALLOWANCE, "I_PRICE", asked=1001), order(4000), lines, ORDINARY)
    assert (found.due, [each.cash for each in found.lines], [each.units for each in found.lines]) == (
        1001,
        [751, 250],
        [0, 0],
    )
    assert amount(wish(Kind.ALLOWANCE, "I_PRICE", asked=9999), order(4000), lines, ORDINARY).due == 4000


def test_freight_is_returned_from_the_freight_first() -> None:
    found = amount(wish(Kind.ALLOWANCE, "I_FREIGHT", asked=1000), order(4000, freight=800), [line(4000)], ORDINARY)
    assert (found.due, found.freight, found.lines[0].cash) == (1000, 800, 200)


@pytest.mark.parametrize("kind", [Kind.RESEND, Kind.REPAIR])
def test_goods_sent_or_mended_are_no_money(kind: Kind) -> None:
    found = amount(wish(kind, "W_SHORT"), order(4000), [line(4000)], ORDINARY)
    assert (found.due, found.collect, found.freight, found.lines[0].units) == (0, 0, 0, 1)


def test_the_steps_of_a_refund_lead_to_its_amount() -> None:
    found = amount(wish(RETURN, "B_7D"), order(10500, leaving=4500), [line(4500)], FREE_FROM_99)
    assert [step.money for step in found.steps] == [4500, 4500, -800, 3700]


# Any way a line can be taken apart. The ledger below knows nothing of the code but the case's answer.


@dataclass
class Entry:
    """What one case drew on the line: a refund draws pieces and their share, a price cut only cash."""

    pieces: int
    share: int
    cash: int


@dataclass
class Ledger:
    """One line and the cases that stand on it."""

    cash: int
    pieces: int
    entries: list[Entry]

    @property
    def open_pieces(self) -> int:
        return self.pieces - sum(entry.pieces for entry in self.entries)

    @property
    def paid(self) -> int:
        return sum(entry.cash for entry in self.entries)

    def facts(self, wanted: int) -> LineFacts:
        """The line as a new case on it sees it."""
        return line(
            self.cash,
            pieces=self.pieces,
            wanted=wanted,
            units_open=self.open_pieces,
            cash_open=self.cash - self.paid,
            units_refunded=sum(entry.pieces for entry in self.entries),
            share_drawn=sum(entry.share for entry in self.entries),
            allowances=sum(entry.cash for entry in self.entries if not entry.share),
        )

    def refund(self, wanted: int) -> None:
        """Some pieces come back."""
        given_order = order(self.cash, leaving=0)
        due = amount(wish(RETURN, "B_7D"), given_order, [self.facts(wanted)], ORDINARY).lines[0]
        assert due.cash >= 0
        self.entries.append(Entry(due.units, due.share, due.cash))

    def cut(self, asked: int) -> None:
        """A price cut is agreed; the goods stay."""
        due = amount(wish(Kind.ALLOWANCE, "I_PRICE", asked=asked), order(self.cash), [self.facts(0)], ORDINARY).lines[0]
        self.entries.append(Entry(due.units, due.share, due.cash))


MOVES = st.lists(
    st.tuples(st.sampled_from(["refund", "cut", "withdraw"]), st.integers(0, 10**6), st.integers(0, 99)), max_size=12
)


@given(cash=st.integers(0, 10**6), pieces=st.integers(1, 12), moves=MOVES)
def test_a_line_taken_apart_in_any_way_gives_exactly_its_cash(
    cash: int, pieces: int, moves: list[tuple[str, int, int]]
) -> None:
    """Returns, price cuts and withdrawals in any order, then the rest comes back: the cash, not a fen more or less."""
    ledger = Ledger(cash, pieces, [])
    for move, size, which in moves:
        if move == "refund" and ledger.open_pieces > 1:
            ledger.refund(1 + which % (ledger.open_pieces - 1))
        elif move == "cut":
            ledger.cut(size)
        elif move == "withdraw" and ledger.entries:
            ledger.entries.pop(which % len(ledger.entries))
        assert 0 <= ledger.paid <= cash
        assert all(entry.cash >= 0 for entry in ledger.entries)
    ledger.refund(ledger.open_pieces)
    assert (ledger.paid, ledger.open_pieces) == (cash, 0)


@given(cash=st.integers(1, 10**6), pieces=st.integers(1, 12), moves=MOVES, less=st.integers(0, 10**6))
def test_however_little_was_agreed_before_no_line_gives_more_than_its_cash(
    cash: int, pieces: int, moves: list[tuple[str, int, int]], less: int
) -> None:
    """As above, with returns for less than the pieces are worth in between."""
    ledger = Ledger(cash, pieces, [])
    for move, size, which in moves:
        if move == "refund" and ledger.open_pieces:
            wanted = 1 + which % ledger.open_pieces
            facts = ledger.facts(wanted)
            asked = min(less, share_of(facts))
            due = amount(wish(RETURN, "B_7D", asked=asked), order(cash, leaving=0), [facts], ORDINARY).lines[0]
            ledger.entries.append(Entry(due.units, due.share, due.cash))
        elif move == "cut":
            ledger.cut(size)
        elif move == "withdraw" and ledger.entries:
            ledger.entries.pop(which % len(ledger.entries))
        assert 0 <= ledger.paid <= cash
