"""Goods that come back: parcels scanned, received, counted, inspected and matched with cases, and the stock of
pieces.
"""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse import (
        article_codes as article_codes,
    )
    from retcli.actions.warehouse import (
        bench as bench,
    )
    from retcli.actions.warehouse import (
        code_facts as code_facts,
    )
    from retcli.actions.warehouse import (
        deliveries as deliveries,
    )
    from retcli.actions.warehouse import (
        detaching as detaching,
    )
    from retcli.actions.warehouse import (
        empty_boxes as empty_boxes,
    )
    from retcli.actions.warehouse import (
        films as films,
    )
    from retcli.actions.warehouse import (
        inspection as inspection,
    )
    from retcli.actions.warehouse import (
        interceptions as interceptions,
    )
    from retcli.actions.warehouse import (
        last_counts as last_counts,
    )
    from retcli.actions.warehouse import (
        match_refusals as match_refusals,
    )
    from retcli.actions.warehouse import (
        named_waybills as named_waybills,
    )
    from retcli.actions.warehouse import (
        paper as paper,
    )
    from retcli.actions.warehouse import (
        parcel_candidates as parcel_candidates,
    )
    from retcli.actions.warehouse import (
        parcels as parcels,
    )
    from retcli.actions.warehouse import (
        pieces as pieces,
    )
    from retcli.actions.warehouse import (
        refusals as refusals,
    )
    from retcli.actions.warehouse import (
        shipments as shipments,
    )
    from retcli.actions.warehouse import (
        stalled_parcels as stalled_parcels,
    )
    from retcli.actions.warehouse import (
        stock_alerts as stock_alerts,
    )
    from retcli.actions.warehouse import (
        stock_moves as stock_moves,
    )
    from retcli.actions.warehouse import (
        stock_orders as stock_orders,
    )
    from retcli.actions.warehouse import (
        stock_sheet as stock_sheet,
    )
    from retcli.actions.warehouse import (
        stock_shown as stock_shown,
    )
    from retcli.actions.warehouse import (
        stocktakes as stocktakes,
    )
    from retcli.actions.warehouse import (
        strangers as strangers,
    )
    from retcli.actions.warehouse import (
        undone_acts as undone_acts,
    )
    from retcli.actions.warehouse import (
        undone_sendings as undone_sendings,
    )
    from retcli.actions.warehouse import (
        weights as weights,
    )

__getattr__ = submodules(__name__)
