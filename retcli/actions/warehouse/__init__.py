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
        awaited_pieces as awaited_pieces,
    )
    from retcli.actions.warehouse import (
        bench_commands as bench_commands,
    )
    from retcli.actions.warehouse import (
        bench_notes as bench_notes,
    )
    from retcli.actions.warehouse import (
        benches as benches,
    )
    from retcli.actions.warehouse import (
        code_facts as code_facts,
    )
    from retcli.actions.warehouse import (
        contents as contents,
    )
    from retcli.actions.warehouse import (
        corrected_findings as corrected_findings,
    )
    from retcli.actions.warehouse import (
        detaching as detaching,
    )
    from retcli.actions.warehouse import (
        doubtful_codes as doubtful_codes,
    )
    from retcli.actions.warehouse import (
        empty_boxes as empty_boxes,
    )
    from retcli.actions.warehouse import (
        explained_scans as explained_scans,
    )
    from retcli.actions.warehouse import (
        gifts as gifts,
    )
    from retcli.actions.warehouse import (
        held_pieces as held_pieces,
    )
    from retcli.actions.warehouse import (
        inspection as inspection,
    )
    from retcli.actions.warehouse import (
        interceptions as interceptions,
    )
    from retcli.actions.warehouse import (
        last_tables as last_tables,
    )
    from retcli.actions.warehouse import (
        match_refusals as match_refusals,
    )
    from retcli.actions.warehouse import (
        named_waybills as named_waybills,
    )
    from retcli.actions.warehouse import (
        old_labels as old_labels,
    )
    from retcli.actions.warehouse import (
        parcel_candidates as parcel_candidates,
    )
    from retcli.actions.warehouse import (
        parcels as parcels,
    )
    from retcli.actions.warehouse import (
        refusals as refusals,
    )
    from retcli.actions.warehouse import (
        scan_records as scan_records,
    )
    from retcli.actions.warehouse import (
        scanned_commands as scanned_commands,
    )
    from retcli.actions.warehouse import (
        scanned_labels as scanned_labels,
    )
    from retcli.actions.warehouse import (
        scanned_pieces as scanned_pieces,
    )
    from retcli.actions.warehouse import (
        scanned_slips as scanned_slips,
    )
    from retcli.actions.warehouse import (
        scanning as scanning,
    )
    from retcli.actions.warehouse import (
        senders as senders,
    )
    from retcli.actions.warehouse import (
        stalled_parcels as stalled_parcels,
    )
    from retcli.actions.warehouse import (
        stock as stock,
    )
    from retcli.actions.warehouse import (
        stock_shown as stock_shown,
    )
    from retcli.actions.warehouse import (
        undone_acts as undone_acts,
    )
    from retcli.actions.warehouse import (
        undone_pieces as undone_pieces,
    )
    from retcli.actions.warehouse import (
        undone_sendings as undone_sendings,
    )

__getattr__ = submodules(__name__)
