"""What each export looks like, as data, and the one reader."""

from contextlib import suppress
from functools import lru_cache

from retcli.platforms import alibaba, douyin, erp, jd, kuaishou, pdd, products, taobao, wxshop, xhs, youzan
from retcli.platforms.cells import Unreadable
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


@lru_cache(maxsize=2000)
def refund_status(platform: str, words: str) -> str:
    """Our status for a platform's own words of a refund; empty where they are not known."""
    lists = (dialect for dialect in DIALECTS if dialect.platform == platform and dialect.holds == "refunds")
    reads = (field.read for dialect in lists for field in dialect.fields if field.name == "status")
    for read in reads:
        with suppress(Unreadable):
            return str(read(words))
    return ""
