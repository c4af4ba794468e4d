"""The pages of a call: its terms, questions and answers, amendments, and who was told what."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.challenges import policy, rules
from portal.challenges.forms import calls as forms
from portal.challenges.forms.pages import MoveForm
from portal.challenges.models import Call, Challenge
from portal.challenges.queries import calls as queries
from portal.challenges.queries import own_challenge_for
from portal.challenges.queries.following import is_following
from portal.challenges.rules import calls as call_rules
from portal.challenges.serialise import TOLD_HEADER, told_rows
from portal.challenges.services import calls as services
from portal.challenges.services.following import set_following
from portal.challenges.views import blueprint, place_of
from portal.clock import today
from portal.db import db
from portal.figures.views.strangers import for_strangers
from portal.web.access import public
from portal.web.downloads import list_file
from portal.web.forms import PortalForm
from portal.web.home import AskSource
from portal.web.limits import limiter

CALL = "/challenges/<int:challenge_id>/call"
BOTH = ("GET", "POST")
Answer = str | tuple[str, int] | Response


@blueprint.get(CALL)
@public
@for_strangers
def call(challenge_id: int) -> str:
    """Show a call: for everybody the same, and fit to be printed."""
    found = queries.call_for(current_actor(), challenge_id)
    return _page(found, MoveForm(data={"version": found.version}))


@blueprint.route(f"{CALL}/edit", methods=BOTH)
def edit_call(challenge_id: int) -> Answer:
    """Write the terms of a call, until it is published."""
    actor = current_actor()
    challenge = own_challenge_for(actor, challenge_id)
    found = queries.call_of(challenge_id)
    form = forms.CallForm(data=forms.filled_in(found)).offer(queries.networks())
    if form.is_submitted_and_valid():
        with form.refusals():
            version = form.version.data
            services.write(challenge=challenge, terms=form.terms(), version=version, by=actor)
            db.session.commit()
            flash("The call is saved. Nobody else sees it until you publish it.", "success")
            return redirect(url_for("challenges.call", challenge_id=challenge_id))
    return _form(form, challenge, found, "Write a call")


@blueprint.post(f"{CALL}/publish")
def publish_call(challenge_id: int) -> Answer:
    """Publish the call: its criteria are locked."""
    actor = current_actor()
    found = queries.own_call_for(actor, challenge_id)
    form = MoveForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.publish(call=found, version=form.version.data, by=actor)
            db.session.commit()
            flash("The call is published. Anyone reads it.", "success")
            return redirect(url_for("challenges.call", challenge_id=challenge_id))
    return _page(found, form), form.status


@blueprint.route(f"{CALL}/amend", methods=BOTH)
def amend_call(challenge_id: int) -> Answer:
    """Change a published call; all who follow or answered are told."""
    actor = current_actor()
    found = queries.own_call_for(actor, challenge_id)
    form = forms.AmendForm(data=forms.filled_in(found)).offer(queries.networks())
    if form.is_submitted_and_valid():
        with form.refusals():
            services.amend(
                call=found,
                terms=form.terms(),
                why=form["why"].data,
                version=form.version.data,
                by=actor,
            )
            db.session.commit()
            flash("The call is amended. Everybody who follows it was told.", "success")
            return redirect(url_for("challenges.call", challenge_id=challenge_id))
    return _form(form, found.challenge, found, "Amend the call")


@blueprint.post(f"{CALL}/follow")
def follow_call(challenge_id: int) -> Response:
    """Be told of every change of a call."""
    return _followed(challenge_id, is_following=True, words="You are told of every change.")


@blueprint.post(f"{CALL}/unfollow")
def unfollow_call(challenge_id: int) -> Response:
    """Be told no more."""
    return _followed(challenge_id, is_following=False, words="You are told of changes no more.")


def _followed(challenge_id: int, *, is_following: bool, words: str) -> Response:
    actor = current_actor()
    found = queries.call_for(actor, challenge_id)
    set_following(challenge=found.challenge, is_following=is_following, by=actor)
    db.session.commit()
    flash(words, "success")
    return redirect(url_for("challenges.call", challenge_id=challenge_id))


@blueprint.route(f"{CALL}/ask", methods=BOTH)
@limiter.limit("10 per hour", methods=["POST"])
def ask_about_call(challenge_id: int) -> Answer:
    """Ask a question about a call; who asked is published nowhere."""
    actor = current_actor()
    found = queries.call_for(actor, challenge_id)
    form = forms.QuestionForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.ask(call=found, question=form.question.data, by=actor)
            db.session.commit()
            flash("Your question is sent. You are told when its answer is published.", "success")
            return redirect(url_for("challenges.call", challenge_id=challenge_id))
    return _step(form, found, "Ask a question", "Send the question", days=True)


@blueprint.route(f"{CALL}/questions/<int:question_id>", methods=BOTH)
def answer_question(challenge_id: int, question_id: int) -> Answer:
    """Answer a question: both are published."""
    actor = current_actor()
    found = queries.own_call_for(actor, challenge_id)
    question = queries.question_for(found, question_id)
    form = forms.ReplyForm(data={"answer": question.answer})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.answer(question=question, words=form.answer.data, by=actor)
            db.session.commit()
            flash("Question and answer are published.", "success")
            return redirect(url_for("challenges.call", challenge_id=challenge_id))
    return _step(form, found, "Answer a question", "Publish both", question=question)


@blueprint.route(f"{CALL}/came-of-it", methods=BOTH)
def say_what_came(challenge_id: int) -> Answer:
    """Say later what came of a call."""
    actor = current_actor()
    found = queries.own_call_for(actor, challenge_id)
    form = forms.CameOfItForm(data={"words": found.came_of_it, "version": found.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.say_what_came(
                call=found, words=form.words.data, version=form.version.data, by=actor
            )
            db.session.commit()
            flash("What came of it is published.", "success")
            return redirect(url_for("challenges.call", challenge_id=challenge_id))
    return _step(form, found, "Say what came of it", "Publish it")


@blueprint.get(f"{CALL}/told.<any(csv, xlsx):kind>")
def told_about_call(challenge_id: int, kind: str) -> Response:
    """Give the record of who was told what, and when."""
    found = queries.own_call_for(current_actor(), challenge_id)
    rows = told_rows(found, queries.told(found))
    about = {"List": "Who was told what", "Call": found.challenge.title}
    return list_file("who-was-told-what", kind, TOLD_HEADER, rows, about)


def _form(form: Any, challenge: Challenge, found: Call | None, heading: str) -> Answer:
    page = render_template(
        "challenges/call_form.html",
        form=form,
        challenge=challenge,
        heading=heading,
        is_amendment=found is not None and found.published_at is not None,
        numbers=range(1, call_rules.MAX_CRITERIA + 1),
        alike=queries.similar_calls(current_actor(), challenge),
    )
    return page, form.status


def _step(form: PortalForm, found: Call, heading: str, act: str, **names: Any) -> Answer:
    page = render_template(
        "challenges/call_step.html",
        form=form,
        call=found,
        challenge=found.challenge,
        heading=heading,
        act=act,
        **names,
    )
    return page, form.status


def _page(found: Call, form: MoveForm) -> str:
    actor, challenge = current_actor(), found.challenge
    if form.is_outdated:
        form.version.data = found.version
    own = policy.can_edit(actor, challenge)
    may_ask = policy.can_ask_about(actor, challenge)
    return render_template(
        "challenges/call.html",
        call=found,
        challenge=challenge,
        form=form,
        phase=call_rules.phase(found, today()),
        rules=call_rules,
        labels=rules.LABELS,
        place=place_of(challenge),
        is_own=own,
        sees_matches=policy.can_post(actor),
        may_ask=may_ask,
        takes_questions=call_rules.takes_questions(found, today()),
        is_following=may_ask and is_following(challenge, actor),
        answered=[one for one in found.questions if one.answered_at is not None],
        waiting=[one for one in found.questions if one.answered_at is None],
        today=today(),
    )


ASKS = (
    AskSource(
        may=policy.can_post,
        rows=queries.questions_waiting,
        title=lambda ask: f"Answer the questions about the call “{ask.name}”",
        href=lambda ask: url_for("challenges.call", challenge_id=ask.id, _anchor="questions"),
    ),
)
