"""The gallery application, and forms of one field."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Field

from portal.web.forms import PortalForm
from tests.pages import PageClient
from tests.web.gallery import make_app

Ask = Callable[..., Field]


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The page of everything, without tokens."""
    folder = str(tmp_path_factory.mktemp("gallery"))
    app = make_app(folder, WTF_CSRF_ENABLED=False, DEMO=True)
    app.test_client_class = PageClient
    return app


@pytest.fixture
def visitor(gallery: Flask) -> PageClient:
    """Somebody who is not signed in."""
    return gallery.test_client()


@pytest.fixture
def ask(gallery: Flask) -> Iterator[Ask]:
    """Return a field after it was sent: ``ask(TextField("Name"), "typed")``.

    A dict gives other inputs than ``answer``, such as the parts of a date.
    """

    def sent(unbound: Any, typed: Any = None, **made_with: Any) -> Field:
        class OneField(PortalForm):
            answer = unbound

        if typed is None:
            data: Any = None
        else:
            data = MultiDict(typed if isinstance(typed, dict) else {"answer": typed})
        form = OneField(formdata=data, data=made_with)
        if data is not None:
            form.validate()
        return form.answer

    with gallery.test_request_context("/"):
        yield sent
