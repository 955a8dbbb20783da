"""The one reader of cases: each is read completely, any number in few queries, for who judges, lists, shows or pays."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from retcli.actions.casefile.records.case_rows import CaseRows, Together, rows_of
from retcli.actions.casefile.records.ledger import DrawnOn, drawn_by_others
from retcli.actions.casefile.records.noted_beside import Written
from retcli.actions.casefile.records.payout_parts import Part, given_by_line, parts_of
from retcli.actions.casefile.records.sent_back import SentBack
from retcli.actions.casefile.records.stopping import asked_about, stopping
from retcli.actions.orderfile import step_memory
from retcli.language import series
from retcli.models import (
    Case,
    CaseLine,
    Order,
    OrderLine,
    Parcel,
    Payout,
    Product,
)
from retcli.models.base import instant_of
from retcli.rules.casefile.findings import standing
from retcli.rules.cases.register import Entry
from retcli.rules.imports.orders import DONE
from retcli.rules.lifecycles import (
    AT_THE_DOOR,
    COMING_BACK,
    GOING_OUT,
    ActionState,
    Decision,
    Grade,
    Kind,
    ParcelState,
    ReplacementState,
)
from retcli.rules.warehouse.gifts import is_gift
from retcli.shop import Shop

_AT_A_TIME = 2_000
"""Cases read together: nine of the statements' tables name each, and SQLite takes 32,766 names at most."""


@dataclass(frozen=True)
class Intervention:
    """How the platform's last intervention in a case stands, and until when it wants evidence."""

    state: str
    due_at: datetime | None
    estimated: bool


