"""Triggers by which the database itself refuses overdraws, changed history, and money for a case that nobody approved,
for both databases. Revisions of the schema call this, so that a change here needs a revision that makes them anew.
"""

from collections.abc import Iterable

from retcli.database.migrations import noting

APPEND_ONLY = ("draws", "events", "payout_parts", "stock_moves", "waivers")
REGISTER = ("contacts", "extensions", "notes")
"""Tables that revision 0008 brought, append-only too."""
THERE = ("refunds_there",)
"""Tables that revision 0026 brought, append-only too."""
DONE_BY_PEOPLE = ("acts", "scans")
"""Tables that revision 0036 brought, append-only too."""
LABELS = ("parcel_labels",)
"""Tables that revision 0038 brought, append-only too."""
CLOSED = ("closed_payments",)
"""Tables that revision 0046 brought, append-only too."""
COUNTED = ("stock_counts", "stock_tallies")
"""Tables that revision 0043 made append-only."""
REPORTING = (
    "amazon", "douyin", "jd", "jst", "kuaishou", "lazada", "pdd", "shopee", "taobao", "wxshop", "xhs",
)  # fmt: skip
"""Platforms with a refund report: of their order files only refunds by the original route can be a part."""
FOUND = ("parcel_id", "sku", "quantity", "grade", "disposition")
"""Columns of an inspection that never change; only which case line it counts for may be filled in later, once."""
_REVERSED = (
    "f.id = NEW.reverses_id AND f.quantity = -NEW.quantity AND f.reverses_id IS NULL AND f.parcel_id = NEW.parcel_id"
    " AND f.sku = NEW.sku AND f.grade = NEW.grade AND f.disposition = NEW.disposition"
)
FROZEN = ("number", "request", "case_id", "order_id", "kind", "method", "minor", "currency", "origin", "decided_by")
"""Columns of a payout that never change; its state, approval and settlement may."""

_PAID = (
    "SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id"
    " WHERE o.state <> 'failed'"
)
# triggers run BEFORE INSERT, so that the sum of what stands there lacks the new row, which is added by hand
_RULES = {
    "draws": (
        (
            "overdrawn: units",
            "NEW.line_id IS NOT NULL AND (SELECT COALESCE(SUM(units), 0) FROM draws WHERE line_id = NEW.line_id)"
            " + NEW.units NOT BETWEEN 0 AND (SELECT quantity FROM order_lines WHERE id = NEW.line_id)",
        ),
        (
            "overdrawn: cash",
            "NEW.line_id IS NOT NULL AND (SELECT COALESCE(SUM(cash), 0) FROM draws WHERE line_id = NEW.line_id)"
            " + NEW.cash NOT BETWEEN 0 AND (SELECT cash FROM order_lines WHERE id = NEW.line_id)",
        ),
        (
            "overdrawn: freight",
            "NEW.line_id IS NULL AND (SELECT COALESCE(SUM(cash), 0) FROM draws WHERE line_id IS NULL"
            " AND order_id = NEW.order_id) + NEW.cash NOT BETWEEN 0 AND"
            " (SELECT freight FROM orders WHERE id = NEW.order_id)",
        ),
    ),
    "payout_parts": (
        (
            "overdrawn: line",
            f"NEW.purpose = 'goods' AND ({_PAID} AND p.purpose = 'goods' AND p.line_id = NEW.line_id)"
            " + NEW.minor NOT BETWEEN 0 AND (SELECT cash FROM order_lines WHERE id = NEW.line_id)",
        ),
        (
            "overdrawn: freight",
            f"NEW.purpose = 'freight' AND ({_PAID} AND p.purpose = 'freight' AND p.order_id = NEW.order_id)"
            " + NEW.minor NOT BETWEEN 0 AND (SELECT freight FROM orders WHERE id = NEW.order_id)",
        ),
        (
            "overdrawn: order",
            f"NEW.purpose IN ('goods', 'freight') AND ({_PAID} AND p.purpose IN ('goods', 'freight')"
            " AND p.order_id = NEW.order_id) + NEW.minor > (SELECT paid FROM orders WHERE id = NEW.order_id)",
        ),
        (
            "overdrawn: only a platform pays over",
            "NEW.purpose = 'over' AND NEW.minor > 0"
            " AND (SELECT origin FROM payouts WHERE id = NEW.payout_id) <> 'platform'",
        ),
    ),
    "payouts": (
        (
            "not approved",
            "NEW.minor > 0 AND (SELECT decision FROM cases WHERE id = NEW.case_id) <> 'approved'"
            " AND NOT EXISTS (SELECT 1 FROM waivers WHERE case_id = NEW.case_id AND rule = 'approval')",
        ),
    ),
}


