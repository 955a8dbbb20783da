"""One step of a merge of orders: which orders of the stage it takes, and how statements on books and stage run."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from retcli.actions.imports.merging import Source
from retcli.shop import Shop

IN_STEP = "r.target > :after AND r.target <= :until"
"""The condition in SQL that a row ``r`` belongs to the step."""
_TEXTS = {name: sa.bindparam(name, type_=sa.String()) for name in ("platform", "shop")}
"""Values whose type PostgreSQL cannot tell by where they stand in a statement."""


@dataclass(frozen=True)
class Step:
    """Some orders of a stage with all rows of each: those whose number is greater than `after` and at most `until`.
    `schema` is the name of the stage's tables, `holds` the kind of its file.
    """

    shop: Shop
    source: Source
    schema: str
    after: str
    until: str
    holds: str

    @property
    def both(self) -> bool:
        """Whether each row of the file is a line with its order's head: then the lines count as the rows."""
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
        """Executes a statement, which may use the values ``after``, ``until``, ``platform``, ``shop``, ``import`` and
        those given.
        """
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
    """A statement parsed once, and the names of the values that it uses."""
    clause = sa.text(statement)
    names = tuple(clause.compile().params)
    return clause.bindparams(*(_TEXTS[name] for name in names if name in _TEXTS)), names
