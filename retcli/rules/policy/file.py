"""Turns the document of ``policy.toml`` into a `Policy`, and names every mistake in it with its place.

All mistakes are collected before anything is refused, so that a shop mends its file once. What single values may be is
in `keys.py`, what the law says to them in `floor.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from retcli.language import mark
from retcli.rules.casefile.findings import Answer, Fact, Finding
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.names import platform_of
from retcli.rules.policy import keys
from retcli.rules.policy.keys import Mistaken, Read
from retcli.rules.policy.policy import (
    BUILT_IN,
    Automatic,
    Excluded,
    Limits,
    OwnReason,
    Policy,
    Promotion,
    Remedy,
    Terms,
    When,
)

USUAL_FILE = "policy.toml"
_NONE: Mapping[str, Read] = {}


class Reader:
    """Reads one document; `problems` collects its mistakes, each a finding whose gap `place` names the key."""

    def __init__(self, document: Mapping[str, Any], file: str) -> None:
        self.document = document
        self.file = file
        self.problems: list[Finding] = []

    def policy(self) -> Policy:
        """The policy as far as it can be read; where `problems` are left it is not to be used."""
        self._unknown("", self.document, keys.KNOWN)
        version = self._read_one("version", self.document.get("version"), keys.text) or ""
        if version == BUILT_IN:
            self._wrong("version", mark("{place}: this must be a name of its own"))
        values: dict[str, Any] = {
            "version": version,
            # without a readable day the policy never begins, so that nothing is judged by it
            "starts_on": self._read_one("from", self.document.get("from"), keys.day) or date.max,
            "terms": Terms(**self._terms("", self.document)),
            "rules": tuple(self._rules()),
            "automatic": tuple(self._filled_tables("auto_approve", keys.AUTOMATIC, Automatic, {"kinds", "most"})),
            "remedies": tuple(self._filled_tables("remedy", keys.REMEDY, Remedy, set(keys.REMEDY) - {"goods"})),
            "reasons": tuple(self._filled_tables("reasons", keys.OWN, OwnReason, set(keys.OWN))),
        }
        self._fields("", self.document, {}, keys.TOLD)
        self._own_codes()
        values |= self._scalars()
        values |= self._promotions() | self._limits() | self._tables()
        if "excluded" in self.document:
            values["excluded"] = self._excluded()
        return Policy(**values)

    def _wrong(self, place: str, text: str, **facts: Fact) -> None:
        """Notes a mistake, once."""
        # some keys are read in two passes (clocks, promotions), and each would note the mistake
        finding = Finding("file", Answer.NO, self.file, text, {"place": place, **facts}, waivable=False)
        if finding not in self.problems:
            self.problems.append(finding)

    def _unknown(self, place: str, table: Mapping[str, Any], names: set[str]) -> None:
        """Names each key of a table that is not known, with the one that comes nearest."""
        for name in [name for name in table if name not in names]:
            from difflib import get_close_matches

            near = get_close_matches(name, sorted(names), 1)
            text = (
                mark("{place}: nobody knows this key; do you mean {near}?")
                if near
                else mark("{place}: nobody knows this key")
            )
            self._wrong(f"{place}{name}", text, near=near[0] if near else "")

    def _read_one(self, place: str, value: Any, read: Read) -> Any:
        """One value as `read` takes it; None where it is mistaken, which is noted."""
        try:
            return read(value)
        except Mistaken as wrong:
            for below, text in wrong.parts:
                self._wrong(f"{place}{below}", text)
            return None

    def _table(self, place: str, value: Any) -> Mapping[str, Any]:
        """The value as a table; an empty one where it is missing, or something else, which is noted as a mistake."""
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self._wrong(place, mark("{place}: this must be a table of keys and values"))
        return {}

    def _fields(
        self, place: str, table: Mapping[str, Any], reads: Mapping[str, Read], also: Mapping[str, Read] = _NONE
    ) -> dict[str, Any]:
        """The values of a table's keys by their readers; keys that cannot be read are left out. Of the keys in `also`,
        which are no values of the policy, only the mistakes are noted.
        """
        before = f"{place}." if place else ""
        read = {n: self._read_one(f"{before}{n}", table[n], how) for n, how in {**also, **reads}.items() if n in table}
        return {name: value for name, value in read.items() if value is not None and name in reads}

    def _known_fields(
        self, place: str, table: Mapping[str, Any], reads: Mapping[str, Read], also: Mapping[str, Read] = _NONE
    ) -> dict[str, Any]:
        """As `_fields`; a key that is in neither `reads` nor `also` is noted as a mistake too."""
        self._unknown(f"{place}.", table, {*reads, *also})
        return self._fields(place, table, reads, also)

    def _terms(self, place: str, table: Mapping[str, Any]) -> dict[str, Any]:
        """The terms of a table of rules, by the names that they have in `Terms`."""
        terms: dict[str, Any] = {}
        for section, reads in keys.TERMS.items():
            inner = self._table(f"{place}{section}", table.get(section))
            values = self._known_fields(f"{place}{section}", inner, reads, keys.LAW.get(section, _NONE))
            terms |= {keys.NAMED.get((section, name), name): value for name, value in values.items()}
        return terms

    def _rules(self) -> Iterator[When]:
        """The rules for some goods, buyers, platforms, shops or days, in the order of the file."""
        for number, table in self._list("when", self.document.get("when", [])):
            place = f"when[{number}]"
            self._unknown(f"{place}.", table, {*keys.WHEN, *keys.TERMS})
            conditions = self._fields(place, table, keys.WHEN)
            name = conditions.pop("name", "") or f"when[{number}]"
            if not conditions:
                self._wrong(
                    place,
                    mark(
                        "{place}: this must be a rule that says for which category, tier, platform, shop or days it is"
                    ),
                )
            yield When(name=name, terms=self._terms(f"{place}.", table), **conditions)

    def _list(self, name: str, value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The tables of a list with their numbers from 1 on; an entry that is no table is noted as a mistake."""
        if not isinstance(value, list):
            self._wrong(name, mark("{place}: this must be a list of tables: write it with [[ ]]"))
            return
        for number, table in enumerate(value, 1):
            if isinstance(table, Mapping):
                yield number, table
            else:
                self._wrong(f"{name}[{number}]", mark("{place}: this must be a table of keys and values"))

    def _filled_tables(
        self, name: str, reads: Mapping[str, Read], kind: Any, needed: set[str], value: Any = None
    ) -> Iterator[Any]:
        """One `kind(**values)` for each table of a list that has the `needed` keys; a missing one is noted as a
        mistake. The list is the document's key `name`, or `value` where it stands elsewhere.
        """
        for number, table in self._list(name, self.document.get(name, []) if value is None else value):
            values = self._known_fields(f"{name}[{number}]", table, reads)
            for key in sorted(needed - table.keys()):
                self._wrong(f"{name}[{number}].{key}", mark("{place}: this must be there"))
            if needed <= values.keys():
                yield kind(**values)

    def _own_codes(self) -> None:
        """Notes each sub-reason whose code is taken, by a canonical reason or by another sub-reason, in any case of
        letters.
        """
        codes = {code.casefold() for code in REASONS}
        for number, table in self._list("reasons", self.document.get("reasons", [])):
            code = table.get("code")
            if not isinstance(code, str):
                continue
            if code.strip().casefold() in codes:
                self._wrong(
                    f"reasons[{number}].code", mark("{place}: another reason has the code {code}"), code=code.strip()
                )
            codes.add(code.strip().casefold())

    def _scalars(self) -> dict[str, Any]:
        """The fields of the policy that stand as one key in a section of the file, by the name of the field."""
        scalars: dict[str, Any] = {}
        for section, names in keys.SCALARS.items():
            table = self._table(section, self.document.get(section))
            # two sections hold more than single keys: a table for each platform, and the list of promotions
            if section == "clocks":
                single = {*names, *keys.LIMITS}
                table = {n: value for n, value in table.items() if n in single or not isinstance(value, Mapping)}
            elif section == "promotions":
                table = {name: value for name, value in table.items() if name != "rule"}
            reads = {name: read for name, (_field, read) in names.items()}
            also = keys.LIMITS if section == "clocks" else keys.LAW.get(section, _NONE)
            values = self._known_fields(section, table, reads, also)
            scalars |= {names[name][0]: value for name, value in values.items()}
        return scalars

    def _promotions(self) -> dict[str, Any]:
        """The threshold promotions (满减) of the section ``[[promotions.rule]]``."""
        rules = self._table("promotions", self.document.get("promotions")).get("rule", [])
        needed = {"name", "least", "off"}
        return {"promotions": tuple(self._filled_tables("promotions.rule", keys.PROMOTION, Promotion, needed, rules))}

    def _limits(self) -> dict[str, Any]:
        """The platforms' time limits: the general ones, and for each platform named its own laid over those."""
        clocks = self._table("clocks", self.document.get("clocks"))
        general = Limits(**self._fields("clocks", clocks, keys.LIMITS))
        by_platform: dict[str, Limits] = {}
        for name, table in clocks.items():
            if name in keys.LIMITS or name in keys.SCALARS["clocks"] or not isinstance(table, Mapping):
                continue
            if platform_of(name) in by_platform:
                self._wrong(f"clocks.{name}", keys.TWICE)
            own = self._known_fields(f"clocks.{name}", table, keys.LIMITS)
            by_platform[platform_of(name)] = Limits(**{**vars(general), **own})
        return {"limits": general, "limits_by_platform": by_platform}

    def _tables(self) -> dict[str, Any]:
        """The tables whose keys the shop chooses, and the days off and worked of its calendar."""
        values = self._fields("", self.document, keys.TABLES)
        days = self._known_fields("holidays", self._table("holidays", self.document.get("holidays")), keys.HOLIDAYS)
        values["holidays"] = {day: name == "off" for name in keys.HOLIDAYS for day in days.get(name, ())}
        return values

    def _excluded(self) -> dict[str, Excluded]:
        """The class without a seven-day right for each word in a category's name."""
        table = self._table("excluded", self.document["excluded"])
        classes = {str(kind) for kind in Excluded}
        values = self._known_fields("excluded", table, dict.fromkeys(classes, keys.texts), keys.LAW["excluded"])
        return {word: Excluded(name) for name, words in values.items() for word in words}


def read(document: Mapping[str, Any], file: str = USUAL_FILE) -> tuple[Policy, Sequence[Finding]]:
    """The policy of a file's document, and the mistakes in it; where there are any the policy is not to be used."""
    reader = Reader(document, file)
    policy = reader.policy()
    return policy, reader.problems
