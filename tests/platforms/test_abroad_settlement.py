"""Alipay's settlement across the border: payments and refunds in the currency that they are settled in."""

from pathlib import Path

from retcli.platforms.drafting import draft
from retcli.reading.dialect import Fault
from tests.knownfiles import read

HEADER = (
    "Partner_transaction_id,Transaction_id,Amount,Rmb_amount,Fee,Refund,Settlement,Rmb_settlement,Currency,Rate,"
    "Payment_time,Settlement_time,Type,Status,Remarks"
)
ROWS = (
    "T200P2850000000000000100,2026110122001400000000000001,15.00,108.00,0.45,0.00,14.55,104.76,USD,7.2,"
    "2026-11-01 10:00:00,2026-11-03 02:00:00,P,P,",
    "T200P2850000000000000100,2026110122001400000000000001,0.00,36.00,0.00,5.00,-5.00,-36.00,USD,7.2,"
    "2026-11-05 10:00:00,2026-11-06 02:00:00,R,P,size",
    "T200P2850000000000000200,2026110122001400000000000002,1500,72.00,45,0,1455,69.84,JPY,0.048,"
    "2026-11-01 11:00:00,2026-11-03 02:00:00,P,P,",
)


def settled(tmp_path: Path, *rows: str) -> Path:
    """A statement of some rows."""
    path = tmp_path / "settle.csv"
    path.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    return path


def test_a_settlement_is_told_in_its_own_currency(tmp_path: Path) -> None:
    reading = read(settled(tmp_path, *ROWS))
    assert (reading.dialect.name, reading.match.unknown) == ("alipay.abroad", ())
    bills = [row.values for row in reading.rows if not isinstance(row, Fault)]
    told = [(b["category"], b["minor"], b["fee"], b["currency"], b["order"]) for b in bills]
    assert told == [
        ("payment", 1500, -45, "USD", "2850000000000000100"),
        ("refund", -500, 0, "USD", "2850000000000000100"),
        ("payment", 1500, -45, "JPY", "2850000000000000200"),
    ]
    assert [b["remark"] for b in bills] == ["RMB 108.00", "size RMB 36.00", "RMB 72.00"]
    assert len({b["number"] for b in bills}) == 3


def test_an_amount_that_the_currency_does_not_have_is_refused(tmp_path: Path) -> None:
    (row,) = read(settled(tmp_path, ROWS[2].replace("1455", "1455.5"))).rows
    assert isinstance(row, Fault)
    assert (row.column, row.text) == ("Settlement", "1455.5")


def test_no_platform_is_guessed_from_a_word_or_two_in_common(tmp_path: Path) -> None:
    path = tmp_path / "commissions.csv"
    path.write_text("Total,Currency,Commission,Promoter,Clicks\n12.00,USD,1.20,a,3", encoding="utf-8")
    for holds in ("sales", "orders", "bills"):
        assert 'platform = "own"' in draft(path, [holds])
