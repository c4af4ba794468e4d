"""Let people choose how they are told

Revision 0060, after 0059.
Written: 2026-11-29 13:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = ()
depends_on = None

KINDS = ("account", "asked", "answers", "messages", "changes", "news", "monday", "day")
RHYTHMS = ("now", "daily", "weekly", "never")


def kind() -> sa.Enum:
    return sa.Enum(*KINDS, name="kind", native_enum=False, length=40)


def rhythm() -> sa.Enum:
    return sa.Enum(*RHYTHMS, name="rhythm", native_enum=False, length=40)


def upgrade() -> None:
    op.create_table(
        "notification_choice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind(), nullable=False),
        sa.Column("rhythm", rhythm(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_notification_choice_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_notification_choice")),
    )
    op.create_table(
        "notification_mute",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notification_mute_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "page", name=op.f("pk_notification_mute")),
    )
    with op.batch_alter_table("notification_mute") as table:
        table.create_index(op.f("ix_notification_mute_page"), ["page"])
    op.create_table(
        "stopped_address",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_stopped_address")),
    )
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("kind", kind(), server_default="asked", nullable=False))
        table.add_column(
            sa.Column("is_shown", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        table.add_column(sa.Column("rhythm", rhythm(), server_default="now", nullable=False))
        table.add_column(sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_notification_waiting", ["rhythm", "posted_at", "user_id"])
    with op.batch_alter_table("email") as table:
        table.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("kind", kind(), server_default="account", nullable=False))
        table.add_column(sa.Column("root", sa.Text(), server_default=sa.text("''"), nullable=False))
        table.create_foreign_key(op.f("fk_email_user_id"), "user", ["user_id"], ["id"])
