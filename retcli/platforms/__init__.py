"""The exports of platforms and payment channels as data (dialects), and how a shop describes one that is not known."""

from contextlib import suppress
from functools import lru_cache

from retcli.platforms import (
    alibaba,
    alipay,
    amazon,
    douyin,
    douyin_bills,
    erp,
    jd,
    jd_bills,
    kuaishou,
    kuaishou_bills,
    lazada,
    pdd,
    pdd_bills,
    plain,
    products,
    shopee,
    shopify,
    taobao,
    taobao_bills,
    tiktok,
    wechat,
    wxshop,
    wxshop_bills,
    xhs,
    xhs_bills,
    youzan,
)
from retcli.platforms.statuses import REFUNDED, Standing, standing
from retcli.platforms.statuses import awaits_receipt as awaits_receipt
from retcli.reading.cells import Unreadable
from retcli.reading.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (
    *(taobao.ORDERS, taobao.ITEMS, taobao.REFUNDS),
    *(pdd.ORDERS, pdd.REFUNDS),
    *(douyin.ORDERS, douyin.REFUNDS),
    *(jd.ORDERS, jd.REFUNDS),
    *(kuaishou.ORDERS, kuaishou.REFUNDS),
    *(wxshop.ORDERS, wxshop.REFUNDS),
    *(xhs.ORDERS, xhs.REFUNDS),
    *(alibaba.ORDERS, youzan.ORDERS, youzan.ITEMS),
    *(erp.WDT_ORDERS, erp.JST_ORDERS, erp.JST_REFUNDS),
    products.PRODUCTS,
    *(alipay.FUND, alipay.TRADE, alipay.ABROAD, alipay.PERSONAL),
    *(wechat.TRADE, wechat.REFUNDS, wechat.FUND, wechat.PERSONAL),
    *(douyin_bills.SETTLEMENT, douyin_bills.FUND, douyin_bills.INSURANCE, douyin_bills.SMALL_PAYMENTS),
    *(pdd_bills.ACCOUNT, pdd_bills.SMALL_PAYMENTS),
    *(jd_bills.SETTLEMENT_A, jd_bills.SETTLEMENT_B, jd_bills.COMPENSATIONS, jd_bills.PERSONAL),
    *(taobao_bills.WECHAT, taobao_bills.PROMOTION, kuaishou_bills.SETTLEMENT, kuaishou_bills.FUND),
    *(wxshop_bills.FUND, xhs_bills.SETTLEMENT),
    *(shopify.ORDERS, tiktok.ORDERS, amazon.RETURNS),
    *(shopee.ORDERS, shopee.RETURNS, lazada.ORDERS, lazada.RETURNS),
    *(plain.MOVEMENTS, plain.COUNTS),
)
"""Every kind of file that is recognised without a mapping file."""


_LINES_LIKE_ORDERS = frozenset({"taobao", "douyin", "lazada", "youzan"})
"""Platforms whose reports print an order's status beside each line; the others print the state of its after-sales."""
_LINES_REFUNDED = {"shopee": shopee.LINE_REFUNDED, "wdt": erp.WDT_LINE_REFUNDED}
"""Further words of single platforms beside a line whose money went back."""


# an import asks for each of a million rows, and a platform has a few dozen words
@lru_cache(maxsize=2000)
def order_standing(platform: str, words: str, status: str = "") -> Standing:
    """The standing of an order by its platform's own `words`; `status` is ours where it was read already."""
    return standing(words, status or _order_status(platform, words))


@lru_cache(maxsize=2000)
def line_standing(platform: str, words: str) -> Standing:
    """The standing of a line of an order by its platform's own words beside it."""
    # elsewhere the words beside a line are those of its after-sales, and say nothing about the order
    status = _order_status(platform, words) if platform in _LINES_LIKE_ORDERS else ""
    return standing(words, status, REFUNDED | _LINES_REFUNDED.get(platform, {}))


def _order_status(platform: str, words: str) -> str:
    """Our status for a platform's own words for an order; empty where they are not known."""
    reports = (x for x in DIALECTS if x.platform == platform and x.holds in {"orders", "sales"})
    for read in (field.read for report in reports for field in report.fields if field.name == "status"):
        with suppress(Unreadable):
            return str(read(words))
    return ""
