"""Where a returned piece may go by its grade and by what it is made for (`docs/rules.md` §5): opened food and cosmetics
are sold to nobody, opened underwear never as new, a battery that is not sound lies apart.
"""

from collections.abc import Collection
from enum import StrEnum

from retcli.rules.lifecycles import ALLOWED, BY_GRADE, Bucket, Grade


class Nature(StrEnum):
    """What goods are made for, where that decides what becomes of returned ones."""

    CONSUMED = "consumed"  # eaten, or put on the skin
    WORN = "worn"  # next to the skin
    BATTERY = "battery"


_WORDS: tuple[tuple[Nature, str], ...] = (
    (Nature.CONSUMED, "食品 食物 零食 饮料 酒水 茶叶 奶粉 辅食 保健 生鲜 水果 药品 医疗器械 计生"),
    (Nature.CONSUMED, "化妆 美妆 彩妆 护肤 面膜 口红 香水 洗护 美容"),
    (Nature.WORN, "内衣 内裤 文胸 胸罩 泳衣 泳装 塑身衣 打底裤"),
    (Nature.BATTERY, "电池 锂电 充电宝 移动电源 电动车 平衡车"),
)
"""Words in the name of a category by which goods are known; platforms write whole paths (美妆/护肤/面膜)."""
UNSALEABLE = frozenset({Bucket.SCRAPPED, Bucket.HELD})
"""Where opened food and cosmetics may go: nobody buys them once more."""


def natures(category: str, *, sealed: bool = False) -> frozenset[Nature]:
    """What goods of a category are made for, by the words of its name; those that the shop's own rules call `sealed`
    for health or hygiene count at least as worn.
    """
    known = {nature for nature, words in _WORDS if any(word in category for word in words.split())}
    if sealed and Nature.CONSUMED not in known:
        known.add(Nature.WORN)
    return frozenset(known)


def needs_whole_seal(grade: Grade, of: Collection[Nature]) -> bool:
    """Whether pieces may have a grade only while their seal is whole: as new, food, cosmetics and underwear."""
    return grade == Grade.A and (Nature.CONSUMED in of or Nature.WORN in of)


def allowed(grade: Grade, of: Collection[Nature]) -> frozenset[Bucket]:
    """Where pieces of a grade may go."""
    places = ALLOWED[grade]
    if Nature.CONSUMED in of and grade in {Grade.B, Grade.C}:
        places &= UNSALEABLE
    if Nature.BATTERY in of and grade in {Grade.C, Grade.D}:
        places &= {Bucket.HELD}
    return places


def place(grade: Grade, of: Collection[Nature]) -> Bucket:
    """Where pieces of a grade go when nobody says otherwise: where their grade goes, else they are held until somebody
    decides.
    """
    usual = BY_GRADE[grade]
    return usual if usual in allowed(grade, of) else Bucket.HELD
