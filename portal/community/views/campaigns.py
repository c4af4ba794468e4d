"""Campaigns: one with its ideas, starting and changing one, whom it invites."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.community import policy, rules
from portal.community.forms import CampaignForm, GuestForm, of_campaign
from portal.community.models import Audience, Campaign, Idea, Moderation
from portal.community.queries import campaign_for, own_campaign_for, reader
from portal.community.queries.listing import Queue, listed
from portal.community.serialise import IDEAS
from portal.community.services import campaigns as services
from portal.community.views import blueprint
from portal.db import db
from portal.errors import Forbidden
from portal.web.access import removes
from portal.web.filters import Filters
from portal.web.limits import limiter
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page

ALL = "/ideas/campaigns"
ONE = f"{ALL}/<int:campaign_id>"


@blueprint.route(f"{ALL}/new", methods=BOTH)
def start() -> Page:
    """Start a campaign."""
    actor = current_actor()
    standing = reader(actor)
    if not policy.can_start(actor, standing):
        raise Forbidden("ICSs, trusts, networks and the national team ask for ideas.")
    first = {"opens_on": today(), "audience": Audience.EVERYONE, "moderation": Moderation.AFTER}
    form = CampaignForm(data={**first, "version": 0})
    form.offer(rules.audiences_for(has_area=standing.area_hin_id is not None))
    if form.is_submitted_and_valid():
        with form.refusals():
            campaign = services.start(content=form.content(), by=actor)
            return _done(campaign.id, "The campaign is there.")
    return render_template("community/campaign_form.html", form=form, campaign=None), form.status


@blueprint.route(f"{ONE}/edit", methods=BOTH)
def edit_campaign(campaign_id: int) -> Page:
    """Change a campaign, its dates among the rest."""
    actor = current_actor()
    campaign = own_campaign_for(actor, reader(actor), campaign_id)
    form = CampaignForm(data=of_campaign(campaign))
    form.offer(rules.audiences_for(has_area=campaign.hin_id is not None))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.change(
                campaign=campaign, content=form.content(), version=form.version.data, by=actor
            )
            return _done(campaign.id, "The campaign is changed.")
    page = render_template("community/campaign_form.html", form=form, campaign=campaign)
    return page, form.status


@blueprint.get(ONE)
def campaign(campaign_id: int) -> str:
    """Show what a campaign asks, and its ideas."""
    actor = current_actor()
    standing = reader(actor)
    found = campaign_for(actor, standing, campaign_id)
    stmt = listed(actor, standing, Queue.ALL).where(Idea.campaign_id == found.id)
    filters = Filters(request.path, request.args, [])
    return render_template(
        "community/campaign.html",
        campaign=found,
        found=IDEAS.on_page(db.session, stmt, filters),
        phase=rules.phase(found, today()),
        runs=policy.runs(actor, standing, found),
        rules=rules,
        today=today(),
    )


@blueprint.route(f"{ONE}/guests", methods=BOTH)
@limiter.limit("60 per hour", methods=["POST"])
def guests(campaign_id: int) -> Page:
    """Invite somebody without a work address."""
    actor = current_actor()
    campaign = own_campaign_for(actor, reader(actor), campaign_id)
    form = GuestForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            new = services.invite(campaign=campaign, emails=[form.email.data], by=actor)
            db.session.commit()
            flash("They may take part." if new else "They were invited already.", "success")
            return redirect(url_for("community.guests", campaign_id=campaign_id))
    return _guests_page(form, campaign)


@blueprint.post(f"{ONE}/guests/<int:guest_id>/remove")
@removes("community.guests")
def remove_guest(campaign_id: int, guest_id: int) -> Response:
    """Take an invitation back."""
    actor = current_actor()
    campaign = own_campaign_for(actor, reader(actor), campaign_id)
    services.uninvite(campaign=campaign, guest_id=guest_id, by=actor)
    db.session.commit()
    flash("The invitation is taken back.", "success")
    return redirect(url_for("community.guests", campaign_id=campaign_id))


def _guests_page(form: GuestForm, campaign: Campaign) -> Page:
    return render_template("community/guests.html", form=form, campaign=campaign), form.status


def _done(campaign_id: int, words: str) -> Response:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("community.campaign", campaign_id=campaign_id))
