"""Waybills of older books that are written in groups of digits, or of which several stand in one text, become
comparable.
"""

from importlib import import_module
from typing import Any

from alembic import context, op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_APART: Any = import_module("retcli.database.migrations.versions.0030_waybills_apart")


def upgrade() -> None:
    """Gives waybills the form that an import gives them now, and says how many; what the revision before told already
    is not told again.
    """
    told = context.config.attributes.setdefault("remarks", [])
    nothing = (_APART.COUNTED, {"n": 0})
    told.extend(remark for remark in _APART.mend(op.get_bind()) if remark not in [*told, nothing])