def statements(dialect: str) -> list[str]:
    """The statements that make the triggers of the first revision, on ``sqlite`` or ``postgresql``."""
    return _sqlite() if dialect == "sqlite" else _postgres()


def guard_anew(dialect: str, table: str) -> list[str]:
    """The statements that replace a table's guard against overdraws by the one of today."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_guard", _sqlite_guard(table)]
    return [
        f"DROP TRIGGER {table}_guard ON {table}",
        f"DROP FUNCTION {table}_guard()",
        *_postgres_guard(table),
    ]


def everything(dialect: str) -> list[str]:
    """The statements that make every trigger of today's schema."""
    own = statements(dialect) + append_only(dialect, REGISTER) + reversals(dialect)
    own += append_only(dialect, DONE_BY_PEOPLE + LABELS + COUNTED + CLOSED)
    there = append_only(dialect, THERE) + refunded_by_then(dialect, clicked=True)
    own += outgoing(dialect)
    return own + there + noting.everything(dialect)


_RESERVED = "(SELECT COALESCE(SUM(r.reserved), 0) FROM replacements r WHERE r.sku = NEW.sku AND r.reserved > 0)"
_IN_STOCK = "COALESCE((SELECT b.quantity FROM stock_balances b WHERE b.sku = NEW.sku AND b.bucket = 'sellable'), 0)"
_OUTGOING = {
    "replacements": (
        "INSERT OR UPDATE OF reserved, taken, state",
        " PERFORM 1 FROM stock_balances WHERE sku = NEW.sku AND bucket = 'sellable' AND NEW.reserved > 0 FOR UPDATE;",
        (
            ("reserved beyond the stock", f"NEW.reserved > 0 AND {_RESERVED} > {_IN_STOCK}"),
            (
                "reserved: only what is still to be sent",
                "NEW.reserved NOT BETWEEN 0 AND NEW.quantity OR (NEW.reserved > 0 AND NEW.state <> 'due')",
            ),
            ("taken: no more than is sent", "NEW.taken NOT BETWEEN 0 AND NEW.quantity"),
        ),
    ),
    "stock_balances": (
        "UPDATE OF quantity",
        "",
        (("reserved beyond the stock", f"NEW.bucket = 'sellable' AND NEW.quantity < {_RESERVED}"),),
    ),
    "shipments": (
        "INSERT OR UPDATE OF waybill",
        " PERFORM pg_advisory_xact_lock(48, hashtext(NEW.waybill));",
        (
            (
                "another order left under this waybill",
                "NEW.waybill <> '' AND EXISTS (SELECT 1 FROM shipments s WHERE s.waybill = NEW.waybill"
                " AND s.order_id <> NEW.order_id)",
            ),
        ),
    ),
}
"""Guards of what goes out: when they look, what PostgreSQL locks first, and what must not be afterwards."""


def outgoing(dialect: str) -> list[str]:
    """The statements of revision 0048: no piece is promised twice, and no two orders leave under one waybill. They look
    when a row is written, so that their sums hold it.
    """
    guards = []
    for table, (when, lock, wrongs) in _OUTGOING.items():
        if dialect == "sqlite":
            checks = "".join(f" SELECT RAISE(ABORT, '{text}') WHERE {wrong};" for text, wrong in wrongs)
            guards += [
                f"CREATE TRIGGER {table}_outgoing_{verb.split()[0].lower()} AFTER {verb} ON {table} BEGIN{checks} END"
                for verb in when.split(" OR ")
            ]
        else:
            checks = "".join(f" IF {wrong} THEN {_raise(text)} END IF;" for text, wrong in wrongs)
            guards += _function(f"{table}_outgoing", f"{lock}{checks} RETURN NULL;", f"AFTER {when} ON {table}")
    return guards


def reversals(dialect: str) -> list[str]:
    """The statements that let an inspection be taken back only by an entry that is its whole reverse."""
    wrong = f"NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM inspections AS f WHERE {_REVERSED})"
    text = "a reversal takes back one whole finding"
    if dialect == "sqlite":
        body = f"SELECT RAISE(ABORT, '{text}') WHERE {wrong};"
        return [f"CREATE TRIGGER inspections_reverse BEFORE INSERT ON inspections BEGIN {body} END"]
    body = f" IF {wrong} THEN {_raise(text)} END IF; RETURN NEW;"
    return _function("inspections_reverse", body, "BEFORE INSERT ON inspections")


