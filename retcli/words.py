"""The word shown for each code of the books, in the reader's language, and the code that somebody means by a word."""

from collections.abc import Iterable

from retcli.errors import WrongCommand
from retcli.language import _, mark, series
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.money.channels import channel
from retcli.rules.names import KINDS, PLATFORMS, code_named, nearest

STAGES = {
    "to_decide": mark("to be decided"),
    "to_answer": mark("to be answered"),
    "awaiting_goods": mark("waiting for the buyer to send"),
    "in_transit": mark("on its way back"),
    "to_inspect": mark("to be inspected"),
    "goods_lacking": mark("goods are missing"),
    "to_ship": mark("to be sent"),
    "came_back": mark("came back undelivered"),
    "to_recover": mark("to be claimed back"),
    "to_pay": mark("to be paid"),
    "to_countersign": mark("payout waits for a second person"),
    "paying": mark("payment under way"),
    "to_find_out": mark("payment outcome unknown"),
    "to_click": mark("to be clicked on the platform"),
    "to_finish": mark("to be finished"),
    "finished": mark("finished"),
    "rejected": mark("rejected"),
    "withdrawn": mark("withdrawn"),
    "intervened": mark("the platform stepped in"),
    "lost_there": mark("the platform ruled for the buyer"),
    "undone_there": mark("refund closed on the platform"),
    "taken_back": mark("taken back here, paid by the platform's word"),
    "paid_asked": mark("waits: how much was paid is not answered"),
    "to_withdraw_there": mark("to be withdrawn by the buyer"),
}
STATUSES = {
    "requested": mark("requested"),
    "approved": mark("approved"),
    "open": mark("open"),
    "waiting": mark("waits for a second person"),
    "due": mark("due"),
    "sent": mark("sent"),
    "confirmed": mark("confirmed"),
    "failed": mark("failed"),
    "called_off": mark("called off"),
    "unknown": mark("unknown"),
    "reversed": mark("reversed"),
    "owed_again": mark("owed again"),
    "expected": mark("expected"),
    "received": mark("received"),
    "inspected": mark("inspected"),
    "void": mark("taken out as a mistake"),
    "sent_back": mark("sent back to who sent it"),
    "disposed": mark("disposed of"),
    "turned_away": mark("not taken in"),
    "counting": mark("being scanned"),
    "prepared": mark("packed, not sent"),
    "shipped": mark("shipped"),
    "delivered": mark("delivered"),
    "cancelled": mark("cancelled"),
    "todo": mark("to do"),
    "done": mark("done"),
    "verified": mark("verified"),
    "dropped": mark("dropped"),
    "none": mark("none"),
    "awaited": mark("awaited"),
    "partly": mark("partly"),
    "paid": mark("paid"),
    "unpaid": mark("unpaid"),
    "closed": mark("closed"),
    "made": mark("waits for the buyer"),
    "accepted": mark("accepted"),
    "declined": mark("declined"),
    "lapsed": mark("lapsed"),
    "answered": mark("answered"),
    "won": mark("won by the shop"),
    "lost": mark("lost by the shop"),
    "settled": mark("settled with the buyer"),
    "to_follow_up": mark("to be followed up"),
    "contacted": mark("buyer written to"),
    "added_to": mark("added to for the better"),
    "given_up": mark("given up"),
    "posted": mark("posted"),
    "taken_back": mark("taken back"),
}
MOVES = {
    "approve": mark("approve"),
    "reject": mark("reject"),
    "withdraw": mark("withdraw"),
    "reapply": mark("apply again"),
    "reconsider": mark("reconsider"),
    "finish": mark("finish"),
    "reopen": mark("reopen"),
    "send": mark("send"),
    "confirm": mark("confirm"),
    "fail": mark("mark as failed"),
    "lose": mark("mark as unknown"),
    "reverse": mark("reverse"),
    "receive": mark("receive"),
    "uninspect": mark("take its inspection back"),
    "unreceive": mark("take its arrival back"),
    "take_out": mark("take out as a mistake"),
    "send_back": mark("send back"),
    "dispose": mark("dispose of"),
    "turn_away": mark("not take in"),
    "expect": mark("await"),
    "count_off": mark("count off"),
    "count_on": mark("go on counting"),
    "end_short": mark("end with parcels missing"),
    "say_why": mark("say why some are missing"),
    "unsay_why": mark("take back why some are missing"),
    "fall_short": mark("be short of a parcel taken back"),
    "complete": mark("be complete again"),
    "call_off": mark("call off"),
    "unship": mark("take its sending back"),
    "unclick": mark("take the click back"),
    "inspect": mark("inspect"),
    "ship": mark("ship"),
    "deliver": mark("mark as delivered"),
    "come_back": mark("mark as come back undelivered"),
    "cancel": mark("cancel"),
    "click": mark("click on the platform"),
    "verify": mark("verify"),
    "drop": mark("drop"),
    "miss": mark("find not done"),
    "disprove": mark("find not seen after all"),
    "accept": mark("accept"),
    "decline": mark("decline"),
    "lapse": mark("let lapse"),
    "answer": mark("answer"),
    "win": mark("win"),
    "fall": mark("lose"),
    "settle": mark("settle"),
    "contact": mark("write to the buyer"),
    "change": mark("have it changed"),
    "add_to": mark("have it added to"),
    "give_up": mark("give up"),
    "post": mark("post"),
    "unpost": mark("take its posting back"),
    "resume": mark("go on with"),
    "carry_out": mark("carry out"),
    "take_back": mark("take back"),
    "wait": mark("take the second person's word back"),
}
THINGS = {
    "merchant": mark("the shop"),
    "buyer": mark("the buyer"),
    "carrier": mark("the carrier"),
    "platform": mark("the platform"),
    "supplier": mark("the supplier"),
    "undetermined": mark("undetermined"),
    "quality": mark("quality"),
    "size": mark("size"),
    "logistics": mark("logistics"),
    "wrong_goods": mark("wrong or missing goods"),
    "fulfilment": mark("fulfilment"),
    "liking": mark("liking"),
    "other": mark("other matters"),
    "A": mark("A as new"),
    "B": mark("B opened"),
    "C": mark("C defective"),
    "D": mark("D scrap"),
    "X": mark("X not of this order"),
    "pending": mark("pending inspection"),
    "sellable": mark("sellable"),
    "defective": mark("defective"),
    "scrapped": mark("scrapped"),
    "held": mark("held"),
    "owner": mark("owner"),
    "manager": mark("manager"),
    "agent": mark("agent"),
    "warehouse": mark("warehouse"),
    "finance": mark("finance"),
    "yes": mark("yes"),
    "no": mark("no"),
    "person": mark("a person must look"),
    "custom": mark("made to order"),
    "perishable": mark("fresh and perishable"),
    "digital": mark("digital goods"),
    "press": mark("newspapers and periodicals"),
    "sealed": mark("sealed for health or hygiene"),
    "activated": mark("activated or tried"),
    "near_expiry": mark("near expiry or marked as flawed"),
    "statute": mark("law"),
    "patience": mark("buyer's patience"),
    "own": mark("own target"),
    "first_reply": mark("first reply"),
    "own_reply": mark("own: first reply"),
    "own_agreement": mark("own: agreement"),
    "ask_again": mark("own: ask the buyer again"),
    "buyer_returns": mark("buyer sends back"),
    "pay_after_receipt": mark("refund within 7 days of receipt"),
}
MONEY = {
    "original": mark("original route"),
    "transfer": mark("small transfer"),
    "coupon": mark("coupon"),
    "points": mark("points"),
    "refund": mark("refund"),
    "freight": mark("freight"),
    "compensation": mark("compensation"),
    "reversal": mark("reversal"),
    "goods": mark("goods"),
    "amends": mark("amends"),
    "way_back": mark("way back"),
    "matched": mark("matched"),
    "D1": mark("D1 paid by us, not on the platform"),
    "D2": mark("D2 refunded by the platform, without a payout of ours"),
    "D3": mark("D3 amounts differ"),
    "D4": mark("D4 paid by the platform beyond the order"),
    "D5": mark("D5 in different months"),
    "D7": mark("D7 states differ"),
    "D9": mark("D9 money out, goods not in"),
}
PLATFORM = {
    "agree_refund": mark("agree to the refund"),
    "agree_return": mark("agree to the return"),
    "agree_exchange": mark("agree to the exchange"),
    "agree_resend": mark("agree to the resend"),
    "refuse": mark("refuse"),
    "confirm_receipt": mark("confirm receipt and refund"),
    "enter_waybill": mark("enter the new waybill"),
}
LADDER = {
    "explain": mark("explanation"),
    "more_time": mark("more time"),
    "intercept": mark("intercept"),
    "offered": mark("offered"),
    "handed_over": mark("left to the manager"),
    "skipped": mark("skipped"),
}
FILES = {
    "orders": mark("order report"),
    "items": mark("item report"),
    "sales": mark("order report with its goods"),
    "refunds": mark("refund report"),
    "products": mark("product sheet"),
    "bills": mark("statement"),
    "movements": mark("carrier movements"),
    "counts": mark("stock count"),
    "imported": mark("taken in"),
    "unchanged": mark("known already"),
    "refused": mark("refused"),
    "busy": mark("busy"),
    "passed_over": mark("passed over"),
    "staged": mark("staged"),
    "merging": mark("merging"),
}
SCANS = {
    "unsaved": mark("NOT SAVED"),
    "duplicate": mark("scanned before"),
    "unclaimed": mark("parcel without a case"),
    "stop": mark("stop"),
    "counted": mark("counted"),
    "command": mark("command"),
    "photo": mark("photo"),
    "video": mark("video"),
    "chat": mark("chat"),
    "report": mark("test report"),
}
PLACES = {
    "case": mark("case"),
    "file": mark("file"),
    "row": mark("row"),
    "payout": mark("payout"),
    "parcel": mark("parcel"),
    "subject": mark("subject"),
    "decision": mark("decision"),
    "filing": mark("filing"),
    "replacement": mark("replacement"),
    "shipment": mark("shipment"),
    "platform_action": mark("platform action"),
    "offer": mark("offer"),
    "escalation": mark("register entry"),
}
DOCTOR = {
    "ok": mark("ok"),
    "attention": mark("attention"),
    "error": mark("error"),
    "books": mark("books"),
    "sqlite": mark("engine"),
    "pages": mark("file"),
    "references": mark("references"),
    "schema": mark("schema"),
    "triggers": mark("guards"),
    "history": mark("history"),
    "disk": mark("disk"),
    "place": mark("location"),
    "rights": mark("rights"),
    "output": mark("output"),
    "imports": mark("imports"),
    "shops": mark("shops"),
    "unfinished": mark("unfinished"),
    "leftovers": mark("leftovers"),
    "kept_codes": mark("codes not saved"),
    "night": mark("night"),
    "backup": mark("copies"),
    "clock": mark("clock"),
    "amounts": mark("amounts"),
    "rules": mark("rules"),
    "evidence": mark("evidence"),
}
BESIDE = {
    "never_moved": mark("sent, and no event since"),
    "stopped": mark("no new event"),
    "not_scanned": mark("delivered to us, not scanned"),
    "carrier_lost": mark("lost by the carrier, by its word"),
    "got_through": mark("to be intercepted, yet delivered to the buyer"),
    "intervention": mark("platform intervention"),
    "complaint": mark("complaint"),
    "bad_review": mark("bad review"),
    "phone": mark("phone"),
    "sms": mark("text message"),
    "reached": mark("reached"),
    "no_answer": mark("no answer"),
    "agreed": mark("agreed"),
    "red": mark("red"),
    "yellow": mark("yellow"),
    "green": mark("green"),
    "blue": mark("blue"),
    "purple": mark("purple"),
    "present": mark("still there"),
    "missing": mark("file is gone"),
    "damaged": mark("damaged"),
    "not_stored": mark("not stored"),
}
"""What is written down beside a case: the register, contacts, flags, evidence."""
WORDS = (
    PLATFORMS
    | PLACES
    | KINDS
    | STAGES
    | STATUSES
    | MOVES
    | THINGS
    | MONEY
    | PLATFORM
    | LADDER
    | FILES
    | SCANS
    | DOCTOR
    | BESIDE
)
WORDS |= {code: reason.name for code, reason in REASONS.items()}
RULES = {
    "replacement": mark("goods sent again"),
    "window": mark("days to return"),
    "excluded": mark("goods without the seven days"),
    "goods_back": mark("goods to come back"),
    "reason": mark("the reason"),
    "quality": mark("quality and guarantee"),
    "evidence": mark("evidence"),
    "freight": mark("freight"),
    "goods": mark("state of the goods"),
    "difference": mark("difference of an exchange"),
    "promotion": mark("promotion"),
    "approval": mark("the manager's approval"),
    "goods_first": mark("goods before money"),
    "sent_back": mark("goods sent again that came back"),
    "closed_there": mark("paid after the platform closed it"),
    "paid_there": mark("paid anew though the platform says it paid"),
    "clicked_there": mark("failed though it was clicked on the platform"),
    "unshipped": mark("not sent yet"),
    "agreement": mark("agreed with the buyer"),
    "inquiry": mark("inquiry"),
    "paid": mark("payment of the order"),
    "price": mark("price protection"),
    "deposit": mark("deposit of a presale"),
    "offer": mark("what was agreed on instead"),
    "verdict": mark("refused though it was due"),
    "units": mark("pieces still open"),
    "money": mark("money still open"),
    "beyond_price": mark("more than was paid, with amends"),
    "went_back": mark("paid beside what went back on the platform"),
}
"""What each rule of a verdict is about."""
IN_FILES = {
    "succeeded": mark("refund succeeded"),
    "goods_sent": mark("goods sent back by the buyer"),
    "refused": mark("turned down"),
    "replacement_sent": mark("goods sent again"),
    "in": mark("money in"),
    "out": mark("money out"),
    "signed": mark("signed for"),
    "returned": mark("sent back"),
    "lost": mark("lost by the carrier"),
    "payment": mark("payment"),
    "refund": mark("refund"),
    "refund_returned": mark("refund that came back"),
    "small_payment": mark("small transfer"),
    "deposit": mark("deposit"),
    "insurance": mark("insurance"),
    "compensation": mark("compensation"),
    "commission": mark("commission"),
    "fee": mark("fee"),
    "fee_returned": mark("fee given back"),
    "withdrawal": mark("withdrawal"),
    "transfer": mark("transfer"),
    "other": mark("other"),
}
"""What exports say, beside the words of the books."""
EVENTS = {
    "decision": mark("decision"),
    "filing": mark("case"),
    "payout": mark("payment"),
    "parcel": mark("parcel"),
    "delivery": mark("delivery"),
    "announce": mark("driver's number corrected"),
    "replacement": mark("goods sent again"),
    "shipment": mark("box going out"),
    "reserve": mark("pieces kept"),
    "unreserve": mark("pieces kept no longer"),
    "platform_action": mark("click on the platform"),
    "offer": mark("offer"),
    "escalation": mark("register"),
    "bad_review": mark("bad review"),
    "stocktake": mark("stocktake"),
    "stock_order": mark("pieces moved or disposed of"),
    "tally": mark("stock counted"),
    "recount": mark("to be counted again"),
    "adopt": mark("taken over from the platform's refund"),
    "agree_by_rule": mark("agreed to by the shop's rules"),
    "ahead_of_goods": mark("left before the goods were back"),
    "apply_anew": mark("the buyer applied again"),
    "apply_as_agreed": mark("the buyer applied for what was agreed"),
    "apply_more": mark("the buyer applied for another amount"),
    "assign": mark("given to somebody"),
    "attach": mark("evidence added"),
    "box": mark("weighed or measured"),
    "change": mark("changed"),
    "closed_after_click": mark("closed on the platform after our click"),
    "refused_after_click": mark("turned down on the platform after our click"),
    "contact": mark("spoke to the buyer"),
    "count": mark("pieces counted"),
    "detach": mark("taken off the case"),
    "draw": mark("pieces bound"),
    "empty": mark("opened, and empty"),
    "evidence_due": mark("evidence asked for"),
    "extend": mark("more time for the buyer"),
    "here_again": mark("pieces are here again"),
    "leave": mark("pieces left with their parcel"),
    "due_again": mark("due again, what had made way"),
    "fall_back": mark("came back; due is what was agreed"),
    "flag": mark("flag"),
    "free": mark("pieces held before are counted"),
    "give_up": mark("what was open was given up"),
    "grade": mark("inspected"),
    "intercept": mark("interception asked of the carrier"),
    "learn": mark("a fact written down"),
    "label": mark("label read"),
    "make_room": mark("made room for another payment"),
    "make_way": mark("made way for what the platform paid"),
    "map_reason": mark("reason understood"),
    "match": mark("matched to the case"),
    "no_box": mark("box taken back"),
    "note": mark("note"),
    "shelf": mark("put on a shelf"),
    "take_back_attach": mark("given to the case by mistake"),
    "take_back_grade": mark("inspection taken back"),
    "uncount": mark("count taken back"),
    "undo": mark("undone"),
    "verify_reason": mark("reason verified by the inspection"),
    "waive": mark("a finding overruled"),
    "serial": mark("serial number"),
    "weight": mark("weighed"),
    "too_light": mark("too light, to be photographed before it is opened"),
    "count_in": mark("counted into a delivery"),
}
"""What each event in the history of a case, a payout or a parcel says was done; a step of an axis by the axis."""
CAUSES = {
    "counted": mark("counted in a parcel"),
    "uncounted": mark("count taken back"),
    "found": mark("inspected"),
    "taken_back": mark("finding taken back"),
    "apart": mark("parcel without a case"),
    "claimed": mark("case found"),
    "sent_back": mark("sent back to who sent it"),
    "disposed": mark("disposed of"),
    "here_again": mark("parcel is here again"),
    "stocktake": mark("stocktake"),
    "moved": mark("moved by hand"),
    "marked_down": mark("sold at a lower price"),
    "scrapped": mark("scrapped for good"),
    "to_supplier": mark("back to the supplier"),
    "put_back": mark("put back"),
    "shipped": mark("sent to the buyer"),
    "unshipped": mark("sending taken back"),
    "untold": mark("not written down then"),
}
"""Why pieces moved in stock."""
ACTS = {
    "pieces": mark("pieces scanned"),
    "inspect": mark("inspection"),
    "empty": mark("found empty"),
    "receive": mark("arrival"),
    "register": mark("new parcel"),
    "slip": mark("slip read"),
    "match": mark("matched to the case"),
    "fit": mark("gone to its case by itself"),
    "expect": mark("waybill named"),
    "intercept": mark("interception asked of the carrier"),
    "detach": mark("taken off the case"),
    "box": mark("further box"),
    "label": mark("label read"),
    "void": mark("taken out as a mistake"),
    "send_back": mark("sent back to who sent it"),
    "dispose": mark("disposed of"),
    "turn_away": mark("not taken in at the door"),
    "shelf": mark("put on a shelf"),
    "weight": mark("weighed"),
    "serial": mark("serial number"),
    "begin_delivery": mark("delivery begun"),
    "announce": mark("driver's number corrected"),
    "end_delivery": mark("delivery counted off"),
    "settle_delivery": mark("why parcels of a delivery are missing"),
    "count_in": mark("counted into a delivery"),
    "count_in_box": mark("further box counted into a delivery"),
    "tally": mark("counting of the stock"),
    "stock_order": mark("pieces moved or disposed of"),
    "approve_order": mark("word of the second person"),
    "stocktake": mark("posting of a stocktake"),
    "drop_take": mark("dropping of a stocktake"),
    "ship": mark("goods sent"),
    "note": mark("note"),
    "flag": mark("flag"),
    "contact": mark("spoke to the buyer"),
    "assign": mark("given to a colleague"),
    "click": mark("clicked on the platform"),
    "approve": mark("approval"),
}
"""What people do that they may take back."""
SPECIAL = (
    {f"rule:{code}": name for code, name in RULES.items()}
    | {f"event:{code}": name for code, name in EVENTS.items()}
    | {f"file:{code}": name for code, name in IN_FILES.items()}
    | {f"act:{code}": name for code, name in ACTS.items()}
    | {f"cause:{code}": name for code, name in CAUSES.items()}
    | {
        "platform_action:done": mark("clicked"),
        "replacement:due": mark("still to be sent"),
        "scan:unknown": mark("not known here"),
        "scan:undone": mark("undone"),
        "money:paid": mark("paid out"),
        "money:over": mark("beyond the order"),
        "money:price_protection": mark("price protection"),
        "channel:small_transfer": mark("small transfer"),
        "channel:transfer": mark("transfer to the buyer"),
        "payout:clicked": mark("clicked, not verified"),
        "beside:due": mark("to be given"),
        "beside:sent": mark("given, not confirmed"),
        "beside:confirmed": mark("arrived"),
        "clock:first_reply": mark("platform: first reply"),
        "clock:evidence": mark("evidence to the platform"),
        "clock:escalation": mark("own: to the manager"),
        "review:passed_over": mark("decided or changed by others"),
        "review:taken_back": mark("taken back"),
        "contact:refused": mark("buyer refused"),
        "contact:chat": mark("online chat"),
        "delivery:counted": mark("counted off"),
        "delivery:short": mark("short, nobody said why"),
        "delivery:settled": mark("short, said why"),
        "escalation:open": mark("evidence to be given"),
        "stocktake:open": mark("being counted"),
        "stock_order:done": mark("carried out"),
        "disposal:markdown": mark("sold at a lower price"),
        "disposal:scrap": mark("scrapped for good"),
        "disposal:supplier": mark("back to the supplier"),
        "bad_review:changed": mark("review changed"),
        "decided:person": mark("decided by a person"),
        "decided:rule": mark("by the shop's rules"),
        "decided:platform": mark("decided on the platform"),
        "sound:system": mark("the system's tones"),
        "sound:bell": mark("the terminal's bell"),
        "sound:none": mark("no sound"),
        "bench:receiving": mark("receiving"),
        "bench:checking": mark("checking"),
        "bench:count": mark("counting the stock"),
        "bench:ship": mark("sending"),
    }
)
"""Codes that mean something else on one axis."""


