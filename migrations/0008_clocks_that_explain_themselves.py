"""Clocks keep the rule they began under; what reminds the staff."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0008"
down_revision = "0007"
PROVISIONAL = sa.text("provisional AND state IN ('running', 'paused')")
UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    """Clocks so far were never extended, and follow the policy in force for lack of their own."""
    op.create_table(
        "clock_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_rule")),
        sa.UniqueConstraint("mark", name=op.f("uq_clock_rule_mark")),
    )
    with op.batch_alter_table("clock") as table:
        table.add_column(sa.Column("rule_mark", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("first_due_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("rung_at", Instant(), nullable=True))
        table.create_foreign_key(op.f("fk_clock_rule_mark"), "clock_rule", ["rule_mark"], ["mark"])
    op.execute("UPDATE clock SET first_due_on = due_on")
    op.create_index(
        "ix_clock_provisional",
        "clock",
        ["id"],
        sqlite_where=PROVISIONAL,
        postgresql_where=PROVISIONAL,
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("read_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["journal.id"], name=op.f("fk_reminder_entry_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reminder_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("staff_id", "entry_id", name=op.f("uq_reminder_staff_id_entry_id")),
    )
    op.create_index(
        "ix_reminder_unread",
        "reminder",
        ["staff_id", "id"],
        sqlite_where=UNREAD,
        postgresql_where=UNREAD,
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_table("reminder")
    op.drop_index("ix_clock_provisional", "clock")
    with op.batch_alter_table("clock") as table:
        table.drop_constraint(op.f("fk_clock_rule_mark"), type_="foreignkey")
        for column in ("rung_at", "first_due_on", "rule_mark"):
            table.drop_column(column)
    op.drop_table("clock_rule")
