"""Readers: support, follow, report."""

from flask import request
from werkzeug.wrappers import Response

from portal.community import policy
from portal.community.forms import ReportForm
from portal.community.queries import message_for
from portal.community.services import together as services
from portal.community.views import blueprint
from portal.community.views.steps import ONE, done, seen, step, still
from portal.web.addresses import as_id
from portal.web.limits import limiter
from portal.web.steps import BOTH
from portal.web.steps import Answer as Page


@blueprint.post(f"{ONE}/support")
def support(idea_id: int) -> Response:
    """Support an idea."""
    found = seen(idea_id)
    services.support(idea=found.idea, by=found.actor)
    return done(idea_id, "You support this idea.")


@blueprint.post(f"{ONE}/unsupport")
def unsupport(idea_id: int) -> Response:
    """Take one's support back."""
    found = seen(idea_id)
    services.unsupport(idea=found.idea, by=found.actor)
    return done(idea_id, "You took your support back.")


@blueprint.post(f"{ONE}/follow")
def follow(idea_id: int) -> Response:
    """Be told of comments and of the answer."""
    found = seen(idea_id)
    services.follow(idea=found.idea, is_following=True, by=found.actor)
    return done(idea_id, "You are told of comments and of the answer.")


@blueprint.post(f"{ONE}/unfollow")
def unfollow(idea_id: int) -> Response:
    """Be told no more."""
    found = seen(idea_id)
    services.follow(idea=found.idea, is_following=False, by=found.actor)
    return done(idea_id, "You are not told of this idea any more.")


@blueprint.route(f"{ONE}/report", methods=BOTH)
@limiter.limit("20 per hour", methods=["POST"])
def report(idea_id: int) -> Page:
    """Report an idea or, with `?message=`, one of its comments."""
    found = seen(idea_id)
    still(found.idea, allowed=policy.can_take_part(found.actor, found.idea))
    number = request.args.get("message", type=as_id)
    message = message_for(idea_id, number) if number else None
    form = ReportForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.report(
                idea=found.idea,
                message=message,
                reason=form.reason.data,
                words=form.words.data or "",
                by=found.actor,
            )
            return done(idea_id, "Reported. Those who run the campaign decide whether it stays.")
    heading = "Report a comment" if message else "Report this idea"
    said = f"The comment: “{message.body[:200]}” " if message else ""
    return step(form, found.idea, heading, "Report it", f"{said}Nobody is told who reported it.")
