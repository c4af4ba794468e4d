"""Keep whether the innovator reads what a partnership's review found

Revision 0015, after 0014.
Written: 2026-11-22 11:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column(
        "partnership_review",
        sa.Column("is_shared", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.execute("ALTER TABLE partnership_review DROP COLUMN is_shared")
