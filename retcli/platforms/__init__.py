"""What each export looks like, as data, and the one reader."""

from retcli.platforms import (
    alipay,
    amazon,
    douyin_bills,
    jd_bills,
    kuaishou_bills,
    lazada,
    pdd_bills,
    plain,
    products,
    shopee,
    shopify,
    taobao,
    taobao_bills,
    tiktok,
    wechat,
    wxshop_bills,
    xhs_bills,
)
from retcli.platforms.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (
    *(taobao.ORDERS, taobao.ITEMS, taobao.REFUNDS, products.PRODUCTS),
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
