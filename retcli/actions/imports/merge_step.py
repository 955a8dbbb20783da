"""A step of the merge: some orders of a stage, and the statements that run on books and stage together."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from retcli.actions.imports.merging import Source
from retcli.shop import Shop

IN_STEP = "r.target > :after AND r.target <= :until"
"""That a row ``r`` belongs to a step."""
_TEXTS = {name: sa.bindparam(name, type_=sa.String()) for name in ("platform", "shop")}
"""PostgreSQL asks for one type wherever a value stands in a statement; nothing else says what these are."""


@dataclass(frozen=True)
class Step:
    """Some orders of a stage, all rows of each: those beyond one number, up to and with another."""

    shop: Shop
    source: Source
    schema: str
    after: str
    until: str
    holds: str

    @property
    def both(self) -> bool:
        """Whether each row is a line and carries its order's head too: then the lines count as the rows."""
        return self.holds == "sales"

    @property
    def heads(self) -> str:
        """The stage's table of orders."""
        return f"{self.schema}.heads"

    @property
    def lines(self) -> str:
        """The stage's table of order lines."""
        return f"{self.schema}.lines"

    @property
    def waybills(self) -> str:
        """The stage's table of further waybills."""
        return f"{self.schema}.waybills"

    def run(self, statement: str, **values: Any) -> Any:
        """Executes a statement; it may name ``after``, ``until``, ``platform``, ``shop``, ``import`` and `values`."""
        clause, names = _clause(statement)
        values |= {
            "after": self.after,
            "until": self.until,
            "platform": self.source.platform,
            "shop": self.source.shop,
            "import": self.source.import_id,
        }
        return self.shop.session.execute(clause, {name: values[name] for name in names})


@lru_cache(maxsize=200)
def _clause(statement: str) -> tuple[sa.TextClause, tuple[str, ...]]:
    """A statement ready to run, and the names of its values."""
    clause = sa.text(statement)
    names = tuple(clause.compile().params)
    return clause.bindparams(*(_TEXTS[name] for name in names if name in _TEXTS)), names
