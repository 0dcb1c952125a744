"""What staff can search: briefs, notes and clinics."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
DUE = sa.text("search_due")


def upgrade() -> None:
    """Every case with a brief is taken up once."""
    with op.batch_alter_table("case_file") as table:
        table.add_column(
            sa.Column("search_due", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("case_file") as table:
        table.alter_column("search_due", server_default=None)
    op.create_index(
        "ix_case_search_due", "case_file", ["id"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about_kind", sa.String(length=20), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint(
            "about_kind", "about_id", name=op.f("uq_search_document_about_kind_about_id")
        ),
    )
    op.create_table(
        "search_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["search_document.id"], name=op.f("fk_search_token_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_token")),
    )
    op.create_index("ix_search_token_token", "search_token", ["token", "document_id"])
    op.create_index(op.f("ix_search_token_document_id"), "search_token", ["document_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("search_token")
    op.drop_table("search_document")
    op.drop_index("ix_case_search_due", table_name="case_file")
    with op.batch_alter_table("case_file") as table:
        table.drop_column("search_due")
