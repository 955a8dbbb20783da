"""The shop's rules as written in ``policy.toml``: a document into a `Policy`, every mistake named with its place."""

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
    """Reads one document of a file; `problems` are its mistakes, each a finding with the place as its rule."""

    def __init__(self, document: Mapping[str, Any], file: str) -> None:
        self.document = document
        self.file = file
        self.problems: list[Finding] = []

    def policy(self) -> Policy:
        """The policy as far as it can be read."""
        self._unknown("", self.document, keys.KNOWN)
        version = self._read_one("version", self.document.get("version"), keys.text) or ""
        if version == BUILT_IN:
            self._wrong("version", mark("{place}: this must be a name of its own"))
        values: dict[str, Any] = {
            "version": version,
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
        """Names a mistake, once."""
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
        """One value as it is read; None where it is mistaken, which is named."""
        try:
            return read(value)
        except Mistaken as wrong:
            for below, text in wrong.parts:
                self._wrong(f"{place}{below}", text)
            return None

    def _table(self, place: str, value: Any) -> Mapping[str, Any]:
        """A table; an empty one where there is none, or something else, which is named as a mistake."""
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self._wrong(place, mark("{place}: this must be a table of keys and values"))
        return {}

    def _fields(
        self, place: str, table: Mapping[str, Any], reads: Mapping[str, Read], also: Mapping[str, Read] = _NONE
    ) -> dict[str, Any]:
        """The values of a table's keys that can be read; of the keys in `also` only the mistakes are named."""
        before = f"{place}." if place else ""
        read = {n: self._read_one(f"{before}{n}", table[n], how) for n, how in {**also, **reads}.items() if n in table}
        return {name: value for name, value in read.items() if value is not None and name in reads}

    def _known_fields(
        self, place: str, table: Mapping[str, Any], reads: Mapping[str, Read], also: Mapping[str, Read] = _NONE
    ) -> dict[str, Any]:
        """The values of a table's keys that can be read; a key neither among them nor in `also` is a mistake."""
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
            asked = self._fields(place, table, keys.WHEN)
            name = asked.pop("name", "") or f"when[{number}]"
            if not asked:
                self._wrong(
                    place,
                    mark(
                        "{place}: this must be a rule that says for which category, tier, platform, shop or days it is"
                    ),
                )
            yield When(name=name, terms=self._terms(f"{place}.", table), **asked)

    def _list(self, name: str, value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The tables of a list with their numbers from 1 on; what is no table is named as a mistake."""
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
        """One value for each table of a list that has what it needs."""
        for number, table in self._list(name, self.document.get(name, []) if value is None else value):
            values = self._known_fields(f"{name}[{number}]", table, reads)
            for key in sorted(needed - table.keys()):
                self._wrong(f"{name}[{number}].{key}", mark("{place}: this must be there"))
            if needed <= values.keys():
                yield kind(**values)

    def _own_codes(self) -> None:
        """A sub-reason's code is its own: neither a canonical reason's nor another one's, whatever the case."""
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
        """The fields of the policy that have one key each, by the name of the field."""
        scalars: dict[str, Any] = {}
        for section, names in keys.SCALARS.items():
            table = self._table(section, self.document.get(section))
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
        """The threshold promotions."""
        rules = self._table("promotions", self.document.get("promotions")).get("rule", [])
        needed = {"name", "least", "off"}
        return {"promotions": tuple(self._filled_tables("promotions.rule", keys.PROMOTION, Promotion, needed, rules))}

    def _limits(self) -> dict[str, Any]:
        """The limits for all platforms, and those of single ones laid over them."""
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
        """The tables whose keys are the shop's own, with the holidays of the shop's calendar."""
        values = self._fields("", self.document, keys.TABLES)
        days = self._known_fields("holidays", self._table("holidays", self.document.get("holidays")), keys.HOLIDAYS)
        values["holidays"] = {day: name == "off" for name in keys.HOLIDAYS for day in days.get(name, ())}
        return values

    def _excluded(self) -> dict[str, Excluded]:
        """The class without seven days by each word of a category's name."""
        table = self._table("excluded", self.document["excluded"])
        classes = {str(kind) for kind in Excluded}
        values = self._known_fields("excluded", table, dict.fromkeys(classes, keys.texts), keys.LAW["excluded"])
        return {word: Excluded(name) for name, words in values.items() for word in words}


def read(document: Mapping[str, Any], file: str = USUAL_FILE) -> tuple[Policy, Sequence[Finding]]:
    """The policy of a file's document, and the mistakes in it (then the policy is not to be used)."""
    reader = Reader(document, file)
    policy = reader.policy()
    return policy, reader.problems
