"""Follow a record, keep days of it, and tell of both."""

from collections.abc import Collection
from datetime import date

from portal.accounts.models import Actor, User
from portal.clock import now, today
from portal.db import db, use_once
from portal.errors import Invalid
from portal.innovations.models import Innovation
from portal.innovations.models.following import Followed, RecordFollowing, RecordReminder
from portal.innovations.policy import can_see
from portal.innovations.queries import following as queries
from portal.innovations.rules.following import MAX_REMINDERS, news
from portal.innovations.sections.questions import PARTS
from portal.notifications.outbox import tell
from portal.saved.queries import recipient

TITLES = {section.value: part.title for section, part in PARTS.items()}


def follow(*, innovation: Innovation, wanted: Collection[Followed], by: Actor) -> None:
    """Tell the actor from now on of what they want of a record that they may see; of nothing where
    nothing is wanted. Flushes, the caller commits."""
    row = queries.following_of(by, innovation)
    if not wanted:
        if row is not None:
            db.session.delete(row)
            db.session.flush()
        return
    if row is None:
        row = RecordFollowing(user_id=by.user_id, innovation_id=innovation.id)
        db.session.add(row)
    row.membership_id = by.membership_id
    row.is_status = Followed.STATUS in wanted
    row.is_sections = Followed.SECTIONS in wanted
    row.is_files = Followed.FILES in wanted
    row.seen = queries.seen_by(by, innovation)
    db.session.flush()


def look(*, following_id: int, production: bool) -> bool:
    """Tell a follower of what is new since they were told, as far as they may read it today;
    returns whether there was anything. What they did themselves is no news to them."""
    row = db.session.get(RecordFollowing, following_id)
    actor = recipient(row.user, row.membership, production=production) if row else None
    if row is None or actor is None or not can_see(actor, row.innovation):
        return False
    after = queries.seen_by(actor, row.innovation)
    if after == row.seen:
        return False
    own = queries.changed_by(row.user_id, row.innovation)
    sections = {**row.seen.get("sections", {}), **{one: after["sections"][one] for one in own}}
    lines = news({**row.seen, "sections": sections}, after, row.wanted, TITLES)
    row.seen = after
    if lines:
        _tell(row.user, row.innovation, "record_news", lines=lines)
    db.session.flush()
    return bool(lines)


def remind(*, innovation: Innovation, on: date, words: str, by: Actor) -> RecordReminder:
    """Keep a day of a record, with words that the actor alone reads; raises Invalid."""
    if on <= today():
        raise Invalid("Enter a day that is to come", field="on")
    if len(queries.reminders_of(by, innovation)) >= MAX_REMINDERS:
        raise Invalid(f"You keep {MAX_REMINDERS} days of this record. Take one out first.")
    row = RecordReminder(
        user_id=by.user_id,
        innovation_id=innovation.id,
        membership_id=by.membership_id,
        on=on,
        words=words,
    )
    db.session.add(row)
    db.session.flush()
    return row


def forget(*, reminder: RecordReminder) -> None:
    """Take a day out."""
    db.session.delete(reminder)
    db.session.flush()


def tell_reminder(*, reminder_id: int, production: bool) -> bool:
    """Tell a person of their day, once, also with two workers; the record is named only while they
    may see it. Returns whether they were told."""
    unused = (RecordReminder.id == reminder_id, RecordReminder.told_at.is_(None))
    if not use_once(RecordReminder, *unused, told_at=now()):
        return False
    row = db.session.get_one(RecordReminder, reminder_id, populate_existing=True)
    actor = recipient(row.user, row.membership, production=production)
    if actor is None:
        return False
    seen = row.innovation if can_see(actor, row.innovation) else None
    _tell(row.user, seen, "record_reminder", words=row.words, on=row.on)
    db.session.flush()
    return True


def _tell(person: User, innovation: Innovation | None, template: str, **said: object) -> None:
    url = f"/innovations/{innovation.id}" if innovation else "/innovations"
    names = {"innovation": innovation, **said}
    tell([person], f"innovations/emails/{template}.txt", url=url, **names)
