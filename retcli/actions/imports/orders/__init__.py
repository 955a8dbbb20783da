"""Merges files of orders: new ones joined from their reports, known ones brought up to date, and their waybills."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.imports.orders import (
        file_totals as file_totals,
    )
    from retcli.actions.imports.orders import (
        halves as halves,
    )
    from retcli.actions.imports.orders import (
        known_orders as known_orders,
    )
    from retcli.actions.imports.orders import (
        last_word as last_word,
    )
    from retcli.actions.imports.orders import (
        lesser_taken as lesser_taken,
    )
    from retcli.actions.imports.orders import (
        newer_values as newer_values,
    )
    from retcli.actions.imports.orders import (
        order_differences as order_differences,
    )
    from retcli.actions.imports.orders import (
        order_merge as order_merge,
    )
    from retcli.actions.imports.orders import (
        order_values as order_values,
    )
    from retcli.actions.imports.orders import (
        order_waybills as order_waybills,
    )
    from retcli.actions.imports.orders import (
        rereading as rereading,
    )

__getattr__ = submodules(__name__)
