"""Keys under which records about one place find each other, and sketches of words."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
DUE = sa.text("match_due")


def upgrade() -> None:
    """Every tip waits for its keys; those received before have no sketch of their words."""
    with op.batch_alter_table("tip") as table:
        table.add_column(
            sa.Column("sketch", sa.LargeBinary(), nullable=False, server_default=sa.text("''"))
        )
        table.add_column(
            sa.Column("match_due", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("tip") as table:
        table.alter_column("sketch", server_default=None)
        table.alter_column("match_due", server_default=None)
    with op.batch_alter_table("clinic") as table:
        table.add_column(
            sa.Column("match_due", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("clinic") as table:
        table.alter_column("match_due", server_default=None)
    for name in ("tip", "clinic"):
        op.create_index(
            f"ix_{name}_match_due", name, ["id"], sqlite_where=DUE, postgresql_where=DUE
        )
    op.create_table(
        "match_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("about_kind", sa.String(length=20), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_key")),
    )
    op.create_index("ix_match_key_key", "match_key", ["key", "about_id", "about_kind"])
    op.create_index("ix_match_key_about", "match_key", ["about_kind", "about_id"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("match_key")
    for name in ("clinic", "tip"):
        op.drop_index(f"ix_{name}_match_due", table_name=name)
    with op.batch_alter_table("clinic") as table:
        table.drop_column("match_due")
    with op.batch_alter_table("tip") as table:
        table.drop_column("match_due")
        table.drop_column("sketch")
