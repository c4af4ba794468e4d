"""Keep how far each place has come with an innovation as dated rows, and the room of adoption

Revision 0042, after 0039.
Written: 2026-11-28 23:40:00

Every line "where it is in use" becomes a row of adoption: a claim of the innovator, or what a
network or the site confirmed. An end becomes a row that says stopped. Lines keep their numbers and
name the rows that they repeat from now on.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = ()
depends_on = None

MOMENT = sa.DateTime(timezone=True)
EMPTY = sa.text("''")
STATES = (*(f"STAGE_{n}" for n in range(8)), "NO_ANSWER", "STOPPED", "DECLINED", "NOT_RELEVANT")
STATE = sa.Enum(*STATES, name="adoptionstate", native_enum=False, length=40)
ONE_PLACE = (
    "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN site_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN place_named = '' THEN 0 ELSE 1 END) = 1"
)
ONE_SUBJECT = (
    "(CASE WHEN innovation_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN group_id IS NULL THEN 0 ELSE 1 END) = 1"
)
NOTE = "Taken over from the record"
COLUMNS = (
    *("id", "innovation_id", "site_id", "organisation_id", "place_named", "unit", "state"),
    *("on_precision", "said_by_id", "source", "note"),
)

READ = (
    (
        "use",
        (
            *("id", "innovation_id", "organisation_id", "directory_site_id", "organisation_named"),
            *("site", "from_on", "from_on_precision", "until_on", "is_trial", "confirmed_by_id"),
        ),
    ),
    ("organisation", ("id", "kind")),
    ("innovation", ("id", "organisation_id")),
)


def upgrade() -> None:
    op.create_table(
        "product_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_product_group_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_group")),
        sa.UniqueConstraint("name", name=op.f("uq_product_group_name")),
    )
    op.create_table(
        "adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("place_named", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("unit", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "on_precision",
            sa.Enum("day", "month", "year", name="precision", native_enum=False, length=40),
            server_default="day",
            nullable=False,
        ),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "hin",
                "site",
                "supplier",
                "survey",
                "innovator",
                name="adoptionsource",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("is_indicative", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("confirms_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(ONE_PLACE, name=op.f("ck_adoption_one_place")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_adoption_by_id")),
        sa.ForeignKeyConstraint(
            ["confirms_id"],
            ["adoption.id"],
            name=op.f("fk_adoption_confirms_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["adoption.id"],
            name=op.f("fk_adoption_corrects_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_adoption_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_adoption_organisation_id")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["term.id"], name=op.f("fk_adoption_reason_id")),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["organisation.id"], name=op.f("fk_adoption_said_by_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_adoption_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_adoption_corrects_id")),
    )
    with op.batch_alter_table("adoption") as batch_op:
        batch_op.create_index("ix_adoption_at_site", ["site_id", "innovation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoption_confirms_id"), ["confirms_id"], unique=False)
        batch_op.create_index(
            "ix_adoption_of_site", ["innovation_id", "site_id", "on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_adoption_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "adoption_cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_adoption_cohort_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_adoption_cohort_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_cohort")),
        sa.UniqueConstraint("name", name=op.f("uq_adoption_cohort_name")),
    )
    with op.batch_alter_table("adoption_cohort") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adoption_cohort_innovation_id"), ["innovation_id"], unique=False
        )

    op.create_table(
        "adoption_funding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("status_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_adoption_funding_by_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"],
            ["adoption_funding.id"],
            name=op.f("fk_adoption_funding_corrects_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_adoption_funding_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_adoption_funding_site_id")),
        sa.ForeignKeyConstraint(
            ["status_id"], ["term.id"], name=op.f("fk_adoption_funding_status_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_funding")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_adoption_funding_corrects_id")),
    )
    with op.batch_alter_table("adoption_funding") as batch_op:
        batch_op.create_index(
            "ix_adoption_funding_of_site", ["innovation_id", "site_id", "on", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_adoption_funding_site_id"), ["site_id"], unique=False)

    op.create_table(
        "eligible_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("innovation_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_eligible_list_one_subject")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["product_group.id"],
            name=op.f("fk_eligible_list_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_eligible_list_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user.id"], name=op.f("fk_eligible_list_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligible_list")),
    )
    with op.batch_alter_table("eligible_list") as batch_op:
        batch_op.create_index(batch_op.f("ix_eligible_list_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_eligible_list_innovation_id"), ["innovation_id"], unique=False
        )

    op.create_table(
        "product_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["product_group.id"],
            name=op.f("fk_product_group_member_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_product_group_member_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_group_member")),
        sa.UniqueConstraint(
            "group_id",
            "innovation_id",
            "valid_from",
            name=op.f("uq_product_group_member_group_id_innovation_id_valid_from"),
        ),
    )
    with op.batch_alter_table("product_group_member") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_product_group_member_innovation_id"), ["innovation_id"], unique=False
        )

    op.create_table(
        "adoption_cohort_place",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["adoption_cohort.id"],
            name=op.f("fk_adoption_cohort_place_cohort_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_adoption_cohort_place_site_id")
        ),
        sa.PrimaryKeyConstraint("cohort_id", "site_id", name=op.f("pk_adoption_cohort_place")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("adoption_cohort_place") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adoption_cohort_place_site_id"), ["site_id"], unique=False
        )

    op.create_table(
        "adoption_sheet",
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("quarter_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "submitted",
                "asked",
                "accepted",
                name="sheetstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("asked", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
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
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("undated_from", sa.Date(), nullable=True),
        sa.Column("undated_year", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_adoption_sheet_one_subject")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["product_group.id"],
            name=op.f("fk_adoption_sheet_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_adoption_sheet_hin_id")),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_adoption_sheet_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["eligible_list.id"],
            name=op.f("fk_adoption_sheet_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user.id"], name=op.f("fk_adoption_sheet_opened_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user.id"], name=op.f("fk_adoption_sheet_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user.id"], name=op.f("fk_adoption_sheet_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_sheet")),
    )
    with op.batch_alter_table("adoption_sheet") as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_sheet_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_adoption_sheet_innovation_id"), ["innovation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_adoption_sheet_list_id"), ["list_id"], unique=False)
        batch_op.create_index(
            "uq_adoption_sheet_one", ["hin_id", "list_id", "quarter_on"], unique=True
        )

    op.create_table(
        "eligible_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("left_out_why", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_eligible_place_by_id")),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["eligible_list.id"],
            name=op.f("fk_eligible_place_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_eligible_place_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligible_place")),
        sa.UniqueConstraint(
            "list_id",
            "site_id",
            "valid_from",
            name=op.f("uq_eligible_place_list_id_site_id_valid_from"),
        ),
    )
    with op.batch_alter_table("eligible_place") as batch_op:
        batch_op.create_index(batch_op.f("ix_eligible_place_site_id"), ["site_id"], unique=False)

    op.create_table(
        "adoption_sheet_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", STATE, nullable=True),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("funding_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("is_unchanged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", MOMENT, nullable=True),
        sa.Column("adoption_id", sa.Integer(), nullable=True),
        sa.Column("money_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["adoption_id"],
            ["adoption.id"],
            name=op.f("fk_adoption_sheet_row_adoption_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_adoption_sheet_row_by_id")),
        sa.ForeignKeyConstraint(
            ["funding_id"], ["term.id"], name=op.f("fk_adoption_sheet_row_funding_id")
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_adoption_sheet_row_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["money_id"],
            ["adoption_funding.id"],
            name=op.f("fk_adoption_sheet_row_money_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["term.id"], name=op.f("fk_adoption_sheet_row_reason_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["adoption_sheet.id"],
            name=op.f("fk_adoption_sheet_row_sheet_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_adoption_sheet_row_site_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_sheet_row")),
        sa.UniqueConstraint(
            "sheet_id",
            "site_id",
            "innovation_id",
            name=op.f("uq_adoption_sheet_row_sheet_id_site_id_innovation_id"),
        ),
    )
    with op.batch_alter_table("adoption_sheet_row") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_adoption_sheet_row_site_id"), ["site_id"], unique=False
        )

    with op.batch_alter_table("use") as batch_op:
        batch_op.add_column(sa.Column("begins_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ends_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_use_begins_id"), ["begins_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_use_ends_id"), ["ends_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_use_begins_id"), "adoption", ["begins_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_use_ends_id"), "adoption", ["ends_id"], ["id"], ondelete="SET NULL"
        )

    _move_uses()


def _move_uses() -> None:
    """Write the rows of every line, the oldest first, and let the line name them."""
    connection = op.get_bind()
    use, said, record = (sa.table(name, *map(sa.column, columns)) for name, columns in READ)
    days = [sa.type_coerce(use.c[name], sa.Date()).label(name) for name in ("from_on", "until_on")]
    uses = connection.execute(
        sa.select(
            *(one for one in use.c if one.name not in ("from_on", "until_on")),
            *days,
            said.c.kind.label("said_kind"),
            record.c.organisation_id.label("maker_id"),
        )
        .join_from(use, record, record.c.id == use.c.innovation_id)
        .outerjoin(said, said.c.id == use.c.confirmed_by_id)
        .order_by(use.c.from_on, use.c.id)
    ).mappings()
    rows, links = _rows(uses.all())
    columns = [sa.column(name) for name in COLUMNS]
    dated = [sa.column("on", sa.Date()), sa.column("at", MOMENT)]
    table = sa.table("adoption", *columns, *dated, sa.column("is_indicative", sa.Boolean()))
    for some in _in_hundreds(rows):
        connection.execute(sa.insert(table), some)
    link = sa.text("UPDATE use SET begins_id = :begins, ends_id = :ends WHERE id = :use")
    if links:
        connection.execute(link, links)
    if rows and connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('adoption', 'id'), :last)"),
            {"last": len(rows)},
        )


def _rows(uses: Iterable[Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    links = []
    for use in uses:
        state = "STAGE_4" if use["is_trial"] else "STAGE_5"
        rows.append(_row(use, len(rows) + 1, state, use["from_on"], use["from_on_precision"]))
        begins, ends = len(rows), None
        if use["until_on"] is not None and use["until_on"] < date.max:
            after = use["until_on"] + timedelta(days=1)
            rows.append(_row(use, len(rows) + 1, "STOPPED", after, "day"))
            ends = len(rows)
        links.append({"use": use["id"], "begins": begins, "ends": ends})
    return rows, links


def _row(use: Any, number: int, state: str, on: date, precision: str) -> dict[str, Any]:
    source = "innovator"
    if use["confirmed_by_id"] is not None:
        source = "hin" if use["said_kind"] == "hin" else "site"
    return {
        "id": number,
        "innovation_id": use["innovation_id"],
        "site_id": use["directory_site_id"],
        "organisation_id": use["organisation_id"],
        "place_named": use["organisation_named"],
        "unit": use["site"],
        "state": state,
        "on": on,
        "on_precision": precision,
        "at": datetime.now(UTC),
        "said_by_id": use["confirmed_by_id"] or use["maker_id"],
        "source": source,
        "note": NOTE,
        "is_indicative": False,
    }


def _in_hundreds(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), 100):
        yield rows[start : start + 100]


def downgrade() -> None:
    with op.batch_alter_table("use") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_use_ends_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_use_begins_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_use_ends_id"))
        batch_op.drop_index(batch_op.f("ix_use_begins_id"))
        batch_op.drop_column("ends_id")
        batch_op.drop_column("begins_id")

    with op.batch_alter_table("adoption_sheet_row") as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_sheet_row_site_id"))

    op.drop_table("adoption_sheet_row")
    with op.batch_alter_table("eligible_place") as batch_op:
        batch_op.drop_index(batch_op.f("ix_eligible_place_site_id"))

    op.drop_table("eligible_place")
    with op.batch_alter_table("adoption_sheet") as batch_op:
        batch_op.drop_index("uq_adoption_sheet_one")
        batch_op.drop_index(batch_op.f("ix_adoption_sheet_list_id"))
        batch_op.drop_index(batch_op.f("ix_adoption_sheet_innovation_id"))
        batch_op.drop_index(batch_op.f("ix_adoption_sheet_group_id"))

    op.drop_table("adoption_sheet")
    with op.batch_alter_table("adoption_cohort_place") as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_cohort_place_site_id"))

    op.drop_table("adoption_cohort_place")
    with op.batch_alter_table("product_group_member") as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_group_member_innovation_id"))

    op.drop_table("product_group_member")
    with op.batch_alter_table("eligible_list") as batch_op:
        batch_op.drop_index(batch_op.f("ix_eligible_list_innovation_id"))
        batch_op.drop_index(batch_op.f("ix_eligible_list_group_id"))

    op.drop_table("eligible_list")
    with op.batch_alter_table("adoption_funding") as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_funding_site_id"))
        batch_op.drop_index("ix_adoption_funding_of_site")

    op.drop_table("adoption_funding")
    with op.batch_alter_table("adoption_cohort") as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_cohort_innovation_id"))

    op.drop_table("adoption_cohort")
    with op.batch_alter_table("adoption") as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_organisation_id"))
        batch_op.drop_index("ix_adoption_of_site")
        batch_op.drop_index(batch_op.f("ix_adoption_confirms_id"))
        batch_op.drop_index("ix_adoption_at_site")

    op.drop_table("adoption")
    op.drop_table("product_group")
