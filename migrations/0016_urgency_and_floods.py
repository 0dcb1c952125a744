"""What makes a tip urgent, and which tips a burst is made of."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
IN_CLUSTER = sa.text("cluster_id IS NOT NULL")


def upgrade() -> None:
    """Nothing is known of tips received before but their category; none was part of a burst."""
    with op.batch_alter_table("tip") as table:
        table.add_column(
            sa.Column("signals", sa.String(length=200), nullable=False, server_default="")
        )
        table.add_column(sa.Column("cluster_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("tip") as table:
        table.alter_column("signals", server_default=None)
    op.create_index(
        "ix_tip_cluster",
        "tip",
        ["cluster_id", "id"],
        sqlite_where=IN_CLUSTER,
        postgresql_where=IN_CLUSTER,
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_index("ix_tip_cluster", table_name="tip")
    with op.batch_alter_table("tip") as table:
        table.drop_column("cluster_id")
        table.drop_column("signals")
