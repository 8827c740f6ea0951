"""Where Alembic runs the migrations: on the connection, and in the transaction, that the store hands it."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import dutydesk.store.tables  # noqa: F401 - fills the metadata
from dutydesk.store.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    version_table=VERSION_TABLE,
    # SQLite's tables are made and undone in transactions as well as PostgreSQL's; Alembic has to be told
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
