"""Let a programme name the lists of places over which it counts, and say whether it names places

Revision 0044, after 0043.
Written: 2026-11-29 01:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("names_sites", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "programme_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_programme_list_by_id")),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["adoption_cohort.id"],
            name=op.f("fk_programme_list_cohort_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["eligible_list.id"],
            name=op.f("fk_programme_list_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_list_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_list")),
        sa.UniqueConstraint(
            "programme_id", "list_id", name=op.f("uq_programme_list_programme_id_list_id")
        ),
    )
    with op.batch_alter_table("programme_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_list_cohort_id"), ["cohort_id"])
        batch_op.create_index(batch_op.f("ix_programme_list_list_id"), ["list_id"])


def downgrade() -> None:
    op.drop_table("programme_list")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_column("names_sites")
