"""The steps of an introduction: one form, one page each."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Organisation
from portal.accounts.session import current_actor
from portal.errors import Conflict
from portal.innovations.queries.coding import organisations_in_use
from portal.introductions import forms, queries
from portal.introductions.models import Introduction
from portal.introductions.policy import (
    Side,
    can_answer,
    can_broker,
    can_record_meeting,
    can_record_outcome,
    can_withdraw,
)
from portal.introductions.services import asking, brokering, outcomes
from portal.introductions.services.moves import what_happened
from portal.introductions.views import blueprint
from portal.introductions.views.show import PAGE
from portal.web import steps
from portal.web.forms import VersionedForm
from portal.web.steps import BOTH, Answer


@blueprint.post(f"{PAGE}/take")
def take(introduction_id: int) -> Answer:
    """Take it for the actor's HIN."""
    actor = current_actor()
    seen = queries.on_side(actor, introduction_id, Side.HIN)
    form = forms.TakeForm()
    brokering.take(introduction=seen.introduction, version=form.version.data or 0, by=actor)
    return _done(introduction_id, "You took it. Accept or decline it by the due date.")


@blueprint.route(f"{PAGE}/accept", methods=BOTH)
def accept(introduction_id: int) -> Answer:
    """Accept it with context: the innovator is asked."""
    actor = current_actor()
    introduction = queries.brokered_for(actor, introduction_id).introduction
    _still(introduction, allowed=can_broker(actor, introduction))
    form = forms.AcceptForm(introduction)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, context = form.version.data, form.context.data
            brokering.accept(introduction=introduction, version=version, context=context, by=actor)
            return _done(introduction_id, "You accepted it. The innovator has been asked.")
    return _page(form, introduction, "Accept the introduction", "Accept and ask the innovator")


@blueprint.route(f"{PAGE}/decline", methods=BOTH)
def decline(introduction_id: int) -> Answer:
    """Decline it, with alternatives."""
    actor = current_actor()
    introduction = queries.brokered_for(actor, introduction_id).introduction
    _still(introduction, allowed=can_broker(actor, introduction))
    form = forms.DeclineForm(introduction)
    if form.is_submitted_and_valid():
        with form.refusals():
            brokering.decline(
                introduction=introduction,
                version=form.version.data,
                why=form.why.data,
                alternatives=form.alternatives.data,
                by=actor,
            )
            return _done(introduction_id, "You declined it. The ICS has been told.")
    return _page(form, introduction, "Decline the introduction", "Decline")


@blueprint.route(f"{PAGE}/agree", methods=BOTH)
def agree(introduction_id: int) -> Answer:
    """Agree for the innovator: contacts are shared."""
    actor = current_actor()
    seen = queries.on_side(actor, introduction_id, Side.INNOVATOR)
    introduction = seen.introduction
    _still(introduction, allowed=can_answer(seen.sides, introduction))
    form = forms.AgreeForm(introduction)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, message = form.version.data, form.message.data or ""
            asking.agree(introduction=introduction, version=version, message=message, by=actor)
            return _done(introduction_id, "You agreed. You now see each other’s contact.")
    return _page(form, introduction, "Agree to meet", "Agree and share contacts")


@blueprint.route(f"{PAGE}/refuse", methods=BOTH)
def refuse(introduction_id: int) -> Answer:
    """Decline for the innovator."""
    actor = current_actor()
    seen = queries.on_side(actor, introduction_id, Side.INNOVATOR)
    introduction = seen.introduction
    _still(introduction, allowed=can_answer(seen.sides, introduction))
    form = forms.RefuseForm(introduction)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, why = form.version.data, form.why.data
            asking.refuse(introduction=introduction, version=version, why=why, by=actor)
            return _done(introduction_id, "You declined. No contacts were shared.")
    return _page(form, introduction, "Decline to meet", "Decline")


@blueprint.route(f"{PAGE}/withdraw", methods=BOTH)
def withdraw(introduction_id: int) -> Answer:
    """Take the request back."""
    actor = current_actor()
    seen = queries.on_side(actor, introduction_id, Side.ICS)
    introduction = seen.introduction
    _still(introduction, allowed=can_withdraw(seen.sides, introduction))
    form = forms.WithdrawForm(introduction)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, why = form.version.data, form.why.data
            asking.withdraw(introduction=introduction, version=version, why=why, by=actor)
            return _done(introduction_id, "You withdrew the introduction.")
    return _page(form, introduction, "Withdraw the introduction", "Withdraw")


@blueprint.route(f"{PAGE}/met", methods=BOTH)
def meet(introduction_id: int) -> Answer:
    """Say when they met."""
    actor = current_actor()
    seen = queries.on_side(actor, introduction_id, Side.ICS, Side.HIN, Side.INNOVATOR)
    introduction = seen.introduction
    _still(introduction, allowed=can_record_meeting(actor, seen.sides, introduction))
    form = forms.MetForm(introduction)
    if form.is_submitted_and_valid():
        with form.refusals():
            version, on = form.version.data, form.on.data
            outcomes.meet(introduction=introduction, version=version, on=on, by=actor)
            return _done(introduction_id, "The meeting is recorded.")
    return _page(form, introduction, "Record the meeting", "Record the meeting")


@blueprint.route(f"{PAGE}/outcome", methods=BOTH)
def outcome(introduction_id: int) -> Answer:
    """Say what came of it."""
    actor = current_actor()
    seen = queries.outcome_for(actor, introduction_id)
    introduction = seen.introduction
    _still(introduction, allowed=can_record_outcome(actor, seen.sides, introduction))
    organisations = organisations_in_use()
    form = forms.OutcomeForm(introduction, organisations)
    if form.is_submitted_and_valid():
        with form.refusals():
            chosen: Organisation | None = next(
                (one for one in organisations if one.id == form.organisation.data), None
            )
            outcomes.record_outcome(
                introduction=introduction,
                version=form.version.data,
                outcome=form.outcome.data,
                why=form.why.data or "",
                organisation=chosen,
                site=form.site.data or "",
                from_on=form.from_on.data,
                by=actor,
            )
            return _done(introduction_id, "The outcome is recorded. Everybody has been told.")
    return _page(form, introduction, "Record what came of it", "Record the outcome")


def _still(introduction: Introduction, *, allowed: bool) -> None:
    """Raise Conflict, saying what happened, when a link is opened to a step that cannot follow."""
    if request.method == "GET" and not allowed:
        raise Conflict(what_happened(introduction, current_actor()))


def _address(introduction_id: int) -> str:
    return url_for("introductions.show", introduction_id=introduction_id)


def _done(introduction_id: int, words: str) -> Response:
    return steps.done(words, _address(introduction_id))


def _page(form: VersionedForm, introduction: Introduction, heading: str, act: str) -> Answer:
    return steps.show(
        form,
        heading,
        act,
        back=(_address(introduction.id), "Back to the introduction"),
        section=introduction.innovation.name,
        template="introductions/step.html",
        introduction=introduction,
    )
