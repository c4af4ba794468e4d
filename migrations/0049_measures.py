"""Keep measures over time with their readings, goals and marks

Revision 0049, after 0048.
Written: 2026-11-29 03:26:01.855411
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    op.create_table(
        "improvement_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("bundle_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "outcome", "process", "balancing", name="measurekind", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("numerator", sa.Text(), nullable=False),
        sa.Column("denominator", sa.Text(), nullable=False),
        sa.Column("exclusions", sa.Text(), nullable=False),
        sa.Column("data_source", sa.Text(), nullable=False),
        sa.Column(
            "rhythm",
            sa.Enum("day", "week", "month", "event", name="rhythm", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("higher", "lower", "none", name="direction", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("is_patients", sa.Boolean(), nullable=False),
        sa.Column("adds_up", sa.Boolean(), nullable=False),
        sa.Column(
            "chart",
            sa.Enum(
                "run",
                "xmr",
                "p",
                "p_prime",
                "u",
                "u_prime",
                "c",
                "t",
                "g",
                name="chartkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("run_length", sa.Integer(), nullable=False),
        sa.Column("screens", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("per > 0", name=op.f("ck_improvement_measure_per")),
        sa.CheckConstraint("run_length IN (6, 7)", name=op.f("ck_improvement_measure_run_length")),
        sa.ForeignKeyConstraint(
            ["bundle_id"],
            ["improvement_measure.id"],
            name=op.f("fk_improvement_measure_bundle_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_improvement_measure_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["measure.id"], name=op.f("fk_improvement_measure_follows_id")
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_improvement_measure_hin_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_improvement_measure_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvement_measure")),
    )
    with op.batch_alter_table("improvement_measure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_improvement_measure_bundle_id"), ["bundle_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_improvement_measure_follows_id"), ["follows_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_improvement_measure_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_improvement_measure_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "measure_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "hin_id IS NOT NULL OR site_id IS NULL", name=op.f("ck_measure_series_site_in_network")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_measure_series_created_by_id")
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_measure_series_hin_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["improvement_measure.id"],
            name=op.f("fk_measure_series_measure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_measure_series_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_series")),
        sa.UniqueConstraint(
            "measure_id", "site_id", "team", name=op.f("uq_measure_series_measure_id_site_id_team")
        ),
    )
    with op.batch_alter_table("measure_series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_series_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_measure_series_measure_id"), ["measure_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_measure_series_site_id"), ["site_id"], unique=False)
        batch_op.create_index(
            "uq_measure_series_nation",
            ["measure_id"],
            unique=True,
            sqlite_where=sa.text("hin_id IS NULL"),
            postgresql_where=sa.text("hin_id IS NULL"),
        )
        batch_op.create_index(
            "uq_measure_series_network",
            ["measure_id", "hin_id", "team"],
            unique=True,
            sqlite_where=sa.text("hin_id IS NOT NULL AND site_id IS NULL"),
            postgresql_where=sa.text("hin_id IS NOT NULL AND site_id IS NULL"),
        )

    op.create_table(
        "measure_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_measure_target_by_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["improvement_measure.id"],
            name=op.f("fk_measure_target_measure_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_target")),
    )
    with op.batch_alter_table("measure_target", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_target_measure_id"), ["measure_id"], unique=False
        )

    op.create_table(
        "measure_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("step", "freeze", "change", name="markkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_measure_mark_by_id")),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["improvement_measure.id"],
            name=op.f("fk_measure_mark_measure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["measure_series.id"],
            name=op.f("fk_measure_mark_series_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user.id"], name=op.f("fk_measure_mark_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_mark")),
    )
    with op.batch_alter_table("measure_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_mark_measure_id"), ["measure_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_measure_mark_series_id"), ["series_id"], unique=False)

    op.create_table(
        "measure_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("corrected_why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_measure_reading_by_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["measure_reading.id"],
            name=op.f("fk_measure_reading_corrects_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["measure_series.id"],
            name=op.f("fk_measure_reading_series_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_reading")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_measure_reading_corrects_id")),
    )
    with op.batch_alter_table("measure_reading", schema=None) as batch_op:
        batch_op.create_index("ix_measure_reading_of_series", ["series_id", "on"], unique=False)
        batch_op.create_index(
            "uq_measure_reading_first",
            ["series_id", "on"],
            unique=True,
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("measure_reading", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_measure_reading_first",
            sqlite_where=sa.text("corrects_id IS NULL"),
            postgresql_where=sa.text("corrects_id IS NULL"),
        )
        batch_op.drop_index("ix_measure_reading_of_series")

    op.drop_table("measure_reading")
    with op.batch_alter_table("measure_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_mark_series_id"))
        batch_op.drop_index(batch_op.f("ix_measure_mark_measure_id"))

    op.drop_table("measure_mark")
    with op.batch_alter_table("measure_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_target_measure_id"))

    op.drop_table("measure_target")
    with op.batch_alter_table("measure_series", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_measure_series_network",
            sqlite_where=sa.text("hin_id IS NOT NULL AND site_id IS NULL"),
            postgresql_where=sa.text("hin_id IS NOT NULL AND site_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_measure_series_nation",
            sqlite_where=sa.text("hin_id IS NULL"),
            postgresql_where=sa.text("hin_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_measure_series_site_id"))
        batch_op.drop_index(batch_op.f("ix_measure_series_measure_id"))
        batch_op.drop_index(batch_op.f("ix_measure_series_hin_id"))

    op.drop_table("measure_series")
    with op.batch_alter_table("improvement_measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_improvement_measure_programme_id"))
        batch_op.drop_index(batch_op.f("ix_improvement_measure_hin_id"))
        batch_op.drop_index(batch_op.f("ix_improvement_measure_follows_id"))
        batch_op.drop_index(batch_op.f("ix_improvement_measure_bundle_id"))

    op.drop_table("improvement_measure")
