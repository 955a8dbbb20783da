"""The books themselves: founded, checked, copied and put back, and compared with their own history."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.books import (
        backups as backups,
    )
    from retcli.actions.books import (
        check as check,
    )
    from retcli.actions.books import (
        founding as founding,
    )
    from retcli.actions.books import (
        history as history,
    )
    from retcli.actions.books import (
        history_clock as history_clock,
    )
    from retcli.actions.books import (
        money_checks as money_checks,
    )
    from retcli.actions.books import (
        outdated as outdated,
    )
    from retcli.actions.books import (
        refunded_twice as refunded_twice,
    )
    from retcli.actions.books import (
        soundness as soundness,
    )
    from retcli.actions.books import (
        status_checks as status_checks,
    )

__getattr__ = submodules(__name__)
