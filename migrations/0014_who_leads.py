"""Keep which network leads with a record, from when on

Revision 0014, after 0013.
Written: 2026-11-22 10:55:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.add_column(
        "engagement",
        sa.Column("is_leading", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "lead_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_lead_change_by_id")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_lead_change_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_change")),
    )
    op.create_index(op.f("ix_lead_change_engagement_id"), "lead_change", ["engagement_id"])
    _led_from_the_first()
    _handed_over()


def _led_from_the_first() -> None:
    op.execute(
        "INSERT INTO lead_change (engagement_id, at)"
        " SELECT id, opened_at FROM engagement WHERE is_first"
    )
    op.execute("UPDATE engagement SET is_leading = is_first")


def _handed_over() -> None:
    """Who took over from the network that led has led since: in the order of the answers."""
    bind = op.get_bind()
    handovers = bind.execute(
        sa.text(
            "SELECT theirs.id AS theirs, ours.id AS ours, p.id AS proposal FROM proposal p"
            " JOIN engagement theirs ON theirs.innovation_id = p.innovation_id"
            " AND theirs.hin_id = p.from_hin_id"
            " JOIN engagement ours ON ours.innovation_id = p.innovation_id"
            " AND ours.hin_id = p.to_hin_id"
            " WHERE p.kind = 'handover' AND p.state = 'accepted' ORDER BY p.answered_at, p.id"
        )
    ).all()
    leads = sa.text("SELECT is_leading FROM engagement WHERE id = :theirs")
    for row in handovers:
        if not bind.execute(leads, {"theirs": row.theirs}).scalar():
            continue
        bind.execute(
            sa.text("UPDATE engagement SET is_leading = (id = :ours) WHERE id IN (:ours, :theirs)"),
            {"ours": row.ours, "theirs": row.theirs},
        )
        bind.execute(
            sa.text(
                "INSERT INTO lead_change (engagement_id, at, by_id)"
                " SELECT :ours, answered_at, answered_by_id FROM proposal WHERE id = :proposal"
            ),
            {"ours": row.ours, "proposal": row.proposal},
        )


def downgrade() -> None:
    op.drop_table("lead_change")
    op.execute("ALTER TABLE engagement DROP COLUMN is_leading")
