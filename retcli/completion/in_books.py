"""What the books have for the word under the cursor: read only, at once or not at all, and nothing more than the person
who asks may see. Books on a server are not asked: a connection takes longer than somebody waits for TAB.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from retcli.completion.typed_line import Place
from retcli.language import _
from retcli.settings import Asked
from retcli.views.initials import name as masked

AT_MOST = 200
"""So many candidates are named."""
PATIENCE_SECONDS, SCAN_SECONDS = 0.2, 0.04
"""After so long a search is given up; one that looks at every order sooner, and what it found by then is offered."""
SHORTEST_TAIL = 4
"""Signs of an order's number that must be typed: who has none of them does not leaf through buyers."""
_STEPS = 1000
"""Steps of SQLite's machine between two looks at the clock."""
Pair = tuple[str, str]


def pairs(tree: Mapping[str, Any], place: Place, call: Asked) -> list[Pair]:
    """The candidates for a place with what is said of them; none where the books cannot be read at once, whatever the
    reason, or the person may not use the command.
    """
    search = _SEARCHES.get(place.kind)
    path = Path(call.database)
    if search is None or "://" in call.database or not path.is_file():
        return []
    try:
        with closing(opened(path)) as books:
            if not _may_ask(books, place, call.operator):
                return []
            return list(search(_Search(books, tree, place)))
    # whatever it is: an error's text would be written into the line that somebody types
    except Exception:
        return []


def opened(path: Path) -> Any:
    """The books, open for reading: nothing is made, changed or waited for."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    # books that nobody has open have no log beside them: read as they lie, since reading them by the log would make one
    still = "&immutable=1" if _keeps_a_log(path) and not path.with_name(f"{path.name}-wal").exists() else ""
    books = dbapi2.connect(f"{path.absolute().as_uri()}?mode=ro{still}", uri=True, isolation_level=None, timeout=0)
    _give_up_after(books, PATIENCE_SECONDS)
    # a file that somebody was sent may have functions in its views: TAB must run nothing of them
    books.execute("PRAGMA trusted_schema=OFF")
    return books


def _give_up_after(books: Any, seconds: float) -> None:
    """Ends what is searched so long from now."""
    until = time.monotonic() + seconds
    books.set_progress_handler(lambda: time.monotonic() > until, _STEPS)


def _keeps_a_log(path: Path) -> bool:
    """Whether a SQLite file says of itself that its changes go into a log beside it (WAL)."""
    # bytes 18 and 19 of a SQLite file are the versions that it is written and read by, 2 with a log
    with path.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"


def _may_ask(books: Any, place: Place, operator: str) -> bool:
    """Whether somebody may use the command that they are typing; who is not on the staff list may use none."""
    row = books.execute("SELECT role FROM staff WHERE name = ?", (operator,)).fetchone()
    return row is not None and row[0] in place.node.get("roles", [row[0]])


class _Search:
    """One search in open books for a place."""

    def __init__(self, books: Any, tree: Mapping[str, Any], place: Place) -> None:
        self._books, self._tree, self.place = books, tree, place
        self.typed = place.typed
        self.code = _comparable(place.typed)

    def rows(self, statement: str, **values: str) -> Iterator[tuple[Any, ...]]:
        """What a statement finds, as many as are named at most; `:code` is what was typed."""
        given = {"code": _literal(self.code), "exactly": self.code, **values}
        yield from self._books.execute(f"{statement} LIMIT {AT_MOST}", given)

    def through_all(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """What a statement finds that may look at every order, the newest first, in the time that there is for it."""
        _give_up_after(self._books, SCAN_SECONDS)
        with suppress(Exception):
            yield from self.rows(statement)

    def word(self, code: str) -> str:
        """The word for a code in the reader's language."""
        english: str = self._tree["words"].get(code, code)
        return _(english)

    def fits(self, value: str) -> bool:
        """Whether a value begins as was typed."""
        return value.casefold().startswith(self.typed.casefold())

    @property
    def payable(self) -> list[str] | None:
        """The statuses from which a payout can go on by the command; None where it takes any."""
        statuses: list[str] | None = self._tree["payouts"].get(self.place.path)
        return statuses


def _comparable(typed: str) -> str:
    """What was typed of a number in the form in which numbers are kept."""
    if typed.isascii():
        return typed.upper()
    from retcli.rules.warehouse.ids import folded

    return folded(typed)


def _literal(text: str) -> str:
    """A text for LIKE, in which it stands for itself."""
    return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in text)


def _about(*parts: str) -> str:
    return "  ".join(filter(None, parts))


def _amount(minor: int | None, currency: str) -> str:
    from retcli.rules.money.minor_units import POINTS, Money

    if not minor:
        return ""
    return _("{n} points").format(n=minor) if currency == POINTS else str(Money(minor, currency))