def inspections(dialect: str) -> list[str]:
    """The statements of the first revision that keep inspections unchanged, for a table that was made anew."""
    return [statement for statement in statements(dialect) if "inspections" in statement]


def refunded_there(dialect: str) -> list[str]:
    """The statements of revision 0015 that keep refunds of our own from more than the platform's order file leaves:
    what went back by it counts as far as no refund that was sent stands for it.
    """
    order = "(SELECT o.{} FROM orders o WHERE o.id = NEW.order_id)"
    live = f"({_PAID} AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id)"
    gone = (
        "(SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id"
        " WHERE o.state IN ('sent', 'unknown', 'confirmed', 'reversed') AND p.purpose IN ('goods', 'freight')"
        " AND p.order_id = NEW.order_id)"
    )
    own = "(SELECT o.origin FROM payouts o WHERE o.id = NEW.payout_id) = 'own'"
    there = f"COALESCE({order.format('refunded_there')}, 0)"
    wrong = (
        f"NEW.minor > 0 AND NEW.purpose IN ('goods', 'freight') AND {own} AND {there} > {gone}"
        f" AND {live} + NEW.minor + {there} - {gone} > {order.format('paid')}"
    )
    text, name = "overdrawn: refunded there", "payout_parts_refunded_there"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE INSERT ON payout_parts BEGIN SELECT RAISE(ABORT, '{text}') WHERE {wrong};"
            " END"
        ]
    body = f"{_lock('payout_parts')} IF {wrong} THEN {_raise(text)} END IF; RETURN NEW;"
    return _function(name, body, "BEFORE INSERT ON payout_parts")


def refunded_by_then(dialect: str, *, clicked: bool) -> list[str]:
    """The statements that keep refunds of our own from more than the platform's order files leave: what had gone back
    by a file counts as far as no refund that left before the file was made, or that the platform reported, stands for
    it; a total of no known time as the earliest. With `clicked` (since revision 0027) one that was clicked on the
    platform before and that nobody has verified stands for it too.
    """
    left_states, left_at = "o.state IN ('sent', 'unknown', 'confirmed')", "CASE"
    if clicked:
        left_states = f"({left_states} OR o.state = 'due' AND o.kind = 'refund' AND o.method = 'original')"
        left_at = (
            "CASE WHEN o.state = 'due' THEN (SELECT MAX(a.done_at) FROM platform_actions a WHERE a.case_id = o.case_id"
            " AND a.state = 'done' AND a.action IN ('agree_refund', 'confirm_receipt'))"
        )
    order = "(SELECT o.{} FROM orders o WHERE o.id = NEW.order_id)"
    live = f"({_PAID} AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id)"
    reporting = ", ".join(f"'{platform}'" for platform in REPORTING)
    within = (
        "(SELECT COALESCE(SUM(p.minor), 0) FROM payout_parts p JOIN payouts o ON o.id = p.payout_id"
        f" WHERE {left_states} AND o.reverses_id IS NULL"
        " AND p.purpose IN ('goods', 'freight') AND p.order_id = NEW.order_id"
        f" AND (o.method = 'original' OR {order.format('platform')} NOT IN ({reporting}))"
        " AND (o.origin = 'platform' OR (k.estimated = FALSE OR o.method = 'original')"
        f" AND {left_at} WHEN o.approved_by IS NULL THEN o.decided_at ELSE o.settled_at END <= k.at"
        " AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = o.case_id AND c.platform_estimated = FALSE"
        " AND c.platform_succeeded_at > k.at)))"
    )
    totals = (
        "(SELECT t.at, t.estimated, t.minor FROM refunds_there t WHERE t.order_id = NEW.order_id UNION ALL"
        " SELECT NULL, TRUE, o.refunded_there FROM orders o WHERE o.id = NEW.order_id AND o.refunded_there >"
        " (SELECT COALESCE(MAX(t.minor), 0) FROM refunds_there t WHERE t.order_id = NEW.order_id))"
    )
    left = f"(SELECT COALESCE(MAX(k.minor - {within}), 0) FROM {totals} k)"
    own = "(SELECT o.origin FROM payouts o WHERE o.id = NEW.payout_id) = 'own'"
    wrong = (
        f"NEW.minor > 0 AND NEW.purpose IN ('goods', 'freight') AND {own} AND {left} > 0"
        f" AND {live} + NEW.minor + {left} > {order.format('paid')}"
    )
    text, name = "overdrawn: refunded there", "payout_parts_refunded_there"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE INSERT ON payout_parts BEGIN SELECT RAISE(ABORT, '{text}') WHERE {wrong};"
            " END"
        ]
    body = f"{_lock('payout_parts')} IF {wrong} THEN {_raise(text)} END IF; RETURN NEW;"
    return _function(name, body, "BEFORE INSERT ON payout_parts")


