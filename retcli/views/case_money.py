"""How far a case's money has come: due, let go, sent, arrived, each a number of its own."""

from dataclasses import dataclass
from typing import Any

from retcli.language import _
from retcli.rules.money import Money
from retcli.views.base import money, money_text


@dataclass(frozen=True)
class CaseMoney:
    """What is due on a case and was agreed to (None: nothing was yet), and of its refunds what waits for a second
    person, is to be sent, is on its way, and has arrived.
    """

    due: Money
    agreed: Money | None
    waiting: Money
    to_send: Money
    sent: Money
    paid: Money

    def document(self) -> dict[str, Any]:
        """`due, paid, sent, to_send, waiting, agreed`."""
        names = ("due", "paid", "sent", "to_send", "waiting")
        agreed = money(self.agreed) if self.agreed else None
        return {name: money(getattr(self, name)) for name in names} | {"agreed": agreed}

    def sentence(self) -> str:
        """What was agreed, and of it what waits, is to be sent, was sent and has arrived; without what is nothing."""
        told = [_("{due} due").format(due=money_text(self.due))]
        if self.agreed and self.agreed != self.due:
            told.append(_("{agreed} agreed").format(agreed=money_text(self.agreed)))
        texts = (
            (self.waiting, _("{money} waits for a second person")),
            (self.to_send, _("{money} to be sent")),
            (self.sent, _("{money} on its way")),
            (self.paid, _("{money} arrived")),
        )
        told += [text.format(money=money_text(amount)) for amount, text in texts if amount.minor]
        if not any(amount.minor for amount, _text in texts):
            told.append(_("nothing paid"))
        return "、".join(told)
