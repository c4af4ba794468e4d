"""The page of one idea."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.challenges.policy import can_see as can_see_challenge
from portal.clock import today
from portal.community import policy, rules
from portal.community.forms import CommentForm, StepForm
from portal.community.models import THREADS, IdeaState
from portal.community.queries import READABLE, appeal_of, open_reports, support_of
from portal.community.services import together as services
from portal.community.views import blueprint
from portal.community.views.steps import ONE, IdeaForReader, done, seen
from portal.db import db
from portal.innovations.policy import can_see as can_see_record
from portal.programmes.policy import can_read_choosing
from portal.threads import queries as threads
from portal.threads.forms import newest_shown
from portal.web.downloads import file_response
from portal.web.limits import limiter
from portal.web.steps import Answer as Page


@blueprint.get(ONE)
def show(idea_id: int) -> str:
    """Show an idea, what became of it, and its comments."""
    return _page(seen(idea_id), CommentForm())


@blueprint.post(f"{ONE}/comments")
@limiter.limit("30 per hour")
def comment(idea_id: int) -> Page:
    """Comment on an idea."""
    found, form = seen(idea_id), CommentForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            words, sent = form.body.data, form.file.sent
            services.comment(idea=found.idea, body=words, file=sent, by=found.actor)
            return done(idea_id, "Your comment is there.", "comments")
    return _page(found, form), form.status


@blueprint.post(f"{ONE}/comments/read")
def mark_read(idea_id: int) -> Response:
    """Mark comments as read, up to the newest that the page showed."""
    found = seen(idea_id)
    newest = newest_shown(request.form)
    services.mark_read(idea=found.idea, message_id=newest, by=found.actor)
    db.session.commit()
    return redirect(url_for("community.show", idea_id=idea_id, _anchor="comments"))


@blueprint.get(f"{ONE}/files/<int:file_id>")
def file(idea_id: int, file_id: int) -> Response:
    """Give a file of a comment, always to be saved."""
    return file_response(threads.file_for(THREADS, seen(idea_id).idea.id, file_id, READABLE))


def _page(found: IdeaForReader, form: CommentForm) -> str:
    idea, actor = found.idea, found.actor
    moderates = policy.can_moderate(actor, found.standing, idea)
    supporting, supports = support_of(idea.id, actor.user_id)
    takes_part = policy.can_take_part(actor, idea)
    return render_template(
        "community/show.html",
        idea=idea,
        may=_may(found),
        supporting=supporting,
        supports=supports,
        thread=threads.thread(THREADS, idea.id, actor, READABLE),
        form=form if takes_part else None,
        step_form=StepForm(data={"version": idea.version}),
        reports=open_reports(idea.id) if moderates else (),
        appeal=appeal_of(idea.id) if idea.state is IdeaState.REMOVED else None,
        is_author=policy.is_author(actor, idea),
        has_joined=actor.user_id in {one.user_id for one in idea.coauthors},
        **_sees(found),
        rules=rules,
        today=today(),
    )


def _sees(found: IdeaForReader) -> dict[str, bool]:
    """Return which of what the page names its reader may open."""
    idea, actor = found.idea, found.actor
    exists, made, challenge = idea.exists_innovation, idea.innovation, idea.challenge
    return {
        "sees_record": exists is not None and can_see_record(actor, exists),
        "sees_made": made is not None and can_see_record(actor, made),
        "sees_challenge": challenge is not None and can_see_challenge(actor, challenge),
        "sees_proposal": can_read_choosing(actor),
    }


def _may(found: IdeaForReader) -> dict[str, bool]:
    """Return what the person may do, by name."""
    idea, actor, standing = found.idea, found.actor, found.standing
    is_free = not rules.has_become(idea)
    return {
        "change": policy.can_change(actor, idea),
        "withdraw": policy.can_withdraw(actor, idea),
        "support": policy.can_support(actor, idea),
        "join": policy.can_join(actor, idea),
        "take_part": policy.can_take_part(actor, idea),
        "look": policy.can_look(actor, standing, idea),
        "answer": policy.can_answer(actor, standing, idea),
        "release": policy.can_release(actor, standing, idea),
        "moderate": policy.can_moderate(actor, standing, idea),
        "appeal": policy.can_appeal(actor, idea),
        "decide_appeal": policy.can_decide_appeal(actor, standing, idea),
        "challenge": is_free and policy.can_become_challenge(actor, standing, idea),
        "record": is_free and policy.can_become_record(actor, idea),
        "proposal": is_free and policy.can_become_proposal(actor, idea),
    }
