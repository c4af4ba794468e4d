"""Keep the whole of a real-world validation: its steps, method, partner, report and numbers

Revision 0008, after 0007.
Written: 2026-11-22 07:39:27.151290
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = ()
depends_on = None


WORDS = ("partner", "method", "numbers", "report_url")


def upgrade() -> None:
    # Before another table names it: SQLite builds `validation` anew.
    with op.batch_alter_table("validation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("people", sa.Integer(), nullable=True))
        for name in WORDS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
    op.execute("UPDATE validation SET partner = '', method = '', numbers = '', report_url = ''")
    with op.batch_alter_table("validation", schema=None) as batch_op:
        for name in WORDS:
            batch_op.alter_column(name, existing_type=sa.Text(), nullable=False)

    op.create_table(
        "validation_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("validation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "completed",
                "stopped",
                name="validationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_validation_change_by_id")),
        sa.ForeignKeyConstraint(
            ["validation_id"],
            ["validation.id"],
            name=op.f("fk_validation_change_validation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_change")),
    )
    with op.batch_alter_table("validation_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_validation_change_validation_id"), ["validation_id"], unique=False
        )

    op.create_table(
        "validation_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("validation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["validation_id"],
            ["validation.id"],
            name=op.f("fk_validation_report_validation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_report")),
        sa.UniqueConstraint("stored", name=op.f("uq_validation_report_stored")),
        sa.UniqueConstraint("validation_id", name=op.f("uq_validation_report_validation_id")),
    )
    op.create_table(
        "validation_term",
        sa.Column("validation_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_validation_term_term_id")),
        sa.ForeignKeyConstraint(
            ["validation_id"],
            ["validation.id"],
            name=op.f("fk_validation_term_validation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("validation_id", "term_id", name=op.f("pk_validation_term")),
    )
    with op.batch_alter_table("validation_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_validation_term_term_id"), ["term_id"], unique=False)

    # Each validation that is there reached its state when it was recorded, as far as is known.
    op.execute(
        "INSERT INTO validation_change (validation_id, state, at, by_id, why)"
        " SELECT id, state, created_at, created_by_id, '' FROM validation"
    )


def downgrade() -> None:
    with op.batch_alter_table("validation", schema=None) as batch_op:
        batch_op.drop_column("report_url")
        batch_op.drop_column("numbers")
        batch_op.drop_column("people")
        batch_op.drop_column("method")
        batch_op.drop_column("partner")

    with op.batch_alter_table("validation_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_validation_term_term_id"))

    op.drop_table("validation_term")
    op.drop_table("validation_report")
    with op.batch_alter_table("validation_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_validation_change_validation_id"))

    op.drop_table("validation_change")
