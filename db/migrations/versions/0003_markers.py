"""The markers of each report, with who stated or struck out which; filled from the texts already there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dutydesk.rules.markers import read
from dutydesk.store.dialect import append_only

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    bind = op.get_bind()
    marker = op.create_table(
        "marker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_marker_report_id", "marker", ["report_id"])
    source = sa.text("SELECT id, text FROM report WHERE id > :last ORDER BY id LIMIT :batch")
    last = 0
    while rows := bind.execute(source, {"last": last, "batch": BATCH}).all():
        found = [
            {"report_id": id_, "name": one.name, "state": one.state.value, "origin": one.origin.value}
            for id_, text in rows
            for one in read(text)
        ]
        if found:
            op.bulk_insert(marker, found)
        last = rows[-1][0]
    for statement in append_only("marker", "id", postgresql=bind.dialect.name == "postgresql"):
        op.execute(statement)
