"""Skills, leave, cooling-off, the warning before a claim returns, and listed cases."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0014"
down_revision = "0013"
OPEN = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    """Make the tables and columns."""
    op.create_table(
        "staff_skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_skill_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_skill")),
        sa.UniqueConstraint("staff_id", "skill", name=op.f("uq_staff_skill_staff_id_skill")),
    )
    op.create_table(
        "staff_leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_staff_leave_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_leave_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_leave")),
    )
    op.create_index(op.f("ix_staff_leave_staff_id"), "staff_leave", ["staff_id"])
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("listed_by_id", sa.Integer(), nullable=False),
        sa.Column("listed_at", Instant(), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)",
            name=op.f("ck_listing_lifted_by_one_at_a_time"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_listing_case_id")),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["staff.id"], name=op.f("fk_listing_lifted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["listed_by_id"], ["staff.id"], name=op.f("fk_listing_listed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
    )
    op.create_index(op.f("ix_listing_case_id"), "listing", ["case_id"])
    op.create_index(
        "uq_listing_open",
        "listing",
        ["case_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("recusal", sa.Column("until", Instant(), nullable=True))
    op.add_column("case_file", sa.Column("warned_at", Instant(), nullable=True))


def downgrade() -> None:
    """Forget them; who only had to cool off has not stepped aside for good."""
    op.execute("DELETE FROM recusal WHERE until IS NOT NULL")
    op.drop_column("case_file", "warned_at")
    op.drop_column("recusal", "until")
    op.drop_table("listing")
    op.drop_table("staff_leave")
    op.drop_table("staff_skill")
