"""Read strategic partnerships."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.models import Innovation
from portal.support.models import Engagement, Partnership, PartnershipReview
from portal.support.policy import can_read_partnership, can_review


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


def partnership_for(actor: Actor, innovation_id: int, partnership_id: int) -> Partnership:
    """Return a partnership about a record that the actor may see. The only door.

    Raises NotFound where there is none, Forbidden where it is others' agreement.
    """
    row = db.session.get(Partnership, partnership_id)
    if row is None or row.engagement.innovation_id != innovation_id:
        raise NotFound("There is no such partnership about this innovation.")
    if not can_read_partnership(actor, row.engagement):
        raise Forbidden("A partnership is shown to its network, the innovator and the nation.")
    return row


def reviews_for(actor: Actor, partnership: Partnership) -> list[PartnershipReview]:
    """Return the reviews that the actor may read, newest first: the innovator's side those that
    were shared."""
    reads_all = can_review(actor, partnership.engagement)
    return [review for review in partnership.reviews if reads_all or review.is_shared]


def partnership_of(engagement_id: int) -> Partnership | None:
    """Return the partnership of an engagement, if one is recorded."""
    return db.session.scalar(select(Partnership).where(Partnership.engagement_id == engagement_id))
