"""Two hundred made strangers whose they are is known, with points added up here by hand, apart from the program."""

import random
from collections import Counter
from dataclasses import dataclass, field

from retcli.rules.warehouse.fits import Arrived, Fit, Waiting, reasons, score, sure

CITIES = ("杭州", "宁波", "广州", "成都", "武汉")
SKUS = ("TS-M", "TS-L", "CUP", "MUG", "LID", "BAG", "CAP", "PEN")
CARRIERS = ("顺丰速运", "圆通速递", "中通快递")
STRANGERS, ALONE, REUSED, COMPLETE, TWINS = 200, 16, 4, 8, 4
"""How many are made; of these nobody's, in a box of another buyer, in a box of a buyer whose goods all came, and of a
buyer who sends the same goods back of two orders.
"""


@dataclass
class Buyer:
    """A buyer who sends something back, and what is known of them."""

    place: int
    goods: Counter[str]
    tail: str
    city: str
    carrier: str
    days: int
    complete: bool = False

    @property
    def order(self) -> str:
        return f"28500000000001{self.place:05d}"

    @property
    def waybill(self) -> str:
        return f"SF{self.order[-12:]}"


@dataclass
class Stranger:
    """A parcel: whose it is (None: nobody's), and what can be read of it."""

    place: int
    of: Buyer | None
    goods: Counter[str] = field(default_factory=Counter)
    tail: str = ""
    city: str = ""
    old: str = ""


def buyers(rng: random.Random) -> list[Buyer]:
    """As many buyers as parcels; one telephone number in ten ends like another's."""
    made: list[Buyer] = []
    for place in range(STRANGERS):
        goods = Counter(rng.choices(SKUS, k=rng.choice((1, 1, 1, 2, 2, 3))))
        tail = rng.choice(made).tail if made and rng.random() < 0.1 else f"{1000 + 41 * place % 9000:04d}"
        made.append(Buyer(place, goods, tail, rng.choice(CITIES), rng.choice(CARRIERS), rng.randint(0, 30)))
    return made


def strangers(rng: random.Random, people: list[Buyer]) -> list[Stranger]:
    """A parcel of each buyer with what a label and a hurried look give, then those that are none of theirs."""
    made = [_usual(rng, buyer) for buyer in people[: STRANGERS - ALONE - REUSED - COMPLETE - TWINS]]
    for place in range(len(made), STRANGERS):
        other, owner = people[place % 50], people[place]
        if place < STRANGERS - ALONE - REUSED - COMPLETE:  # one of two alike is meant
            twin = people[place - 150]
            owner.goods, owner.tail, owner.city = Counter(twin.goods), twin.tail, twin.city
            owner.days = twin.days = 5
            owner.carrier = twin.carrier = "顺丰速运"
            meant = rng.choice((twin, owner))
            made.append(Stranger(place, meant, Counter(twin.goods), twin.tail, twin.city))
        elif place < STRANGERS - ALONE - COMPLETE:  # owner's goods, like the other's, in the other's old box
            owner.goods = Counter(other.goods)
            made.append(Stranger(place, owner, Counter(other.goods), owner.tail, owner.city, other.waybill))
        elif place < STRANGERS - ALONE:  # somebody unknown, in the box of a buyer whose goods are here already
            owner.complete = True
            made.append(Stranger(place, None, Counter(owner.goods), "", "", owner.waybill))
        else:
            made.append(Stranger(place, None, Counter(rng.choices(SKUS, k=2)), "9999", rng.choice(CITIES)))
    return made


def _usual(rng: random.Random, buyer: Buyer) -> Stranger:
    goods, luck = Counter(buyer.goods), rng.random()
    if luck < 0.15:
        goods = Counter()  # not opened yet
    elif luck < 0.25:
        goods = Counter(dict([rng.choice(list(goods.items()))]))
    elif luck < 0.30:
        goods[rng.choice(SKUS)] += 1
    tail = buyer.tail if rng.random() < 0.93 else ""
    if rng.random() < 0.04:
        tail = f"{rng.randint(0, 9999):04d}"  # misread
    old = buyer.waybill if rng.random() < 0.35 or not tail else ""
    return Stranger(buyer.place, buyer, goods, tail, buyer.city if rng.random() < 0.6 else "", old)


def points(stranger: Stranger, buyer: Buyer, people: list[Buyer]) -> int | None:
    """The points of a buyer's case for a parcel, added up by hand; None where only what counts beside says so."""
    own = 60 if stranger.old == buyer.waybill else 0
    if stranger.tail and stranger.tail == buyer.tail:
        own += 40 if sum(each.tail == buyer.tail for each in people) == 1 else 30
    if stranger.goods and all(n <= buyer.goods[sku] for sku, n in stranger.goods.items()):
        own += 30 if stranger.goods == buyer.goods else 15
    if not own:
        return None
    own += 10 if stranger.city == buyer.city else 0
    own += 10 if 3 <= buyer.days <= 15 else -10 if buyer.days > 15 else 0
    own += 5 if buyer.carrier == "顺丰速运" else 0
    return own - (40 if buyer.complete else 0)


def judged(stranger: Stranger, people: list[Buyer]) -> list[tuple[Buyer, list[Fit]]]:
    """The buyers whom the program finds for a parcel, the likeliest first, each with the reasons."""
    arrived = Arrived(stranger.goods, "顺丰", stranger.tail, stranger.city)
    only = sum(each.tail == stranger.tail for each in people) == 1
    found = []
    for each in people:
        numbers = [Fit.OLD_WAYBILL] if stranger.old == each.waybill else []
        address = f"中国{each.city}市某区"
        waiting = Waiting(each.goods, numbers, each.days, each.carrier, each.complete, each.tail, address)
        if why := reasons(arrived, waiting, only_tail=only):
            found.append((each, [reason.fit for reason in why]))
    return sorted(found, key=lambda one: (-score(one[1]), -one[0].place))


def by_itself(stranger: Stranger, found: list[tuple[Buyer, list[Fit]]]) -> Buyer | None:
    """To whom the parcel goes without a person."""
    if not found:
        return None
    (best, fits), *others = found
    other = bool(stranger.tail) and stranger.tail != best.tail
    alone = sure(fits, [each for _buyer, each in others], opened=bool(stranger.goods), against=other)
    return best if alone else None


def test_the_first_is_right_and_none_goes_wrong_by_itself() -> None:
    rng = random.Random(20261130)
    people = buyers(rng)
    made, seen = strangers(rng, people), Counter[str]()
    for each in made:
        found = judged(each, people)
        by_hand = {buyer.place: n for buyer in people if (n := points(each, buyer, people)) is not None}
        assert {buyer.place: score(fits) for buyer, fits in found} == by_hand, each
        alone = by_itself(each, found)
        seen["whose"] += each.of is not None
        seen["first"] += each.of is not None and bool(found) and found[0][0] is each.of
        seen["alone"] += alone is not None
        seen["wrong"] += alone is not None and alone is not each.of
    assert len(made) == STRANGERS
    assert seen["wrong"] == 0
    assert seen["first"] >= 0.9 * seen["whose"], seen
    assert seen["alone"] >= 60, seen
