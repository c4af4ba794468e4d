"""An innovator answers a challenge: choose the record, write, send, take back."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.answers import policy, queries
from portal.answers.forms import AnswerForm, Step, answer_form, content_of, filled_in
from portal.answers.models import Answer
from portal.answers.policy import Side
from portal.answers.rules import must_haves_of, takes_answers
from portal.answers.services import answering as services
from portal.answers.views import blueprint
from portal.challenges.models import Call, Challenge
from portal.clock import today
from portal.db import id_from
from portal.errors import Conflict, NotFound
from portal.innovations.models import Innovation
from portal.web import steps
from portal.web.limits import limiter
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page

PAGE = "/answers/<int:answer_id>"
OFTEN = "30 per hour"


@blueprint.route("/challenges/<int:challenge_id>/answer", methods=BOTH)
@limiter.limit(OFTEN, methods=["POST"])
def new(challenge_id: int) -> Page:
    """Answer a challenge with `?innovation=`, or choose the record first."""
    actor = current_actor()
    challenge, call = queries.challenge_to_answer_for(actor, challenge_id)
    records = queries.records_to_offer(actor)
    innovation = _chosen(records)
    if innovation is None:
        return _choose(challenge, call, records, actor)
    there = queries.answer_of(challenge_id, innovation.id)
    if there is not None:
        return redirect(url_for("answers.edit", answer_id=there.id))
    first = services.first_content(challenge, innovation)
    form = answer_form(must_haves_of(challenge))(data=filled_in(first, 0))
    if form.is_submitted_and_valid() and _is_ready(form):
        with form.refusals():
            answer = services.begin(challenge=challenge, innovation=innovation, by=actor)
            return _keep(answer, form, actor, answer.version)
    return _form(form, challenge, call, innovation, None)


@blueprint.route(f"{PAGE}/edit", methods=BOTH)
@limiter.limit(OFTEN, methods=["POST"])
def edit(answer_id: int) -> Page:
    """Change an answer, until the challenge closes; send it, if it was not."""
    actor = current_actor()
    seen = queries.on_side(actor, answer_id, Side.INNOVATOR)
    answer = seen.answer
    takes = takes_answers(answer.challenge, seen.call, today())
    still(allowed=takes and policy.can_change(seen.sides, answer))
    first = filled_in(content_of(answer), answer.version)
    form = answer_form([one.asked for one in answer.points])(data=first)
    if form.is_submitted_and_valid() and _is_ready(form):
        with form.refusals():
            return _keep(answer, form, actor, form.version.data)
    return _form(form, answer.challenge, seen.call, answer.innovation, answer)


@blueprint.route(f"{PAGE}/withdraw", methods=BOTH)
def withdraw(answer_id: int) -> Page:
    """Take an answer back."""
    actor = current_actor()
    seen = queries.on_side(actor, answer_id, Side.INNOVATOR)
    still(allowed=policy.can_withdraw(seen.sides, seen.answer))
    form = Step(seen.answer)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.withdraw(answer=seen.answer, version=form.version.data, by=actor)
            return done(answer_id, "You took your answer back. Nobody else reads it any more.")
    return step(form, seen.answer, "Take the answer back", "Take it back")


def _chosen(offered: Sequence[Innovation]) -> Innovation | None:
    """Return the record that the address names, or the only one there is."""
    asked = request.args.get("innovation", "")
    if not asked:
        return offered[0] if len(offered) == 1 else None
    found = next((one for one in offered if one.id == id_from(asked)), None)
    if found is None:
        raise NotFound("There is no submitted record of yours here to answer with.")
    return found


def _is_ready(form: AnswerForm) -> bool:
    return not _sends() or form.is_ready()


def _sends() -> bool:
    return request.form.get("then") == "send"


def _keep(answer: Answer, form: AnswerForm, actor: Actor, version: int) -> Response:
    """Write what was typed and send it if that was asked for."""
    services.write(answer=answer, content=form.content(), version=version, by=actor)
    words = "Your answer is saved."
    if _sends():
        services.send(answer=answer, version=answer.version, by=actor)
        words = "Your answer is sent."
    return done(answer.id, words)


def still(*, allowed: bool) -> None:
    """Raise Conflict when a link is opened to a step that cannot follow any more."""
    if request.method == "GET" and not allowed:
        raise Conflict("This answer has moved on, or the challenge has closed since.")


def done(answer_id: int, words: str) -> Response:
    """Commit, say what was done, and go to the page of the answer."""
    return steps.done(words, url_for("answers.show", answer_id=answer_id))


def step(
    form: Step, answer: Answer, heading: str, act: str, before: str = "", *, decides: bool = False
) -> Page:
    """Return the page of one step with an answer; who decides on it may read it again there."""
    return steps.show(
        form,
        heading,
        act,
        back=(url_for("answers.show", answer_id=answer.id), "Back to the answer"),
        section=answer.challenge.title,
        template="answers/step.html",
        answer=answer,
        before=before,
        decides=decides,
    )


def _choose(
    challenge: Challenge, call: Call | None, records: Sequence[Innovation], actor: Actor
) -> str:
    answered = {one.innovation_id: one for one in queries.own_answers(actor, challenge.id)}
    return render_template(
        "answers/choose.html", challenge=challenge, call=call, records=records, answered=answered
    )


def _form(
    form: AnswerForm,
    challenge: Challenge,
    call: Call | None,
    innovation: Innovation,
    answer: Answer | None,
) -> Page:
    page = render_template(
        "answers/form.html",
        form=form,
        challenge=challenge,
        call=call,
        innovation=innovation,
        answer=answer,
        broker=None if call else queries.broker_of(challenge),
        must_haves=must_haves_of(challenge) if challenge.must_haves else [],
    )
    return page, form.status
