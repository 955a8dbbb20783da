"""What is done with a case: opened, decided, negotiated, changed, written down, told to the platform."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.cases import (
        agreement as agreement,
    )
    from retcli.actions.cases import (
        approval_refusals as approval_refusals,
    )
    from retcli.actions.cases import (
        automatic_approval as automatic_approval,
    )
    from retcli.actions.cases import (
        case_cards as case_cards,
    )
    from retcli.actions.cases import (
        case_facts as case_facts,
    )
    from retcli.actions.cases import (
        changes as changes,
    )
    from retcli.actions.cases import (
        contacts as contacts,
    )
    from retcli.actions.cases import (
        decisions as decisions,
    )
    from retcli.actions.cases import (
        disputes as disputes,
    )
    from retcli.actions.cases import (
        offers as offers,
    )
    from retcli.actions.cases import (
        platform_list as platform_list,
    )
    from retcli.actions.cases import (
        policy_trials as policy_trials,
    )
    from retcli.actions.cases import (
        queue as queue,
    )
    from retcli.actions.cases import (
        taking_back as taking_back,
    )
    from retcli.actions.cases import (
        told_buyer as told_buyer,
    )
    from retcli.actions.cases import (
        undoing as undoing,
    )
    from retcli.actions.cases import (
        undone_decisions as undone_decisions,
    )
    from retcli.actions.cases import (
        urgency as urgency,
    )

__getattr__ = submodules(__name__)
