"""What each export looks like, as data, and the one reader."""

from retcli.platforms import products, taobao
from retcli.platforms.dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (taobao.ORDERS, taobao.ITEMS, taobao.REFUNDS, products.PRODUCTS)
"""Every kind of file that can be recognised."""
