"""Hand a case to another person of the network, seeing how much each person leads."""

from portal.clock import today
from portal.desk import forms
from portal.desk.queries.queues import loads
from portal.desk.views import blueprint
from portal.support.rules.interactions import hours_words
from portal.support.services import engagements
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show


@blueprint.route(f"{RECORD}/lead", methods=BOTH)
def assign(innovation_id: int) -> Answer:
    """Hand it to another person of the HIN."""
    case = case_for(innovation_id)
    form = forms.LeadForm(case.engagement)
    if form.validate_on_submit():
        with form.refusals():
            engagements.assign(
                engagement=case.engagement,
                version=form.version.data,
                lead_id=form.lead.data,
                by=case.by,
            )
            return done(case.innovation, "The lead person is changed.")
    return show(
        form,
        case.innovation,
        "desk/lead",
        loads=loads(case.by.hin_id, today()),
        hours_words=hours_words,
    )
