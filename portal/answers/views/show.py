"""The page of one answer: what it says, how it stands, what can be done; its thread."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.answers import policy, queries, rules
from portal.answers.forms import SendBackForm, Step, TellClosedForm, WriteForm
from portal.answers.models import THREADS
from portal.answers.policy import Side
from portal.answers.queries import AnswerRow
from portal.answers.queries.matches import suggestions_of
from portal.answers.rules import assessing as scoring
from portal.answers.services import brokering, talking
from portal.answers.views import blueprint
from portal.answers.views.answering import PAGE, done, step, still
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.policy import can_see
from portal.matching.serialise import explained_suggestion
from portal.threads import queries as threads
from portal.threads import services as thread_services
from portal.threads.forms import newest_shown
from portal.web.downloads import file_response
from portal.web.limits import limiter
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page


@blueprint.get(PAGE)
def show(answer_id: int) -> str:
    """Show an answer with the actions that the person may do now."""
    actor = current_actor()
    seen = queries.answer_for(actor, answer_id)
    return _page(actor, seen, WriteForm())


@blueprint.route(f"{PAGE}/pass-on", methods=BOTH)
def pass_on(answer_id: int) -> Page:
    """Let those who state the challenge read it."""
    actor = current_actor()
    seen = _at_hin(actor, answer_id, is_open=True)
    form = Step(seen.answer)
    if form.is_submitted_and_valid():
        with form.refusals():
            brokering.pass_on(answer=seen.answer, version=form.version.data, by=actor)
            return done(answer_id, "You passed it on. The innovator was told.")
    before = f"{seen.answer.challenge.organisation.name} then reads it and answers the innovator."
    return step(form, seen.answer, "Pass the answer on", "Pass it on", before)


@blueprint.route(f"{PAGE}/send-back", methods=BOTH)
def send_back(answer_id: int) -> Page:
    """Send it back to the innovator with words."""
    actor = current_actor()
    seen = _at_hin(actor, answer_id, is_open=True)
    form = SendBackForm(seen.answer)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, words = form.version.data, form.words.data
            brokering.send_back(answer=seen.answer, version=version, words=words, by=actor)
            return done(answer_id, "You sent it back. The innovator was told.")
    return step(form, seen.answer, "Send the answer back", "Send it back")


@blueprint.route(f"{PAGE}/tell-closed", methods=BOTH)
def tell_closed(answer_id: int) -> Page:
    """Tell the innovator that the challenge closed first, in the network's words."""
    actor = current_actor()
    seen = _at_hin(actor, answer_id, is_open=False)
    form = TellClosedForm(seen.answer)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, words = form.version.data, form.words.data
            brokering.tell_closed(answer=seen.answer, version=version, words=words, by=actor)
            return done(answer_id, "The innovator was told, in your words.")
    return step(form, seen.answer, "Tell them that the challenge has closed", "Tell them")


def _at_hin(actor: Actor, answer_id: int, *, is_open: bool) -> AnswerRow:
    """Return an answer that waits at the actor's HIN while its challenge is open, or is not."""
    seen = queries.on_side(actor, answer_id, Side.HIN)
    can_arrive = rules.can_still_arrive(seen.answer.challenge, seen.call, today())
    still(allowed=policy.can_broker(seen.sides, seen.answer) and can_arrive is is_open)
    return seen


@blueprint.post(f"{PAGE}/messages")
@limiter.limit("20 per hour")
def write(answer_id: int) -> Page:
    """Write to the other side."""
    actor = current_actor()
    seen = _talking(actor, answer_id)
    form = WriteForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            words, sent = form.body.data, form.file.sent
            talking.write(answer=seen.answer, body=words, file=sent, by=actor)
            db.session.commit()
            flash("Your message is sent.", "success")
            return _back(answer_id)
    return _page(actor, seen, form), form.status


@blueprint.post(f"{PAGE}/read")
def mark_read(answer_id: int) -> Response:
    """Mark the thread as read up to the newest message that the page showed."""
    actor = current_actor()
    seen = _talking(actor, answer_id)
    newest = newest_shown(request.form)
    thread_services.mark_read(THREADS, thread_id=seen.answer.id, message_id=newest, by=actor)
    db.session.commit()
    return _back(answer_id)


@blueprint.get(f"{PAGE}/files/<int:file_id>")
def file(answer_id: int, file_id: int) -> Response:
    """Give a file of a message, always to be saved."""
    seen = _talking(current_actor(), answer_id)
    return file_response(threads.file_for(THREADS, seen.answer.id, file_id))


def _talking(actor: Actor, answer_id: int) -> AnswerRow:
    seen = queries.answer_for(actor, answer_id)
    if not policy.can_talk(seen.sides, seen.answer, is_sealed=seen.is_sealed):
        raise Forbidden("Both sides write to each other once the answer is read.")
    return seen


def _back(answer_id: int) -> Response:
    return redirect(url_for("answers.show", answer_id=answer_id, _anchor="messages"))


def _page(actor: Actor, seen: AnswerRow, form: WriteForm) -> str:
    answer, sides = seen.answer, seen.sides
    talks = policy.can_talk(sides, answer, is_sealed=seen.is_sealed)
    pair = suggestions_of(answer.challenge_id, [answer]).get(answer.innovation_id)
    return render_template(
        "answers/show.html",
        answer=answer,
        challenge=answer.challenge,
        innovation=answer.innovation,
        call=seen.call,
        may=_may(seen),
        is_sealed=seen.is_sealed,
        can_arrive=rules.can_still_arrive(answer.challenge, seen.call, today()),
        is_own=Side.INNOVATOR in sides,
        is_assessed=bool(sides & {Side.STATING, Side.ASSESSOR}),
        sees_cost=bool(sides - {Side.HIN}),
        sees_record=can_see(actor, answer.innovation),
        pair=explained_suggestion(pair) if pair else None,
        thread=threads.thread(THREADS, answer.id, actor) if talks else None,
        form=form if talks else None,
        step_form=Step(answer),
        actor=actor,
        rules=rules,
        today=today(),
    )


def is_ready(seen: AnswerRow) -> bool:
    """Whether all is in that a decision waits for: the call has closed, and scores are shown."""
    challenge_id = seen.answer.challenge_id
    every = scoring.to_score(queries.answers_to(challenge_id))
    is_decidable = scoring.is_decidable(queries.assessors_of(challenge_id), every)
    return is_decidable and rules.is_being_assessed(seen.call, today())


def _may(seen: AnswerRow) -> dict[str, bool]:
    """Return what the person may do, by name."""
    answer, sides = seen.answer, seen.sides
    takes = rules.takes_answers(answer.challenge, seen.call, today())
    can_arrive = rules.can_still_arrive(answer.challenge, seen.call, today())
    decides = policy.can_decide(sides, answer)
    return {
        "change": takes and policy.can_change(sides, answer),
        "withdraw": policy.can_withdraw(sides, answer),
        "broker": policy.can_broker(sides, answer) and can_arrive,
        "tell_closed": policy.can_broker(sides, answer) and not can_arrive,
        "shortlist": decides,
        "decide": decides and is_ready(seen),
    }
