"""The channels by which money, coupons or points can go to a buyer, by platform and currency of the order."""

from enum import StrEnum

from retcli.rules.money.minor_units import OWN, POINTS


class Channel(StrEnum):
    """A channel: original route 原路, the platform's small transfer 小额打款, the shop's transfer, coupon, points."""

    ORIGINAL = "original"
    SMALL_TRANSFER = "small_transfer"
    TRANSFER = "transfer"
    COUPON = "coupon"
    POINTS = "points"


ABROAD = frozenset({"shopify", "tiktok", "amazon", "shopee", "lazada"})
"""Platforms outside China: none of them has a transfer to the buyer beside the refund of an order."""
_METHODS = {
    "original": (Channel.ORIGINAL,),
    "transfer": (Channel.SMALL_TRANSFER, Channel.TRANSFER),
    "coupon": (Channel.COUPON,),
    "points": (Channel.POINTS,),
}
"""The channels that a payout of each method may take; of several an order has one (`channels`)."""


def channels(platform: str, currency: str) -> tuple[Channel, ...]:
    """The channels of an order of a platform in a currency. Chinese back-ends have a small transfer 小额打款, in yuan
    only; elsewhere the shop transfers by itself. Coupons and points are the shop's own.
    """
    small = platform not in ABROAD and currency in {OWN, POINTS}
    transfer = Channel.SMALL_TRANSFER if small else Channel.TRANSFER
    return (Channel.ORIGINAL, transfer, Channel.COUPON, Channel.POINTS)


def channel(method: str, platform: str, currency: str) -> str:
    """The channel by which a payout of a method goes on an order of a platform; an unknown method stands for itself."""
    available = channels(platform, currency)
    return next((str(each) for each in _METHODS.get(method, ()) if each in available), method)
