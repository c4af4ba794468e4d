"""Keep the terms of use in versions, and who accepted which

Revision 0090, after 0089.
Written: 2026-11-29 21:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    audience = sa.Enum(
        *("innovators", "ics", "hins", "national"), name="audience", native_enum=False, length=40
    )
    op.create_table(
        "terms_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience", audience, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_terms_version_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_version")),
        sa.UniqueConstraint("audience", "number", name=op.f("uq_terms_version_audience_number")),
        sa.UniqueConstraint("audience", "from_on", name=op.f("uq_terms_version_audience_from_on")),
    )
    op.create_table(
        "terms_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("terms_version_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_terms_acceptance_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["terms_version_id"],
            ["terms_version.id"],
            name=op.f("fk_terms_acceptance_terms_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptance")),
        sa.UniqueConstraint(
            "user_id",
            "terms_version_id",
            name=op.f("uq_terms_acceptance_user_id_terms_version_id"),
        ),
    )
    op.create_index(
        op.f("ix_terms_acceptance_terms_version_id"), "terms_acceptance", ["terms_version_id"]
    )


def downgrade() -> None:
    op.drop_table("terms_acceptance")
    op.drop_table("terms_version")
