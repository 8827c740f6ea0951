"""Full-text search by pairs of characters, filled from the reports and journal entries already there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dutydesk.store.dialect import search_insert, search_tables
from dutydesk.store.grams import document

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BATCH = 1000
SOURCES = (
    ("report", "SELECT id, text, place, town, caller FROM report WHERE id > :last ORDER BY id LIMIT :batch"),
    (
        "journal",
        "SELECT seq, action, subject, actor, payload FROM journal WHERE seq > :last ORDER BY seq "
        "LIMIT :batch",
    ),
)


def upgrade() -> None:
    bind = op.get_bind()
    postgresql = bind.dialect.name == "postgresql"
    for statement in search_tables(postgresql=postgresql):
        op.execute(statement)
    for kind, source in SOURCES:
        insert = sa.text(search_insert(kind, postgresql=postgresql))
        last = 0
        while rows := bind.execute(sa.text(source), {"last": last, "batch": BATCH}).all():
            bind.execute(insert, [{"id": row[0], "grams": document(*row[1:])} for row in rows])
            last = rows[-1][0]
