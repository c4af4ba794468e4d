"""Say where one site stands, confirm a claim, or correct what was said."""

from dataclasses import dataclass
from datetime import date

from portal.accounts.models import Actor
from portal.adoption import policy
from portal.adoption.queries.places import allowed_hin_id
from portal.audit.services import note
from portal.clock import today
from portal.errors import Forbidden
from portal.innovations.models import Adoption, AdoptionSource, AdoptionState, Innovation
from portal.innovations.queries.adoption import rows_at
from portal.innovations.rules.adoption import TRIAL, waiting
from portal.innovations.services.adoption import NewStage, record_stages
from portal.reference.models import Site


@dataclass(frozen=True, slots=True)
class SiteUpdate:
    """What somebody says of a site."""

    state: AdoptionState
    on: date
    source: AdoptionSource = AdoptionSource.HIN
    reason_id: int | None = None
    note: str = ""
    is_indicative: bool = False
    corrects_id: int | None = None


def say(*, innovation: Innovation, site: Site, said: SiteUpdate, by: Actor) -> Adoption:
    """Add a row about a site; in use, it confirms the innovator's claim that waits.

    Raises Forbidden for another network, and what `record_stages` refuses.
    """
    if not policy.can_update(by, allowed_hin_id(site)):
        raise Forbidden("Only the network of an area says where its sites stand.")
    rows = rows_at(innovation.id, site.id)
    claim = next((row for row in waiting(rows, today()) if not row.unit), None)
    stage = NewStage(
        site_id=site.id,
        state=said.state,
        on=said.on,
        source=said.source,
        reason_id=said.reason_id,
        note=said.note,
        is_indicative=said.is_indicative,
        corrects=next((row for row in rows if row.id == said.corrects_id), None),
        confirms=claim if said.state.level >= TRIAL else None,
    )
    (row,) = record_stages(innovation=innovation, stages=[stage], by=by)
    note(innovation, "stage_recorded", f"recorded where {site.name} stands ({site.code})", by=by)
    return row
