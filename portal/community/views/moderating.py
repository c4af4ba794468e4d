"""Look over what waits, decide what was reported, remove, hear appeals."""

from werkzeug.wrappers import Response

from portal.community import policy
from portal.community.forms import AppealForm, DecideAppealForm, ReasonForm, StepForm
from portal.community.queries import appeal_of, message_for, report_for
from portal.community.services import moderating as services
from portal.community.views import blueprint
from portal.community.views.steps import ONE, done, seen, step, still
from portal.errors import NotFound
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page
from portal.wording import day_words as nhs_date


@blueprint.post(f"{ONE}/release")
def release(idea_id: int) -> Page:
    """Post an idea that waited."""
    found, form = seen(idea_id), StepForm()
    still(found.idea, allowed=policy.can_release(found.actor, found.standing, found.idea))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.release(idea=found.idea, version=form.version.data, by=found.actor)
            return done(idea_id, "It is posted. Its authors were told.")
    return step(form, found.idea, "Post it", "Post it")


@blueprint.route(f"{ONE}/remove", methods=BOTH)
def remove(idea_id: int) -> Page:
    """Remove an idea with a reason."""
    found = seen(idea_id)
    moderates = policy.can_moderate(found.actor, found.standing, found.idea)
    still(
        found.idea, allowed=moderates or policy.can_release(found.actor, found.standing, found.idea)
    )
    form = ReasonForm(data={"version": found.idea.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.remove(
                idea=found.idea,
                version=form.version.data,
                words=form.words.data,
                by=found.actor,
            )
            return done(idea_id, "It is removed. Its authors were told why, and may appeal.")
    return step(form, found.idea, "Remove the idea", "Remove it", REMOVING)


REMOVING = (
    "Remove what is against the code of conduct. An idea that you cannot use is answered “not now”"
    " instead."
)


@blueprint.post(f"{ONE}/comments/<int:message_id>/hide")
def hide(idea_id: int, message_id: int) -> Response:
    """Hide a comment."""
    found = seen(idea_id)
    message = message_for(idea_id, message_id)
    services.hide(idea=found.idea, message=message, by=found.actor)
    return done(idea_id, "The comment is hidden.", "comments")


@blueprint.post(f"{ONE}/reports/<int:report_id>/keep")
def keep(idea_id: int, report_id: int) -> Response:
    """Let what was reported stay."""
    found = seen(idea_id)
    services.keep(report=report_for(idea_id, report_id), by=found.actor)
    return done(idea_id, "It stays.")


@blueprint.route(f"{ONE}/appeal", methods=BOTH)
def appeal(idea_id: int) -> Page:
    """Ask that somebody else looks at the removal."""
    found = seen(idea_id)
    still(
        found.idea,
        allowed=policy.can_appeal(found.actor, found.idea) and appeal_of(idea_id) is None,
    )
    form = AppealForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            row = services.appeal(idea=found.idea, words=form.words.data, by=found.actor)
            by = f" by {nhs_date(row.due_on)}" if row.due_on else ""
            return done(idea_id, f"Somebody else than who removed it answers you{by}.")
    return step(form, found.idea, "Appeal", "Send the appeal", found.idea.answer)


@blueprint.route(f"{ONE}/appeal/decide", methods=BOTH)
def decide_appeal(idea_id: int) -> Page:
    """Post the idea again, or say why it stays removed."""
    found = seen(idea_id)
    row = appeal_of(idea_id)
    if row is None:
        raise NotFound("There is no appeal.")
    may = policy.can_decide_appeal(found.actor, found.standing, found.idea)
    still(found.idea, allowed=may and row.decided_at is None)
    form = DecideAppealForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.decide_appeal(
                appeal=row,
                is_upheld=bool(form.is_upheld.data),
                words=form.words.data,
                by=found.actor,
            )
            return done(idea_id, "The author was told.")
    before = f"Removed because: {found.idea.answer} The author says: {row.words}"
    return step(form, found.idea, "Decide the appeal", "Decide and tell the author", before)
