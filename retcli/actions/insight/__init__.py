"""What the books add up to: the day's list, workbooks, the month's reconciliation, reasons, speeds, the doctor."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.insight import (
        booked as booked,
    )
    from retcli.actions.insight import (
        clicked_and_closed as clicked_and_closed,
    )
    from retcli.actions.insight import (
        difference_rows as difference_rows,
    )
    from retcli.actions.insight import (
        doctor as doctor,
    )
    from retcli.actions.insight import (
        exported_before as exported_before,
    )
    from retcli.actions.insight import (
        exports as exports,
    )
    from retcli.actions.insight import (
        freshness as freshness,
    )
    from retcli.actions.insight import (
        gave_way as gave_way,
    )
    from retcli.actions.insight import (
        goods_owed as goods_owed,
    )
    from retcli.actions.insight import (
        matched_refunds as matched_refunds,
    )
    from retcli.actions.insight import (
        moneyless_gaps as moneyless_gaps,
    )
    from retcli.actions.insight import (
        month_totals as month_totals,
    )
    from retcli.actions.insight import (
        movements as movements,
    )
    from retcli.actions.insight import (
        order_file_refunds as order_file_refunds,
    )
    from retcli.actions.insight import (
        owed as owed,
    )
    from retcli.actions.insight import (
        reason_study as reason_study,
    )
    from retcli.actions.insight import (
        reconciliation as reconciliation,
    )
    from retcli.actions.insight import (
        repeated_applications as repeated_applications,
    )
    from retcli.actions.insight import (
        speeds as speeds,
    )
    from retcli.actions.insight import (
        sums as sums,
    )
    from retcli.actions.insight import (
        today as today,
    )
    from retcli.actions.insight import (
        transfers as transfers,
    )
    from retcli.actions.insight import (
        without_orders as without_orders,
    )

__getattr__ = submodules(__name__)
