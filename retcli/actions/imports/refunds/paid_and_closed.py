"""A refund that one file says was paid and another that it was closed: which came last, and what a person is asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.records.one_case import payouts_of
from retcli.actions.casefile.records.platform_payments import paid_on
from retcli.actions.casefile.records.stopping import ASKS_OF_BOTH, ASKS_OF_CLOSING, ASKS_OF_REFUSAL
from retcli.actions.imports.merging import Source, ask, open_questions, resolve
from retcli.actions.imports.refunds import closed_payments
from retcli.actions.imports.refunds.paid_on_platform import is_live
from retcli.actions.imports.refunds.refund_facts import FACTS
from retcli.actions.money.outgoing import currency_of
from retcli.database.staging.stages import StagedRow
from retcli.models import Case
from retcli.models.imports import Import
from retcli.rules.imports.refund_rows import SUCCEEDED, instant_said
from retcli.rules.lifecycles import PayoutState
from retcli.rules.money.minor_units import Money
from retcli.shop import Shop


@dataclass(frozen=True)
class Closing:
    """What the list told that closed a refund: the facts that it left on the case, and that file's name."""

    facts: dict[str, Any]
    file: str


def is_untold(shop: Shop, case: Case, row: StagedRow, status: str) -> bool:
    """Whether a row says of a refund that was closed that it was paid, with more money than the books have ever known
    to be paid on it.
    """
    if case.platform_state != "closed" or status != SUCCEEDED or not row.values["amount"]:
        return False
    told = (PayoutState.CONFIRMED, PayoutState.REVERSED)
    refunds = [p for p in payouts_of(shop, case) if p.kind == "refund" and p.method == "original" and not p.reverses_id]
    return sum(p.minor for p in refunds if p.state in told) < int(row.values["amount"])


def closing_that_stands(shop: Shop, source: Source, case: Case, row: StagedRow) -> Closing | None:
    """The closing of a case's refund, where nothing says that it was paid only after that: neither the files, of which
    the newer one has the last word, nor the rows' own times. None where it was.
    """
    seen, exported = case.platform_seen_at, source.exported_at
    if seen is None or exported is None or exported > seen:
        return None
    paid_at, closed_at = instant_said(row.values, "finished_at"), case.platform_closed_at
    if paid_at is not None and closed_at is not None and paid_at > closed_at:
        return None
    facts = {name: getattr(case, name) for name in (*FACTS, "platform_kind", "platform_seen_at")}
    return Closing(facts, _file_of(shop, source, seen))


def _file_of(shop: Shop, source: Source, seen: datetime) -> str:
    """The name of the list that was exported at an instant, other than the one at hand."""
    query = sa.select(col(Import.name)).where(col(Import.platform) == source.platform, col(Import.holds) == "refunds")
    query = query.where(col(Import.exported_at) == seen, col(Import.id) != source.import_id)
    return str(shop.session.scalar(query.order_by(col(Import.id).desc()).limit(1)) or "")


def keep_closing(shop: Shop, source: Source, row: StagedRow, case: Case, closing: Closing) -> None:
    """Lets the closing stand as the platform's last word on a refund whose payment was written down a moment ago, and
    asks a person about both files.
    """
    closed_at = closing.facts["platform_closed_at"] or closing.facts["platform_seen_at"]
    closed_payments.note(shop, case, paid_on(shop, case), closed_at, estimated=case.platform_estimated)
    for name, value in closing.facts.items():
        setattr(case, name, value)
    shop.session.flush()
    refund = row.values["refund"]
    for question in open_questions(shop, source, refund, "platform_paid", ASKS_OF_REFUSAL, ASKS_OF_CLOSING):
        resolve(shop, source, question)
    paid = sum(payout.minor for payout in payouts_of(shop, case) if payout.kind == "refund" and is_live(payout))
    ask(shop, source, row.number, refund, ASKS_OF_BOTH, Money(paid, currency_of(shop, case)), closing.file)
