"""Freeze a quarter's figures: what was reported stays what was reported."""

from datetime import datetime

from portal.accounts.models import Actor
from portal.audit.services import record
from portal.clock import day_of, now
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures import policy
from portal.figures.models import FigureFreeze, FrozenFigure
from portal.figures.queries import freeze_of, live_values
from portal.reference.rules import Quarter


def freeze_figures(*, quarter: Quarter, by: Actor, at: datetime | None = None) -> FigureFreeze:
    """Keep every figure of a quarter as it stands now; later corrections do not move them.

    Raises Forbidden for anybody but the national team or a command, Invalid while the quarter
    lasts, Conflict when it is frozen already.
    """
    at = at or now()
    if not policy.can_freeze(by):
        raise Forbidden("Only the national team freezes the figures of a quarter.")
    if at < quarter.ends_at:
        raise Invalid(f"{quarter.label} is not over yet: freeze it once it has ended")
    if freeze_of(quarter) is not None:
        raise Conflict(f"{quarter.label} is frozen already.")
    freeze = FigureFreeze(quarter_on=quarter.first, frozen_at=at, frozen_by_id=by.user_id)
    freeze.figures = [
        FrozenFigure(measure=f.code, hin_id=f.hin_id, group=f.group, value=f.value)
        for f in live_values(quarter, day_of(at), as_of=at)
    ]
    db.session.add(freeze)
    db.session.flush()
    event = record(
        "figures.frozen",
        noun="figures",
        noun_id=freeze.id,
        summary=f"froze the support figures of {quarter.label}",
        by=by,
    )
    event.at = at
    return freeze
