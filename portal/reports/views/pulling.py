"""Take a network's paragraph into a section of the national report."""

from flask import url_for

from portal.accounts.session import current_actor
from portal.reports import policy
from portal.reports.forms.writing import PullForm
from portal.reports.queries.pulling import offers_for
from portal.reports.queries.reports import section_for
from portal.reports.services.pulling import pull
from portal.reports.views import blueprint
from portal.reports.views.steps import SECTION, refuse_unless, show
from portal.web.steps import BOTH, Answer, done

NOTHING = "No network has approved a section of its own report for this period yet."
ADDED = "The paragraph is put at the end of the section, with the name of the network below it."


@blueprint.route(f"{SECTION}/networks", methods=BOTH)
def pulling(section_id: int) -> Answer:
    """Choose a paragraph that a network approved, and put it at the end of the section."""
    actor = current_actor()
    found = section_for(actor, section_id)
    may = policy.can_write(actor, found) and found.report.hin_id is None
    refuse_unless(may, "Who writes a section of the national report takes paragraphs into it.")
    offers = offers_for(actor, found)
    form = PullForm(obj=found)
    form.offer(offers)
    address = url_for("reports.section", section_id=found.id)
    if form.is_submitted_and_valid():
        with form.refusals():
            chosen = next((one for one in offers if one.key == form.paragraph.data), None)
            pull(section=found, version=form.version.data or 0, offer=chosen, by=actor)
            return done("The paragraph is there, with its credit.", address)
    heading, back = f"Take a network’s paragraph into “{found.heading}”", (address, found.heading)
    before = ADDED if offers else NOTHING
    return show(form, heading, "Take it in", back=back, before=before)
