"""What each export looks like, as data, and the one reader."""

from retcli.platforms import alibaba, douyin, erp, jd, kuaishou, pdd, products, taobao, wxshop, xhs, youzan
from retcli.platforms.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (
    taobao.ORDERS,
    taobao.ITEMS,
    taobao.REFUNDS,
    pdd.ORDERS,
    pdd.REFUNDS,
    douyin.ORDERS,
    douyin.REFUNDS,
    jd.ORDERS,
    jd.REFUNDS,
    kuaishou.ORDERS,
    kuaishou.REFUNDS,
    wxshop.ORDERS,
    wxshop.REFUNDS,
    xhs.ORDERS,
    xhs.REFUNDS,
    alibaba.ORDERS,
    youzan.ORDERS,
    youzan.ITEMS,
    erp.WDT_ORDERS,
    erp.JST_ORDERS,
    erp.JST_REFUNDS,
    products.PRODUCTS,
)
"""Every kind of file that can be recognised."""
