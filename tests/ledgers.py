"""The oracle's ledgers: what was bought, asked for, paid and sent back, and what each line can still give.

Written from `docs/rules.md` §1.4, §3, §4 and `docs/architecture.md` §4, §5, apart from the program: nothing of retcli
is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
SHOP_LIABLE = {"Q_FUNC", "L_DAMAGE", "L_LOST", "S_OOS", "W_SHORT", "I_FREIGHT"}
NOBODY_SAID = {"N_AGREE", "P_PLAT"}
BUYERS_OWN = {"B_7D", "SZ_FIT"}
REASONS = sorted(SHOP_LIABLE | NOBODY_SAID | BUYERS_OWN)
NOT_RETURNED = {"L_LOST", "S_OOS"}
MONEY_BACK = {"refund-only", "return"}
GOODS_BACK = {"return", "exchange"}
GOODS_OUT = {"exchange", "resend"}
ON_THE_WAY = {"waiting", "due", "sent", "unknown"}
AGENT_LIMIT = 3000
PLACE = {"A": "sellable", "B": "defective", "C": "defective", "D": "scrapped", "X": "held"}
CONSUMED = {"FISH", "CREAM"}
NEXT = {
    "send": {"due": "sent"},
    "confirm": {"due": "confirmed", "sent": "confirmed", "unknown": "confirmed"},
    "fail": {"waiting": "failed", "due": "failed", "sent": "failed", "unknown": "failed"},
    "lose": {"sent": "unknown"},
}


def place(sku: str, grade: str) -> str:
    """Where a graded piece goes; what is eaten or put on the skin and was opened is sold to nobody."""
    return "held" if sku in CONSUMED and grade in {"B", "C"} else PLACE[grade]


class No(Exception):
    """The shop must refuse this."""


def need(condition: object, why: str) -> None:
    """Refuses unless the condition holds."""
    if not condition:
        raise No(why)


def half_up(whole: int, part: int, of: int) -> int:
    """`whole` × `part` / `of`, the half fen upwards."""
    return int((Decimal(whole * part) / Decimal(of)).quantize(Decimal(1), ROUND_HALF_UP))


def shared(total: int, weights: list[int]) -> list[int]:
    """The total over weights without losing a fen: the biggest remainder first, then the bigger weight, then order."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [divmod(total * weight, whole) for weight in weights]
    given = [part for part, _rest in parts]
    lucky = sorted(range(len(weights)), key=lambda i: (parts[i][1], weights[i], -i), reverse=True)
    for i in lucky[: total - sum(given)]:
        given[i] += 1
    return given


@dataclass
class Line:
    """Pieces bought and what was paid for them; `barred` where no seven-day right exists."""

    sku: str
    pieces: int
    cash: int
    barred: bool = False


@dataclass
class Bought:
    """An order."""

    number: str
    lines: list[Line]
    freight: int = 0
    paid_for: bool = True
    shipped: bool = True
    signed_at: datetime | None = None


@dataclass
class Pay:
    """A payout; `parts` by SKU, or by ``freight``, ``way_back``, ``amends``; `gift`: no money of the order."""

    number: str
    doc: Doc
    kind: str
    parts: dict[str, int]
    state: str
    by: str
    reversal: bool = False
    signed: bool = False
    original: bool = False
    gift: bool = False

    @property
    def total(self) -> int:
        return sum(self.parts.values())


@dataclass
class Doc:
    """A case. `used` pieces and what they were `worth` count against the lines; `due` is what was agreed on; `wished`
    pieces were applied for where another case had some of them; `there` is the amount applied for on the platform,
    `most` what a rule was waived for, `beyond` by how much a manager let what leaves exceed what was paid. `made` are
    all clicks that were ever asked for, in turn, each with whether somebody made it.
    """

    order: Bought
    kind: str
    reason: str
    pieces: dict[str, int]
    applied_at: datetime
    asked: int | None = None
    want: str = ""
    number: str = ""
    listed: bool = False
    there: int | None = None
    decision: str = "requested"
    finished: bool = False
    waived: set[str] = field(default_factory=set)
    most: dict[str, int] = field(default_factory=dict)
    beyond: int = 0
    wished: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    worth: dict[str, int] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    goods_out: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    good: dict[str, int] = field(default_factory=dict)
    foreign: int = 0
    worn: int = 0
    agreed_by: str = ""
    clicks: dict[str, str] = field(default_factory=dict)
    made: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def returned(self) -> bool:
        """Whether every piece lies inspected in the warehouse."""
        return sum(self.seen.values()) >= sum(self.pieces.values()) > 0

    @property
    def all_good(self) -> bool:
        """Whether every piece that was to come back did, and is of this order."""
        return all(self.good.get(sku, 0) >= n for sku, n in self.pieces.items())

    @property
    def with_buyer(self) -> bool:
        """Whether the buyer holds all that was bought: sent again, and the old ones back where they come back."""
        return self.goods_out == "shipped" and (self.kind not in GOODS_BACK or self.all_good)


