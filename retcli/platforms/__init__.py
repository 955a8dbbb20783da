"""What each export looks like, as data, and the one reader."""

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
from retcli.platforms.cells import Unreadable
from retcli.platforms.dialect import Dialect

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
    *(alipay.FUND, alipay.TRADE, alipay.PERSONAL),
    *(wechat.TRADE, wechat.REFUNDS, wechat.FUND, wechat.PERSONAL),
    *(douyin_bills.SETTLEMENT, douyin_bills.FUND, douyin_bills.INSURANCE, douyin_bills.SMALL_PAYMENTS),
    *(pdd_bills.ACCOUNT, pdd_bills.SMALL_PAYMENTS),
    *(jd_bills.SETTLEMENT_A, jd_bills.SETTLEMENT_B, jd_bills.COMPENSATIONS, jd_bills.PERSONAL),
    *(taobao_bills.WECHAT, kuaishou_bills.SETTLEMENT, kuaishou_bills.FUND, wxshop_bills.FUND, xhs_bills.SETTLEMENT),
    *(shopify.ORDERS, tiktok.ORDERS, amazon.RETURNS),
    *(shopee.ORDERS, shopee.RETURNS, lazada.ORDERS, lazada.RETURNS),
    *(plain.MOVEMENTS, plain.COUNTS),
)
"""Every kind of file that can be recognised."""


@lru_cache(maxsize=2000)
def refund_status(platform: str, words: str) -> str:
    """Our status for a platform's own words of a refund; empty where they are not known."""
    lists = (dialect for dialect in DIALECTS if dialect.platform == platform and dialect.holds == "refunds")
    reads = (field.read for dialect in lists for field in dialect.fields if field.name == "status")
    for read in reads:
        with suppress(Unreadable):
            return str(read(words))
    return ""
