"""What the books add up to: the day's list, workbooks, the month's reconciliation, reasons, speeds, the doctor."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.insight import (
        doctor as doctor,
    )
    from retcli.actions.insight import (
        exports as exports,
    )
    from retcli.actions.insight import (
        freshness as freshness,
    )
    from retcli.actions.insight import (
        month as month,
    )
    from retcli.actions.insight import (
        reason_study as reason_study,
    )
    from retcli.actions.insight import (
        speeds as speeds,
    )
    from retcli.actions.insight import (
        today as today,
    )

__getattr__ = submodules(__name__)
