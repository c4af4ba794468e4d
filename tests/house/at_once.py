"""The world of the walk in a PostgreSQL database of its own, for several who do the same at once.

What the walk made is seen by its one connection alone, so its rows are copied: the ids, and with
them every form that was read, stay as they are.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

from sqlalchemy import Connection, Engine, text
from werkzeug.datastructures import MultiDict

from portal.db import Base, db, go_on_counting
from tests.conftest import make_app
from tests.house.conftest import Walk
from tests.pages import PageClient
from tests.postgres import fresh_database

SEVERAL = 4
STORED = "stored"
"""The schema that holds every row as the walk has it."""

LARGE = {"site", "term", "bank_holiday", "directory_site"}
"""Reference data that forms add to and never change: counted is enough, and quicker."""


class AtOnce:
    """An application on a copy of the walk's world, which can be put back to how it was."""

    def __init__(self, walk: Walk, url: str) -> None:
        """`url` is the address of an empty database."""
        self.walk = walk
        self.app = make_app(url, Path(walk.app.instance_path))
        self.app.test_client_class = PageClient
        with self.app.app_context():
            self._engine = db.engine
        Base.metadata.create_all(self._engine)
        _copy(walk.connection, self._engine)
        with self._engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {STORED}"))
            for name in Base.metadata.tables:
                connection.execute(text(f'CREATE TABLE {STORED}."{name}" AS TABLE "{name}"'))
            self._before = states(connection)

    def put_back(self) -> None:
        """Make the rows as the walk's are, where anything was done to them since."""
        with self._engine.begin() as connection:
            now = states(connection)
            # Neither references nor the trail's own triggers hold this up.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in [one for one in now if now[one] != self._before[one]]:
                connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608 - our own names
                again = f'INSERT INTO "{name}" TABLE {STORED}."{name}"'
                connection.execute(text(again))

    def post(self, person: str, action: str, data: MultiDict[str, str]) -> list[str]:
        """Let `person` send the same from several browsers at once; returns what each got: the
        code with where it leads, or the name of an error that no page answered."""
        self.put_back()
        together = Barrier(SEVERAL, timeout=60)

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
            return list(pool.map(send, range(SEVERAL)))

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        with self._engine.connect() as connection:
            return {name: count for name, (count, _) in states(connection).items()}


@contextmanager
def several_at_once(walk: Walk) -> Iterator[AtOnce]:
    """Yield the world of the walk for several at once."""
    own = walk.connection.engine.url.render_as_string(hide_password=False)
    with fresh_database(own, Path()) as url:
        found = AtOnce(walk, url)
        yield found
    with found.app.app_context():
        db.engine.dispose()


def states(connection: Connection) -> dict[str, tuple[int, int]]:
    """How many rows each table has, and a sum of what stands in them, by one statement."""
    sums = "coalesce(sum(hashtext(one::text)), 0)"
    each = [
        f"SELECT '{name}', count(*), {'0' if name in LARGE else sums} FROM \"{name}\" one"  # noqa: S608
        for name in Base.metadata.tables
    ]
    found = connection.execute(text(" UNION ALL ".join(each)))
    return {row[0]: (row[1], int(row[2])) for row in found}


def _copy(source: Connection, target: Engine) -> None:
    """Copy every row, and where each sequence stands."""
    with target.connect() as connection:
        # References are as sound as they were: no need to find an order.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
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
