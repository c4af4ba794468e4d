"""keep saved searches, gaps and counts of search

Revision 0003, after 0002.
Written: 2026-11-22 05:28:04.156989
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_asked",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words_mark", sa.Text(), nullable=False),
        sa.Column("asker_mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("words_mark", "asker_mark", name=op.f("pk_search_asked")),
    )
    op.create_table(
        "search_click",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "rank", name=op.f("pk_search_click")),
    )
    op.create_table(
        "search_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "words", "found", name=op.f("pk_search_count")),
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column(
            "alert",
            sa.Enum("never", "daily", "weekly", name="alert", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_saved_search_membership_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_search_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_search_user_id_name")),
    )
    op.create_table(
        "search_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "answered", "challenge", name="gapstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_search_gap_challenge_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["user.id"], name=op.f("fk_search_gap_handled_by_id")
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_search_gap_hin_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_search_gap_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_search_gap_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_gap")),
    )
    with op.batch_alter_table("search_gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_gap_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_search_gap_challenge_id"), ["challenge_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_search_gap_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_search_gap_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_search_gap_user_id"), ["user_id"], unique=False)

    op.create_table(
        "saved_found",
        sa.Column("saved_search_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_search_id"],
            ["saved_search.id"],
            name=op.f("fk_saved_found_saved_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "innovation_id", name=op.f("pk_saved_found")),
    )


def downgrade() -> None:
    op.drop_table("saved_found")
    with op.batch_alter_table("search_gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_gap_user_id"))
        batch_op.drop_index(batch_op.f("ix_search_gap_state"))
        batch_op.drop_index(batch_op.f("ix_search_gap_hin_id"))
        batch_op.drop_index(batch_op.f("ix_search_gap_challenge_id"))
        batch_op.drop_index(batch_op.f("ix_search_gap_at"))

    op.drop_table("search_gap")
    op.drop_table("saved_search")
    op.drop_table("search_count")
    op.drop_table("search_click")
    op.drop_table("search_asked")
