"""Matches that are new: a pair of a challenge and an innovation that was not there before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Select, and_, bindparam, exists, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Membership, MembershipState, Organisation, Role, User
from portal.accounts.queries.alike import built, values_of
from portal.challenges.models import Challenge, ChallengeState
from portal.clock import now, today
from portal.db import UTCDateTime, db
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import proven, visible_to
from portal.matching.models import Feedback, NewMatch, Suggestion
from portal.matching.policy import readership
from portal.matching.queries import listed_for
from portal.matching.rules import NEW_FOR, WORTH_TELLING


def new_matches(
    actor: Actor, *, most: int | None = None, since: datetime | None = None
) -> Sequence[Suggestion]:
    """Return the new matches of the open challenges of the actor's organisation, best first, at
    most so many.

    Each has at least something in common, was not judged by the organisation before, and may be
    seen and is proven now. `since` is from when on a pair is new (`rules.NEW_FOR` ago unless told).
    """
    statement = built(actor, (_new, most), lambda anybody: _new(anybody, _SINCE).limit(most))
    asked = {**values_of(actor), _SINCE.key: since or now() - NEW_FOR}
    return db.session.scalars(statement, asked).all()


_SINCE = bindparam("since", type_=UTCDateTime())


def untold_matches(actor: Actor) -> Sequence[Suggestion]:
    """Return the same of which the weekly email has not told the actor's organisation."""
    since = now() - timedelta(days=365)
    return db.session.scalars(_new(actor, since).where(NewMatch.told_at.is_(None))).all()


def _new(actor: Actor, since: datetime | BindParameter[datetime]) -> Select[Suggestion]:
    likeness = Suggestion.reasons["likeness"].as_float()
    same = and_(
        NewMatch.challenge_id == Suggestion.challenge_id,
        NewMatch.innovation_id == Suggestion.innovation_id,
        NewMatch.readership == Suggestion.readership,
    )
    judged = exists().where(
        Feedback.challenge_id == Suggestion.challenge_id,
        Feedback.innovation_id == Suggestion.innovation_id,
        Feedback.organisation_id == actor.organisation_id,
    )
    return (
        select(Suggestion)
        .join(NewMatch, same)
        .join(Suggestion.challenge)
        .join(Suggestion.innovation)
        .where(
            Challenge.organisation_id == actor.organisation_id,
            Challenge.state == ChallengeState.OPEN,
            Suggestion.readership == readership(actor),
            NewMatch.first_at >= since,
            likeness >= WORTH_TELLING,
            Innovation.status == RecordStatus.SUBMITTED,
            listed_for(readership(actor)),
            visible_to(actor),
            proven(today()),
            ~judged,
        )
        .options(contains_eager(Suggestion.challenge), contains_eager(Suggestion.innovation))
        .order_by(likeness.desc(), Suggestion.challenge_id, Suggestion.innovation_id)
    )


# The weekly email ----------------------------------------------------------------------------


def organisations_to_tell() -> Sequence[int]:
    """Return the ids of the ICSs of whose open challenges a pair is new and not told yet."""
    return db.session.scalars(
        select(Challenge.organisation_id)
        .join(NewMatch, NewMatch.challenge_id == Challenge.id)
        .join(Challenge.organisation)
        .where(
            NewMatch.told_at.is_(None),
            Challenge.state == ChallengeState.OPEN,
            Organisation.ics_id.is_not(None),
        )
        .distinct()
        .order_by(Challenge.organisation_id)
    ).all()


def readers_to_tell(organisation_id: int) -> Sequence[Membership]:
    """Return who is told of an organisation's new matches, as members of it: the authors of its
    open challenges and its leads, of open accounts."""
    authors = select(Challenge.author_id).where(
        Challenge.organisation_id == organisation_id, Challenge.state == ChallengeState.OPEN
    )
    return db.session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == Role.ICS,
            Membership.state == MembershipState.ACTIVE,
            User.active,
            Membership.is_lead | Membership.user_id.in_(authors),
        )
        .options(joinedload(Membership.user), joinedload(Membership.organisation))
        .order_by(Membership.id)
    ).all()
