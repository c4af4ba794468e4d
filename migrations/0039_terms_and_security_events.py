"""Give terms a version, and let the database keep the events of security

Revision 0039, after 0038.
Written: 2026-11-28 19:45:00

Two administrators who change one term overwrite nothing, and an event of security is deleted by age
alone. Its words change only when a person in them is erased. Requests to share a record are
reminded of once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = ()
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLE, DAYS = "security_event", 180
SAME = " AND ".join(
    f"coalesce(CAST(NEW.{name} AS text), '') = coalesce(CAST(OLD.{name} AS text), '')"
    for name in ("id", "at", "kind", "user_id", "address", "device")
)
ERASED = f"NEW.words_erased_at IS NOT NULL AND {SAME}"


def upgrade() -> None:
    op.add_column(
        "term", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    with op.batch_alter_table("term") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)
    op.add_column("sharing_request", sa.Column("reminded_on", sa.Date(), nullable=True))
    op.add_column(TABLE, sa.Column("words_erased_at", MOMENT, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def _guard_on_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
    young = f"OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{DAYS} days')"
    there = f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)"  # noqa: S608 - our own names
    for name, verb, when in (
        ("no_delete", "DELETE", young),
        ("no_update", "UPDATE", f"NOT ({ERASED})"),
        ("no_replace", "INSERT", there),
    ):
        op.execute(f"CREATE TRIGGER {TABLE}_{name} BEFORE {verb} ON {TABLE} WHEN {when} {refuse}")


def _guard_on_postgresql() -> None:
    old = f"OLD.at <= now() - interval '{DAYS} days'"
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF {old} THEN RETURN OLD; END IF; END IF; "
        f"IF TG_OP = 'UPDATE' THEN IF {ERASED} THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{TABLE} is append-only'; END $$"
    )
    for name, verbs, each in (
        ("append_only", "UPDATE OR DELETE", "ROW"),
        ("no_truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {verbs} ON {TABLE} "
            f"FOR EACH {each} EXECUTE FUNCTION {TABLE}_refuse()"
        )


def downgrade() -> None:
    raise NotImplementedError("what the database keeps is not given up: restore a backup")
