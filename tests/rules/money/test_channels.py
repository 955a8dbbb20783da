"""Which channels an order has: platform × currency × channel."""

import pytest

from retcli.rules.money.channels import ABROAD, Channel, channel, channels
from retcli.rules.names import PLATFORMS

CURRENCIES = ("CNY", "USD", "JPY", "KWD", "EUR", "HKD")


def test_what_is_abroad_is_a_platform() -> None:
    assert set(PLATFORMS) > ABROAD


@pytest.mark.parametrize("currency", CURRENCIES)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_small_transfer_is_one_of_a_chinese_platform_in_yuan(platform: str, currency: str) -> None:
    small = platform not in ABROAD and currency == "CNY"
    transfer = Channel.SMALL_TRANSFER if small else Channel.TRANSFER
    assert channels(platform, currency) == (Channel.ORIGINAL, transfer, Channel.COUPON, Channel.POINTS)
    told = [channel(method, platform, currency) for method in ("original", "transfer", "coupon", "points", "cash")]
    assert told == ["original", transfer, "coupon", "points", "cash"]
