"""The first registration: short pages, each kept as a draft as soon as it is sent."""

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.forms.answers import AnswersForm, form_for
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.policy import can_manage, can_register
from portal.innovations.queries import draft_of, editable_for
from portal.innovations.queries.places import suggested_hin
from portal.innovations.sections import steps
from portal.innovations.sections.answers import current_answers, version_of
from portal.innovations.sections.questions import ABOUT
from portal.innovations.sections.steps import STEPS, Step
from portal.innovations.services.drafts import register, save_draft
from portal.innovations.views import blueprint
from portal.innovations.views.duplicates import page_of_duplicates
from portal.innovations.views.saving import Page, conflict_page, is_leaving, is_own, is_stale
from portal.web.sending import changes_first, made_before

BEGUN = "registering"
"""In the cookie: the draft that this browser is on the way of registering."""


@blueprint.route("/innovations/register", methods=["GET", "POST"])
@changes_first
def start() -> str | Response:
    """Ask for the name and a sentence; the draft exists from here on, and going back changes it."""
    actor = current_actor()
    if not can_register(actor):
        raise Forbidden(
            "Innovations are registered by the people who make them. Staff register one for its"
            " company under Support, “Register for a company”."
        )
    begun = _begun(actor)
    if begun is not None and request.method == "GET":
        return redirect(step_page(begun, STEPS[0]))
    step = STEPS[0]
    form = form_for(step.questions, {}, version=0, is_final=True)
    if not form.is_submitted_and_valid():
        return _page(form, step, None)
    innovation = _made(form, by=actor)
    db.session.commit()
    if is_leaving():
        return _left(innovation)
    session[BEGUN] = innovation.id
    return redirect(page_of_duplicates(innovation, then=next_page(innovation, step)))


def _begun(actor: Actor) -> Innovation | None:
    """Return the draft that this browser is registering, unless the person wants another one."""
    if "another" in request.args:
        session.pop(BEGUN, None)
    return draft_of(actor, session.get(BEGUN))


def _made(form: AnswersForm, *, by: Actor) -> Innovation:
    """Make the draft; sent once more with other words, change the one that was made."""
    draft = draft_of(by, made_before().get("innovation_id"))
    if draft is None:
        return register(by=by, **form.answers)
    section = STEPS[0].part.section
    version = version_of(draft, section)
    save_draft(innovation=draft, section=section, answers=form.answers, version=version, by=by)
    return draft


def _left(innovation: Innovation) -> Response:
    """Leave the registration for another time."""
    session.pop(BEGUN, None)
    flash(f"“{innovation.name}” is saved as a draft. Come back to it here whenever you like.")
    return redirect(url_for("innovations.tasks", innovation_id=innovation.id))


@blueprint.route("/innovations/<int:innovation_id>/register/<slug>", methods=["GET", "POST"])
def register_step(innovation_id: int, slug: str) -> str | Response | Page:
    """Ask one thing more; what was sent before is there when the person comes back."""
    actor = current_actor()
    innovation, step = editable_for(actor, innovation_id), _step(slug)
    if innovation.status is not RecordStatus.DRAFT:
        return redirect(url_for("innovations.tasks", innovation_id=innovation.id))
    section = step.part.section
    answers, version = current_answers(innovation, step.part), version_of(innovation, section)
    is_final = not is_leaving()
    form = form_for(step.questions, answers, version=version, is_final=is_final, is_alone=True)
    if not form.is_submitted_and_valid():
        return _page(form, step, innovation)
    if is_stale(form, innovation, step.part) and not is_own(innovation, step.part, actor):
        return conflict_page(form, innovation, step.part)
    save_draft(
        innovation=innovation, section=section, answers=form.answers, version=version, by=actor
    )
    db.session.commit()
    return _go_on(innovation, step)


def _go_on(innovation: Innovation, step: Step) -> Response:
    if is_leaving():
        return _left(innovation)
    if steps.after(step) is None:
        session.pop(BEGUN, None)
    return redirect(next_page(innovation, step))


def _step(slug: str) -> Step:
    if slug not in steps.BY_SLUG:
        raise NotFound("There is no such page of the registration.")
    return steps.BY_SLUG[slug]


def next_page(innovation: Innovation, step: Step) -> str:
    """Return the address of the page that follows a step: after the last, who may see the record,
    for those who decide it, and for others the task list."""
    following = steps.after(step)
    if following is None:
        decides = can_manage(current_actor(), innovation)
        last = "innovations.register_sharing" if decides else "innovations.tasks"
        return url_for(last, innovation_id=innovation.id)
    return step_page(innovation, following)


def step_page(innovation: Innovation, step: Step) -> str:
    """Return the address of a step of a record's registration."""
    return url_for("innovations.register_step", innovation_id=innovation.id, slug=step.slug)


def _page(form: object, step: Step, innovation: Innovation | None) -> str:
    previous = steps.before(step)
    back = url_for("innovations.catalogue")
    if innovation is not None and previous is not None:
        back = step_page(innovation, previous)
    return render_template(
        "innovations/register.html",
        form=form,
        step=step,
        number=STEPS.index(step) + 1,
        count=len(STEPS) + 1,
        innovation=innovation,
        back=back,
        hin=_suggestion(innovation, step),
        actor=current_actor(),
        is_begun=innovation is not None and session.get(BEGUN) == innovation.id,
    )


def _suggestion(innovation: Innovation | None, step: Step) -> object:
    """Return the HIN that today leads where the people are based, for the page that asks."""
    if innovation is None or step.slug != "hin":
        return None
    about = current_answers(innovation, ABOUT)
    return suggested_hin(about["ics"], about["nation"])
