"""Other systems: their number and time of a tip, and additions that may be sent again."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Tips so far came by our own channels."""
    with op.batch_alter_table("tip") as table:
        table.add_column(sa.Column("source_number", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("source_received_at", Instant(), nullable=True))
    with op.batch_alter_table("tip") as table:
        table.alter_column("source_number", server_default=None)
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("content_mark", sa.LargeBinary(), nullable=True))
        table.create_unique_constraint(
            op.f("uq_message_tip_id_content_mark"), ["tip_id", "content_mark"]
        )


def downgrade() -> None:
    """Forget them."""
    with op.batch_alter_table("message") as table:
        table.drop_constraint(op.f("uq_message_tip_id_content_mark"), type_="unique")
        table.drop_column("content_mark")
    with op.batch_alter_table("tip") as table:
        table.drop_column("source_received_at")
        table.drop_column("source_number")
