"""Views of refunds that are paid as a group: what is to leave, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retcli.language import _
from retcli.rules.money.minor_units import Money
from retcli.views.base import Column, Said, Screen, View, money_text
from retcli.views.cases.group import GroupDoneView, Waits
from retcli.views.cases.queue import Seen, Stopped, draw_stopped
from retcli.views.documents import Documented, amounts
from retcli.views.money.payouts import PayoutView
from retcli.views.sums import sums, sums_text
from retcli.words import way_of_payment, word


@dataclass(frozen=True)
class DuePayment(Documented):
    """A refund that may be let go now, as it was looked at, with the state that its payout will have."""

    KEYS = ("case", "order", "kind", "method", "money", "state")

    seen: Seen
    order: str
    kind: str
    method: str
    state: str
    platform: str

    @property
    def case(self) -> str:
        """The number of the case."""
        return self.seen.number

    @property
    def money(self) -> Money:
        """The amount that is due."""
        return self.seen.due


@dataclass(frozen=True)
class DuePaymentsView(View):
    """The refunds that may be let go now, and those that something stops."""

    KEYS = ("payments", "count", "money", "stopped")

    payments: tuple[DuePayment, ...]
    stopped: tuple[Stopped, ...] = ()

    @property
    def seen(self) -> tuple[Seen, ...]:
        """Each case as it was looked at."""
        return tuple(payment.seen for payment in self.payments)

    @property
    def count(self) -> int:
        """How many refunds may be let go."""
        return len(self.payments)

    @property
    def money(self) -> tuple[Money, ...]:
        """What they come to, an amount for each currency."""
        return amounts(sums(seen.due for seen in self.seen))

    @property
    def exit_code(self) -> int:
        """3 where something is stopped (a person must look), else 0."""
        return 3 if self.stopped else 0

    def draw(self, screen: Screen) -> None:
        """Shows a row for each refund, the totals by currency, then what is stopped and why."""
        if self.payments:
            columns = [
                Column(_("Case"), "id"),
                Column(_("Order"), "id", spare=True),
                Column(_("Kind")),
                Column(_("Method")),
            ]
            columns.append(Column(_("Amount"), "money"))
            screen.table(columns, [_row(payment) for payment in self.payments])
            text = _("{n} refunds, {money} in all")
            total = sums_text(sums(seen.due for seen in self.seen))
            screen.line(text.format(n=len(self.payments), money=total), "bold")
            self._waiting(screen)
        else:
            screen.line(_("No refund is to be decided"))
        draw_stopped(screen, self.stopped)

    def _waiting(self, screen: Screen) -> None:
        """Shows how many will wait for a second person, and how much that is."""
        waiting = [payment.money for payment in self.payments if payment.state == "waiting"]
        if waiting:
            text = _("{n} will wait for a second person, {money}")
            screen.line(text.format(n=len(waiting), money=sums_text(sums(waiting))), "yellow")


def _row(payment: DuePayment) -> Sequence[str]:
    """The cells of a refund in the table."""
    seen = payment.seen
    method = way_of_payment(payment.method, payment.platform, seen.due.currency)
    return seen.number, payment.order, word(payment.kind), method, money_text(seen.due)


@dataclass(frozen=True)
class PaidGroupView(GroupDoneView):
    """A group of refunds that is being let go or is done, with their payouts."""

    KEYS = ("skipped", "money", "**cut", "payouts", "waiting")
    payouts: tuple[PayoutView, ...] = ()

    def with_one(self, view: View) -> "PaidGroupView":
        """The view with one more payout."""
        assert isinstance(view, PayoutView)
        waits = (Waits(view.case, view.number, view.money),) if view.state == "waiting" else ()
        return replace(self, payouts=(*self.payouts, view), waits=(*self.waits, *waits))

    @property
    def money(self) -> tuple[Money, ...]:
        """What of the payouts is due now, an amount for each currency."""
        return amounts(sums(payout.money for payout in self._due))

    @property
    def _due(self) -> tuple[PayoutView, ...]:
        """The payouts that are due now."""
        return tuple(payout for payout in self.payouts if payout.state != "waiting")

    @property
    def next(self) -> str:
        """What was not clicked on a platform is sent by the shop itself."""
        ways = {payout.method == "original": None for payout in self._due}
        return "\n".join("retcli platform todo" if clicked else "retcli pay list --state due" for clicked in ways)

    @property
    def last(self) -> Said:
        """The line about the last payout."""
        payout = self.payouts[-1]
        text = _("{case}: {payout} {money}, {state} ({n} of {total})")
        facts = {"case": payout.case, "payout": payout.number, "money": money_text(payout.money)}
        return Said(text.format(**facts, state=word(payout.state), n=len(self.payouts), total=self.total))

    def _head(self) -> list[str]:
        """How many payouts are due now and for how much, and which wait for a second person."""
        head = _("{n} due, {money}").format(n=len(self._due), money=sums_text(sums(line.money for line in self._due)))
        return [head, *self._waiting()]

    def _not_reached(self, names: str) -> str:
        """The line about the cases that were not reached."""
        return _("Not decided ({n}): {cases}").format(n=len(self.left), cases=names)