_CASES = """
SELECT c.number, c.kind, c.decision, c.filing, o.buyer, o.currency,
  CASE c.decision WHEN 'approved'
    THEN c.freight_due + (SELECT coalesce(sum(l.due), 0) FROM case_lines l WHERE l.case_id = c.id)
    WHEN 'requested' THEN coalesce(c.asked, c.platform_amount) END
FROM cases c JOIN orders o ON o.id = c.order_id
WHERE {which} AND {named}
ORDER BY c.filing = 'finished', c.id DESC"""
_NUMBERED = r"""(c.number LIKE :code || '%' ESCAPE '\' OR c.number LIKE '%' || :code ESCAPE '\'
  OR c.number LIKE '%-' || :code || '%' ESCAPE '\')"""
_ON_AN_ORDER = r"""(c.platform_number LIKE '%' || :code ESCAPE '\' OR o.number LIKE :code || '%' ESCAPE '\'
  OR o.number LIKE '%' || :code ESCAPE '\')"""


def _cases(search: _Search) -> Iterator[Pair]:
    """Open cases, the newest first; behind them finished ones where enough of a number was typed."""
    which = "1" if len(search.code) >= SHORTEST_TAIL else "c.filing = 'open'"
    yield from _found_cases(search, which)


def _finished_cases(search: _Search) -> Iterator[Pair]:
    """Cases that can be opened again, the newest first."""
    yield from _found_cases(search, "(c.filing = 'finished' OR c.decision = 'withdrawn')")


def _found_cases(search: _Search, which: str) -> Iterator[Pair]:
    """Cases by their number; where none has it, by the number of their order or of the refund there."""
    rows = list(search.rows(_CASES.format(which=which, named=_NUMBERED)))
    if not rows and len(search.code) >= SHORTEST_TAIL:
        rows = list(search.rows(_CASES.format(which=which, named=_ON_AN_ORDER)))
    for number, kind, decision, filing, buyer, currency, minor in rows:
        if number not in search.place.arguments:
            stands = search.word(filing if filing == "finished" else decision)
            yield number, _about(search.word(kind), masked(buyer), _amount(minor, currency), stands)


_ORDERS = """
SELECT number, buyer, paid, currency, coalesce(date(coalesce(paid_at, ordered_at), '+8 hours'), '') FROM orders
WHERE {named} ORDER BY id DESC"""
# a range up to the last sign of Unicode, since LIKE takes no index where case does not count
_BEGINS = "number_key >= :exactly AND number_key < :exactly || char(1114111)"
_ENDS = "number LIKE '%' || :code ESCAPE '\\'"


def _orders(search: _Search) -> Iterator[Pair]:
    """Orders of which the beginning was typed, else those of which it was the end, as many as are found in time."""
    if len(search.code) < SHORTEST_TAIL:
        return
    rows = list(search.through_all(_ORDERS.format(named=_BEGINS))) or search.through_all(_ORDERS.format(named=_ENDS))
    for number, buyer, paid, currency, day in rows:
        yield number, _about(masked(buyer), _amount(paid, currency), day)


_SKUS = """
SELECT sku, name FROM products WHERE sku_key LIKE :code || '%' ESCAPE '\\' OR sku LIKE :code || '%' ESCAPE '\\'
UNION ALL SELECT DISTINCT l.sku, '' FROM order_lines l
WHERE l.sku > '' AND l.sku LIKE :code || '%' ESCAPE '\\' AND l.sku NOT IN (SELECT sku FROM products)
ORDER BY 1"""


def _skus(search: _Search) -> Iterator[Pair]:
    """Articles of the product sheets, and what was sold besides."""
    yield from search.rows(_SKUS)


_ON_LINES = r"""
SELECT DISTINCT l.sku, coalesce(p.name, '') FROM order_lines l LEFT JOIN products p ON p.sku = l.sku
WHERE l.sku > '' AND l.order_id IN (
  SELECT order_id FROM cases WHERE number LIKE '%' || :whose ESCAPE '\' OR platform_number = :whose_exactly
  UNION SELECT id FROM orders WHERE number_key = :whose_exactly
  UNION SELECT c.order_id FROM parcels p JOIN parcel_cases pc ON pc.parcel_id = p.id JOIN cases c ON c.id = pc.case_id
  WHERE p.number LIKE '%' || :whose ESCAPE '\' OR p.waybill = :whose_exactly)
ORDER BY 1"""


def _line_skus(search: _Search) -> Iterator[Pair]:
    """The articles of the case, order or parcel that was typed before; all articles where it has none, or none was. A
    title is the platform's text, in which anything may stand: the name is the product sheet's.
    """
    whose = _comparable(next(iter(search.place.arguments), ""))
    lines = list(search.rows(_ON_LINES, whose=_literal(whose), whose_exactly=whose)) if whose else []
    if not lines:
        yield from _skus(search)
    yield from ((sku, name) for sku, name in lines if search.fits(sku))


