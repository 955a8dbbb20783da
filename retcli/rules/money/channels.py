"""By which channels money can go to a buyer: what a platform and a currency have, and what each channel is."""

from enum import StrEnum

from retcli.rules.money.minor_units import OWN, POINTS


class Channel(StrEnum):
    """A way of giving something to a buyer."""

    ORIGINAL = "original"
    SMALL_TRANSFER = "small_transfer"
    TRANSFER = "transfer"
    COUPON = "coupon"
    POINTS = "points"


ABROAD = frozenset({"shopify", "tiktok", "amazon", "shopee", "lazada"})
"""Platforms outside China: none of them pays a buyer beside the refund of an order."""
_METHODS = {
    "original": (Channel.ORIGINAL,),
    "transfer": (Channel.SMALL_TRANSFER, Channel.TRANSFER),
    "coupon": (Channel.COUPON,),
    "points": (Channel.POINTS,),
}
"""The channels by which a payout of each method can go: a platform has one of them at most."""


def channels(platform: str, currency: str) -> tuple[Channel, ...]:
    """The channels that an order of a platform in a currency has. The platform's small transfer 小额打款 is one of the
    Chinese back-ends, in yuan only; elsewhere the shop transfers by itself. Coupons and points are the shop's own.
    """
    small = platform not in ABROAD and currency in {OWN, POINTS}
    transfer = Channel.SMALL_TRANSFER if small else Channel.TRANSFER
    return (Channel.ORIGINAL, transfer, Channel.COUPON, Channel.POINTS)


def channel(method: str, platform: str, currency: str) -> str:
    """The channel by which a payout of a method goes on an order of a platform; an unknown method stands for itself."""
    mine = channels(platform, currency)
    return next((str(each) for each in _METHODS.get(method, ()) if each in mine), method)
