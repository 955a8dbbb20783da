"""Money to the buyer: the one door through which it leaves, its steps, and what platforms paid beyond an order."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.money import (
        amends_ceiling as amends_ceiling,
    )
    from retcli.actions.money import (
        beyond as beyond,
    )
    from retcli.actions.money import (
        failed_payouts as failed_payouts,
    )
    from retcli.actions.money import (
        group_payment as group_payment,
    )
    from retcli.actions.money import (
        making_way as making_way,
    )
    from retcli.actions.money import (
        mending as mending,
    )
    from retcli.actions.money import (
        open_payouts as open_payouts,
    )
    from retcli.actions.money import (
        outgoing as outgoing,
    )
    from retcli.actions.money import (
        paid_without_goods as paid_without_goods,
    )
    from retcli.actions.money import (
        payout_steps as payout_steps,
    )
    from retcli.actions.money import (
        payouts as payouts,
    )
    from retcli.actions.money import (
        room_again as room_again,
    )
    from retcli.actions.money import (
        taken_back as taken_back,
    )
    from retcli.actions.money import (
        unapproved as unapproved,
    )

__getattr__ = submodules(__name__)
