"""Who assesses the answers; their interests and scores."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.answers import queries
from portal.answers.forms import AssessorsForm, DeclareForm, score_form
from portal.answers.models import Answer, AnswerAssessor
from portal.answers.policy import Side
from portal.answers.rules import assessing as scoring
from portal.answers.rules import is_being_assessed
from portal.answers.services import assessing as services
from portal.answers.views import blueprint
from portal.answers.views.answering import PAGE
from portal.answers.views.grid import GRID
from portal.challenges.models import Challenge
from portal.challenges.queries.calls import published_of
from portal.clock import today
from portal.db import db
from portal.errors import Conflict, NotFound
from portal.text import folded_for_sorting
from portal.web.forms import PortalForm
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page


@blueprint.route(f"{GRID}/assessors", methods=BOTH)
def ask_to_assess(challenge_id: int) -> Page:
    """Ask people to assess the answers."""
    actor = current_actor()
    challenge = queries.stating_challenge_for(actor, challenge_id)
    offered = queries.people_to_ask(challenge, published_of(challenge_id))
    form = AssessorsForm().offer(offered, actor.user_id)
    if form.is_submitted_and_valid():
        with form.refusals():
            for person in (one for one in offered if one.id in form.people.data):
                services.ask_to_assess(challenge=challenge, person=person, by=actor)
            return _done(challenge_id, "They are asked, and first declare their interests.")
    return _step(form, challenge, "Who assesses the answers?", "Ask them")


@blueprint.post(f"{GRID}/assessors/<int:assessor_id>/release")
def release(challenge_id: int, assessor_id: int) -> Response:
    """Wait for somebody no more."""
    actor = current_actor()
    queries.stating_challenge_for(actor, challenge_id)
    services.release(assessor=_assessor(challenge_id, assessor_id), by=actor)
    return _done(challenge_id, "Nobody waits for them any more.")


@blueprint.route(f"{GRID}/declare", methods=BOTH)
def declare(challenge_id: int) -> Page:
    """Declare one's interests."""
    actor = current_actor()
    mine = queries.own_part(actor, challenge_id)
    _require_open_answers(challenge_id)
    first = {"has_interest": mine.has_interest, "words": mine.interest_words}
    form = DeclareForm(data={**first, "version": mine.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.declare(
                assessor=mine,
                version=form.version.data,
                has_interest=form.has_interest.data,
                words=form.words.data or "",
                by=actor,
            )
            return _declared(challenge_id, has_interest=form.has_interest.data)
    makers = {one.innovation.organisation.name for one in queries.answers_to(challenge_id)}
    names = {
        "who_answered": sorted(makers, key=folded_for_sorting),
        "is_shut": bool(mine.has_interest),
    }
    return _step(form, mine.challenge, "Declare your interests", "Declare", **names)


def _require_open_answers(challenge_id: int) -> None:
    """Raise Conflict while the answers to a call are sealed: nobody knows who answered yet."""
    if not is_being_assessed(published_of(challenge_id), today()):
        raise Conflict(services.SEALED)


def _declared(challenge_id: int, *, has_interest: bool) -> Response:
    if not has_interest:
        return _done(challenge_id, "Thank you. You may score the answers.")
    db.session.commit()
    flash("Thank you. You do not score these answers.", "success")
    return redirect(url_for("challenges.show", challenge_id=challenge_id))


@blueprint.route(f"{PAGE}/score", methods=BOTH)
def score(answer_id: int) -> Page:
    """Score one answer by every criterion, then go on to the next."""
    actor = current_actor()
    seen = queries.on_side(actor, answer_id, Side.ASSESSOR)
    answer = seen.answer
    mine = queries.own_part(actor, answer.challenge_id)
    criteria = scoring.criteria_of(seen.call)
    form = score_form(criteria)(data=_given(mine, answer))
    if form.is_submitted_and_valid():
        with form.refusals():
            given = form.scores()
            services.score(
                assessor=mine, answer=answer, scores=given, words=form.words.data or "", by=actor
            )
            return _next(mine, answer)
    page = render_template(
        "answers/score.html",
        form=form,
        answer=answer,
        challenge=answer.challenge,
        innovation=answer.innovation,
        criteria=criteria,
        left=len(_left(mine, answer.challenge_id)),
        is_own=False,
    )
    return page, form.status


def _given(mine: AnswerAssessor, answer: Answer) -> dict[str, Any]:
    found = next((one for one in mine.assessments if one.answer_id == answer.id), None)
    if found is None:
        return {}
    return {f"score_{key}": score for key, score in found.scores.items()} | {"words": found.words}


def _left(mine: AnswerAssessor, challenge_id: int) -> list[Answer]:
    """Return what one has yet to score, in one's own order."""
    done = {one.answer_id for one in mine.assessments}
    every = scoring.to_score(queries.answers_to(challenge_id))
    return [one for one in scoring.shuffled(every, mine.user_id) if one.id not in done]


def _next(mine: AnswerAssessor, answer: Answer) -> Response:
    left = _left(mine, answer.challenge_id)
    if not left:
        return _done(answer.challenge_id, "You have scored every answer.")
    address = url_for("answers.score", answer_id=left[0].id)
    words = f"Saved. {len(left)} more to score." if len(left) > 1 else "Saved. 1 more to score."
    db.session.commit()
    flash(words, "success")
    return redirect(address)


def _assessor(challenge_id: int, assessor_id: int) -> AnswerAssessor:
    for one in queries.assessors_of(challenge_id):
        if one.id == assessor_id:
            return one
    raise NotFound("There is no such assessor of this challenge.")


def _done(challenge_id: int, words: str) -> Response:
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("answers.grid", challenge_id=challenge_id))


def _step(form: PortalForm, challenge: Challenge, heading: str, act: str, **names: Any) -> Page:
    page = render_template(
        "answers/challenge_step.html",
        form=form,
        challenge=challenge,
        heading=heading,
        act=act,
        **names,
    )
    return page, form.status
