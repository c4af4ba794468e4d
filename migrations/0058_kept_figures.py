"""Keep what was counted until a table that was read changes

Revision 0058, after 0057.
Written: 2026-11-29 13:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_change",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", name=op.f("pk_figure_change")),
    )


def downgrade() -> None:
    op.drop_table("figure_change")
