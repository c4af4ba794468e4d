"""Keep the words of the audit trail beside it, and seal it

Revision 0035, after 0030.
Written: 2026-11-28 16:00:00

An event keeps ids, its verb and a fingerprint of its words; the words, which may name people, lie in
a table of their own.
"""

import hashlib
import json
import re
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = ()
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
INSERTS = 35_212_003


def upgrade() -> None:
    _make_audit_tables()
    _move_words()
    _guard()
    _keep_when_accounts_closed()
    _make_privacy_tables()


def _keep_when_accounts_closed() -> None:
    """Add the two moments; whoever is closed was so since the trail says, or from now on."""
    with op.batch_alter_table("user") as batch_op:
        batch_op.add_column(sa.Column("closed_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("erased_at", MOMENT, nullable=True))
    op.execute(
        'UPDATE "user" SET closed_at = coalesce((SELECT max(at) FROM audit_event'
        " WHERE action = 'user.deactivated' AND noun_id = \"user\".id), CURRENT_TIMESTAMP)"
        " WHERE NOT active"
    )


def _make_privacy_tables() -> None:
    op.create_table(
        "retention_days",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_retention_days")),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("longest_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(op.f("ix_retention_run_at"), "retention_run", ["at"])
    op.create_table(
        "data_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("stored", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_data_copy_user_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_data_copy_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_copy")),
        sa.UniqueConstraint("stored", name=op.f("uq_data_copy_stored")),
    )


def _make_audit_tables() -> None:
    op.create_table(
        "audit_words",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_words_event_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_words")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("previous_digest", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
    )


def _move_words() -> None:
    """Copy each event's words with a salt, and keep their fingerprint with the event."""
    _unguard()
    op.add_column("audit_event", sa.Column("words_hash", sa.Text(), nullable=True))
    events = sa.table(
        "audit_event",
        sa.column("id", sa.Integer),
        sa.column("actor_name", sa.Text),
        sa.column("summary", sa.Text),
        sa.column("changes", JSON),
        sa.column("words_hash", sa.Text),
    )
    words = sa.table(
        "audit_words",
        sa.column("event_id", sa.Integer),
        sa.column("actor_name", sa.Text),
        sa.column("summary", sa.Text),
        sa.column("changes", JSON),
        sa.column("salt", sa.Text),
    )
    connection, last = op.get_bind(), 0
    told = sa.select(events.c.id, events.c.actor_name, events.c.summary, events.c.changes)
    while rows := connection.execute(
        told.where(events.c.id > last).order_by(events.c.id).limit(1000)
    ).all():
        last = rows[-1].id
        moved = [_words(row) for row in rows]
        connection.execute(
            sa.insert(words), [{k: v for k, v in m.items() if k != "hash"} for m in moved]
        )
        connection.execute(
            sa.update(events)
            .where(events.c.id == sa.bindparam("number"))
            .values(words_hash=sa.bindparam("found")),
            [{"number": m["event_id"], "found": m["hash"]} for m in moved],
        )
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.alter_column("words_hash", existing_type=sa.Text(), nullable=False)
        for name in ("actor_name", "summary", "changes"):
            batch_op.drop_column(name)


def _words(row: Any) -> dict[str, Any]:
    said = {
        "actor_name": _without_addresses(row.actor_name),
        "summary": _without_addresses(row.summary),
        "changes": _without_addresses(row.changes),
    }
    salt = secrets.token_hex(16)
    plain = json.dumps(
        [salt, *said.values()], sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    digest = hashlib.sha256(plain.encode()).hexdigest()
    return {"event_id": row.id, **said, "salt": salt, "hash": digest}


ADDRESS = re.compile(
    r"[^\s@<>(){}\[\]\"',;:“”]+@[^\s@<>(){}\[\]\"',;:“”]+\.[^\s@<>(){}\[\]\"',;:“”.]+"
)


def _without_addresses(value: Any) -> Any:
    if isinstance(value, str):
        return ADDRESS.sub("(an email address)", value)
    if isinstance(value, dict):
        return {key: _without_addresses(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_addresses(one) for one in value]
    return value


def _unguard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_event_no_{verb}")
    else:
        op.execute("DROP TRIGGER audit_event_append_only ON audit_event")


def _guard() -> None:
    erased = "NEW.event_id = OLD.event_id AND NEW.erased_at IS NOT NULL AND NEW.salt = ''"
    if op.get_bind().dialect.name == "sqlite":
        for table, key in (
            ("audit_event", "id"),
            ("audit_seal", "id"),
            ("audit_words", "event_id"),
        ):
            refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            when = f"WHEN NOT ({erased})" if table == "audit_words" else ""
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when} {refuse}")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
            there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there} {refuse}"
            )
        return
    for table in ("audit_event", "audit_seal", "audit_words"):
        allowed = f"IF TG_OP = 'UPDATE' THEN IF {erased} THEN RETURN NEW; END IF; END IF;"
        op.execute(
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {allowed if table == 'audit_words' else ''} "
            f"RAISE EXCEPTION '{table} is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_event_share() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM pg_advisory_xact_lock_shared({INSERTS}); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_share BEFORE INSERT ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_share()"
    )


def downgrade() -> None:
    raise NotImplementedError("the seals of the audit trail are not given up: restore a backup")