def refunded_there_anew(dialect: str, *, clicked: bool = False) -> list[str]:
    """The statements that replace the guard of `refunded_by_then`, or of `refunded_there` before it, by today's."""
    guards = refunded_by_then(dialect, clicked=clicked)
    name = "payout_parts_refunded_there"
    if dialect == "sqlite":
        return [f"DROP TRIGGER {name}", *guards]
    return [f"DROP TRIGGER {name} ON payout_parts", f"DROP FUNCTION {name}()", *guards]


def changeable(dialect: str, table: str) -> list[str]:
    """The statements that take away what keeps rows of a table from being changed, while a revision fills them."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"]
    return [f"DROP TRIGGER {table}_append_only ON {table}", f"DROP FUNCTION {table}_append_only()"]


def append_only(dialect: str, tables: Iterable[str]) -> list[str]:
    """The statements that keep rows of some tables from being changed or deleted."""
    guards = []
    for table in tables:
        if dialect == "sqlite":
            guards += [
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
                for verb in ("UPDATE", "DELETE")
            ]
        else:
            body = _raise(f"{table} are append-only")
            guards += _function(f"{table}_append_only", body, f"BEFORE UPDATE OR DELETE ON {table}")
    return guards


def _sqlite_guard(table: str) -> str:
    checks = "".join(f" SELECT RAISE(ABORT, '{text}') WHERE {wrong};" for text, wrong in _RULES[table])
    return f"CREATE TRIGGER {table}_guard BEFORE INSERT ON {table} BEGIN{checks} END"


def _sqlite() -> list[str]:
    guards = [_sqlite_guard(table) for table in _RULES]
    guards += append_only("sqlite", APPEND_ONLY)
    frozen = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
    guards.append(
        f"CREATE TRIGGER payouts_frozen BEFORE UPDATE ON payouts WHEN {frozen} OR OLD.state IN ('failed', 'reversed')"
        " BEGIN SELECT RAISE(ABORT, 'payouts are append-only'); END"
    )
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FOUND)
    guards.append(
        f"CREATE TRIGGER inspections_frozen BEFORE UPDATE ON inspections WHEN {changed} OR OLD.case_line_id IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'inspections are append-only'); END"
    )
    for table in ("payouts", "inspections"):
        guards.append(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        )
    return guards


def _postgres_guard(table: str) -> list[str]:
    checks = "".join(f" IF {wrong} THEN {_raise(text)} END IF;" for text, wrong in _RULES[table])
    return _function(f"{table}_guard", f"{_lock(table)}{checks} RETURN NEW;", f"BEFORE INSERT ON {table}")


def _postgres() -> list[str]:
    guards = [statement for table in _RULES for statement in _postgres_guard(table)]
    guards += append_only("postgresql", APPEND_ONLY)
    frozen = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN)
    refuse = _raise("payouts are append-only")
    body = f" IF {frozen} OR OLD.state IN ('failed', 'reversed') THEN {refuse} END IF; RETURN NEW;"
    guards += _function("payouts_frozen", body, "BEFORE UPDATE ON payouts")
    guards += _function("payouts_no_delete", refuse, "BEFORE DELETE ON payouts")
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FOUND)
    refuse = _raise("inspections are append-only")
    body = f" IF {changed} OR OLD.case_line_id IS NOT NULL THEN {refuse} END IF; RETURN NEW;"
    guards += _function("inspections_frozen", body, "BEFORE UPDATE ON inspections")
    guards += _function("inspections_no_delete", refuse, "BEFORE DELETE ON inspections")
    return guards


def _lock(table: str) -> str:
    """PL/pgSQL that locks the row on which everybody draws: under READ COMMITTED two inserts at the same moment would
    else both sum without the other one, and both pass.
    """
    if table == "payouts":
        return " PERFORM 1 FROM cases WHERE id = NEW.case_id FOR UPDATE;"
    return " PERFORM 1 FROM orders WHERE id = NEW.order_id FOR UPDATE;"


def _raise(text: str) -> str:
    """PL/pgSQL that refuses with a message, under the SQLSTATE of a check, which SQLAlchemy raises as
    IntegrityError.
    """
    return f" RAISE EXCEPTION '{text}' USING ERRCODE = '23514';"


def _function(name: str, body: str, when: str) -> list[str]:
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{body} END $$",
        f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
