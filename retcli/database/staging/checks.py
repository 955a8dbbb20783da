"""The checks of a filled stage: each is one statement over all of its rows, which numbers, drops or refuses some."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from retcli.database.staging.columns import LINE_FACTS, ORDER_FACTS, READING, WHOLE

SENT = ("waybill", "carrier")
"""Columns that rows of one order may fill differently: its goods went out in several parcels."""


class Checks:
    """The checks of one stage, on a connection that sees its tables under a schema's name."""

    def __init__(self, connection: sa.Connection, schema: str) -> None:
        self.connection = connection
        self.schema = schema
        self.heads, self.lines = f"{schema}.heads", f"{schema}.lines"
        self.waybills, self.faults = f"{schema}.waybills", f"{schema}.faults"

    def run(self, differing: str, sibling: str) -> int:
        """Numbers lines that have none, drops rows that repeat another, refuses rows that contradict one (`differing`,
        a message id), and then every other row of their orders (`sibling`); how many rows were dropped as doubles.
        """
        self._number_lines()
        # rows that say the same are one before any is refused for saying something else
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
            named = f"target IN (SELECT target FROM {self.faults} WHERE target <> '')"
            self._refuse(table, f"{named} AND row NOT IN (SELECT row FROM {self.faults})", sibling)
            self._do(f"DELETE FROM {self.schema}.{table} WHERE {named}")
        for table in ("waybills", "records"):
            self._do(f"DELETE FROM {self.schema}.{table} WHERE row IN (SELECT row FROM {self.faults})")
        return doubles

    def _has(self, table: str) -> bool:
        """Whether a table of the stage holds any row."""
        return self._do(f"SELECT 1 FROM {self.schema}.{table} LIMIT 1").first() is not None

    def _do(self, statement: str, **values: Any) -> Any:
        """Runs a statement on the stage's tables."""
        return self.connection.execute(sa.text(statement), values)

    def _number_lines(self) -> None:
        """Numbers lines without a number of their own by their place within the order: ``#1``, ``#2`` …"""
        # by content, so that a later file with the rows in another sequence gives each line the same number
        content = ", ".join(
            f"coalesce({name}, {0 if kind == WHOLE else repr('')})" for name, kind in LINE_FACTS.items()
        )
        self._do(
            f"UPDATE {self.lines} SET line = placed.line FROM (SELECT row AS at, '#' || row_number() OVER"
            f" (PARTITION BY target ORDER BY {content}, row) AS line FROM {self.lines} WHERE line IS NULL) AS placed"
            " WHERE placed.at = lines.row AND lines.line IS NULL"
        )

    def _same(self, table: str, columns: Iterable[str]) -> int:
        """Drops rows of a table that equal an earlier row of their target in some columns; how many."""
        same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in columns)
        key, rows = "target, line" if table != "heads" else "target", f"{self.schema}.{table}"
        # joined with itself only where a key stands twice, which is seldom: all rows would be a second look at each
        return int(
            self._do(
                f"DELETE FROM {rows} WHERE row IN (SELECT b.row FROM {rows} a JOIN {rows} b"
                f" ON a.target = b.target AND a.row < b.row AND {same} WHERE a.target IN"
                f" (SELECT target FROM {rows} GROUP BY {key} HAVING COUNT(*) > 1))"
            ).rowcount
        )

    def _differing(self, table: str, key: str, problem: str) -> None:
        """Refuses the rows of a table that share a key: doubles are gone by now, so that they differ."""
        names = key.split(", ")
        twice = f"SELECT {key} FROM {self.schema}.{table} GROUP BY {key} HAVING COUNT(*) > 1"
        self._refuse(table, f"({key}) IN ({twice})" if len(names) > 1 else f"{key} IN ({twice})", problem)

    def _one_head(self, problem: str) -> None:
        """Keeps one head of each order whose lines repeat it, that of the first line; refuses orders whose heads differ
        in money.
        """
        # before the further heads go, which name them
        self._collect_waybills()
        several = f"SELECT target FROM {self.heads} GROUP BY target HAVING COUNT(*) > 1"
        differ = f"{several} AND (MIN(paid) <> MAX(paid) OR MIN(freight) <> MAX(freight))"
        self._refuse("lines", f"target IN ({differ})", problem)
        self._do(
            f"DELETE FROM {self.heads} WHERE row IN (SELECT row FROM (SELECT h.row, row_number() OVER"
            f" (PARTITION BY h.target ORDER BY l.line, h.row) AS place FROM {self.heads} h LEFT JOIN {self.lines} l"
            f" ON l.row = h.row AND l.target = h.target WHERE h.target IN ({several})) AS ranked WHERE place > 1)"
        )

    def _collect_waybills(self) -> None:
        """Notes every waybill of orders whose rows name different ones, or of whose rows only some name one."""
        differing = (
            f"SELECT target FROM {self.heads} WHERE target IN (SELECT target FROM {self.heads} GROUP BY target"
            " HAVING COUNT(*) > 1) GROUP BY target HAVING COUNT(waybill) > 0"
            " AND (COUNT(waybill) < COUNT(*) OR MIN(waybill) <> MAX(waybill))"
        )
        self._do(
            f"INSERT INTO {self.waybills} SELECT row, target, waybill, carrier, shipped_at FROM {self.heads}"
            f" WHERE waybill IS NOT NULL AND target IN ({differing})"
        )

    def _name_first(self) -> None:
        """Gives an order whose kept row names no waybill the first one that another row names."""
        others = f"FROM {self.waybills} w WHERE w.target = heads.target ORDER BY w.waybill LIMIT 1"
        values = ", ".join(f"{name} = (SELECT w.{name} {others})" for name in SENT)
        self._do(
            f"UPDATE {self.heads} SET {values} WHERE waybill IS NULL AND target IN (SELECT target FROM {self.waybills})"
        )

    def _refuse(self, table: str, where: str, problem: str) -> None:
        """Notes the rows of a table that meet an SQL condition as refused, for a problem (a message id)."""
        self._do(
            f"INSERT INTO {self.faults} SELECT row, '', target, :problem, target FROM {self.schema}.{table}"
            f" WHERE {where}",
            problem=problem,
        )
