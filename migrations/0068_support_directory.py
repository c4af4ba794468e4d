"""Keep who takes on what, and who was pointed to whom

Revision 0068, after 0061.
Written: 2026-11-29 16:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0065"
branch_labels = ()
depends_on = None


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def upgrade() -> None:
    op.create_table(
        "directory_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("kind", choice("helperkind", "national", "network", "other"), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("takes_on", sa.Text(), nullable=False),
        sa.Column("not_for", sa.Text(), nullable=False),
        sa.Column("refer", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("certainty", choice("certainty", "general", "own", "site"), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("is_edited", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_directory_entry_hin_id")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_directory_entry_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_entry")),
        sa.UniqueConstraint("code", name=op.f("uq_directory_entry_code")),
        sa.UniqueConstraint("hin_id", name=op.f("uq_directory_entry_hin_id")),
    )
    op.create_table(
        "signpost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_signpost_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["directory_entry.id"], name=op.f("fk_signpost_entry_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_signpost_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
        sa.UniqueConstraint(
            "engagement_id", "entry_id", "on", name=op.f("uq_signpost_engagement_id_entry_id_on")
        ),
    )
    with op.batch_alter_table("signpost") as table:
        table.create_index(op.f("ix_signpost_entry_id"), ["entry_id"])
        table.create_index(op.f("ix_signpost_on"), ["on"])
