"""What the shop does, one function for each thing; nothing else changes the shop's facts. Modules load on first use."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions import (
        books as books,
    )
    from retcli.actions import (
        casefile as casefile,
    )
    from retcli.actions import (
        cases as cases,
    )
    from retcli.actions import (
        demo as demo,
    )
    from retcli.actions import (
        imports as imports,
    )
    from retcli.actions import (
        insight as insight,
    )
    from retcli.actions import (
        money as money,
    )
    from retcli.actions import (
        orderfile as orderfile,
    )
    from retcli.actions import (
        practice as practice,
    )
    from retcli.actions import (
        shop as shop,
    )
    from retcli.actions import (
        warehouse as warehouse,
    )

__getattr__ = submodules(__name__)
