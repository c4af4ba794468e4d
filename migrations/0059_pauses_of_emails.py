"""Say when an email is tried again

Revision 0059, after 0058.
Written: 2026-11-29 13:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("email") as batch_op:
        batch_op.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("email") as batch_op:
        batch_op.drop_column("next_at")
