"""The keys of ``policy.toml``: readers of single values, and tables that give each key its reader. A reader returns the
value or raises `Mistaken`; a new key is a line in a table.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from retcli.language import mark
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.cases.media import Proof
from retcli.rules.lifecycles import Kind
from retcli.rules.money import minor_units
from retcli.rules.names import KINDS, STEPS, code_named, platform_of
from retcli.rules.policy.policy import Difference, Payer, Settling

V = TypeVar("V")
Read = Callable[[Any], Any]
_SPELL = re.compile(r"(?:(\d+)d)? ?(?:(\d+)h)?(?: ?(\d+)m)?")
_REASONS = {code: reason.name for code, reason in REASONS.items()}
_LONGEST = timedelta(days=3650)
MOST_PIECES = 1_000_000
"""Pieces that a limit may name."""
_PERCENT = re.compile(r"(\d{1,2}|100)(?:\.(\d{1,2}))?%")
_NO_TEXTS = mark('{place}: this must be a list of texts, such as ["…", "…"]')
_NO_DAYS = mark("{place}: this must be a list of days, such as [2027-01-01, 2027-01-02]")
TWICE = mark("{place}: this is there twice, under two names")
_NO_TABLE = mark("{place}: this must be a table of keys and values")


class Mistaken(Exception):
    """A value that its key cannot hold. `parts` pairs each place below the key ("" is the key itself) with the message
    id that tells what should stand there.
    """

    def __init__(self, text: str = "", parts: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.parts = tuple(parts) or (("", text),)


def days(value: Any) -> int:
    """Whole days, ten years at most. Raises Mistaken."""
    # not isinstance: True is an int in Python
    if type(value) is not int or not 0 <= value <= _LONGEST.days:
        raise Mistaken(mark("{place}: this must be a whole number of days, such as 7"))
    return value


def pieces(value: Any) -> int:
    """A whole number of pieces. Raises Mistaken."""
    # not isinstance: True is an int in Python
    if type(value) is not int or not 0 <= value <= MOST_PIECES:
        raise Mistaken(mark("{place}: this must be a whole number of pieces, such as 3"))
    return value


def yes(value: Any) -> bool:
    """A boolean. Raises Mistaken."""
    if type(value) is not bool:
        raise Mistaken(mark("{place}: this must be true or false"))
    return value


def text(value: Any) -> str:
    """A text that is not empty, without blanks around it. Raises Mistaken."""
    if not isinstance(value, str) or not value.strip():
        raise Mistaken(mark("{place}: this must be a text in quotation marks"))
    return value.strip()


def each_of(read: Callable[[Any], V], wanted: str, value: Any) -> tuple[V, ...]:
    """The members of a list, each by `read`. Raises Mistaken with the places of all bad members, or with the message id
    `wanted` where the value is no list.
    """
    if not isinstance(value, list):
        raise Mistaken(wanted)
    values: list[V] = []
    parts: list[tuple[str, str]] = []
    for number, member in enumerate(value, 1):
        try:
            values.append(read(member))
        except Mistaken as wrong:
            parts += [(f"[{number}]{at}", mistake) for at, mistake in wrong.parts]
    if parts:
        raise Mistaken(parts=parts)
    return tuple(values)


def table_of(key: Read, read: Callable[[Any], V], value: Any) -> dict[Any, V]:
    """A table whose keys the shop chooses, each by `key`, its value by `read`. Raises Mistaken with the places of all
    bad entries.
    """
    if not isinstance(value, Mapping):
        raise Mistaken(_NO_TABLE)
    values: dict[Any, V] = {}
    parts: list[tuple[str, str]] = []
    for name, entry in value.items():
        try:
            code = key(name)
            # TOML forbids a key twice, but a code and its Chinese name are two keys
            if code in values:
                raise Mistaken(TWICE)
            values[code] = read(entry)
        except Mistaken as wrong:
            parts += [(f".{name}{at}", mistake) for at, mistake in wrong.parts]
    if parts:
        raise Mistaken(parts=parts)
    return values


texts = partial(each_of, text, _NO_TEXTS)


def percent(value: Any) -> int:
    """A percentage such as ``10%``, in basis points. Raises Mistaken."""
    parts = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if parts is None or int(parts[1]) > 100:
        raise Mistaken(mark('{place}: this must be a percentage in quotation marks, such as "10%"'))
    return int(parts[1]) * 100 + int((parts[2] or "0").ljust(2, "0"))


def yuan(value: Any) -> int:
    """An amount in yuan, in minor units. Raises Mistaken."""
    # a TOML float is refused: 19.99 is none of its exact values
    try:
        minor = minor_units.parse(str(value)) if type(value) in {int, str} else -1
    except ValueError:
        minor = -1
    if minor < 0:
        raise Mistaken(mark('{place}: this must be an amount in quotation marks, such as "30.00"'))
    return minor


def spell(value: Any) -> timedelta:
    """A length of time such as ``5d14h24m``, ten years at most. Raises Mistaken."""
    parts = _SPELL.fullmatch(value.strip()) if isinstance(value, str) and value.strip() else None
    length = _length(*parts.groups("0")) if parts and any(parts.groups()) else None
    if length is None or length > _LONGEST:
        raise Mistaken(
            mark('{place}: this must be a length of time in quotation marks, such as "48h", "7d" or "5d14h24m"')
        )
    return length


def _length(days: str, hours: str, minutes: str) -> timedelta | None:
    """A length of time from written days, hours and minutes; None where it is too large for a timedelta."""
    try:
        return timedelta(days=int(days), hours=int(hours), minutes=int(minutes))
    except (OverflowError, ValueError):
        return None


def day(value: Any) -> date:
    """A day, as TOML's date or as a text. Raises Mistaken."""
    # not isinstance: a datetime is a date in Python
    try:
        return value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError) as wrong:
        raise Mistaken(mark("{place}: this must be a day, such as 2026-12-01")) from wrong


