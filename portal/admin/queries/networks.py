"""Whom and what it affects when an ICS is followed by another, or a network is renamed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true

from portal.accounts.models import Actor, Membership, Organisation, OrganisationKind, User
from portal.accounts.queries.acting import acting
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.queries import visible_to as challenge_visible_to
from portal.db import by_name, db
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import visible_to as innovation_visible_to
from portal.reference.models import Hin, Ics, Site
from portal.support.models import Engagement
from portal.support.queries.on_day import is_live_on

NAMED = 20
"""How many are named of each kind."""


@dataclass(frozen=True, slots=True)
class AffectedKind:
    """How many there are of a kind, and the first of them by name, as far as the reader may see
    them."""

    count: int
    names: Sequence[str] = ()

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.names)


@dataclass(frozen=True, slots=True)
class Affected:
    """What there is of each kind where the change happens."""

    organisations: AffectedKind
    people: AffectedKind
    challenges: AffectedKind
    records: AffectedKind
    engagements: AffectedKind
    places: AffectedKind = AffectedKind(0)


def affected_by_ics(ics: Ics, reader: Actor) -> Affected:
    """Return what lies in an ICS: organisations and who acts for the ICS itself, its open
    challenges, records that come from there with the support they have, and places."""
    itself = (Organisation.ics_id == ics.id) & (Organisation.kind == OrganisationKind.ICS)
    records = (Innovation.ics_id == ics.id) & (Innovation.status == RecordStatus.SUBMITTED)
    places = or_(Site.geography_ics_id == ics.id, Site.commissioner_ics_id == ics.id)
    supported = select(Innovation.id).where(records)
    return Affected(
        _touched(Organisation, Organisation.name, Organisation.ics_id == ics.id),
        _people(itself),
        _challenges(itself, reader),
        _records(records, reader),
        _engagements(Engagement.innovation_id.in_(supported)),
        _touched(Site, Site.name, places),
    )


def affected_by_hin(hin: Hin, reader: Actor) -> Affected:
    """Return what is of a network: its organisation and people, records it looks after first, and
    the support that it gives."""
    itself = Organisation.hin_id == hin.id
    records = (Innovation.hin_id == hin.id) & (Innovation.status == RecordStatus.SUBMITTED)
    return Affected(
        _touched(Organisation, Organisation.name, itself),
        _people(itself),
        _challenges(itself, reader),
        _records(records, reader),
        _engagements(Engagement.hin_id == hin.id),
    )


def _touched(
    model: Any, name: Any, which: ColumnElement[bool], may: ColumnElement[bool] | None = None
) -> AffectedKind:
    """Return how many rows there are, and the names of the first that the reader may see."""
    seen = which & (true() if may is None else may)
    named = select(name).where(seen).order_by(by_name(name), model.id).limit(NAMED)
    return AffectedKind(_count(model.id, which), db.session.scalars(named).all())


def _count(column: Any, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(*conditions)) or 0


def _people(of: ColumnElement[bool]) -> AffectedKind:
    members = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(of, acting())
    )
    return _touched(User, User.name, User.id.in_(members))


def _challenges(of: ColumnElement[bool], reader: Actor) -> AffectedKind:
    mine = select(Organisation.id).where(of)
    is_open = Challenge.state == ChallengeState.OPEN
    which = is_open & Challenge.organisation_id.in_(mine)
    return _touched(Challenge, Challenge.title, which, challenge_visible_to(reader))


def _records(which: ColumnElement[bool], reader: Actor) -> AffectedKind:
    return _touched(Innovation, Innovation.name, which, innovation_visible_to(reader))


def _engagements(which: ColumnElement[bool]) -> AffectedKind:
    return AffectedKind(_count(Engagement.id, is_live_on(None), which))
