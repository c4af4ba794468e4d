"""From SQLite to PostgreSQL by one command: every row is the same in both, or nothing is copied."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from portal.backups.services import moving
from portal.db import Base, db, reading
from portal.errors import Invalid
from portal.innovations.models import Innovation
from tests import makers
from tests.backups.conftest import Portal, browser_of, portal, source_portal
from tests.examples import ON_POSTGRESQL

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="has both databases, and is run with SQLite")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal on SQLite with the values that the two databases write differently."""
    folder = tmp_path_factory.mktemp("move") / "small"
    with source_portal("sqlite:///", folder) as made:
        with closing(sqlite3.connect(folder / "portal.db")) as connection:
            connection.execute("UPDATE innovation SET summary = 'tab\t, \\n, \\N, “quotes”, 😀'")
            connection.execute("UPDATE job SET arguments = 'null' WHERE id = 1")
            connection.commit()
        yield made


@pytest.fixture(scope="module")
def moved(
    small: Portal, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """The same portal on PostgreSQL."""
    with portal(postgres_url, tmp_path_factory.mktemp("moved") / "moved") as made:
        done = made.run("copy-sqlite", small.folder / "portal.db")
        assert done.exit_code == 0, done.output
        assert "each the same in both" in done.output
        yield made


def rows(one: Portal) -> dict[str, list[str]]:
    """Return every row by our own types, without an order."""
    with one.app.app_context(), reading():
        tables = Base.metadata.sorted_tables
        return {t.name: sorted(map(repr, db.session.execute(select(t)).all())) for t in tables}


def test_every_row_of_every_table_is_there(small: Portal, moved: Portal) -> None:
    before, after = rows(small), rows(moved)
    assert {name for name in before if before[name] != after[name]} == set()
    assert len(before["user"]) == 9


def test_null_of_json_and_no_value_stay_two_things(moved: Portal) -> None:
    with moved.app.app_context():
        found = db.session.scalar(text("SELECT arguments::text FROM job WHERE id = 1"))
        assert found == "null"
        db.session.rollback()


def test_pages_open_and_numbers_go_on(small: Portal, moved: Portal) -> None:
    page = browser_of(moved, small.people, "hin").get("/innovations/1")
    assert "“quotes”, 😀" in page.text
    with moved.app.app_context():
        assert makers.user("Somebody new").id == 10
        db.session.rollback()


def test_the_database_keeps_its_own_rules(moved: Portal) -> None:
    """Foreign keys are back, and the audit trail refuses to be rewritten."""
    with moved.app.app_context():
        for broken in ("UPDATE innovation SET organisation_id = 999", "DELETE FROM audit_event"):
            with pytest.raises(Exception, match=r"(?i)foreign key|audit"):
                db.session.execute(text(broken))
            db.session.rollback()


def test_what_is_not_empty_is_left_alone(small: Portal, moved: Portal) -> None:
    before = rows(moved)
    again = moved.run("copy-sqlite", small.folder / "portal.db")
    assert again.exit_code == 1
    assert "is not empty" in again.output
    assert rows(moved) == before


def test_sqlite_is_not_copied_into_sqlite(small: Portal) -> None:
    done = small.run("copy-sqlite", small.folder / "portal.db")
    assert "must name the PostgreSQL database" in done.output


@pytest.fixture
def copy(small: Portal, tmp_path: Path) -> Path:
    """A copy of the database, to be changed."""
    small.dispose()
    return Path(shutil.copy(small.folder / "portal.db", tmp_path / "copy.db"))


def changed(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for one in statements:
            connection.execute(one)
        connection.commit()
    return path


def test_one_of_another_version_is_refused(copy: Path, moved: Portal) -> None:
    old = changed(copy, "UPDATE alembic_version SET version_num = '0001'")
    assert "stands at migration 0001" in moved.run("copy-sqlite", old).output


def emptied(one: Portal) -> None:
    """Leave the tables as the migrations make them, without rows."""
    with one.app.app_context(), db.engine.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {names} CASCADE"))


def test_a_row_that_is_not_the_same_is_found_and_nothing_is_kept(
    copy: Path, moved: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    emptied(moved)
    told = moving._told
    kept = {"name": lambda value: f"{value}!"}
    monkeypatch.setattr(
        moving,
        "_told",
        lambda column: (
            kept.get(column.name, told(column))
            if column.table is Innovation.__table__
            else told(column)
        ),
    )
    with moved.app.app_context():
        with pytest.raises(Invalid, match=r"innovation \[1\] is not the same in both"):
            moving.move(path=copy, engine=db.engine)
        assert db.session.scalar(select(Innovation.id)) is None
        db.session.rollback()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("UPDATE innovation SET name = 'nul' || char(0)", "refuses a row of innovation"),
        ("CREATE TABLE another (one TEXT)", "other tables than this version: another"),
    ],
)
def test_what_postgresql_cannot_hold_is_named(
    copy: Path, moved: Portal, broken: str, words: str
) -> None:
    emptied(moved)
    with moved.app.app_context(), pytest.raises(Invalid, match=words):
        moving.move(path=changed(copy, broken), engine=db.engine)
