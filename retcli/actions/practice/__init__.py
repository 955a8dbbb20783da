"""Practice: throwaway shops with exercises for each role, which are looked through by what stands in the books."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.practice import (
        agents as agents,
    )
    from retcli.actions.practice import (
        finance as finance,
    )
    from retcli.actions.practice import (
        looking as looking,
    )
    from retcli.actions.practice import (
        making as making,
    )
    from retcli.actions.practice import (
        state as state,
    )
    from retcli.actions.practice import (
        warehouse as warehouse,
    )

__getattr__ = submodules(__name__)
