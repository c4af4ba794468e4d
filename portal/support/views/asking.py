"""The page on which an innovator asks a HIN again after it said no or ended its support."""

from portal.accounts.session import current_actor
from portal.clock import today
from portal.innovations.queries import innovation_for
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date
from portal.support import forms, queries
from portal.support.services import asking
from portal.support.views import blueprint
from portal.support.views.steps import RECORD, Answer, done, show

ASKED = "Your question is with the network again. You hear by the day on this page."


@blueprint.route(f"{RECORD}/ask-again/<int:hin_id>", methods=("GET", "POST"))
def ask_again(innovation_id: int, hin_id: int) -> Answer:
    """Ask what changed since the decision, and put the case on the HIN's desk again."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    engagement = queries.ended_engagement(actor, innovation, hin_id)
    form = forms.AskAgainForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            asking.ask_again(engagement=engagement, changed=form.changed.data, by=actor)
            return done(innovation, ASKED)
    return show(
        form,
        innovation,
        "ask_again",
        engagement=engagement,
        decision=queries.last_change(engagement),
        due=due_date(DeadlineKind.PICK_UP, today()).due_on,
    )
