"""Files taken in: found, staged, checked, merged, and their questions answered."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.imports import (
        applications as applications,
    )
    from retcli.actions.imports import (
        bills as bills,
    )
    from retcli.actions.imports import (
        explaining as explaining,
    )
    from retcli.actions.imports import (
        file_import as file_import,
    )
    from retcli.actions.imports import (
        file_totals as file_totals,
    )
    from retcli.actions.imports import (
        folders as folders,
    )
    from retcli.actions.imports import (
        halves as halves,
    )
    from retcli.actions.imports import (
        import_questions as import_questions,
    )
    from retcli.actions.imports import (
        intake as intake,
    )
    from retcli.actions.imports import (
        lesser_taken as lesser_taken,
    )
    from retcli.actions.imports import (
        mended_sheet as mended_sheet,
    )
    from retcli.actions.imports import (
        merge_step as merge_step,
    )
    from retcli.actions.imports import (
        merging as merging,
    )
    from retcli.actions.imports import (
        order_differences as order_differences,
    )
    from retcli.actions.imports import (
        order_merge as order_merge,
    )
    from retcli.actions.imports import (
        order_values as order_values,
    )
    from retcli.actions.imports import (
        order_waybills as order_waybills,
    )
    from retcli.actions.imports import (
        products as products,
    )
    from retcli.actions.imports import (
        refund_cases as refund_cases,
    )
    from retcli.actions.imports import (
        refund_facts as refund_facts,
    )
    from retcli.actions.imports import (
        refund_status as refund_status,
    )
    from retcli.actions.imports import (
        refund_targets as refund_targets,
    )
    from retcli.actions.imports import (
        refunds as refunds,
    )
    from retcli.actions.imports import (
        refused_rows as refused_rows,
    )
    from retcli.actions.imports import (
        rereading as rereading,
    )
    from retcli.actions.imports import (
        row_marks as row_marks,
    )
    from retcli.actions.imports import (
        runs as runs,
    )
    from retcli.actions.imports import (
        staged_rows as staged_rows,
    )
    from retcli.actions.imports import (
        stager as stager,
    )
    from retcli.actions.imports import (
        stock_counts as stock_counts,
    )
    from retcli.actions.imports import (
        tracking as tracking,
    )

__getattr__ = submodules(__name__)
