"""Indexes for the lists of deadlines: what is owed, what waits, what is on the circular list."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
LISTS = {
    "ix_clock_owed": "state = 'running' AND bound = 'office'",
    "ix_clock_waits": "state = 'paused' OR state = 'running' AND bound <> 'office'",
    "ix_clock_circulated": "state = 'running' AND bound = 'office' AND missed AND ring_at IS NULL",
}


def upgrade() -> None:
    """Make them."""
    for name, of in LISTS.items():
        where = sa.text(of)
        op.create_index(name, "clock", ["due_at", "id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop them."""
    for name in LISTS:
        op.drop_index(name, "clock")
