"""A case as a whole: read from the books, judged, shown and looked up. Below it stand only books and orderfile."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.casefile import (
        application_record as application_record,
    )
    from retcli.actions.casefile import (
        axes as axes,
    )
    from retcli.actions.casefile import (
        case_clocks as case_clocks,
    )
    from retcli.actions.casefile import (
        case_money as case_money,
    )
    from retcli.actions.casefile import (
        case_rows as case_rows,
    )
    from retcli.actions.casefile import (
        case_view as case_view,
    )
    from retcli.actions.casefile import (
        clicked_payouts as clicked_payouts,
    )
    from retcli.actions.casefile import (
        decision_record as decision_record,
    )
    from retcli.actions.casefile import (
        derivations as derivations,
    )
    from retcli.actions.casefile import (
        dossiers as dossiers,
    )
    from retcli.actions.casefile import (
        entitlements as entitlements,
    )
    from retcli.actions.casefile import (
        filing as filing,
    )
    from retcli.actions.casefile import (
        highlights as highlights,
    )
    from retcli.actions.casefile import (
        judgement as judgement,
    )
    from retcli.actions.casefile import (
        ledger as ledger,
    )
    from retcli.actions.casefile import (
        lookup as lookup,
    )
    from retcli.actions.casefile import (
        next_steps as next_steps,
    )
    from retcli.actions.casefile import (
        offer_records as offer_records,
    )
    from retcli.actions.casefile import (
        payable as payable,
    )
    from retcli.actions.casefile import (
        platform_clicks as platform_clicks,
    )
    from retcli.actions.casefile import (
        stopping as stopping,
    )
    from retcli.actions.casefile import (
        waivers as waivers,
    )
    from retcli.actions.casefile import (
        went_back as went_back,
    )
    from retcli.actions.casefile import (
        written_beside as written_beside,
    )

__getattr__ = submodules(__name__)
