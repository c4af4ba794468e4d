"""Keep proposals of next programmes, their scores, and the tests of the mandate

Revision 0045, after 0044.
Written: 2026-11-29 01:10:59.496276
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandate_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column(
            "comparison",
            sa.Enum(
                "yes_or_no", "more_than", "at_most", name="comparison", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("evidence_needed", sa.Text(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("to_year", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_criterion")),
        sa.UniqueConstraint("code", name=op.f("uq_mandate_criterion_code")),
    )
    op.create_table(
        "selection_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("score_0", sa.Text(), nullable=False),
        sa.Column("score_1", sa.Text(), nullable=False),
        sa.Column("score_2", sa.Text(), nullable=False),
        sa.Column("score_3", sa.Text(), nullable=False),
        sa.Column("score_4", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_criterion")),
        sa.UniqueConstraint("code", name=op.f("uq_selection_criterion_code")),
    )
    op.create_table(
        "panel_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "weights", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_panel_weights_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_weights")),
        sa.UniqueConstraint("number", name=op.f("uq_panel_weights_number")),
    )
    op.create_table(
        "mandate_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("met", "not_met", "not_known", name="answer", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_mandate_result_by_id")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["mandate_criterion.id"], name=op.f("fk_mandate_result_criterion_id")
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_mandate_result_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate_result")),
        sa.UniqueConstraint(
            "innovation_id",
            "criterion_id",
            "number",
            name=op.f("uq_mandate_result_innovation_id_criterion_id_number"),
        ),
    )
    with op.batch_alter_table("mandate_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mandate_result_criterion_id"), ["criterion_id"], unique=False
        )

    op.create_table(
        "programme_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_programme_proposal_by_id")),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_programme_proposal_innovation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_proposal")),
    )
    with op.batch_alter_table("programme_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_proposal_innovation_id"), ["innovation_id"], unique=False
        )
        batch_op.create_index(
            "uq_programme_proposal_open",
            ["innovation_id"],
            unique=True,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "proposal_assessor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        sa.Column("has_conflict", sa.Boolean(), nullable=True),
        sa.Column("conflict_words", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["user.id"], name=op.f("fk_proposal_assessor_named_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["programme_proposal.id"],
            name=op.f("fk_proposal_assessor_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_proposal_assessor_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_assessor")),
        sa.UniqueConstraint(
            "proposal_id", "user_id", name=op.f("uq_proposal_assessor_proposal_id_user_id")
        ),
    )
    with op.batch_alter_table("proposal_assessor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_assessor_user_id"), ["user_id"], unique=False)

    op.create_table(
        "proposal_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("choose", "not_now", "no", name="chosen", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("result", sa.Double(), nullable=False),
        sa.Column("weights_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_proposal_decision_by_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["programme_proposal.id"],
            name=op.f("fk_proposal_decision_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["weights_id"], ["panel_weights.id"], name=op.f("fk_proposal_decision_weights_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_decision")),
        sa.UniqueConstraint(
            "proposal_id", "number", name=op.f("uq_proposal_decision_proposal_id_number")
        ),
    )
    op.create_table(
        "proposal_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("score >= 0 AND score <= 4", name=op.f("ck_proposal_score_within")),
        sa.ForeignKeyConstraint(
            ["assessor_id"],
            ["proposal_assessor.id"],
            name=op.f("fk_proposal_score_assessor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["criterion_id"],
            ["selection_criterion.id"],
            name=op.f("fk_proposal_score_criterion_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_score")),
        sa.UniqueConstraint(
            "assessor_id", "criterion_id", name=op.f("uq_proposal_score_assessor_id_criterion_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("proposal_score")
    op.drop_table("proposal_decision")
    with op.batch_alter_table("proposal_assessor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_assessor_user_id"))

    op.drop_table("proposal_assessor")
    with op.batch_alter_table("programme_proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_programme_proposal_open",
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )
        batch_op.drop_index(batch_op.f("ix_programme_proposal_innovation_id"))

    op.drop_table("programme_proposal")
    with op.batch_alter_table("mandate_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandate_result_criterion_id"))

    op.drop_table("mandate_result")
    op.drop_table("panel_weights")
    op.drop_table("selection_criterion")
    op.drop_table("mandate_criterion")
