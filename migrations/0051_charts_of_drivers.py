"""Say which drivers and change ideas a measure over time tells of

Revision 0051, after 0050.
Written: 2026-11-29 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "driver_node_chart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_driver_node_chart_by_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["improvement_measure.id"],
            name=op.f("fk_driver_node_chart_measure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["driver_node.id"],
            name=op.f("fk_driver_node_chart_node_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver_node_chart")),
        sa.UniqueConstraint(
            "node_id", "measure_id", name=op.f("uq_driver_node_chart_node_id_measure_id")
        ),
    )
    with op.batch_alter_table("driver_node_chart", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_driver_node_chart_measure_id"), ["measure_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("driver_node_chart", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_driver_node_chart_measure_id"))

    op.drop_table("driver_node_chart")
