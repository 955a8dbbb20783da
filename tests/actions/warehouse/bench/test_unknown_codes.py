"""Codes that nobody knows, codes in one line, boxes of one waybill: what lies on the table stays what it is."""

from __future__ import annotations

import pytest

from retcli.actions.warehouse import parcels
from retcli.errors import Refused
from tests.shopfloor import Books
from tests.warehouse import Table, attached, returning

ONE, TWO = "2850000000000000081", "2850000000000000082"
BACK, STRANGER, OTHER = "YT5260493176849", "SF1620041173366", "LP00012345678901"
BARCODE, JD = "6901234567892", "JDVA0123456789"


@pytest.fixture
def table(books: Books) -> Table:
    books.hire()
    books.product("TS-L", barcode=BARCODE)
    return Table(books)


def counts(books: Books) -> list[tuple[str, str, int]]:
    query = (
        "SELECT p.waybill, c.sku, c.counted FROM parcel_counts c JOIN parcels p ON p.id = c.parcel_id"
        " ORDER BY p.waybill, c.sku"
    )
    return [tuple(row) for row in books.rows(query)]


@pytest.mark.parametrize(
    "code",
    [
        "6901234567893", "490154203237518", "96385074", "6912345678901", "2850000000000000099", "9787111123453",
        "9787111123454", "(01)06901234567892", "010690123456789210LOT7", "693000000000000000000000001", "123456789",
    ],
)  # fmt: skip
@pytest.mark.parametrize("laid", [True, False])
def test_a_number_of_no_carrier_is_no_parcel(table: Table, code: str, *, laid: bool) -> None:
    books = table.books
    returning(books, ONE, ("TS-M", 2, 10980), waybill=BACK)
    table.scan(*([BACK] if laid else []))
    said = table.scan(code.replace("01234567892", "01234567885"), "TS-M")
    assert [view.outcome for view in said] == ["unknown", "stop" if laid else "unknown"]
    assert books.value("SELECT COUNT(*) FROM parcels") == 1
    assert counts(books) == []
    books.check()


