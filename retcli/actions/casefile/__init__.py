"""A case as a whole: read from the books, judged, shown, looked up, and what of its money may be paid."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.casefile import (
        amends as amends,
    )
    from retcli.actions.casefile import (
        applied_for as applied_for,
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
        case_view as case_view,
    )
    from retcli.actions.casefile import (
        derivations as derivations,
    )
    from retcli.actions.casefile import (
        fallen_waivers as fallen_waivers,
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
        lacking_goods as lacking_goods,
    )
    from retcli.actions.casefile import (
        left_for_goods as left_for_goods,
    )
    from retcli.actions.casefile import (
        lookup as lookup,
    )
    from retcli.actions.casefile import (
        next_steps as next_steps,
    )
    from retcli.actions.casefile import (
        order_facts as order_facts,
    )
    from retcli.actions.casefile import (
        order_names as order_names,
    )
    from retcli.actions.casefile import (
        owed_beside as owed_beside,
    )
    from retcli.actions.casefile import (
        payable as payable,
    )
    from retcli.actions.casefile import (
        records as records,
    )
    from retcli.actions.casefile import (
        typed_again as typed_again,
    )
    from retcli.actions.casefile import (
        waivers as waivers,
    )
    from retcli.actions.casefile import (
        went_back as went_back,
    )

__getattr__ = submodules(__name__)