@dataclass(frozen=True)
class Dossier:
    """A case with all that hangs on it, as it stood when it was read.

    `order_lines` are the order's, `lines` those of the case with the order lines they stand on; `grades` are pieces
    inspected by case line; `parts` are those of each payout, by its id; `paid` is what live refunds give by order line
    (None: freight of the way out), in minor units; `uninspected` are pieces counted only; `waivers` say who waived
    which rule, `waived_most` for how much at most (minor units, where that is known), `lapsed` who did for an earlier
    application or for less than is agreed to now; `proofs` are the kinds of evidence that there are; `contacts` are the
    times when the buyer was spoken to, `notes` are texts with who wrote them, `extended` are days more for the buyer
    since the last application, `offers` the state and the rung of each, `renewed_at` when the buyer got other pieces
    for these in an earlier exchange; `to_send` are the SKUs of goods to go out, empty where nobody said which;
    `clicked` are the clicks that nobody has verified yet; `intervention` is the platform's last one, None where it
    never stepped in. `together` knows what was read for all cases at once.
    """

    case: Case
    order: Order
    order_lines: Sequence[OrderLine]
    lines: Sequence[tuple[CaseLine, OrderLine]]
    products: Mapping[str, Product]
    grades: Mapping[int, Mapping[Grade, int]]
    payouts: Sequence[Payout]
    parts: Mapping[int | None, Sequence[Part]]
    paid: Mapping[int | None, int]
    parcels: Sequence[Parcel]
    uninspected: int
    replacements: Sequence[ReplacementState]
    actions: Sequence[ActionState]
    to_click: frozenset[str]
    waivers: Mapping[str, str]
    waived_most: Mapping[str, int]
    lapsed: Mapping[str, str]
    proofs: frozenset[str]
    contacts: Sequence[datetime]
    notes: Sequence[tuple[str, str]]
    extended: int
    offers: Sequence[tuple[str, str]]
    renewed_at: datetime | None
    to_send: Sequence[str]
    clicked: frozenset[str]
    intervention: Intervention | None
    together: Together = field(repr=False, compare=False)

    @property
    def sent_under(self) -> Sequence[str]:
        """The waybills under which the order went out, in the comparable form, its own first."""
        return self.together.sent.get(self.order.id, ())

    def inspected(self, line: CaseLine) -> int:
        """Pieces inspected for a line, with those of another order (X)."""
        return sum(self.grades.get(line.id or 0, {}).values())

    def found(self, line: CaseLine) -> Mapping[Grade, int]:
        """Pieces that inspection found for a line, by grade: also those that are held for nobody since the case was
        turned down, which count for nothing any more and came all the same.
        """
        graded = self.grades.get(line.id or 0, {})
        held = self.together.found_until_turned_down.get(line.id or 0, {}) if self.has_arrived else {}
        # asked some five times of every case in a list, and of hardly any of them is something held
        return dict(Counter(graded) + Counter(held)) if held else graded

    def found_right(self, line: CaseLine) -> int:
        """Pieces of those found for a line that are of its order."""
        return sum(pieces for grade, pieces in self.found(line).items() if grade != Grade.X)

    @property
    def strange_articles(self) -> Mapping[str, int]:
        """The articles that were found in the parcels of the case, are held for nobody, and belong neither to its order
        nor to what was sent again, with their pieces.
        """
        if not self.has_arrived:
            return {}
        ordered = {code for line in self.order_lines for code in (line.sku, line.number)}
        sent_again = {line.want_sku for line, _order_line in self.lines}
        held = self.together.held_for_nobody.get(self.case.id or 0, {})
        return {sku: pieces for sku, pieces in held.items() if sku not in ordered | sent_again}

    @property
    def right_pieces(self) -> int:
        """How many pieces of those found for the case are of its order."""
        return sum(self.found_right(line) for line, _order_line in self.lines)

    @property
    def foreign_pieces(self) -> int:
        """How many pieces of another order were found in their place."""
        swapped = sum(self.found(line).get(Grade.X, 0) for line, _order_line in self.lines)
        return swapped + sum(self.strange_articles.values())

    def is_own(self, parcel: Parcel) -> bool:
        """Whether a parcel of the case is the order's own, turned round on its way to the buyer: it has a waybill of
        the order, or any other label and was given to a refund of goods that nobody had received.
        """
        if parcel.waybill in self.sent_under:
            return True
        received = self.order.signed_at is not None or self.order.status == DONE
        return self.case.kind == Kind.REFUND_ONLY and not received and parcel.state in AT_THE_DOOR

    @property
    def turned_round(self) -> Sequence[Parcel]:
        """The order's own parcels that turned round for the case; once as many are at the door as went out, these
        alone, since one that is awaited still has come under another label.
        """
        own = [parcel for parcel in self.parcels if self.is_own(parcel)]
        here = [parcel for parcel in own if parcel.state in AT_THE_DOOR]
        return here if len(here) >= len(self.sent_under) else own

    @property
    def all_turned_round(self) -> bool:
        """Whether the order's own parcels turned round and all of them are at the door."""
        own = self.turned_round
        if not own or any(parcel.state == ParcelState.EXPECTED for parcel in own):
            return False
        return len(own) >= len(self.sent_under) or self.order.id not in self.together.out

    @property
    def missing(self) -> str:
        """The pieces that lack in what came back (``CUP×1、LID×2``); "" while a parcel is on its way or pieces wait to
        be graded, and for a case of which nothing comes back.
        """
        on_the_way = any(parcel.state == ParcelState.EXPECTED for parcel in self.parcels)
        if self.case.kind == Kind.REFUND_ONLY:
            on_the_way = self.order.signed_at is not None or not self.all_turned_round
        elif self.case.kind not in COMING_BACK:
            return ""
        if on_the_way or self.uninspected:
            return ""
        lacking = [(order_line, line.quantity - self.found_right(line)) for line, order_line in self.lines]
        lacking += self._gifts_lacking
        return series(f"{line.sku or line.number}×{pieces}" for line, pieces in lacking if pieces > 0)

    @property
    def _gifts_lacking(self) -> list[tuple[OrderLine, int]]:
        """The gifts of the order that should have come back with a return and did not, with how many pieces: where all
        that was bought goes back, and no case asks for them (暂行办法 §12).
        """
        priced = self.together.shop.policy_named(self.case.policy).gifts
        given = [line for line in self.order_lines if is_gift(line, priced)]
        if not given or self.case.kind != Kind.RETURN or len(given) == len(self.order_lines):
            return []
        drawn = Counter({line.line_id: line.quantity for line, _order_line in self.lines})
        for line_id, draws in self.drawn_now().items():
            drawn[line_id or 0] += sum(draw.units for draw in draws)
        if any(drawn[line.id or 0] < line.quantity for line in self.order_lines if line not in given):
            return []
        back = self.together.found_for_nobody.get(self.case.id or 0, {})
        return [
            (line, line.quantity - back.get(line.sku or line.number, 0)) for line in given if not drawn[line.id or 0]
        ]

    def drawn_now(self) -> DrawnOn:
        """What other cases draw on each line of the order, whenever they drew it."""
        if step_memory.alone(self.together.shop, self.order.id, self.case.id):
            return {}
        return drawn_by_others(self.together.ledgers[self.order.id], self.case.id, then=False)

    @property
    def waiting_pieces(self) -> Mapping[str, Mapping[str, int]]:
        """The pieces that are counted and not inspected, by the number of their parcel and by article."""
        return self.together.waiting.get(self.case.id or 0, {}) if self.uninspected else {}

    @property
    def has_arrived(self) -> bool:
        """Whether any parcel of the case is at the door."""
        return any(parcel.state in AT_THE_DOOR for parcel in self.parcels)

    @property
    def sent_back(self) -> Sequence[SentBack]:
        """The parcels of goods sent again for the case that came back undelivered, where their money takes their place;
        none of a case by which goods still go out.
        """
        undone = {ReplacementState.CAME_BACK, ReplacementState.CANCELLED}
        if self.case.kind in GOING_OUT or not undone & set(self.replacements):
            return ()
        return self.together.sent_back.get(self.case.id or 0, ())

    @property
    def awaits_sent_back(self) -> bool:
        """Whether money of the case waits until what was sent again and came back is inspected."""
        return "sent_back" not in self.waivers and any(not parcel.inspected for parcel in self.sent_back)

    @property
    def opened(self) -> bool:
        """Whether a parcel of the case was opened: pieces in it have a grade, or somebody said that it is empty."""
        # the pieces of a parcel may all count for another case, whose box it is as well
        looked_into = any(parcel.state == ParcelState.INSPECTED for parcel in self.parcels)
        return looked_into or bool(self.strange_articles) or any(self.grades.values())

    @property
    def looked_into(self) -> bool:
        """Whether parcels of the case were opened, and none at the door was not."""
        return self.opened and all(parcel.state != ParcelState.RECEIVED for parcel in self.parcels)

    @property
    def uncounted(self) -> bool:
        """Whether goods of the case are to come back, a parcel came, and nobody has counted a piece in any of them."""
        if self.case.kind not in COMING_BACK or self.uninspected or any(self.grades.values()):
            return False
        return self.has_arrived and all(parcel.state != ParcelState.INSPECTED for parcel in self.parcels)

    def accepted(self, line: CaseLine) -> int:
        """Pieces of a line that came back and are of this order: any grade but X."""
        return sum(n for grade, n in self.grades.get(line.id or 0, {}).items() if grade != Grade.X)

    @property
    def all_accepted(self) -> bool:
        """Whether every piece of the case came back and is of its order."""
        return all(self.accepted(line) >= line.quantity for line, _order_line in self.lines)

    @property
    def pays_before_goods(self) -> bool:
        """Whether somebody let the money of the case go before its goods are back."""
        intercepted = self.case.kind == Kind.REFUND_ONLY and "goods_back" in self.waivers
        return intercepted or "goods_first" in self.waivers

    def stopped_by(self) -> str | None:
        """The number of the open question that stops the money of the case; None where none does."""
        if step_memory.unasked(self.together.shop, self.case):
            return None
        return stopping(self.together.stops.get(self.case.order_id, ()), self.case)

    def asked_about(self, *fields: str) -> str | None:
        """The number of the first open question about the case itself, of some fields where they are named; None
        without one.
        """
        if step_memory.unasked(self.together.shop, self.case):
            return None
        return asked_about(self.together.stops.get(self.case.order_id, ()), self.case, *fields)

    def drawn_by_others(self) -> DrawnOn:
        """What other cases draw on each line of the order; for an approved case only what they had drawn before it."""
        if step_memory.alone(self.together.shop, self.order.id, self.case.id):
            return {}
        then = self.case.decision == Decision.APPROVED
        return drawn_by_others(self.together.ledgers[self.order.id], self.case.id, then=then)

    @property
    def due(self) -> int:
        """What was approved, in minor units."""
        return sum(line.due for line, _order_line in self.lines) + self.case.freight_due


