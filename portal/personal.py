"""Where people stand in the tables, and how long that is kept: what each room says of its own.

A room lists its tables as `Place`s and its rules as `Retention`s in its `privacy.py`;
`room_rows.py` names the lists. Erasing a person, giving them what is held about them, the nightly
clearing and the privacy page all follow them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select

from portal.db import Base, db


@dataclass(frozen=True, slots=True)
class Place:
    """What the text columns of one table hold about people; columns as words in one string.

    Columns that refer to a person need no entry: the foreign keys say it, and they stay.
    """

    table: str
    what: str = ""
    """What its rows are called on pages; the table's own name where nothing better is said."""
    names: str = ""
    """A person's name and nothing else."""
    addresses: str = ""
    """An email address and nothing else."""
    typed: str = ""
    """What people type: it may name somebody."""
    plain: str = ""
    """Codes, addresses of pages, names of places: nothing about a person."""
    hidden: str = ""
    """Hashes and keys: nothing to read, and given out to nobody."""
    theirs: str = ""
    """The column of the person to whom alone a row belongs: it is deleted with them."""
    files: str = ""
    """The room of the kept files that its rows name in the column `stored`."""
    made: str = ""
    """The same where the portal made the files itself: they are no part of a person's copy."""
    holds_copies: bool = False
    """Whether those files hold what stands in other tables: they all go when anybody is erased."""
    stays: str = ""
    """Why no row of it leaves the portal in an export; "" where its rows leave."""
    held_back: str = ""
    """Columns that no export has, beside the hidden ones: of no use in another portal."""
    kept_whole: str = ""
    """Those of the hidden columns that an export has all the same: without them nobody can hold
    the row against what it says of itself, and they open nothing."""

    @property
    def columns(self) -> set[str]:
        """Every column that is declared."""
        said = (self.names, self.addresses, self.typed, self.plain, self.hidden)
        return {name for words in said for name in words.split()}

    @property
    def searched(self) -> tuple[str, ...]:
        """The columns in which a person may stand in words."""
        return tuple(f"{self.names} {self.addresses} {self.typed}".split())

    @property
    def secret(self) -> set[str]:
        """The columns that are in no export."""
        return set(f"{self.hidden} {self.held_back}".split()) - set(self.kept_whole.split())

    @property
    def source(self) -> Table:
        """The table."""
        return Base.metadata.tables[self.table]

    @property
    def label(self) -> str:
        """What its rows are called."""
        return self.what or self.table.replace("_", " ")

    @property
    def person_columns(self) -> tuple[str, ...]:
        """The columns that refer to a person's account."""
        keys = self.source.foreign_keys
        return tuple(key.parent.name for key in keys if key.column.table.name == "user")


ERASING = "a person's words are being rewritten"
"""In the session's `info` while that is done: what else tells the same fact is rewritten by its own
place, and nothing new happened."""

Forget = Callable[[datetime, int], int]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one kind of thing is kept, why, and what happens to it then."""

    code: str
    what: str
    why: str
    done: str
    """What happens when the time is over: "deleted"."""
    days: int
    floor: int
    """Administrators may set as few days as this."""
    ceiling: int
    forget: Forget = field(repr=False)
    """Do it to at most so many of what is older than a moment; returns to how many it was done."""
    count: Callable[[datetime], int] = field(repr=False)
    """Return to how many it would be done."""

    @property
    def is_fixed(self) -> bool:
        """Whether administrators cannot choose the days."""
        return self.floor == self.ceiling


Condition = Callable[[datetime], ColumnElement[bool]]


def deleting(model: type[Base], condition: Condition) -> dict[str, Callable[..., int]]:
    """Return `forget` and `count` of a rule that deletes the rows of a table for which it holds."""
    key = Base.metadata.tables[model.__tablename__].primary_key.columns[0]

    def forget(before: datetime, limit: int) -> int:
        old = db.session.scalars(select(key).where(condition(before)).limit(limit)).all()
        if old:
            db.session.execute(delete(model).where(key.in_(old)))
        return len(old)

    return {"forget": forget, "count": _counting(model, condition)}


def changing(
    model: type[Base], condition: Condition, change: Callable[[Any], None]
) -> dict[str, Callable[..., int]]:
    """Return `forget` and `count` of a rule that changes the rows for which it holds, so that it
    holds for them no more."""

    def forget(before: datetime, limit: int) -> int:
        old = db.session.scalars(select(model).where(condition(before)).limit(limit)).all()
        for row in old:
            change(row)
        db.session.flush()
        return len(old)

    return {"forget": forget, "count": _counting(model, condition)}


def _counting(model: type[Base], condition: Condition) -> Callable[[datetime], int]:
    def count(before: datetime) -> int:
        found = select(func.count()).select_from(model).where(condition(before))
        return db.session.scalar(found) or 0

    return count


@dataclass(frozen=True, slots=True)
class AddressReaders:
    """Who may read an email address that stands somewhere, in words for the person whose it is."""

    whose: str
    """"The address of …"."""
    readers: Sequence[str]


_places: tuple[Place, ...] = ()
_readers: tuple[AddressReaders, ...] = ()
_retention: tuple[Retention, ...] = ()


def come_from(
    places: Iterable[Place], retention: Iterable[Retention], readers: Iterable[AddressReaders]
) -> None:
    """Follow these from now on: the rooms' own, named in `room_rows.py`."""
    global _places, _retention, _readers  # set once, at start
    _places, _retention, _readers = tuple(places), tuple(retention), tuple(readers)


def places() -> Sequence[Place]:
    """Return every table in which people may stand, as the rooms declare them."""
    return _places


def retention() -> Sequence[Retention]:
    """Return every rule of how long something is kept."""
    return _retention


def address_readers() -> Sequence[AddressReaders]:
    """Return who may read whose email address."""
    return _readers
