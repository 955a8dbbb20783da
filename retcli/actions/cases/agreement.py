"""Writes an approval down with all that it sets going: draws, clicks, payout, goods to be sent."""

from typing import Any

from retcli.actions.casefile import went_back
from retcli.actions.casefile.judgement import wish_of
from retcli.actions.casefile.order_facts import lines_of
from retcli.actions.casefile.records import offer_records
from retcli.actions.casefile.records.entitlements import reserve
from retcli.actions.casefile.records.one_case import case_lines
from retcli.actions.casefile.records.platform_clicks import tell_platform
from retcli.actions.money import outgoing
from retcli.actions.orderfile import step_memory
from retcli.actions.warehouse.shipments import keeping
from retcli.models import Case, Replacement
from retcli.rules.casefile.amounts import Amount
from retcli.rules.casefile.verdict import unsaid
from retcli.rules.events import Actor
from retcli.rules.lifecycles import (
    DECISION,
    GOING_OUT,
    REPLACEMENT,
    Kind,
    ReplacementState,
)
from retcli.rules.money.payouts import Door
from retcli.shop import Shop


def agree(shop: Shop, case: Case, due: Amount, because: str = "") -> None:
    """Approves a case with an amount: draws it on the order's lines, writes the decision, asks for the click that tells
    the platform, lets the payout go where nothing is to come back, and notes goods to be sent. Raises Overdrawn where
    the lines no longer have it.
    """
    # drawn first: what the lines no longer have is refused before anything is decided
    reserve(shop, case, due)
    offer_records.lapse(shop, case)
    columns = {"decided_at": shop.now, "because": because, **decider(shop, case)}
    against = {"against": case.overruled} if case.overruled and columns["decided_as"] == "platform" else {}
    shop.move(case, case.number, DECISION, "approve", facts=_approval_facts(shop, case) | against, **columns)
    # after the decision: the database itself refuses a payout of a case that is not approved
    tell_platform(shop, case)
    outgoing.go_by_itself(shop, case, Door.APPROVAL)
    if case.kind in GOING_OUT:
        put_out(shop, case)


def put_out(shop: Shop, case: Case) -> None:
    """Writes down which goods are to be sent for a case, line by line, and keeps their pieces where a person agreed
    (for what an import agreed to they are kept when it is sent); goods that nobody named yet have no SKU.
    """
    wish = wish_of(case, step_memory.order_of(shop, case), None)
    for line, order_line in case_lines(shop, case):
        if line.quantity:
            other = line.want_sku if case.kind == Kind.EXCHANGE else ""
            same = "" if unsaid(wish, line.quantity, line.want_sku) else order_line.sku or order_line.number
            goods = Replacement(
                case_id=case.id or 0, sku=other or same, quantity=line.quantity, state=ReplacementState.DUE
            )
            shop.add(goods)
            shop.born(f"{case.number}/{goods.id}", REPLACEMENT, goods.state, sku=goods.sku, quantity=line.quantity)
            if shop.actor == Actor.PERSON and shop.pending is None:
                keeping.keep(shop, case, goods)


def _approval_facts(shop: Shop, case: Case) -> dict[str, Any]:
    """The facts for an approval's event: what is due in all, by line, and of the freight, in minor units; who decided;
    what had gone back on the platform by then.
    """
    lines = {order_line.number: line.agreed for line, order_line in case_lines(shop, case) if line.agreed}
    due = sum(line.agreed or 0 for line, _order_line in case_lines(shop, case)) + case.freight_due
    order = step_memory.order_of(shop, case)
    money = {"due": due, "currency": order.currency, "lines": lines, "freight": case.freight_due}
    return money | decider(shop, case) | went_back.gone_by_files(shop, order, lines_of(shop, order))


def decider(shop: Shop, case: Case) -> dict[str, str]:
    """The columns that say who decides a case: the operator, the rules of its version, or its platform."""
    deciders = {
        Actor.PERSON: (shop.operator.name, "person"),
        Actor.RULE: (case.policy, "rule"),
        Actor.EVIDENCE: (case.policy, "rule"),
        Actor.IMPORT: (case.platform, "platform"),
    }
    name, kind = deciders[shop.actor]
    return {"decided_by": name, "decided_as": kind}
