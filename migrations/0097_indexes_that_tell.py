"""Leave out of indexes what nearly every row has, and add up booked minutes from an index alone

SQLite works without statistics here and takes an index for telling: it went through every record by
the index of those never made one with another.

Revision 0097, after 0096.
Written: 2026-11-30 16:45:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = ()
depends_on = None

MERGED = (("innovation", "merged_into_id"), ("engagement", "replaced_by_id"))


def upgrade() -> None:
    columns = ["counts_in", "hin_id", "is_void", "minutes"]
    op.create_index("ix_interaction_booked", "interaction", columns)
    op.drop_index("ix_interaction_counts_in", "interaction")
    op.drop_index("ix_innovation_status", "innovation")
    for table, column in MERGED:
        some = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(
            f"ix_{table}_{column}", table, [column], sqlite_where=some, postgresql_where=some
        )


def downgrade() -> None:
    for table, column in MERGED:
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("ix_innovation_status", "innovation", ["status"])
    op.create_index("ix_interaction_counts_in", "interaction", ["counts_in"])
    op.drop_index("ix_interaction_booked", "interaction")
