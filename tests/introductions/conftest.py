"""Introductions at each of their states, by the people who bring them there.

Coventry and Warwickshire's ICS asks to meet Brightwell Health, whom West Midlands supports; West
Midlands leads in that ICS too, so Manchester is not concerned. When Greater Manchester's ICS asks,
Manchester is concerned because it leads there, and West Midlands because it supports the record.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.clock import clock_at, today
from portal.innovations.models import Innovation, Sharing
from portal.introductions.models import Introduction, Outcome, Timescale
from portal.introductions.services import asking, brokering, outcomes
from portal.notifications.models import Email, Notification
from tests import makers
from tests.cast import Cast, Person

THURSDAY = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
"""The day before Good Friday 2026."""


@pytest.fixture
def record(cast: Cast, session: Session) -> Innovation:
    """Brightwell Health's record, shared with ICSs and supported by West Midlands."""
    return makers.innovation(of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)


@pytest.fixture
def requested(record: Innovation, cast: Cast) -> Introduction:
    """Coventry and Warwickshire asked."""
    return ask(record, cast.ics)


@pytest.fixture
def shared(record: Innovation, cast: Cast) -> Introduction:
    """Greater Manchester asked: two HINs are concerned."""
    return ask(record, cast.other_ics)


@pytest.fixture
def taken(requested: Introduction, cast: Cast) -> Introduction:
    """West Midlands took it."""
    return take(requested, cast.hin)


@pytest.fixture
def brokered(taken: Introduction, cast: Cast) -> Introduction:
    """West Midlands accepted it: the innovator is asked."""
    return accept(taken, cast.hin)


@pytest.fixture
def agreed(brokered: Introduction, cast: Cast) -> Introduction:
    """Ida Brown of Brightwell Health agreed."""
    return agree(brokered, cast.innovator)


@pytest.fixture
def met(agreed: Introduction, cast: Cast) -> Introduction:
    """They met today."""
    version = agreed.version
    outcomes.meet(introduction=agreed, version=version, on=today(), by=cast.ics.actor)
    return agreed


def ask(record: Innovation, person: Person) -> Introduction:
    """Ask for an introduction."""
    return asking.ask(
        innovation=record,
        challenge=None,
        purpose="Falls in twelve care homes.",
        timescale=Timescale.MONTH,
        takes_part="Lead for falls",
        by=person.actor,
    )


def take(introduction: Introduction, person: Person) -> Introduction:
    """Take it for the person's HIN."""
    brokering.take(introduction=introduction, version=introduction.version, by=person.actor)
    return introduction


def accept(introduction: Introduction, person: Person) -> Introduction:
    """Accept it and ask the innovator."""
    brokering.accept(
        introduction=introduction,
        version=introduction.version,
        context="They have the homes and the money.",
        by=person.actor,
    )
    return introduction


def agree(introduction: Introduction, person: Person) -> Introduction:
    """Agree for the innovator."""
    asking.agree(
        introduction=introduction, version=introduction.version, message="", by=person.actor
    )
    return introduction


def end(introduction: Introduction, person: Person, outcome: Outcome, **values: object) -> None:
    """Record what came of it; a trial or adoption at the person's own organisation."""
    outcomes.record_outcome(
        introduction=introduction,
        version=introduction.version,
        outcome=outcome,
        by=person.actor,
        **{"organisation": person.organisation, "from_on": today(), **values},
    )


@contextmanager
def at(moment: datetime, session: Session) -> Iterator[None]:
    """Let what happens inside happen at a moment."""
    with clock_at(moment):
        yield
        session.flush()


def inbox(session: Session, user: User) -> list[str]:
    """Return the subjects in a person's inbox, oldest first."""
    return list(
        session.scalars(
            select(Notification.subject)
            .where(Notification.user_id == user.id)
            .order_by(Notification.id)
        )
    )


def everything_told(session: Session) -> str:
    """Return every word of every email and inbox line, addresses of recipients left out."""
    rows = [*session.scalars(select(Email)), *session.scalars(select(Notification))]
    return "\n".join(f"{row.subject}\n{row.body}" for row in rows)
