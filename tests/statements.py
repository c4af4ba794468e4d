"""Count the SQL statements that a piece of work runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from portal.figures import listeners
from portal.figures.queries.kept import MARKS, ONCE

NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")


class Statements:
    """The statements that an engine ran, in order."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ran: list[str] = []
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            self.ran.append(statement)

    def stop(self) -> None:
        """Stop counting."""
        event.remove(self.engine, "before_cursor_execute", self._note)

    @contextmanager
    def at_most(self, limit: int) -> Iterator[None]:
        """Fail when the work inside runs more than `limit` statements; says which."""
        self.ran.clear()
        yield
        ran = list(self.ran)
        assert len(ran) <= limit, f"{len(ran)} statements, at most {limit}:\n" + "\n".join(ran)


def end_transaction(session: Session) -> None:
    """Do what the end of a transaction does for what is kept until a row changes: tests end
    none."""
    session.flush()
    listeners._mark(session.connection())
    session.info.pop(MARKS, None)
    session.info.pop(ONCE, None)
