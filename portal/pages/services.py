"""Announce something, change and withdraw it, and tell its audience once."""

from dataclasses import asdict, dataclass
from datetime import date

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.jobs import enqueue
from portal.notifications.outbox import tell
from portal.pages import queries
from portal.pages.models import Announcement, Audience, Place
from portal.pages.policy import can_announce
from portal.pages.rules import MAX_DAYS

TELL = "pages.announce"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementDetails:
    """What is announced, where, to whom and for how long."""

    title: str
    words: str
    place: Place
    audience: Audience
    from_on: date
    until_on: date
    link: str = ""
    is_mailed: bool = False


def announce(*, said: AnnouncementDetails, by: Actor) -> Announcement:
    """Announce something; raises Forbidden and Invalid. Flushes, the caller commits."""
    _check(said, by)
    row = Announcement(**asdict(said), by_id=by.user_id)
    db.session.add(row)
    db.session.flush()
    audit.note(row, "made", f"announced “{said.title}”", by=by)
    _tell_if_due(row)
    return row


def change(
    *, announcement: Announcement, said: AnnouncementDetails, version: int, by: Actor
) -> None:
    """Say it otherwise; who was told is not told again. Raises Forbidden, Invalid, Outdated, and
    Conflict for one that was withdrawn."""
    _check(said, by)
    lock(announcement, seen=version)
    _refuse_if_withdrawn(announcement)
    for name, value in asdict(said).items():
        setattr(announcement, name, value)
    announcement.by_id = by.user_id
    audit.note(announcement, "changed", f"changed the announcement “{said.title}”", by=by)
    db.session.flush()
    _tell_if_due(announcement)


def withdraw(*, announcement: Announcement, version: int, by: Actor) -> None:
    """Show it no more; raises Forbidden, Outdated and Conflict."""
    if not can_announce(by):
        raise Forbidden("The national team and administrators announce.")
    lock(announcement, seen=version)
    _refuse_if_withdrawn(announcement)
    announcement.withdrawn_at, announcement.by_id = now(), by.user_id
    words = f"withdrew the announcement “{announcement.title}”"
    audit.note(announcement, "withdrawn", words, by=by)
    db.session.flush()


def tell_due(day: date) -> int:
    """Tell the audiences of what is shown from that day on; each once, also with two workers.
    Returns how many announcements were told; flushes, the caller commits."""
    told = 0
    for one in queries.to_tell(day):
        unused = (Announcement.id == one.id, Announcement.told_at.is_(None))
        if use_once(Announcement, *unused, told_at=now()):
            others = [who for who in queries.audience_of(one.audience) if who.id != one.by_id]
            tell(others, "pages/emails/announcement.txt", url="/home", announcement=one)
            told += 1
    db.session.flush()
    return told


def _tell_if_due(row: Announcement) -> None:
    if row.is_mailed and row.told_at is None and row.from_on <= today():
        enqueue(TELL, key=TELL)


def _check(said: AnnouncementDetails, by: Actor) -> None:
    if not can_announce(by):
        raise Forbidden("The national team and administrators announce.")
    if said.until_on < said.from_on:
        raise Invalid("The last day must not lie before the first", field="until_on")
    if (said.until_on - said.from_on).days >= MAX_DAYS:
        raise Invalid(f"Enter a last day within {MAX_DAYS} days of the first", field="until_on")
    if said.is_mailed and said.place is Place.SIGN_IN:
        raise Invalid(
            "What stands on the sign-in page alone is told to nobody: show it on home pages too",
            field="is_mailed",
        )


def _refuse_if_withdrawn(row: Announcement) -> None:
    if row.withdrawn_at is not None:
        raise Conflict("It was withdrawn meanwhile.")
