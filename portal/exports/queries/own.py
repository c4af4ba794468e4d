"""What a network may see of its own work: the lists of the API, narrowed to the network."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from portal.accounts.models import Actor
from portal.api.queries import records
from portal.api.queries.records import Rows
from portal.clock import today
from portal.db import db
from portal.figures.queries import first_day
from portal.innovations.models import EvidenceFile, Innovation
from portal.innovations.policy import can_read_file
from portal.reference.rules import Quarter
from portal.support.models import Engagement, Interaction


def innovations_of(actor: Actor) -> Rows:
    """Return the innovations of the network's area and those that it works with."""
    works = select(Engagement.innovation_id).where(Engagement.hin_id == actor.hin_id)
    its = or_(Innovation.hin_id == actor.hin_id, Innovation.id.in_(works))
    return records.records(actor, None).where(its)


def engagements_of(actor: Actor) -> Rows:
    """Return the network's own engagements."""
    return records.engagements(actor).where(Engagement.hin_id == actor.hin_id)


def interactions_of(actor: Actor) -> Rows:
    """Return the network's own interactions, a row for each innovation."""
    return records.interactions(actor).where(Interaction.hin_id == actor.hin_id)


def files_of(actor: Actor, innovation: Innovation) -> Sequence[EvidenceFile]:
    """Return the files of evidence of a record that the actor may read."""
    found = select(EvidenceFile).where(EvidenceFile.innovation_id == innovation.id)
    rows = db.session.scalars(found.order_by(EvidenceFile.id)).all()
    return [row for row in rows if can_read_file(actor, innovation, row)]


def quarters_with_figures() -> list[Quarter]:
    """Return every quarter since the oldest row that counts, the oldest first."""
    first, now = first_day(), Quarter.of(today())
    found = [now]
    while first and found[-1].first > first:
        found.append(found[-1].previous)
    return found[::-1]
