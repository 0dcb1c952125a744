"""What comes along: files, parts, corrections, and what was deleted at the provider."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0010"
down_revision = "0009"
WANTED = sa.text("state = 'wanted'")
REMEMBERED = sa.text("forgotten_at IS NULL")
MARKS = {"ix_inbound_message": "message_mark", "ix_inbound_album": "album_mark"}


def upgrade() -> None:
    """Messages so far came whole and brought nothing along."""
    with op.batch_alter_table("inbound") as table:
        table.add_column(
            sa.Column("is_part", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("message_mark", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("album_mark", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("forgotten_at", Instant(), nullable=True))
    with op.batch_alter_table("inbound") as table:
        table.alter_column("is_part", server_default=None)
    for name, column in MARKS.items():
        op.create_index(name, "inbound", [column])
    op.create_index(
        "ix_inbound_remembered",
        "inbound",
        ["channel", "id"],
        sqlite_where=REMEMBERED,
        postgresql_where=REMEMBERED,
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tip_id", sa.Integer(), nullable=False),
        sa.Column("inbound_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tip_id"], ["tip.id"], name=op.f("fk_evidence_tip_id")),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name=op.f("fk_evidence_inbound_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    for column in ("tip_id", "inbound_id"):
        op.create_index(op.f(f"ix_evidence_{column}"), "evidence", [column])
    op.create_index(
        "ix_evidence_wanted",
        "evidence",
        ["due_at"],
        sqlite_where=WANTED,
        postgresql_where=WANTED,
    )


def downgrade() -> None:
    """Sealed files stay where they lie."""
    op.drop_table("evidence")
    op.drop_index("ix_inbound_remembered", table_name="inbound")
    for name in MARKS:
        op.drop_index(name, table_name="inbound")
    with op.batch_alter_table("inbound") as table:
        for name in ("forgotten_at", "album_mark", "message_mark", "is_part"):
            table.drop_column(name)
