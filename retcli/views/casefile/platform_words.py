"""Translations of the English words and codes by which platforms name the state of an order or a refund."""

from collections.abc import Mapping

from retcli.language import _, clauses, mark

FOREIGN = {
    "pending": mark("pending"),
    "authorized": mark("authorized"),
    "expired": mark("expired"),
    "paid": mark("paid"),
    "partially_paid": mark("partially paid"),
    "partially_refunded": mark("partially refunded"),
    "refunded": mark("refunded"),
    "voided": mark("voided"),
    "unpaid": mark("unpaid"),
    "to ship": mark("to ship"),
    "shipping": mark("shipping"),
    "shipped": mark("shipped"),
    "to receive": mark("to receive"),
    "delivered": mark("delivered"),
    "completed": mark("completed"),
    "cancelled": mark("cancelled"),
    "canceled": mark("cancelled"),
    "requested": mark("requested"),
    "accepted": mark("accepted there"),
    "judging": mark("judged by the platform"),
    "processing": mark("processing"),
    "closed": mark("closed"),
    "refund paid": mark("refund paid"),
    "on hold": mark("on hold"),
    "awaiting shipment": mark("awaiting shipment"),
    "awaiting collection": mark("awaiting collection"),
    "in transit": mark("in transit"),
    "packed": mark("packed"),
    "ready_to_ship": mark("ready to ship"),
    "confirmed": mark("receipt confirmed"),
    "return/refund": mark("return and refund"),
    "cancel": mark("cancelled"),
    "unit returned to inventory": mark("returned to inventory"),
    "reimbursed": mark("reimbursed"),
    "repackaged successfully": mark("repackaged"),
    "wait_seller_agree": mark("waits for the shop's agreement"),
    "wait_buyer_return_goods": mark("waits for the buyer to send back"),
    "wait_seller_confirm_goods": mark("sent back, waits for the shop's receipt"),
    "seller_refuse_buyer": mark("refused by the shop"),
    "wait_seller_deliver_goods": mark("waits for the shop to send"),
    "exchange_seller_delivery": mark("exchange sent by the shop"),
    "exchange_buyer_confirm_goods": mark("exchange received by the buyer"),
    "reissue_seller_delivery": mark("resend sent by the shop"),
    "success": mark("refund succeeded"),
    "user_canceld": mark("taken back by the buyer"),
    "merchant_processing": mark("with the shop"),
    "merchant_reject_refund": mark("refused by the shop"),
    "merchant_reject_return": mark("return refused by the shop"),
    "user_wait_return": mark("waits for the buyer to send back"),
    "return_closed": mark("return closed"),
    "merchant_wait_receipt": mark("sent back, waits for the shop's receipt"),
    "merchant_overdue_refund": mark("the shop's refund is overdue"),
    "merchant_refund_success": mark("refund succeeded"),
    "merchant_return_success": mark("return and refund succeeded"),
    "platform_refunding": mark("refund by the platform under way"),
    "platform_refund_fail": mark("refund by the platform failed"),
    "user_wait_confirm": mark("waits for the buyer's confirmation"),
    "user_wait_confirm_update": mark("waits for the buyer's answer"),
    "merchant_refund_retry_fail": mark("refund by the shop failed, closed"),
    "merchant_fail": mark("closed"),
}
"""Message ids by a platform's own word in small letters; Chinese words need none."""


_WAYS = {
    "manual": mark("refunded there by a person"),
    "system": mark("refunded there by the platform"),
    "timeout": mark("refunded there when its time was over"),
}


def refunded_how(there: Mapping[str, str]) -> str:
    """How a platform refunded, by what its lists tell (``way``, ``at_once``), in words; "" where they tell nothing."""
    way = _WAYS.get(there.get("way", ""))
    at_once = _("answered at once") if there.get("at_once") == "yes" else ""
    return clauses(text for text in (_(way) if way else "", at_once) if text)


def said_there(words: str) -> str:
    """A platform's own words in the reader's language, as they stand where there is no translation."""
    message = FOREIGN.get(words.strip().casefold())
    if message is None:
        return words
    translated = _(message)
    return words if translated == message else translated
