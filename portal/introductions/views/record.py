"""The tab of a record: who asked to meet its people, and what came of it."""

from flask import render_template

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.innovations.queries.supporters import supporting_hin_ids
from portal.introductions import policy, rules
from portal.introductions.queries.listing import of_record, uses_introduced
from portal.introductions.serialise import introductions_for
from portal.introductions.views import blueprint


def uses_after_introductions(innovation: Innovation) -> frozenset[int]:
    """Return the lines of a record's "where in use" that came of introductions, by id."""
    return uses_introduced(innovation.id)


blueprint.add_app_template_global(uses_after_introductions)


def may_see_tab(actor: Actor, innovation: Innovation) -> bool:
    """Whether the record shows the person its introductions; looks the HINs up only for HINs."""
    hin_ids = supporting_hin_ids(innovation.id) if actor.is_hin else frozenset()
    return policy.can_see_tab(actor, innovation, hin_ids)


@blueprint.get("/innovations/<int:innovation_id>/introductions")
def record(innovation_id: int) -> str:
    """Show the introductions of a record that the person may see."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not may_see_tab(actor, innovation):
        raise Forbidden("Introductions are shown to the innovation’s people and to staff.")
    return render_template(
        "introductions/record.html",
        innovation=innovation,
        list=introductions_for(actor),
        rows=of_record(actor, innovation_id),
        rules=rules,
        today=today(),
    )
