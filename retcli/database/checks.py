"""The checks of a filled stage, each one statement over all of its rows."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from retcli.database.columns import LINE_FACTS, ORDER_FACTS, READING, WHOLE

SENT = ("waybill", "carrier")
"""What rows of one order may say differently: its goods went out in several parcels."""


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
            self._collect_waybills()
            doubles += self._same("heads", ("shop", *(name for name in ORDER_FACTS if name not in SENT), *READING))
            self._differing("heads", "target", differing)
        self._name_first()
        for table in ("heads", "lines"):
            named = f"target IN (SELECT target FROM {self.schema}.faults WHERE target <> '')"
            self._refuse(table, f"{named} AND row NOT IN (SELECT row FROM {self.schema}.faults)", sibling)
            self._do(f"DELETE FROM {{s}}.{table} WHERE {named}")
        for table in ("waybills", "records"):
            self._do(f"DELETE FROM {{s}}.{table} WHERE row IN (SELECT row FROM {{s}}.faults)")
        return doubles

    def _has(self, table: str) -> bool:
        """Whether a table of the stage holds any row."""
        return self._do(f"SELECT 1 FROM {{s}}.{table} LIMIT 1").first() is not None

    def _do(self, statement: str, **values: Any) -> Any:
        """Runs a statement in which ``{s}`` stands for the stage's schema."""
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
        self._collect_waybills()
        several = "SELECT target FROM {s}.heads GROUP BY target HAVING COUNT(*) > 1"
        differ = f"{several} AND (MIN(paid) <> MAX(paid) OR MIN(freight) <> MAX(freight))".replace("{s}", self.schema)
        self._refuse("lines", f"target IN ({differ})", problem)
        self._do(
            "DELETE FROM {s}.heads WHERE row IN (SELECT row FROM (SELECT h.row, row_number() OVER"
            " (PARTITION BY h.target ORDER BY l.line, h.row) AS place FROM {s}.heads h LEFT JOIN {s}.lines l"
            f" ON l.row = h.row AND l.target = h.target WHERE h.target IN ({several})) AS ranked WHERE place > 1)"
        )

    def _collect_waybills(self) -> None:
        """The waybills of orders of which several rows name different ones, or one row names one and another none."""
        differing = (
            "SELECT target FROM {s}.heads WHERE target IN (SELECT target FROM {s}.heads GROUP BY target"
            " HAVING COUNT(*) > 1) GROUP BY target HAVING COUNT(waybill) > 0"
            " AND (COUNT(waybill) < COUNT(*) OR MIN(waybill) <> MAX(waybill))"
        )
        self._do(
            "INSERT INTO {s}.waybills SELECT row, target, waybill, carrier, shipped_at FROM {s}.heads"
            f" WHERE waybill IS NOT NULL AND target IN ({differing})"
        )

    def _name_first(self) -> None:
        """An order of which the row that is kept names no waybill has the first that another row names."""
        first = "(SELECT w.{} FROM {s}.waybills w WHERE w.target = heads.target ORDER BY w.waybill LIMIT 1)"
        values = ", ".join(f"{name} = {first.replace('{}', name)}" for name in SENT)
        self._do(
            f"UPDATE {{s}}.heads SET {values} WHERE waybill IS NULL AND target IN (SELECT target FROM {{s}}.waybills)"
        )

    def _refuse(self, table: str, where: str, problem: str) -> None:
        """Refuses the rows of a table that meet a condition, for a problem (a message id)."""
        self._do(
            f"INSERT INTO {{s}}.faults SELECT row, '', target, :problem, target FROM {{s}}.{table} WHERE {where}",
            problem=problem,
        )
