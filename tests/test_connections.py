"""Connections keep as many statements prepared as the pages have."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.connections import MAX_PREPARED, engine_options
from portal.db import reading


def test_a_connection_keeps_the_statements_of_all_pages(session: Session) -> None:
    held = session.connection().connection.dbapi_connection
    if session.get_bind().dialect.name == "postgresql":
        assert held is not None
        assert held.prepared_max == MAX_PREPARED
    else:
        kept = engine_options("sqlite://")["connect_args"]
        assert kept == {"cached_statements": MAX_PREPARED}


def test_no_engine_tells_what_people_typed(session: Session) -> None:
    assert session.connection().engine.hide_parameters


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An engine over an empty PostgreSQL database, as the portal opens one."""
    found = create_engine(**engine_options(database))
    yield found
    found.dispose()


def prepared(connection: Connection) -> int:
    """How many statements the database holds prepared for a connection."""
    return connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()


def test_what_only_read_leaves_its_statements_prepared(engine: Engine) -> None:
    with engine.connect() as connection, reading():
        for _ in range(7):  # psycopg prepares what was run five times
            connection.execute(text("SELECT 1 AS read_often"))
        connection.rollback()
        assert prepared(connection) > 0


def test_what_wrote_while_only_reading_was_asked_for_is_taken_back(engine: Engine) -> None:
    with engine.connect() as connection, reading():
        connection.execute(text("CREATE TABLE taken_back (id integer)"))
        connection.rollback()
        is_there = text("SELECT to_regclass('taken_back')")
        assert connection.execute(is_there).scalar_one() is None


def test_what_failed_while_reading_ends(engine: Engine) -> None:
    with engine.connect() as connection, reading():
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT 1 / 0"))
        connection.rollback()
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
