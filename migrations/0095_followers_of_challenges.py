"""Let any challenge be followed, not its call alone: who follows a call follows its challenge

Revision 0095, after 0094.
Written: 2026-11-30 06:22:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    _create("challenge_follower", "challenge_id", "challenge")
    op.execute(
        "INSERT INTO challenge_follower (challenge_id, user_id, at)"
        " SELECT challenge_call.challenge_id, call_follower.user_id, call_follower.at"
        " FROM call_follower JOIN challenge_call ON challenge_call.id = call_follower.call_id"
    )
    op.drop_table("call_follower")


def downgrade() -> None:
    _create("call_follower", "call_id", "challenge_call")
    op.execute(
        "INSERT INTO call_follower (call_id, user_id, at)"
        " SELECT challenge_call.id, challenge_follower.user_id, challenge_follower.at"
        " FROM challenge_follower"
        " JOIN challenge_call ON challenge_call.challenge_id = challenge_follower.challenge_id"
    )
    op.drop_table("challenge_follower")


def _create(table: str, column: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            [column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f(f"fk_{table}_user_id")),
        sa.PrimaryKeyConstraint(column, "user_id", name=op.f(f"pk_{table}")),
    )
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_index(batch_op.f(f"ix_{table}_user_id"), ["user_id"], unique=False)
