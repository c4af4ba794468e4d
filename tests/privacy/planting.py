"""Plant a person in every column of every table that may hold one, and look for them everywhere."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Enum, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import SYSTEM, Actor, User
from portal.adoption.models import Sheet
from portal.adoption.services import lists
from portal.audit import services as audit
from portal.clock import today
from portal.db import Base, UTCDateTime, db
from portal.files import keep
from portal.innovations.models import Innovation
from portal.jobs import JobState
from portal.personal import Place, places
from portal.reference.rules import Quarter
from tests import makers
from tests.cast import Cast

NAME = "Pétra Quillfeather-Oduya"
ADDRESS = "petra.quillfeather@planted.example"
SENTENCE = f"Ask {NAME} (or {ADDRESS.upper()}) about {NAME.lower()}'s notes"
OWN_STEP = {"user", "membership", "audit_event", "audit_words", "innovation"}


def plant(cast: Cast) -> User:
    """Return a colleague of the innovator who stands everywhere."""
    person = makers.user(NAME, email=ADDRESS, password="hash", tf_totp_secret="secret")
    makers.membership(person, cast.innovator.organisation)
    record = makers.innovation("Quill", of=cast.innovator)
    record.owner = person
    for name in next(one for one in places() if one.table == "innovation").typed.split():
        setattr(record, name, SENTENCE)
    audit.note(record, "praised", SENTENCE, by=cast.hin.actor, changes={"why": ["", SENTENCE]})
    audit.note(record, "looked_at", "looked", by=_acting(person))
    db.session.flush()
    _two_of_a_kind(record, cast)
    for place in places():
        if place.table not in OWN_STEP and (place.searched or place.person_columns):
            _plant_row(place, person)
    db.session.flush()
    return person


def _two_of_a_kind(record: Innovation, cast: Cast) -> None:
    """Make rows that are about a record or a group, and never about neither: into these the person
    is written."""
    eligible = lists.make_list(name="Trusts", innovation=record, by=cast.national.actor)
    hin_id, quarter_on = cast.hin.actor.hin_id or 0, Quarter.of(today()).first
    makers.put(Sheet(list_id=eligible.id, innovation=record, hin_id=hin_id, quarter_on=quarter_on))


def _acting(person: User) -> Any:
    return Actor(user_id=person.id, name=person.name)


def _plant_row(place: Place, person: User) -> None:
    values = _values(place, person)
    try:
        with db.session.begin_nested():
            db.session.execute(insert(place.source).values(**values))
    except IntegrityError:  # the test's world has one already, and may have no second
        told = set(place.person_columns) | set(place.searched)
        key = next(iter(place.source.primary_key.columns))
        first = select(key).limit(1).scalar_subquery()
        done = db.session.execute(
            update(place.source)
            .where(key == first)
            .values(**{name: value for name, value in values.items() if name in told})
        )
        assert done.rowcount == 1, place.table


def _values(place: Place, person: User) -> dict[str, Any]:
    every = {column.name: _value(place, column, person) for column in place.source.columns}
    return {name: value for name, value in every.items() if value is not None}


def _value(place: Place, column: Any, person: User) -> Any:
    keys = [key.column.table for key in column.foreign_keys]
    if keys:
        if keys[0].name == "user":
            return person.id
        is_wanted = not column.nullable or column.name == "programme_id"  # an estimate is of one
        return None if not is_wanted else _first(keys[0], newest=column.name != "to_hin_id")
    said = _said(place, column)
    is_numbered = column.primary_key and column.name == "id"
    return said if said is not None or column.nullable or is_numbered else _filler(column)


def _said(place: Place, column: Any) -> Any:
    if column.name in place.names.split():
        return NAME
    if column.name in place.addresses.split():
        return ADDRESS
    if column.name in place.typed.split():
        return _typed(column)
    if place.files and column.name in {"stored", "media_type"}:
        return "text/plain" if column.name == "media_type" else _file(place.files)
    return None


def _typed(column: Any) -> Any:
    if not isinstance(column.type, JSON):
        return SENTENCE
    said = {"said": [SENTENCE]}
    return said if column.name in {"arguments", "draft"} else [said]


def _file(room: str) -> str:
    return keep(io.BytesIO(SENTENCE.encode()), f"{NAME}.txt", room=room, by=SYSTEM).stored


def _first(table: Table, *, newest: bool = True) -> int:
    key = next(iter(table.primary_key.columns))
    found = db.session.scalar(select(key).order_by(key.desc() if newest else key).limit(1))
    if found is None:
        place = next(one for one in places() if one.table == table.name)
        _plant_row(place, db.session.scalars(select(User).where(User.email == ADDRESS)).one())
        return _first(table)
    number: int = found
    return number


def _filler(column: Any) -> Any:
    if column.table.name == "job" and column.name == "state":
        return JobState.DONE  # nobody runs it
    if column.name == "run_length":
        return 7  # one of two that the table takes
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class))
    if isinstance(column.type, JSON):
        return {}
    if isinstance(column.type, UTCDateTime):
        return datetime(2026, 1, 1, tzinfo=UTC)
    kinds: dict[type, Any] = {
        str: f"filler {column.name}",
        int: 1,
        float: 1.0,
        bool: False,
        bytes: b"x",
        Decimal: Decimal(1),
        date: date(2026, 1, 1),
    }
    return kinds[column.type.python_type]


def found_in_tables() -> list[str]:
    """Return "table.column" wherever the person still stands."""
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for value in db.session.scalars(select(column))
        if stands_in(_as_text(value))
    ]


def _as_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str)


def stands_in(text: str) -> bool:
    """Whether a text tells of the person; any of the rare words of the name is enough."""
    lowered = text.lower()
    return any(word in lowered for word in ("quillfeather", "oduya", "planted.example", "pétra"))


def found_in_files(*folders: str) -> list[str]:
    """Return the files below folders in which the person stands: by name or content."""
    return [str(path) for path in _paths(*folders) if stands_in(_content(path))]


def _content(path: Path) -> str:
    return f"{path.name} {path.read_bytes().decode('utf-8', 'replace')}"


def _paths(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in Path(folder).rglob("*") if path.is_file())


DERIVED = {
    "api_change",
    "index_change",
    "match_run",
    "suggestion",
    "similar_challenge",
    "new_match",
}
"""Tables made anew from the others."""
TRAIL = {"audit_event", "audit_words", "audit_seal"}
WORK = {"email", "job", "data_copy", "innovation_key"}
CHANGING = {"version", "changed_at", "words_erased_at"}


def counted() -> dict[str, list[str]]:
    """Return every row that must stay as it is, without what may name somebody: whatever counts
    rows, sums or dates counts the same as long as these are equal."""
    gone = (
        {place.table for place in places() if place.theirs or place.holds_copies}
        | DERIVED
        | TRAIL
        | WORK
    )
    return {
        place.table: _rows(place)
        for place in places()
        if place.table not in gone | {"user", "membership"}
    }


def _rows(place: Place) -> list[str]:
    kept = [c for c in place.source.columns if c.name not in {*place.searched, *CHANGING}]
    return sorted(str(row) for row in db.session.execute(select(*kept))) if kept else []
