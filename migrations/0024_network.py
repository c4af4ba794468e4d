"""Keep what networks asked to be changed in records as dated rows

Revision 0024, after 0023.
Written: 2026-11-28 13:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "about",
                "need",
                "evidence",
                "standards",
                "costs",
                "use",
                "plans",
                "sharing",
                name="section",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["audit_event.id"], name=op.f("fk_change_request_answer_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_change_request_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_change_request_hin_id")),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_change_request_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index(
        op.f("ix_change_request_innovation_id_at"), "change_request", ["innovation_id", "at"]
    )
    _open_requests()


def _open_requests() -> None:
    """What is asked in a section now: it was asked when an engagement of the record reached
    "changes requested" last. What was answered before kept no words."""
    op.execute(
        "INSERT INTO change_request (innovation_id, hin_id, section, words, at, by_id)"
        " SELECT s.innovation_id, e.hin_id, s.section, s.change_wanted, c.at, c.by_id"
        " FROM section_copy s"
        " JOIN engagement e ON e.innovation_id = s.innovation_id"
        " JOIN engagement_change c ON c.engagement_id = e.id"
        " WHERE s.change_wanted <> '' AND c.id = ("
        "SELECT MAX(c2.id) FROM engagement_change c2"
        " JOIN engagement e2 ON e2.id = c2.engagement_id"
        " WHERE e2.innovation_id = s.innovation_id AND c2.state = 'changes')"
    )


def downgrade() -> None:
    op.drop_table("change_request")
