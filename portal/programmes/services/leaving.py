"""What hangs on a person of a network here: the programmes that they lead in it."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from portal.accounts.models import Actor, Membership, User
from portal.accounts.queries.leaving import Responsibility
from portal.clock import now
from portal.db import db
from portal.programmes.models import ProgrammeLead


def _led(of: Membership) -> Select[ProgrammeLead]:
    """The programmes that the member leads for their network."""
    return select(ProgrammeLead).where(
        ProgrammeLead.user_id == of.user_id,
        ProgrammeLead.hin_id == of.organisation.hin_id,
        ProgrammeLead.until_at.is_(None),
    )


def _count(of: Membership) -> int:
    return db.session.scalar(select(func.count()).select_from(_led(of).subquery())) or 0


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


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("programme they lead", "programmes they lead", _count, _pass_on),
)
