"""Keep what is promised while the bank holidays that date it are missing

Revision 0013, after 0012.
Written: 2026-11-22 10:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = ()
depends_on = None

KINDS = ("pick_up", "decide", "reply", "broker", "update")
TABLES = ("engagement", "proposal", "introduction")


def upgrade() -> None:
    for table in TABLES:
        kind = sa.Enum(*KINDS, name="deadlinekind", native_enum=False, length=40)
        op.add_column(table, sa.Column("undated", kind, nullable=True))
        op.add_column(table, sa.Column("undated_from", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("undated_year", sa.Integer(), nullable=True))
    _let_proposals_be_undated(True)


def downgrade() -> None:
    op.execute("UPDATE proposal SET due_on = undated_from WHERE due_on IS NULL")
    _let_proposals_be_undated(False)
    for table in TABLES:
        for column in ("undated_year", "undated_from", "undated"):
            # Not in a batch: SQLite would build the table anew, and what hangs on it would go.
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _let_proposals_be_undated(nullable: bool) -> None:
    """SQLite builds `proposal` anew, which deletes the reminders of its rows: keep them aside."""
    op.execute(
        "CREATE TEMPORARY TABLE kept AS SELECT * FROM promise_reminder WHERE proposal_id IS NOT NULL"
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.alter_column("due_on", existing_type=sa.Date(), nullable=nullable)
    op.execute(
        "INSERT INTO promise_reminder SELECT * FROM kept"
        " WHERE id NOT IN (SELECT id FROM promise_reminder)"
    )
    op.execute("DROP TABLE kept")
