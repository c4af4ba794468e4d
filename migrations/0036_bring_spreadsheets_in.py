"""Bring spreadsheets in, row by row, and say who keeps a record for its company

Revision 0036, after 0035.
Written: 2026-11-28 19:51:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_memory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_import_memory_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_memory")),
        sa.UniqueConstraint(
            "organisation_id",
            "kind",
            "field",
            "word",
            name=op.f("uq_import_memory_organisation_id_kind_field_word"),
        ),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "mapping",
                "checking",
                "checked",
                "stopped",
                "applying",
                "applied",
                "undoing",
                "undone",
                name="importstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column(
            "header", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "meanings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_import_by_id")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_import_job_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_import_membership_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_import_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_file_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("import_id", name=op.f("uq_import_file_import_id")),
        sa.UniqueConstraint("stored", name=op.f("uq_import_file_stored")),
    )
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_file_at"), ["at"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "cells", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "new",
                "changes",
                "same",
                "duplicate",
                "others",
                "moved",
                "wrong",
                name="verdict",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "notes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("record_name", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column(
            "treatment",
            sa.Enum("take", "keep", "both", name="treatment", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "made",
                "changed",
                "left",
                "undone",
                "decide",
                "kept",
                name="result",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("to_verify", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_row_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "line", name=op.f("uq_import_row_import_id_line")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_at"), ["at"], unique=False)
        batch_op.create_index(
            "ix_import_row_import_id_result", ["import_id", "result"], unique=False
        )
        batch_op.create_index(
            "ix_import_row_import_id_verdict", ["import_id", "verdict"], unique=False
        )

    with op.batch_alter_table("innovation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_innovation_kept_by_id"), ["kept_by_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_innovation_kept_by_id"), "organisation", ["kept_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("innovation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_innovation_kept_by_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_innovation_kept_by_id"))
        batch_op.drop_column("kept_by_id")

    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_import_id_verdict")
        batch_op.drop_index("ix_import_row_import_id_result")
        batch_op.drop_index(batch_op.f("ix_import_row_at"))

    op.drop_table("import_row")
    with op.batch_alter_table("import_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_file_at"))

    op.drop_table("import_file")
    with op.batch_alter_table("import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_import_ended_at"))
        batch_op.drop_index(batch_op.f("ix_import_by_id"))
        batch_op.drop_index(batch_op.f("ix_import_at"))

    op.drop_table("import")
    op.drop_table("import_memory")
