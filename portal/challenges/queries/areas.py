"""Read the challenges of an area that anybody may read."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from portal.accounts.models import ANONYMOUS, Organisation, OrganisationKind
from portal.challenges.models import Call, Challenge, ChallengeState
from portal.challenges.queries import visible_to
from portal.challenges.queries.calls import is_open_call
from portal.db import db


def _is_public_and_open() -> ColumnElement[bool]:
    """Return SQL for "an open challenge of a system that anybody may read"."""
    is_of_system = Organisation.kind == OrganisationKind.ICS
    return is_of_system & (Challenge.state == ChallengeState.OPEN) & visible_to(ANONYMOUS)


def open_in_area(ids: frozenset[int], on: date) -> Sequence[tuple[Challenge, Call | None]]:
    """Return the open public challenges of an area, each with its call if that is open: what
    closes first comes first, then the newest. One statement."""
    rows = db.session.execute(
        select(Challenge, Call)
        .join(Challenge.organisation)
        .outerjoin(Call, (Call.challenge_id == Challenge.id) & is_open_call(on))
        .where(Organisation.ics_id.in_(ids), _is_public_and_open())
        .options(contains_eager(Challenge.organisation))
        .order_by(
            Call.closes_on.is_(None), Call.closes_on, Challenge.opened_at.desc(), Challenge.id
        )
    )
    return [(challenge, call) for challenge, call in rows]


def open_by_area() -> Mapping[int, int]:
    """Return how many open challenges that anybody may read each area states, by its number. One
    statement."""
    rows = db.session.execute(
        select(Organisation.ics_id, func.count())
        .select_from(Challenge)
        .join(Challenge.organisation)
        .where(Organisation.ics_id.is_not(None), _is_public_and_open())
        .group_by(Organisation.ics_id)
    )
    return {number: count for number, count in rows if number is not None}
