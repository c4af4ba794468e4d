"""Read the rounds of a fund and what was applied for."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.errors import NotFound
from portal.programmes.models import FundApplication, FundRound


def rounds_of(programme_id: int) -> Sequence[FundRound]:
    """Return the rounds of a programme with their applications, the newest first."""
    return db.session.scalars(
        select(FundRound)
        .where(FundRound.programme_id == programme_id)
        .options(selectinload(FundRound.applications).joinedload(FundApplication.hin))
        .order_by(FundRound.opens_on.desc(), FundRound.id.desc())
    ).all()


def round_for(programme_id: int, round_id: int) -> FundRound:
    """Return one round of this programme; raises NotFound for another's."""
    found = db.session.get(FundRound, round_id)
    if found is None or found.programme_id != programme_id:
        raise NotFound("There is no such round in this programme.")
    return found


def application_for(programme_id: int, application_id: int) -> FundApplication:
    """Return one application to this programme; raises NotFound for another's."""
    found = db.session.get(
        FundApplication, application_id, options=[joinedload(FundApplication.round)]
    )
    if found is None or found.round.programme_id != programme_id:
        raise NotFound("There is no such application in this programme.")
    return found
