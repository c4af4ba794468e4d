"""Keep who follows a record, and the days of it that people keep for themselves

Revision 0089, after 0088.
Written: 2026-11-29 21:00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0089"
down_revision = "0088"
branch_labels = ()
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "record_following",
        *_whose("record_following"),
        *(
            sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            for name in ("is_status", "is_sections", "is_files")
        ),
        sa.Column("seen", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "user_id", "innovation_id", name=op.f("uq_record_following_user_id_innovation_id")
        ),
    )
    op.create_index(
        op.f("ix_record_following_innovation_id"), "record_following", ["innovation_id"]
    )
    op.create_table(
        "record_reminder",
        *_whose("record_reminder"),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
    )
    for columns in (["innovation_id"], ["user_id", "innovation_id"], ["told_at", "on"]):
        op.create_index(op.f(f"ix_record_reminder_{'_'.join(columns)}"), "record_reminder", columns)


def _whose(table: str) -> list[sa.schema.SchemaItem]:
    """Return the columns and keys that both tables have."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"],
                [f"{other}.id"],
                name=op.f(f"fk_{table}_{other}_id"),
                ondelete=rule,
            )
            for other, rule in (
                ("user", "CASCADE"),
                ("innovation", "CASCADE"),
                ("membership", None),
            )
        ),
    ]


def downgrade() -> None:
    op.drop_table("record_reminder")
    op.drop_table("record_following")
