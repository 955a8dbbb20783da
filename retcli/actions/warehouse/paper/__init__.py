"""Labels and slips: what stands on them, read from the books; then the file, and the printer."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse.paper import (
        made as made,
    )
    from retcli.actions.warehouse.paper import (
        printing as printing,
    )
    from retcli.actions.warehouse.paper import (
        slips as slips,
    )
    from retcli.actions.warehouse.paper import (
        tags as tags,
    )

__getattr__ = submodules(__name__)
