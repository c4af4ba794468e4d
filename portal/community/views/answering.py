"""Those who asked: take an idea on, answer it, make something of it with one click."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.community import policy
from portal.community.forms import AnswerForm, StepForm
from portal.community.models import Idea
from portal.community.services import answering as services
from portal.community.services.answering import Answer
from portal.community.views import blueprint
from portal.community.views.steps import ONE, IdeaForReader, done, seen, step, still
from portal.db import db
from portal.errors import Invalid, NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page


@blueprint.post(f"{ONE}/look")
def look(idea_id: int) -> Page:
    """Take an idea on to look at it."""
    found, form = seen(idea_id), StepForm()
    still(found.idea, allowed=policy.can_look(found.actor, found.standing, found.idea))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.look(idea=found.idea, version=form.version.data, by=found.actor)
            return done(idea_id, "Its authors were told that you look at it.")
    return step(form, found.idea, "Look at it", "Look at it")


@blueprint.route(f"{ONE}/answer", methods=BOTH)
def answer(idea_id: int) -> Page:
    """Tell the authors what becomes of their idea."""
    found = seen(idea_id)
    still(found.idea, allowed=policy.can_answer(found.actor, found.standing, found.idea))
    form = AnswerForm(data={"version": found.idea.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.answer(
                idea=found.idea,
                answer=_said(form, found.actor),
                version=form.version.data,
                by=found.actor,
            )
            return done(idea_id, "The authors and everybody who follows the idea were told.")
    return step(form, found.idea, "Answer the idea", "Answer and tell them")


def _said(form: AnswerForm, actor: Actor) -> Answer:
    number = form.exists_innovation.data
    return Answer(
        state=form.state.data,
        words=form.words.data,
        exists=_record(actor, number) if number else None,
        exists_url=form.exists_url.data or "",
    )


def _record(actor: Actor, number: int) -> Innovation:
    """Return a record that the actor may see; raises Invalid beside the field otherwise."""
    try:
        return innovation_for(actor, number)
    except NotFound as unknown:
        words = "Enter the number of a record that you can open"
        raise Invalid(words, field="exists_innovation") from unknown


@blueprint.post(f"{ONE}/become-challenge")
def become_challenge(idea_id: int) -> Page:
    """Draft a challenge from the idea, and go on writing it."""
    words = "The challenge is a draft. Say who is affected and what you want, then open it."
    found = seen(idea_id)
    still(found.idea, allowed=policy.can_become_challenge(found.actor, found.standing, found.idea))
    return _become(
        found,
        services.become_challenge,
        words,
        lambda made: url_for("challenges.edit", challenge_id=made.id),
    )


@blueprint.post(f"{ONE}/become-record")
def become_record(idea_id: int) -> Page:
    """Start a record of the idea, and go on writing it."""
    words = "The record is a draft that you keep for the authors’ organisation."
    found = seen(idea_id)
    still(found.idea, allowed=policy.can_become_record(found.actor, found.idea))
    return _become(
        found,
        services.become_record,
        words,
        lambda made: url_for("innovations.tasks", innovation_id=made.id),
    )


@blueprint.post(f"{ONE}/become-proposal")
def become_proposal(idea_id: int) -> Page:
    """Put the idea forward as a next programme."""
    found = seen(idea_id)
    still(found.idea, allowed=policy.can_become_proposal(found.actor, found.idea))
    return _become(
        found,
        services.become_proposal,
        "The proposal is there.",
        lambda made: url_for("programmes.proposal", proposal_id=made.id),
    )


def _become(
    found: IdeaForReader, make: Callable[..., Any], words: str, page_of: Callable[[Any], str]
) -> Page | Response:
    form = StepForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            made = make(idea=found.idea, version=form.version.data, by=found.actor)
            address = page_of(made)
            db.session.commit()
            flash(f"{words} {_credited(found.idea)}", "success")
            return redirect(address)
    return step(form, found.idea, "Make something of it", "Go on")


def _credited(idea: Idea) -> str:
    return "Its page names the authors of the idea, who were told."
