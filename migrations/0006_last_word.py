"""The reporter's last word, alarms, and requests to learn who a reporter is."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0006"
down_revision = "0005"
OPEN = sa.text("handled_at IS NULL")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("content", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_rating_tip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("tip_id", name=op.f("uq_rating_tip_id")),
    )
    op.create_index(op.f("ix_rating_at"), "rating", ["at"])
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_alarm_tip_id")),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["staff.id"], name=op.f("fk_alarm_handled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index(op.f("ix_alarm_tip_id"), "alarm", ["tip_id"])
    op.create_index("ix_alarm_open", "alarm", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "identity_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("shown_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "approved_by_id <> requested_by_id",
            name=op.f("ck_identity_request_approved_by_another"),
        ),
        sa.CheckConstraint(
            "shown_at IS NULL OR approved_at IS NOT NULL",
            name=op.f("ck_identity_request_shown_if_approved"),
        ),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_identity_request_tip_id")),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["staff.id"], name=op.f("fk_identity_request_requested_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["staff.id"], name=op.f("fk_identity_request_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_request")),
    )
    op.create_index(op.f("ix_identity_request_tip_id"), "identity_request", ["tip_id"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("identity_request")
    op.drop_table("alarm")
    op.drop_table("rating")
