"""Exemptions from a due date."""

from portal.errors import Forbidden
from portal.support import policy
from portal.support.forms import due_dates as forms
from portal.support.rules.due_dates import reason
from portal.support.services import due_dates as services
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show


@blueprint.route(f"{RECORD}/exempt", methods=BOTH)
def exempt(innovation_id: int) -> Answer:
    """Let an engagement off its due date, saying why."""
    case = case_for(innovation_id)
    if not policy.can_exempt(case.by, case.engagement):
        raise Forbidden("Only a lead of your network exempts from a due date.")
    form = forms.ExemptForm(data={"version": case.engagement.version})
    if form.validate_on_submit():
        with form.refusals():
            services.exempt(
                engagement=case.engagement,
                version=form.version.data,
                why=form.why.data,
                until=form.until.data,
                by=case.by,
            )
            return done(case.innovation, "It is exempted. The innovator has been told.")
    return show(
        form, case.innovation, "exempt", engagement=case.engagement, reason=reason(case.engagement)
    )
