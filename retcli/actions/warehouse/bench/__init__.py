"""A scanning bench: what a code means there, what is done about it, and what is written down of it."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse.bench import (
        bench_commands as bench_commands,
    )
    from retcli.actions.warehouse.bench import (
        bench_deliveries as bench_deliveries,
    )
    from retcli.actions.warehouse.bench import (
        bench_notes as bench_notes,
    )
    from retcli.actions.warehouse.bench import (
        benches as benches,
    )
    from retcli.actions.warehouse.bench import (
        counted_stock as counted_stock,
    )
    from retcli.actions.warehouse.bench import (
        doubtful_codes as doubtful_codes,
    )
    from retcli.actions.warehouse.bench import (
        explained_scans as explained_scans,
    )
    from retcli.actions.warehouse.bench import (
        last_tables as last_tables,
    )
    from retcli.actions.warehouse.bench import (
        old_labels as old_labels,
    )
    from retcli.actions.warehouse.bench import (
        packed_goods as packed_goods,
    )
    from retcli.actions.warehouse.bench import (
        prompts as prompts,
    )
    from retcli.actions.warehouse.bench import (
        saved_codes as saved_codes,
    )
    from retcli.actions.warehouse.bench import (
        scan_records as scan_records,
    )
    from retcli.actions.warehouse.bench import (
        scanned_commands as scanned_commands,
    )
    from retcli.actions.warehouse.bench import (
        scanned_labels as scanned_labels,
    )
    from retcli.actions.warehouse.bench import (
        scanned_papers as scanned_papers,
    )
    from retcli.actions.warehouse.bench import (
        scanned_pieces as scanned_pieces,
    )
    from retcli.actions.warehouse.bench import (
        scanned_serials as scanned_serials,
    )
    from retcli.actions.warehouse.bench import (
        scanned_slips as scanned_slips,
    )
    from retcli.actions.warehouse.bench import (
        scanning as scanning,
    )
    from retcli.actions.warehouse.bench import (
        stranger_questions as stranger_questions,
    )

__getattr__ = submodules(__name__)
