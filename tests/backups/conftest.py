"""A small portal of its own, with a file, that is really committed: backups see no savepoints."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import MetaData, select, text

from portal.accounts.services import open_session
from portal.db import db, migrations, reading
from portal.files import put
from tests import makers
from tests.cast import Cast, Person
from tests.conftest import make_app
from tests.pages import PageClient, client_with
from tests.postgres import fresh_database
from tests.tables import fill

FIVE = ("innovator", "ics", "hin", "national", "administrator")


@dataclass
class Portal:
    """A portal in a folder and a database of its own."""

    app: Flask
    folder: Path
    url: str
    people: dict[str, str] = field(default_factory=dict)
    """By the cast's names of them, by what the cookies of the signed in know them."""

    def run(self, *words: object, **settings: object) -> Result:
        """Run a command of the portal."""
        before = {name: self.app.config[name] for name in settings}
        self.app.config.update(settings)
        try:
            return self.app.test_cli_runner().invoke(args=[str(word) for word in words])
        finally:
            self.app.config.update(before)

    def dispose(self) -> None:
        with self.app.app_context():
            db.engine.dispose()


@contextmanager
def portal(database_url: str, folder: Path, **settings: object) -> Iterator[Portal]:
    """An application on an empty database."""
    folder.mkdir()
    with fresh_database(database_url, folder / "portal.db") as url:
        app = make_app(url, folder, **settings)
        app.test_client_class = PageClient
        found = Portal(app, folder, url)
        yield found
        found.dispose()


@contextmanager
def source_portal(database_url: str, folder: Path) -> Iterator[Portal]:
    """A portal with the reference data, people of every role, a record with a file, a challenge."""
    with portal(database_url, folder) as made:
        with made.app.app_context():
            fill()
            migrations.stamp()
            made.people = _fill(Cast())
            db.session.commit()
        made.dispose()
        yield made


@pytest.fixture(scope="module")
def source(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal of which backups are made."""
    with source_portal(database_url, tmp_path_factory.mktemp("backups") / "source") as made:
        yield made


def _fill(cast: Cast) -> dict[str, str]:
    record = makers.innovation("Breathe “Easy” – élan", of=cast.innovator)
    makers.evidence_file(of=record)
    makers.challenge(of=cast.ics)
    put(b"what the portal itself made", room="exports")
    people: dict[str, Person] = {kind: getattr(cast, kind) for kind in FIVE}
    for kind, one in people.items():
        open_session(user=one.user, token=f"token-{kind}", membership=one.membership)
    return {kind: one.user.fs_uniquifier for kind, one in people.items()}


@pytest.fixture(scope="module")
def backup(source: Portal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    folder = tmp_path_factory.mktemp("kept") / "2026-11-29"
    done = source.run("backup", folder)
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def other(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Another portal: one application for all that is restored."""
    with portal(database_url, tmp_path_factory.mktemp("backups") / "other") as made:
        yield made


@pytest.fixture
def empty(other: Portal) -> Portal:
    """Another portal, in which there is nothing."""
    other.dispose()
    shutil.rmtree(other.folder / "files", ignore_errors=True)
    if other.url.startswith("sqlite"):
        for path in other.folder.glob("portal.db*"):
            path.unlink()
        return other
    with other.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return other


def files_of(one: Portal) -> dict[str, bytes]:
    """Return what every kept file of a portal holds."""
    folder = one.folder / "files"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*")}


def rows_of(one: Portal) -> dict[str, list[str]]:
    """Return every row of every table, as the database gives it without our types."""
    with one.app.app_context():
        found = MetaData()
        found.reflect(db.engine)
        with reading(), db.engine.connect() as connection:
            every = {t.name: connection.execute(select(t)).all() for t in found.sorted_tables}
        db.engine.dispose()
    return {name: sorted(map(repr, rows)) for name, rows in every.items()}


def browser_of(one: Portal, people: dict[str, str], kind: str) -> PageClient:
    """Return the browser of somebody of the cast, with the session that they had open."""
    return client_with(one.app, people[kind], f"token-{kind}")
