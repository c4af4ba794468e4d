"""Let those who have a challenge send files with their messages and mark them as read

Revision 0031, after 0030.
Written: 2026-11-28 16:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["challenge_message.id"],
            name=op.f("fk_challenge_file_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_file")),
        sa.UniqueConstraint("stored", name=op.f("uq_challenge_file_stored")),
    )
    op.create_index(op.f("ix_challenge_file_message_id"), "challenge_file", ["message_id"])
    op.create_table(
        "challenge_reader",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_up_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_reader_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_challenge_reader_user_id")),
        sa.PrimaryKeyConstraint("challenge_id", "user_id", name=op.f("pk_challenge_reader")),
    )
    _mark_all_as_read()


def _mark_all_as_read() -> None:
    """What was written before is new to nobody: everybody who could read it had been told."""
    op.execute(
        "INSERT INTO challenge_reader (challenge_id, user_id, read_up_to)"
        " SELECT m.challenge_id, p.user_id, MAX(m.id)"
        " FROM challenge_message m"
        " JOIN (SELECT id AS challenge_id, organisation_id FROM challenge"
        " UNION SELECT challenge_id, organisation_id FROM challenge_supporter) h"
        " ON h.challenge_id = m.challenge_id"
        " JOIN membership p ON p.organisation_id = h.organisation_id"
        " WHERE p.state = 'active'"
        " GROUP BY m.challenge_id, p.user_id"
    )


def downgrade() -> None:
    op.drop_table("challenge_reader")
    op.drop_table("challenge_file")
