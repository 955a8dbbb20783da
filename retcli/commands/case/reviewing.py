"""`retcli case review`: a round through the queue. A case is on the screen, a key decides it, the decision is saved at
once, the next case comes.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from retcli import actions
from retcli.commands.asking import typed_amount
from retcli.commands.case.to_look_at import to_look_at
from retcli.commands.terminal.keys import Keys, Scanned
from retcli.errors import Busy, Changed, NotFound, Refused, WrongCommand
from retcli.language import _, mark
from retcli.rules.cases.remedies import GIVEN, LEAST, REFUSALS, Rung
from retcli.rules.money.minor_units import Money, Typed
from retcli.rules.money.minor_units import text as money_in_words
from retcli.rules.policy.policy import OWN_CURRENCY
from retcli.settings import Asked
from retcli.views.base import View, money_text
from retcli.views.cases.offers import OfferView
from retcli.views.cases.queue import CardView, DoneView, SummaryView
from retcli.words import word

_PROMPT = mark("[a]pprove [r]eject [o]ffer [m]anager [s]kip [u]ndo [?]help [q]uit > ")
_HELP = (
    mark("a  approve it as it stands on the screen"),
    mark("r  reject it: then a digit for a usual reason, or t and a line of your own"),
    mark("o  offer the buyer something: then the rung, and the amount"),
    mark("m  leave it to a manager, with a note"),
    mark("s  skip it: it stays in the queue"),
    mark("u  take the last decision of this round back"),
    mark("q  stop; everything decided is saved"),
)
_STAYS = (Refused, WrongCommand, NotFound, Busy)
"""Errors after which the case stays on the screen, with the message below it; all others end the round."""


@dataclass(frozen=True)
class Done:
    """One act of this round that can be taken back."""

    number: str  # of the case
    outcome: str
    take_back: Callable[..., Any]  # the action that takes it back
    arguments: tuple[Any, ...]  # of that action, after the case: first the version of the case that the act left
    money: Money | None = None  # what it approved


class Round:
    """One person's round through the queue of undecided cases."""

    def __init__(self, call: Asked) -> None:
        self.call = call
        self.keys = Keys()
        self.outcomes: Counter[str] = Counter()
        self.money: Counter[str] = Counter()
        self.done: list[Done] = []
        self.waiting: deque[str] = deque()
        self.message = ""
        self.over = False
        self.began = time.monotonic()

    def views(self) -> Iterator[View]:
        """The screens one after the other, then the summary; as JSON what became of each case, then the summary."""
        queue = self._reads(actions.cases.queue.waiting)
        total = len(queue.cases)
        self.waiting.extend(queue.cases)
        while not self.over:
            if self.waiting:
                number = self.waiting.popleft()
                yield from self._one(number, total - len(self.waiting), total)
            else:
                yield from self._ended()
        done = sum(self.outcomes.values()) - self.outcomes["skipped"] - self.outcomes["taken_back"]
        spent = time.monotonic() - self.began
        yield SummaryView(
            dict(self.outcomes), dict(self.money), self.keys.pressed, spent, total - done, queue.above, self.message
        )

    def _reads(self, action: Callable[..., Any], *args: Any) -> Any:
        """Does an action that only reads, in a moment of its own: no books stay open while somebody looks
        and thinks.
        """
        from retcli.transaction import opened

        with opened(self.call, writes=False) as shop:
            return action(shop, *args)

    def _does(self, action: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Does an action in a transaction of its own, saved when it returns."""
        from retcli.transaction import opened

        with opened(self.call) as shop:
            return action(shop, *args, **options)

    def _one(self, number: str, place: int, total: int) -> Iterator[View]:
        """Shows one case and takes keys until something is done with it."""
        while True:
            card = self._reads(actions.cases.queue.card, number)
            if card is None:
                text = _("{case} was decided by somebody else meanwhile").format(case=number)
                yield from self._noted(DoneView(number, "passed_over", text, {}))
                return
            if not self.call.as_json:
                yield replace(card, place=place, total=total, message=self.message)
            self.message = ""
            try:
                yield from self._noted(self._decided(card))
                return
            except Changed as changed:
                # somebody else changed it a moment ago: shown anew, with that said above it
                self.message = changed.message

    def _ended(self) -> Iterator[View]:
        """After the last case: the last act can still be taken back, any other key ends the round."""
        self.over = not self.done
        if self.over:
            return
        self._tell(self.message)
        self.message = ""
        try:
            if self.keys.key(_("That was the last one: [u]ndo [q]uit > "), unread=True) == "u":
                yield from self._noted(self._take_back())
            else:
                self.over = True
        except Scanned as burst:
            self._tell(*self._about(burst.code))
        except _STAYS as why:
            self._tell(why.message, why.hint)

    def _noted(self, done: DoneView | None) -> Iterator[View]:
        """Counts an act, whose message goes above the next screen; as JSON it is a document. None ends the round."""
        if done is None:
            self.over = True
            return
        self.outcomes[done.outcome] += 1
        self.message = done.message
        if self.call.as_json:
            yield done

    def _decided(self, card: CardView) -> DoneView | None:
        """Takes keys until one of them does something, and gives what it did; None where the round ends."""
        while True:
            try:
                key = self.keys.key(_(_PROMPT), unread=True)
                if key is None or key == "q":
                    return None
                done = self._tried(key, card)
            except Scanned as burst:
                self._tell(*self._about(burst.code))
                continue
            if done is not None:
                return done

    def _tried(self, key: str, card: CardView) -> DoneView | None:
        """Does what a key stands for; None where it did nothing, after saying why, so that the case stays. Raises
        Changed.
        """
        ways = {"a": self._approve, "r": self._reject, "o": self._offer, "m": self._hand_up, "s": _skip}
        ways |= {"u": self._take_back}
        try:
            if key in ways:
                return ways[key](card)
        except Changed:
            raise
        except _STAYS as why:
            self._tell(why.message, why.hint)
            return None
        if key in {"?", "h"}:
            self._tell(*(_(line) for line in _HELP))
        else:
            self._tell(_("{key} means nothing here: ? helps").format(key=key if key.isprintable() else "·"))
        return None

    def _about(self, code: str) -> list[str]:
        """Lines that tell that a barcode gun was fired and decided nothing, and what its code names."""
        if not code:
            return [_("Several keys at once decide nothing: press one")]
        named = self._reads(actions.cases.queue.parcel_or_case, code)
        if named is None:
            text = _(
                "Scanned {code}: nothing here has this number; nothing was decided. Parcels are received by: {how}"
            )
            return [text.format(code=code, how="retcli scan")]
        return [_("Scanned {code}; nothing was decided by it:").format(code=code), named.headline]

    def _tell(self, *lines: str) -> None:
        """Shows lines beside the answer, on standard error."""
        for line in lines:
            if line:
                self.call.remark(line)

    def _keep(self, view: Any, outcome: str, way: Callable[..., Any], *more: Any) -> None:
        """Remembers how an act is taken back (`way`, with `more` arguments)."""
        self.done.append(Done(view.number, outcome, way, (view.version, *more)))

    def _take_back(self, card: CardView | None = None) -> DoneView | None:
        """Takes the last act of this round back; its case comes on the screen again, then the one that is there now."""
        if not self.done:
            self._tell(_("Nothing was decided in this round that could be taken back"))
            return None
        last = self.done[-1]
        # taken off the list only once that worked: refused, it can be tried again
        view = self._does(last.take_back, last.number, *last.arguments)
        self.done.pop()
        self.outcomes[last.outcome] -= 1
        if last.money is not None:
            self.money[last.money.currency] -= last.money.minor
        self.waiting.extendleft([card.case.number, last.number] if card else [last.number])
        text = _("{case}: {what} taken back").format(case=last.number, what=word(last.outcome, "review"))
        return DoneView(last.number, "taken_back", text, view.document())

    def _sure(self, card: CardView) -> bool:
        """Whether a case is to be approved although a person must look at something, which is asked once more; yes from
        a pipe, where each line is meant.
        """
        lines = to_look_at(card.case.judgement, amount_asked=card.needs_amount)
        if not self.keys.live or not lines:
            return True
        self._tell(*lines)
        return self.keys.key(_("Approve it all the same? [y] (any other key goes back) "), unread=True) == "y"

    def _approve(self, card: CardView) -> DoneView | None:
        """Approves the case as it stands on the screen, with an amount that is asked for where none is known."""
        amount = None
        if not self._sure(card):
            return None
        if card.needs_amount:
            typed = self.keys.line(_("How much? "))
            if not typed:
                return None
            amount = typed_amount(typed)
        view = self._does(actions.cases.queue.approve_seen, card.seen, amount=amount)
        self.money[view.due.currency] += view.due.minor
        back = partial(actions.cases.taking_back.decision, amount_named=amount is not None)
        self.done.append(Done(view.number, "approved", back, (view.version,), view.due))
        text = _("{case} approved, {money}").format(case=view.number, money=money_text(view.due))
        return DoneView(view.number, "approved", text, view.document())

    def _reject(self, card: CardView) -> DoneView | None:
        """Rejects the case with a reason, after showing what speaks against that."""
        self._tell(*card.case.against_refusal)
        because = self._because()
        if not because:
            return None
        view = self._does(actions.cases.queue.reject_seen, card.seen, because)
        self._keep(view, "rejected", actions.cases.taking_back.decision)
        text = _("{case} rejected: {because}").format(case=view.number, because=because)
        return DoneView(view.number, "rejected", text, view.document())

    def _because(self) -> str:
        """The reason of a refusal: a usual one by its digit, or a line of one's own; "" to go back."""
        self._tell(*(f"{n}  {_(reason)}" for n, reason in enumerate(REFUSALS, 1)), _("t  a line of your own"))
        key = self.keys.key(_("Why? (any other key goes back) "))
        if key == "t":
            return self.keys.line(_("Reason: ")) or ""
        if key and key.isdecimal() and 1 <= int(key) <= len(REFUSALS):
            return _(REFUSALS[int(key) - 1])
        # from a pipe a whole line may stand in the place of the key
        return "" if self.keys.live or not key or len(key) < 2 else key

    def _offer(self, card: CardView) -> DoneView | None:
        """Offers the buyer a rung of the ladder, with an amount where it has one."""
        rungs = list(Rung)
        self._tell("  ".join(f"{n} {word(rung)}" for n, rung in enumerate(rungs, 1)))
        picked = self._digit(len(rungs), _("Which rung? (any other key goes back) "))
        if picked is None:
            return None
        rung = rungs[picked]
        amount: int | Typed | None = None
        if rung in GIVEN:
            amount = self._how_much(card)
            if amount is None:
                return None
        view: OfferView = self._does(actions.cases.queue.offer_seen, card.seen, rung, amount)
        self.done.append(Done(view.case, "offered", actions.cases.taking_back.offer, (card.seen.version,)))
        given = str(view.offer.amount) if amount else ""
        text = _("{case}: {rung} {amount} offered").format(case=view.case, rung=word(rung), amount=given)
        return DoneView(view.case, "offered", f"{text} {view.warning}".strip(), view.document())

    def _how_much(self, card: CardView) -> int | Typed | None:
        """The amount of an offer: in yuan Enter gives the least that is offered; None to go back."""
        if card.seen.due.currency != OWN_CURRENCY:
            typed = self.keys.line(_("How much? "))
            return typed_amount(typed) if typed else None
        usual = money_in_words(LEAST, OWN_CURRENCY)
        typed = self.keys.line(_("How much? (Enter: {amount}) ").format(amount=usual))
        return typed_amount(typed) if typed else LEAST

    def _digit(self, most: int, prompt: str) -> int | None:
        """The place, from 0, of what a digit picks of `most` things; None for any other key."""
        key = self.keys.key(prompt)
        return int(key) - 1 if key and key.isdecimal() and 1 <= int(key) <= most else None

    def _hand_up(self, card: CardView) -> DoneView | None:
        """Leaves the case to a manager, with a note. Raises Refused where there is none."""
        names = self._reads(actions.cases.queue.bosses).names
        if not names:
            raise Refused(_("There is no manager beside you"), "retcli staff add NAME --role manager")
        picked: int | None = 0
        if len(names) > 1:
            self._tell("  ".join(f"{n} {name}" for n, name in enumerate(names[:9], 1)))
            picked = self._digit(len(names[:9]), _("Whom? (any other key goes back) "))
        if picked is None:
            return None
        note = self.keys.line(_("Note (Enter: none): ")) or ""
        view = self._does(actions.cases.queue.hand_up, card.seen, names[picked], note)
        self._keep(view, "handed_over", actions.cases.taking_back.hand_over, card.case.owner)
        text = _("{case} left to {who}").format(case=view.number, who=names[picked])
        return DoneView(view.number, "handed_over", text, view.document())


def _skip(card: CardView) -> DoneView:
    """Leaves the case in the queue."""
    text = _("{case} skipped").format(case=card.case.number)
    return DoneView(card.case.number, "skipped", text, card.document())
