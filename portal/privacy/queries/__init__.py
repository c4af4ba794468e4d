"""Read where one person stands: the rows that refer to them, and those whose words name them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from portal.accounts.models import Actor, Membership, Organisation, User
from portal.accounts.policy import can_administer
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.personal import Place, places
from portal.privacy.models import DataCopy
from portal.privacy.policy import can_copy
from portal.privacy.rules import Person, in_json, is_telling, label_of
from portal.text import folded


@dataclass(frozen=True, slots=True)
class Standing:
    """How often a person stands in one table."""

    label: str
    rows: int
    is_deleted: bool
    """Whether erasing deletes the rows; otherwise they stay, and only the number refers to them."""


def user_for(actor: Actor, user_id: int) -> User:
    """Return a person for an administrator; raises Forbidden for others, NotFound."""
    if not can_administer(actor):
        raise Forbidden("Only administrators may see this page.")
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def person_of(user: User) -> Person:
    """Return the person as they stand in words."""
    others = db.session.scalars(select(User.name).where(User.id != user.id, User.name != ""))
    is_shared = folded(user.name) in {folded(name) for name in others}
    return Person(
        user_id=user.id,
        name=user.name,
        address=user.email,
        label=label_of(_last_organisation(user.id)),
        is_name_theirs=is_telling(user.name) and not is_shared,
    )


def _last_organisation(user_id: int) -> str:
    found = (
        select(Organisation.name)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.id.desc())
        .limit(1)
    )
    return db.session.scalar(found) or ""


def refers(place: Place, user_id: int) -> ColumnElement[bool]:
    """SQL for "the row refers to the person by id"."""
    columns = [place.source.c[name] == user_id for name in place.person_columns]
    if place.table == "user":
        columns.append(place.source.c.id == user_id)
    return or_(false(), *columns)


def is_addressed(place: Place, address: str) -> ColumnElement[bool]:
    """SQL for "the row is about the person's address"."""
    columns = [func.lower(place.source.c[name]) == address for name in place.addresses.split()]
    return or_(false(), *columns)


def held(place: Place, person: Person) -> Select[Any]:
    """Return the rows of a table that are held about a person: those that refer to them or to their
    address, in order; with them those of the table above that hang on theirs (files)."""
    source = place.source
    wanted = refers(place, person.user_id) | is_addressed(place, person.address.casefold())
    if place.files:
        wanted |= _hangs_on_theirs(place, person.user_id)
    if place.table == "audit_words":
        wanted |= _words_of_theirs(person.user_id)
    return select(source).where(wanted).order_by(*source.primary_key.columns)


def _hangs_on_theirs(place: Place, user_id: int) -> ColumnElement[bool]:
    """SQL for "the row that this one hangs on refers to the person": whose message a file is."""
    found: list[ColumnElement[bool]] = [false()]
    for key in place.source.foreign_keys:
        above = next((one for one in places() if one.table == key.column.table.name), None)
        if above is not None:
            theirs = select(key.column).where(refers(above, user_id))
            found.append(key.parent.in_(theirs))
    return or_(*found)


def _words_of_theirs(user_id: int) -> ColumnElement[bool]:
    by_name = {place.table: place.source for place in places()}
    events, words = by_name["audit_event"], by_name["audit_words"]
    about = (events.c.noun == "user") & (events.c.noun_id == user_id)
    theirs = select(events.c.id).where((events.c.actor_id == user_id) | about)
    return words.c.event_id.in_(theirs)


def naming(place: Place, person: Person) -> ColumnElement[bool]:
    """SQL for "the words of the row may name the person": a little too many are found."""
    found: list[ColumnElement[bool]] = [refers(place, person.user_id)]
    needles = {form for one in person.needles for form in (one, in_json(one))}
    for column in (place.source.c[name] for name in place.searched):
        text = func.lower(cast(column, Text))
        found += [text.contains(needle.lower(), autoescape=True) for needle in needles]
        # SQLite lowers ASCII alone: a name with accents is looked for as it is written, too.
        found += [cast(column, Text).contains(needle, autoescape=True) for needle in needles]
    return or_(*found)


def standings(person: Person) -> list[Standing]:
    """Return in which tables a person stands, and how often: where most, first."""
    found = [row for row in _standings(person) if row.rows]
    return sorted(found, key=lambda row: (-row.rows, row.label))


def _standings(person: Person) -> Iterator[Standing]:
    """Count in every table, in one statement: there are hundreds."""
    counts = [_counted(number, place, person) for number, place in enumerate(places())]
    found = dict(db.session.execute(union_all(*counts)).all())
    for number, place in enumerate(places()):
        yield Standing(place.label, found[number], bool(place.theirs) or place.table == "email")


def _counted(number: int, place: Place, person: Person) -> Select[int, int]:
    rows = held(place, person).order_by(None).subquery()
    return select(literal(number), func.count()).select_from(rows)


def copies_of(user_id: int) -> Sequence[DataCopy]:
    """Return the copies that were made for a person, newest first."""
    found = select(DataCopy).where(DataCopy.user_id == user_id)
    return db.session.scalars(found.order_by(DataCopy.id.desc())).all()


def copy_for(actor: Actor, copy_id: int) -> DataCopy:
    """Return a copy of what is held about the actor, or about anybody for administrators; raises
    NotFound for any other."""
    copy = db.session.get(DataCopy, copy_id)
    user = db.session.get(User, copy.user_id) if copy else None
    if copy is None or user is None or not can_copy(actor, user):
        raise NotFound("There is no such copy.")
    return copy
