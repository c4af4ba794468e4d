"""Keep calls with their questions and amendments, and answers with their assessments

Revision 0048, after 0047.
Written: 2026-11-29 03:30:36.362799
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = ()
depends_on = None


def upgrade() -> None:

    op.create_table(
        "answer_assessor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("has_interest", sa.Boolean(), nullable=True),
        sa.Column("interest_words", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_answer_assessor_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_answer_assessor_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_answer_assessor_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_assessor")),
        sa.UniqueConstraint(
            "challenge_id", "user_id", name=op.f("uq_answer_assessor_challenge_id_user_id")
        ),
    )
    with op.batch_alter_table("answer_assessor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_assessor_user_id"), ["user_id"], unique=False)

    op.create_table(
        "challenge_call",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("questions_by", sa.Date(), nullable=False),
        sa.Column("replies_by", sa.Date(), nullable=False),
        sa.Column("who_may", sa.Text(), nullable=False),
        sa.Column("what_then", sa.Text(), nullable=False),
        sa.Column("budget", sa.Text(), nullable=False),
        sa.Column("contact_hin_id", sa.Integer(), nullable=True),
        sa.Column("notice_url", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "chosen",
                "trial",
                "nothing_suitable",
                "cancelled",
                name="callresult",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("result_words", sa.Text(), nullable=False),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("assessed", sa.Integer(), nullable=True),
        sa.Column("met", sa.Integer(), nullable=True),
        sa.Column("chosen", sa.Integer(), nullable=True),
        sa.Column("came_of_it", sa.Text(), nullable=False),
        sa.Column("came_of_it_at", sa.DateTime(timezone=True), nullable=True),
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
                "answer",
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("undated_from", sa.Date(), nullable=True),
        sa.Column("undated_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_call_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contact_hin_id"], ["hin.id"], name=op.f("fk_challenge_call_contact_hin_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_call")),
        sa.UniqueConstraint("challenge_id", name=op.f("uq_challenge_call_challenge_id")),
    )
    with op.batch_alter_table("challenge_call", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_challenge_call_closes_on"), ["closes_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_challenge_call_published_at"), ["published_at"], unique=False
        )

    op.create_table(
        "call_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column(
            "changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_call_amendment_by_id")),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["challenge_call.id"],
            name=op.f("fk_call_amendment_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_amendment")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_call_amendment_call_id_number")),
    )
    op.create_table(
        "call_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 1 AND weight <= 10", name=op.f("ck_call_criterion_within")),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["challenge_call.id"],
            name=op.f("fk_call_criterion_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_criterion")),
        sa.UniqueConstraint("call_id", "position", name=op.f("uq_call_criterion_call_id_position")),
    )
    op.create_table(
        "call_follower",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["challenge_call.id"],
            name=op.f("fk_call_follower_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_call_follower_user_id")),
        sa.PrimaryKeyConstraint("call_id", "user_id", name=op.f("pk_call_follower")),
    )
    with op.batch_alter_table("call_follower", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_follower_user_id"), ["user_id"], unique=False)

    op.create_table(
        "call_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_call_question_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_call_question_by_id")),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["challenge_call.id"],
            name=op.f("fk_call_question_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_question")),
    )
    with op.batch_alter_table("call_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_question_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_question_call_id"), ["call_id"], unique=False)

    op.create_table(
        "call_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "published",
                "amended",
                "answered",
                "result",
                "came_of_it",
                name="toldkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["challenge_call.id"],
            name=op.f("fk_call_told_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_call_told_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_call_told_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_told")),
    )
    with op.batch_alter_table("call_told", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_told_call_id"), ["call_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "with_hin",
                "sent_back",
                "submitted",
                "invited",
                "declined",
                "withdrawn",
                name="answerstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("where_it_runs", sa.Text(), nullable=False),
        sa.Column("asked_of_ics", sa.Text(), nullable=False),
        sa.Column("cost_from", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("cost_to", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("cost_note", sa.Text(), nullable=False),
        sa.Column("shortlisted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "must_haves",
                "evidence",
                "other_fits_better",
                "not_ready",
                "cost",
                "capacity",
                "other_problem",
                "closed",
                name="declinereason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decision_words", sa.Text(), nullable=False),
        sa.Column("introduction_id", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
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
                "answer",
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("undated_from", sa.Date(), nullable=True),
        sa.Column("undated_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_answer_author_id")),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_answer_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_answer_hin_id")),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_answer_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introduction.id"],
            name=op.f("fk_answer_introduction_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "challenge_id", "innovation_id", name=op.f("uq_answer_challenge_id_innovation_id")
        ),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_arrived_at"), ["arrived_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_answer_innovation_id"), ["innovation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_answer_introduction_id"), ["introduction_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_answer_state_due_on"), ["state", "due_on"], unique=False
        )

    op.create_table(
        "answer_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column(
            "scores", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_answer_assessment_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["answer_assessor.id"],
            name=op.f("fk_answer_assessment_assessor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_assessment")),
        sa.UniqueConstraint(
            "assessor_id", "answer_id", name=op.f("uq_answer_assessment_assessor_id_answer_id")
        ),
    )
    with op.batch_alter_table("answer_assessment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_assessment_answer_id"), ["answer_id"], unique=False
        )

    op.create_table(
        "answer_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "with_hin",
                "sent_back",
                "submitted",
                "invited",
                "declined",
                "withdrawn",
                name="answerstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_answer_change_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_answer_change_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_answer_change_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_change")),
    )
    with op.batch_alter_table("answer_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_change_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "answer_message",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_answer_message_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_answer_message_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_answer_message_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_message")),
    )
    with op.batch_alter_table("answer_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answer_message_answer_id"), ["answer_id"], unique=False
        )

    op.create_table(
        "answer_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column(
            "meets",
            sa.Enum("yes", "partly", "no", name="meets", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_point_answer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_point")),
        sa.UniqueConstraint(
            "answer_id", "position", name=op.f("uq_answer_point_answer_id_position")
        ),
    )
    op.create_table(
        "answer_reader",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_up_to", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_answer_reader_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_answer_reader_user_id")),
        sa.PrimaryKeyConstraint("answer_id", "user_id", name=op.f("pk_answer_reader")),
    )
    op.create_table(
        "answer_reminder",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("draft", "hin", "decision", name="reminderkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_answer_reminder_answer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "kind", name=op.f("pk_answer_reminder")),
    )
    op.create_table(
        "answer_file",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["answer_message.id"],
            name=op.f("fk_answer_file_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
        sa.UniqueConstraint("stored", name=op.f("uq_answer_file_stored")),
    )
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_file_message_id"), ["message_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_file_message_id"))

    op.drop_table("answer_file")
    op.drop_table("answer_reminder")
    op.drop_table("answer_reader")
    op.drop_table("answer_point")
    with op.batch_alter_table("answer_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_message_answer_id"))

    op.drop_table("answer_message")
    with op.batch_alter_table("answer_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_change_answer_id"))

    op.drop_table("answer_change")
    with op.batch_alter_table("answer_assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_assessment_answer_id"))

    op.drop_table("answer_assessment")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_state_due_on"))
        batch_op.drop_index(batch_op.f("ix_answer_introduction_id"))
        batch_op.drop_index(batch_op.f("ix_answer_innovation_id"))
        batch_op.drop_index(batch_op.f("ix_answer_hin_id"))
        batch_op.drop_index(batch_op.f("ix_answer_decided_at"))
        batch_op.drop_index(batch_op.f("ix_answer_author_id"))
        batch_op.drop_index(batch_op.f("ix_answer_arrived_at"))

    op.drop_table("answer")
    with op.batch_alter_table("call_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_told_call_id"))

    op.drop_table("call_told")
    with op.batch_alter_table("call_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_question_call_id"))
        batch_op.drop_index(batch_op.f("ix_call_question_by_id"))

    op.drop_table("call_question")
    with op.batch_alter_table("call_follower", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_follower_user_id"))

    op.drop_table("call_follower")
    op.drop_table("call_criterion")
    op.drop_table("call_amendment")
    with op.batch_alter_table("challenge_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_call_published_at"))
        batch_op.drop_index(batch_op.f("ix_challenge_call_closes_on"))

    op.drop_table("challenge_call")
    with op.batch_alter_table("answer_assessor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_assessor_user_id"))

    op.drop_table("answer_assessor")
