"""The demonstration world, of which every worker has a copy; nobody changes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.db import db
from portal.demo.services import load
from tests.conftest import make_app
from tests.demonstration import demonstration, shared_folder
from tests.postgres import fresh_database
from tests.tables import fill


def loaded(database_url: str, folder: Path) -> Iterator[Flask]:
    """Yield an application over a database of its own into which the world is loaded anew."""
    with fresh_database(database_url, folder / "world.db") as url:
        app = make_app(url, folder, DEMO=True)
        with app.app_context():
            fill()
            assert load()
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def world(
    request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application over the demonstration as it was loaded, its jobs still waiting."""
    shared, folder = (
        shared_folder(request.config, tmp_path_factory),
        tmp_path_factory.mktemp("demo"),
    )
    with demonstration(shared, database_url, folder, "filled") as app:
        yield app
