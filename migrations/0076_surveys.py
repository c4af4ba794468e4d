"""Hold surveys at places: who is asked, and how many gave each answer

Revision 0076, after 0061.
Written: 2026-11-29 17:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0070"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    _surveys()
    _places()
    _answers()


def _surveys() -> None:
    op.create_table(
        "site_survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_site_survey_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_site_survey_hin_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_site_survey_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_survey")),
    )
    op.create_index("ix_site_survey_of_programme", "site_survey", ["programme_id", "hin_id"])
    op.create_index(op.f("ix_site_survey_hin_id"), "site_survey", ["hin_id"])


def _places() -> None:
    op.create_table(
        "site_survey_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_survey_place_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["site_survey.id"],
            name=op.f("fk_site_survey_place_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_survey_place")),
        sa.UniqueConstraint(
            "survey_id", "site_id", name=op.f("uq_site_survey_place_survey_id_site_id")
        ),
    )
    op.create_index(op.f("ix_site_survey_place_site_id"), "site_survey_place", ["site_id"])


def _answers() -> None:
    op.create_table(
        "site_survey_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        _of_place("site_survey_response"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_survey_response")),
    )
    op.create_index(op.f("ix_site_survey_response_place_id"), "site_survey_response", ["place_id"])
    op.create_table(
        "site_survey_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        _of_place("site_survey_count"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_survey_count")),
        sa.UniqueConstraint(
            "place_id",
            "question",
            "answer",
            name=op.f("uq_site_survey_count_place_id_question_answer"),
        ),
    )
    op.create_table(
        "site_survey_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _of_place("site_survey_words"),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["site_survey.id"],
            name=op.f("fk_site_survey_words_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_survey_words")),
    )
    for column in ("survey_id", "place_id"):
        op.create_index(op.f(f"ix_site_survey_words_{column}"), "site_survey_words", [column])


def _of_place(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["place_id"],
        ["site_survey_place.id"],
        name=op.f(f"fk_{table}_place_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("words", "count", "response", "place"):
        op.drop_table(f"site_survey_{table}")
    op.drop_table("site_survey")
