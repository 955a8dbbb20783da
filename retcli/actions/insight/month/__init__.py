"""A month's money and goods as its workbook shows them: gathered, matched, summed, and compared with the books."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.insight.month import (
        booked as booked,
    )
    from retcli.actions.insight.month import (
        clicked_and_closed as clicked_and_closed,
    )
    from retcli.actions.insight.month import (
        difference_rows as difference_rows,
    )
    from retcli.actions.insight.month import (
        exported_before as exported_before,
    )
    from retcli.actions.insight.month import (
        gave_way as gave_way,
    )
    from retcli.actions.insight.month import (
        goods_owed as goods_owed,
    )
    from retcli.actions.insight.month import (
        matched_refunds as matched_refunds,
    )
    from retcli.actions.insight.month import (
        moneyless_gaps as moneyless_gaps,
    )
    from retcli.actions.insight.month import (
        month_totals as month_totals,
    )
    from retcli.actions.insight.month import (
        movements as movements,
    )
    from retcli.actions.insight.month import (
        order_file_refunds as order_file_refunds,
    )
    from retcli.actions.insight.month import (
        owed as owed,
    )
    from retcli.actions.insight.month import (
        paid_there as paid_there,
    )
    from retcli.actions.insight.month import (
        payout_progress as payout_progress,
    )
    from retcli.actions.insight.month import (
        reconciliation as reconciliation,
    )
    from retcli.actions.insight.month import (
        refunded_returns as refunded_returns,
    )
    from retcli.actions.insight.month import (
        repeated_applications as repeated_applications,
    )
    from retcli.actions.insight.month import (
        sums as sums,
    )
    from retcli.actions.insight.month import (
        transfers as transfers,
    )
    from retcli.actions.insight.month import (
        without_orders as without_orders,
    )

__getattr__ = submodules(__name__)
