"""Know the places of care, and who runs and commissions them

Revision 0037, after 0036.
Written: 2026-11-28 19:46:57.338897
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = ()
depends_on = None

ONE_PLACE = (
    "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN directory_site_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN organisation_named = '' THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    op.create_table(
        "site_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_part", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("renamed", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_file")),
    )
    with op.batch_alter_table("site_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_file_report"), ["report"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "trust",
                "trust_site",
                "practice",
                "branch",
                "pcn",
                "care_home",
                "care_company",
                "pharmacy",
                "hospice",
                "community",
                "mental_health",
                "prescribing",
                "independent",
                "independent_site",
                "treatment_centre",
                "commissioner",
                "other",
                name="sitekind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_kind_edited", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("town", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("postcode", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("is_dormant", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("parent_code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("commissioner_code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("geography_code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("geography_ics_id", sa.Integer(), nullable=True),
        sa.Column("commissioner_ics_id", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commissioner_ics_id"], ["ics.id"], name=op.f("fk_site_commissioner_ics_id")
        ),
        sa.ForeignKeyConstraint(
            ["geography_ics_id"], ["ics.id"], name=op.f("fk_site_geography_ics_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["site.id"], name=op.f("fk_site_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_site_commissioner_ics_id"), ["commissioner_ics_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_site_geography_ics_id"), ["geography_ics_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_site_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_site_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "site_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("geography_ics_id", sa.Integer(), nullable=True),
        sa.Column("commissioner_ics_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commissioner_ics_id"], ["ics.id"], name=op.f("fk_site_membership_commissioner_ics_id")
        ),
        sa.ForeignKeyConstraint(
            ["geography_ics_id"], ["ics.id"], name=op.f("fk_site_membership_geography_ics_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["site.id"], name=op.f("fk_site_membership_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_membership_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_membership")),
    )
    with op.batch_alter_table("site_membership", schema=None) as batch_op:
        batch_op.create_index(
            "ix_site_membership_one_present",
            ["site_id"],
            unique=True,
            sqlite_where=sa.text("valid_to IS NULL"),
            postgresql_where=sa.text("valid_to IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_site_membership_parent_id"), ["parent_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_site_membership_site_id"), ["site_id"], unique=False)

    op.create_table(
        "site_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_name_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_name")),
    )
    with op.batch_alter_table("site_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_name_site_id"), ["site_id"], unique=False)

    op.create_table(
        "site_succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["site.id"],
            name=op.f("fk_site_succession_predecessor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["site.id"],
            name=op.f("fk_site_succession_successor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_succession")),
        sa.UniqueConstraint(
            "predecessor_id",
            "successor_id",
            name=op.f("uq_site_succession_predecessor_id_successor_id"),
        ),
    )
    with op.batch_alter_table("site_succession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_site_succession_successor_id"), ["successor_id"], unique=False
        )

    op.create_table(
        "site_word",
        sa.Column(
            "word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_site_word_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "site_id", name=op.f("pk_site_word")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("site_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_word_site_id"), ["site_id"], unique=False)

    with op.batch_alter_table("hin_service_area", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_edited", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("ics", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ods_code", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("is_edited", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_unique_constraint(batch_op.f("uq_ics_ods_code"), ["ods_code"])

    with op.batch_alter_table("ics_succession", schema=None) as batch_op:
        batch_op.add_column(sa.Column("share", sa.Integer(), nullable=True))

    with op.batch_alter_table("use", schema=None) as batch_op:
        batch_op.add_column(sa.Column("directory_site_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_use_directory_site_id"), ["directory_site_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_use_directory_site_id"), "site", ["directory_site_id"], ["id"]
        )
        batch_op.drop_constraint(op.f("ck_use_one_place"), type_="check")
        batch_op.create_check_constraint(op.f("ck_use_one_place"), ONE_PLACE)


def downgrade() -> None:
    raise NotImplementedError("uses that name a place would be lost: restore a backup")
