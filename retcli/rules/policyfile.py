"""The shop's rules as written in ``policy.toml``: a document into a `Policy`, every mistake named with its place."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from retcli.language import mark
from retcli.rules import money
from retcli.rules.findings import Answer, Fact, Finding
from retcli.rules.lifecycles import Kind
from retcli.rules.policy import (
    BUILT_IN,
    Automatic,
    Difference,
    Excluded,
    Limits,
    OwnReason,
    Payer,
    Policy,
    Promotion,
    Remedy,
    Settling,
    Terms,
    When,
)
from retcli.rules.reasons import REASONS
from retcli.rules.remedies import MORE_TIME, Rung

Read = Callable[[Any], Any]
_SPELL = re.compile(r"(?:(\d+)d)? ?(?:(\d+)h)?(?: ?(\d+)m)?")
_PERCENT = re.compile(r"(\d{1,2}|100)(?:\.(\d{1,2}))?%")
USUAL_FILE = "policy.toml"


class Mistaken(Exception):
    """A value that cannot be what its key asks for; the message id tells what it should be."""


def _days(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 3650:
        raise Mistaken(mark("{place}: this must be a whole number of days, such as 7"))
    return value


def _yes(value: Any) -> bool:
    if type(value) is not bool:
        raise Mistaken(mark("{place}: this must be true or false"))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Mistaken(mark("{place}: this must be a text in quotation marks"))
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Mistaken(mark('{place}: this must be a list of texts, such as ["…", "…"]'))
    return tuple(_text(each) for each in value)


def _percent(value: Any) -> int:
    """Basis points."""
    parts = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if parts is None or int(parts[1]) > 100:
        raise Mistaken(mark('{place}: this must be a percentage in quotation marks, such as "10%"'))
    return int(parts[1]) * 100 + int((parts[2] or "0").ljust(2, "0"))


def _yuan(value: Any) -> int:
    """Minor units of CNY."""
    try:
        minor = money.parse(str(value)) if type(value) in {int, str} else -1
    except ValueError:
        minor = -1
    if minor < 0:
        raise Mistaken(mark('{place}: this must be an amount in quotation marks, such as "30.00"'))
    return minor


def _spell(value: Any) -> timedelta:
    parts = _SPELL.fullmatch(value.strip()) if isinstance(value, str) and value.strip() else None
    if parts is None or not any(parts.groups()):
        raise Mistaken(
            mark('{place}: this must be a length of time in quotation marks, such as "48h", "7d" or "5d14h24m"')
        )
    days, hours, minutes = (int(part or 0) for part in parts.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _day(value: Any) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError) as wrong:
        raise Mistaken(mark("{place}: this must be a day, such as 2026-12-01")) from wrong


def _choice(kind: Any, value: Any) -> Any:
    try:
        return kind(value)
    except ValueError as wrong:
        raise Mistaken(mark("{place}: this must be one of the words that the commented file names")) from wrong


def _reason(value: Any) -> str:
    if value not in REASONS:
        raise Mistaken(mark("{place}: this must be a reason's code, such as Q_FUNC: retcli words"))
    return str(value)


def _proofs(value: Any) -> frozenset[str]:
    found = frozenset(_texts(value))
    if not found <= {"photo", "video", "chat", "report"}:
        raise Mistaken(mark("{place}: this must be a list of photo, video, chat, report"))
    return found


def _each(key: Read, read: Read, value: Any) -> dict[Any, Any]:
    if not isinstance(value, Mapping):
        raise Mistaken(mark("{place}: this must be a table of keys and values"))
    return {key(name): read(found) for name, found in value.items()}


def _kinds(value: Any) -> frozenset[str]:
    return frozenset(_choice(Kind, kind) for kind in _texts(value))


def _reasons(value: Any) -> frozenset[str]:
    return frozenset(_reason(code) for code in _texts(value))


def _steps(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    if not found or not set(found) <= {*Rung, *Kind, MORE_TIME}:
        raise Mistaken(mark("{place}: this must be a list of rungs and kinds of cases, such as compensation, resend"))
    return found


_NO_REASON: dict[str, Read] = {
    "days": _days,
    "extended_days": _days,
    "fee": _percent,
    "promised": _yes,
    "return_freight": partial(_choice, Payer),
    "pickup": _yes,
}
_QUALITY: dict[str, Read] = {"return_days": _days, "exchange_days": _days, "replace_in_warranty": _yes}
_EXCHANGE: dict[str, Read] = {"difference": partial(_choice, Difference)}
_PRICE: dict[str, Read] = {"days": _days}
_TERMS = {"no_reason": _NO_REASON, "quality": _QUALITY, "exchange": _EXCHANGE, "price_protection": _PRICE}
_NAMED = {("price_protection", "days"): "price_days"}
"""Keys of the file that are called otherwise among the terms."""
_WHEN: dict[str, Read] = {
    "name": _text,
    "category": _text,
    "tier": _text,
    "platform": _text,
    "shop": _text,
    "ordered_from": _day,
    "ordered_until": _day,
}
_PROMOTION: dict[str, Read] = {
    "name": _text,
    "least": _yuan,
    "off": _yuan,
    "ordered_from": _day,
    "ordered_until": _day,
}
_AUTOMATIC: dict[str, Read] = {"kinds": _kinds, "most": _yuan, "reasons": _reasons, "unshipped": _yes}
_REMEDY: dict[str, Read] = {"goods": _texts, "reasons": _reasons, "then": _steps, "why": _text}
_OWN: dict[str, Read] = {"code": _text, "parent": _reason, "name": _text}
_CLOCKS: dict[str, Read] = dict.fromkeys(
    ("own_reply", "own_agreement", "escalation", "ask_again", "patience", "first_movement", "stalled"), _spell
)
_LIMITS: dict[str, Read] = {"first_reply": _spell, "buyer_returns": _spell}
_SCALARS: dict[str, dict[str, tuple[str, Read]]] = {
    "freight": {"free_from": ("free_freight_from", _yuan), "fee": ("freight_fee", _yuan)},
    "limits": {"agent": ("agent_limit", _yuan), "compensation": ("compensation", _yuan)},
    "refund": {"within": ("pay_after_receipt", _spell)},
    "promotions": {"settle": ("settling", partial(_choice, Settling))},
    "gifts": {"prices": ("gifts", partial(_each, _text, _yuan))},
    "clocks": {name: (name, read) for name, read in _CLOCKS.items()},
}
UNLAWFUL = {
    "no_reason": {"opened", "fee_from_day"},
    "quality": {"fee", "return_freight"},
    "excluded": {"confirmation"},
    "refund": {"as"},
    "gifts": {"settle"},
}
"""Keys that a shop may write and the law has its say on (`policyfloor`)."""
_KNOWN = {
    "version", "from", "texts", "when", "auto_approve", "remedy", "reasons", "reason_words", "evidence",
    "evidence_missing", "addresses", "holidays", "excluded", *_TERMS, *_SCALARS,
}  # fmt: skip


class Reader:
    """Reads one document of a file; `problems` are its mistakes, each a finding with the place as its rule."""

    def __init__(self, document: Mapping[str, Any], file: str) -> None:
        self.document = document
        self.file = file
        self.problems: list[Finding] = []

    def policy(self) -> Policy:
        """The policy as far as it can be read."""
        self._unknown("", self.document, _KNOWN)
        version = self._one("version", self.document.get("version"), _text) or ""
        if version == BUILT_IN:
            self._wrong("version", mark("{place}: this must be a name of its own"))
        made: dict[str, Any] = {
            "version": version,
            "starts_on": self._one("from", self.document.get("from"), _day) or date.max,
            "terms": Terms(**self._terms("", self.document)),
            "rules": tuple(self._rules()),
            "automatic": tuple(self._all("auto_approve", _AUTOMATIC, Automatic, {"kinds", "most"})),
            "remedies": tuple(self._all("remedy", _REMEDY, Remedy, set(_REMEDY) - {"goods"})),
            "reasons": tuple(self._all("reasons", _OWN, OwnReason, set(_OWN))),
        }
        made |= self._scalars()
        made |= self._promotions() | self._limits() | self._tables()
        if "excluded" in self.document:
            made["excluded"] = self._excluded()
        return Policy(**made)

    def _wrong(self, place: str, text: str) -> None:
        self.problems.append(Finding("file", Answer.NO, self.file, text, {"place": place}, waivable=False))

    def _unknown(self, place: str, table: Mapping[str, Any], known: set[str]) -> None:
        for name in [name for name in table if name not in known]:
            from difflib import get_close_matches

            near = get_close_matches(name, sorted(known), 1)
            text = (
                mark("{place}: nobody knows this key; do you mean {near}?")
                if near
                else mark("{place}: nobody knows this key")
            )
            facts: dict[str, Fact] = {"place": f"{place}{name}", "near": near[0] if near else ""}
            self.problems.append(Finding("file", Answer.NO, self.file, text, facts, waivable=False))

    def _one(self, place: str, value: Any, read: Read) -> Any:
        try:
            return read(value)
        except Mistaken as wrong:
            self._wrong(place, str(wrong))
            return None

    def _table(self, place: str, value: Any) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self._wrong(place, mark("{place}: this must be a table of keys and values"))
        return {}

    def _fields(
        self, place: str, table: Mapping[str, Any], reads: Mapping[str, Read], also: set[str]
    ) -> dict[str, Any]:
        """The values of a table's known keys that can be read."""
        self._unknown(f"{place}.", table, {*reads, *also})
        found = {name: self._one(f"{place}.{name}", table[name], read) for name, read in reads.items() if name in table}
        return {name: value for name, value in found.items() if value is not None}

    def _terms(self, place: str, table: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for section, reads in _TERMS.items():
            inner = self._table(f"{place}{section}", table.get(section))
            found = self._fields(f"{place}{section}", inner, reads, UNLAWFUL.get(section, set()))
            made |= {_NAMED.get((section, name), name): value for name, value in found.items()}
        return made

    def _rules(self) -> Iterator[When]:
        for number, table in self._list("when"):
            place = f"when[{number}]"
            self._unknown(f"{place}.", table, {*_WHEN, *_TERMS})
            asked = self._fields(place, {k: v for k, v in table.items() if k in _WHEN}, _WHEN, set())
            name = asked.pop("name", "") or f"when[{number}]"
            if not asked:
                self._wrong(
                    place,
                    mark(
                        "{place}: this must be a rule that says for which category, tier, platform, shop or days it is"
                    ),
                )
            yield When(name=name, terms=self._terms(f"{place}.", table), **asked)

    def _list(self, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        value = self.document.get(name, [])
        if not isinstance(value, list):
            self._wrong(name, mark("{place}: this must be a list of tables: write it with [[ ]]"))
            return
        for number, table in enumerate(value, 1):
            if isinstance(table, Mapping):
                yield number, table
            else:
                self._wrong(f"{name}[{number}]", mark("{place}: this must be a table of keys and values"))

    def _all(self, name: str, reads: Mapping[str, Read], kind: Any, needed: set[str]) -> Iterator[Any]:
        for number, table in self._list(name):
            found = self._fields(f"{name}[{number}]", table, reads, set())
            for key in sorted(needed - found.keys()):
                if key not in table:
                    self._wrong(f"{name}[{number}].{key}", mark("{place}: this must be there"))
            if needed <= found.keys():
                yield kind(**found)

    def _scalars(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for section, keys in _SCALARS.items():
            table = self._table(section, self.document.get(section))
            also = UNLAWFUL.get(section, set()) | ({"rule"} if section == "promotions" else set())
            nested = {name for name in table if isinstance(table[name], Mapping)} if section == "clocks" else set()
            reads = {name: read for name, (_field, read) in keys.items()} | (_LIMITS if section == "clocks" else {})
            found = self._fields(section, table, reads, also | nested)
            made |= {keys[name][0]: value for name, value in found.items() if name in keys}
        return made

    def _promotions(self) -> dict[str, Any]:
        rules = self._table("promotions", self.document.get("promotions")).get("rule", [])
        inner = Reader({"promotions.rule": rules}, self.file)
        found = tuple(inner._all("promotions.rule", _PROMOTION, Promotion, {"name", "least", "off"}))
        self.problems += inner.problems
        return {"promotions": found}

    def _limits(self) -> dict[str, Any]:
        clocks = self._table("clocks", self.document.get("clocks"))
        general = Limits(
            **{k: _quiet(_LIMITS[k], v) for k, v in clocks.items() if k in _LIMITS and _quiet(_LIMITS[k], v)}
        )
        by_platform = {
            name: Limits(**{**vars(general), **self._fields(f"clocks.{name}", table, _LIMITS, set())})
            for name, table in clocks.items()
            if isinstance(table, Mapping)
        }
        return {"limits": general, "limits_by_platform": by_platform}

    def _tables(self) -> dict[str, Any]:
        reads: dict[str, tuple[str, Read]] = {
            "evidence": ("evidence", partial(_each, _reason, _proofs)),
            "addresses": ("addresses", partial(_each, _text, _text)),
            "reason_words": ("reason_words", partial(_each, _text, _reason)),
        }
        found = {
            field: self._one(name, self.document[name], read)
            for name, (field, read) in reads.items()
            if name in self.document
        }
        holidays = self._table("holidays", self.document.get("holidays"))
        self._unknown("holidays.", holidays, {"off", "work"})
        days = {
            self._one(f"holidays.{name}", day, _day): name == "off"
            for name in ("off", "work")
            for day in holidays.get(name, [])
        }
        found["holidays"] = {day: off for day, off in days.items() if day}
        return {name: value for name, value in found.items() if value is not None}

    def _excluded(self) -> dict[str, Excluded]:
        table = self._table("excluded", self.document["excluded"])
        classes = {str(kind) for kind in Excluded}
        found = self._fields("excluded", table, dict.fromkeys(classes, _texts), UNLAWFUL["excluded"])
        return {word: Excluded(name) for name, words in found.items() for word in words}


def _quiet(read: Read, value: Any) -> Any:
    """The value, None where it is mistaken and named elsewhere."""
    try:
        return read(value)
    except Mistaken:
        return None


def read(document: Mapping[str, Any], file: str = USUAL_FILE) -> tuple[Policy, Sequence[Finding]]:
    """The policy of a file's document, and the mistakes in it (then the policy is not to be used)."""
    reader = Reader(document, file)
    policy = reader.policy()
    return policy, reader.problems