def dossier_of(shop: Shop, case: Case) -> Dossier:
    """Reads a case with all that hangs on it."""
    return next(dossiers_of(shop, [case]))


def dossiers_of(shop: Shop, cases: Sequence[Case]) -> Iterator[Dossier]:
    """Reads some cases, each with all that hangs on it, in as many statements for two thousand of them as for one."""
    for start in range(0, len(cases), _AT_A_TIME):
        some = cases[start : start + _AT_A_TIME]
        rows = rows_of(shop, some)
        orders = {bought[0][0].id: bought[0][0] for bought in rows.bought.values()}
        lines = [mine for bought in rows.bought.values() for _order, _line, mine, _product in bought if mine]
        wanted = sorted({mine.want_sku for mine in lines if mine.want_sku})
        together = Together(shop, some, list(orders.values()), wanted)
        yield from (_dossier(rows, case, together) for case in some)


def _dossier(rows: CaseRows, case: Case, together: Together) -> Dossier:
    """Puts one case together from the rows that were read for all."""
    key = case.id or 0
    bought, written = rows.bought[key], rows.written[key]
    paid, parcels = rows.paid.get(key, []), rows.parcels.get(key, [])
    waivers, lapsed = _waivers(case, bought, written)
    line_ids = [line.id for _order, _order_line, line, _product in bought if line]
    return Dossier(
        case=case,
        order=bought[0][0],
        order_lines=[order_line for _order, order_line, _line, _product in bought if order_line],
        lines=[(line, order_line) for _order, order_line, line, _product in bought if line],
        products={product.sku: product for *_others, product in bought if product},
        grades={line: rows.grades[line] for line in line_ids if line in rows.grades},
        # the rows are parts: each payout once
        payouts=list({payout.id: payout for payout, *_part in paid}.values()),
        parts=parts_of(paid),
        paid=given_by_line(paid),
        parcels=[parcel for parcel, _left in parcels],
        uninspected=sum(int(left or 0) for _parcel, left in parcels),
        replacements=[ReplacementState(state) for state, _sku in written["replacement"]],
        to_send=[sku for state, sku in written["replacement"] if state == ReplacementState.DUE],
        actions=[ActionState(state) for state, _action in written["action"]],
        to_click=frozenset(action for state, action in written["action"] if state == ActionState.TODO),
        clicked=frozenset(action for state, action in written["action"] if state == ActionState.DONE),
        waivers=waivers,
        waived_most={rule: int(minor) for rule, minor in written["waived_most"]},
        lapsed=lapsed,
        proofs=frozenset(kind for kind, _by in written["evidence"]),
        contacts=[at for text, _by in written["contact"] if (at := instant_of(text))],
        notes=[(by, text) for text, by in written["note"]],
        offers=written["offer"],
        renewed_at=rows.renewed_at.get(key),
        extended=_extended(case, written["extension"]),
        intervention=_intervention(written["entry"]),
        together=together,
    )