_PARCELS = """
SELECT p.number, p.waybill, p.state, EXISTS (SELECT 1 FROM parcel_cases c WHERE c.parcel_id = p.id) FROM parcels p
WHERE (:code = '' AND p.state = 'received')
  OR (:code <> '' AND (p.number LIKE :code || '%' ESCAPE '\\' OR p.number LIKE '%' || :code ESCAPE '\\'
    OR p.waybill LIKE :code || '%' ESCAPE '\\' OR p.waybill LIKE '%' || :code ESCAPE '\\'))
ORDER BY p.state <> 'received', p.id DESC"""


def _parcels(search: _Search) -> Iterator[Pair]:
    """What lies on the floor uninspected; with something typed every parcel that has it in its number or waybill, by
    the one of both that was typed.
    """
    for number, waybill, state, has_case in search.rows(_PARCELS):
        shown = waybill if _plain(waybill) else ""
        unclaimed = "" if has_case or state == "expected" else _("parcel without a case")
        by_waybill = bool(shown and search.code) and (shown.startswith(search.code) or shown.endswith(search.code))
        value, beside = (shown, number) if by_waybill and search.code not in number else (number, shown)
        yield value, _about(beside, search.word(state), unclaimed)


def _plain(waybill: str) -> bool:
    """Whether a waybill may be shown: what is a mobile number, or words, is somebody's."""
    from retcli.rules.warehouse.ids import mobile

    return waybill.isascii() and waybill.isalnum() and not mobile(waybill)


_PAYOUTS = """
SELECT p.number, p.kind, p.state, p.minor, p.currency, o.buyer FROM payouts p JOIN orders o ON o.id = p.order_id
WHERE (:code = '' OR p.number LIKE :code || '%' ESCAPE '\\' OR p.number LIKE '%' || :code ESCAPE '\\'
  OR p.number LIKE '%-' || :code || '%' ESCAPE '\\') AND {which}
ORDER BY p.id DESC"""


def _payouts(search: _Search) -> Iterator[Pair]:
    """Payouts that can go on by the command, the newest first."""
    statuses = search.payable
    # words of our own tree, never what was typed
    which = "1" if statuses is None else f"p.state IN ({', '.join(map(_quoted, statuses))})"
    for number, kind, state, minor, currency, buyer in search.rows(_PAYOUTS.format(which=which)):
        yield number, _about(search.word(kind), masked(buyer), _amount(minor, currency), search.word(state))


def _quoted(status: str) -> str:
    return f"'{status}'"


def _questions(search: _Search) -> Iterator[Pair]:
    """Questions of imports that nobody has answered."""
    for number, subject, field in search.rows(
        "SELECT id, subject, field FROM import_questions WHERE state = 'open' ORDER BY id"
    ):
        if search.fits(str(number)):
            yield str(number), _about(subject, search.word(field))


def _imports(search: _Search) -> Iterator[Pair]:
    """Imports, the newest first."""
    for number, holds, platform, day in search.rows(
        "SELECT id, holds, platform, date(started_at, '+8 hours') FROM imports ORDER BY id DESC"
    ):
        if search.fits(str(number)):
            yield str(number), _about(search.word(holds), search.word(platform), day)


def _staff(search: _Search) -> Iterator[Pair]:
    for name, role in search.rows("SELECT name, role FROM staff ORDER BY id"):
        if search.fits(name):
            yield name, search.word(role)


def _versions(search: _Search) -> Iterator[Pair]:
    for version, starts_on in search.rows("SELECT version, starts_on FROM policies ORDER BY id DESC"):
        if search.fits(version):
            yield version, starts_on


def _shops(search: _Search) -> Iterator[Pair]:
    for (shop,) in search.rows("SELECT DISTINCT shop FROM imports WHERE shop > '' ORDER BY 1"):
        if search.fits(shop):
            yield shop, ""


def _carriers(search: _Search) -> Iterator[Pair]:
    """Carriers that brought or took something before."""
    for (carrier,) in search.rows(
        "SELECT carrier FROM parcels WHERE carrier > '' UNION SELECT carrier FROM replacements WHERE carrier > ''"
    ):
        if search.fits(carrier):
            yield carrier, ""


_SEARCHES: Mapping[str, Callable[[_Search], Iterator[Pair]]] = {
    "cases": _cases,
    "finished_cases": _finished_cases,
    "orders": _orders,
    "skus": _skus,
    "line_skus": _line_skus,
    "parcels": _parcels,
    "payouts": _payouts,
    "questions": _questions,
    "imports": _imports,
    "staff": _staff,
    "versions": _versions,
    "shops": _shops,
    "carriers": _carriers,
}
"""How each kind of value is found in the books."""
KINDS = frozenset(_SEARCHES)
"""What is looked for in the books."""
