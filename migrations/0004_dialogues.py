"""Dialogues: where they stand, whom nothing is sent to any more, messages that wait."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0004"
down_revision = "0003"
HELD = sa.text("state = 'held'")
CLOSING = sa.text("closes_at IS NOT NULL")


def upgrade() -> None:
    """Conversations so far ask for nothing."""
    with op.batch_alter_table("contact") as table:
        table.add_column(sa.Column("stopped_at", Instant(), nullable=True))
    with op.batch_alter_table("inbound") as table:
        table.add_column(sa.Column("sender_mark", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("tip_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_inbound_tip_id"), "tip", ["tip_id"], ["id"])
    op.create_index(
        "ix_inbound_held",
        "inbound",
        ["channel", "sender_mark"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    with op.batch_alter_table("conversation") as table:
        table.alter_column("tip_id", existing_type=sa.Integer(), nullable=True)
        for column in _added():
            table.add_column(column)
    with op.batch_alter_table("conversation") as table:
        for name in ("state", "wrong_codes"):
            table.alter_column(name, server_default=None)
    op.create_index(
        "ix_conversation_closing",
        "conversation",
        ["closes_at"],
        sqlite_where=CLOSING,
        postgresql_where=CLOSING,
    )


def _added() -> list[sa.Column[object]]:
    return [
        sa.Column("state", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("closes_at", Instant(), nullable=True),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("wrong_since", Instant(), nullable=True),
    ]


def downgrade() -> None:
    """Conversations of senders without a tip end."""
    op.drop_index("ix_conversation_closing", table_name="conversation")
    op.execute("DELETE FROM conversation WHERE tip_id IS NULL")
    with op.batch_alter_table("conversation") as table:
        for column in _added():
            table.drop_column(column.name)
        table.alter_column("tip_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index("ix_inbound_held", table_name="inbound")
    with op.batch_alter_table("inbound") as table:
        table.drop_constraint(op.f("fk_inbound_tip_id"), type_="foreignkey")
        table.drop_column("tip_id")
        table.drop_column("sender_mark")
    with op.batch_alter_table("contact") as table:
        table.drop_column("stopped_at")
