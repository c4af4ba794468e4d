"""Keep whom identity providers say that people are, and count attempts for all workers

Revision 0034, after 0030.
Written: 2026-11-28 15:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = ()
depends_on = None

FILES = (
    ("introduction_attachment", "introduction_message", "introductions"),
    ("task_file", "task_message", "matters"),
)
COUNTED = """
    INSERT INTO file_use (stored, room, size, user_id, organisation_id, kept_at)
    SELECT file.stored, '{room}', file.size, message.by_id, message.organisation_id, message.at
    FROM {files} AS file JOIN {messages} AS message ON message.id = file.message_id
"""


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_identity_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_identity_user_id"), "identity", ["user_id"])
    op.create_table(
        "used_state",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_used_state")),
    )
    op.create_index(op.f("ix_used_state_used_at"), "used_state", ["used_at"])
    op.create_table(
        "attempt_count",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt_count")),
    )
    op.create_index(op.f("ix_attempt_count_expires_at"), "attempt_count", ["expires_at"])
    op.create_table(
        "file_use",
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_file_use_user_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_file_use_organisation_id")
        ),
        sa.PrimaryKeyConstraint("stored", name=op.f("pk_file_use")),
    )
    op.create_index(op.f("ix_file_use_user_id"), "file_use", ["user_id"])
    op.create_index(op.f("ix_file_use_organisation_id"), "file_use", ["organisation_id"])
    for files, messages, room in FILES:
        op.execute(COUNTED.format(files=files, messages=messages, room=room))


def downgrade() -> None:
    op.drop_table("file_use")
    op.drop_table("attempt_count")
    op.drop_table("used_state")
    op.drop_table("identity")
