"""Parcels that came without a case: what their labels say, where they lie, whose they may be, and how they leave."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse.strangers import (
        cards as cards,
    )
    from retcli.actions.warehouse.strangers import (
        closing as closing,
    )
    from retcli.actions.warehouse.strangers import (
        fitting as fitting,
    )
    from retcli.actions.warehouse.strangers import (
        labels as labels,
    )
    from retcli.actions.warehouse.strangers import (
        leaving as leaving,
    )
    from retcli.actions.warehouse.strangers import (
        read_labels as read_labels,
    )
    from retcli.actions.warehouse.strangers import (
        shelves as shelves,
    )

__getattr__ = submodules(__name__)