def test_a_carrier_s_waybill_opens_a_parcel_also_beside_an_open_one(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    assert table.outcomes(BACK, STRANGER, "TS-L") == ["received", "unclaimed", "counted"]
    assert counts(table.books) == [(STRANGER, "TS-L", 1)]


def test_what_may_be_a_waybill_waits_until_the_parcel_on_the_table_is_done(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    said = table.scan(BACK, "TS-L", OTHER)
    assert said[2].outcome == "unknown"
    assert "RCMDNEXT" in said[2].message
    assert table.outcomes("TS-L", BACK, "TS-L", OTHER) == ["stop", "duplicate", "counted", "unclaimed"]
    assert table.outcomes("RR123456785SG", "RCMDNEXT", "RR123456785SG") == ["unknown", "command", "unclaimed"]
    assert counts(books) == [(BACK, "TS-L", 2)]


@pytest.mark.parametrize("between", ["\t", " ", "\r", "\u3000", " \t"])
def test_codes_of_one_line_are_told_apart(table: Table, between: str) -> None:
    books = table.books
    case = returning(books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    first = table.scan(f"{BACK}{between}{BARCODE}{between}ts-l\r\n")[0]
    assert (first.outcome, first.rest) == ("received", (BARCODE, "ts-l"))
    assert table.outcomes(*first.rest) == ["counted", "counted"]
    assert attached(books) == [(BACK, case)]
    assert counts(books) == [(BACK, "TS-L", 2)]
    assert table.scan(f"{BARCODE}{between}{BARCODE}")[0].rest == (BARCODE,)


@pytest.mark.parametrize("code", [f"YT1000000000009\t{BARCODE[:-1]}9", "YT526 0493176849", f"HELLO\t{BARCODE}"])
def test_a_line_with_a_code_that_nobody_knows_is_one_code(table: Table, code: str) -> None:
    returning(table.books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    view = table.scan(code)[0]
    assert (view.outcome, view.rest) == ("received" if "0493" in code else "unknown", ())


def test_a_second_box_adds_and_a_box_read_again_does_not(table: Table) -> None:
    books = table.books
    returning(books, ONE, ("TS-L", 3, 16470), waybill=JD)
    said = table.outcomes(f"{JD}-1-2-", "TS-L", f"{JD}-2-2-", "TS-L", "TS-L")
    assert said == ["received", "counted", "received", "counted", "counted"]
    assert counts(books) == [(JD, "TS-L", 3)]
    assert table.outcomes(f"{JD}-2-2-", "TS-L") == ["duplicate", "duplicate"]
    assert table.outcomes(JD, "TS-L", f"{JD}-1-2-", "TS-L") == ["duplicate"] * 4
    assert counts(books) == [(JD, "TS-L", 3)]
    books.check()


def test_a_second_box_behind_a_waybill_without_a_box_adds(table: Table) -> None:
    returning(table.books, ONE, ("TS-L", 2, 10980), waybill=JD)
    assert table.outcomes(JD, "TS-L", f"{JD}-2-2-", "TS-L") == ["received", "counted", "received", "counted"]
    assert counts(table.books) == [(JD, "TS-L", 2)]


@pytest.mark.parametrize(
    "typed",
    [
        "NO SF1620041173366", "SF16-20041173366", "SF1620041173366顺丰速运", "顺丰 SF1620041173366",
        "快递号:SF1620041173366", "邮件号：SF1620041173366", "'SF1620041173366", "`SF1620041173366",
        '="SF1620041173366"', "SF1620041173366(顺丰)", "SF1620041173366|顺丰",
    ],
)  # fmt: skip
def test_a_waybill_written_otherwise_is_the_same_parcel(table: Table, typed: str) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490), waybill=STRANGER)
    assert table.outcomes(typed) == ["received"]
    assert table.books.value("SELECT COUNT(*) FROM parcels") == 1


@pytest.mark.parametrize("typed", ["690-1234-56789-2", "690 1234 567892", "6901234567892"])
def test_a_barcode_in_groups_is_known_by_its_digits(table: Table, typed: str) -> None:
    returning(table.books, ONE, ("TS-L", 1, 5490), waybill=BACK)
    assert table.outcomes(BACK, typed) == ["received", "counted"]
    assert counts(table.books) == [(BACK, "TS-L", 1)]


@pytest.mark.parametrize("laid", [True, False])
def test_a_waybill_whose_end_is_missing_opens_no_parcel(table: Table, *, laid: bool) -> None:
    """顺丰运单号少了三位：不收件，也不当作在等的退件；说清楚就是这样的才登记。"""
    books = table.books
    case = returning(books, ONE, ("TS-M", 2, 10980), waybill=BACK)
    table.scan(*([BACK] if laid else []))
    assert table.outcomes("SF1620041173") == ["unknown"]
    with pytest.raises(Refused, match="like no carrier's waybill"):
        books.do(parcels.expect_by_hand, case, "SF1620041173")
    books.do(parcels.expect_by_hand, case, "SF1620041173", sure=True)
    assert ("SF1620041173", case) in attached(books)


def test_a_waybill_that_passes_for_a_barcode_is_taken_at_the_second_reading(table: Table) -> None:
    """韵达单号的末位碰巧是条码校验位：空桌上先问，再扫一次就收件；中间扫过别的，重新问。"""
    waybill = "4312345678902"
    assert table.outcomes(waybill, "RCMDA", waybill) == ["unknown", "command", "unknown"]
    assert "韵达" in table.scan("RCMDNEXT", waybill)[1].message
    assert table.outcomes(waybill) == ["unclaimed"]
    assert table.outcomes("6901234567885", "6901234567885") == ["unknown", "unknown"], "a barcode that is no carrier's"
    returning(table.books, ONE, ("TS-L", 2, 10980), waybill=BACK)
    assert table.outcomes(BACK, "4612345678903", "4612345678903") == ["received", "unknown", "unknown"]
    table.books.check()
