"""Visits with people in them, measures with their fields, and the legal course of a case."""

import sqlalchemy as sa
from alembic import op

from tipline.models.base import Instant

revision = "0017"
down_revision = "0016"
UNDER_WAY = sa.text("status IN ('proposed', 'approved', 'handed_over')")
STILL_HELD = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the tables; who went along by name only stays in the note of the visit."""
    _visits()
    _measures()
    _decisions()
    _held_and_transferred()


def downgrade() -> None:
    """Forget the legal course."""
    for table in ("transfer", "holding", "payment"):
        op.drop_table(table)
    with op.batch_alter_table("measure") as measure:
        measure.drop_constraint(op.f("fk_measure_decision_id"), type_="foreignkey")
        measure.drop_constraint(op.f("ck_measure_quantity_positive"), type_="check")
        measure.drop_index(op.f("ix_measure_decision_id"))
        for column in ("decision_id", "quantity", "unit", "due_on"):
            measure.drop_column(column)
    op.drop_table("decision")
    op.drop_table("resurgence")
    op.drop_column("case_file", "ticks")
    op.drop_column("case_file", "not_filed_at")
    for table in ("case_photo", "visit_officer", "visit_plan", "visit"):
        op.drop_table(table)
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("officers", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_visit_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_case_id"), "visit", ["case_id"])


def _visits() -> None:
    op.create_table(
        "visit_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("planned_at", Instant(), nullable=False),
        sa.Column("partners", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_plan_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_visit_plan_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_plan")),
    )
    op.create_index(op.f("ix_visit_plan_case_id"), "visit_plan", ["case_id"])
    op.execute(
        "UPDATE visit SET note = note || CASE WHEN officers = '' THEN '' ELSE ' · ' || officers END"
    )
    with op.batch_alter_table("visit") as visit:
        visit.drop_column("officers")
        visit.add_column(sa.Column("partners", sa.String(), nullable=False, server_default=""))
        visit.add_column(sa.Column("people", sa.Integer(), nullable=False, server_default="2"))
        visit.add_column(sa.Column("vehicles", sa.Integer(), nullable=False, server_default="0"))
        visit.add_column(sa.Column("checklist", sa.JSON(), nullable=False, server_default="{}"))
        visit.add_column(
            sa.Column("purpose", sa.String(length=40), nullable=False, server_default="")
        )
        visit.add_column(sa.Column("client_id", sa.String(length=36), nullable=True))
        visit.create_unique_constraint(op.f("uq_visit_client_id"), ["client_id"])
        visit.create_check_constraint(op.f("ck_visit_by_two_at_least"), "people >= 2")
    with op.batch_alter_table("visit") as visit:
        for column in ("partners", "people", "vehicles", "checklist", "purpose"):
            visit.alter_column(column, server_default=None)
    op.create_table(
        "visit_officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_visit_officer_staff_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_officer_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_officer")),
        sa.UniqueConstraint(
            "visit_id", "staff_id", name=op.f("uq_visit_officer_visit_id_staff_id")
        ),
    )
    op.create_table(
        "case_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_case_photo_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_photo_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_photo")),
        sa.UniqueConstraint("client_id", name=op.f("uq_case_photo_client_id")),
    )
    op.create_index(op.f("ix_case_photo_case_id"), "case_photo", ["case_id"])


def _measures() -> None:
    op.add_column("case_file", sa.Column("not_filed_at", Instant(), nullable=True))
    op.add_column("case_file", sa.Column("ticks", sa.JSON(), nullable=True))
    op.create_table(
        "resurgence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_resurgence_case_id")),
        sa.ForeignKeyConstraint(
            ["former_id"], ["case_file.id"], name=op.f("fk_resurgence_former_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resurgence")),
        sa.UniqueConstraint("case_id", name=op.f("uq_resurgence_case_id")),
    )
    op.create_index(op.f("ix_resurgence_former_id"), "resurgence", ["former_id"])
    with op.batch_alter_table("measure") as measure:
        measure.add_column(sa.Column("quantity", sa.Integer(), nullable=True))
        measure.add_column(
            sa.Column("unit", sa.String(length=10), nullable=False, server_default="")
        )
        measure.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        measure.add_column(sa.Column("decision_id", sa.Integer(), nullable=True))
        measure.create_check_constraint(op.f("ck_measure_quantity_positive"), "quantity > 0")
    with op.batch_alter_table("measure") as measure:
        measure.alter_column("unit", server_default=None)


def _decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("served_at", Instant(), nullable=True),
        sa.Column("pay_by", sa.Date(), nullable=True),
        sa.Column("demanded_at", Instant(), nullable=True),
        sa.Column("enforced_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_because", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "pay_by IS NULL OR served_at IS NOT NULL", name=op.f("ck_decision_owed_once_served")
        ),
        sa.CheckConstraint(
            "revoked_at IS NULL OR record_id IS NULL",
            name=op.f("ck_decision_revoked_leaves_no_record"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_decision_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_decision_case_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_decision_party_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["party_record.id"], name=op.f("fk_decision_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["decision.id"], name=op.f("fk_decision_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"])
    op.create_index(op.f("ix_decision_party_id"), "decision", ["party_id"])
    with op.batch_alter_table("measure") as measure:
        measure.create_foreign_key(
            op.f("fk_measure_decision_id"), "decision", ["decision_id"], ["id"]
        )
        measure.create_index(op.f("ix_measure_decision_id"), ["decision_id"])
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_amount_positive")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_payment_by_id")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_payment_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_decision_id"), "payment", ["decision_id"])


def _held_and_transferred() -> None:
    op.create_table(
        "holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("goods", sa.String(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("fate", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (fate = '')", name=op.f("ck_holding_ends_with_a_fate")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_holding_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_holding_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
    )
    op.create_index(op.f("ix_holding_case_id"), "holding", ["case_id"])
    op.create_index(
        "uq_holding_open",
        "holding",
        ["case_id", "kind"],
        unique=True,
        sqlite_where=STILL_HELD,
        postgresql_where=STILL_HELD,
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("handed_over_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_transfer_decided_by_one_at_a_time"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id",
            name=op.f("ck_transfer_not_decided_by_who_proposed"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_transfer_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_transfer_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_transfer_party_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff.id"], name=op.f("fk_transfer_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_case_id"), "transfer", ["case_id"])
    op.create_index(op.f("ix_transfer_party_id"), "transfer", ["party_id"])
    op.create_index(
        "uq_transfer_under_way",
        "transfer",
        ["case_id", "party_id"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
