"""The database itself keeps the trails: what refuses to change, delete or replace their rows.

The migration that made the tables holds the same statements; `tests/audit` runs both.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import DDL, ExecutableDDLElement, FromClause, event

INSERTS = 35_212_003
"""The number of PostgreSQL's advisory lock that every INSERT of an event shares until its
transaction ends: who seals takes it alone, so that no smaller number is still to come."""


def guard(events: FromClause, seals: FromClause, words: FromClause) -> None:
    """Have the triggers made with the tables (tests; a service's come by migration)."""
    for table, statements in (
        (events, [*refuse_all("audit_event"), *share_lock("audit_event")]),
        (seals, refuse_all("audit_seal")),
        (words, refuse_but_erasure("audit_words")),
    ):
        make_with(table, statements)


def make_with(table: FromClause, statements: Iterable[tuple[str, str]]) -> None:
    """Have triggers made with their table; `statements` are pairs of dialect and SQL."""
    for dialect, statement in statements:
        event.listen(table, "after_create", _ddl(statement).execute_if(dialect=dialect))


def _ddl(statement: str) -> ExecutableDDLElement:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own


Statements = Iterator[tuple[str, str]]


def refuse_all(table: str) -> Statements:
    """Yield dialect and statement: no UPDATE, DELETE, TRUNCATE or replacement of a row."""
    for verb in ("update", "delete"):
        yield "sqlite", _sqlite(table, verb)
    yield "sqlite", _sqlite_replace(table, "id")
    yield "postgresql", _function(table, "")
    yield "postgresql", _postgresql(table, "UPDATE OR DELETE", "ROW", "append_only")
    yield "postgresql", _postgresql(table, "TRUNCATE", "STATEMENT", "no_truncate")


def refuse_but_erasure(table: str) -> Statements:
    """Yield dialect and statement: words change only as the erasure of a person changes them."""
    erased = "NEW.event_id = OLD.event_id AND NEW.erased_at IS NOT NULL AND NEW.salt = ''"
    yield "sqlite", _sqlite(table, "delete")
    yield "sqlite", _sqlite(table, "update", f"WHEN NOT ({erased})")
    yield "sqlite", _sqlite_replace(table, "event_id")
    allowed = f"IF TG_OP = 'UPDATE' THEN IF {erased} THEN RETURN NEW; END IF; END IF;"
    yield "postgresql", _function(table, allowed)
    yield "postgresql", _postgresql(table, "UPDATE OR DELETE", "ROW", "append_only")
    yield "postgresql", _postgresql(table, "TRUNCATE", "STATEMENT", "no_truncate")


def refuse_but_age(table: str, days: int, erased: str) -> Statements:
    """Yield dialect and statement: rows are deleted after so many days by their column `at`, no
    sooner, and change only where `erased`, a condition of OLD and NEW, holds."""
    young = f"OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{days} days')"
    yield "sqlite", _sqlite(table, "delete", f"WHEN {young}")
    yield "sqlite", _sqlite(table, "update", f"WHEN NOT ({erased})")
    yield "sqlite", _sqlite_replace(table, "id")
    old = f"OLD.at <= now() - interval '{days} days'"
    deleted = f"IF TG_OP = 'DELETE' THEN IF {old} THEN RETURN OLD; END IF; END IF;"
    changed = f"IF TG_OP = 'UPDATE' THEN IF {erased} THEN RETURN NEW; END IF; END IF;"
    yield "postgresql", _function(table, f"{deleted} {changed}")
    yield "postgresql", _postgresql(table, "UPDATE OR DELETE", "ROW", "append_only")
    yield "postgresql", _postgresql(table, "TRUNCATE", "STATEMENT", "no_truncate")


def share_lock(table: str) -> Statements:
    """Yield dialect and statement: every INSERT shares the lock that sealing takes alone."""
    share = f"PERFORM pg_advisory_xact_lock_shared({INSERTS}); RETURN NULL;"
    function = f"CREATE OR REPLACE FUNCTION {table}_share() RETURNS trigger LANGUAGE plpgsql AS"
    trigger = f"CREATE TRIGGER {table}_share BEFORE INSERT ON {table} FOR EACH STATEMENT"
    yield "postgresql", f"{function} $$ BEGIN {share} END $$"
    yield "postgresql", f"{trigger} EXECUTE FUNCTION {table}_share()"


def _sqlite(table: str, verb: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _sqlite_replace(table: str, key: str) -> str:
    # INSERT OR REPLACE deletes the old row without asking the DELETE trigger.
    there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - our names
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
    return f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there} BEGIN {refuse}; END"


def _function(table: str, allowed: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {allowed} RAISE EXCEPTION '{table} is append-only'; END $$"
    )


def _postgresql(table: str, verbs: str, each: str, name: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {verbs} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION {table}_refuse()"
    )
