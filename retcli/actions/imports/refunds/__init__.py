"""Merges refund reports of platforms: each refund into its case, and what the buyer applies for there."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.imports.refunds import (
        applications as applications,
    )
    from retcli.actions.imports.refunds import (
        applied_again as applied_again,
    )
    from retcli.actions.imports.refunds import (
        closed_payments as closed_payments,
    )
    from retcli.actions.imports.refunds import (
        goods_questions as goods_questions,
    )
    from retcli.actions.imports.refunds import (
        paid_and_closed as paid_and_closed,
    )
    from retcli.actions.imports.refunds import (
        paid_on_platform as paid_on_platform,
    )
    from retcli.actions.imports.refunds import (
        refund_cases as refund_cases,
    )
    from retcli.actions.imports.refunds import (
        refund_facts as refund_facts,
    )
    from retcli.actions.imports.refunds import (
        refund_report as refund_report,
    )
    from retcli.actions.imports.refunds import (
        refund_status as refund_status,
    )
    from retcli.actions.imports.refunds import (
        refund_targets as refund_targets,
    )
    from retcli.actions.imports.refunds import (
        row_marks as row_marks,
    )

__getattr__ = submodules(__name__)
