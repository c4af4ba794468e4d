"""Read what is announced."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select

from portal.accounts.models import Actor, Membership, User
from portal.accounts.queries.acting import people
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.pages.models import Announcement, Audience, Place
from portal.pages.policy import can_announce
from portal.pages.rules import ROLES, is_for


def is_shown_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return SQL for "it is shown on that day" (`rules.state_on` is the rule)."""
    return (
        (Announcement.from_on <= day)
        & (Announcement.until_on >= day)
        & Announcement.withdrawn_at.is_(None)
    )


def shown_at(places: Collection[Place], day: date) -> Sequence[Announcement]:
    """Return what is announced at one of these places on a day, the newest first."""
    return db.session.scalars(_shown(), {"day": day, "places": list(places)}).all()


@cache
def _shown() -> Select[Announcement]:
    """Return the statement of `shown_at`, built once: every home page asks it."""
    return (
        select(Announcement)
        .where(
            is_shown_on(bindparam("day")),
            Announcement.place.in_(bindparam("places", expanding=True)),
        )
        .order_by(Announcement.from_on.desc(), Announcement.id.desc())
    )


def shown_to(actor: Actor, day: date) -> list[Announcement]:
    """Return what somebody's home page announces on a day."""
    found = shown_at((Place.HOME, Place.BOTH), day)
    return [one for one in found if is_for(actor, one.audience)]


def announcements_for(actor: Actor) -> Sequence[Announcement]:
    """Return all that was announced, the newest first; raises Forbidden."""
    _refuse_unless_may(actor)
    newest = Announcement.from_on.desc(), Announcement.id.desc()
    return db.session.scalars(select(Announcement).order_by(*newest).limit(MAX_LISTED)).all()


MAX_LISTED = 100


def announcement_for(actor: Actor, announcement_id: int) -> Announcement:
    """Return an announcement that the actor may change; raises Forbidden and NotFound."""
    _refuse_unless_may(actor)
    found = db.session.get(Announcement, announcement_id)
    if found is None:
        raise NotFound("There is no such announcement.")
    return found


def to_tell(day: date) -> Sequence[Announcement]:
    """Return what is shown on a day and to be told, and was not yet."""
    return db.session.scalars(
        select(Announcement)
        .where(is_shown_on(day), Announcement.is_mailed, Announcement.told_at.is_(None))
        .order_by(Announcement.id)
    ).all()


def audience_of(audience: Audience) -> Sequence[User]:
    """Return the people of an audience who act for somebody now."""
    return people(Membership.role.in_(ROLES[audience]))


def _refuse_unless_may(actor: Actor) -> None:
    if not can_announce(actor):
        raise Forbidden("The national team and administrators announce.")
