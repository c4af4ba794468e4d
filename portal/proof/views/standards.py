"""The standards of a record that HIN staff checked."""

from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.innovations.queries import innovation_for
from portal.proof.forms import CheckStandardForm
from portal.proof.policy import can_record
from portal.proof.queries import standard_for
from portal.proof.services import validations
from portal.proof.views import blueprint
from portal.support import queries
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, done, show


@blueprint.route(f"{RECORD}/standards/<int:standard_id>", methods=BOTH)
def check_standard(innovation_id: int, standard_id: int) -> Answer:
    """Say that the proof of a standard was seen."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not can_record(actor, queries.engagements(innovation_id)):
        raise Forbidden("Only a network that works with this innovation checks its standards.")
    standard = standard_for(innovation_id, standard_id)
    form = CheckStandardForm()
    if form.validate_on_submit():
        with form.refusals():
            validations.check_standard(
                standard=standard,
                innovation=innovation,
                valid_until=form.valid_until.data,
                by=actor,
            )
            return done(innovation, "The standard is marked as checked.")
    return show(form, innovation, "standard", standard=standard)
