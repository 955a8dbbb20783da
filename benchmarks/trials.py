"""A draft of the rules tried on past cases: seconds, and cases a second.

Run: python -m benchmarks.trials [CASES]     (10,000 cases: at most 20 seconds)
"""

import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from retcli.actions.cases import policy_trials
from retcli.models import Case, CaseLine, Draw, Order, OrderLine
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked
from retcli.transaction import opened

DRAFT = 'version = "draft"\nfrom = 2026-12-01\n[no_reason]\nextended_days = 30\nfee = "10%"\n'
SIGNED = datetime(2026, 9, 1, 12, 0, tzinfo=SHANGHAI)


def fill(asked: Asked, cases: int) -> None:
    """So many approved returns, each of an order of its own with one line, asked for on days 0 to 39."""
    with opened(asked) as shop:
        numbers = range(1, cases + 1)
        order = {
            "platform": "taobao",
            "paid": 9900,
            "freight": 0,
            "status": "done",
            "waybill": "SF1",
            "signed_at": SIGNED,
        }
        shop.session.execute(sa.insert(Order), [{"id": n, "number": f"{n:019d}", **order} for n in numbers])
        line = {"position": 1, "sku": "TS-L", "quantity": 1, "price": 9900, "cash": 9900}
        shop.session.execute(
            sa.insert(OrderLine), [{"id": n, "order_id": n, "number": f"{n:019d}", **line} for n in numbers]
        )
        case = {
            "platform": "taobao",
            "kind": "return",
            "decision": "approved",
            "filing": "finished",
            "reason_stated": "B_7D",
        }
        at = [SIGNED + timedelta(days=n % 40) for n in range(cases + 1)]
        rows = [
            {
                "id": n,
                "number": f"RC{n:08d}",
                "order_id": n,
                "applied_at": at[n],
                "opened_at": at[n],
                "policy": "default-1",
            }
            | case
            for n in numbers
        ]
        shop.session.execute(sa.insert(Case), rows)
        mine = [{"case_id": n, "line_id": n, "quantity": 1, "due": 9900} for n in numbers]
        shop.session.execute(sa.insert(CaseLine), mine)
        draws = [
            {"order_id": n, "line_id": n, "case_id": n, "units": 1, "share": 9900, "cash": 9900, "at": at[n]}
            for n in numbers
        ]
        shop.session.execute(sa.insert(Draw), draws)


def main(cases: int = 10_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asked, draft = Asked(str(Path(folder) / "shop.db"), "owner"), Path(folder) / "draft.toml"
        draft.write_text(DRAFT, encoding="utf-8")
        fill(asked, cases)
        began = time.perf_counter()
        with opened(asked, writes=False) as shop:
            view = policy_trials.try_on_the_past(shop, draft)
        seconds = time.perf_counter() - began
    print(
        f"{view.cases} cases, {len(view.flips)} judged otherwise: {seconds:.1f} s ({view.cases / seconds:.0f} a second)"
    )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:2]))
