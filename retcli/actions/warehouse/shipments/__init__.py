"""Goods that go out for a case: kept for it in the stock, packed, sent with their waybill, and taken back."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.warehouse.shipments import (
        keeping as keeping,
    )
    from retcli.actions.warehouse.shipments import (
        leaving as leaving,
    )
    from retcli.actions.warehouse.shipments import (
        pick_list as pick_list,
    )
    from retcli.actions.warehouse.shipments import (
        sending as sending,
    )
    from retcli.actions.warehouse.shipments import (
        sent_goods as sent_goods,
    )

__getattr__ = submodules(__name__)
