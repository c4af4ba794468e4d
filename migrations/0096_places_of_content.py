"""Link what the Exchange publishes to places of the national directory

Revision 0096, after 0095.
Written: 2026-11-30 09:35:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_site",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["content_item.id"],
            name=op.f("fk_content_site_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_content_site_site_id")),
        sa.PrimaryKeyConstraint("item_id", "site_id", name=op.f("pk_content_site")),
    )
    with op.batch_alter_table("content_site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_site_site_id"), ["site_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("content_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_site_site_id"))

    op.drop_table("content_site")