def _waivers(case: Case, bought: Sequence[Any], written: Written) -> tuple[dict[str, str], dict[str, str]]:
    """The waivers of a case that stand and those that do not any more (rule to who waived it): what is agreed to is
    carried only by a waiver for as much.
    """
    given, lapsed = dict(written["waiver"]), dict(written["lapsed"])
    if case.decision != Decision.APPROVED or not given:
        return given, lapsed
    agreed = sum(line.due for _order, _order_line, line, _product in bought if line) + case.freight_due
    kept = standing(given, {rule: int(minor) for rule, minor in written["waived_most"]}, agreed)
    return kept, lapsed | {rule: by for rule, by in given.items() if rule not in kept}


def _extended(case: Case, extensions: Sequence[tuple[str, str]]) -> int:
    """The days more that the buyer was given (days and instant of each) since the last application."""
    since = case.applied_anew_at
    return sum(
        int(days) for days, text in extensions if since is None or (at := instant_of(text)) is None or at >= since
    )


def _intervention(entries: Sequence[tuple[str, str]]) -> Intervention | None:
    """The last intervention among the entries of a case's register, each with its kind."""
    interventions = [text for text, kind in entries if kind == Entry.INTERVENTION]
    if not interventions:
        return None
    state, due_at, estimated = interventions[-1].split("|")
    return Intervention(state, instant_of(due_at), estimated in {"1", "true"})  # as SQLite, or PostgreSQL, writes it


def agreed_on(dossier: Dossier) -> int:
    """What was agreed to when a case was decided, in minor units; it stays whatever the platform paid later."""
    return sum(line.agreed or 0 for line, _order_line in dossier.lines) + (dossier.case.freight_agreed or 0)
