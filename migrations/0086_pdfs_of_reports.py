"""Keep the PDF of a published report, which a job makes once

Revision 0086, after 0076.
Written: 2026-11-29 20:50:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0077"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_pdf",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["report_release.id"],
            name=op.f("fk_report_pdf_release_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_pdf")),
        sa.UniqueConstraint("release_id", name=op.f("uq_report_pdf_release_id")),
        sa.UniqueConstraint("stored", name=op.f("uq_report_pdf_stored")),
    )


def downgrade() -> None:
    op.drop_table("report_pdf")
