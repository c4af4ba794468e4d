"""Keep which matches are new, requests to share and enquiries

Revision 0020, after 0015.
Written: 2026-11-28 12:37:33.371969
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = ()
depends_on = None

WORTH_TELLING = 0.15
"""The least likeness of a pair that was told as having something in common."""


def upgrade() -> None:
    op.create_table(
        "hin_enquiry",
        sa.Column("challenge_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("hin_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
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
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("undated_from", sa.Date(), nullable=True),
        sa.Column("undated_year", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_hin_enquiry_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_hin_enquiry_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_hin_enquiry_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hin_id"], ["hin.id"], name=op.f("fk_hin_enquiry_hin_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_hin_enquiry_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hin_enquiry")),
    )
    with op.batch_alter_table("hin_enquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hin_enquiry_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hin_enquiry_challenge_id"), ["challenge_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_hin_enquiry_hin_id"), ["hin_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hin_enquiry_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "new_match",
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column(
            "readership",
            sa.Enum(
                "staff",
                "ics",
                "promising_staff",
                "promising_ics",
                "innovator",
                name="readership",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenge.id"],
            name=op.f("fk_new_match_challenge_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_new_match_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "challenge_id", "innovation_id", "readership", name=op.f("pk_new_match")
        ),
    )
    with op.batch_alter_table("new_match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_new_match_first_at"), ["first_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_new_match_innovation_id"), ["innovation_id"], unique=False
        )

    op.create_table(
        "sharing_request",
        sa.Column("innovation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("shared", "declined", name="sharinganswer", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
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
                name="deadlinekind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("undated_from", sa.Date(), nullable=True),
        sa.Column("undated_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_sharing_request_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_sharing_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["innovation_id"],
            ["innovation.id"],
            name=op.f("fk_sharing_request_innovation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_sharing_request_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing_request")),
    )
    with op.batch_alter_table("sharing_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sharing_request_innovation_id"), ["innovation_id"], unique=False
        )
        batch_op.create_index(
            "ix_sharing_request_open",
            ["innovation_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    _note_known_matches()


def _note_known_matches() -> None:
    """What matches already is no news: it is kept as found when it was last matched, and told."""
    suggestion = sa.table(
        "suggestion",
        sa.column("challenge_id"),
        sa.column("innovation_id"),
        sa.column("readership"),
        sa.column("reasons", sa.JSON()),
        sa.column("matched_at", sa.DateTime(timezone=True)),
    )
    of_lists = suggestion.c.readership.in_(["ics", "staff"])
    found = op.get_bind().execute(sa.select(suggestion).where(of_lists)).mappings().all()
    rows = [
        {
            **{name: row[name] for name in ("challenge_id", "innovation_id", "readership")},
            "first_at": row["matched_at"],
            "told_at": row["matched_at"],
        }
        for row in found
        if row["reasons"].get("likeness", 0) >= WORTH_TELLING
    ]
    new_match = sa.table(
        "new_match",
        sa.column("challenge_id"),
        sa.column("innovation_id"),
        sa.column("readership"),
        sa.column("first_at", sa.DateTime(timezone=True)),
        sa.column("told_at", sa.DateTime(timezone=True)),
    )
    if rows:
        op.bulk_insert(new_match, rows)


def downgrade() -> None:
    with op.batch_alter_table("sharing_request", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sharing_request_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_sharing_request_innovation_id"))

    op.drop_table("sharing_request")
    with op.batch_alter_table("new_match", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_new_match_innovation_id"))
        batch_op.drop_index(batch_op.f("ix_new_match_first_at"))

    op.drop_table("new_match")
    with op.batch_alter_table("hin_enquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hin_enquiry_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_hin_enquiry_hin_id"))
        batch_op.drop_index(batch_op.f("ix_hin_enquiry_challenge_id"))
        batch_op.drop_index(batch_op.f("ix_hin_enquiry_asked_at"))

    op.drop_table("hin_enquiry")
