"""The programmes of the portal's own files, loaded once for a module."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.db import db
from portal.programmes.services.loading import load_all
from tests.adoption.conftest import field
from tests.conftest import isolation

__all__ = ["field", "loaded"]


@pytest.fixture(scope="module")
def loaded(app: Flask) -> Iterator[Flask]:
    """The application with the programmes, and what higher rooms say of them, loaded once; a test
    takes back what it writes."""
    with isolation(app):
        with app.app_context():
            load_all()
            db.session.commit()
        yield app
