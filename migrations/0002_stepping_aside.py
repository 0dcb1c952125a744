"""Inspectors who stepped aside from a case, and one-time codes that work once."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Keep who stepped aside from which case, and each person's last one-time code."""
    op.create_table(
        "recusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_recusal_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recusal_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint("case_id", "staff_id", name=op.f("uq_recusal_case_id_staff_id")),
    )
    op.create_index(op.f("ix_recusal_staff_id"), "recusal", ["staff_id"])
    op.add_column("staff", sa.Column("totp_counter", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Forget both."""
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("totp_counter")
    op.drop_table("recusal")
