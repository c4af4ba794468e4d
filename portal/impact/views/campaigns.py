"""Set a yearly return up, and change its days."""

from flask import url_for

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.impact import policy
from portal.impact.forms.returns import CampaignForm, NewCampaignForm
from portal.impact.queries.returns import campaign_for, campaigns
from portal.impact.rules.years import years_to_choose
from portal.impact.services.campaigns import change_days, set_up
from portal.impact.views import blueprint
from portal.impact.views.steps import show
from portal.web.steps import BOTH, Answer, done


@blueprint.route("/impact/campaigns/new", methods=BOTH)
def new_campaign() -> Answer:
    """Set a return up for a year that has none."""
    _set_up()
    form = NewCampaignForm()
    form.year.choices = years_to_choose(today(), {one.year for one in campaigns()})
    if form.is_submitted_and_valid():
        with form.refusals():
            set_up(
                year=form.year.data,
                opens_on=form.opens_on.data,
                closes_on=form.closes_on.data,
                by=current_actor(),
            )
            return done("The return is set up. Companies are written to as it opens.", _index())
    before = "Every company that a network supported in the year is asked once."
    return show(form, "Set a yearly return up", "Save", back=_back(), before=before)


@blueprint.route("/impact/campaigns/<int:campaign_id>/edit", methods=BOTH)
def edit_campaign(campaign_id: int) -> Answer:
    """Change between which days companies answer."""
    _set_up()
    row = campaign_for(campaign_id)
    form = CampaignForm(row)
    if form.is_submitted_and_valid():
        with form.refusals():
            change_days(
                campaign=row,
                version=form.version.data or 0,
                opens_on=form.opens_on.data,
                closes_on=form.closes_on.data,
                by=current_actor(),
            )
            return done("The days are changed.", _index())
    return show(form, f"Days of the return of {row.label}", "Save", back=_back())


def _set_up() -> None:
    if not policy.can_set_up(current_actor()):
        raise Forbidden("The national team sets the yearly return up.")


def _index() -> str:
    return url_for("impact.index")


def _back() -> tuple[str, str]:
    return _index(), "Back to impact"
