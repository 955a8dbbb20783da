"""Both workbooks of a month on grown books: seconds of each, and of the reason analysis beside its bare SQL.

The books are made through SQL: so many orders over twelve months, a tenth of them with a refund that the platform paid
and that was written down. Run: python -m benchmarks.exports [ORDERS]    (300,000 orders: the reason analysis at most
three times its bare SQL)
"""

import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks.measuring import interleaved
from retcli.actions.insight import reason_study
from retcli.actions.insight.month import reconciliation as reconciling
from retcli.database import engine
from retcli.models import Case, CaseLine, Order, OrderLine, Payout, PayoutPart
from retcli.opening import prepare
from retcli.settings import Asked
from retcli.sheets import reasons, reconciliation
from retcli.transaction import opened

SPREAD = 365 * 24 * 3600
BEGAN = datetime(2025, 12, 1, tzinfo=UTC)
REASONS = ("Q_FUNC", "B_7D", "SZ_FIT", "L_DAMAGE", "B_MIND")
BARE = """
SELECT COUNT(*), SUM(paid) FROM orders WHERE paid_at >= :first AND paid_at < :last
UNION ALL SELECT COUNT(*), SUM(l.quantity) FROM order_lines l JOIN orders o ON o.id = l.order_id
 WHERE o.paid_at >= :first AND o.paid_at < :last GROUP BY l.sku
UNION ALL SELECT COUNT(*), SUM(p.minor) FROM payouts p JOIN cases c ON c.id = p.case_id
 WHERE c.applied_at >= :first AND c.applied_at < :last GROUP BY c.reason_stated
UNION ALL SELECT COUNT(*), SUM(l.quantity) FROM case_lines l JOIN cases c ON c.id = l.case_id
 JOIN order_lines o ON o.id = l.line_id WHERE c.applied_at >= :first AND c.applied_at < :last GROUP BY o.sku
"""


def fill(database: str, orders: int) -> None:
    """Orders of one line, every tenth refunded on the platform three days after it was paid."""
    rows = {name: list[dict[str, object]]() for name in ("orders", "lines", "cases", "pieces", "payouts", "parts")}
    for n in range(1, orders + 1):
        paid_at = datetime.fromtimestamp(BEGAN.timestamp() + n * SPREAD // orders, UTC)
        number = f"2850{n:015d}"
        rows["orders"].append(
            {"id": n, "platform": "taobao", "number": number, "status": "done", "paid": 9900, "paid_at": paid_at}
        )
        rows["lines"].append(
            {"id": n, "order_id": n, "number": number, "position": 1, "sku": f"SKU-{n % 400}", "title": "T-shirt",
             "quantity": 1, "price": 9900, "cash": 9900}
        )  # fmt: skip
        if not n % 10:
            refund(rows, n, datetime.fromtimestamp(paid_at.timestamp() + 3 * 24 * 3600, UTC))
    tables = (Order, OrderLine, Case, CaseLine, Payout, PayoutPart)
    with engine.engine(database).begin() as connection:
        for model, made in zip(tables, rows.values(), strict=True):
            connection.execute(sa.insert(model), made)
        connection.execute(sa.text("ANALYZE"))


def refund(rows: dict[str, list[dict[str, object]]], n: int, at: datetime) -> None:
    """A return that the platform refunded in full."""
    rows["cases"].append(
        {"id": n, "number": f"RC{n}", "order_id": n, "platform": "taobao", "kind": "return", "decision": "approved",
         "filing": "finished", "reason_stated": REASONS[n // 10 % len(REASONS)], "applied_at": at, "opened_at": at,
         "decided_at": at, "decided_as": "platform", "platform_number": f"T{n}", "platform_amount": 9900,
         "platform_succeeded_at": at, "platform_state": "succeeded"}
    )  # fmt: skip
    rows["pieces"].append({"case_id": n, "line_id": n, "quantity": 1, "due": 9900})
    rows["payouts"].append(
        {"id": n, "number": f"PO{n}", "request": f"R{n}", "case_id": n, "order_id": n, "kind": "refund",
         "method": "original", "minor": 9900, "origin": "platform", "state": "confirmed", "decided_by": "retcli",
         "decided_at": at, "settled_at": at}
    )  # fmt: skip
    rows["parts"].append({"payout_id": n, "order_id": n, "line_id": n, "purpose": "goods", "minor": 9900})


def main(orders: int = 300_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "shop.db")
        asked = Asked(database, "owner")
        prepare(asked)
        fill(database, orders)
        whole = {"first": "2025-11-30 16:00:00", "last": "2026-11-30 16:00:00"}

        def study() -> None:
            with opened(asked, writes=False) as shop:
                reasons.sheets(reason_study.study_of(shop, date(2025, 12, 1), date(2026, 11, 30)))

        def month() -> None:
            with opened(asked, writes=False) as shop:
                reconciliation.sheets(reconciling.month_of_books(shop, "2026-11"))

        def bare() -> None:
            with opened(asked, writes=False) as shop:
                shop.session.execute(sa.text(BARE), whole).fetchall()

        took = interleaved({"reasons": study, "bare": bare, "month": month}, rounds=3)
    ratio = took["reasons"] / took["bare"]
    print(f"{orders} orders, {orders // 10} refunds: reasons {took['reasons']:.2f} s, bare SQL {took['bare']:.2f} s")
    print(f"ratio {ratio:.2f}; a month of about {orders // 120} refunds: {took['month']:.2f} s")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:2]))
