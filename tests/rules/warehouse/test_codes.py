"""What a scanned code means: codes by states of the books, and the order in which the books are asked."""

import pytest

from retcli.rules.warehouse.codes import Article, Known, Meaning, Read, read

WAYBILL, EAN, SKU, ORDER, REFUND = "SF1620041173366", "6901234567892", "TS-M", "2850000000000000001", "RF20261109001"
CARTON = "16901234567899"
M = Meaning
TABLE, OTHER = "PK20261109-0001", "PK20261109-0002"
SHIRT, NEW, SIX = Article("TS-M"), Article("TS-M-NEW"), Article("TS-M", 6)


def holding(*skus: str) -> frozenset[str]:
    return frozenset(skus)


CASES = [
    # waybills: coming back, ours, a replacement's
    (WAYBILL, Known(parcel=TABLE), Read(M.PARCEL, parcel=TABLE)),
    (WAYBILL, Known(parcel=TABLE, sent=True), Read(M.PARCEL, parcel=TABLE)),
    (WAYBILL, Known(parcel=TABLE, articles=(SHIRT,)), Read(M.PARCEL, parcel=TABLE)),
    (WAYBILL, Known(sent=True), Read(M.REFUSED)),
    (WAYBILL, Known(sent=True, cases=("RC1",)), Read(M.REFUSED)),
    (WAYBILL, Known(sent=True, order=True), Read(M.REFUSED)),
    (WAYBILL, Known(sent=True, articles=(SHIRT,), expected=holding("TS-M")), Read(M.REFUSED)),
    (EAN, Known(sent=True, articles=(SHIRT,)), Read(M.REFUSED)),
    (EAN, Known(parcel=OTHER, articles=(SHIRT,), expected=holding("TS-M")), Read(M.PARCEL, parcel=OTHER)),
    # our own parcel number
    (TABLE, Known(own=TABLE), Read(M.PARCEL, parcel=TABLE)),
    (TABLE, Known(own=TABLE, cases=("RC1",)), Read(M.PARCEL, parcel=TABLE)),
    (TABLE, Known(parcel=OTHER, own=TABLE), Read(M.PARCEL, parcel=OTHER)),
    (TABLE, Known(), Read(M.NOTHING)),
    # commands
    ("RCMDA", Known(), Read(M.COMMAND)),
    ("RCMDX", Known(articles=(SHIRT,)), Read(M.COMMAND)),
    ("RCMDNONE", Known(), Read(M.COMMAND)),
    ("RCMDA", Known(cases=("RC1",), order=True), Read(M.COMMAND)),
    # slips
    (ORDER, Known(order=True, cases=("RC1",)), Read(M.SLIP, case="RC1")),
    (ORDER, Known(order=True, cases=("RC1",), articles=(Article(ORDER),)), Read(M.SLIP, case="RC1")),
    (ORDER, Known(order=True, cases=("RC1",), articles=(Article(ORDER),), expected=holding(ORDER)),
     Read(M.SLIP, case="RC1")),
    (ORDER, Known(order=True), Read(M.ORDER)),
    (ORDER, Known(order=True, articles=(Article(ORDER),), expected=holding(ORDER)), Read(M.ORDER)),
    (ORDER, Known(order=True, cases=("RC1", "RC2")), Read(M.SLIPS)),
    (REFUND, Known(cases=("RC1",)), Read(M.SLIP, case="RC1")),
    (REFUND, Known(cases=("RC1", "RC2")), Read(M.SLIPS)),
    ("RC20261109-0001", Known(cases=("RC20261109-0001",)), Read(M.SLIP, case="RC20261109-0001")),
    (EAN, Known(order=True, articles=(SHIRT,), expected=holding("TS-M")), Read(M.ORDER)),
    # articles
    (EAN, Known(articles=(SHIRT,)), Read(M.ARTICLE, article=SHIRT)),
    (EAN, Known(articles=(SHIRT,), expected=holding("TS-M")), Read(M.ARTICLE, article=SHIRT)),
    (EAN, Known(articles=(SHIRT,), expected=holding("CUP")), Read(M.ARTICLE, article=SHIRT)),
    (SKU, Known(articles=(SHIRT, SHIRT)), Read(M.ARTICLE, article=SHIRT)),
    (EAN, Known(articles=(SHIRT, NEW)), Read(M.ARTICLES)),
    (EAN, Known(articles=(SHIRT, NEW), expected=holding("TS-M-NEW")), Read(M.ARTICLE, article=NEW)),
    (EAN, Known(articles=(SHIRT, NEW), expected=holding("TS-M", "CUP")), Read(M.ARTICLE, article=SHIRT)),
    (EAN, Known(articles=(SHIRT, NEW), expected=holding("TS-M", "TS-M-NEW")), Read(M.ARTICLES)),
    (EAN, Known(articles=(SHIRT, NEW), expected=holding("CUP")), Read(M.ARTICLES)),
    (CARTON, Known(articles=(SIX,)), Read(M.ARTICLE, article=SIX)),
    (CARTON, Known(articles=(SIX, NEW), expected=holding("TS-M")), Read(M.ARTICLE, article=SIX)),
    ("YT5260493176849", Known(articles=(SHIRT,)), Read(M.ARTICLE, article=SHIRT)),
    # nobody knows it
    (WAYBILL, Known(), Read(M.STRANGER)),
    (WAYBILL, Known(expected=holding("TS-M")), Read(M.STRANGER)),
    ("75532627755166", Known(), Read(M.STRANGER)),
    ("JDVA0123456789", Known(), Read(M.STRANGER)),
    ("9612345678901", Known(), Read(M.PERHAPS)),
    ("4301234567890", Known(), Read(M.PERHAPS)),
    ("9801234567890", Known(), Read(M.PERHAPS)),
    ("EA123456785CN", Known(), Read(M.STRANGER)),
    ("RB000000009CN", Known(), Read(M.MISREAD)),
    ("ZZ123456789CN", Known(), Read(M.MISREAD)),
    ("EA123456784CN", Known(), Read(M.MISREAD)),
    ("RR123456784SG", Known(), Read(M.MISREAD)),
    ("YT11111111111", Known(), Read(M.NOTHING)),
    ("YT1234567890123456", Known(), Read(M.NOTHING)),
    ("JT1234567890123456", Known(), Read(M.NOTHING)),
    ("DPK1234567890", Known(), Read(M.STRANGER)),
    ("8613812345678", Known(), Read(M.PHONE)),
    (EAN, Known(), Read(M.NOTHING)),
    ("96385074", Known(), Read(M.NOTHING)),
    ("036000291452", Known(), Read(M.NOTHING)),
    (CARTON, Known(), Read(M.NOTHING)),
    (EAN, Known(expected=holding("TS-M")), Read(M.NOTHING)),
    ("13987654321", Known(), Read(M.PHONE)),
    ("13987654321", Known(parcel=OTHER), Read(M.PARCEL, parcel=OTHER)),
    ("13987654321", Known(sent=True), Read(M.REFUSED)),
    ("HELLO", Known(), Read(M.NOTHING)),
    # misread barcodes, and numbers that are nobody's waybill
    ("6901234567893", Known(), Read(M.MISREAD)),
    ("9787111123454", Known(), Read(M.MISREAD)),
    ("036000291453", Known(), Read(M.MISREAD)),
    ("96385075", Known(), Read(M.MISREAD)),
    ("16901234567890", Known(), Read(M.MISREAD)),
    ("490154203237518", Known(), Read(M.NOTHING)),
    ("9787111123453", Known(), Read(M.NOTHING)),
    (ORDER, Known(), Read(M.NOTHING)),
    ("YT526049317684996901234567892", Known(), Read(M.NOTHING)),
    ("(01)06901234567892", Known(), Read(M.NOTHING)),
    ("010690123456789210LOT7", Known(), Read(M.NOTHING)),
    ("X001ABCDEF", Known(), Read(M.NOTHING)),
    ("123456789", Known(), Read(M.NOTHING)),
    ("LP00012345678901", Known(), Read(M.PERHAPS)),
    ("1Z999AA10123456784", Known(), Read(M.PERHAPS)),
    ("RR123456785SG", Known(), Read(M.PERHAPS)),
    ("TS-M", Known(), Read(M.NOTHING)),
    ("", Known(), Read(M.NOTHING)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "known", "means"), CASES)
def test_a_code_means_one_thing_in_each_state_of_the_books(code: str, known: Known, means: Read) -> None:
    assert read(code, known) == means


def test_the_table_is_long_enough_and_names_every_meaning() -> None:
    assert len({(code, known) for code, known, _means in CASES}) >= 40
    assert {means.meaning for _code, _known, means in CASES} == set(Meaning)
