"""Keep what happened, and estimates of innovations

Revision 0050, after 0049.
Written: 2026-11-29 09:16:35.464699
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "impact_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "milestone",
                "agreement",
                "award",
                "held",
                name="eventkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "on_precision",
            sa.Enum("day", "month", "year", name="precision", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=False),
        sa.CheckConstraint("people IS NULL OR people >= 0", name=op.f("ck_impact_event_people")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_impact_event_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_impact_event_hin_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_impact_event_programme_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user.id"], name=op.f("fk_impact_event_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_event")),
    )
    with op.batch_alter_table("impact_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_impact_event_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_impact_event_kind_on"), ["kind", "on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_impact_event_programme_id"), ["programme_id"], unique=False
        )

    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("innovation_id", sa.Integer(), nullable=True))
        batch_op.alter_column("programme_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            batch_op.f("ix_estimate_innovation_id"), ["innovation_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_estimate_innovation_id"),
            "innovation",
            ["innovation_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_estimate_subject"),
            "programme_id IS NOT NULL OR innovation_id IS NOT NULL",
        )


def downgrade() -> None:
    op.execute("DELETE FROM estimate WHERE programme_id IS NULL")
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_estimate_subject"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_estimate_innovation_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_estimate_innovation_id"))
        batch_op.alter_column("programme_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("innovation_id")

    with op.batch_alter_table("impact_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_impact_event_programme_id"))
        batch_op.drop_index(batch_op.f("ix_impact_event_kind_on"))
        batch_op.drop_index(batch_op.f("ix_impact_event_hin_id"))

    op.drop_table("impact_event")
