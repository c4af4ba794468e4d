"""Read the events of a programme, and who follows its community."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Membership, Role, User
from portal.accounts.queries.acting import acting_ids
from portal.db import db
from portal.errors import NotFound
from portal.programmes.models import ProgrammeEvent, ProgrammeFollower
from portal.threads import queries as threads


def events(programme_id: int) -> Select[ProgrammeEvent]:
    """Return the events of a programme, for a list."""
    return (
        select(ProgrammeEvent)
        .where(ProgrammeEvent.programme_id == programme_id)
        .options(joinedload(ProgrammeEvent.hin))
    )


def events_of(programme_id: int) -> Sequence[ProgrammeEvent]:
    """Return every event of a programme, the latest first."""
    newest_first = (ProgrammeEvent.on.desc(), ProgrammeEvent.id.desc())
    return db.session.scalars(events(programme_id).order_by(*newest_first)).all()


def trainings(first: date, last: date) -> Sequence[ProgrammeEvent]:
    """Return the events of every programme between two days of which attendance is known."""
    return db.session.scalars(
        select(ProgrammeEvent)
        .where(
            ProgrammeEvent.on >= first,
            ProgrammeEvent.on <= last,
            ProgrammeEvent.attended.is_not(None),
        )
        .order_by(ProgrammeEvent.on, ProgrammeEvent.id)
    ).all()


def event_for(programme_id: int, event_id: int) -> ProgrammeEvent:
    """Return one event of this programme; raises NotFound for another's."""
    found = db.session.get(ProgrammeEvent, event_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such event in this programme.")
    return found


def followers(programme_id: int) -> Sequence[User]:
    """Return who follows a community and still acts for a network, an ICS or the nation."""
    reading = acting_ids(Membership.role.in_((Role.HIN, Role.ICS, Role.NATIONAL)))
    return threads.followers(ProgrammeFollower, programme_id, User.id.in_(reading))
