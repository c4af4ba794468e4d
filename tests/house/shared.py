"""The world of the table of access, with what is for few planted in it: made once in a run, copied
by every worker.

Making it takes a quarter of a minute of one core, and five files of tests need it in every worker.
What is read from it, such as the forms on its pages, is the same for all workers too.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal.accounts.models import UserSession
from portal.accounts.models.tokens import TokenScope
from portal.accounts.rules import hashed
from portal.accounts.services import open_session
from portal.clock import now
from portal.db import db
from tests import world
from tests.api.conftest import token_of
from tests.cast import Cast
from tests.conftest import make_app
from tests.house.planted import plant
from tests.pages import PageClient
from tests.postgres import dump, fresh_database, restore
from tests.tables import fill
from tests.together import once


@dataclass
class SharedWorld:
    """What a test must know of the world: its rows by name, and how everybody is signed in."""

    names: dict[str, object]
    cookies: dict[str, list[str]]
    """The two values that the cookie of each person holds."""
    tokens: dict[str, str]
    """A token of the API for each person, good for everything."""
    memberships: dict[str, int]
    """For whom each person acts, by its id."""


@contextmanager
def house_world(
    shared: Path, database_url: str, folder: Path
) -> Iterator[tuple[Flask, SharedWorld]]:
    """Yield an application over a copy of the world, with all its files in `folder`."""
    kept = shared / "world"
    told = SharedWorld(**once(shared, "told", lambda: asdict(_make(kept, database_url, folder))))
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    with fresh_database(database_url, folder / "world.db") as url:
        restore(url, folder)
        app = _app(url, folder)
        yield app, told
        _let_go(app)


def _make(kept: Path, database_url: str, folder: Path) -> SharedWorld:
    workplace = folder.with_name(f"{folder.name}-made")
    workplace.mkdir()
    with fresh_database(database_url, workplace / "world.db") as url:
        app = _app(url, workplace)
        with app.app_context():
            fill()
            told = _build()
            db.session.commit()
            plant(told.names)
        _let_go(app)
        dump(url, workplace)
    workplace.rename(kept)
    return told


def _build() -> SharedWorld:
    cast = Cast()
    told = SharedWorld(world.build(cast), {}, {}, {})
    for kind in Cast.KINDS:
        person = getattr(cast, kind)
        open_session(user=person.user, token=kind, membership=person.membership)
        # A run lasts longer than an idle administrator stays signed in, or a proof holds.
        session = db.session.scalars(select(UserSession).filter_by(token_hash=hashed(kind))).one()
        session.seen_at = session.proved_at = now() + timedelta(days=1)
        told.cookies[kind] = [person.user.fs_uniquifier, kind]
        told.tokens[kind] = token_of(person, *TokenScope)
        told.memberships[kind] = person.membership.id
    return told


def _app(url: str, folder: Path) -> Flask:
    app = make_app(url, folder)
    app.test_client_class = PageClient
    return app


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
    app.extensions["portal-jobs"].huey.storage.close()
