"""Call two tables of search by what their rows are

Revision 0077, after 0076.
Written: 2026-11-29 20:55:00

Made anew and filled, not renamed: keys and constraints are called after their table on either
database.
"""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    _results("saved_search_result")
    _marks("search_mark")
    _move("saved_found", "saved_search_result", "saved_search_id, innovation_id, news_at")
    _move("search_asked", "search_mark", "month, words_mark, asker_mark")


def downgrade() -> None:
    _results("saved_found")
    _marks("search_asked")
    _move("saved_search_result", "saved_found", "saved_search_id, innovation_id, news_at")
    _move("search_mark", "search_asked", "month, words_mark, asker_mark")


def _results(name: str) -> None:
    op.create_table(
        name,
        sa.Column("saved_search_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_search_id"],
            ["saved_search.id"],
            name=op.f(f"fk_{name}_saved_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "innovation_id", name=op.f(f"pk_{name}")),
    )


def _marks(name: str) -> None:
    op.create_table(
        name,
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("words_mark", sa.Text(), nullable=False),
        sa.Column("asker_mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("words_mark", "asker_mark", name=op.f(f"pk_{name}")),
    )


def _move(old: str, new: str, columns: str) -> None:
    op.execute(f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {old}")  # noqa: S608 - from above
    op.drop_table(old)
