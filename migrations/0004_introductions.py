"""Introductions, their threads and reminders; uses that the using side confirmed

Revision 0004, after 0003.
Written: 2026-11-22 05:31:06.848393
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    # Before another table names it: SQLite builds `use` anew to add the key.
    with op.batch_alter_table("use", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_trial", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_use_confirmed_by_id"), "organisation", ["confirmed_by_id"], ["id"]
        )

    op.create_table(
        "introduction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ics_id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "timescale",
            sa.Enum(
                "two_weeks",
                "month",
                "quarter",
                "later",
                name="timescale",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("takes_part", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "taken",
                "brokered",
                "agreed",
                "met",
                "ended",
                name="state",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ending",
            sa.Enum(
                "declined_by_hin",
                "declined_by_innovator",
                "withdrawn",
                "outcome",
                name="ending",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "trial",
                "adoption",
                "not_now",
                "nothing_suitable",
                "no_reply",
                name="outcome",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("broker_hin_id", sa.Integer(), nullable=True),
        sa.Column("broker_id", sa.Integer(), nullable=True),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("use_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("brokered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["user.id"], name=op.f("fk_introduction_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_introduction_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["broker_hin_id"], ["hin.id"], name=op.f("fk_introduction_broker_hin_id")
        ),
        sa.ForeignKeyConstraint(["broker_id"], ["user.id"], name=op.f("fk_introduction_broker_id")),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_introduction_challenge_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["ics_id"], ["ics.id"], name=op.f("fk_introduction_ics_id")),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_introduction_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_introduction_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["use_id"], ["use.id"], name=op.f("fk_introduction_use_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_introduction_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_introduction_broker_hin_id"), ["broker_hin_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_challenge_id"), ["challenge_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_introduction_ics_id"), ["ics_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_introduction_innovation_id"), ["innovation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_introduction_state_due_on"), ["state", "due_on"], unique=False
        )
        batch_op.create_index(
            "uq_introduction_open",
            ["organisation_id", "innovation_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )

    op.create_table(
        "introduction_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "taken",
                "brokered",
                "agreed",
                "met",
                "ended",
                name="state",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ending",
            sa.Enum(
                "declined_by_hin",
                "declined_by_innovator",
                "withdrawn",
                "outcome",
                name="ending",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "trial",
                "adoption",
                "not_now",
                "nothing_suitable",
                "no_reply",
                name="outcome",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("elsewhere", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_introduction_change_by_id")),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_introduction_change_introduction_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_introduction_change_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_change")),
    )
    with op.batch_alter_table("introduction_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_change_introduction_id"), ["introduction_id"], unique=False
        )

    op.create_table(
        "introduction_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column(
            "circle",
            sa.Enum("asking", "answering", "everyone", name="circle", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_introduction_message_by_id")),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_introduction_message_introduction_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_introduction_message_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_message")),
    )
    with op.batch_alter_table("introduction_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_message_introduction_id"), ["introduction_id"], unique=False
        )

    op.create_table(
        "introduction_reminder",
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "broker",
                "reply",
                "outcome_first",
                "outcome_second",
                name="reminderkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_introduction_reminder_introduction_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("introduction_id", "kind", name=op.f("pk_introduction_reminder")),
    )
    op.create_table(
        "introduction_thread_mark",
        sa.Column("introduction_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_introduction_thread_mark_introduction_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_introduction_thread_mark_user_id")
        ),
        sa.PrimaryKeyConstraint(
            "introduction_id", "user_id", name=op.f("pk_introduction_thread_mark")
        ),
    )
    op.create_table(
        "introduction_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["introduction_message.id"],
            name=op.f("fk_introduction_attachment_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction_attachment")),
        sa.UniqueConstraint("stored", name=op.f("uq_introduction_attachment_stored")),
    )
    with op.batch_alter_table("introduction_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_introduction_attachment_message_id"), ["message_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("introduction_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_attachment_message_id"))

    op.drop_table("introduction_attachment")
    op.drop_table("introduction_thread_mark")
    op.drop_table("introduction_reminder")
    with op.batch_alter_table("introduction_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_message_introduction_id"))

    op.drop_table("introduction_message")
    with op.batch_alter_table("introduction_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_introduction_change_introduction_id"))

    op.drop_table("introduction_change")
    with op.batch_alter_table("introduction", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_introduction_open",
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )
        batch_op.drop_index(batch_op.f("ix_introduction_state_due_on"))
        batch_op.drop_index(batch_op.f("ix_introduction_innovation_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_ics_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_challenge_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_broker_hin_id"))
        batch_op.drop_index(batch_op.f("ix_introduction_asked_at"))

    op.drop_table("introduction")
    with op.batch_alter_table("use", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_use_confirmed_by_id"), type_="foreignkey")
        batch_op.drop_column("confirmed_on")
        batch_op.drop_column("confirmed_by_id")
        batch_op.drop_column("is_trial")
