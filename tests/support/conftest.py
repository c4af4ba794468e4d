"""A record that came in, and the steps that tests take with it."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.innovations.models import Innovation
from portal.notifications.models import Notification
from portal.support import queries
from portal.support.models import Closing, ClosingReason, Engagement
from portal.support.services import closing, engagements, outcomes
from tests import makers
from tests.cast import Cast, Person

THURSDAY = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
"""The day before Good Friday 2026: the next working day is Tuesday 7 April."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the time for everything in support that asks for it."""
    moment = [THURSDAY]
    for module in (
        "portal.support.listeners",
        "portal.support.outbox",
        "portal.support.services.closing",
        "portal.support.services.engagements",
        "portal.support.services.outcomes",
        "portal.proof.services.validations",
        "portal.proof.services.proven",
        "portal.reference.queries",
        "tests.makers",
    ):
        monkeypatch.setattr(f"{module}.now", lambda: moment[0])
    return lambda to: moment.__setitem__(0, to)


@pytest.fixture
def record(cast: Cast, session: Session) -> Innovation:
    """Brightwell Health's record, just submitted to West Midlands."""
    return makers.innovation(of=cast.innovator)


@pytest.fixture
def engagement(record: Innovation, cast: Cast) -> Engagement:
    """What the submission opened."""
    found = queries.engagement_of(record.id, cast.hin.actor.hin_id)
    assert found is not None
    return found


@pytest.fixture
def picked_up(engagement: Engagement, cast: Cast) -> Engagement:
    """Hana West of West Midlands is reading it."""
    return engagements.pick_up(engagement=engagement, version=engagement.version, by=cast.hin.actor)


@pytest.fixture
def engaging(picked_up: Engagement, cast: Cast) -> Engagement:
    """West Midlands supports it at level 2, led by Hana West."""
    return engage(picked_up, cast.hin)


def engage(
    engagement: Engagement, person: Person, level: int = 2, known: Collection[int] = ()
) -> Engagement:
    """Engage at a level with the person as lead."""
    return outcomes.engage(
        engagement=engagement,
        version=engagement.version,
        level=level,
        lead_id=person.user.id,
        message="We would like to help with your evidence.",
        known=known,
        by=person.actor,
    )


def close(engagement: Engagement, person: Person) -> Closing:
    """Close what somebody supports; its owner is asked how it was."""
    return closing.close(
        engagement=engagement,
        version=engagement.version,
        reason=ClosingReason.DONE,
        summary="We wrote up your evidence together.",
        next_step="Ask your ICS for an introduction.",
        by=person.actor,
    )


def inbox(session: Session, user: User) -> list[str]:
    """Return the subjects in a person's inbox, oldest first."""
    return list(
        session.scalars(
            select(Notification.subject)
            .where(Notification.user_id == user.id)
            .order_by(Notification.id)
        )
    )
