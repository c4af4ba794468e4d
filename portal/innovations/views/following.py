"""Following a record, and the days of it that a person keeps for themselves."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.errors import NotFound
from portal.innovations.forms.following import FollowForm, ReminderForm
from portal.innovations.models import Innovation
from portal.innovations.queries import following as queries
from portal.innovations.queries import innovation_for
from portal.innovations.services import following as services
from portal.innovations.views import blueprint
from portal.web.access import removes
from portal.web.steps import BOTH, Answer, done, show

PAGE = "/innovations/<int:innovation_id>/follow"


@blueprint.route(PAGE, methods=BOTH)
def follow(innovation_id: int) -> Answer:
    """Choose what of a record one is told of."""
    actor, innovation = current_actor(), _followable(innovation_id)
    row = queries.following_of(actor, innovation)
    form = FollowForm(data={"wanted": [one.value for one in row.wanted] if row else []})
    if form.validate_on_submit():
        wanted = form.wanted.data or []
        services.follow(innovation=innovation, wanted=wanted, by=actor)
        words = "You are told of what is new." if wanted else "You are told of nothing of it."
        return done(words, _page(innovation))
    page = render_template(
        "innovations/follow.html",
        innovation=innovation,
        form=form,
        is_following=row is not None,
        reminders=queries.reminders_of(actor, innovation),
    )
    return page, form.status


@blueprint.route(f"{PAGE}/remind", methods=BOTH)
def remind(innovation_id: int) -> Answer:
    """Keep a day with words of one's own."""
    innovation = _followable(innovation_id)
    form = ReminderForm()
    if form.validate_on_submit():
        with form.refusals():
            said = {"on": form.on.data, "words": form.words.data or ""}
            services.remind(innovation=innovation, by=current_actor(), **said)
            return done("We remind you on that day.", _page(innovation))
    back = (_page(innovation), "Follow this record")
    return show(form, "Remind me on a day", "Remind me", back=back, section=innovation.name)


@blueprint.post(f"{PAGE}/<int:reminder_id>/remove")
@removes("innovations.follow")
def remove_reminder(innovation_id: int, reminder_id: int) -> Response:
    """Take a day out."""
    actor, innovation = current_actor(), _followable(innovation_id)
    services.forget(reminder=queries.reminder_for(actor, innovation, reminder_id))
    return done("You are not reminded of it.", _page(innovation))


def _followable(innovation_id: int) -> Innovation:
    innovation = innovation_for(current_actor(), innovation_id)
    if not queries.may_follow(current_actor(), innovation):
        raise NotFound("There is nothing to follow here yet.")
    return innovation


def _page(innovation: Innovation) -> str:
    return url_for("innovations.follow", innovation_id=innovation.id)
