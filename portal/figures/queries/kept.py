"""Keep what was counted until a row of a table that it read changes.

An answer is kept in this process with the tables that its statements read and the marks that these
had before (`figures.listeners` writes a new mark with every change). Whoever changed one of them
in a transaction that is not over yet is answered from the rows.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.db import Base, db
from portal.figures.models import FigureChange
from portal.figures.queries import first_day, freeze_of, frozen_values
from portal.figures.rules import FigureSet, Period, Value, sets
from portal.reference.rules import Quarter

CHANGED = "figures_changed"
"""Under this name a connection holds the tables that its transaction changed."""
MARKS = "figures_marks"
"""Under this name a session holds the marks that it read."""
ONCE = "read_once"
"""Under this name a session holds what it reads once for a transaction."""
QUIET = frozenset(
    {"user_session", "sent_form", "kept_form", "used_state", "attempt_count", "security_event"}
    | {"job", "email", "notification", "audit_event", "audit_words", "audit_seal"}
    | {"api_request", "api_change", "search_mark", "search_click", "search_count", "search_gap"}
    | {
        "index_change",
        "saved_search_result",
        "view_email",
        "figure_change",
        "visit_mark",
        "visit_salt",
    }
)
"""Tables of bookkeeping that are written all the time and get no mark: what reads one is not
kept."""
MAX_KEPT = 400
"""So many answers at most: some fifteen quarters of every set, several days."""
MAX_PAGES = 200
"""So many pages of strangers at most, beside them."""
_MARKS = select(FigureChange.table_name, FigureChange.mark)
_READ = re.compile(r"(?:\bFROM|\bJOIN|,)\s+\"?(\w+)")
_reading: ContextVar[set[str] | None] = ContextVar("figures_reading", default=None)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was counted, with the marks of the tables that were read."""

    marks: Mapping[str, str]
    value: Any


_answers: OrderedDict[tuple[object, ...], _Answer] = OrderedDict()
_pages: OrderedDict[tuple[object, ...], _Answer] = OrderedDict()


@event.listens_for(Session, "after_transaction_end")
def _forget_marks(session: Session, transaction: Any) -> None:
    """The marks that were read, and what is read once, hold for one transaction."""
    if transaction.parent is None:
        session.info.pop(MARKS, None)
        session.info.pop(ONCE, None)


class FigureCache:
    """What is kept of figures and of pages: the marks of tables are read once for a transaction."""

    @property
    def marks(self) -> Mapping[str, str]:
        """Return the marks, read before anything is counted under them."""
        if MARKS not in db.session.info:
            rows = db.session.execute(_MARKS)
            db.session.info[MARKS] = dict(rows.all())
        found: Mapping[str, str] = db.session.info[MARKS]
        return found

    def counted(self, one: FigureSet, period: Period) -> tuple[Value, ...]:
        """Return the values of a set's figures, as the rows stand."""
        key = (one.heading, period.quarter, period.today, period.as_of)
        found: tuple[Value, ...] = self.answer(key, lambda: tuple(one.count(period)))
        return found

    def live(self, quarter: Quarter, today: date) -> list[Value]:
        """Return every figure of a quarter, of every HIN and the nation, as the rows stand."""
        period = Period(quarter, today)
        return [value for one in sets() for value in self.counted(one, period)]

    def first_day(self) -> date | None:
        """Return the day of the oldest row that counts."""
        found: date | None = self.answer(("first day",), first_day)
        return found

    def labels(self) -> dict[str, str]:
        """Return what the groups of figures are called, but for people."""
        found = [self.answer(("labels", one.heading), one.labels) for one in sets()]
        return {group: label for labels in found for group, label in labels.items()}

    def frozen(self, quarter: Quarter) -> tuple[datetime | None, tuple[Value, ...]]:
        """Return when a quarter was frozen and its figures; None and nothing where it was not."""
        found: tuple[datetime | None, tuple[Value, ...]] = self.answer(
            ("frozen", quarter), lambda: _frozen(quarter)
        )
        return found

    def page(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Return the text of a page as the rows stand; what is no text is made each time."""
        return self._keep(_pages, MAX_PAGES, key, make, is_kept=lambda made: isinstance(made, str))

    def answer(self, key: tuple[object, ...], count: Callable[[], Any]) -> Any:
        """Return what is counted under a key, as the rows stand: the same for every reader."""
        return self._keep(_answers, MAX_KEPT, key, count, is_kept=lambda _value: True)

    def settled(self, key: tuple[object, ...], read: Callable[[], Any]) -> Any:
        """Return the same of what takes one statement: no mark is looked at for whoever changed
        anything in a transaction that is not over yet."""
        return read() if _unfinished() else self.answer(key, read)

    def once(self, key: tuple[object, ...], read: Callable[[], Any]) -> Any:
        """Return what takes one statement, read once for a transaction however many ask; each time
        for whoever changed anything in it."""
        if _unfinished():
            return read()
        found: dict[tuple[object, ...], Any] = db.session.info.setdefault(ONCE, {})
        if key not in found:
            found[key] = read()
        return found[key]

    def _keep(
        self,
        store: OrderedDict[tuple[object, ...], _Answer],
        most: int,
        key: tuple[object, ...],
        make: Callable[[], Any],
        *,
        is_kept: Callable[[Any], bool],
    ) -> Any:
        key = (str(db.engine.url), *key)
        found, before = store.get(key), self.marks
        if found is not None and found.marks == self._of(found.marks):
            store.move_to_end(key)
            _note(found.marks)
            return found.value
        with tables_read() as tables:
            value = make()
        if is_kept(value) and not tables & QUIET and not tables & _unfinished():
            store[key] = _Answer({name: before.get(name, "-") for name in tables}, value)
            while len(store) > most:
                store.popitem(last=False)
        return value

    def _of(self, tables: Iterable[str]) -> Mapping[str, str]:
        """Return the marks of tables; none is right for those that this transaction changed."""
        unfinished = _unfinished()
        return {name: "" if name in unfinished else self.marks.get(name, "-") for name in tables}


def _frozen(quarter: Quarter) -> tuple[datetime | None, tuple[Value, ...]]:
    freeze = freeze_of(quarter)
    return (freeze.frozen_at, tuple(frozen_values(freeze))) if freeze else (None, ())


def _unfinished() -> set[str]:
    """Return the tables that the transaction of this session changed so far."""
    found: set[str] = db.session.connection().info.get(CHANGED, set())
    return found


@contextmanager
def tables_read() -> Iterator[set[str]]:
    """Gather the tables that statements inside read; whoever gathers around it gathers them too."""
    found: set[str] = set()
    token = _reading.set(found)
    try:
        yield found
    finally:
        _reading.reset(token)
        _note(found)


def note_read(statement: str) -> None:
    """Note the tables that a statement names, where somebody gathers them. The marks are none of
    them: they are looked at to keep, not to answer."""
    if _reading.get() is not None:
        named = Base.metadata.tables.keys() & set(_READ.findall(statement))
        _note(named - {FigureChange.__tablename__})


def _note(tables: Iterable[str]) -> None:
    gathered = _reading.get()
    if gathered is not None:
        gathered.update(tables)


def forget() -> None:
    """Keep nothing any longer."""
    _answers.clear()
    _pages.clear()
