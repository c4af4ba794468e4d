"""cover what past days read, and keep every view of the pipeline

Revision 0007, after 0006.
Written: 2026-11-22 07:42:28.391299
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("engagement_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_change_engagement_id"))
        batch_op.create_index(
            batch_op.f("ix_engagement_change_engagement_id_at_id_state"),
            ["engagement_id", "at", "id", "state"],
            unique=False,
        )

    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_level_change_engagement_id"))
        batch_op.create_index(
            batch_op.f("ix_level_change_engagement_id_at_id_level"),
            ["engagement_id", "at", "id", "level"],
            unique=False,
        )

    with op.batch_alter_table("life_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_life_change_innovation_id_at"))
        batch_op.create_index(
            batch_op.f("ix_life_change_innovation_id_at_id_life"),
            ["innovation_id", "at", "id", "life"],
            unique=False,
        )

    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "page",
                sa.Enum(
                    "crosstab",
                    "pipeline",
                    "flow",
                    "network",
                    name="page",
                    native_enum=False,
                    length=40,
                ),
                server_default="crosstab",
                nullable=False,
            )
        )

    with op.batch_alter_table("stage_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_change_innovation_id_at"))
        batch_op.create_index(
            batch_op.f("ix_stage_change_innovation_id_at_id_stage_id"),
            ["innovation_id", "at", "id", "stage_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("stage_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_change_innovation_id_at_id_stage_id"))
        batch_op.create_index(
            batch_op.f("ix_stage_change_innovation_id_at"), ["innovation_id", "at"], unique=False
        )

    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_column("page")

    with op.batch_alter_table("life_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_life_change_innovation_id_at_id_life"))
        batch_op.create_index(
            batch_op.f("ix_life_change_innovation_id_at"), ["innovation_id", "at"], unique=False
        )

    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_level_change_engagement_id_at_id_level"))
        batch_op.create_index(
            batch_op.f("ix_level_change_engagement_id"), ["engagement_id"], unique=False
        )

    with op.batch_alter_table("engagement_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_change_engagement_id_at_id_state"))
        batch_op.create_index(
            batch_op.f("ix_engagement_change_engagement_id"), ["engagement_id"], unique=False
        )
