"""The pieces in parcels: whose they are, how many are awaited, counted, graded and held, and the stock of them."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse.pieces import (
        awaited_pieces as awaited_pieces,
    )
    from retcli.actions.warehouse.pieces import (
        contents as contents,
    )
    from retcli.actions.warehouse.pieces import (
        corrected_findings as corrected_findings,
    )
    from retcli.actions.warehouse.pieces import (
        gifts as gifts,
    )
    from retcli.actions.warehouse.pieces import (
        gone_pieces as gone_pieces,
    )
    from retcli.actions.warehouse.pieces import (
        held_pieces as held_pieces,
    )
    from retcli.actions.warehouse.pieces import (
        natures as natures,
    )
    from retcli.actions.warehouse.pieces import (
        reserved_pieces as reserved_pieces,
    )
    from retcli.actions.warehouse.pieces import (
        senders as senders,
    )
    from retcli.actions.warehouse.pieces import (
        serials as serials,
    )
    from retcli.actions.warehouse.pieces import (
        stock as stock,
    )
    from retcli.actions.warehouse.pieces import (
        unclaimed_pieces as unclaimed_pieces,
    )
    from retcli.actions.warehouse.pieces import (
        undone_pieces as undone_pieces,
    )

__getattr__ = submodules(__name__)
