"""Give each importer keys of its own, every submitted record a HIN, every place of use a name

Revision 0019, after 0015.
Written: 2026-11-28 13:00:00
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = ()
depends_on = None


def upgrade() -> None:
    _challenges()
    _vocabularies()
    _places_of_use()
    with op.batch_alter_table("innovation") as table:
        table.add_column(sa.Column("importer_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("nation", sa.String(40), nullable=True))
        table.create_foreign_key(
            op.f("fk_innovation_importer_id"), "organisation", ["importer_id"], ["id"]
        )
        table.drop_constraint(op.f("uq_innovation_external_key"), type_="unique")
    op.create_index(
        "uq_innovation_importer_id_external_key",
        "innovation",
        ["importer_id", "external_key"],
        unique=True,
    )
    op.create_index(
        "uq_innovation_external_key_of_none",
        "innovation",
        ["external_key"],
        unique=True,
        sqlite_where=sa.text("importer_id IS NULL"),
        postgresql_where=sa.text("importer_id IS NULL"),
    )
    op.execute("UPDATE innovation SET nation = 'england' WHERE ics_id IS NOT NULL")
    _say_england_in_drafts()
    _find_every_hin()
    with op.batch_alter_table("innovation") as table:
        table.create_check_constraint(
            op.f("ck_innovation_submitted_has_hin"), "life != 'submitted' OR hin_id IS NOT NULL"
        )


def _vocabularies() -> None:
    for table, column in (
        ("term", "is_added"),
        ("term", "is_retiring_edited"),
        ("term", "is_position_edited"),
        ("hin", "is_name_edited"),
    ):
        op.add_column(
            table, sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "former_label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["term_id"], ["term.id"], name=op.f("fk_former_label_term_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_label")),
        sa.UniqueConstraint("term_id", "label", name=op.f("uq_former_label_term_id_label")),
    )
    op.create_index(op.f("ix_former_label_term_id"), "former_label", ["term_id"])


def _challenges() -> None:
    op.add_column(
        "challenge",
        sa.Column("outcome_innovation", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    op.create_table(
        "challenge_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_challenge_message_by_id")),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_challenge_message_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_challenge_message_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_message")),
    )
    op.create_index(
        op.f("ix_challenge_message_challenge_id"), "challenge_message", ["challenge_id"]
    )


def _places_of_use() -> None:
    with op.batch_alter_table("use") as table:
        table.alter_column("organisation_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(
            sa.Column("organisation_named", sa.Text(), nullable=False, server_default=sa.text("''"))
        )
        table.create_check_constraint(
            op.f("ck_use_one_place"), "(organisation_id IS NOT NULL) <> (organisation_named <> '')"
        )


def _say_england_in_drafts() -> None:
    """An ICS that a waiting draft names lies in England: nobody is asked again."""
    bind = op.get_bind()
    copies = sa.table(
        "section_copy",
        sa.column("id", sa.Integer()),
        sa.column("section", sa.String()),
        sa.column("draft", sa.JSON()),
    )
    rows = bind.execute(sa.select(copies.c.id, copies.c.draft).where(copies.c.section == "about"))
    for row in rows.all():
        draft: dict[str, Any] | None = row.draft
        if draft and draft.get("ics") and not draft.get("nation"):
            said = {**draft, "nation": "england"}
            bind.execute(sa.update(copies).where(copies.c.id == row.id).values(draft=said))


def _find_every_hin() -> None:
    """Who has no HIN gets the one that leads in its ICS or in what followed it, else the first of
    those that helped it, else the one that looks first at the fewest records."""
    op.execute(
        """
        UPDATE innovation SET hin_id = (
            SELECT area.hin_id FROM hin_service_area area
            WHERE area.is_lead AND area.ics_id IN (
                SELECT innovation.ics_id
                UNION SELECT step.successor_id FROM ics_succession step
                WHERE step.predecessor_id = innovation.ics_id
            )
            ORDER BY CASE WHEN area.valid_to IS NULL THEN 0 ELSE 1 END, area.valid_to DESC, area.id
            LIMIT 1
        )
        WHERE life = 'submitted' AND hin_id IS NULL AND ics_id IS NOT NULL
        """
    )
    op.execute(
        """
        UPDATE innovation SET hin_id = (
            SELECT e.hin_id FROM engagement e
            WHERE e.innovation_id = innovation.id ORDER BY e.id LIMIT 1
        )
        WHERE life = 'submitted' AND hin_id IS NULL
        """
    )
    op.execute(
        """
        UPDATE innovation SET hin_id = (
            SELECT h.id FROM hin h
            ORDER BY (
                SELECT count(*) FROM innovation other
                WHERE other.hin_id = h.id AND other.life = 'submitted'
            ), h.name
            LIMIT 1
        )
        WHERE life = 'submitted' AND hin_id IS NULL
        """
    )


def downgrade() -> None:
    raise NotImplementedError("Two importers may use one key: only a backup leads back.")
