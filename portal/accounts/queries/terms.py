"""Read the terms of use: which hold on a day, and which of them somebody has yet to accept."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    ScalarSelect,
    bindparam,
    case,
    exists,
    func,
    select,
)
from sqlalchemy.orm import aliased

from portal.accounts.models import Actor, User
from portal.accounts.models.terms import (
    AUDIENCE_OF,
    TermsAcceptance,
    TermsAudience,
    TermsVersion,
)
from portal.db import db
from portal.errors import NotFound

TODAY: BindParameter[date] = bindparam("today", type_=Date())


def holds_on(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return SQL for "it is the newest version of its audience whose day has come"."""
    newer = aliased(TermsVersion)
    follows = exists().where(
        newer.audience == TermsVersion.audience,
        newer.from_on > TermsVersion.from_on,
        newer.from_on <= day,
    )
    return (TermsVersion.from_on <= day) & ~follows


def unaccepted() -> ScalarSelect[int | None]:
    """Return a column for a statement over `User`: the sum of the bits of the audiences whose terms
    the person has not accepted, None for none; `today` is bound. The statement that every page of a
    signed-in person asks carries it, so that terms cost no other."""
    bits = case(
        *((TermsVersion.audience == one, one.bit) for one in TermsAudience),
        else_=0,
    )
    accepted = exists().where(
        TermsAcceptance.terms_version_id == TermsVersion.id, TermsAcceptance.user_id == User.id
    )
    return (
        select(func.sum(bits)).where(holds_on(TODAY), ~accepted).correlate(User).scalar_subquery()
    )


def audience_of(actor: Actor) -> TermsAudience | None:
    """Return whose terms hold for whom the actor acts; None for who acts for nobody yet."""
    return AUDIENCE_OF.get(actor.role) if actor.role is not None else None


def in_force(audience: TermsAudience, day: date) -> TermsVersion | None:
    """Return the version of an audience that holds on a day, None before the first."""
    found = select(TermsVersion).where(TermsVersion.audience == audience, holds_on(day))
    return db.session.scalar(found)


def versions() -> Sequence[TermsVersion]:
    """Return every version, by audience, the newest first."""
    found = select(TermsVersion).order_by(TermsVersion.audience, TermsVersion.number.desc())
    return db.session.scalars(found).all()


def version_with(version_id: int) -> TermsVersion:
    """Return one version; raises NotFound."""
    found = db.session.get(TermsVersion, version_id)
    if found is None:
        raise NotFound("There are no such terms.")
    return found


def accepted_count() -> dict[int, int]:
    """Return how many people accepted each version, by its id."""
    counted = select(TermsAcceptance.terms_version_id, func.count()).group_by(
        TermsAcceptance.terms_version_id
    )
    return dict(db.session.execute(counted).all())


def acceptance_of(user_id: int | None, version: TermsVersion) -> TermsAcceptance | None:
    """Return when a person accepted a version, None where they did not."""
    return db.session.scalar(
        select(TermsAcceptance).where(
            TermsAcceptance.user_id == user_id, TermsAcceptance.terms_version_id == version.id
        )
    )