def platform(value: Any) -> str:
    """The code of a platform, from its code or name; an unknown name is kept, since a mapping file may have given it.
    Raises Mistaken.
    """
    return platform_of(text(value))


def _choice(kind: Any, value: Any) -> Any:
    """A value of an enumeration. Raises Mistaken."""
    try:
        return kind(value)
    except ValueError as wrong:
        raise Mistaken(mark("{place}: this must be one of the words that the commented file names")) from wrong


def reason(value: Any) -> str:
    """The code of a canonical reason, from its code or name. Raises Mistaken."""
    code = code_named(value, _REASONS) if isinstance(value, str) else None
    if code is None:
        raise Mistaken(mark("{place}: this must be a reason's code, such as Q_FUNC: retcli words"))
    return code


def proofs(value: Any) -> frozenset[str]:
    """A list of kinds of evidence. Raises Mistaken."""
    kinds = frozenset(texts(value))
    if not kinds <= set(Proof):
        raise Mistaken(mark("{place}: this must be a list of photo, video, chat, report"))
    return kinds


def _kind(value: Any) -> Kind:
    """A kind of case, from its code or name. Raises Mistaken."""
    kind = code_named(value, KINDS) if isinstance(value, str) else None
    if kind is None:
        raise Mistaken(mark("{place}: this must be a kind of case, such as refund-only: retcli words"))
    return Kind(kind)


def _kinds(value: Any) -> frozenset[str]:
    """A list of kinds of cases. Raises Mistaken."""
    return frozenset(each_of(_kind, _NO_TEXTS, value))


def _reasons(value: Any) -> frozenset[str]:
    """A list of canonical reasons. Raises Mistaken."""
    return frozenset(each_of(reason, _NO_TEXTS, value))


def _steps(value: Any) -> tuple[str, ...]:
    """Rungs of the ladder and kinds of cases, from their codes or names. Raises Mistaken."""
    steps = tuple(code_named(step, STEPS) for step in texts(value))
    steps_known = tuple(step for step in steps if step is not None)
    if not steps or steps_known != steps:
        raise Mistaken(mark("{place}: this must be a list of rungs and kinds of cases, such as compensation, resend"))
    return steps_known


