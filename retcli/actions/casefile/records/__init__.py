"""The records of cases in the books, read for any number of cases at once: rows, ledger, questions, clicks, offers."""

from typing import TYPE_CHECKING

from retcli.lazily import submodules

if TYPE_CHECKING:
    from retcli.actions.casefile.records import (
        acts as acts,
    )
    from retcli.actions.casefile.records import (
        agreed_before as agreed_before,
    )
    from retcli.actions.casefile.records import (
        application_record as application_record,
    )
    from retcli.actions.casefile.records import (
        case_history as case_history,
    )
    from retcli.actions.casefile.records import (
        case_rows as case_rows,
    )
    from retcli.actions.casefile.records import (
        clicked_payouts as clicked_payouts,
    )
    from retcli.actions.casefile.records import (
        decision_record as decision_record,
    )
    from retcli.actions.casefile.records import (
        dossiers as dossiers,
    )
    from retcli.actions.casefile.records import (
        entitlements as entitlements,
    )
    from retcli.actions.casefile.records import (
        given_amends as given_amends,
    )
    from retcli.actions.casefile.records import (
        ledger as ledger,
    )
    from retcli.actions.casefile.records import (
        noted_beside as noted_beside,
    )
    from retcli.actions.casefile.records import (
        offer_records as offer_records,
    )
    from retcli.actions.casefile.records import (
        one_case as one_case,
    )
    from retcli.actions.casefile.records import (
        parcel_pieces as parcel_pieces,
    )
    from retcli.actions.casefile.records import (
        payout_parts as payout_parts,
    )
    from retcli.actions.casefile.records import (
        platform_clicks as platform_clicks,
    )
    from retcli.actions.casefile.records import (
        platform_payments as platform_payments,
    )
    from retcli.actions.casefile.records import (
        sent_back as sent_back,
    )
    from retcli.actions.casefile.records import (
        standing_waivers as standing_waivers,
    )
    from retcli.actions.casefile.records import (
        stopping as stopping,
    )
    from retcli.actions.casefile.records import (
        unready_clicks as unready_clicks,
    )
    from retcli.actions.casefile.records import (
        voided_payouts as voided_payouts,
    )
    from retcli.actions.casefile.records import (
        written_beside as written_beside,
    )

__getattr__ = submodules(__name__)
