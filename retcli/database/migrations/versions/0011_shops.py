"""Imports remember which shops their own rows name, so that each shop's files can be seen to be fresh."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; an older report of orders is taken to have named every shop that its platform has orders of."""
    op.add_column('imports', sa.Column('shops', sa.String(), nullable=False, server_default="[]"))
    books = op.get_bind()
    named: dict[str, list[str]] = {}
    for platform, shop in books.execute(
        sa.text("SELECT DISTINCT platform, shop FROM orders WHERE shop <> '' ORDER BY 1, 2")
    ):
        named.setdefault(platform, []).append(shop)
    for platform, shops in named.items():
        books.execute(
            sa.text(
                "UPDATE imports SET shops = :shops"
                " WHERE platform = :platform AND shop = '' AND holds IN ('orders', 'sales')"
            ),
            {"platform": platform, "shops": json.dumps(shops, ensure_ascii=False)},
        )
