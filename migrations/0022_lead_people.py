"""Keep who leads an engagement for its network as dated rows

Revision 0022, after 0019.
Written: 2026-11-28 13:00:00
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lead_person_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_lead_person_change_by_id")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_lead_person_change_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["user.id"], name=op.f("fk_lead_person_change_lead_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_person_change")),
    )
    op.create_index(
        op.f("ix_lead_person_change_engagement_id_at_id"),
        "lead_person_change",
        ["engagement_id", "at", "id"],
    )
    op.create_index(op.f("ix_lead_person_change_lead_id"), "lead_person_change", ["lead_id"])
    _assigned()
    _picked_up()


def _assigned() -> None:
    """What the audit trail says of changes of the lead person: it has their names, which lead to a
    person where one person of the network has that name."""
    bind = op.get_bind()
    people: dict[tuple[int, str], set[int]] = {}
    for hin_id, name, user_id in bind.execute(
        sa.text(
            'SELECT o.hin_id, u.name, u.id FROM "user" u JOIN membership m ON m.user_id = u.id'
            " JOIN organisation o ON o.id = m.organisation_id WHERE o.hin_id IS NOT NULL"
        )
    ):
        people.setdefault((hin_id, name), set()).add(user_id)
    events = bind.execute(
        sa.text(
            "SELECT e.id AS engagement_id, e.hin_id, a.at, a.actor_id, a.changes"
            " FROM audit_event a JOIN organisation o ON o.id = a.organisation_id"
            " JOIN engagement e ON e.innovation_id = a.noun_id AND e.hin_id = o.hin_id"
            " WHERE a.noun = 'innovation' AND a.action = 'engagement.assigned' ORDER BY a.at, a.id"
        )
    ).all()
    for row in events:
        changes = json.loads(row.changes) if isinstance(row.changes, str) else row.changes
        found = people.get((row.hin_id, changes["lead"][1]), set())
        if len(found) == 1:
            _add(row.engagement_id, next(iter(found)), row.at, row.actor_id)


def _picked_up() -> None:
    """Who leads today, where the newest row so far says otherwise or there is none."""
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(
            "SELECT e.id, e.lead_id, COALESCE(e.picked_up_at, e.opened_at) AS at FROM engagement e"
            " WHERE e.lead_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM lead_person_change c"
            " WHERE c.engagement_id = e.id AND c.lead_id = e.lead_id)"
        )
    ).all()
    for row in rows:
        _add(row.id, row.lead_id, row.at, None)


def _add(engagement_id: int, lead_id: int, at: object, by_id: int | None) -> None:
    op.get_bind().execute(
        sa.text(
            "INSERT INTO lead_person_change (engagement_id, lead_id, at, by_id)"
            " VALUES (:engagement_id, :lead_id, :at, :by_id)"
        ),
        {"engagement_id": engagement_id, "lead_id": lead_id, "at": at, "by_id": by_id},
    )


def downgrade() -> None:
    op.drop_table("lead_person_change")
