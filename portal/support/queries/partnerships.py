"""Read strategic partnerships."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.models import Innovation
from portal.support.models import Engagement, Partnership


def partnerships(actor: Actor) -> Select[Partnership]:
    """Return the partnerships of the actor's HIN, all for the national team, next review first."""
    stmt = (
        select(Partnership)
        .join(Partnership.engagement)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .join(Engagement.hin)
        .options(
            contains_eager(Partnership.engagement).options(
                contains_eager(Engagement.innovation).contains_eager(Innovation.organisation),
                contains_eager(Engagement.hin),
            ),
            selectinload(Partnership.reviews),
        )
        .order_by(Partnership.review_on.is_(None), Partnership.review_on, Partnership.id)
    )
    return stmt if actor.is_national else stmt.where(Engagement.hin_id == actor.hin_id)


def partnership_of(engagement_id: int) -> Partnership | None:
    """Return the partnership of an engagement, if one is recorded."""
    return db.session.scalar(select(Partnership).where(Partnership.engagement_id == engagement_id))
