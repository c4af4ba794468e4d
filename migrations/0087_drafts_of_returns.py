"""Keep what a company types while it was asked back apart from the answer that it handed in

Revision 0087, after 0086.
Written: 2026-11-29 20:55:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0087"
down_revision = "0086"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("company_return", sa.Column("draft", json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("company_return") as table:
        table.drop_column("draft")
