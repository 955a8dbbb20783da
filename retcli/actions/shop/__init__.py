"""The shop itself: its orders, people, rules and reasons, and who may see a buyer's data."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.shop import (
        orders as orders,
    )
    from retcli.actions.shop import (
        orders_of_goods as orders_of_goods,
    )
    from retcli.actions.shop import (
        policies as policies,
    )
    from retcli.actions.shop import (
        reasons as reasons,
    )
    from retcli.actions.shop import (
        reveals as reveals,
    )
    from retcli.actions.shop import (
        staff as staff,
    )

__getattr__ = submodules(__name__)