@dataclass
class Finding:
    """Pieces found to be of a grade; they count for a line of a case, or for none."""

    sku: str
    pieces: int
    grade: str
    doc: Doc | None = None
    line: str = ""


@dataclass
class Box:
    """A parcel: pieces counted and inspected by SKU, and what was found, oldest first; what was held while nobody
    waited for it, by SKU and by the grade that it had ("" for none).
    """

    waybill: str
    docs: list[Doc] = field(default_factory=list)
    arrived: bool = False
    counted: dict[str, int] = field(default_factory=dict)
    inspected: dict[str, int] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    held: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass
class Entitlement:
    """What each line of an order can still give. `prices` of articles, None where nobody knows."""

    roles: dict[str, str]
    prices: dict[str, int | None]
    docs: list[Doc] = field(default_factory=list)
    pays: list[Pay] = field(default_factory=list)
    boxes: dict[str, Box] = field(default_factory=dict)
    stock: dict[tuple[str, str], int] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    kept: list[tuple[Doc, int, str, int]] = field(default_factory=list)

    # what is counted can be promised once, and leaves

    def count_shelf(self, pieces: dict[str, int]) -> None:
        """Somebody counts the sellable pieces of some articles, before anything else happens."""
        self.counted = frozenset(pieces)
        self.stock |= {(sku, "sellable"): n for sku, n in pieces.items()}

    def free(self, sku: str) -> int:
        """The pieces on the shelf that nobody was promised."""
        return self.stock[sku, "sellable"] - sum(n for _doc, _place, kept, n in self.kept if kept == sku)

    def keep(self, doc: Doc) -> list[tuple[str, int]]:
        """Keeps what goes out for a case as far as there is enough, line by line; what could not be kept."""
        short = []
        for place, line in enumerate(self.lines(doc)):
            sku, n = doc.want or line.sku, doc.pieces[line.sku]
            if sku not in self.counted or any(each[:2] == (doc, place) for each in self.kept):
                continue
            if self.free(sku) >= n:
                self.kept.append((doc, place, sku, n))
            else:
                short.append((sku, n))
        return short

    def let_go(self, doc: Doc) -> list[tuple[str, int]]:
        """What was kept for a case is kept for it no longer."""
        theirs = [(sku, n) for each, _place, sku, n in self.kept if each is doc]
        self.kept = [each for each in self.kept if each[0] is not doc]
        return theirs

    # what the documents of an order have taken together

    def others(self, order: Bought, doc: Doc | None) -> list[Doc]:
        return [each for each in self.docs if each.order is order and each is not doc]

    def pieces_left(self, line: Line, order: Bought, doc: Doc | None = None) -> int:
        return line.pieces - sum(each.used.get(line.sku, 0) for each in self.others(order, doc))

    def cash_left(self, line: Line, order: Bought, doc: Doc | None = None) -> int:
        return line.cash - sum(each.due.get(line.sku, 0) for each in self.others(order, doc))

    def freight_left(self, order: Bought, doc: Doc | None = None) -> int:
        return order.freight - sum(each.due.get("freight", 0) for each in self.others(order, doc))

    def refunded(self, line: Line, order: Bought, doc: Doc) -> int:
        agreed = [x for x in self.others(order, doc) if x.decision == "approved" and x.kind in MONEY_BACK]
        return sum(each.used.get(line.sku, 0) for each in agreed)

    def worth(self, line: Line, doc: Doc) -> int:
        """R(k) − already, over the cash without price cuts, and never more than the line still has."""
        others = self.others(doc.order, doc)
        cuts = sum(each.due.get(line.sku, 0) for each in others if not each.worth.get(line.sku))
        already = sum(each.worth.get(line.sku, 0) for each in others)
        together = min(self.refunded(line, doc.order, doc) + doc.pieces[line.sku], line.pieces)
        whole = half_up(line.cash - cuts, together, line.pieces)
        return max(0, min(whole - already, self.cash_left(line, doc.order, doc)))

    def take_pieces(self, doc: Doc) -> None:
        """A live document holds its pieces; a price cut holds none."""
        if doc.kind == "allowance":
            return
        for line in self.lines(doc):
            need(doc.pieces[line.sku] <= self.pieces_left(line, doc.order, doc), f"pieces of {line.sku}")
        doc.used = dict(doc.pieces)

    def pieces_free(self, order: Bought) -> None:
        """Pieces of an order were given back: undecided cases that lacked them take them, the oldest first."""
        for doc in self.docs:
            if doc.order is order and doc.decision == "requested":
                for line in self.lines(doc):
                    more = min(doc.wished.get(line.sku, 0), self.pieces_left(line, order, doc)) - doc.pieces[line.sku]
                    if more > 0:
                        doc.pieces[line.sku] += more
                        doc.used[line.sku] = doc.used.get(line.sku, 0) + more

    def lines(self, doc: Doc) -> list[Line]:
        return [line for line in doc.order.lines if line.sku in doc.pieces]

    def may(self, who: str, *roles: str) -> None:
        need(self.roles[who] in {"owner", *roles}, f"{who} may not")

    def due(self, doc: Doc, asked: int | None) -> tuple[int, dict[str, int], bool]:
        """What is due in all, by line and freight, and whether the pieces are used up by it."""
        lines = self.lines(doc)
        if doc.kind == "allowance":
            return self._cut(doc, asked)
        worth = [self.worth(line, doc) for line in lines]
        if doc.kind == "exchange":
            other = [bool(doc.want) and line.sku != doc.want for line in lines]
            price = self.prices.get(doc.want) if any(other) else None
            worth = [n if changed else 0 for n, changed in zip(worth, other, strict=True)]
            pieces = sum(doc.pieces[line.sku] for line, changed in zip(lines, other, strict=True) if changed)
            back = 0 if price is None else max(sum(worth) - price * pieces, 0)
            return back, _by_sku(lines, shared(back, worth)), True
        if doc.kind == "resend":
            return 0, {}, True
        whole = all(
            self.refunded(line, doc.order, doc) + doc.pieces.get(line.sku, 0) >= line.pieces for line in doc.order.lines
        )
        shop_pays = not doc.order.shipped or doc.reason in SHOP_LIABLE
        freight = self.freight_left(doc.order, doc) if whole and shop_pays else 0
        full = sum(worth) + freight
        if asked is None or asked >= full:
            return full, {**_by_sku(lines, worth), "freight": freight}, True
        goods = min(asked, sum(worth))
        parts = {**_by_sku(lines, shared(goods, worth)), "freight": asked - goods}
        return asked, parts, doc.kind == "return" or not doc.order.shipped

    def _cut(self, doc: Doc, asked: int | None) -> tuple[int, dict[str, int], bool]:
        lines, wish = self.lines(doc), asked or 0
        freight = min(wish, self.freight_left(doc.order, doc)) if doc.reason == "I_FREIGHT" else 0
        left = [self.cash_left(line, doc.order, doc) for line in lines]
        parts = shared(min(wish - freight, sum(left)), left)
        return sum(parts) + freight, {**_by_sku(lines, parts), "freight": freight}, False

    def against(self, doc: Doc) -> set[str]:
        """The rules that say no and may be overruled."""
        found = set()
        own_wish = doc.reason in BUYERS_OWN and (doc.order.shipped or doc.kind not in MONEY_BACK)
        if own_wish and doc.kind not in {"allowance", "resend"}:
            if any(line.barred for line in self.lines(doc)):
                found.add("excluded")
            elif doc.order.signed_at and doc.applied_at >= _seven_days_end(doc.order.signed_at):
                found.add("window")
        if not self.is_right(doc):
            found.add("goods")
        return found

    def is_right(self, doc: Doc) -> bool:
        """Whether nothing of another order came back in place of a case's pieces, as far as any came."""
        right = sum(doc.good.values()) >= sum(doc.pieces.values())
        return right or not (doc.foreign or self._strange(doc)) or doc.kind == "allowance"

    def _strange(self, doc: Doc) -> bool:
        """Whether articles that the order does not have lie in the parcels of a case, held for nobody."""
        loose = [f for box in self.boxes.values() if doc in box.docs for f in box.found if f.doc is None]
        ordered = {line.sku for line in doc.order.lines} | {doc.want}
        return any(f.grade == "X" and f.sku not in ordered for f in loose)


def _by_sku(lines: list[Line], parts: list[int]) -> dict[str, int]:
    return {line.sku: minor for line, minor in zip(lines, parts, strict=True)}


def _seven_days_end(signed_at: datetime) -> datetime:
    """Midnight after the seventh day that follows the day of the signature."""
    midnight = signed_at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=8)
