"""Bringing the books to this program's schema: compared by one cheap query, Alembic only when they are behind."""

from pathlib import Path

import sqlalchemy as sa

from retcli.errors import StorageTrouble
from retcli.language import _

HEAD = "0004"
_HAS_TABLE = {
    "sqlite": "SELECT COUNT(*) FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'alembic_version'",
}
_MIGRATIONS = Path(__file__).parent / "migrations"


def version(engine: sa.Engine) -> str | None:
    """The schema's version, or None for an empty database."""
    with engine.connect() as connection:
        if not connection.scalar(sa.text(_HAS_TABLE[engine.dialect.name])):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def bring_up(engine: sa.Engine) -> bool:
    """Makes or upgrades the schema; whether it was made now. Newer books are refused before any write."""
    known = version(engine)
    if known == HEAD:
        return False
    if known is not None and known > HEAD:
        message = _("These books were written by a newer retcli (schema {found}, this one knows {head})")
        raise StorageTrouble(message.format(found=known, head=HEAD), _("Upgrade retcli, then try again"))
    upgrade(engine)
    return known is None


def upgrade(engine: sa.Engine) -> None:
    """Runs every revision that is still missing, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
