"""Find what hangs on a record by an index again: one over some rows alone is used by no query

Revision 0061, after 0060.
Written: 2026-11-29 14:25:00
"""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_engagement_innovation_id_state_hin_id"),
        "engagement",
        ["innovation_id", "state", "hin_id"],
    )
    for table, column in (
        ("proposal", "innovation_id"),
        ("adoption_sheet_row", "innovation_id"),
        ("driver_node_measure", "programme_id"),
        ("duplicate_decision", "other_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
