"""Keep the web addresses of what is published, and what came back when they were called

Revision 0070, after 0069.
Written: 2026-11-29 17:25:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["content_item.id"],
            name=op.f("fk_content_link_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_link")),
        sa.UniqueConstraint("item_id", "url", name=op.f("uq_content_link_item_id_url")),
    )
    with op.batch_alter_table("content_link") as table:
        table.create_index(op.f("ix_content_link_next_at"), ["next_at"])
