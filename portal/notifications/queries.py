"""Read what people chose, and what waits to be posted."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from portal.db import db
from portal.notifications.models import Choice, Kind, Mute, Notification, Rhythm, StoppedAddress
from portal.notifications.rules import CHOSEN, page_of, usual_rhythm


class Way(NamedTuple):
    """How somebody gets one kind of message."""

    rhythm: Rhythm
    is_shown: bool


def chosen(kind: Kind, user_ids: Collection[int]) -> dict[int, Way]:
    """Return how those of these people who chose want this kind."""
    rows = db.session.execute(
        select(Choice.user_id, Choice.rhythm, Choice.is_shown).where(
            Choice.kind == kind, Choice.user_id.in_(user_ids)
        )
    )
    return {user_id: Way(rhythm, is_shown) for user_id, rhythm, is_shown in rows}


def ways_of(user_id: int, *, is_staff: bool) -> Mapping[Kind, Way]:
    """Return how a person gets each kind that people choose about."""
    rows = db.session.scalars(select(Choice).where(Choice.user_id == user_id))
    chose = {row.kind: Way(row.rhythm, row.is_shown) for row in rows}
    usual = {kind: Way(usual_rhythm(kind, is_staff=is_staff), is_shown=True) for kind in CHOSEN}
    return usual | chose


def mutes_of(user_id: int) -> Sequence[Mute]:
    """Return what a person muted, the newest first."""
    mine = select(Mute).where(Mute.user_id == user_id)
    return db.session.scalars(mine.order_by(Mute.at.desc(), Mute.page)).all()


def muted_by(url: str, user_ids: Collection[int]) -> set[int]:
    """Return who of these people wants no more news of what is at this address."""
    page = page_of(url)
    if page is None:
        return set()
    muting = select(Mute.user_id).where(Mute.page == page, Mute.user_id.in_(user_ids))
    return set(db.session.scalars(muting))


def stopped(address: str) -> StoppedAddress | None:
    """Return why mail to an address was stopped, None where it is not."""
    return db.session.get(StoppedAddress, address.lower())


def stopped_among(addresses: Collection[str]) -> set[str]:
    """Return those of these addresses, in small letters, to which mail was stopped."""
    among = {address.lower() for address in addresses}
    rows = select(StoppedAddress.address).where(StoppedAddress.address.in_(among))
    return set(db.session.scalars(rows)) if among else set()


def people_waiting(rhythms: Collection[Rhythm]) -> Sequence[int]:
    """Return for whom something waits to be posted together."""
    waiting = select(Notification.user_id).where(
        Notification.rhythm.in_(rhythms), Notification.posted_at.is_(None)
    )
    return db.session.scalars(waiting.distinct().order_by(Notification.user_id)).all()


def waiting_for(user_id: int, rhythms: Collection[Rhythm]) -> Sequence[Notification]:
    """Return what waits for one person, oldest first."""
    return db.session.scalars(
        select(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.rhythm.in_(rhythms),
            Notification.posted_at.is_(None),
        )
        .order_by(Notification.at, Notification.id)
    ).all()


def wanting_summary(staff: Collection[int]) -> list[int]:
    """Return who gets the Monday summary: staff unless they chose otherwise, others who chose."""
    rows = db.session.execute(
        select(Choice.user_id, Choice.rhythm).where(Choice.kind == Kind.MONDAY)
    )
    said = {user_id: rhythm is Rhythm.WEEKLY for user_id, rhythm in rows}
    return sorted(
        {user_id for user_id in staff if said.get(user_id, True)}
        | {user_id for user_id, wants in said.items() if wants}
    )
