"""Alembic's entry: runs the revisions on the connection it is handed."""

from alembic import context

from retcli import models
from retcli.models import bills, books, imports, policies, register, stock, tracking, waiting  # noqa: F401 - their tables belong to the metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=models.metadata)
context.run_migrations()
