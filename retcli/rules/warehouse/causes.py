"""Why pieces moved in stock."""

from enum import StrEnum


class Cause(StrEnum):
    """What moved pieces between two buckets."""

    COUNTED = "counted"  # in a parcel
    UNCOUNTED = "uncounted"  # a count that was taken back
    FOUND = "found"  # a finding of an inspection
    TAKEN_BACK = "taken_back"  # the reversal of a finding
    APART = "apart"  # their parcel came without a case: out of all other stock
    CLAIMED = "claimed"  # it is known whose they are: back to where their grade puts them
    SENT_BACK = "sent_back"  # their parcel went back to who sent it
    DISPOSED = "disposed"  # their parcel was disposed of
    HERE_AGAIN = "here_again"  # their parcel had not left after all
    STOCKTAKE = "stocktake"  # the difference of a count of the stock
    MOVED = "moved"  # somebody put them into another stock
    MARKED_DOWN = "marked_down"  # sold at a lower price
    SCRAPPED = "scrapped"  # destroyed
    TO_SUPPLIER = "to_supplier"  # back to whom they were bought from
    PUT_BACK = "put_back"  # one of these four was taken back
    SHIPPED = "shipped"  # they went out to a buyer
    UNSHIPPED = "unshipped"  # and had not left after all
    UNTOLD = "untold"  # of before causes were written down, where the history does not tell it


WITH_FINDING = frozenset({Cause.FOUND, Cause.TAKEN_BACK})
"""Causes that name the row of a finding."""
WITH_ORDER = frozenset({Cause.MOVED, Cause.MARKED_DOWN, Cause.SCRAPPED, Cause.TO_SUPPLIER, Cause.PUT_BACK})
"""Causes that name the row of what somebody had done."""
BY_CHOICE = WITH_ORDER - {Cause.PUT_BACK}
"""Causes that somebody chose: what is kept for goods that are to be sent does not give way to them."""
WITH_SENDING = frozenset({Cause.SHIPPED, Cause.UNSHIPPED})
"""Causes that name the row of goods sent for a case; any other names no row, or that of a count of the stock."""
