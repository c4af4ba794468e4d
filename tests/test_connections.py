"""Connections keep as many statements prepared as the pages have."""

from sqlalchemy.orm import Session

from portal.connections import MAX_PREPARED, engine_options


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
