"""The portal searches an index in PostgreSQL as it searches one in a folder."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.innovations.models import Sharing
from portal.search import services
from portal.search.indexing import opening
from tests import makers
from tests.cast import Cast
from tests.pages import PageClient
from tests.search.conftest import Look, counts, names


@pytest.fixture
def address(
    app: Flask, session: Session, database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The setting of this test: a database without an index."""
    url = database.replace("+psycopg", "")
    monkeypatch.setitem(app.config, "SEARCH_INDEX", url)
    yield url
    opening.let_go()


def test_an_index_in_postgresql_is_made_checked_searched_and_kept_up_to_date(
    app: Flask,
    cast: Cast,
    session: Session,
    address: str,
    look: Look,
    as_: Callable[..., PageClient],
) -> None:
    run = app.test_cli_runner()
    hidden = makers.innovation("Kiwi clinic", of=cast.innovator, sharing=Sharing.HINS)
    makers.innovation("Kiwi", of=cast.innovator, sharing=Sharing.PUBLIC)
    session.commit()
    missing = run.invoke(args=["search", "check"])
    assert (missing.exit_code, "flask search rebuild" in missing.output) == (1, True)
    assert names(look("kiwi")) == ["Kiwi"]  # by plain SQL
    rebuilt = run.invoke(args=["search", "rebuild"])
    assert "2 records are in the search index." in rebuilt.output
    assert run.invoke(args=["search", "check"]).exit_code == 0
    assert names(look("kiwi")) == names(look("kiwii")) == ["Kiwi"]
    assert names(look("kiwi", as_(cast.hin))) == ["Kiwi", "Kiwi clinic"]
    hidden.name = "Banana"
    session.commit()
    assert run.invoke(args=["search", "check"]).exit_code == 1
    while services.apply_waiting():
        session.commit()
    assert run.invoke(args=["search", "check"]).exit_code == 0
    assert names(look("banana", as_(cast.hin))) == ["Banana"]
    assert counts(look("banana"), "stage") == {}


def test_a_server_that_cannot_be_reached_is_no_error_page(
    app: Flask, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    monkeypatch.setitem(app.config, "SEARCH_INDEX", "postgresql://nobody@/nothing?host=/nowhere")
    makers.innovation("Kiwi", of=cast.innovator, sharing=Sharing.PUBLIC)
    session.commit()
    assert names(look("kiwi")) == ["Kiwi"]
