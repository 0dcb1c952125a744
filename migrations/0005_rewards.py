"""Rewards and their ledger, and one sequence in which words are received on any channel."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0005"
down_revision = "0004"
NUMBERED = ("tip", "inbound")
NOT_INSPECTOR = sa.text("part <> 'inspector'")
PAID, NOTIFIED = sa.text("kind = 'paid'"), sa.text("status = 'notified'")


def upgrade() -> None:
    """Number what was received so far by its time, then make the tables."""
    _number_what_was_received()
    op.create_table(
        "reward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=60), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("payee_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("claim_until", Instant(), nullable=True),
        sa.Column("voucher", sa.String(length=60), nullable=True),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_reward_amount_not_negative")),
        sa.CheckConstraint(
            "status IN ('proposed', 'refused') OR amount_fen IS NOT NULL",
            name=op.f("ck_reward_decided_has_amount"),
        ),
        sa.CheckConstraint(
            "status <> 'paid' OR voucher IS NOT NULL", name=op.f("ck_reward_paid_by_voucher")
        ),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_reward_tip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("tip_id", name=op.f("uq_reward_tip_id")),
        sa.UniqueConstraint("voucher", name=op.f("uq_reward_voucher")),
    )
    op.create_index("ix_reward_status", "reward", ["status", "id"])
    _partial("ix_reward_lapse", "reward", ["claim_until"], NOTIFIED, unique=False)
    op.create_table(
        "reward_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reward_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_reward_part_reward_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_reward_part_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_part")),
        sa.UniqueConstraint(
            "reward_id", "staff_id", name=op.f("uq_reward_part_reward_id_staff_id")
        ),
    )
    _partial("uq_reward_part_once", "reward_part", ["reward_id", "part"], NOT_INSPECTOR)
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reward_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("debit", sa.String(length=20), nullable=False),
        sa.Column("credit", sa.String(length=20), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_ledger_entry_amount_not_negative")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_entry_two_accounts")),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["reward.id"], name=op.f("fk_ledger_entry_reward_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index(op.f("ix_ledger_entry_reward_id"), "ledger_entry", ["reward_id"])
    op.create_index(op.f("ix_ledger_entry_at"), "ledger_entry", ["at"])
    _partial("uq_ledger_entry_paid", "ledger_entry", ["reward_id"], PAID)


def downgrade() -> None:
    """Forget rewards and numbers."""
    op.drop_table("ledger_entry")
    op.drop_table("reward_part")
    op.drop_table("reward")
    for name in NUMBERED:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(f"uq_{name}_received_no", type_="unique")
            table.drop_column("received_no")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE received_no")


def _number_what_was_received() -> None:
    """Tips keep the order of their ids; messages come after them, understood as they are."""
    for name in NUMBERED:
        op.add_column(name, sa.Column("received_no", sa.BigInteger(), nullable=True))
    op.execute("UPDATE tip SET received_no = id")
    op.execute("UPDATE inbound SET received_no = id + (SELECT coalesce(max(id), 0) FROM tip)")
    for name in NUMBERED:
        with op.batch_alter_table(name) as table:
            table.alter_column("received_no", existing_type=sa.BigInteger(), nullable=False)
            table.create_unique_constraint(f"uq_{name}_received_no", ["received_no"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE received_no")
        op.execute(
            "SELECT setval('received_no', 1 + greatest("
            "(SELECT coalesce(max(received_no), 0) FROM tip),"
            " (SELECT coalesce(max(received_no), 0) FROM inbound)), false)"
        )


def _partial(
    name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = True
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
