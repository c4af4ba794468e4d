"""How far a record has come: the progress areas, its validations and the standards to check."""

from flask import render_template

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.innovations.queries.standing import STANDING
from portal.proof import policy
from portal.proof.queries import facts
from portal.proof.queries.milestones import progress_of, readable
from portal.proof.views import blueprint
from portal.support import queries as support
from portal.support.policy import can_read


@blueprint.get("/innovations/<int:innovation_id>/progress")
def progress(innovation_id: int) -> str:
    """Show the progress areas and validations: to an ICS only what was published."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id, *STANDING)
    if not policy.can_read_progress(actor, innovation):
        raise Forbidden("Progress is shown to the innovation's people, to staff and to ICSs.")
    known = facts(innovation, today())
    sees_all = can_read(actor, innovation)
    return render_template(
        "proof/progress.html",
        innovation=innovation,
        areas=progress_of(innovation, actor, known),
        sees_all=sees_all,
        can_record=policy.can_record(actor, support.engagements(innovation_id)),
        validations=readable(known.validations, innovation, actor),
    )
