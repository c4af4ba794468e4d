"""The introductions that are under way when a network ends its support."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.introductions.models import Introduction, State
from portal.support.models import Engagement
from portal.support.queries.unfinished import Unfinished


def under_way(engagement: Engagement) -> Sequence[Unfinished]:
    """Return the introductions to the engagement's innovation that its HIN brokers."""
    found = db.session.scalars(
        select(Introduction)
        .where(
            Introduction.innovation_id == engagement.innovation_id,
            Introduction.broker_hin_id == engagement.hin_id,
            Introduction.state != State.ENDED,
        )
        .options(joinedload(Introduction.organisation))
        .order_by(Introduction.id)
    )
    return [
        Unfinished(f"Introduction to {one.organisation.name}", f"/introductions/{one.id}")
        for one in found
    ]
