"""Loads of parcels that a driver hands over at once: begun, counted off, looked at; parcels that wait at the door."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse.deliveries import (
        counts as counts,
    )
    from retcli.actions.warehouse.deliveries import (
        handovers as handovers,
    )
    from retcli.actions.warehouse.deliveries import (
        waiting as waiting,
    )

__getattr__ = submodules(__name__)
