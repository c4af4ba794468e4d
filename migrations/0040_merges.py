"""Make two records, or two organisations, one, and take that back

Revision 0040, after 0039.
Written: 2026-11-28 23:45:00

What moved is kept with its days, so that figures of the past stay as they were. A network may have
two engagements with one record, of which one replaces the other; the list of possible duplicates
is kept, with when each record was compared.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = ()
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NOUNS = ("innovation", "organisation")
STANDS = sa.text("at IS NOT NULL AND undone_at IS NULL")
GOES_ON = sa.text("replaced_by_id IS NULL")


def upgrade() -> None:
    _merge()
    _moved_row()
    _duplicates()
    for table in ("innovation", "organisation"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
            batch_op.create_index(f"ix_{table}_merged_into_id", ["merged_into_id"])
            batch_op.create_foreign_key(
                f"fk_{table}_merged_into_id", table, ["merged_into_id"], ["id"]
            )
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(sa.Column("company_number", sa.Text(), nullable=True))
        batch_op.create_index("ix_organisation_company_number", ["company_number"])
    with op.batch_alter_table("engagement") as batch_op:
        batch_op.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        batch_op.create_index("ix_engagement_replaced_by_id", ["replaced_by_id"])
        batch_op.create_foreign_key(
            "fk_engagement_replaced_by_id", "engagement", ["replaced_by_id"], ["id"]
        )
        batch_op.drop_constraint("uq_engagement_innovation_id_hin_id", type_="unique")
    op.create_index(
        "uq_engagement_standing",
        "engagement",
        ["innovation_id", "hin_id"],
        unique=True,
        sqlite_where=GOES_ON,
        postgresql_where=GOES_ON,
    )


def _merge() -> None:
    people = ("proposed_by_id", "refused_by_id", "by_id", "undone_by_id")
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "noun", sa.Enum(*NOUNS, name="noun", native_enum=False, length=40), nullable=False
        ),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_agreed_at", MOMENT, nullable=True),
        sa.Column("other_agreed_at", MOMENT, nullable=True),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.Column("refused_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_why", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen", JSON, nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("newest", JSON, nullable=False),
        *(sa.ForeignKeyConstraint([name], ["user.id"], name=f"fk_merge_{name}") for name in people),
        sa.PrimaryKeyConstraint("id", name="pk_merge"),
    )
    op.create_index("ix_merge_at", "merge", ["at"])
    op.create_index("ix_merge_noun_kept_id", "merge", ["noun", "kept_id"])
    op.create_index(
        "uq_merge_standing",
        "merge",
        ["noun", "other_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def _moved_row() -> None:
    op.create_table(
        "moved_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("was_id", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["merge.id"], name="fk_moved_row_merge_id"),
        sa.PrimaryKeyConstraint("id", name="pk_moved_row"),
    )
    op.create_index("ix_moved_row_merge_id", "moved_row", ["merge_id"])
    columns = ["table_name", "column_name", "row_id", "until"]
    op.create_index("ix_moved_row_" + "_".join(columns), "moved_row", columns)


def _duplicates() -> None:
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name], ["innovation.id"], name=f"fk_duplicate_pair_{name}", ondelete="CASCADE"
            )
            for name in ("one_id", "other_id")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_pair"),
        sa.UniqueConstraint("one_id", "other_id", name="uq_duplicate_pair_one_id_other_id"),
    )
    op.create_index("ix_duplicate_pair_other_id", "duplicate_pair", ["other_id"])
    op.create_table(
        "duplicate_look",
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name="fk_duplicate_look_innovation_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("innovation_id", name="pk_duplicate_look"),
    )


def downgrade() -> None:
    raise NotImplementedError("what was made one is not parted by a migration: restore a backup")
