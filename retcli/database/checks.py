"""The checks of a filled stage, each one statement over all of its rows."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from retcli.database.columns import LINE_FACTS, ORDER_FACTS, READING, WHOLE


class Checks:
    """What must be true of a stage before it counts as complete."""

    def __init__(self, connection: sa.Connection, schema: str) -> None:
        self.connection = connection
        self.schema = schema

    def run(self, differing: str, sibling: str) -> int:
        """Numbers lines that have none, drops doubles, refuses what differs and its siblings; the doubles dropped."""
        self._number_lines()
        doubles = self._same("lines", ("line", *LINE_FACTS)) + self._same("records", ("line", "payload"))
        self._differing("lines", "target, line", differing)
        self._differing("records", "target, line", differing)
        if self._has("heads") and self._has("lines"):
            self._one_head(differing)
        else:
            doubles += self._same("heads", ("shop", *ORDER_FACTS, *READING))
            self._differing("heads", "target", differing)
        for table in ("heads", "lines"):
            named = f"target IN (SELECT target FROM {self.schema}.faults WHERE target <> '')"
            self._refuse(table, f"{named} AND row NOT IN (SELECT row FROM {self.schema}.faults)", sibling)
            self._do(f"DELETE FROM {{s}}.{table} WHERE {named}")
        self._do("DELETE FROM {s}.records WHERE row IN (SELECT row FROM {s}.faults)")
        return doubles

    def _has(self, table: str) -> bool:
        return self._do(f"SELECT 1 FROM {{s}}.{table} LIMIT 1").first() is not None

    def _do(self, statement: str, **values: Any) -> Any:
        return self.connection.execute(sa.text(statement.replace("{s}", self.schema)), values)

    def _number_lines(self) -> None:
        """Lines without a number of their own are known by their place among the order's, put in order by content."""
        content = ", ".join(
            f"coalesce({name}, {0 if kind == WHOLE else repr('')})" for name, kind in LINE_FACTS.items()
        )
        self._do(
            "UPDATE {s}.lines SET line = placed.line FROM (SELECT row AS at, '#' || row_number() OVER"
            f" (PARTITION BY target ORDER BY {content}, row) AS line FROM {{s}}.lines WHERE line IS NULL) AS placed"
            " WHERE placed.at = lines.row AND lines.line IS NULL"
        )

    def _same(self, table: str, columns: Iterable[str]) -> int:
        """Drops rows that say the same as an earlier one; how many."""
        same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in columns)
        key = "target, line" if table != "heads" else "target"
        return int(
            self._do(
                f"DELETE FROM {{s}}.{table} WHERE row IN (SELECT b.row FROM {{s}}.{table} a JOIN {{s}}.{table} b"
                f" ON a.target = b.target AND a.row < b.row AND {same} WHERE a.target IN"
                f" (SELECT target FROM {{s}}.{table} GROUP BY {key} HAVING COUNT(*) > 1))"
            ).rowcount
        )

    def _differing(self, table: str, key: str, problem: str) -> None:
        """Refuses rows that say different things of one thing."""
        names = key.split(", ")
        twice = f"SELECT {key} FROM {self.schema}.{table} GROUP BY {key} HAVING COUNT(*) > 1"
        self._refuse(table, f"({key}) IN ({twice})" if len(names) > 1 else f"{key} IN ({twice})", problem)

    def _one_head(self, problem: str) -> None:
        """Of an order whose every line repeats its head, the head of the first line; where the money differs, none."""
        several = "SELECT target FROM {s}.heads GROUP BY target HAVING COUNT(*) > 1"
        differ = f"{several} AND (MIN(paid) <> MAX(paid) OR MIN(freight) <> MAX(freight))".replace("{s}", self.schema)
        self._refuse("lines", f"target IN ({differ})", problem)
        self._do(
            "DELETE FROM {s}.heads WHERE row IN (SELECT row FROM (SELECT h.row, row_number() OVER"
            " (PARTITION BY h.target ORDER BY l.line, h.row) AS place FROM {s}.heads h LEFT JOIN {s}.lines l"
            f" ON l.row = h.row AND l.target = h.target WHERE h.target IN ({several})) AS ranked WHERE place > 1)"
        )

    def _refuse(self, table: str, where: str, problem: str) -> None:
        self._do(
            f"INSERT INTO {{s}}.faults SELECT row, '', target, :problem, target FROM {{s}}.{table} WHERE {where}",
            problem=problem,
        )
