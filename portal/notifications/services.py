"""Change what people get, and put together what waited."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import delete, update

from portal.clock import now
from portal.db import Base, db, insert_into, use_once
from portal.errors import Invalid
from portal.notifications import outbox, queries
from portal.notifications.models import (
    Choice,
    Email,
    Kind,
    Mute,
    Notification,
    Rhythm,
    StoppedAddress,
)
from portal.notifications.queries import Way
from portal.notifications.rules import (
    AND_MORE,
    CHOSEN,
    LATER,
    SUMMARIES,
    is_required,
    page_of,
    rhythms,
    subject_of_several,
)

R = TypeVar("R", bound=Base)


def ways_of(user_id: int) -> Mapping[Kind, Way]:
    """Return how a person gets each kind of message that people choose about."""
    return queries.ways_of(user_id, is_staff=bool(outbox.known().people.staff_among([user_id])))


def choose(*, user_id: int, ways: Mapping[Kind, Way]) -> None:
    """Keep how a person wants each kind. What waited and is not wanted any more is dropped from
    the next email; it stays in the inbox.

    Raises:
        Invalid: a kind that nobody chooses about, or not in this rhythm.
    """
    for kind, way in ways.items():
        if kind not in CHOSEN or way.rhythm not in rhythms(kind):
            raise Invalid("Select how often, from the list.")
        shown = way.is_shown or is_required(kind)
        key = {"user_id": user_id, "kind": kind}
        _keep(Choice, key, rhythm=way.rhythm, is_shown=shown)
        _follow(user_id, kind, way.rhythm)
    db.session.flush()


def _keep(model: type[R], key: Mapping[str, Any], **values: Any) -> R:
    """Add a row, or change the one that is there: a mail program and a person, or two of its tries,
    may say the same in one moment."""
    row = insert_into(model).values({**key, **values})
    db.session.execute(row.on_conflict_do_update(index_elements=[*key], set_=values))
    return db.session.get_one(model, key, populate_existing=True)


def _follow(user_id: int, kind: Kind, rhythm: Rhythm) -> None:
    """Let what waits go out as the person wants it from now on; what is wanted at once goes out
    with the next email of the day."""
    kept = rhythm if rhythm in LATER or rhythm is Rhythm.NEVER else Rhythm.DAILY
    db.session.execute(
        update(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.kind == kind,
            Notification.rhythm.in_(LATER),
            Notification.posted_at.is_(None),
        )
        .values(rhythm=kept)
    )


def unsubscribe(*, user_id: int, kind: Kind) -> None:
    """Send a person no more emails of a kind, or of what a summary holds; what they chose about
    their inbox stays, and what is required goes on.

    Raises:
        Invalid: a kind that is required.
    """
    if is_required(kind):
        raise Invalid("These emails are required.")
    chose = ways_of(user_id)
    ended = [
        one
        for one, way in chose.items()
        if one is kind or (way.rhythm is SUMMARIES.get(kind) and not is_required(one))
    ]
    never = {one: Way(Rhythm.NEVER, chose[one].is_shown) for one in ended}
    choose(user_id=user_id, ways=never)


def mute(*, user_id: int, notification_id: int) -> Mute | None:
    """Tell a person no more of what one of their messages is about, unless something is asked of
    them. Returns None where the message is about no single thing, or is not theirs."""
    message = db.session.get(Notification, notification_id)
    page = page_of(message.url) if message and message.user_id == user_id else None
    if message is None or page is None:
        return None
    key = {"user_id": user_id, "page": page}
    return _keep(Mute, key, subject=message.subject, at=now())


def unmute(*, user_id: int, page: str) -> None:
    """Tell a person of a thing again."""
    db.session.execute(delete(Mute).where(Mute.user_id == user_id, Mute.page == page))
    db.session.flush()


def stop(*, address: str, reason: str) -> None:
    """Post nothing more to an address that its mail server refused for good."""
    _keep(StoppedAddress, {"address": address.lower()}, reason=reason[:200], at=now())


def resume(*, address: str) -> None:
    """Post to an address again, whose owner says that it works."""
    db.session.execute(delete(StoppedAddress).where(StoppedAddress.address == address.lower()))
    db.session.flush()


def post_waiting(
    person: outbox.Recipient, which: Collection[Rhythm], *, asks: Sequence[str] = ()
) -> bool:
    """Write one email with all that waits for a person, and what is asked of them; returns whether
    there was anything. What they may see no more is left out.

    Each message is taken by one conditional update: two workers at once take it once.
    """
    taken = [row for row in queries.waiting_for(person.id, which) if _take(row)]
    shown = [row for row in taken if outbox.known().opens(person.id, row.url)]
    if not shown and not asks:
        return bool(taken)
    titles = [row.subject for row in shown]
    subject = subject_of_several([*_heading(asks), *titles])
    body = "\n\n".join([*_asked(asks), *(_entry(row) for row in shown)])
    kind = Kind.MONDAY if Rhythm.WEEKLY in which else Kind.DAY
    outbox.post(person.email, subject, body, user_id=person.id, kind=kind)
    db.session.flush()
    return True


def keep_in_sight(email: Email) -> bool:
    """Leave out of a waiting email what its reader may see no more; returns whether anything is
    left. One of which nothing is left goes without having been sent."""
    told = email.body.split("\n\n")
    kept = [block for block in told if email.user_id is None or not _is_hidden(email, block)]
    if kept == told:
        return True
    if email.kind not in SUMMARIES or not kept:
        db.session.delete(email)
        db.session.flush()
        return False
    titles = [block.partition("\n")[0] for block in kept]
    if kept[0] == told[0]:
        titles[0] = email.subject.partition(AND_MORE)[0]
    email.subject, email.body = subject_of_several(titles), "\n\n".join(kept)
    return True


def _is_hidden(email: Email, block: str) -> bool:
    """Whether a paragraph ends with the address of what the reader may see no more."""
    address = block.rpartition("\n")[2]
    if not email.root or not address.startswith(email.root):
        return False
    return not outbox.known().opens(email.user_id or 0, address.removeprefix(email.root[:-1]))


def _take(row: Notification) -> bool:
    return use_once(
        Notification,
        Notification.id == row.id,
        Notification.posted_at.is_(None),
        posted_at=now(),
    )


def _heading(asks: Sequence[str]) -> list[str]:
    return [f"{len(asks)} things are asked of you" if len(asks) > 1 else asks[0]] if asks else []


def _asked(asks: Sequence[str]) -> list[str]:
    lines = "\n".join(f"- {one}" for one in asks)
    return [f"Asked of you:\n{lines}\n{outbox.full_address('/home')}"] if asks else []


def _entry(row: Notification) -> str:
    return f"{row.subject}\n{outbox.full_address(row.url)}"
