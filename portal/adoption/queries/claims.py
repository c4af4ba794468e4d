"""Claims of use that wait for the network of an area to confirm them."""

from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Actor
from portal.adoption.queries.areas import lies_with
from portal.clock import today
from portal.innovations.models import Adoption, Innovation, RecordStatus
from portal.innovations.queries import role_counted_for
from portal.innovations.queries.adoption import is_waiting
from portal.reference.models import Site


def claims_to_decide(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return each claim of use that waits today in the area of the actor's network, with its record
    and its place, of submitted records that everybody in their role may see: those that
    `services.saying.say` lets them answer. The same for all of a network, so that home keeps it."""
    return (
        select(Adoption, Innovation, Site)
        .join(Site, Site.id == Adoption.site_id)
        .join(Innovation, Innovation.id == Adoption.innovation_id)
        .where(
            is_waiting(today()),
            Innovation.status == RecordStatus.SUBMITTED,
            Innovation.merged_into_id.is_(None),
            role_counted_for(actor),
            lies_with(actor.hin_id, today()),
        )
    )
