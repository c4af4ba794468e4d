"""keep interactions, budgets and frozen figures

Revision 0002, after 0001.
Written: 2026-11-22 05:20:52.931941
"""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = ()
depends_on = None


LEVELS = sa.table(
    "level_change",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("on", sa.Date()),
)


def _fill_days() -> None:
    """Give every level the day of its moment in England; SQLite's moments are UTC without zone."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(LEVELS.c.id, LEVELS.c.at)).all():
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        day = at.astimezone(ZoneInfo("Europe/London")).date()
        connection.execute(sa.update(LEVELS).where(LEVELS.c.id == row.id).values(on=day))


def upgrade() -> None:
    op.create_table(
        "figure_freeze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["frozen_by_id"], ["user.id"], name=op.f("fk_figure_freeze_frozen_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_freeze")),
        sa.UniqueConstraint("quarter_on", name=op.f("uq_figure_freeze_quarter_on")),
    )
    op.create_table(
        "frozen_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("freeze_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["freeze_id"],
            ["figure_freeze.id"],
            name=op.f("fk_frozen_figure_freeze_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_frozen_figure_hin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_figure")),
    )
    with op.batch_alter_table("frozen_figure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_frozen_figure_freeze_id_measure"), ["freeze_id", "measure"], unique=False
        )

    op.create_table(
        "interaction_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "call",
                "meeting",
                "email",
                "event",
                "introduction",
                "advice",
                name="interactionkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_by_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quarters >= 0", name=op.f("ck_interaction_event_quarters")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["interaction_event.id"], name=op.f("fk_interaction_event_corrects_id")
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_interaction_event_hin_id")),
        sa.ForeignKeyConstraint(
            ["logged_by_id"], ["user.id"], name=op.f("fk_interaction_event_logged_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction_event")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_interaction_event_corrects_id")),
    )
    with op.batch_alter_table("interaction_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interaction_event_hin_id_on"), ["hin_id", "on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_interaction_event_logged_by_id"), ["logged_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_interaction_event_on"), ["on"], unique=False)

    op.create_table(
        "interaction_event_term",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["interaction_event.id"],
            name=op.f("fk_interaction_event_term_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["term.id"], name=op.f("fk_interaction_event_term_term_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "term_id", name=op.f("pk_interaction_event_term")),
    )
    with op.batch_alter_table("interaction_event_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interaction_event_term_term_id"), ["term_id"], unique=False
        )

    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_organisation", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["interaction_event.id"],
            name=op.f("fk_participant_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_participant_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_participant_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "budget_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "level",
                "closed",
                "carried_on",
                "fits",
                name="budgetanswer",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_budget_ask_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_budget_ask_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_ask")),
    )
    with op.batch_alter_table("budget_ask", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_budget_ask_engagement_id_answered_at"),
            ["engagement_id", "answered_at"],
            unique=False,
        )

    op.create_table(
        "interaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_interaction_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["interaction_event.id"],
            name=op.f("fk_interaction_event_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction")),
        sa.UniqueConstraint(
            "event_id", "engagement_id", name=op.f("uq_interaction_event_id_engagement_id")
        ),
    )
    with op.batch_alter_table("interaction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interaction_engagement_id"), ["engagement_id"], unique=False
        )

    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on", sa.Date(), nullable=True))
    _fill_days()
    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.alter_column("on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.drop_column("on")

    with op.batch_alter_table("interaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interaction_engagement_id"))

    op.drop_table("interaction")
    with op.batch_alter_table("budget_ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_ask_engagement_id_answered_at"))

    op.drop_table("budget_ask")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_user_id"))
        batch_op.drop_index(batch_op.f("ix_participant_event_id"))

    op.drop_table("participant")
    with op.batch_alter_table("interaction_event_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interaction_event_term_term_id"))

    op.drop_table("interaction_event_term")
    with op.batch_alter_table("interaction_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interaction_event_on"))
        batch_op.drop_index(batch_op.f("ix_interaction_event_logged_by_id"))
        batch_op.drop_index(batch_op.f("ix_interaction_event_hin_id_on"))

    op.drop_table("interaction_event")
    with op.batch_alter_table("frozen_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_frozen_figure_freeze_id_measure"))

    op.drop_table("frozen_figure")
    op.drop_table("figure_freeze")
