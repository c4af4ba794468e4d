"""One application and one database for the whole run; every test is rolled back."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from portal import create_app
from portal.db import db
from portal.matching import indexing as matching
from tests.cast import Cast, Person
from tests.examples import ON_POSTGRESQL
from tests.pages import PageClient, sign_in
from tests.postgres import fresh_database, shared_postgres
from tests.statements import Statements
from tests.tables import fill
from tests.together import of_the_run

TEMPLATES = Path(__file__).parents[1] / ".pytest_cache" / "d" / "templates"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

CHEAP = {
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 1,
        "argon2__memory_cost": 8,
        "argon2__parallelism": 1,
    },
    "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
}
"""Passwords and the links of emails, without the slowness that keeps thieves of hashes busy."""

gc.freeze()
gc.enable()  # `tests/__init__.py` stopped it
# Looked for at every 700th object, most of what a request makes is still in use.
gc.set_threshold(7_000, 10, 10)

# How long an example takes says more of the machine than of us.
hypothesis.settings.register_profile("portal", deadline=None, print_blob=True)
hypothesis.settings.load_profile("portal")


def pytest_xdist_auto_num_workers() -> int:
    """Start half as many workers again as there are cores: a quarter of the time a test waits for
    a browser, a server or a process that it killed."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_collection_finish() -> None:
    """Keep the tests to the end."""
    gc.freeze()


def keep_to_the_end() -> None:
    """Let nobody look again whether what was made, an application and its caches, is in use."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose what is run, and its order."""
    if ON_POSTGRESQL:
        _leave_out_what_has_no_database(config, items)
    _have_the_demonstration_made_early(items)


def _have_the_demonstration_made_early(items: list[pytest.Item]) -> None:
    """Let one worker make the demonstration while the others do what needs none.

    The first test that needs it comes first, so that the first worker begins with it; the other
    such tests come last, when it can be copied.
    """
    needing = [item for item in items if _demonstrates(item)]
    others = [item for item in items if not _demonstrates(item)]
    items[:] = [*needing[:1], *others, *needing[1:]]


def _demonstrates(item: pytest.Item) -> bool:
    rooms = {"demo", "browser"} & set(item.path.parts[-3:])
    fixtures = {"world", "settled"} & set(getattr(item, "fixturenames", ()))
    return bool(rooms and fixtures)


def _leave_out_what_has_no_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of a run on PostgreSQL what has no database: the run on SQLite has had it."""
    without = [item for item in items if "database_url" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in set(without)]


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    """Where this run makes its databases: in files of SQLite, or on the PostgreSQL that was asked
    for; `fresh_database` gives one."""
    return request.getfixturevalue("postgres_url") if ON_POSTGRESQL else "sqlite://"


@pytest.fixture(scope="session")
def postgres_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The PostgreSQL server of this run, one for all workers."""
    with shared_postgres(of_the_run(tmp_path_factory, request.config)) as url:
        yield url


@pytest.fixture
def database(postgres_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with fresh_database(postgres_url, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_to(
    request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """Give an empty database of any revision: `with migrated_to("0009", path) as url`."""
    from tests.migrated import Revisions

    folder = of_the_run(tmp_path_factory, request.config) / "revisions"
    folder.mkdir(exist_ok=True)
    return Revisions(database_url, folder).migrated_to


def make_app(database_url: str, folder: Path, **settings: object) -> Flask:
    """Return an application whose every file lies in `folder`."""
    return create_app(
        {
            "TESTING": True,
            "INSTANCE": str(folder),
            "SECRET_KEY": "only for tests",
            "SECURITY_PASSWORD_SALT": "only for tests",
            "TWO_FACTOR_SECRET": "only for tests",
            "AUDIT_KEY": "only for tests",
            **CHEAP,
            "SQLALCHEMY_ENGINES": {"default": database_url},
            "JOBS_URL": f"sqlite:///{folder / 'jobs.db'}",
            "SEARCH_INDEX": str(folder / "search"),
            "MATCHING_WORDS": str(folder / "words.npz"),
            "POSTCODES": str(folder / "postcodes.bin"),
            # Compiled once for all applications of all runs: Jinja compares the source.
            "TEMPLATE_CACHE": str(TEMPLATES),
            "FILES_STORE": "folder",
            "BACKUP_KEY": "",
            "BACKUP_IDENTITY": "",
            "MAIL_BACKEND": "locmem",
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
            "DEMO": False,
            "PRODUCTION": False,
            **settings,
        }
    )


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, its tables made and the reference data loaded."""
    folder = tmp_path_factory.mktemp("instance")
    with fresh_database(database_url, folder / "test.db") as url:
        app = make_app(url, folder)
        app.test_client_class = PageClient
        with app.app_context():
            fill()
        keep_to_the_end()
        yield app
        with app.app_context():
            db.engine.dispose()


@contextmanager
def isolation(app: Flask) -> Iterator[Connection]:
    """Roll back what is committed inside: all sessions work in savepoints of one connection."""
    with app.app_context():
        engine, maker = db.engine, db.sessionmaker
    with engine.connect() as connection:
        outer = connection.begin()
        joined = {"bind": connection, "join_transaction_mode": "create_savepoint"}
        with mock.patch.dict(maker.kw, joined):
            yield connection
        outer.rollback()


@pytest.fixture
def isolated(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Roll back whatever the test commits; what no rollback undoes, the index and what the matching
    has read, is its own."""
    monkeypatch.setitem(app.config, "SEARCH_INDEX", str(tmp_path / "index"))
    monkeypatch.setitem(app.config, "MATCHING_WORDS", str(tmp_path / "words.npz"))
    matching.forget()
    with isolation(app):
        yield


@pytest.fixture
def session(app: Flask, isolated: None) -> Iterator[Session]:
    """The session in which a test makes its rows. Requests have their own: commit before them."""
    with app.app_context():
        yield db.session


@pytest.fixture
def client(app: Flask, isolated: None) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


@pytest.fixture
def cast(session: Session) -> Cast:
    """The people whom tests tell of."""
    cast = Cast()
    session.commit()
    return cast


@pytest.fixture
def as_(app: Flask, session: Session) -> Callable[[Person], PageClient]:
    """Return a browser signed in as a person of the cast: `as_(cast.innovator).get("/")`."""

    def signed_in(person: Person) -> PageClient:
        session.commit()
        return sign_in(app, person)

    return signed_in


@pytest.fixture
def statements(app: Flask) -> Iterator[Statements]:
    """Count SQL: `with statements.at_most(8): client.get(…)`."""
    with app.app_context():
        engine: Engine = db.engine
    counter = Statements(engine)
    yield counter
    counter.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the machine's own Chromium: nothing is downloaded. A process can have one Playwright."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI must test in a browser")
        pytest.skip("Chromium is not installed: install it to run the browser tests")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(QUIET)}