_NO_REASON: dict[str, Read] = {
    "days": days,
    "extended_days": days,
    "fee": percent,
    "promised": yes,
    "return_freight": partial(_choice, Payer),
    "pickup": yes,
}
_QUALITY: dict[str, Read] = {"return_days": days, "exchange_days": days, "replace_in_warranty": yes}
_EXCHANGE: dict[str, Read] = {"difference": partial(_choice, Difference)}
_PRICE: dict[str, Read] = {"days": days}
TERMS = {"no_reason": _NO_REASON, "quality": _QUALITY, "exchange": _EXCHANGE, "price_protection": _PRICE}
NAMED = {("price_protection", "days"): "price_days"}
"""Keys of the file whose field of `Terms` has another name."""
WHEN: dict[str, Read] = {
    "name": text,
    "category": text,
    "tier": text,
    "platform": platform,
    "shop": text,
    "ordered_from": day,
    "ordered_until": day,
}
PROMOTION: dict[str, Read] = {
    "name": text,
    "least": yuan,
    "off": yuan,
    "ordered_from": day,
    "ordered_until": day,
}
AUTOMATIC: dict[str, Read] = {"kinds": _kinds, "most": yuan, "reasons": _reasons, "unshipped": yes}
REMEDY: dict[str, Read] = {"goods": texts, "reasons": _reasons, "then": _steps, "why": text}
OWN: dict[str, Read] = {"code": text, "parent": reason, "name": text}
_CLOCKS: dict[str, Read] = dict.fromkeys(
    ("own_reply", "own_agreement", "escalation", "ask_again", "patience", "first_movement", "stalled"), spell
)
LIMITS: dict[str, Read] = {"first_reply": spell, "buyer_returns": spell}
SCALARS: dict[str, dict[str, tuple[str, Read]]] = {
    "freight": {"free_from": ("free_freight_from", yuan), "fee": ("freight_fee", yuan)},
    "limits": {
        "agent": ("agent_limit", yuan),
        "compensation": ("compensation", yuan),
        "no_evidence_below": ("no_evidence_below", yuan),
    },
    "refund": {"within": ("pay_after_receipt", spell)},
    "promotions": {"settle": ("settling", partial(_choice, Settling))},
    "gifts": {"prices": ("gifts", partial(table_of, text, yuan))},
    "stock": {
        "recount_pieces": ("recount_pieces", pieces),
        "recount_amount": ("recount_amount", yuan),
        "scrap_pieces": ("scrap_pieces", pieces),
        "defective_pieces": ("defective_pieces", pieces),
        "defective_age": ("defective_age", spell),
        "safety_pieces": ("safety_pieces", pieces),
        "safety": ("safety", partial(table_of, text, pieces)),
        "scrap_amount": ("scrap_amount", yuan),
    },
    "clocks": {name: (name, read) for name, read in _CLOCKS.items()},
}
"""Sections whose keys are single values of the policy: the field of `Policy` and the reader of each key."""
TABLES: dict[str, Read] = {
    "evidence": partial(table_of, reason, proofs),
    "addresses": partial(table_of, text, text),
    "reason_words": partial(table_of, text, reason),
}
HOLIDAYS: dict[str, Read] = dict.fromkeys(("off", "work"), partial(each_of, day, _NO_DAYS))
LAW: dict[str, dict[str, Read]] = {
    "no_reason": {"opened": text, "fee_from_day": days},
    "quality": {"fee": percent, "return_freight": partial(_choice, Payer)},
    "excluded": {"confirmation": yes},
    "refund": {"as": text},
    "gifts": {"settle": text},
}
"""Keys that no policy keeps: `floor` refuses every value but the lawful one."""
TOLD: dict[str, Read] = {"evidence_missing": text, "texts": partial(table_of, text, text)}
"""Keys at the top of the file that no policy keeps, for `floor` to look at."""
KNOWN = {
    "version", "from", "when", "auto_approve", "remedy", "reasons", "holidays", "excluded", *TOLD, *TABLES, *TERMS,
    *SCALARS,
}  # fmt: skip
"""Every key at the top of the file."""
