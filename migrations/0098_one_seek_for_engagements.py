"""Find the engagements of a record by one seek, and their levels in the same index

SQLite sought the index once for each of five states of a record's engagements, in every view that
counts who works with what: the state stands behind the HIN now.

Revision 0098, after 0097.
Written: 2026-11-30 19:50:00
"""

from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = ()
depends_on = None

OLD = "ix_engagement_innovation_id_state_hin_id"
NEW = "ix_engagement_innovation_id_hin_id_state_level"


def upgrade() -> None:
    op.create_index(NEW, "engagement", ["innovation_id", "hin_id", "state", "level"])
    op.drop_index(OLD, "engagement")


def downgrade() -> None:
    op.create_index(OLD, "engagement", ["innovation_id", "state", "hin_id"])
    op.drop_index(NEW, "engagement")
