"""Imports of files: found, recognised, staged, checked, merged in short steps, and their questions answered."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
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
        file_results as file_results,
    )
    from retcli.actions.imports import (
        folders as folders,
    )
    from retcli.actions.imports import (
        goods as goods,
    )
    from retcli.actions.imports import (
        import_questions as import_questions,
    )
    from retcli.actions.imports import (
        intake as intake,
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
        open_faults as open_faults,
    )
    from retcli.actions.imports import (
        orders as orders,
    )
    from retcli.actions.imports import (
        pace as pace,
    )
    from retcli.actions.imports import (
        refunds as refunds,
    )
    from retcli.actions.imports import (
        refused_rows as refused_rows,
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

__getattr__ = submodules(__name__)
