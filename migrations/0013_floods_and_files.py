"""Replies that are counted, files that are acknowledged or handed over, one worker that asks."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0013"
down_revision = "0012"
PARTS = sa.text("is_part AND state = 'kept'")
COUNTS = (("conversation", "replies"), ("notice", "files"), ("notice", "too_large"))


def upgrade() -> None:
    """Nobody has flooded us so far, and nothing came along with what is owed."""
    for table_name, column in COUNTS:
        with op.batch_alter_table(table_name) as table:
            table.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
        with op.batch_alter_table(table_name) as table:
            table.alter_column(column, server_default=None)
    with op.batch_alter_table("conversation") as table:
        table.add_column(sa.Column("replies_since", Instant(), nullable=True))
    with op.batch_alter_table("provider") as table:
        table.add_column(
            sa.Column("asked_by", sa.String(length=40), nullable=False, server_default="")
        )
        table.add_column(sa.Column("asked_until", Instant(), nullable=True))
    with op.batch_alter_table("provider") as table:
        table.alter_column("asked_by", server_default=None)
    with op.batch_alter_table("evidence") as table:
        table.alter_column("inbound_id", existing_type=sa.Integer(), nullable=True)
    op.create_index(
        "ix_inbound_parts",
        "inbound",
        ["channel", "sender_mark"],
        sqlite_where=PARTS,
        postgresql_where=PARTS,
    )
    op.create_index("ix_inbound_tip", "inbound", ["tip_id"])


def downgrade() -> None:
    """Forget the counts; files without a message cannot be kept."""
    op.drop_index("ix_inbound_tip", "inbound")
    op.drop_index("ix_inbound_parts", "inbound")
    op.execute("DELETE FROM evidence WHERE inbound_id IS NULL")
    with op.batch_alter_table("evidence") as table:
        table.alter_column("inbound_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("provider") as table:
        table.drop_column("asked_until")
        table.drop_column("asked_by")
    with op.batch_alter_table("conversation") as table:
        table.drop_column("replies_since")
    for table_name, column in reversed(COUNTS):
        with op.batch_alter_table(table_name) as table:
            table.drop_column(column)
