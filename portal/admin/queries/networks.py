"""Whom and what it affects when an ICS is followed by another, or a network is renamed."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from portal.accounts.models import Membership, Organisation, OrganisationKind, User
from portal.accounts.queries.acting import acting
from portal.challenges.models import Challenge, ChallengeState
from portal.db import db
from portal.innovations.models import Innovation, RecordStatus
from portal.reference.models import Hin, Ics, Site
from portal.support.models import Engagement
from portal.support.queries.on_day import is_live_on


@dataclass(frozen=True, slots=True)
class Affected:
    """How many of each there are where the change happens."""

    organisations: int
    people: int
    challenges: int
    records: int
    engagements: int
    places: int = 0


def affected_by_ics(ics: Ics) -> Affected:
    """Return what lies in an ICS: organisations and who acts for the ICS itself, its open
    challenges, records that come from there with the support they have, and places."""
    itself = (Organisation.ics_id == ics.id) & (Organisation.kind == OrganisationKind.ICS)
    records = (Innovation.ics_id == ics.id) & (Innovation.status == RecordStatus.SUBMITTED)
    places = or_(Site.geography_ics_id == ics.id, Site.commissioner_ics_id == ics.id)
    supported = select(Innovation.id).where(records)
    return Affected(
        _count(Organisation.id, Organisation.ics_id == ics.id),
        _people(itself),
        _challenges(itself),
        _count(Innovation.id, records),
        _count(Engagement.id, is_live_on(None), Engagement.innovation_id.in_(supported)),
        _count(Site.id, places),
    )


def affected_by_hin(hin: Hin) -> Affected:
    """Return what is of a network: its organisation and people, records it looks after first, and
    the support that it gives."""
    itself = Organisation.hin_id == hin.id
    records = (Innovation.hin_id == hin.id) & (Innovation.status == RecordStatus.SUBMITTED)
    return Affected(
        _count(Organisation.id, itself),
        _people(itself),
        _challenges(itself),
        _count(Innovation.id, records),
        _count(Engagement.id, is_live_on(None), Engagement.hin_id == hin.id),
    )


def _count(column: object, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(*conditions)) or 0  # type: ignore[arg-type]  # a column


def _people(of: ColumnElement[bool]) -> int:
    found = (
        select(func.count(User.id.distinct()))
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
    )
    return db.session.scalar(found.where(of, acting())) or 0


def _challenges(of: ColumnElement[bool]) -> int:
    mine = select(Organisation.id).where(of)
    is_open = Challenge.state == ChallengeState.OPEN
    return _count(Challenge.id, is_open, Challenge.organisation_id.in_(mine))
