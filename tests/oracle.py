"""A second bookkeeping of the shop, in plain Python: what must be accepted or refused, and to the fen how much.

Written from `docs/rules.md` §1.4, §3, §4 and `docs/architecture.md` §4, §5, apart from the program: nothing of retcli
is imported here.
Every method either raises No, before anything changed, or changes the ledgers and answers what is expected.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.ledgers import (
    AGENT_LIMIT,
    CONSUMED,
    GOODS_BACK,
    GOODS_OUT,
    MONEY_BACK,
    NEXT,
    NOT_RETURNED,
    ON_THE_WAY,
    PLACE,
    SHOP_LIABLE,
    Bought,
    Box,
    Doc,
    Entitlement,
    Finding,
    Line,
    Pay,
    half_up,
    need,
    place,
    shared,
)

BY_ITSELF = {"refund-only", "allowance", "return"}
PAYING = {"agree_refund", "confirm_receipt"}
PAYS_NOTHING = {"agree_return", "agree_exchange", "agree_resend", "refuse"}
TURNED_DOWN = {"rejected", "withdrawn"}
BEYOND_PRICE = "beyond_price"
DECIDING = {"window", "excluded", "goods_back", "reason", "quality", "evidence", "freight", "goods", "difference",
            BEYOND_PRICE}  # fmt: skip
"""What a manager may overrule when deciding; the rest belongs to paying."""


@dataclass
class Oracle(Entitlement):
    """The whole shop: everything that people and the platform can do to its cases, payouts and parcels."""

    # cases

    def open_case(self, who: str, doc: Doc, wanted: dict[str, int] | None) -> Doc:
        """`wanted` pieces by SKU (0: as many as are open, else all), or None for everything that is open."""
        self.may(who, "manager", "agent")
        left = {line.sku: self.pieces_left(line, doc.order) for line in doc.order.lines}
        pieces = {line.sku: line.pieces for line in doc.order.lines}
        if wanted is None and doc.kind == "allowance":
            doc.pieces = pieces
        elif wanted is None:
            doc.pieces = {sku: n for sku, n in left.items() if n}
            need(doc.pieces, "nothing is open")
            lost = doc.reason in {"L_LOST", "L_NOTRACK", "L_DELAY", "L_EMPTY"}
            need(doc.kind != "resend" or lost or max(doc.pieces.values()) <= 1, "how many are sent again")
        else:
            said = all(n or left[sku] <= 1 for sku, n in wanted.items())
            need(doc.kind != "resend" or said, "how many are sent again")
            doc.pieces = {sku: n or left[sku] or pieces[sku] for sku, n in wanted.items()}
        self.take_pieces(doc)
        self.docs.append(doc)
        return doc

    def twin(self, order: Bought, kind: str, line: Line) -> Doc | None:
        """The one live case by hand that asks for the same of the same line."""
        live = {"requested", "approved"}
        same = [d for d in self.docs if d.order is order and d.kind == kind and not d.listed and line.sku in d.pieces]
        found = [doc for doc in same if not doc.finished and doc.decision in live]
        return found[0] if len(found) == 1 else None

    def adopt(self, doc: Doc, there: int) -> None:
        """The platform's list knows a case that was opened by hand: what was agreed must be clicked there too."""
        doc.listed, doc.there = True, there
        if doc.decision == "approved":
            self._agree(doc)

    def approve(self, who: str, doc: Doc, amount: int | None, waive: list[str], because: str) -> int:
        self.may(who, "manager", "agent")
        self._waive(who, waive, because, DECIDING)
        need(not doc.finished, "finished")
        need(doc.decision in {"requested", "rejected"}, "decided")
        need(amount is None or doc.kind not in GOODS_OUT, "no amount of its own")
        asked = doc.asked if amount is None else amount
        need(doc.order.paid_for, "never paid")
        if doc.kind != "allowance":
            for line in self.lines(doc):
                need(doc.pieces[line.sku] <= self.pieces_left(line, doc.order, doc), "pieces")
        due, parts, used_up = self.due(doc, asked)
        need(self.against(doc) <= self._standing(doc, due) | set(waive), "a rule says no")
        need(doc.kind != "allowance" or asked is not None, "a price cut needs its amount")
        need(doc.kind in GOODS_OUT or asked is None or asked <= due, "more than is due")
        self._note(doc, self._fitting(doc, due, parts, set(waive)), due)
        doc.asked = asked
        doc.worth = {line.sku: self.worth(line, doc) for line in self.lines(doc)} if _worth_counts(doc, used_up) else {}
        doc.used = dict(doc.pieces) if used_up else {}
        doc.due = {name: minor for name, minor in parts.items() if minor}
        taken_up = doc.decision == "rejected"
        if taken_up and doc.clicks.get("refuse") == "todo":
            doc.clicks["refuse"] = "dropped"
        doc.decision = "approved"
        if doc.kind in GOODS_OUT:
            doc.goods_out = "due"
            self.keep(doc)
        doc.agreed_by = who
        self.pieces_free(doc.order)
        self._agree(doc)
        if taken_up:
            self._settle(doc)
        return due

    def _agree(self, doc: Doc) -> None:
        """What the platform must hear, and the payout where nothing is to come back."""
        if doc.kind in GOODS_BACK | GOODS_OUT:
            self._ask(doc, f"agree_{doc.kind}")
        self._by_itself(doc)

    def _by_itself(self, doc: Doc, *, inspected: bool = False) -> None:
        """An approval for the original route pays by itself, a return once its goods are back and in order."""
        if not doc.listed or doc.finished or doc.decision != "approved" or doc.kind not in BY_ITSELF:
            return
        if any(doc.clicks.get(name) == "done" for name in PAYING):  # a refund of the platform's pays once, by its click
            return
        worn = doc.worn and doc.reason not in SHOP_LIABLE and "goods" not in self.waived(doc)
        if inspected and (doc.kind != "return" or worn):
            return
        if doc.kind == "return" and not doc.all_good and "goods_first" not in self.waived(doc):
            return
        if self.leaves_beyond(doc) or not (self.is_right(doc) or "goods" in self.waived(doc)):
            return
        now = self._now(doc, self.waived(doc))
        if now:
            self._pay(doc.agreed_by, doc, "refund", now)

    def _waive(self, who: str, rules: list[str], because: str, among: set[str]) -> None:
        need(set(rules) <= among, "no rule to overrule here")
        if rules:
            self.may(who, "manager")
            need(because, "a waiver needs a reason")

    def _note(self, doc: Doc, rules: set[str], minor: int) -> None:
        """Writes waivers down, each for what is due by it."""
        doc.waived |= rules
        doc.most |= {rule: max(minor, doc.most.get(rule, 0)) for rule in rules}

    def _standing(self, doc: Doc, minor: int) -> set[str]:
        """The rules that are waived for so much."""
        return {rule for rule in doc.waived if doc.most[rule] >= minor}

    def waived(self, doc: Doc) -> set[str]:
        """The rules that are waived of a case; of one that was agreed to for as much as that."""
        return self._standing(doc, sum(doc.due.values())) if doc.decision == "approved" else doc.waived

    def _ask(self, doc: Doc, click: str) -> None:
        if doc.listed and doc.clicks.get(click) not in {"todo", "done"}:
            last = next((name for name, made in reversed(doc.made) if made), "")
            # no list came since that could prove the last click: the platform has heard of it
            heard = click in PAYS_NOTHING and last == click and doc.clicks.get(click) == "dropped"
            doc.clicks.pop(click, None)
            doc.clicks[click] = "done" if heard else "todo"
            doc.made.append((click, heard))

    def _make(self, doc: Doc, click: str) -> None:
        """Somebody made a click that was asked for."""
        doc.clicks[click] = "done"
        place = max(i for i, (name, _made) in enumerate(doc.made) if name == click)
        doc.made[place] = click, True

    def reject(self, who: str, doc: Doc, because: str) -> None:
        self.may(who, "manager", "agent")
        need(because.strip(), "no reason")
        self._turn_away(doc, {"requested", "approved"}, "rejected")
        self._ask(doc, "refuse")

    def withdraw(self, who: str, doc: Doc) -> None:
        self.may(who, "manager", "agent")
        self._turn_away(doc, {"requested", "approved", "rejected"}, "withdrawn")

    def _turn_away(self, doc: Doc, before: set[str], then: str) -> None:
        need(not doc.finished, "finished")
        need(doc.decision in before, "decided")
        called_off = self._unsent(doc)
        for pay in self.of(doc):
            settled = pay in called_off or (
                pay.state in {"failed", "reversed"}
                or pay.reversal
                or (pay.state == "confirmed" and pay.kind != "refund")
            )
            need(settled, "money is out")
        need(doc.goods_out != "shipped", "goods are out")
        for pay in called_off:
            pay.state = "failed"
        doc.decision, doc.goods_out = then, ""
        self.let_go(doc)
        doc.used, doc.worth, doc.due = {}, {}, {}
        doc.clicks = dict.fromkeys(doc.clicks, "dropped")
        self.pieces_free(doc.order)
        self._settle(doc)

    def _unsent(self, doc: Doc) -> list[Pay]:
        """What was to go by a click that nobody made."""
        if any(doc.clicks.get(name) == "done" for name in PAYING):
            return []
        return [pay for pay in self.of(doc) if pay.original and pay.state in {"waiting", "due"}]

    def set_reason(self, who: str, doc: Doc, reason: str) -> None:
        self.may(who, "manager", "agent")
        need(doc.decision == "requested", "decided")
        doc.reason = reason

    def nothing_open(self, doc: Doc) -> bool:
        """Whether a case may be finished: decided, paid, sent, inspected, clicked."""
        if doc.decision == "requested" or any(pay.state in ON_THE_WAY for pay in self.of(doc)):
            return False
        for box in self.boxes.values():
            if doc in box.docs and sum(box.counted.values()) > sum(box.inspected.values()):
                return False
        if "todo" in doc.clicks.values() or doc.goods_out == "due":
            return False
        if doc.decision != "approved":
            return True
        if doc.kind in MONEY_BACK and not doc.all_good and any(self._unopened(box, doc) for box in self.boxes.values()):
            return False
        if self.owed_again(doc) > 0:
            return False
        awaited = doc.kind == "exchange" or (doc.kind == "return" and "goods_first" in self.waived(doc))
        lacking = (awaited and not doc.all_good) or self.owed_back(doc)
        return not lacking and self.paid(doc) >= sum(doc.due.values())

    def owed_again(self, doc: Doc) -> int:
        """The way back that was taken back last, while none was repaid after it."""
        repaid = [p for p in self.of(doc) if p.kind == "freight" and p.state != "failed" and not p.reversal]
        return repaid[-1].total if repaid and all(pay.state == "reversed" for pay in repaid) else 0

    def _unopened(self, box: Box, doc: Doc) -> bool:
        """Whether a case's parcel lies at the door, and nobody has graded a piece of it."""
        return doc in box.docs and box.arrived and not box.inspected

    def finish(self, who: str, doc: Doc) -> None:
        self.may(who, "manager", "agent")
        need(not doc.finished and self.nothing_open(doc), "something is open")
        self._close(doc)

    def _close(self, doc: Doc) -> None:
        doc.finished = True
        if doc.kind in GOODS_OUT:
            doc.used = {}
        self.pieces_free(doc.order)

    def _sent_again(self, doc: Doc) -> None:
        """Pieces that the buyer holds again may be returned: the case that sent them binds them no longer."""
        if doc.with_buyer:
            doc.used = {}
            self.pieces_free(doc.order)

    def reopen(self, who: str, doc: Doc) -> None:
        self.may(who, "manager", "agent")
        need(doc.finished or doc.decision == "withdrawn", "open")
        if doc.decision == "withdrawn":
            self.take_pieces(doc)
            doc.decision, doc.finished = "requested", False
            self._settle(doc)
        else:
            self._open_again(doc)

    def _open_again(self, doc: Doc) -> None:
        if doc.kind in GOODS_OUT and doc.decision == "approved" and not doc.with_buyer:
            self.take_pieces(doc)
        doc.finished = False

    def ship(self, who: str, doc: Doc) -> None:
        self.may(who, "manager", "agent", "warehouse")
        need(doc.goods_out == "due", "nothing to send")
        need(doc.kind != "exchange" or doc.want or not doc.reason.startswith("SZ_"), "nobody said which size")
        if doc.kind == "exchange" and not doc.all_good:
            self.may(who, "manager")
        before = list(self.kept)
        if self.keep(doc):
            self.kept = before
            need(False, "not in stock")
        for sku, n in self.let_go(doc):
            self.stock[sku, "sellable"] -= n
        doc.goods_out = "shipped"
        self._sent_again(doc)
        self._ask(doc, "enter_waybill")

    def clicked(self, who: str, doc: Doc) -> None:
        self.may(who, "manager", "agent")
        waiting = [name for name, state in doc.clicks.items() if state == "todo"]
        need(waiting, "nothing to click")
        click = sorted(waiting, key=lambda name: name in PAYING)[0]  # one by one, as asked for, what pays last
        need(click not in PAYING or self.as_asked(doc), "another sum than asked for")
        need(click not in PAYING or self.stands_for_goods(doc), "goods of another order")
        need(click not in PAYING or not self._unsent(doc) or not self.leaves_beyond(doc), "more than was paid")
        self._make(doc, click)
        if doc.decision == "withdrawn" and not doc.finished and self.nothing_open(doc):
            self._close(doc)

    # money

    def as_asked(self, doc: Doc) -> bool:
        """Whether just what the buyer applied for on the platform was let go on a case, and nothing of it waits."""
        through = [pay for pay in self.of(doc) if pay.original]
        let_go = sum(pay.total for pay in through if pay.state in {"due", "sent", "unknown"})
        return doc.there is None or (let_go == doc.there and all(pay.state != "waiting" for pay in through))

    def of(self, doc: Doc) -> list[Pay]:
        return [pay for pay in self.pays if pay.doc is doc]

    def paid(self, doc: Doc, part: str = "") -> int:
        """What live refunds of a case have given, in all or for one line or the freight."""
        live = [pay for pay in self.of(doc) if pay.kind == "refund" and pay.state != "failed"]
        return sum(minor for pay in live for name, minor in pay.parts.items() if not part or name == part)

    def refund(self, who: str, doc: Doc, amount: int | None, waive: list[str], because: str) -> Pay:
        self.may(who, "manager", "agent", "finance")
        over = max(self._overs(doc, 0, {})) if self.amends(doc.order) else 0
        waive = [rule for rule in waive if rule != BEYOND_PRICE or over > 0]
        self._waive(who, waive, because, {"approval", "goods_first", "goods", "sent_back", BEYOND_PRICE})
        need(doc.decision == "approved", "not approved")
        need(BEYOND_PRICE in waive or not self.leaves_beyond(doc), "more than was paid")
        now = self._now(doc, self.waived(doc) | set(waive))
        need(now, "nothing is due")
        if amount is not None:
            need(0 < amount <= sum(now.values()), "not that much")
            now = dict(zip(now, shared(amount, list(now.values())), strict=True))
        self._note(doc, set(waive), sum(doc.due.values()))
        doc.beyond = max(doc.beyond, over) if BEYOND_PRICE in waive else doc.beyond
        return self._pay(who, doc, "refund", now)

    def _now(self, doc: Doc, waived: set[str]) -> dict[str, int]:
        """What may be paid now by line and freight: of what waits for its goods only what came back."""
        missing = doc.kind in GOODS_BACK and not doc.all_good
        ahead = not missing or "goods_first" in waived
        need(ahead or any(doc.good.values()), "the goods first")
        need(not ahead or self.is_right(doc) or "goods" in waived, "goods of another order")
        now = {}
        for sku, pieces in doc.pieces.items():
            due = doc.due.get(sku, 0)
            earned = due if ahead else half_up(due, min(doc.good.get(sku, 0), pieces), pieces)
            now[sku] = max(earned - self.paid(doc, sku), 0)
        complete = all(now[sku] + self.paid(doc, sku) >= doc.due.get(sku, 0) for sku in doc.pieces)
        if complete:
            now["freight"] = doc.due.get("freight", 0) - self.paid(doc, "freight")
        return {name: minor for name, minor in now.items() if minor > 0}

    def _pay(self, who: str, doc: Doc, kind: str, parts: dict[str, int]) -> Pay:
        held = {name for name, role in self.roles.items() if role not in {"owner", "manager"}}
        gone = {"failed", "reversed"}
        before = [p for p in self.pays if p.doc.order is doc.order and p.by in held | {who} and p.state not in gone]
        together = sum(p.total for p in before if not p.signed and not p.reversal) + sum(parts.values())
        alone = {"owner": True, "manager": True, "agent": together <= AGENT_LIMIT}.get(self.roles[who], False)
        state = "due" if alone else "waiting"
        # the platform pays a refund once: what is paid after its click goes another way
        spent = any(doc.clicks.get(name) == "done" for name in PAYING)
        original = kind == "refund" and doc.listed and doc.kind in BY_ITSELF and not spent
        pay = Pay("", doc, kind, {k: v for k, v in parts.items() if v}, state, who, original=original)
        self.pays.append(pay)
        self._click(pay)
        return pay

    def _click(self, pay: Pay) -> None:
        """The click that pays exists once its payout is due."""
        if pay.original and pay.state == "due":
            self._ask(pay.doc, "confirm_receipt" if pay.doc.kind == "return" else "agree_refund")

    def stands_for_goods(self, doc: Doc) -> bool:
        """Whether no money was let go for pieces in whose place goods of another order came, unless that was waived."""
        if self.is_right(doc) or "goods" in self.waived(doc):
            return True
        good = {sku: min(doc.good.get(sku, 0), n) for sku, n in doc.pieces.items()}
        earned = {sku: half_up(doc.due.get(sku, 0), good[sku], n) if n else 0 for sku, n in doc.pieces.items()}
        return all(self.paid(doc, sku) <= minor for sku, minor in earned.items())

    def amends(self, order: Bought) -> int:
        """What was given in money on an order; what failed is none, what was taken back adds up to nothing."""
        return sum(minor for _doc, minor in self._given(order))

    def _given(self, order: Bought) -> list[tuple[Doc, int]]:
        live = [pay for pay in self.pays if pay.doc.order is order and pay.state != "failed" and not pay.gift]
        return [(pay.doc, pay.parts.get("amends", 0)) for pay in live]

    def over(self, doc: Doc, minor: int, goods: dict[str, int]) -> int:
        """By how much so much more (by SKU for its `goods` alone) exceeds what was paid of the order, of the lines of a
        case, or of its pieces.
        """
        return max(self._overs(doc, minor, goods))

    def _overs(self, doc: Doc, minor: int, goods: dict[str, int]) -> list[int]:
        given = self._given(doc.order)
        all_docs = [each for each in self.docs if each.order is doc.order]
        order = sum(line.cash for line in doc.order.lines) + doc.order.freight
        of_order = sum(sum(each.due.values()) for each in all_docs) + sum(paid for _doc, paid in given)
        skus, more = set(doc.pieces), sum(goods.values())
        of_lines = sum(each.due.get(sku, 0) for each in all_docs for sku in skus)
        of_lines += sum(paid for other, paid in given if skus & set(other.pieces))
        lines = sum(line.cash for line in self.lines(doc))
        overs = [of_order + minor - order, of_lines + more - lines]
        if doc.kind != "allowance":
            worth = [half_up(x.cash, min(doc.pieces[x.sku], x.pieces), x.pieces) for x in self.lines(doc)]
            own = sum(paid for other, paid in given if other is doc)
            due = [doc.due.get(x.sku, 0) for x in self.lines(doc)]
            most = due if doc.decision == "approved" else [goods.get(x.sku, 0) for x in self.lines(doc)]
            overs.append(sum(due) + own + more - sum(map(max, worth, most)))
        return overs

    def leaves_beyond(self, doc: Doc) -> bool:
        """Whether what is let go on a case, its amends with it, exceeds what was paid, and no manager let as much go on
        any case that counts with it.
        """
        if not self.amends(doc.order):
            return False
        overs, of_order = self._overs(doc, 0, {}), [each for each in self.docs if each.order is doc.order]
        mine = [each for each in of_order if each is doc or set(each.pieces) & set(doc.pieces)]
        limits = [max(each.beyond for each in docs) for docs in (of_order, mine, mine)]
        return any(over > limit for over, limit in zip(overs, limits, strict=False))

    def _of_price(self, pay: Pay) -> bool:
        """Whether a payout is money that ends at the price: no freight of the way back, no coupon, no points."""
        return pay.kind != "freight" and not pay.gift

    def excess(self, doc: Doc, asked: int | None) -> int:
        """By how much an approval of so much (None: all that is due) exceeds what was paid, with the amends."""
        return self._beside(doc, *self.due(doc, asked)[:2])

    def _beside(self, doc: Doc, due: int, parts: dict[str, int]) -> int:
        goods = {sku: minor for sku, minor in parts.items() if sku != "freight"}
        return self.over(doc, due, goods) if due and self.amends(doc.order) else 0

    def _fitting(self, doc: Doc, due: int, parts: dict[str, int], waive: set[str]) -> set[str]:
        """The waivers that an approval writes down; with the amends it must stay within what was paid, or exceed it by
        no more than a manager says.
        """
        over = self._beside(doc, due, parts)
        need(over <= doc.beyond or BEYOND_PRICE in waive, "more than was paid, with amends")
        if over <= 0:
            return waive - {BEYOND_PRICE}
        doc.beyond = max(doc.beyond, over) if BEYOND_PRICE in waive else doc.beyond
        return waive

    def beside(
        self, who: str, doc: Doc, kind: str, minor: int, waive: list[str], because: str, *, money: bool = True
    ) -> Pay:
        """Amends (``compensation``; in `money`, or a coupon), or the way back (``freight``) that the buyer advanced."""
        self.may(who, "manager", "agent", "finance")
        over = self.over(doc, minor, {"amends": minor}) if kind == "compensation" and money else 0
        waive = [rule for rule in waive if rule != BEYOND_PRICE or over > 0 or kind == "freight"]
        self._waive(who, waive, because, {"approval", "freight"} if kind == "freight" else {"approval", BEYOND_PRICE})
        waived = self.waived(doc) | set(waive)
        need(not doc.finished, "finished")
        need(doc.decision == "approved" or "approval" in waived, "not approved")
        if kind == "freight":
            came_back = doc.kind in GOODS_BACK and doc.order.shipped and doc.reason not in NOT_RETURNED
            need((came_back and doc.reason in SHOP_LIABLE) or "freight" in waived, "the buyer's own way")
            gone = {"failed", "reversed"}
            once = [p for p in self.of(doc) if p.kind == "freight" and p.state not in gone and not p.reversal]
            need(not once, "repaid already")
        need(minor > 0, "nothing")
        allowed = max(doc.beyond, over) if BEYOND_PRICE in waive else doc.beyond
        need(over <= allowed, "more than was paid")
        at = sum(doc.due.values()) if doc.decision == "approved" else self.due(doc, doc.asked)[0]
        self._note(doc, set(waive), at)
        doc.beyond = allowed
        pay = self._pay(who, doc, kind, {"amends" if kind == "compensation" else "way_back": minor})
        pay.gift = not money
        return pay

    def countersign(self, who: str, pay: Pay) -> None:
        self.may(who, "manager")
        need(pay.by != who and pay.state == "waiting", "no second person, or nothing waits")
        need(pay.kind != "refund" or self.stands_for_goods(pay.doc), "goods of another order")
        need(not self._of_price(pay) or not self.leaves_beyond(pay.doc), "more than was paid")
        pay.state, pay.signed = "due", True
        self._click(pay)

    def step(self, who: str, pay: Pay, move: str, because: str) -> None:
        self.may(who, "manager", "agent", "finance")
        need(because or move != "fail", "say why")
        clicked = any(pay.doc.clicks.get(name) == "done" for name in PAYING)
        need(pay.state in NEXT[move], "no such step")
        left_there = pay.original and (pay.state in {"sent", "unknown"} or (pay.state == "due" and clicked))
        need(not left_there or move != "fail", "the platform may have paid it")
        clicks = pay.original and pay.state in {"waiting", "due"} and move in {"send", "confirm"} and not clicked
        need(not clicks or self.as_asked(pay.doc), "another sum than asked for")
        leaves = pay.kind == "refund" and pay.state in {"waiting", "due"} and move in {"send", "confirm"}
        need(not leaves or self.stands_for_goods(pay.doc), "goods of another order")
        leaves = self._of_price(pay) and pay.state in {"waiting", "due"} and move in {"send", "confirm"}
        need(not leaves or not self.leaves_beyond(pay.doc), "more than was paid")
        pay.state = NEXT[move][pay.state]
        doc = pay.doc
        # a click that paid was made, also where its money was taken back: the platform pays a refund once
        by_click = any(each.original and each.state not in {"waiting", "failed"} for each in self.of(doc))
        if pay.kind == "refund" and (pay.state == "failed" or not pay.original):
            drops = set() if by_click else {n for n in PAYING if doc.clicks.get(n) not in {None, "verified"}}
            doc.clicks = {n: "dropped" if n in drops else s for n, s in doc.clicks.items()}
        elif pay.kind == "refund" and pay.state in {"sent", "confirmed"}:
            for name in [name for name, state in doc.clicks.items() if name in PAYING and state == "todo"]:
                self._make(doc, name)
        if move == "confirm" and pay.kind == "refund" and not doc.finished and self.nothing_open(doc):
            self._close(doc)

    def reverse(self, who: str, pay: Pay, because: str) -> Pay:
        self.may(who, "manager")
        need(because and not pay.reversal and pay.state == "confirmed", "not reversible")
        pay.state = "reversed"
        back = Pay("", pay.doc, pay.kind, {k: -v for k, v in pay.parts.items()}, "confirmed", who, reversal=True,
                   gift=pay.gift)  # fmt: skip
        self.pays.append(back)
        if pay.doc.finished and not self.nothing_open(pay.doc):
            self._open_again(pay.doc)
        return back

    # parcels

    def expect(self, who: str, doc: Doc, waybill: str) -> None:
        self.may(who, "manager", "agent", "warehouse")
        need(doc.kind in GOODS_BACK, "nothing comes back")
        awaited = self.boxes[waybill].docs if waybill in self.boxes else []
        need(not awaited or any(other.order is doc.order for other in awaited), "another order's return")
        box = self.boxes.setdefault(waybill, Box(waybill))
        self._join(box, doc)

    def _join(self, box: Box, doc: Doc) -> None:
        if doc in box.docs:
            return
        box.docs.append(doc)
        box.docs.sort(key=self.docs.index)
        self._assign(box, doc)
        self._sent_again(doc)
        self._by_itself(doc, inspected=True)

    def _assign(self, box: Box, doc: Doc) -> None:
        """What was found before in a parcel counts for the case that it turned out to belong to; the rest is held."""
        for finding in list(box.found) if doc.decision not in TURNED_DOWN else []:
            if finding.doc is None and finding.grade == "X" and any(box.held.get(finding.sku, {}).values()):
                continue
            filled = doc.seen if finding.grade == "X" else doc.good
            loose = finding.doc is None and finding.sku in doc.pieces
            room = doc.pieces[finding.sku] - filled.get(finding.sku, 0) if loose else 0
            if loose and room >= finding.pieces:
                finding.doc, finding.line = doc, finding.sku
                self._credit(doc, finding.sku, finding.pieces, finding.grade)
            elif room > 0 and finding.grade != "X":
                self._take_back(box, finding, finding.pieces)
                self._grade(box, finding.sku, finding.pieces, finding.grade)
        self._free(box)
        for sku in sorted(box.counted):
            self._hold_surplus(box, sku)

    def _settle(self, doc: Doc) -> None:
        """After a decision: of what came back just that is held which nobody waits for. What came back for a case that
        was turned down is the buyer's, or another case's of the same parcel; what was thrown away stays so.
        """
        for box in self.boxes.values() if doc.kind in GOODS_BACK else []:
            if doc not in box.docs or not any(box.counted.values()):
                continue
            mine = [f for f in box.found if f.doc is doc and f.grade not in {"D", "X"}]
            for finding in mine if doc.decision in TURNED_DOWN else []:
                sku, pieces = finding.sku, finding.pieces
                self._take_back(box, finding, pieces)
                beyond = min(pieces, self._beyond(box, sku))
                if beyond:
                    self._hold(box, sku, beyond, finding.grade)
                if pieces > beyond:
                    self._grade(box, sku, pieces - beyond, finding.grade)
                    self._let_go(box)
            self._assign(box, doc)

    def _hold(self, box: Box, sku: str, n: int, found: str = "") -> None:
        """Held for nobody; the grade that it had is kept for the case that may wait for it one day."""
        grades = box.held.setdefault(sku, {})
        grades[found] = grades.get(found, 0) + n
        self._grade(box, sku, n, "X", loose=True)
        self._let_go(box)

    def _free(self, box: Box) -> None:
        """What was held while nobody waited for it, and a case waits for now, is what it was before."""
        for sku, grades in box.held.items():
            standing = sum(f.pieces for f in box.found if (f.sku, f.grade, f.doc) == (sku, "X", None))
            for found, pieces in grades.items():
                freed = min(pieces, standing, self._lack(box, sku))
                standing -= freed
                grades[found] -= freed
                left = freed
                for finding in [f for f in box.found if (f.sku, f.grade, f.doc) == (sku, "X", None)]:
                    taken = min(left, finding.pieces)
                    if taken:
                        self._take_back(box, finding, taken)
                        left -= taken
                if freed and found:
                    self._grade(box, sku, freed, found)
                    self._let_go(box)

    def _lack(self, box: Box, sku: str) -> int:
        """Pieces that the cases of a parcel still wait for, over all of their parcels; none without a case."""
        return max(0, -self._balance(box, sku)) if box.docs else 0

    def _hold_surplus(self, box: Box, sku: str) -> None:
        """Pieces beyond what the cases wait for are held for nobody, whatever was found of them."""
        beyond = self._beyond(box, sku)
        for finding in [f for f in reversed(box.found) if (f.doc, f.sku) == (None, sku) and f.grade != "X"]:
            taken = min(beyond, finding.pieces)
            if taken:
                self._take_back(box, finding, taken)
                self._hold(box, sku, taken, finding.grade)
                beyond -= taken
        waits = min(self._beyond(box, sku), box.counted[sku] - box.inspected.get(sku, 0))
        if waits > 0:
            self._hold(box, sku, waits)

    def _credit(self, doc: Doc, sku: str, n: int, grade: str) -> None:
        doc.seen[sku] = doc.seen.get(sku, 0) + n
        if grade == "X":
            doc.foreign += n
        else:
            doc.good[sku] = doc.good.get(sku, 0) + n
            doc.worn += n if grade in {"C", "D"} else 0

    def match(self, who: str, waybill: str, doc: Doc) -> None:
        self.may(who, "manager", "agent", "warehouse")
        need(waybill in self.boxes, "no such parcel")
        need(doc not in self.boxes[waybill].docs, "joined already")
        self._join(self.boxes[waybill], doc)

    def scan(self, who: str, waybill: str) -> str:
        self.may(who, "manager", "agent", "warehouse")
        known = waybill in self.boxes
        box = self.boxes.setdefault(waybill, Box(waybill))
        if box.arrived:
            return "duplicate"
        box.arrived = True
        self._let_go(box)
        for doc in box.docs:
            if doc.finished and not self.nothing_open(doc):
                self._open_again(doc)  # a refund that was paid is over only once its box is opened
        if known and box.docs and all(doc.decision in TURNED_DOWN for doc in box.docs):
            return "stop"  # what is in it is the buyer's
        return "received" if known else "unclaimed"

    def inspect(self, who: str, waybill: str, items: list[tuple[str, int, str]], *, sealed: bool) -> None:
        self.may(who, "manager", "agent", "warehouse")
        need(waybill in self.boxes, "no such parcel")
        box, (sku, *_rest) = self.boxes[waybill], items[0]
        wanted = [(n, grade) for _sku, n, grade in items]
        need(sealed or sku not in CONSUMED or all(grade != "A" for _n, grade in wanted), "opened, and never as new")
        rest, back = self._planned(box, sku, wanted)
        if not box.arrived:
            box.arrived = True
            self._let_go(box)
        if not box.counted.get(sku):
            box.counted[sku] = sum(n for n, _grade in wanted)
        for finding, n in back:
            self._take_back(box, finding, n)
        for n, grade in rest:
            self._grade(box, sku, n, grade)
            self._let_go(box)
        if back:
            self._correct(box)

    def _let_go(self, box: Box) -> None:
        for doc in box.docs:
            self._sent_again(doc)
            self._by_itself(doc, inspected=True)

    def _planned(
        self, box: Box, sku: str, wanted: list[tuple[int, str]]
    ) -> tuple[list[tuple[int, str]], list[tuple[Finding, int]]]:
        """What is to be graded, and what of earlier findings of one SKU is taken back for it."""
        pieces, right = sum(n for n, _g in wanted), sum(n for n, grade in wanted if grade != "X")
        waiting = box.counted.get(sku, 0) - box.inspected.get(sku, 0)
        if not box.counted.get(sku):
            need(not any(box.counted.values()), "opened, and none of it was in it")
            need(not right or not self._excess(box, sku, min(pieces, right)), "more than is waited for")
        if not box.counted.get(sku) or pieces <= waiting:
            return wanted, []
        standing = {grade: sum(f.pieces for f in box.found if (f.sku, f.grade) == (sku, grade)) for grade in PLACE}
        rest = []
        for n, grade in wanted:
            same = min(n, standing[grade])
            standing[grade] -= same
            rest += [(n - same, grade)] if n > same else []
        need(rest, "inspected already")
        again = sum(n for n, _grade in rest) - waiting
        grades = {grade for _n, grade in wanted}
        others = [f for f in reversed(box.found) if f.sku == sku and f.grade not in grades]
        others.sort(key=lambda f: f.grade == "X" and f.doc is None)  # what nobody waits for is the last to change
        need(again <= sum(f.pieces for f in others), "not so many")
        back = []
        for finding in others:
            if again > 0:
                back.append((finding, min(again, finding.pieces)))
                again -= finding.pieces
        righted = sum(n for f, n in back if f.grade == "X") - sum(n for n, grade in rest if grade == "X")
        need(self._beyond(box, sku, righted) <= self._beyond(box, sku), "no case waits for what is held")
        return rest, back

    def owed_back(self, doc: Doc, *, unsent: bool = False) -> int:
        """What left of a return (`unsent`: or is to leave) beyond the worth of the pieces that are right ones; nothing
        where somebody let the money go before the goods.
        """
        if doc.kind != "return" or doc.decision != "approved" or "goods_first" in self.waived(doc):
            return 0
        clicked = any(doc.clicks.get(name) == "done" for name in PAYING)
        refunds = [pay for pay in self.of(doc) if pay.kind == "refund"]
        gone = [pay for pay in refunds if pay.state in {"sent", "unknown", "confirmed", "reversed"}]
        gone += [pay for pay in refunds if pay.state == "due" and (unsent or (pay.original and clicked))]
        gone += [pay for pay in refunds if pay.state == "waiting" and unsent]
        owed = 0
        for sku, pieces in doc.pieces.items():
            paid = sum(pay.parts.get(sku, 0) for pay in gone)
            owed += max(paid - half_up(doc.due.get(sku, 0), min(doc.good.get(sku, 0), pieces), pieces), 0)
        return owed

    def _correct(self, box: Box) -> None:
        """After a finding was corrected: what has not left and has no goods behind it fails, a finished case opens."""
        for doc in box.docs:
            by_click = self._unsent(doc)
            for pay in self.of(doc) if self.owed_back(doc, unsent=True) else []:
                by_hand = pay.kind == "refund" and not pay.original and pay.state in {"waiting", "due"}
                if by_hand or pay in by_click:
                    pay.state = "failed"
                    self._unclick(doc)
            if doc.finished and not self.nothing_open(doc):
                self._open_again(doc)

    def _unclick(self, doc: Doc) -> None:
        """The click that pays is dropped once no refund by it stands."""
        standing = {"due", "sent", "unknown", "confirmed", "reversed"}
        if not any(pay.original and pay.state in standing for pay in self.of(doc)):
            doc.clicks = {n: "dropped" if n in PAYING and s != "verified" else s for n, s in doc.clicks.items()}

    def _take_back(self, box: Box, finding: Finding, n: int) -> None:
        """A finding is reversed whole; what of it stays is found anew."""
        box.found.remove(finding)
        if finding.pieces > n:
            box.found.append(Finding(finding.sku, finding.pieces - n, finding.grade, finding.doc, finding.line))
        box.inspected[finding.sku] -= n
        self.stock[finding.sku, place(finding.sku, finding.grade)] -= n
        if finding.doc:
            self._credit(finding.doc, finding.line, -n, finding.grade)

    def _grade(self, box: Box, sku: str, n: int, grade: str, *, loose: bool = False) -> None:
        """Pieces count for the oldest case that waits for them; goods of another order for any that waits."""
        box.inspected[sku] = box.inspected.get(sku, 0) + n
        self.stock[sku, place(sku, grade)] = self.stock.get((sku, place(sku, grade)), 0) + n
        for doc in [] if loose else [each for each in box.docs if each.decision not in TURNED_DOWN]:
            for line in self.lines(doc):
                if line.sku == sku or grade == "X":
                    filled = doc.seen if grade == "X" else doc.good
                    taken = min(n, doc.pieces[line.sku] - filled.get(line.sku, 0))
                    if taken > 0:
                        self._credit(doc, line.sku, taken, grade)
                        box.found.append(Finding(sku, taken, grade, doc, line.sku))
                        n -= taken
        if n:
            box.found.append(Finding(sku, n, grade))

    def _excess(self, box: Box, sku: str, n: int) -> int:
        """How many of some more pieces the cases of a parcel do not wait for, over all parcels of those cases."""
        return min(n, self._beyond(box, sku, n))

    def _beyond(self, box: Box, sku: str, more: int = 0) -> int:
        """Pieces counted as right ones, and `more` of them, beyond what a parcel's cases wait for; none without one. A
        case that was turned down waits for nothing: the goods are the buyer's.
        """
        return max(0, self._balance(box, sku) + more) if box.docs else 0

    def _balance(self, box: Box, sku: str) -> int:
        """Pieces counted as right ones less those that the cases of a parcel wait for, over all of their parcels."""
        theirs = [other for other in self.boxes.values() if any(doc in other.docs for doc in box.docs)]
        there = sum(other.counted.get(sku, 0) for other in theirs)
        strange = sum(f.pieces for other in theirs for f in other.found if (f.sku, f.grade) == (sku, "X"))
        waiting = [doc for doc in box.docs if doc.decision not in TURNED_DOWN]
        waited = sum(doc.pieces.get(sku, 0) for doc in waiting)
        orders = {id(doc.order): doc.order for doc in waiting if doc.kind == "return"}
        waited += sum(self._gifts(order, sku) for order in orders.values())
        return there - strange - waited

    def _gifts(self, order: Bought, sku: str) -> int:
        """Pieces that nobody paid for and no case asks for: they may come back with what was bought."""
        live = [doc for doc in self.docs if doc.order is order and doc.decision not in TURNED_DOWN]
        asked = any(doc.pieces.get(sku) for doc in live if doc.kind not in {"allowance", "inquiry"})
        bought = any(line.cash for line in order.lines)
        return 0 if asked or not bought else sum(x.pieces for x in order.lines if x.sku == sku and not x.cash)

    def count(self, who: str, waybill: str, sku: str) -> None:
        """The first piece scanned out of a parcel whose waybill was just read: one that was counted before is the same
        piece; one too many is held.
        """
        self.may(who, "manager", "agent", "warehouse")
        box = self.boxes[waybill]
        if box.counted.get(sku):
            return
        excess = self._excess(box, sku, 1)
        box.counted[sku] = box.counted.get(sku, 0) + 1
        if excess:
            self._hold(box, sku, 1)


def _worth_counts(doc: Doc, used_up: bool) -> bool:
    return doc.kind in MONEY_BACK and used_up
