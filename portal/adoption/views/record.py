"""The tab of a record: over which places it is counted, and what its innovator alone says."""

from flask import render_template

from portal.accounts.session import current_actor
from portal.adoption import policy
from portal.adoption.queries import lists
from portal.adoption.queries.places import summaries
from portal.adoption.views import blueprint
from portal.clock import today
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.innovations.queries.adoption import rows_of
from portal.innovations.rules.adoption import waiting


@blueprint.get("/innovations/<int:innovation_id>/spread")
def record(innovation_id: int) -> str:
    """Show the lists of places of a record, and the claims of use that wait."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not policy.can_read_spread(actor, innovation):
        raise Forbidden("How far it has spread is shown to staff and to its own people.")
    rows = rows_of(innovation_id)
    return render_template(
        "adoption/record.html",
        innovation=innovation,
        found=summaries(lists.lists_of(innovation_id)),
        claims=waiting(rows, today()),
        can_read=policy.can_read(actor),
        can_curate=policy.can_curate(actor),
    )
