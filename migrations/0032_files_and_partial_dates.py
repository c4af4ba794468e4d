"""Keep files of evidence, how exactly days are known, and with what challenges were closed

Revision 0032, after 0030.
Written: 2026-11-28 15:55:00
"""

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_evidence_file_added_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["evidence.id"],
            name=op.f("fk_evidence_file_evidence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_evidence_file_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("stored", name=op.f("uq_evidence_file_stored")),
    )
    op.create_index(op.f("ix_evidence_file_innovation_id"), "evidence_file", ["innovation_id"])
    op.create_index(op.f("ix_evidence_file_evidence_id"), "evidence_file", ["evidence_id"])

    _keep_outcomes()
    _keep_reminders()
    for table, columns in PRECISIONS.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(
                    sa.Column(
                        f"{column}_precision",
                        sa.Enum(
                            "day",
                            "month",
                            "year",
                            name="precision",
                            native_enum=False,
                            length=40,
                        ),
                        server_default="day",
                        nullable=False,
                    )
                )
    _mark_what_the_note_told()


def _keep_outcomes() -> None:
    op.create_table(
        "challenge_outcome",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("use_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_challenge_outcome_by_id")),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_outcome_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_challenge_outcome_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["use_id"],
            ["use.id"],
            name=op.f("fk_challenge_outcome_use_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_challenge_outcome")),
    )
    for column in ("innovation_id", "use_id"):
        op.create_index(op.f(f"ix_challenge_outcome_{column}"), "challenge_outcome", [column])


def _keep_reminders() -> None:
    op.create_table(
        "enquiry_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("before", "after", "lead", name="reminderkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"],
            ["hin_enquiry.id"],
            name=op.f("fk_enquiry_reminder_enquiry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_reminder")),
        sa.UniqueConstraint(
            "enquiry_id", "due_on", "kind", name=op.f("uq_enquiry_reminder_enquiry_id_due_on_kind")
        ),
    )


PRECISIONS = {"evidence": ("on",), "use": ("from_on", "until_on")}
TOLD = "Where a source gives only a year, 1 January stands for it. "
"""So far records whose source gives only a year said so in their note; a use whose source gives
only a month stood at its first day."""
MADE_UP = ("Starting date made up for the demonstration", "Made up for the demonstration")


def _mark_what_the_note_told() -> None:
    connection = op.get_bind()
    record = sa.table("innovation", sa.column("id", sa.Integer), sa.column("source_note", sa.Text))
    notes = connection.execute(sa.select(record).where(record.c.source_note.contains(TOLD))).all()
    ids = [number for number, _ in notes]
    _mark("evidence", "on", "year", ids, lambda day: (day.month, day.day) == (1, 1))
    _mark("use", "from_on", "month", ids, lambda day: day.day == 1)
    for number, note in notes:
        told = record.update().where(record.c.id == number)
        connection.execute(told.values(source_note=note.replace(TOLD, "")))


def _mark(
    table: str, column: str, precision: str, ids: list[int], is_known_so: Callable[[date], bool]
) -> None:
    names = ("id", "innovation_id", f"{column}_precision")
    row = sa.table(table, sa.column(column, sa.Date), *map(sa.column, names))
    connection = op.get_bind()
    of_them = row.c.innovation_id.in_(ids) & row.c[column].is_not(None)
    if table == "use":  # these days were made up, and are confirmed or told by nobody's source
        of_them &= sa.column("site").not_in(MADE_UP) & sa.column("confirmed_on").is_(None)
    for number, day in connection.execute(sa.select(row.c.id, row.c[column]).where(of_them)).all():
        if is_known_so(day):
            marked = row.update().where(row.c.id == number)
            connection.execute(marked.values({f"{column}_precision": precision}))


def downgrade() -> None:
    op.drop_table("enquiry_reminder")
    op.drop_table("challenge_outcome")
    for table, columns in PRECISIONS.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(f"{column}_precision")
    op.drop_table("evidence_file")
