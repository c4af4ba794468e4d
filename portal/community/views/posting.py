"""Authors: write an idea beside what looks similar, change it, take it back, join one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.community import policy, rules
from portal.community.forms import SEEN, IdeaForm, StepForm, of_idea
from portal.community.indexing import Similar, need_of, similar_to
from portal.community.models import Campaign, Idea, IdeaStage, IdeaState
from portal.community.policy import Standing
from portal.community.queries import campaign_for, reader
from portal.community.services import posting as services
from portal.community.views import blueprint
from portal.community.views.campaigns import ONE as CAMPAIGN
from portal.community.views.steps import ONE, done, seen, step, still
from portal.db import db
from portal.errors import Conflict
from portal.web.limits import limiter
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page
from portal.wording import day_words as nhs_date


@blueprint.route(f"{CAMPAIGN}/new", methods=BOTH)
@limiter.limit("20 per hour", methods=["POST"])
def new(campaign_id: int) -> Page:
    """Write an idea; where others look similar they are shown once before it is posted."""
    actor, standing, campaign = _asked(campaign_id)
    form = IdeaForm(data={"stage": IdeaStage.THOUGHT, "may_join": True, "version": 0})
    if form.is_submitted_and_valid():
        similar = _unseen(actor, standing, form)
        if similar:
            form.looked.data = SEEN
            return _page(form, campaign, similar, is_asked=True), 200
        with form.refusals():
            idea = services.post(campaign=campaign, content=form.content(), by=actor)
            db.session.commit()
            flash(_said(idea), "success")
            return redirect(url_for("community.show", idea_id=idea.id))
    return _page(form, campaign), form.status


@blueprint.post(f"{CAMPAIGN}/similar")
@limiter.limit("60 per minute")
def similar(campaign_id: int) -> str | dict[str, str]:
    """Show the form as it was sent, with what looks similar beside it; nothing is kept.

    `?part=1` asks for what looks similar alone, for the script that asks while somebody types.
    """
    actor, standing, campaign = _asked(campaign_id)
    form = IdeaForm()
    found = similar_to(actor, standing, need_of(form.texts()))
    if request_is_part():
        return {"part": render_template("community/similar.html", **_shown(form, found))}
    return _page(form, campaign, found)


@blueprint.route(f"{ONE}/edit", methods=BOTH)
@limiter.limit("30 per hour", methods=["POST"])
def edit(idea_id: int) -> Page:
    """Change an idea that nobody looks at yet."""
    found = seen(idea_id)
    still(found.idea, allowed=policy.can_change(found.actor, found.idea))
    form = IdeaForm(data=of_idea(found.idea))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.change(
                idea=found.idea,
                content=form.content(),
                version=form.version.data,
                by=found.actor,
            )
            return done(idea_id, _changed(found.idea))
    return _page(form, found.idea.campaign, idea=found.idea), form.status


@blueprint.route(f"{ONE}/withdraw", methods=BOTH)
def withdraw(idea_id: int) -> Page:
    """Ask once more, and take an idea back."""
    found = seen(idea_id)
    still(found.idea, allowed=policy.can_withdraw(found.actor, found.idea))
    form = StepForm(data={"version": found.idea.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.withdraw(idea=found.idea, version=form.version.data, by=found.actor)
            return done(idea_id, "You took your idea back.")
    return step(form, found.idea, "Take your idea back", "Take it back", TAKING_BACK)


TAKING_BACK = "Nobody but its authors reads it any more, and nobody answers it."


@blueprint.post(f"{ONE}/join")
def join(idea_id: int) -> Response:
    """Become a co-author."""
    found = seen(idea_id)
    services.join(idea=found.idea, by=found.actor)
    return done(idea_id, "You are named beside its author, who was told.")


@blueprint.post(f"{ONE}/leave")
def leave(idea_id: int) -> Response:
    """Be a co-author no more."""
    found = seen(idea_id)
    services.leave(idea=found.idea, by=found.actor)
    return done(idea_id, "You are no co-author any more.")


def _asked(campaign_id: int) -> tuple[Actor, Standing, Campaign]:
    """Return a campaign that takes ideas, and who has one."""
    actor = current_actor()
    standing = reader(actor)
    campaign = campaign_for(actor, standing, campaign_id)
    if rules.phase(campaign, today()) is not rules.Phase.OPEN:
        raise Conflict("This campaign takes no ideas today.")
    return actor, standing, campaign


def _unseen(actor: Actor, standing: Standing, form: IdeaForm) -> Similar | None:
    """Return what looks similar, where its writer has not seen it yet."""
    if form.looked.data == SEEN:
        return None
    return similar_to(actor, standing, need_of(form.texts()))


def request_is_part() -> bool:
    """Whether the script asks for the part of the page alone."""
    return bool(request.args.get("part"))


def _said(idea: Idea) -> str:
    by = f" by {nhs_date(idea.due_on)}" if idea.due_on else ""
    if idea.state is IdeaState.HELD:
        return f"Your idea waits to be looked over. {idea.held_why} You get an answer{by}."
    return f"Your idea is posted. You get an answer{by}."


def _changed(idea: Idea) -> str:
    if idea.state is IdeaState.HELD:
        return f"Your idea is changed and waits to be looked over. {idea.held_why}"
    return "Your idea is changed."


def _shown(form: IdeaForm, found: Similar | None) -> dict[str, Any]:
    has_words = bool(need_of(form.texts()).bag)
    return {"similar": found, "has_words": has_words}


def _page(
    form: IdeaForm,
    campaign: Campaign,
    found: Similar | None = None,
    *,
    idea: Idea | None = None,
    is_asked: bool = False,
) -> str:
    return render_template(
        "community/idea_form.html",
        form=form,
        campaign=campaign,
        idea=idea,
        is_asked=is_asked,
        **_shown(form, found),
    )
