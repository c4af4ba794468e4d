"""Keep milestones that were reached

Revision 0009, after 0008.
Written: 2026-11-22 07:57:08.702315
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "milestone_reached",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_milestone_reached_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_milestone_reached_hin_id")),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_milestone_reached_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["term.id"], name=op.f("fk_milestone_reached_milestone_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user.id"], name=op.f("fk_milestone_reached_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_reached")),
    )
    with op.batch_alter_table("milestone_reached", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_milestone_reached_innovation_id"), ["innovation_id"], unique=False
        )
        batch_op.create_index(
            "uq_milestone_reached_standing",
            ["innovation_id", "milestone_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("milestone_reached", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_milestone_reached_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_milestone_reached_innovation_id"))

    op.drop_table("milestone_reached")
