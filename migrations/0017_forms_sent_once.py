"""Use up the keys of sent forms, keep what could not be saved, tell organisations by folded name

Organisations whose names only look different keep their rows: the younger ones get a number
behind their name, so that an administrator finds them.

Revision 0017, after 0015.
Written: 2026-11-28 12:55:00
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = ()
depends_on = None

# The folding of names as it was when this was written: migrations outlive our code.
INVISIBLE = {"Cf", "Cc"}
FILLERS = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {
    chr(n) for n in range(0xFE00, 0xFE10)
}


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("sender_hash", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sent_form")),
    )
    op.create_index(op.f("ix_sent_form_sender_hash"), "sent_form", ["sender_hash"])
    op.create_index(op.f("ix_sent_form_at"), "sent_form", ["at"])
    op.create_table(
        "kept_form",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_kept_until"), "kept_form", ["kept_until"])
    op.add_column(
        "organisation", sa.Column("name_key", sa.Text(), server_default="", nullable=False)
    )
    _fold_names()
    op.create_index(op.f("ix_organisation_name_key"), "organisation", ["name_key"], unique=True)


def _fold_names() -> None:
    """Write every organisation's folded name; the second of one name gets a number behind it."""
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, name FROM organisation ORDER BY id")).all()
    taken = {_folded(row.name) for row in rows}
    given: set[str] = set()
    for row in rows:
        name, number = row.name, 1
        while _folded(name) in given or (number > 1 and _folded(name) in taken):
            number += 1
            name = f"{row.name} ({number})"
        given.add(_folded(name))
        bind.execute(
            sa.text("UPDATE organisation SET name = :name, name_key = :key WHERE id = :id"),
            {"name": name, "key": _folded(name), "id": row.id},
        )


def _folded(name: str) -> str:
    shown = "".join(
        c for c in name if c not in FILLERS and unicodedata.category(c) not in INVISIBLE
    )
    plain = unicodedata.normalize("NFKC", shown).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def downgrade() -> None:
    op.drop_index(op.f("ix_organisation_name_key"), "organisation")
    op.execute("ALTER TABLE organisation DROP COLUMN name_key")
    op.drop_table("kept_form")
    op.drop_table("sent_form")
