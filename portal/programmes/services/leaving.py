"""What hangs on a person here: programmes that they lead, proposals that they assess."""

from collections.abc import Sequence

from sqlalchemy import Select, literal, select

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.leaving import Responsibility
from portal.clock import now, today
from portal.db import db
from portal.programmes.models import Assessor, ProgrammeLead
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date


def _led(of: Membership) -> Select[ProgrammeLead]:
    """The programmes that the member leads for their network."""
    return select(ProgrammeLead).where(
        ProgrammeLead.user_id == of.user_id,
        ProgrammeLead.hin_id == of.organisation.hin_id,
        ProgrammeLead.until_at.is_(None),
    )


def _pass_on(of: Membership, successor: User | None, by: Actor) -> None:
    """Let the successor lead them; where nobody is named, the network has no lead person there."""
    for row in db.session.scalars(_led(of).order_by(ProgrammeLead.id)).all():
        row.until_at = now()
        if successor is not None:
            db.session.flush()
            db.session.add(
                ProgrammeLead(
                    programme_id=row.programme_id,
                    hin_id=row.hin_id,
                    user_id=successor.id,
                    by_id=by.user_id,
                )
            )


def _assessed(of: Membership) -> Select[Assessor]:
    """The parts of staff in assessing of which nobody has scores yet."""
    return select(Assessor).where(
        Assessor.user_id == of.user_id,
        Assessor.released_at.is_(None),
        Assessor.scored_at.is_(None),
        Assessor.has_conflict.is_not(True),
        literal(of.role in (Role.HIN, Role.NATIONAL)),
    )


def _pass_assessing_on(of: Membership, successor: User | None, by: Actor) -> None:
    """Wait for them no more; the successor is asked where they were not asked before."""
    for row in db.session.scalars(_assessed(of).order_by(Assessor.id)).all():
        row.released_at = now()
        db.session.flush()
        asked = select(Assessor.user_id).where(Assessor.proposal_id == row.proposal_id)
        if successor is not None and successor.id not in db.session.scalars(asked).all():
            named = Assessor(
                proposal_id=row.proposal_id, user_id=successor.id, named_by_id=by.user_id
            )
            named.set_due(due_date(DeadlineKind.ASSESS, today()))
            db.session.add(named)


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("programme they lead", "programmes they lead", _led, _pass_on),
    Responsibility("proposal they assess", "proposals they assess", _assessed, _pass_assessing_on),
)
