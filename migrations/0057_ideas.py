"""Keep campaigns and ideas of staff

Revision 0057, after 0056.
Written: 2026-11-29 13:07:52.191318
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idea_campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "organisation", "area", "everyone", name="audience", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "moderation",
            sa.Enum("after", "before", name="moderation", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_idea_campaign_author_id")
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_idea_campaign_hin_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_idea_campaign_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_campaign")),
    )
    with op.batch_alter_table("idea_campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_campaign_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_campaign_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_idea_campaign_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "campaign_guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_campaign_guest_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["idea_campaign.id"],
            name=op.f("fk_campaign_guest_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_guest")),
        sa.UniqueConstraint(
            "campaign_id", "email", name=op.f("uq_campaign_guest_campaign_id_email")
        ),
    )
    with op.batch_alter_table("campaign_guest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_guest_email"), ["email"], unique=False)

    op.create_table(
        "idea",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum("thought", "tried", "in_use", name="ideastage", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("may_join", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "posted",
                "looking",
                "taken_up",
                "not_now",
                "exists",
                "withdrawn",
                "removed",
                name="ideastate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_why", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("exists_innovation_id", sa.Integer(), nullable=True),
        sa.Column("exists_url", sa.Text(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=True),
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "undated",
            sa.Enum(
                "pick_up",
                "decide",
                "reply",
                "broker",
                "update",
                "sheet",
                "return",
                "answer",
                "assess",
                "idea",
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("undated_from", sa.Date(), nullable=True),
        sa.Column("undated_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_idea_author_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["idea_campaign.id"],
            name=op.f("fk_idea_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_idea_challenge_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["exists_innovation_id"],
            ["innovation.id"],
            name=op.f("fk_idea_exists_innovation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_idea_innovation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_idea_organisation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_idea_owner_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["programme_proposal.id"],
            name=op.f("fk_idea_proposal_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["removed_by_id"], ["user.id"], name=op.f("fk_idea_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
    )
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_answered_at"), ["answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_idea_exists_innovation_id"), ["exists_innovation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_idea_innovation_id"), ["innovation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_idea_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_idea_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_posted_at"), ["posted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_state_due_on"), ["state", "due_on"], unique=False)

    op.create_table(
        "idea_appeal",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "undated",
            sa.Enum(
                "pick_up",
                "decide",
                "reply",
                "broker",
                "update",
                "sheet",
                "return",
                "answer",
                "assess",
                "idea",
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("undated_from", sa.Date(), nullable=True),
        sa.Column("undated_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_idea_appeal_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_idea_appeal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_appeal_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_appeal")),
        sa.UniqueConstraint("idea_id", name=op.f("uq_idea_appeal_idea_id")),
    )
    op.create_table(
        "idea_author",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_author_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_idea_author_user_id")),
        sa.PrimaryKeyConstraint("idea_id", "user_id", name=op.f("pk_idea_author")),
    )
    op.create_table(
        "idea_follower",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("is_following", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_up_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_follower_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_idea_follower_user_id")),
        sa.PrimaryKeyConstraint("idea_id", "user_id", name=op.f("pk_idea_follower")),
    )
    op.create_table(
        "idea_message",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_idea_message_by_id")),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_message_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_idea_message_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_message")),
    )
    with op.batch_alter_table("idea_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_message_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "idea_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "posted",
                "looking",
                "taken_up",
                "not_now",
                "exists",
                "withdrawn",
                "removed",
                name="ideastate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_idea_step_by_id")),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_step_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_idea_step_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_step")),
    )
    with op.batch_alter_table("idea_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_step_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "idea_supporter",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_supporter_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_idea_supporter_user_id")),
        sa.PrimaryKeyConstraint("idea_id", "user_id", name=op.f("pk_idea_supporter")),
    )
    op.create_table(
        "idea_tag",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_tag_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", "name", name=op.f("pk_idea_tag")),
    )
    with op.batch_alter_table("idea_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_tag_name"), ["name"], unique=False)

    op.create_table(
        "idea_file",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["idea_message.id"],
            name=op.f("fk_idea_file_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_file")),
        sa.UniqueConstraint("stored", name=op.f("uq_idea_file_stored")),
    )
    with op.batch_alter_table("idea_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_file_message_id"), ["message_id"], unique=False)

    op.create_table(
        "idea_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "person",
                "unkind",
                "selling",
                "false",
                "other",
                name="reportreason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_idea_report_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_idea_report_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_report_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["idea_message.id"],
            name=op.f("fk_idea_report_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_report")),
    )
    with op.batch_alter_table("idea_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_report_idea_id"), ["idea_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_report_message_id"), ["message_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("idea_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_report_message_id"))
        batch_op.drop_index(batch_op.f("ix_idea_report_idea_id"))

    op.drop_table("idea_report")
    with op.batch_alter_table("idea_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_file_message_id"))

    op.drop_table("idea_file")
    with op.batch_alter_table("idea_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_tag_name"))

    op.drop_table("idea_tag")
    op.drop_table("idea_supporter")
    with op.batch_alter_table("idea_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_step_idea_id"))

    op.drop_table("idea_step")
    with op.batch_alter_table("idea_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_message_idea_id"))

    op.drop_table("idea_message")
    op.drop_table("idea_follower")
    op.drop_table("idea_author")
    op.drop_table("idea_appeal")
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_state_due_on"))
        batch_op.drop_index(batch_op.f("ix_idea_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_idea_posted_at"))
        batch_op.drop_index(batch_op.f("ix_idea_owner_id"))
        batch_op.drop_index(batch_op.f("ix_idea_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_idea_innovation_id"))
        batch_op.drop_index(batch_op.f("ix_idea_exists_innovation_id"))
        batch_op.drop_index(batch_op.f("ix_idea_challenge_id"))
        batch_op.drop_index(batch_op.f("ix_idea_campaign_id"))
        batch_op.drop_index(batch_op.f("ix_idea_author_id"))
        batch_op.drop_index(batch_op.f("ix_idea_answered_at"))

    op.drop_table("idea")
    with op.batch_alter_table("campaign_guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_guest_email"))

    op.drop_table("campaign_guest")
    with op.batch_alter_table("idea_campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_campaign_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_idea_campaign_hin_id"))
        batch_op.drop_index(batch_op.f("ix_idea_campaign_author_id"))

    op.drop_table("idea_campaign")
