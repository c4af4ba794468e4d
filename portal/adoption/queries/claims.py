"""Claims of use that wait for the network of an area to confirm them."""

from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Actor
from portal.adoption.queries.areas import lies_with
from portal.clock import today
from portal.innovations.models import Adoption, Innovation, RecordStatus
from portal.innovations.queries import visible_to
from portal.innovations.queries.adoption import is_waiting
from portal.reference.models import Site


def claims_to_decide(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return each claim of use that waits today in the area of the actor's network, with its record
    and its place, of submitted records that they may see: those that `services.saying.say` lets
    them answer."""
    return (
        select(Adoption, Innovation, Site)
        .join(Site, Site.id == Adoption.site_id)
        .join(Innovation, Innovation.id == Adoption.innovation_id)
        .where(
            is_waiting(today()),
            Innovation.status == RecordStatus.SUBMITTED,
            visible_to(actor),
            lies_with(actor.hin_id, today()),
        )
    )
