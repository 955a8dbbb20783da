"""Counting the stock: who counted what where, and the differences that are posted."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse.stocktakes import (
        counted_files as counted_files,
    )
    from retcli.actions.warehouse.stocktakes import (
        numbers as numbers,
    )
    from retcli.actions.warehouse.stocktakes import (
        places as places,
    )
    from retcli.actions.warehouse.stocktakes import (
        posting as posting,
    )
    from retcli.actions.warehouse.stocktakes import (
        takes as takes,
    )

__getattr__ = submodules(__name__)
