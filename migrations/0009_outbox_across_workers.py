"""The outbox across workers: who may be written to, how providers fare, what is taken back."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0009"
down_revision = "0008"
OPEN = sa.text("state IN ('pending', 'leased', 'sending', 'ambiguous')")
UNDELIVERED = sa.text("state IN ('failed', 'dead')")
DEAD = sa.text("dead_at IS NOT NULL")
FADING = sa.text("done_at IS NULL")


def upgrade() -> None:
    """What failed so far stays with the office; everything else goes on."""
    _new_tables()
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("dead_at", Instant(), nullable=True))
        table.add_column(sa.Column("replayed_at", Instant(), nullable=True))
    op.create_index(
        "ix_notice_dead", "notice", ["dead_at"], sqlite_where=DEAD, postgresql_where=DEAD
    )
    op.execute(
        "UPDATE notice SET dead_at = created_at WHERE tip_id IS NOT NULL AND id IN"
        " (SELECT notice_id FROM delivery WHERE state IN ('failed', 'dead'))"
    )
    op.drop_index("ix_delivery_due", "delivery")
    op.drop_index("ix_delivery_undelivered", "delivery")
    with op.batch_alter_table("delivery") as table:
        for column in _delivery_columns():
            table.add_column(column)
        table.create_foreign_key(
            op.f("fk_delivery_addressee_id"), "addressee", ["addressee_id"], ["id"]
        )
        table.drop_constraint(op.f("uq_delivery_notice_id_channel"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_delivery_notice_id_channel_round"), ["notice_id", "channel", "round"]
        )
    op.execute(
        "UPDATE delivery SET owed_at ="
        " (SELECT created_at FROM notice WHERE notice.id = delivery.notice_id)"
    )
    with op.batch_alter_table("delivery") as table:
        table.alter_column("owed_at", existing_type=Instant(), nullable=False)
        for name in ("round", "provider", "segments", "why"):
            table.alter_column(name, server_default=None)
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["channel", "due_at", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    with op.batch_alter_table("contact") as table:
        table.drop_constraint(op.f("uq_contact_tip_id"), type_="unique")
        table.create_unique_constraint(op.f("uq_contact_tip_id_channel"), ["tip_id", "channel"])


def _new_tables() -> None:
    op.create_table(
        "addressee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("silent", sa.String(length=20), nullable=False),
        sa.Column("silent_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressee")),
        sa.UniqueConstraint("channel", "mark", name=op.f("uq_addressee_channel_mark")),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("paused_until", Instant(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", Instant(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("name", name=op.f("uq_provider_name")),
    )
    op.create_table(
        "fading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.String(length=100), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fading")),
    )
    op.create_index(
        "ix_fading_due", "fading", ["due_at"], sqlite_where=FADING, postgresql_where=FADING
    )


def _delivery_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("owed_at", Instant(), nullable=True),
        sa.Column("tried_at", Instant(), nullable=True),
        sa.Column("provider", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("segments", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("why", sa.String(length=20), nullable=False, server_default=""),
    ]


def downgrade() -> None:
    """One contact and one round remain; what providers and addressees were is forgotten."""
    op.execute(
        "DELETE FROM delivery WHERE round > 0 OR contact_id NOT IN"
        " (SELECT min(id) FROM contact GROUP BY coalesce(tip_id, -id))"
    )
    op.execute(
        "DELETE FROM contact WHERE id NOT IN"
        " (SELECT min(id) FROM contact GROUP BY coalesce(tip_id, -id))"
    )
    with op.batch_alter_table("contact") as table:
        table.drop_constraint(op.f("uq_contact_tip_id_channel"), type_="unique")
        table.create_unique_constraint(op.f("uq_contact_tip_id"), ["tip_id"])
    op.drop_index("ix_delivery_due", "delivery")
    with op.batch_alter_table("delivery") as table:
        table.drop_constraint(op.f("uq_delivery_notice_id_channel_round"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_delivery_notice_id_channel"), ["notice_id", "channel"]
        )
        table.drop_constraint(op.f("fk_delivery_addressee_id"), type_="foreignkey")
        for column in _delivery_columns():
            table.drop_column(column.name)
    op.create_index(
        "ix_delivery_due", "delivery", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(
        "ix_delivery_undelivered",
        "delivery",
        ["id"],
        sqlite_where=UNDELIVERED,
        postgresql_where=UNDELIVERED,
    )
    op.drop_index("ix_notice_dead", "notice")
    with op.batch_alter_table("notice") as table:
        table.drop_column("replayed_at")
        table.drop_column("dead_at")
    op.drop_index("ix_fading_due", "fading")
    for name in ("fading", "provider", "addressee"):
        op.drop_table(name)
