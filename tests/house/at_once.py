"""The world of the walk in a PostgreSQL database of its own, for several who do the same at once.

What the walk made is seen by its one connection alone, so its rows are copied: the ids, and with
them every form that was read, stay as they are.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, func, literal, select, text, union_all
from werkzeug.datastructures import MultiDict

from portal.db import Base, db, go_on_counting
from tests.conftest import make_app
from tests.house.conftest import Walk
from tests.pages import PageClient

SEVERAL = 4
WORK, STORED = "at_once", "at_once_stored"


class AtOnce:
    """An application on a copy of the walk's world, which can be put back to how it was."""

    def __init__(self, walk: Walk, server: str) -> None:
        """`server` is the address of the server's own database "postgres"."""
        self.walk = walk
        self._server = create_engine(server, isolation_level="AUTOCOMMIT")
        self._url = server.replace("/postgres?", f"/{WORK}?")
        self.app = self._app()
        self.is_touched = True

    def _app(self) -> Flask:
        self._run(f"CREATE DATABASE {STORED}")
        stored = create_engine(self._url.replace(WORK, STORED))
        Base.metadata.create_all(stored)
        _copy(self.walk.connection, stored)
        stored.dispose()
        app = make_app(self._url, Path(self.walk.app.instance_path))
        app.test_client_class = PageClient
        return app

    def _run(self, *statements: str) -> None:
        with self._server.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def put_back(self) -> None:
        """Make the database as the walk's is, if anything was done in it since."""
        if self.is_touched:
            with self.app.app_context():
                db.engine.dispose()
            drop = f"DROP DATABASE IF EXISTS {WORK} WITH (FORCE)"
            self._run(drop, f"CREATE DATABASE {WORK} TEMPLATE {STORED} STRATEGY FILE_COPY")
        self.is_touched = False

    def post(self, person: str, action: str, data: MultiDict[str, str]) -> list[str]:
        """Let `person` send the same from several browsers at once; returns what each got: the
        code with where it leads, or the name of an error that no page answered."""
        self.put_back()
        together = Barrier(SEVERAL)

        def send(_number: int) -> str:
            browser = self.app.test_client()
            if person != "anonymous":
                cookie = self.walk.browser(person).get_cookie("session")
                assert cookie is not None
                browser.set_cookie("session", cookie.value)
            together.wait()
            try:
                answer = browser.post(action, data=data)
            except Exception as problem:  # noqa: BLE001 - whatever a server answers by 500
                return f"{type(problem).__name__}: {str(problem)[:200]}"
            return f"{answer.status_code} {answer.location or ''}".strip()

        with ThreadPoolExecutor(SEVERAL) as pool:
            got = list(pool.map(send, range(SEVERAL)))
        self.is_touched = any(one[:3] not in {"400", "403", "404"} for one in got)
        return got

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.app.app_context(), db.engine.connect() as connection:
            return counts(connection)

    def close(self) -> None:
        """Let go of the databases."""
        with self.app.app_context():
            db.engine.dispose()
        self._run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (WORK, STORED)))
        self._server.dispose()


@contextmanager
def several_at_once(walk: Walk) -> Iterator[AtOnce]:
    """Yield the world of the walk for several at once."""
    own = walk.connection.engine.url.render_as_string(hide_password=False)
    found = AtOnce(walk, own)
    try:
        yield found
    finally:
        found.close()


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has, by one statement."""
    each = [
        select(literal(table.name), func.count()).select_from(table)
        for table in Base.metadata.tables.values()
    ]
    return {row[0]: row[1] for row in connection.execute(union_all(*each))}


def _copy(source: Connection, target: Engine) -> None:
    """Copy every row, and where each sequence stands."""
    with target.connect() as connection:
        # References are as sound as they were: no need to find an order.
        connection.execute(text("SET session_replication_role = replica"))
        read = source.connection.driver_connection.cursor()
        write = connection.connection.driver_connection.cursor()
        for table in Base.metadata.tables.values():
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            with (
                read.copy(f'COPY "{table.name}" ({names}) TO STDOUT (FORMAT BINARY)') as rows,
                write.copy(f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)') as copy,
            ):
                for row in rows:
                    copy.write(row)
        go_on_counting(connection, Base.metadata.sorted_tables)
        connection.commit()
