"""Merges files about goods: product sheets, counted stock, carriers' movements."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.imports.goods import (
        products as products,
    )
    from retcli.actions.imports.goods import (
        stock_counts as stock_counts,
    )
    from retcli.actions.imports.goods import (
        tracking as tracking,
    )

__getattr__ = submodules(__name__)
