"""Hold the photographs of reports: what each shows, whose it is, and that those in it agreed

Revision 0094, after 0091.
Written: 2026-11-30 01:20:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0091"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column(
            "licence",
            sa.Enum(
                "ogl",
                "cc-by",
                "cc-by-nc",
                "reserved",
                name="licence",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_report_photo_by_id")),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_photo_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_photo")),
        sa.UniqueConstraint("stored", name=op.f("uq_report_photo_stored")),
    )
    with op.batch_alter_table("report_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_photo_report_id"), ["report_id"], unique=False)


def downgrade() -> None:
    op.drop_table("report_photo")
