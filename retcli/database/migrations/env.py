"""Alembic's entry: runs the revisions on the connection it is handed."""

from alembic import context

from retcli import models

context.configure(connection=context.config.attributes["connection"], target_metadata=models.metadata)
context.run_migrations()
