"""The clinic file: names, phones, habits, parties, and whom a measure was imposed on."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0012"
down_revision = "0011"
BOTH = "(latitude IS NULL) = (longitude IS NULL)"
EMPTY_AT_FIRST = {"kind": "unknown", "drugs_kept": ""}


def upgrade() -> None:
    """A clinic so far was a place and nothing more; its measures were imposed on nobody named."""
    with op.batch_alter_table("clinic") as table:
        for name, value in EMPTY_AT_FIRST.items():
            kind = sa.String(length=40) if name == "kind" else sa.String()
            table.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        table.add_column(sa.Column("latitude", sa.Double(), nullable=True))
        table.add_column(sa.Column("longitude", sa.Double(), nullable=True))
        table.create_check_constraint(op.f("ck_clinic_both_coordinates"), BOTH)
    with op.batch_alter_table("clinic") as table:
        for name in EMPTY_AT_FIRST:
            table.alter_column(name, server_default=None)
    op.create_index(op.f("ix_case_file_clinic_id"), "case_file", ["clinic_id"])
    _make_places()
    _make_parties()
    with op.batch_alter_table("measure") as table:
        table.add_column(sa.Column("party_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_measure_party_id"), "party", ["party_id"], ["id"])
    op.create_index(op.f("ix_measure_party_id"), "measure", ["party_id"])


def downgrade() -> None:
    """Back to the bare place."""
    op.drop_index(op.f("ix_measure_party_id"), table_name="measure")
    with op.batch_alter_table("measure") as table:
        table.drop_constraint(op.f("fk_measure_party_id"), type_="foreignkey")
        table.drop_column("party_id")
    for name in ("party_record", "clinic_party", "party", "habit", "clinic_phone", "clinic_name"):
        op.drop_table(name)
    op.drop_index(op.f("ix_case_file_clinic_id"), table_name="case_file")
    with op.batch_alter_table("clinic") as table:
        table.drop_constraint(op.f("ck_clinic_both_coordinates"), type_="check")
        for name in ("longitude", "latitude", "drugs_kept", "kind"):
            table.drop_column(name)


def _make_places() -> None:
    op.create_table(
        "clinic_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_name_clinic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_name")),
        sa.UniqueConstraint(
            "clinic_id", "kind", "name", name=op.f("uq_clinic_name_clinic_id_kind_name")
        ),
    )
    op.create_table(
        "clinic_phone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_phone_clinic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_phone")),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("uq_clinic_phone_clinic_id_number")),
    )
    op.create_table(
        "habit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("from_hour", sa.Integer(), nullable=False),
        sa.Column("until_hour", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_habit_weekday_of_a_week")),
        sa.CheckConstraint(
            "from_hour BETWEEN 0 AND 23 AND until_hour BETWEEN 1 AND 24",
            name=op.f("ck_habit_hours_of_a_day"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_habit_by_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_habit_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_habit")),
    )
    op.create_index(op.f("ix_habit_clinic_id"), "habit", ["clinic_id"])


def _make_parties() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("identity_mark", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(identity_mark IS NULL) = (identity_sealed IS NULL)",
            name=op.f("ck_party_sealed_with_its_mark"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("identity_mark", name=op.f("uq_party_identity_mark")),
    )
    op.create_index(op.f("ix_party_name"), "party", ["name"])
    op.create_table(
        "clinic_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until >= since",
            name=op.f("ck_clinic_party_ends_after"),
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_clinic_party_party_id")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_party_clinic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_party")),
        sa.UniqueConstraint(
            "clinic_id", "party_id", "role", name=op.f("uq_clinic_party_clinic_id_party_id_role")
        ),
    )
    op.create_index(op.f("ix_clinic_party_party_id"), "clinic_party", ["party_id"])
    op.create_table(
        "party_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_record_party_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_party_record_by_id")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_party_record_clinic_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_party_record_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_record")),
    )
    op.create_index(op.f("ix_party_record_party_id_kind"), "party_record", ["party_id", "kind"])
