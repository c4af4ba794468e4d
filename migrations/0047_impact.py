"""Ask companies yearly what came of the support and keep estimates

Revision 0047, after 0046.
Written: 2026-11-29 03:22:49.109414
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "return_campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_return_campaign_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_campaign")),
        sa.UniqueConstraint("year", name=op.f("uq_return_campaign_year")),
    )
    op.create_table(
        "company_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "begun",
                "handed_in",
                "asked_back",
                "accepted",
                name="returnstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("jobs_created", sa.Double(), nullable=True),
        sa.Column("jobs_safeguarded", sa.Double(), nullable=True),
        sa.Column("share_owed", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=True),
        sa.Column(
            "via",
            sa.Enum("link", "account", "phone", name="via", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("spoken_to", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "share_owed BETWEEN 0 AND 100", name=op.f("ck_company_return_share_owed")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["return_campaign.id"], name=op.f("fk_company_return_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user.id"], name=op.f("fk_company_return_checked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_company_return_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_return")),
        sa.UniqueConstraint(
            "campaign_id",
            "organisation_id",
            name=op.f("uq_company_return_campaign_id_organisation_id"),
        ),
    )
    with op.batch_alter_table("company_return", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_company_return_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "heard_investment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "grant",
                "equity",
                "sales",
                "contract",
                "other",
                name="investmentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pounds", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "on_precision",
            sa.Enum("day", "month", "year", name="precision", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("pounds > 0", name=op.f("ck_heard_investment_pounds")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_heard_investment_by_id")),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_heard_investment_hin_id")),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interaction.id"],
            name=op.f("fk_heard_investment_interaction_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_heard_investment_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard_investment")),
    )
    with op.batch_alter_table("heard_investment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heard_investment_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_heard_investment_interaction_id"), ["interaction_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_heard_investment_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "return_investment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "grant",
                "equity",
                "sales",
                "contract",
                "other",
                name="investmentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pounds", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "on_precision",
            sa.Enum("day", "month", "year", name="precision", native_enum=False, length=40),
            nullable=False,
        ),
        sa.CheckConstraint("pounds > 0", name=op.f("ck_return_investment_pounds")),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["company_return.id"],
            name=op.f("fk_return_investment_return_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_investment")),
        sa.UniqueConstraint("return_id", "kind", name=op.f("uq_return_investment_return_id_kind")),
    )
    op.create_table(
        "return_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_return_key_by_id")),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["company_return.id"],
            name=op.f("fk_return_key_return_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_return_key_key_hash")),
    )
    with op.batch_alter_table("return_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_key_return_id"), ["return_id"], unique=False)

    op.create_table(
        "return_network",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_return_network_hin_id")),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["company_return.id"],
            name=op.f("fk_return_network_return_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_network")),
        sa.UniqueConstraint("return_id", "hin_id", name=op.f("uq_return_network_return_id_hin_id")),
    )
    with op.batch_alter_table("return_network", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_network_hin_id"), ["hin_id"], unique=False)

    op.create_table(
        "return_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "asked",
                "reminded",
                "handed_in",
                "asked_back",
                "accepted",
                name="stepkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "via",
            sa.Enum("link", "account", "phone", name="via", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_return_step_by_id")),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["company_return.id"],
            name=op.f("fk_return_step_return_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_step")),
    )
    with op.batch_alter_table("return_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_step_return_id"), ["return_id"], unique=False)

    op.create_table(
        "estimate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "effect",
            sa.Enum(
                "bed_days",
                "admissions",
                "calls",
                "appointments",
                "staff_hours",
                "lives",
                "carbon",
                "pounds",
                "pounds_per_site",
                name="effect",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("evaluator", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("sites", sa.Integer(), nullable=True),
        sa.Column(
            "cash",
            sa.Enum("releases", "not", "not_stated", name="cash", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("scaled_sites", sa.Integer(), nullable=True),
        sa.Column("scaled_value_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_estimate_by_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_estimate_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["scaled_value_id"],
            ["programme_value.id"],
            name=op.f("fk_estimate_scaled_value_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["value_id"],
            ["programme_value.id"],
            name=op.f("fk_estimate_value_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate")),
        sa.UniqueConstraint("code", name=op.f("uq_estimate_code")),
    )
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_estimate_programme_id_effect"), ["programme_id", "effect"], unique=False
        )

    op.create_table(
        "estimate_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("estimate_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_estimate_choice_by_id")),
        sa.ForeignKeyConstraint(
            ["estimate_id"],
            ["estimate.id"],
            name=op.f("fk_estimate_choice_estimate_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimate_choice")),
    )
    with op.batch_alter_table("estimate_choice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_estimate_choice_estimate_id"), ["estimate_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("estimate_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimate_choice_estimate_id"))

    op.drop_table("estimate_choice")
    with op.batch_alter_table("estimate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_estimate_programme_id_effect"))

    op.drop_table("estimate")
    with op.batch_alter_table("return_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_step_return_id"))

    op.drop_table("return_step")
    with op.batch_alter_table("return_network", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_network_hin_id"))

    op.drop_table("return_network")
    with op.batch_alter_table("return_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_key_return_id"))

    op.drop_table("return_key")
    op.drop_table("return_investment")
    with op.batch_alter_table("heard_investment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heard_investment_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_heard_investment_interaction_id"))
        batch_op.drop_index(batch_op.f("ix_heard_investment_hin_id"))

    op.drop_table("heard_investment")
    with op.batch_alter_table("company_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_company_return_organisation_id"))

    op.drop_table("company_return")
    op.drop_table("return_campaign")
