"""Requests for pauses and extensions."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0011"
down_revision = "0010"
OPEN = sa.text("decided_at IS NULL")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "time_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("begins_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_time_request_decided_by_one_at_a_time"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (granted IS NULL)",
            name=op.f("ck_time_request_decided_yes_or_no"),
        ),
        sa.CheckConstraint(
            "kind IN ('pause', 'extension')", name=op.f("ck_time_request_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["staff.id"], name=op.f("fk_time_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_time_request_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_time_request_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_request")),
    )
    op.create_index(op.f("ix_time_request_case_id"), "time_request", ["case_id"])
    op.create_index(
        "uq_time_request_open",
        "time_request",
        ["case_id", "kind", "step", "ground"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("time_request")
