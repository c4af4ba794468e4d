"""Keep who follows what of the Exchange, and of which items they were told

Revision 0088, after 0076.
Written: 2026-11-29 20:45:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column("content_item", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "content_following",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_content_following_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_following")),
        sa.UniqueConstraint("user_id", "asked", name=op.f("uq_content_following_user_id_asked")),
    )


def downgrade() -> None:
    op.drop_table("content_following")
    with op.batch_alter_table("content_item") as items:
        items.drop_column("told_at")
