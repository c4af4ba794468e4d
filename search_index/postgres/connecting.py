"""Connections to the server, borrowed and given back, and its errors in the engine's words."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from search_index.interface import IndexBusy, IndexUnusable, SearchError

Connection = psycopg.Connection[tuple[Any, ...]]
WAIT_SECONDS = 900
_DROP_SECONDS = 5
_LOCK = 7_245_190_331  # any number that nothing else in the database takes an advisory lock on


class Server:
    """A database at an address; safe for threads, and on the other side of a fork."""

    def __init__(self, url: str) -> None:
        """``url`` may name SQLAlchemy's driver; nothing is opened yet."""
        self._url = url.replace("+psycopg", "", 1)
        self._guard = threading.Lock()
        self._idle: list[Connection] = []
        self._process = os.getpid()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction in which every statement sees the same moment."""
        with self._transaction("REPEATABLE READ READ ONLY") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the only right to write; ``IndexBusy`` when it is not given."""
        with self._transaction("READ COMMITTED") as connection:
            connection.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'".encode())
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield connection

    def drop(self, tables: Iterable[str]) -> None:
        """Throw tables away one by one; those still read from are left to the next time.

        Locks on several at once would wait in a circle with a reader that goes from table to
        table.
        """
        for table in tables:
            with suppress(IndexBusy), self._transaction("READ COMMITTED") as connection:
                connection.execute(f"SET LOCAL lock_timeout = '{_DROP_SECONDS}s'".encode())
                connection.execute(f"DROP TABLE IF EXISTS {table}".encode())

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[Connection]:
        with _translated():
            connection = self._borrow()
            try:
                with connection.transaction():
                    connection.execute(f"SET TRANSACTION ISOLATION LEVEL {kind}".encode())
                    yield connection
            except BaseException:
                connection.close()
                raise
            with self._guard:
                self._idle.append(connection)

    def _borrow(self) -> Connection:
        with self._guard:
            if self._process != os.getpid():
                # A connection belongs to the process that opened it: forget, do not close.
                self._process, self._idle = os.getpid(), []
            while self._idle:
                connection = self._idle.pop()
                if not connection.closed:
                    return connection
        # Statements are not prepared: plans would hang on tables that a rebuild drops.
        connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=None)
        connection.execute("SET jit = off")
        return connection

    def close(self) -> None:
        """Let go of what is idle."""
        with self._guard:
            for connection in self._idle if self._process == os.getpid() else ():
                with suppress(psycopg.Error):
                    connection.close()
            self._idle = []


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise IndexBusy("Another process is writing to the search index.") from error
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
        raise IndexUnusable("The search index is not complete.") from error
    except psycopg.Error as error:
        raise SearchError(f"The search index could not be used: {error}.") from error
