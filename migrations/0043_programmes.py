"""Keep programmes: what is spread, its aims, values and trajectories, and the words of a quarter

Revision 0043, after 0039.
Written: 2026-11-29 00:10:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = ()
depends_on = None

MOMENT = sa.DateTime(timezone=True)

TABLES = (
    "measure",
    "programme",
    "delivery_step",
    "programme_aim",
    "programme_lead",
    "programme_note",
    "programme_resource",
    "programme_setting",
    "quarter_review",
    "programme_product",
    "rating_override",
    "counting_rule",
    "programme_value",
    "trajectory",
    "trajectory_point",
    "fund_round",
    "fund_application",
)


def upgrade() -> None:
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Text(), nullable=False),
        sa.Column("denominator", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("higher", "lower", "none", name="direction", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "in_period",
                "at_end",
                "cumulative",
                "change",
                "fixed",
                "unclear",
                name="basis",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("missing_rule", sa.Text(), nullable=False),
        sa.Column("adds_up", sa.Text(), nullable=False),
        sa.Column("is_patients", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("code", name=op.f("uq_measure_code")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "national_programme",
                "rapid_uptake",
                "medtech_mandate",
                "safety_programme",
                "workforce",
                "evaluation",
                "collaborative",
                "regional",
                "technology_payment",
                "transformation_fund",
                "covid_response",
                "proposal",
                "network_activity",
                name="programmekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("from_year", sa.Integer(), nullable=True),
        sa.Column("to_year", sa.Integer(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("commissioner", sa.Text(), nullable=False),
        sa.Column("led_by", sa.Text(), nullable=False),
        sa.Column("lead_hin_id", sa.Integer(), nullable=True),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("spreads", sa.Text(), nullable=False),
        sa.Column("people_meant", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("cohort", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_edited", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_programme_created_by_id")
        ),
        sa.ForeignKeyConstraint(["lead_hin_id"], ["hin.id"], name=op.f("fk_programme_lead_hin_id")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["programme.id"], name=op.f("fk_programme_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "delivery_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_delivery_step_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_delivery_step_hin_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_delivery_step_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_step")),
    )
    with op.batch_alter_table("delivery_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_step_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_delivery_step_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "programme_aim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("target", sa.Double(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("baseline_note", sa.Text(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        sa.Column("by_words", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        sa.Column("replaced_why", sa.Text(), nullable=False),
        sa.Column("rated_at", MOMENT, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_programme_aim_by_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_programme_aim_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_aim_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["programme_aim.id"], name=op.f("fk_programme_aim_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_aim")),
        sa.UniqueConstraint(
            "programme_id", "number", name=op.f("uq_programme_aim_programme_id_number")
        ),
    )
    op.create_table(
        "programme_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_programme_lead_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_programme_lead_hin_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_lead_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_programme_lead_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_lead")),
    )
    with op.batch_alter_table("programme_lead", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_lead_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_programme_lead_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_programme_lead_now",
            ["programme_id", "hin_id"],
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        )

    op.create_table(
        "programme_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "progress",
                "plan",
                "risk",
                "issue",
                "lesson",
                "data_flag",
                "rebaseline",
                name="notekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("affects", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "done", "partly", "not", "dropped", name="outcome", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("outcome_words", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=True),
        sa.Column("impact", sa.Integer(), nullable=True),
        sa.Column("mitigation", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_how", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_programme_note_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_programme_note_hin_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_note_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_note")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_note_code")),
    )
    with op.batch_alter_table("programme_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_note_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            "ix_programme_note_of_quarter", ["programme_id", "quarter_on"], unique=False
        )

    op.create_table(
        "programme_resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_programme_resource_by_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_resource_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_resource")),
        sa.UniqueConstraint(
            "programme_id", "title", name=op.f("uq_programme_resource_programme_id_title")
        ),
    )
    op.create_table(
        "programme_setting",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_setting_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["term.id"], name=op.f("fk_programme_setting_term_id")
        ),
        sa.PrimaryKeyConstraint("programme_id", "term_id", name=op.f("pk_programme_setting")),
    )
    with op.batch_alter_table("programme_setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_setting_term_id"), ["term_id"], unique=False)

    op.create_table(
        "quarter_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted", "asked", "accepted", name="reviewstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_quarter_review_hin_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_quarter_review_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user.id"], name=op.f("fk_quarter_review_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user.id"], name=op.f("fk_quarter_review_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_review")),
        sa.UniqueConstraint(
            "programme_id",
            "hin_id",
            "quarter_on",
            name=op.f("uq_quarter_review_programme_id_hin_id_quarter_on"),
        ),
    )
    op.create_table(
        "programme_product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "spread",
                "competing_supplier",
                "tool_choice",
                "component",
                "change_idea",
                "funded",
                "planned",
                "candidate",
                "predecessor",
                "related",
                name="productrole",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_programme_product_innovation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_product_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_product")),
        sa.UniqueConstraint(
            "programme_id", "name", name=op.f("uq_programme_product_programme_id_name")
        ),
    )
    with op.batch_alter_table("programme_product", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_product_innovation_id"), ["innovation_id"], unique=False
        )

    op.create_table(
        "rating_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("aim_id", sa.Integer(), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(
                "met",
                "green",
                "amber",
                "red",
                "not_rated",
                name="rating",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "by_rule",
            sa.Enum(
                "met",
                "green",
                "amber",
                "red",
                "not_rated",
                name="rating",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["aim_id"],
            ["programme_aim.id"],
            name=op.f("fk_rating_override_aim_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_rating_override_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_override")),
    )
    with op.batch_alter_table("rating_override", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_override_aim_id"), ["aim_id"], unique=False)

    op.create_table(
        "counting_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("patients", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_counting_rule_by_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_counting_rule_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["programme_product.id"],
            name=op.f("fk_counting_rule_product_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_counting_rule_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counting_rule")),
        sa.UniqueConstraint(
            "programme_id",
            "product_id",
            "valid_from",
            name=op.f("uq_counting_rule_programme_id_product_id_valid_from"),
        ),
    )
    with op.batch_alter_table("counting_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_counting_rule_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "programme_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "actual",
                "target",
                "baseline",
                "forecast",
                "plan",
                "modelled",
                "criterion",
                "context",
                name="valuekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "in_period",
                "at_end",
                "cumulative",
                "change",
                "fixed",
                "unclear",
                name="basis",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=True),
        sa.Column("as_at", sa.Date(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("value_text", sa.Text(), nullable=False),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column(
            "quality",
            sa.Enum(
                "final",
                "indicative",
                "to_verify",
                "baseline",
                "forecast",
                name="quality",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("corrected_why", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_programme_value_by_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["programme_value.id"],
            name=op.f("fk_programme_value_corrects_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_programme_value_hin_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_programme_value_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["programme_product.id"],
            name=op.f("fk_programme_value_product_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_value_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_value")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_value_code")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_programme_value_corrects_id")),
    )
    with op.batch_alter_table("programme_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_value_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_programme_value_measure_id"), ["measure_id"], unique=False
        )
        batch_op.create_index(
            "ix_programme_value_of_measure",
            ["programme_id", "measure_id", "quarter_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_programme_value_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "trajectory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_trajectory_by_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_trajectory_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["programme_product.id"],
            name=op.f("fk_trajectory_product_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_trajectory_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trajectory")),
        sa.UniqueConstraint(
            "programme_id",
            "measure_id",
            "product_id",
            "part",
            "number",
            name=op.f("uq_trajectory_programme_id_measure_id_product_id_part_number"),
        ),
    )
    with op.batch_alter_table("trajectory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trajectory_product_id"), ["product_id"], unique=False)

    op.create_table(
        "trajectory_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("trajectory_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column("planned", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_trajectory_point_hin_id")),
        sa.ForeignKeyConstraint(
            ["trajectory_id"],
            ["trajectory.id"],
            name=op.f("fk_trajectory_point_trajectory_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trajectory_point")),
        sa.UniqueConstraint(
            "trajectory_id",
            "hin_id",
            "quarter_on",
            name=op.f("uq_trajectory_point_trajectory_id_hin_id_quarter_on"),
        ),
    )

    _make_funds()


def _make_funds() -> None:
    op.create_table(
        "fund_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_fund_round_by_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_fund_round_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_round")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_fund_round_programme_id_name")),
    )
    op.create_table(
        "fund_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied",
                "awarded",
                "refused",
                name="applicationstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("awarded", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_why", sa.Text(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_fund_application_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_fund_application_hin_id")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["fund_round.id"],
            name=op.f("fk_fund_application_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_application")),
    )
    op.create_index(op.f("ix_fund_application_hin_id"), "fund_application", ["hin_id"])
    op.create_index(op.f("ix_fund_application_round_id"), "fund_application", ["round_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
