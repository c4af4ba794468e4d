"""Promises, suggested levels, proposals and the desk

Revision 0010, after 0009.
Written: 2026-11-22
"""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = ()
depends_on = None

DEADLINE = sa.table(
    "deadline",
    sa.column("kind", sa.Text),
    sa.column("amount", sa.Integer),
    sa.column("unit", sa.Text),
    sa.column("valid_from", sa.Date),
)
ENGAGEMENT = sa.table("engagement", sa.column("state", sa.Text), sa.column("due_on", sa.Date))


def upgrade() -> None:
    op.create_table(
        "capacity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("cases >= 0", name=op.f("ck_capacity_cases")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_capacity_hin_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["user.id"], name=op.f("fk_capacity_set_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_capacity_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity")),
    )
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capacity_hin_id"), ["hin_id"], unique=False)

    op.create_table(
        "message_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user.id"], name=op.f("fk_message_template_changed_by_id")
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_message_template_hin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
        sa.UniqueConstraint("hin_id", "name", name=op.f("uq_message_template_hin_id_name")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("handover", "joint", name="proposalkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("from_hin_id", sa.Integer(), nullable=False),
        sa.Column("to_hin_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "withdrawn",
                name="proposalstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_hin_id <> to_hin_id", name=op.f("ck_proposal_two_hins")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_proposal_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["from_hin_id"], ["hin.id"], name=op.f("fk_proposal_from_hin_id")),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_proposal_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user.id"], name=op.f("fk_proposal_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(["to_hin_id"], ["hin.id"], name=op.f("fk_proposal_to_hin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_to_hin_id_state"), ["to_hin_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_proposal_open",
            ["innovation_id", "from_hin_id", "to_hin_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "desk_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_desk_message_by_id")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_desk_message_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_message")),
    )
    with op.batch_alter_table("desk_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_desk_message_engagement_id"), ["engagement_id"], unique=False
        )

    op.create_table(
        "exemption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_exemption_by_id")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_exemption_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    with op.batch_alter_table("exemption", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exemption_engagement_id"), ["engagement_id"], unique=False
        )

    op.create_table(
        "promise_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("before", "after", "lead", name="reminderkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(engagement_id IS NULL) <> (proposal_id IS NULL)",
            name=op.f("ck_promise_reminder_of_one"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_promise_reminder_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_promise_reminder_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_reminder")),
        sa.UniqueConstraint(
            "engagement_id",
            "due_on",
            "kind",
            name=op.f("uq_promise_reminder_engagement_id_due_on_kind"),
        ),
        sa.UniqueConstraint(
            "proposal_id",
            "due_on",
            "kind",
            name=op.f("uq_promise_reminder_proposal_id_due_on_kind"),
        ),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.alter_column("working_days", new_column_name="amount", existing_type=sa.Integer())
        batch_op.add_column(
            sa.Column(
                "unit",
                sa.Enum("working_days", "weeks", name="deadlineunit", native_enum=False, length=40),
                server_default="working_days",
                nullable=False,
            )
        )

    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suggested", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "reasons",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )

    _promise_updates()


def _promise_updates() -> None:
    """A database that has deadlines gets that of an update; who is engaging already gets six weeks
    from today to be in touch."""
    connection = op.get_bind()
    if not connection.execute(sa.select(sa.func.count()).select_from(DEADLINE)).scalar_one():
        return
    begun = date(2020, 1, 1)
    connection.execute(
        sa.insert(DEADLINE).values(kind="update", amount=6, unit="weeks", valid_from=begun)
    )
    due = datetime.now(UTC).date() + timedelta(weeks=6)
    connection.execute(
        sa.update(ENGAGEMENT)
        .where(ENGAGEMENT.c.state == "engaging", ENGAGEMENT.c.due_on.is_(None))
        .values(due_on=due - timedelta(days=max(0, due.weekday() - 4)))
    )


def downgrade() -> None:
    op.execute("DELETE FROM deadline WHERE kind = 'update'")
    op.execute("UPDATE engagement SET due_on = NULL WHERE state = 'engaging'")
    with op.batch_alter_table("level_change", schema=None) as batch_op:
        batch_op.drop_column("reasons")
        batch_op.drop_column("suggested")

    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_column("unit")
        batch_op.alter_column("amount", new_column_name="working_days", existing_type=sa.Integer())

    op.drop_table("promise_reminder")
    with op.batch_alter_table("exemption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exemption_engagement_id"))

    op.drop_table("exemption")
    with op.batch_alter_table("desk_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_message_engagement_id"))

    op.drop_table("desk_message")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_proposal_to_hin_id_state"))

    op.drop_table("proposal")
    op.drop_table("message_template")
    with op.batch_alter_table("capacity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_capacity_hin_id"))

    op.drop_table("capacity")
