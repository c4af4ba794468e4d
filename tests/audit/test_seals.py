"""The audit trail is append-only in earnest: sealed, signed, and kept by the database itself."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.accounts.models import SYSTEM, Actor
from portal.audit import rules, services
from portal.audit.models import AuditEvent
from portal.audit.queries.seals import verify
from portal.audit.services import seals
from portal.audit.tasks import seal
from portal.db import db
from tests.cast import Cast
from tests.conftest import make_app
from tests.house.test_migrations import put, upgrade
from tests.migrated import AtRevision
from tests.postgres import fresh_database
from tests.tables import fill

KEY = "a key"


def write(count: int, cast: Cast) -> list[AuditEvent]:
    """Write some events, and return them with their numbers."""
    made = [
        services.note(
            cast.innovator.organisation,
            "looked_at",
            f"looked {n} times",
            by=cast.hin.actor,
            changes={"times": [n - 1, n]},
        )
        for n in range(count)
    ]
    db.session.flush()
    return made


def seal_all() -> None:
    while seals.seal_next(key=KEY):
        pass


def without_guards(statement: str) -> None:
    """Change what the database refuses to change, as somebody does who owns it."""
    on_sqlite = db.session.get_bind().dialect.name == "sqlite"
    table = next(name for name in ("audit_event", "audit_seal", "audit_words") if name in statement)
    if on_sqlite:
        for verb in ("update", "delete", "replace"):
            db.session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
    else:
        db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    db.session.execute(text(statement))
    if not on_sqlite:
        db.session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    db.session.expire_all()


def test_what_was_written_agrees_with_its_seals(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "BATCH", 3)
    write(8, cast)
    seal_all()
    write(2, cast)
    found = verify(key=KEY)
    assert found.problem == ""
    assert (found.sealed % 3 == 0 or found.seals > 2, found.waiting) == (True, 2)
    assert seals.seal_next(key=KEY) is not None
    assert verify(key=KEY).waiting == 0
    assert seals.seal_next(key=KEY) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit_event SET action = 'x' WHERE id = {id}", "event {id} was changed"),
        ("UPDATE audit_event SET actor_id = NULL WHERE id = {id}", "event {id} was changed"),
        (
            "UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE id = {id}",
            "event {id} was changed",
        ),
        (
            "UPDATE audit_words SET summary = 'nothing' WHERE event_id = {id}",
            "the words of event {id} were changed",
        ),
        ("UPDATE audit_seal SET count = count + 1", "seal 1 was changed"),
        ("UPDATE audit_seal SET sealed_at = '2020-01-01 00:00:00'", "seal 1 was not signed"),
    ],
)
def test_the_first_row_that_was_changed_is_named(
    session: Session, cast: Cast, change: str, said: str
) -> None:
    changed = write(5, cast)[2].id
    seal_all()
    without_guards(change.format(id=changed))
    assert verify(key=KEY).problem.startswith(said.format(id=changed))


def test_a_row_that_is_gone_and_one_added_behind_a_seal_are_named(
    session: Session, cast: Cast
) -> None:
    events = write(4, cast)
    gone = events[1].id
    seal_all()
    without_guards(f"DELETE FROM audit_words WHERE event_id = {gone}")  # noqa: S608 - a number
    without_guards(f"DELETE FROM audit_event WHERE id = {gone}")  # noqa: S608 - a number
    assert verify(key=KEY).problem == f"event {gone} is missing"


def test_a_seal_of_another_key_is_not_believed(session: Session, cast: Cast) -> None:
    write(1, cast)
    seal_all()
    assert verify(key="another key").problem == "seal 1 was not signed with this key"


def test_the_log_shows_that_the_tail_was_cut(
    app: Flask, session: Session, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    key = app.config["AUDIT_KEY"]
    write(2, cast)
    with caplog.at_level(logging.WARNING, "portal.audit"):
        seal(lambda *_, **__: None)
    lines = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("audit checkpoint {") for line in lines)
    assert verify(key=key, log=lines).problem == ""
    last = rules.checkpoints(lines)[-1]
    without_guards(f"DELETE FROM audit_seal WHERE id = {last['seal']}")  # noqa: S608 - a number
    assert verify(key=key).problem == "", "the chain alone cannot know of its cut tail"
    cut = verify(key=key, log=lines).problem
    assert (
        cut
        == f"the log tells of seal {last['seal']} up to event {last['last_id']}, which is not here"
    )


def test_the_bytes_are_those_of_the_documentation(session: Session, cast: Cast) -> None:
    event = write(1, cast)[0]
    said = json.loads(rules.event_bytes(event))
    assert sorted(said) == [
        "action", "actor", "at", "audience", "id", "noun", "noun_id", "organisation", "words",
    ]  # fmt: skip
    assert cast.hin.user.name not in str(said)
    documented = Path("docs/operating.md").read_text()
    assert all(f"`{name}`" in documented for name in said)


def test_commands_say_agree_or_which_row_does_not(
    app: Flask, session: Session, cast: Cast, tmp_path: Path
) -> None:
    changed = write(3, cast)[1].id
    session.commit()
    run = app.test_cli_runner()
    assert "Sealed" in run.invoke(args=["audit", "seal"]).output
    done = run.invoke(args=["audit", "verify"])
    assert (done.exit_code, done.output[:6]) == (0, "agree:")
    without_guards(f"UPDATE audit_event SET noun_id = 0 WHERE id = {changed}")  # noqa: S608 - a number
    session.commit()
    done = run.invoke(args=["audit", "verify"])
    assert (done.exit_code, f"event {changed} was changed" in done.output) == (1, True)


@pytest.fixture(scope="module", params=["models", "migrations"])
def guarded(
    request: pytest.FixtureRequest,
    database_url: str,
    migrated_to: AtRevision,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    """An application whose trail holds a sealed event; its tables made by the one or the other."""
    folder = tmp_path_factory.mktemp("guarded")
    by_models = request.param == "models"
    made = fresh_database(database_url, folder / "guarded.db")
    with made if by_models else migrated_to("head", folder / "guarded.db") as url:
        app = make_app(url, folder)
        with app.app_context():
            if by_models:
                fill()
            services.record("x.y", noun="x", noun_id=1, summary="z", by=SYSTEM)
            db.session.flush()
            seal_all()
            db.session.commit()
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
        "UPDATE audit_words SET summary = ''",
        "DELETE FROM audit_words",
        "INSERT OR REPLACE INTO audit_words SELECT * FROM audit_words",
        "UPDATE audit_seal SET digest = ''",
        "DELETE FROM audit_seal",
        "INSERT OR REPLACE INTO audit_seal SELECT * FROM audit_seal",
        "TRUNCATE audit_event CASCADE",
        "TRUNCATE audit_words",
        "TRUNCATE audit_seal",
    ],
)
def test_the_database_itself_refuses(database_url: str, guarded: Flask, change: str) -> None:
    on_sqlite = database_url.startswith("sqlite")
    if on_sqlite is not ("TRUNCATE" not in change) and (
        "REPLACE" in change or "TRUNCATE" in change
    ):
        pytest.skip("the other database's statement")
    with guarded.app_context():
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(change))
        db.session.rollback()


def role_statements() -> str:
    """Return the SQL of the role that docs/operating.md tells of."""
    found = re.search(
        r"```sql\n(CREATE ROLE portal_web.*?)```", Path("docs/operating.md").read_text(), re.S
    )
    assert found is not None
    return found[1]


def test_the_role_of_the_documentation_writes_and_cannot_rewrite(
    database: str, tmp_path: Path
) -> None:
    app = make_app(database, tmp_path)
    with app.app_context():
        fill()
        db.session.execute(text(role_statements()))
        db.session.commit()
        db.engine.dispose()
    other = make_app(database.replace("portal@", "portal_web@"), tmp_path)
    with other.app_context():
        services.record("x.y", noun="x", noun_id=1, summary="z", by=SYSTEM)
        db.session.flush()
        seal_all()
        db.session.commit()
        for verb in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            for table in ("audit_event", "audit_seal"):
                with pytest.raises(DatabaseError, match="permission denied"):
                    db.session.execute(text(verb.format(table)))
                db.session.rollback()
        with pytest.raises(DatabaseError, match="must be owner"):
            db.session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        db.session.rollback()
        db.engine.dispose()


def test_no_seal_passes_over_a_number_that_is_still_to_come(database: str, tmp_path: Path) -> None:
    """On PostgreSQL a writer may have taken a number and not committed: sealing waits for it."""
    app = make_app(database, tmp_path)
    with app.app_context():
        fill()
        engine = create_engine(database)
        with engine.connect() as writer:
            writer.execute(
                text(
                    "INSERT INTO audit_event (at, organisation_name, action, noun, noun_id,"
                    " audience, words_hash) VALUES (now(), '', 'a.b', 'a', 1, 'staff', '')"
                )
            )
            services.record("x.y", noun="x", noun_id=1, summary="z", by=SYSTEM)
            db.session.commit()
            with pytest.raises(DatabaseError, match="lock timeout"):
                seals.seal_next(key=KEY)
            db.session.rollback()
            writer.commit()
        seal = seals.seal_next(key=KEY)
        assert seal is not None
        assert seal.count == 2
        db.session.rollback()
        engine.dispose()
        db.engine.dispose()


def test_the_trail_keeps_no_address_whoever_writes_one(session: Session, cast: Cast) -> None:
    event = services.note(
        cast.innovator.organisation,
        "invited",
        "invited Pat.Planted+x@nhs.example as lead (pat@b.example)",
        by=Actor(name="pat@a.example"),
        changes={"email": ["pat@a.example", None]},
    )
    said = (event.actor_name, event.summary, event.changes)
    assert said == (
        "(an email address)",
        "invited (an email address) as lead ((an email address))",
        {"email": ["(an email address)", None]},
    )


def test_words_that_were_there_are_moved_without_addresses_and_agree(
    migrated_to: AtRevision, tmp_path: Path
) -> None:
    """0035 takes the words of events out of the rows that are sealed."""
    with migrated_to("0030", tmp_path / "old.db") as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            put(
                "audit_event",
                action="a.b",
                noun="a",
                actor_name="Pat",
                summary="invited pat@a.example, “twice”",
                changes={"é": ["1", None], "to": ["pat@a.example", "x"]},
                audience="staff",
            )
            db.session.commit()
        upgrade(app)
        with app.app_context():
            event = db.session.scalars(select(AuditEvent)).one()
            assert (event.actor_name, event.summary) == (
                "Pat",
                "invited (an email address), “twice”",
            )
            assert event.changes == {"é": ["1", None], "to": ["(an email address)", "x"]}
            seal_all()
            assert verify(key=KEY).problem == ""
            db.session.rollback()
            db.engine.dispose()
