"""Erase a person: what refers to them stays with their number alone, what names them is rewritten.

It is done in steps of a transaction each, so that no write is held up; the account itself comes
last, because the steps look for its name and address. Done again from the start, it goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, exists, literal, select, update

from portal.accounts.models import SYSTEM, Membership, MembershipState, User
from portal.accounts.rules import new_token
from portal.accounts.services import trail
from portal.audit.models import AuditEvent, AuditWords
from portal.clock import now
from portal.db import Base, db
from portal.errors import NotFound
from portal.files import content_of, remove
from portal.jobs import Job, JobState, enqueue
from portal.notifications.models import Email
from portal.personal import ERASING, Place, places
from portal.privacy.models import DataCopy
from portal.privacy.outbox import erased
from portal.privacy.queries import held, naming, person_of
from portal.privacy.rules import COPIES, REMOVED, Person, erased_address, names_in_file

CHUNK = 200
"""Rows in one step."""
TASK = "privacy.erase"
Step = Callable[[], int]
"""One piece of the work, in the current transaction; returns how many rows it changed."""
OWN = {"user", "audit_words"}
"""Tables with a step of their own."""


def queue_erasure(*, user: User) -> None:
    """Have a person erased by a job, whose account is closed already."""
    enqueue(TASK, key=f"{TASK}:{user.id}", user_id=user.id)


def steps(user: User) -> Iterator[Step]:
    """Yield the steps that erase a person, in order; the caller commits after each."""
    person = person_of(user)
    yield partial(_delete_emails, person)
    for place in places():
        if place.files:
            yield partial(_remove_files, place, person)
        if place.theirs:
            yield partial(_delete_theirs, place, person)
        if place.searched and place.table not in OWN:
            yield from _rewriting(place, person)
    yield from _rewriting_words(person)
    yield partial(_delete_copies, person)
    for place in places():
        if place.holds_copies:
            yield partial(_delete_all, place)
    yield partial(_erase_account, user, person)


def _rewriting(place: Place, person: Person) -> Iterator[Step]:
    """Rewrite the rows of a table that name the person, through the session, so that whatever
    listens to its rows (search, matching) hears of it."""
    keys = place.source.primary_key.columns
    found = db.session.execute(select(*keys).where(naming(place, person))).all()
    for start in range(0, len(found), CHUNK):
        yield partial(_rewrite, place, person, found[start : start + CHUNK])


def _rewrite(place: Place, person: Person, keys: Sequence[Any]) -> int:
    rows = (db.session.get(model_of(place), tuple(key)) for key in keys)
    db.session.info[ERASING] = True
    try:
        changed = sum(_rewrite_row(place, person, row) for row in rows if row is not None)
        db.session.flush()
    finally:
        del db.session.info[ERASING]
    return changed


def _rewrite_row(place: Place, person: Person, row: Any) -> bool:
    is_theirs = any(getattr(row, name) == person.user_id for name in place.person_columns)
    who, is_changed = person.in_own_row() if is_theirs else person, False
    for name in place.searched:
        before = getattr(row, name)
        after = who.rewritten(before)
        if after != before:
            setattr(row, name, after)
            is_changed = True
    if is_changed and hasattr(row, "words_erased_at"):
        row.words_erased_at = now()  # the database lets only the words change, and only so
    return is_changed


def model_of(place: Place) -> type[Base]:
    """Return the class that is mapped to a table."""
    mappers = Base.registry.mappers
    return next(one.class_ for one in mappers if one.local_table is place.source)


def _rewriting_words(person: Person) -> Iterator[Step]:
    place = next(one for one in places() if one.table == "audit_words")
    theirs = AuditEvent.actor_id == person.user_id
    about = (AuditEvent.noun == "user") & (AuditEvent.noun_id == person.user_id)
    found = (
        select(AuditWords.event_id, theirs | about)
        .join(AuditEvent, AuditEvent.id == AuditWords.event_id)
        .where(theirs | about | naming(place, person))
    )
    rows = db.session.execute(found).all()
    for start in range(0, len(rows), CHUNK):
        yield partial(_rewrite_all_words, person, rows[start : start + CHUNK])


def _rewrite_all_words(person: Person, rows: Sequence[Any]) -> int:
    changed = sum(
        _rewrite_words(number, person.in_own_row() if is_theirs else person)
        for number, is_theirs in rows
    )
    db.session.flush()
    return changed


def _rewrite_words(event_id: int, person: Person) -> int:
    words = db.session.get_one(AuditWords, event_id)
    before = (words.actor_name, words.summary, words.changes)
    after = tuple(person.rewritten(one) for one in before)
    if after == before:
        return 0
    words.actor_name, words.summary, words.changes = after
    words.salt, words.erased_at = "", now()
    return 1


def _delete_theirs(place: Place, person: Person) -> int:
    theirs = place.source.c[place.theirs] == person.user_id
    return _count(db.session.execute(delete(model_of(place)).where(theirs)))


def _delete_all(place: Place) -> int:
    """Delete files that hold a copy of what was rewritten: whoever needs one has it made again."""
    for stored in db.session.scalars(select(place.source.c.stored)):
        remove(stored, room=place.made)
    return _count(db.session.execute(delete(model_of(place))))


def _delete_emails(person: Person) -> int:
    return _count(db.session.execute(delete(Email).where(Email.address == person.address)))


def _delete_copies(person: Person) -> int:
    copies = db.session.scalars(select(DataCopy).where(DataCopy.user_id == person.user_id)).all()
    for copy in copies:
        remove(copy.stored, room=COPIES)
        db.session.delete(copy)
    return len(copies)


def _remove_files(place: Place, person: Person) -> int:
    """Remove the files that the person sent and whose readable text names them; the row stays."""
    model, count = model_of(place), 0
    key = place.source.primary_key.columns[0]
    for row in db.session.execute(held(place, person)).mappings().all():
        if _names_them(row["stored"], row["media_type"], place.files, person.in_own_row()):
            remove(row["stored"], room=place.files)
            db.session.execute(update(model).where(key == row[key.name]).values(name=REMOVED))
            count += 1
    return count


def _names_them(stored: str, media_type: str, room: str, person: Person) -> bool:
    try:
        return bool(names_in_file(content_of(stored, room=room), media_type, person))
    except NotFound:
        return False


def _erase_account(user: User, person: Person) -> int:
    """Take name, address and ways in out of the account; its number stays for what refers to it."""
    trail.of_user("erased", user, "erased the person", by=SYSTEM)
    open_ones = Membership.state.in_([MembershipState.ACTIVE, MembershipState.REQUESTED])
    db.session.execute(
        update(Membership)
        .where(Membership.user_id == user.id, open_ones)
        .values(state=MembershipState.ENDED, is_lead=False, decided_at=now())
    )
    user.name = person.label[:1].upper() + person.label[1:]
    user.email, user.fs_uniquifier = erased_address(user.id), new_token()
    user.password = user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = None
    user.passkey_handle = user.factor_asked_at = None
    user.active, user.erased_at = False, now()
    user.closed_at = user.closed_at or now()
    db.session.flush()
    erased.send(user.id)
    return 1


def erase_next(condition: Any, limit: int) -> int:
    """Queue the erasure of at most so many accounts (a rule of retention); returns of how many."""
    found = select(User).where(condition, is_due()).order_by(User.id).limit(limit)
    users = db.session.scalars(found).all()
    for user in users:
        queue_erasure(user=user)
    db.session.flush()
    return len(users)


def is_due() -> ColumnElement[bool]:
    """SQL for "the account is not erased, and no job is about to"."""
    waiting = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    key = literal(f"{TASK}:") + cast(User.id, Text)
    return User.erased_at.is_(None) & ~exists().where(Job.key == key, waiting)


def _count(result: Any) -> int:
    count: int = result.rowcount
    return count
