"""Amazon's report of customer returns to its warehouses (FBA), as CSV or divided by tabs (`docs/formats.md` §6)."""

from collections.abc import Iterable, Iterator

from retcli.reading.cells import identifier, one_of, pieces, text, word, zoned
from retcli.reading.dialect import Dialect, Fault, Field, Row

REASONS = {
    "DEFECTIVE": "Q_FUNC",
    "QUALITY_UNACCEPTABLE": "Q_CRAFT",
    "MISSING_PARTS": "Q_PART",
    "EXPIRED_ITEM": "Q_SPOIL",
    "NOT_AS_DESCRIBED": "D_DESC",
    "APPAREL_TOO_SMALL": "SZ_FIT",
    "APPAREL_TOO_LARGE": "SZ_FIT",
    "APPAREL_STYLE": "B_MIND",
    "UNWANTED_ITEM": "B_MIND",
    "FOUND_BETTER_PRICE": "B_MIND",
    "NO_REASON_GIVEN": "B_MIND",
    "ORDERED_WRONG_ITEM": "B_MIS",
    "MISORDERED": "B_MIS",
    "NOT_COMPATIBLE": "B_MIS",
    "SWITCHEROO": "W_WRONG",
    "DAMAGED_BY_CARRIER": "L_DAMAGE",
    "DAMAGED_BY_FC": "L_DAMAGE",
    "MISSED_ESTIMATED_DELIVERY": "L_DELAY",
    "NEVER_ARRIVED": "L_LOST",
    "UNDELIVERABLE_REFUSED": "L_REJECT",
    "UNDELIVERABLE_UNKNOWN": "L_LOST",
}
"""Amazon's reason codes to ours."""


def _last(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
    """The last row about each piece (license plate number), as a return that is over: a later export repeats rows with
    what is known by then.
    """
    last: dict[str, Row] = {}
    for row in rows:
        if isinstance(row, Fault):
            yield row
            continue
        # taken out first, so that it stands at the place of its last row
        last.pop(row.values["refund"], None)
        # Amazon took the piece in and refunds the buyer itself, out of what it settles: no money moves here
        over = {"kind": "return", "amount": 0, "status": "succeeded", "processed_at": row.values["applied_at"]}
        last[row.values["refund"]] = Row(row.number, row.values | over)
    yield from last.values()


RETURNS = Dialect(
    name="amazon.fba_returns",
    platform="amazon",
    holds="refunds",
    fields=(
        Field("order", ("order-id",), identifier, required=True, needed=True),
        Field("refund", ("license-plate-number",), identifier, required=True, needed=True),
        Field("sku", ("sku",), identifier, required=True),
        Field("title", ("product-name",), text),
        Field("quantity", ("quantity",), pieces, required=True, needed=True),
        Field("applied_at", ("return-date",), zoned, required=True, needed=True),
        Field("goods_status", ("detailed-disposition",), word),
        Field("reason", ("reason",), one_of(REASONS, "X_OTHER")),
        Field("reason_words", ("reason",), word),
        Field("platform_status", ("status",), word),
        Field("explanation", ("customer-comments",), text),
    ),
    row_steps=_last,
)
