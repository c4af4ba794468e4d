"""The interactions of a network with a company in the year of a return."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.impact.models import CompanyReturn
from portal.innovations.models import Innovation
from portal.support.models import Engagement, Interaction, InteractionShare
from portal.support.queries.interactions import counted


def interactions_with(row: CompanyReturn, hin_id: int | None) -> Sequence[Interaction]:
    """Return them by their day, each once, without those that were corrected or withdrawn."""
    about = (
        select(InteractionShare.interaction_id)
        .join(InteractionShare.engagement)
        .join(Innovation, Innovation.id == Engagement.innovation_id)
        .where(Innovation.organisation_id == row.organisation_id)
    )
    return db.session.scalars(
        select(Interaction)
        .where(
            Interaction.id.in_(about),
            Interaction.hin_id == hin_id,
            Interaction.on.between(row.campaign.first, row.campaign.last),
            counted(),
        )
        .order_by(Interaction.on, Interaction.id)
    ).all()
