"""A database of every stored release is brought up to date with all that is in it.

`tests/upgrades` holds one small database for each; `tests/upgrades/make.py` stores the next one.
"""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import MetaData, create_engine, func, inspect, select, text

from portal.accounts.models import Membership, MembershipState, Role
from portal.accounts.rules import new_token
from portal.accounts.services import open_session
from portal.backups.services.moving import copy_rows
from portal.db import Base, db, migrations, reading
from portal.innovations.models import Innovation, RecordStatus
from portal.reference import services as reference
from tests.conftest import make_app
from tests.examples import ON_POSTGRESQL
from tests.migrated import AtRevision
from tests.pages import PageClient, client_with

FOLDER = Path(__file__).parents[1] / "upgrades"
RELEASES = sorted(path.name.removesuffix(".sql.gz") for path in FOLDER.glob("*.sql.gz"))
PAGES = ("/", "/home", "/innovations", "/search", "/challenges", "/account", "/exchange")
STAFF_PAGES = ("/support", "/pipeline", "/adoption", "/programmes", "/reports", "/figures")
MAY_SHRINK = {"figure_value", "attempt_count"}
"""What is only kept until it is counted anew."""


@contextmanager
def stored(release: str, migrated_to: AtRevision, folder: Path) -> Iterator[str]:
    """Yield the URL of a database as that release left it."""
    path = folder / "release.db"
    said = gzip.decompress((FOLDER / f"{release}.sql.gz").read_bytes()).decode()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(said)
    if not ON_POSTGRESQL:
        yield f"sqlite:///{path}"
        return
    with migrated_to(release, folder / "not-used") as url:
        engine, tables = create_engine(url), MetaData()
        with engine.begin() as target:
            tables.reflect(target)
            rows = [one for one in tables.sorted_tables if one.name != "alembic_version"]
            copy_rows(path=path, target=target, tables=rows)
        engine.dispose()
        yield url


def counts() -> dict[str, int]:
    """How many rows each table has that is there."""
    with reading():
        names = sorted(set(inspect(db.engine).get_table_names()) - {"alembic_version"})
        found = {
            name: db.session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
            for name in names
        }
        db.session.rollback()
    return found


def signed_in(app: Flask, role: Role) -> PageClient:
    """Return a browser of the first who acts in a role."""
    found = db.session.scalars(
        select(Membership)
        .where(Membership.role == role, Membership.state == MembershipState.ACTIVE)
        .order_by(Membership.id)
    ).first()
    assert found, role
    token = new_token()
    open_session(user=found.user, token=token, membership=found)
    uniquifier = found.user.fs_uniquifier
    db.session.commit()
    return client_with(app, uniquifier, token)


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_is_upgraded_with_all_that_is_in_it_and_its_pages_open(
    release: str, migrated_to: AtRevision, tmp_path: Path
) -> None:
    with stored(release, migrated_to, tmp_path) as url:
        app = make_app(url, tmp_path)
        app.test_client_class = PageClient
        with app.app_context():
            before = counts()
        with app.app_context():
            migrations.upgrade()
        with app.app_context():
            after = counts()
            lost = {
                name: (count, after[name])
                for name, count in before.items()
                if name in after and after[name] < count and name not in MAY_SHRINK
            }
            assert lost == {}
            with reading():
                assert [str(found) for found in migrations.compare_metadata()] == []
        with app.app_context():
            reference.load()
            db.session.commit()
            every_row_can_be_read()
            pages_open(app)
            db.engine.dispose()


def every_row_can_be_read() -> None:
    """Every value is one that its column's type knows, and no key leads nowhere."""
    with reading():
        for table in Base.metadata.sorted_tables:
            db.session.execute(select(table)).all()
        if not ON_POSTGRESQL:
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert db.session.scalar(select(func.count(Innovation.id)))
        db.session.rollback()


def pages_open(app: Flask) -> None:
    """The pages that lead everywhere open for one of each role, and a record."""
    record = db.session.scalars(
        select(Innovation.id).where(Innovation.status == RecordStatus.SUBMITTED)
    ).first()
    db.session.rollback()
    for role in Role:
        browser, staff = signed_in(app, role), role is not Role.INNOVATOR
        for page in (*PAGES, *(STAFF_PAGES if staff else ())):
            assert browser.get(page).status_code in {200, 302, 403}, (role, page)
    assert signed_in(app, Role.HIN).get(f"/innovations/{record}").status_code == 200
