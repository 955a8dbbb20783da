"""What an order tells by itself: whether it left, whom it is about, what its platform refunded; how amounts are
read.
"""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.orderfile import (
        half_orders as half_orders,
    )
    from retcli.actions.orderfile import (
        holidays as holidays,
    )
    from retcli.actions.orderfile import (
        open_questions as open_questions,
    )
    from retcli.actions.orderfile import (
        openings as openings,
    )
    from retcli.actions.orderfile import (
        order_standing as order_standing,
    )
    from retcli.actions.orderfile import (
        persons as persons,
    )
    from retcli.actions.orderfile import (
        questioned_paid as questioned_paid,
    )
    from retcli.actions.orderfile import (
        refunded_on_platform as refunded_on_platform,
    )
    from retcli.actions.orderfile import (
        sent_orders as sent_orders,
    )
    from retcli.actions.orderfile import (
        shop_names as shop_names,
    )
    from retcli.actions.orderfile import (
        step_memory as step_memory,
    )
    from retcli.actions.orderfile import (
        typed_amounts as typed_amounts,
    )
    from retcli.actions.orderfile import (
        until_answered as until_answered,
    )
    from retcli.actions.orderfile import (
        waiting_refunds as waiting_refunds,
    )

__getattr__ = submodules(__name__)
