"""Rewards of joint reporters: parts of one whole, and whether each agreed to the split."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Every reward so far stands alone."""
    with op.batch_alter_table("reward") as table:
        table.add_column(sa.Column("joint_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("agreed", sa.String(length=10), nullable=False, server_default="")
        )
    with op.batch_alter_table("reward") as table:
        table.alter_column("agreed", existing_type=sa.String(length=10), server_default=None)
        table.create_foreign_key("fk_reward_joint_id", "reward", ["joint_id"], ["id"])
        table.create_check_constraint(
            "ck_reward_agreed_known", "agreed IN ('', 'code', 'counter', 'disputed')"
        )
    op.create_index("ix_reward_joint_id", "reward", ["joint_id"])


def downgrade() -> None:
    """Forget who reported together."""
    op.drop_index("ix_reward_joint_id", "reward")
    with op.batch_alter_table("reward") as table:
        table.drop_constraint("ck_reward_agreed_known", type_="check")
        table.drop_constraint("fk_reward_joint_id", type_="foreignkey")
        table.drop_column("agreed")
        table.drop_column("joint_id")
