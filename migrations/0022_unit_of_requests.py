"""Requests for more time keep the unit that their rule counts in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add it; of older requests it is not known."""
    unit = sa.Column("unit", sa.String(20), nullable=False, server_default="")
    with op.batch_alter_table("time_request") as table:
        table.add_column(unit)
    with op.batch_alter_table("time_request") as table:
        table.alter_column("unit", server_default=None)


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("time_request") as table:
        table.drop_column("unit")
