"""A case that is fought over: evidence, what the platform is told when it steps in, complaints, bad reviews."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.cases.disputes import (
        account_amounts as account_amounts,
    )
    from retcli.actions.cases.disputes import (
        bad_reviews as bad_reviews,
    )
    from retcli.actions.cases.disputes import (
        evidence as evidence,
    )
    from retcli.actions.cases.disputes import (
        evidence_pack as evidence_pack,
    )
    from retcli.actions.cases.disputes import (
        left_out as left_out,
    )
    from retcli.actions.cases.disputes import (
        platform_account as platform_account,
    )
    from retcli.actions.cases.disputes import (
        register as register,
    )

__getattr__ = submodules(__name__)
