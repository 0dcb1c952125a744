"""Questions of the questionnaire in the outbox: which field a notice asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Notices so far ask for nothing."""
    with op.batch_alter_table("notice") as table:
        field = sa.Column("field", sa.String(length=40), nullable=False, server_default="")
        table.add_column(field)
    with op.batch_alter_table("notice") as table:
        table.alter_column("field", server_default=None)


def downgrade() -> None:
    """Forget what was asked for."""
    with op.batch_alter_table("notice") as table:
        table.drop_column("field")
