"""Shortlist, invite, decline; publish what came of a call."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.answers import policy, queries
from portal.answers.forms import DeclineForm, InviteForm, ResultForm
from portal.answers.models import Answer
from portal.answers.policy import Side
from portal.answers.queries.numbers import numbers_of
from portal.answers.rules import is_sealed, undecided
from portal.answers.services import deciding, results
from portal.answers.views import blueprint
from portal.answers.views.answering import PAGE, done, step, still
from portal.answers.views.grid import GRID
from portal.answers.views.show import is_ready
from portal.challenges.models import Call
from portal.challenges.queries.calls import own_call_for
from portal.challenges.rules.calls import Phase, phase
from portal.clock import today
from portal.db import db
from portal.web.addresses import safe_next
from portal.web.format import plural
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page


@blueprint.post(f"{PAGE}/shortlist")
def shortlist(answer_id: int) -> Response:
    """Put an answer on the shortlist."""
    return _shortlisted(answer_id, is_shortlisted=True, words="It is on your shortlist.")


@blueprint.post(f"{PAGE}/take-off")
def take_off(answer_id: int) -> Response:
    """Take an answer off the shortlist."""
    return _shortlisted(answer_id, is_shortlisted=False, words="It is off your shortlist.")


def _shortlisted(answer_id: int, *, is_shortlisted: bool, words: str) -> Response:
    actor = current_actor()
    seen = queries.on_side(actor, answer_id, Side.STATING)
    challenge_id = seen.answer.challenge_id
    deciding.set_shortlisted(answer=seen.answer, is_shortlisted=is_shortlisted, by=actor)
    db.session.commit()
    flash(words, "success")
    grid = url_for("answers.grid", challenge_id=challenge_id)
    return redirect(safe_next(request.form.get("next")) or grid)


@blueprint.route(f"{PAGE}/decline", methods=BOTH)
def decline(answer_id: int) -> Page:
    """Decline with a reason."""
    actor = current_actor()
    seen = queries.on_side(actor, answer_id, Side.STATING)
    still(allowed=policy.can_decide(seen.sides, seen.answer) and is_ready(seen))
    form = DeclineForm(seen.answer)
    if form.is_submitted_and_valid():
        with form.refusals():
            deciding.decline(
                answer=seen.answer,
                version=form.version.data,
                reason=form.reason.data,
                words=form.words.data,
                by=actor,
            )
            return _decided(seen.answer, "The innovator was told, with your reason.")
    return step(form, seen.answer, "Decline the answer", "Decline and tell them", decides=True)


@blueprint.route(f"{PAGE}/invite", methods=BOTH)
def invite(answer_id: int) -> Page:
    """Invite the innovator to meet."""
    actor = current_actor()
    seen = queries.on_side(actor, answer_id, Side.STATING)
    still(allowed=policy.can_decide(seen.sides, seen.answer) and is_ready(seen))
    form = InviteForm(seen.answer)
    if form.is_submitted_and_valid():
        with form.refusals():
            deciding.invite(
                answer=seen.answer,
                version=form.version.data,
                words=form.words.data,
                timescale=form.timescale.data,
                takes_part=form.takes_part.data,
                by=actor,
            )
            return _decided(seen.answer, "They are invited. A network arranges the introduction.")
    before = (
        "The invitation becomes an introduction: a network arranges it, and contacts are shared"
    )
    before += " when the innovator agrees."
    return step(form, seen.answer, "Invite to meet", "Invite them", before, decides=True)


def _decided(answer: Answer, words: str) -> Response:
    """Go to the page of an answer, and say for how many others somebody still waits."""
    left = len(undecided(queries.answers_to(answer.challenge_id)))
    more = f"{plural(left, 'answer')} left to decide." if left else "Everybody is answered now."
    return done(answer.id, f"{words} {more}")


@blueprint.route(f"{GRID}/result", methods=BOTH)
def result(challenge_id: int) -> Page:
    """Publish what came of a call."""
    actor = current_actor()
    queries.stating_challenge_for(actor, challenge_id)
    call = own_call_for(actor, challenge_id)
    runs = phase(call, today()) in {Phase.COMING, Phase.OPEN}
    form = ResultForm(data={"version": call.version}).while_it_runs(runs=runs)
    if form.is_submitted_and_valid():
        with form.refusals():
            results.publish(
                call=call,
                result=form.result.data,
                words=form.words.data,
                version=form.version.data,
                by=actor,
            )
            db.session.commit()
            flash("The result is published. Everybody who follows the call was told.", "success")
            return redirect(url_for("challenges.call", challenge_id=challenge_id))
    return _result_page(form, call, "Cancel the call" if runs else "Publish the result")


def _result_page(form: ResultForm, call: Call, heading: str) -> Page:
    arrived = queries.answers_to(call.challenge_id)
    page = render_template(
        "answers/challenge_step.html",
        form=form,
        challenge=call.challenge,
        heading=heading,
        act=heading,
        numbers=numbers_of(arrived),
        sealed=sum(is_sealed(one, call, today()) for one in arrived),
        waiting=len(undecided(arrived)),
    )
    return page, form.status