def word(code: str, axis: str = "") -> str:
    """The word for a code in the reader's language; an unknown code stands for itself."""
    return _(name_of(code, axis))


def as_typed(code: str, axis: str = "") -> str:
    """How somebody types a code: by its word; in English, where words have blanks, by the code itself."""
    source = name_of(code, axis)
    return code if _(source) == source else _(source)


def platform_word(platform: str) -> str:
    """A platform's word; one that a mapping file named stands for itself, also where its name is a code of ours."""
    return _(PLATFORMS[platform]) if platform in PLATFORMS else platform


def report_of(platform: str, holds: str) -> str:
    """The word for a kind of file: the platform's code ("" for none), and that of what its rows are."""
    if not platform:
        return word(holds)
    return _("{platform} {report}").format(platform=platform_word(platform), report=word(holds))


def way_of_payment(method: str, platform: str, currency: str) -> str:
    """The word for how something is paid on an order of a platform in a currency."""
    return word(channel(method, platform, currency), "channel")


def name_of(code: str, axis: str) -> str:
    """The message id of a code's word."""
    return SPECIAL.get(f"{axis}:{code}") or WORDS.get(str(code), str(code))


def code_of(written: str, choices: Iterable[str], what: str, axis: str = "") -> str:
    """The code among `choices` that somebody typed, as the code itself or as its word in either language; `what` names
    in a message what was asked for. Raises WrongCommand with the choices where they are few, else with the nearest.
    """
    names = {code: name_of(code, axis) for code in choices}
    meant = code_named(written, names)
    if meant is not None:
        return meant
    offered = list(names) if len(names) <= _FEW else nearest(written, names)
    shown = series(f"{code} {word(code, axis)}" for code in offered)
    if len(offered) == len(names):
        hint = _("Choose one of: {all}").format(all=shown)
    else:
        hint = _("Perhaps {nearest}; all of them: retcli words").format(nearest=shown) if shown else "retcli words"
    raise WrongCommand(_("{text} is no {what}").format(text=written, what=what), hint)


_FEW = 8
"""Up to so many choices an error names all; of more only those that are spelled like what was typed."""
